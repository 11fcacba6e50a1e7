/**
 * A few connections to one database, made when they are needed and made again when they broke.
 *
 * Owns its connections and who waits for one; does not know what the statements are.
 * - Statements run one at a time on a connection, in the order of the calls.
 * - A broken connection fails the statement on it and no other; the next call connects again.
 * - When the server is away, a call tries for reconnectMs and fails; those waiting behind it fail with it.
 */
import { Client, types as driverTypes } from 'pg'
import { StoreUnavailableError } from '@perdure/engine'
import { answered, ended } from './answer.ts'
import { connectWithin } from './connecting.ts'
import { connectError, statementError } from './database-error.ts'
import {
  connectTimeoutMs, firstConnectTimeoutMs, keepAliveDelayMs, reconnectMs, reconnectPauseMs, reconnectPauseMsMax,
} from './limits.ts'
import { pooledName, type Route } from './pooler.ts'
import { inTransaction, sessionSettings } from './session-settings.ts'
import { isBroken } from './sql-state.ts'
import { inSchema, type Database, type Statement, type Value } from './statement.ts'

export interface ConnectionSettings {
  readonly connectionString: string
  readonly schema: string
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  /** host:port/database; never a password. */
  readonly location: string
  readonly max: number
  readonly lockTimeoutMs: number
  /** Behind a pooler statements are unnamed, and bring their settings with them. */
  readonly route: Route
}

interface Waiter {
  readonly resolve: (client: Client) => void
  readonly reject: (error: unknown) => void
}

export class Connections implements Database {
  readonly #settings: ConnectionSettings
  readonly #idle: Client[] = []
  readonly #all = new Set<Client>()
  readonly #waiting: Waiter[] = []
  readonly #texts = new Map<string, string>()
  #opening = 0
  #everConnected = false
  #isClosed = false

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
  }

  async run<Row extends object>(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
    let tries = 0
    const ask = () => this.use(client => {
      tries++
      return answered(client, () => this.#ask<Row>(client, statement, values as unknown[]))
    }, statement.writes)
    try {
      return await ask()
    } catch (error) {
      // That a connection broke while it was idle may show only at its next statement; a read may be asked again.
      if (statement.writes || tries === 0 || !(error instanceof StoreUnavailableError)) throw error
      return await ask()
    }
  }

  /** Lends a connection to `work`; its errors are told as those of the port. */
  async use<T>(work: (client: Client) => Promise<T>, writes: boolean): Promise<T> {
    const client = await this.#acquire()
    try {
      const result = await work(client)
      this.#release(client)
      return result
    } catch (error) {
      if (isBroken(error)) this.#discard(client)
      else this.#release(client)
      throw statementError(error, this.#settings.location, writes)
    }
  }

  /** Waits for the statements under way. Works twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const waiter of this.#waiting.splice(0)) waiter.reject(this.#closedError())
    const idle = new Set(this.#idle.splice(0))
    const ends = [...this.#all].map(client => {
      const end = new Promise<void>(resolve => void client.once('end', resolve))
      if (idle.has(client)) void ended(client)
      return end
    })
    await Promise.all(ends)
  }

  async #ask<Row extends object>(client: Client, statement: Statement, values: unknown[]): Promise<readonly Row[]> {
    const { route, lockTimeoutMs } = this.#settings
    const query = { text: this.#textOf(statement), values }
    if (route.pooler !== undefined) return inTransaction<Row>(client, lockTimeoutMs, query)
    const { rows } = await client.query<Row>(statement.name === '' ? query : { ...query, name: statement.name })
    return rows
  }

  #textOf({ name, text }: Statement): string {
    if (name === '') return inSchema(text, this.#settings.schema)
    let found = this.#texts.get(name)
    if (found === undefined) this.#texts.set(name, (found = inSchema(text, this.#settings.schema)))
    return found
  }

  async #acquire(): Promise<Client> {
    if (this.#isClosed) throw this.#closedError()
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    if (this.#all.size + this.#opening >= this.#settings.max) {
      return new Promise((resolve, reject) => void this.#waiting.push({ resolve, reject }))
    }
    this.#opening++
    try {
      return await this.#connect()
    } catch (error) {
      for (const waiter of this.#waiting.splice(0)) waiter.reject(error)
      throw error
    } finally {
      this.#opening--
    }
  }

  async #connect(): Promise<Client> {
    const isFirst = !this.#everConnected
    const until = performance.now() + reconnectMs
    for (let pauseMs = reconnectPauseMs; ; pauseMs = Math.min(pauseMs * 2, reconnectPauseMsMax)) {
      try {
        return await this.#connectOnce(isFirst ? firstConnectTimeoutMs : connectTimeoutMs)
      } catch (error) {
        // Before it ever worked the address is more likely wrong than the server away: say so at once.
        if (isFirst || this.#isClosed || performance.now() + pauseMs > until) throw connectError(error, this.#settings.location)
        await new Promise(resolve => void setTimeout(resolve, pauseMs))
      }
    }
  }

  async #connectOnce(timeoutMs: number): Promise<Client> {
    const { route, lockTimeoutMs } = this.#settings
    const before = route.pooler
    let client = await this.#connected(timeoutMs)
    try {
      const pooler = await route.find(client, () => this.#connected(timeoutMs))
      if (pooler === undefined) await answered(client, () => client.query(sessionSettings(lockTimeoutMs)))
      else if (before === undefined) client = await this.#inPlaceOf(client, timeoutMs)
    } catch (error) {
      void ended(client)
      throw error
    }
    this.#everConnected = true
    this.#all.add(client)
    return client
  }

  /** The connection that found the pooler was made for a server. */
  async #inPlaceOf(client: Client, timeoutMs: number): Promise<Client> {
    void ended(client)
    return this.#connected(timeoutMs)
  }

  async #connected(timeoutMs: number): Promise<Client> {
    const { connectionString, applicationName, route } = this.#settings
    const isPooled = route.pooler !== undefined
    const client = new Client({
      connectionString, connectionTimeoutMillis: timeoutMs, types, keepAlive: true, keepAliveInitialDelayMillis: keepAliveDelayMs,
      pipeline: isPooled, application_name: isPooled ? pooledName : applicationName,
    })
    client.on('error', () => this.#discard(client))
    client.once('end', () => this.#discard(client))
    try {
      await connectWithin(client, timeoutMs)
      return client
    } catch (error) {
      void ended(client)
      throw error
    }
  }

  #release(client: Client): void {
    if (!this.#all.has(client)) return // it broke meanwhile
    const waiter = this.#waiting.shift()
    if (waiter !== undefined) waiter.resolve(client)
    else if (this.#isClosed) void ended(client)
    else this.#idle.push(client)
  }

  #discard(client: Client): void {
    if (!this.#all.delete(client)) return
    const at = this.#idle.indexOf(client)
    if (at >= 0) this.#idle.splice(at, 1)
    void ended(client)
    const waiter = this.#waiting.shift()
    if (waiter !== undefined) void this.#acquire().then(waiter.resolve, waiter.reject)
  }

  #closedError(): StoreUnavailableError {
    return new StoreUnavailableError(`The store on PostgreSQL at ${this.#settings.location} is closed`)
  }
}

/** int8 as a number: times in milliseconds, incarnations, message ids and counts stay far below 2^53. */
const int8Oid = 20
export const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (oid === int8Oid ? Number : driverTypes.getTypeParser(oid, format))) as typeof driverTypes.getTypeParser,
}
