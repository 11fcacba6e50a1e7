/**
 * Hints through LISTEN and NOTIFY on one channel, named like the schema, over one connection.
 *
 * Topics gather for some milliseconds and go out as one NOTIFY outside of any transaction with other work: inside, it
 * takes a lock of the whole database. Too many topics become `*`, which means any of them; so does a connection that was
 * away. A hint waits for the connection to listen, and is dropped where it breaks or the process ends: polling finds
 * everything (I5). A process does not hear its own hints.
 *
 * Behind a transaction pooler nobody could listen: LISTEN would stay with a connection that serves others. Nothing is sent
 * or heard there, unless the connection string names a direct way.
 */
import { Client } from 'pg'
import type { Notifier } from '@perdure/engine'
import { answered, ended } from './answer.ts'
import { connectTimeoutMs, hintBytesMax, hintPauseMs, keepAliveDelayMs, listenRetryMs, listenRetryMsMax } from './limits.ts'
import type { PoolerGiven } from './pooler-kind.ts'
import { readConnectionString, Route } from './pooler.ts'
import { defaultSchema } from './postgres-store.ts'
import { quoteIdentifier } from './statement.ts'

export interface PostgresNotifierOptions {
  readonly connectionString: string
  /** As of the store. */
  readonly schema?: string
  /** As of the store. */
  readonly pooler?: PoolerGiven
}

export function createPostgresNotifier(options: PostgresNotifierOptions): Notifier {
  const { connectionString, pooler, direct } = readConnectionString(options.connectionString)
  const schema = options.schema ?? defaultSchema
  if (direct !== undefined) return new PostgresNotifier(direct, schema, new Route('none'))
  return new PostgresNotifier(connectionString, schema, new Route(options.pooler ?? pooler))
}

/** Any topic, or many. */
const anyTopic = '*'
const separator = ','

class PostgresNotifier implements Notifier {
  readonly #connectionString: string
  readonly #channel: string
  readonly #route: Route
  readonly #pending = new Set<string>()
  #onHint: ((topic: string) => void) | undefined
  #client: Client | undefined
  /** The client, once it listens. Until then it has questions of its own, and the driver takes one at a time. */
  #speaker: Client | undefined
  #hasListened = false
  #isStopped = false
  #retry: NodeJS.Timeout | undefined
  #retryMs = listenRetryMs
  #flushTimer: NodeJS.Timeout | undefined
  #flushing: Promise<void> | undefined

  constructor(connectionString: string, channel: string, route: Route) {
    this.#connectionString = connectionString
    this.#channel = channel
    this.#route = route
  }

  /** Resolves after the first try; what could not be reached is tried again. */
  async start(onHint: (topic: string) => void): Promise<void> {
    if (this.#onHint !== undefined || this.#isStopped) return
    this.#onHint = onHint
    await this.#listen()
  }

  publish(topic: string): void {
    if (this.#isStopped || this.#onHint === undefined || this.#route.pooler !== undefined) return
    // While nobody can be told, they gather: so many do not fit, and become any topic.
    if (this.#pending.size > hintBytesMax) return
    this.#pending.add(topic)
    this.#flushSoon()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#retry)
    clearTimeout(this.#flushTimer)
    await this.#flushing
    await this.#send()
    const client = this.#client
    this.#client = this.#speaker = undefined
    await ended(client)
  }

  async #listen(): Promise<void> {
    if (this.#route.pooler !== undefined) return
    let client: Client | undefined
    try {
      client = this.#ownClient()
      await client.connect()
      if (await this.#route.find(client, () => this.#anotherClient()) !== undefined) return this.#leave(client)
      const listening = client
      await answered(listening, () => listening.query(`listen ${quoteIdentifier(this.#channel)}`))
    } catch {
      this.#lost(client)
      return
    }
    if (this.#client !== client) return
    this.#speaker = client
    this.#flushSoon()
    this.#retryMs = listenRetryMs
    if (this.#hasListened) this.#hear(anyTopic)
    this.#hasListened = true
  }

  #ownClient(): Client {
    const client = this.#newClient()
    client.on('error', () => this.#lost(client))
    client.once('end', () => this.#lost(client))
    // What this process said itself comes back with the number of its own backend.
    client.on('notification', ({ payload = anyTopic, processId }) => {
      if (processId !== (client as { processID?: number }).processID) this.#hear(payload)
    })
    this.#client = client
    return client
  }

  /** @throws Error also where a file that the connection string names, such as a certificate, cannot be read at the moment */
  #newClient(): Client {
    return new Client({
      connectionString: this.#connectionString, application_name: 'perdure hints', connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true, keepAliveInitialDelayMillis: keepAliveDelayMs,
    })
  }

  async #anotherClient(): Promise<Client> {
    const client = this.#newClient()
    client.on('error', () => undefined) // whoever asks on it is told
    await client.connect()
    return client
  }

  /** There is a pooler: no hints from here. */
  #leave(client: Client): void {
    this.#client = undefined
    this.#pending.clear()
    void ended(client)
  }

  /** @param client undefined where there was none to begin with */
  #lost(client: Client | undefined): void {
    if (this.#client !== client) return
    this.#client = this.#speaker = undefined
    void ended(client)
    if (this.#isStopped) return
    this.#retry = setTimeout(() => void this.#listen(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, listenRetryMsMax)
  }

  #hear(payload: string): void {
    if (this.#isStopped) return
    for (const topic of payload.split(separator)) this.#onHint?.(topic)
  }

  #flushSoon(): void {
    this.#flushTimer ??= setTimeout(() => void this.#flush(), hintPauseMs)
  }

  async #flush(): Promise<void> {
    await this.#flushing
    this.#flushTimer = undefined
    this.#flushing = this.#send()
    await this.#flushing
  }

  /** Never throws: a connection that broke is noticed by its own events. */
  async #send(): Promise<void> {
    const client = this.#speaker
    if (client === undefined || this.#pending.size === 0) return
    const topics = [...this.#pending]
    this.#pending.clear()
    const joined = topics.join(separator)
    const payload = Buffer.byteLength(joined) > hintBytesMax ? anyTopic : joined
    await answered(client, () => client.query('select pg_notify($1, $2)', [this.#channel, payload])).catch(() => undefined)
  }
}
