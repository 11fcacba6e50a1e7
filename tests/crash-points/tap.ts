/**
 * Stands between the stores and their drivers: `node --import` loads it into every thread of a process under test before
 * anything else. It counts statements by name, and at one of them kills the process (SIGKILL), or loses the answer.
 *
 * At the drivers, and not in the stores: so no statement can be forgotten, those of opening, migrating, locking and listening
 * included, and the stores run as they are published.
 */
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { isMainThread } from 'node:worker_threads'
import { Client } from 'pg'
import { leaseThreadPrefix, nameOfText, type Moment, type Sabotage, type TapOrder, tapVariable } from './tap-order.ts'

const order = JSON.parse(process.env[tapVariable] ?? '{}') as TapOrder
const names = JSON.parse(readFileSync(order.namesFile, 'utf8')) as Record<string, string>
let seen = 0
let isOver = false

/** The moment, when this is the statement. */
function arrive(text: string): Moment | Sabotage | undefined {
  const { recordFile, point } = order
  const name = (isMainThread ? '' : leaseThreadPrefix) + nameOfText(text, names)
  if (recordFile !== undefined) appendFileSync(recordFile, `${name}\n`)
  if (isOver || point?.statement !== name || count(point.reachedFile) < point.occurrence) return undefined
  if (existsSync(point.reachedFile)) return undefined // another thread was there
  return point.moment
}

/** Each lease thread has its own memory, and a process may have several in turn: they count in a file. */
function count(file: string): number {
  if (isMainThread) return ++seen
  appendFileSync(`${file}-count`, '.')
  return statSync(`${file}-count`).size
}

function reach(): void {
  isOver = true
  if (order.point !== undefined) writeFileSync(order.point.reachedFile, '')
}

function die(): never {
  reach()
  process.kill(process.pid, 'SIGKILL')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

if (order.store === 'sqlite') tapSqlite()
else tapPostgres()

type Call<Self, R> = (this: Self, ...given: unknown[]) => R

function tapSqlite(): void {
  const databases = new WeakMap<StatementSync, DatabaseSync>()
  replace<DatabaseSync, StatementSync>(DatabaseSync.prototype, 'prepare', (database, call) => {
    const statement = call()
    databases.set(statement, database)
    return statement
  })
  replace<DatabaseSync, unknown>(DatabaseSync.prototype, 'exec', (database, call, [text]) => around(String(text), call, database))
  for (const method of ['run', 'get', 'all'] as const) {
    replace<StatementSync, unknown>(StatementSync.prototype, method, (statement, call) => (
      around(statement.sourceSQL, call, databases.get(statement))))
  }
  replace<StatementSync, Iterable<unknown>>(StatementSync.prototype, 'iterate', function* iterate(statement, call) {
    yield* around(statement.sourceSQL, () => [...call()])
  })
}

/** Its next commit is none. */
let losing: DatabaseSync | undefined

function around<T>(text: string, call: () => T, database?: DatabaseSync): T {
  const moment = arrive(text)
  if (losing !== undefined && database === losing && text === 'commit') {
    losing = undefined
    database.exec('rollback')
    return { changes: 0, lastInsertRowid: 0 } as T
  }
  if (moment === undefined) return call()
  if (moment === 'before') die()
  if (moment === 'dropped') {
    reach()
    losing = database
    return call()
  }
  call() // an error of its own: the next one of the name is the one
  if (moment === 'after') die()
  reach()
  if (moment === 'doubled') return call()
  // As the file system would fail after the work was done.
  throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10, errstr: 'disk I/O error' })
}

function tapPostgres(): void {
  type Asked = string | { readonly text: string }
  replace<Client, unknown>(Client.prototype, 'query', (client, call, given) => {
    const [asked] = given as [Asked]
    const moment = arrive(typeof asked === 'string' ? asked : asked.text)
    if (moment === undefined) return call()
    if (moment === 'before') die()
    return answer(client, call as () => Promise<unknown>, moment)
  })
}

async function answer(client: Client, call: () => Promise<unknown>, moment: Moment | Sabotage): Promise<unknown> {
  if (moment === 'dropped') return dropped(client, call)
  const result = await call()
  if (moment === 'after') die()
  reach()
  if (moment === 'doubled') return call()
  if (moment === 'unacknowledged') {
    client.connection.stream.destroy()
    throw new Error('Connection terminated unexpectedly')
  }
  return result
}

async function dropped(client: Client, call: () => Promise<unknown>): Promise<unknown> {
  reach()
  await client.query('begin')
  const result = await call()
  await client.query('rollback')
  return result
}

function replace<Self extends object, R>(
  prototype: Self, method: string, by: (self: Self, call: () => R, given: readonly unknown[]) => R,
): void {
  const methods = prototype as unknown as Record<string, Call<Self, R>>
  const original = methods[method]
  if (original === undefined) throw new Error(`The driver has no method ${method} any more: mend the tap`)
  methods[method] = function replaced(this: Self, ...given) {
    return by(this, () => original.apply(this, given), given)
  }
}
