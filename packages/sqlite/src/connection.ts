import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { busyTimeoutMs, checkpointPages } from './limits.ts'
import type { Change, Query, SqlValue } from './statement.ts'

const begin: Change<[]> = { sql: 'begin' }
const beginImmediate: Change<[]> = { sql: 'begin immediate' }
const commit: Change<[]> = { sql: 'commit' }
const rollback: Change<[]> = { sql: 'rollback' }

/** One connection and its prepared statements. Everything here is synchronous; throws what SQLite throws. */
export class Connection {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<object, StatementSync>()
  #dataVersion: StatementSync | undefined

  constructor(file: string, timeoutMs = busyTimeoutMs) {
    this.#database = new DatabaseSync(file, { timeout: timeoutMs })
  }

  exec(sql: string): void {
    this.#database.exec(sql)
  }

  /** The first column of the first row of a pragma. */
  pragma(text: string): unknown {
    const row = this.#database.prepare(`pragma ${text}`).get()
    return row === undefined ? undefined : Object.values(row)[0]
  }

  /** Durable at every commit (WAL, synchronous full). Answers the journal mode, which some file systems refuse to change. */
  configure(): unknown {
    const mode = this.pragma('journal_mode = wal')
    this.exec('pragma synchronous = full')
    this.exec(`pragma wal_autocheckpoint = ${checkpointPages}`)
    return mode
  }

  /** A snapshot for reading. */
  beginRead(): void {
    this.run(begin)
  }

  /** Takes the write lock. */
  beginWrite(): void {
    this.run(beginImmediate)
  }

  commit(): void {
    this.run(commit)
  }

  /** Also fine when SQLite has rolled back by itself. */
  rollback(): void {
    if (this.inTransaction) this.run(rollback)
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  /** Changes whenever another connection, of whatever process, has committed. */
  dataVersion(): number {
    this.#dataVersion ??= this.#database.prepare('pragma data_version')
    return Number(this.#dataVersion.get()?.['data_version'])
  }

  /** How many rows it changed. */
  run<P extends readonly SqlValue[]>(change: Change<P>, ...parameters: P): number {
    return Number(this.#prepare(change).run(...parameters).changes)
  }

  /** The same, with the number of the row it inserted. */
  change<P extends readonly SqlValue[]>(change: Change<P>, ...parameters: P): { readonly changes: number; readonly row: number } {
    const { changes, lastInsertRowid } = this.#prepare(change).run(...parameters)
    return { changes: Number(changes), row: Number(lastInsertRowid) }
  }

  get<P extends readonly SqlValue[], Row, R>(query: Query<P, Row, R>, ...parameters: P): R | undefined {
    const row = this.#prepare(query).get(...parameters)
    return row === undefined ? undefined : query.decode(row as Row)
  }

  all<P extends readonly SqlValue[], Row, R>(query: Query<P, Row, R>, ...parameters: P): R[] {
    return this.#prepare(query).all(...parameters).map(row => query.decode(row as Row))
  }

  /** Rows one by one: for reading until enough were found. No other statement may change what it reads meanwhile. */
  *rows<P extends readonly SqlValue[], Row, R>(query: Query<P, Row, R>, ...parameters: P): Generator<R> {
    for (const row of this.#prepare(query).iterate(...parameters)) yield query.decode(row as Row)
  }

  close(): void {
    this.#prepared.clear()
    this.#dataVersion = undefined
    if (this.#database.isOpen) this.#database.close()
  }

  #prepare(statement: { readonly sql: string }): StatementSync {
    let prepared = this.#prepared.get(statement)
    if (prepared === undefined) this.#prepared.set(statement, (prepared = this.#database.prepare(statement.sql)))
    return prepared
  }
}
