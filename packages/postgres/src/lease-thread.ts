/**
 * The thread of a lease keeper. Holds the process lock (a session advisory lock: it is free when this connection is gone)
 * and renews the lease while the main thread is too busy to, but not for one that hangs. Behind a pooler there is no lock:
 * it would be held by a connection that serves others too, and outlives this process.
 *
 * One loop, bounded waits, its own connection, made again when it broke. Ends when told to.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { Client } from 'pg'
import { createStallWatch, type StallWatch } from '@perdure/engine/stall-watch'
import { answered, ended } from './answer.ts'
import { askedTime, movedTime, renewedTime } from './lease-times.ts'
import { leaseAnswerMs, leaseCheckMs, leaseRenewAfterMs, readerLockTimeoutMs } from './limits.ts'
import { inTransaction, sessionSettings } from './session-settings.ts'
import { isBroken } from './sql-state.ts'
import { inSchema } from './statement.ts'

export interface LeaseThreadData {
  readonly connectionString: string
  readonly schema: string
  readonly applicationName: string
  readonly incarnation: number
  /** Null behind a pooler: no lock. */
  readonly lockClass: number | null
  readonly mainStalledMs: number
  /** See lease-times.ts. */
  readonly times: SharedArrayBuffer
  /** 1 when it watches the main thread no more. */
  readonly watchClosed: Int32Array
}

export type LeaseThreadMessage =
  /** The first round is over; `failure` if it could not connect. */
  | { readonly type: 'ready'; readonly failure: string | null }

const renewText = 'update perdure.workers w set renewed_at = perdure.clock_ms() where w.incarnation = $1 and w.alive'
const lockText = 'select pg_try_advisory_lock($1, $2) as locked'

class LeaseThread {
  readonly #data: LeaseThreadData
  readonly #times: BigInt64Array
  readonly #stop = new AbortController()
  readonly #stallWatch: StallWatch
  #client: Client | undefined
  #isLocked = false

  constructor(data: LeaseThreadData) {
    this.#data = data
    this.#stallWatch = createStallWatch(data.watchClosed)
    this.#times = new BigInt64Array(data.times)
  }

  async run(report: (message: LeaseThreadMessage) => void): Promise<void> {
    report({ type: 'ready', failure: await this.#round() })
    while (!this.#stop.signal.aborted) {
      await pause(leaseCheckMs, this.#stop.signal)
      this.#stallWatch.look(this.#msSince(movedTime))
      await this.#round()
    }
    await ended(this.#client)
  }

  stop(): void {
    this.#stallWatch.close()
    this.#stop.abort()
  }

  /** Returns why it failed, or null: the next round tries again. */
  async #round(): Promise<string | null> {
    if (this.#stop.signal.aborted) return null
    const { incarnation, lockClass, schema } = this.#data
    try {
      const client = this.#client ??= await this.#connect()
      if (lockClass !== null && !this.#isLocked) {
        const ask = () => client.query<{ locked: boolean }>(lockText, [lockClass, incarnation])
        const { rows } = await answered(client, ask, leaseAnswerMs)
        this.#isLocked = rows[0]?.locked === true && client === this.#client
      }
      if (this.#mustRenew()) {
        const renewal = { text: inSchema(renewText, schema), values: [incarnation] }
        await answered<unknown>(client, () => (lockClass === null
          ? inTransaction(client, readerLockTimeoutMs, renewal)
          : client.query(renewal)), leaseAnswerMs)
        Atomics.store(this.#times, renewedTime, process.hrtime.bigint())
      }
      return null
    } catch (error) {
      if (isBroken(error)) this.#discard()
      return error instanceof Error ? error.message : String(error)
    }
  }

  #mustRenew(): boolean {
    return this.#msSince(askedTime) < this.#data.mainStalledMs && this.#msSince(renewedTime) >= leaseRenewAfterMs
  }

  #msSince(time: number): number {
    return Number(process.hrtime.bigint() - Atomics.load(this.#times, time)) / 1e6
  }

  async #connect(): Promise<Client> {
    const { connectionString, applicationName, lockClass } = this.#data
    const isPooled = lockClass === null
    const client = new Client({
      connectionString, application_name: applicationName, connectionTimeoutMillis: leaseAnswerMs, keepAlive: true, pipeline: isPooled,
    })
    client.on('error', () => this.#lost(client))
    client.once('end', () => this.#lost(client))
    try {
      await client.connect()
      if (!isPooled) await answered(client, () => client.query(sessionSettings(readerLockTimeoutMs)), leaseAnswerMs)
      return client
    } catch (error) {
      void ended(client)
      throw error
    }
  }

  #lost(client: Client): void {
    if (client === this.#client) this.#discard()
  }

  #discard(): void {
    void ended(this.#client)
    this.#client = undefined
    this.#isLocked = false
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const thread = new LeaseThread(workerData as LeaseThreadData)
  port.once('message', () => thread.stop())
  await thread.run(message => port.postMessage(message))
}
