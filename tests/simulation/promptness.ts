/**
 * I8, with a bound: in fair weather an acknowledged message is not left unread, and an execution that is due not left alone, for long.
 * That all ends some day would hold too where each wake-up came minutes late.
 */
import { heldRetryMsMax } from '../../packages/engine/src/limits.ts'
import type { ExecutionRow, MemoryData } from '../../packages/testing/src/memory-store/memory-data.ts'

/** After the last death of a worker: whoever was taken for dead is back, and what it had is taken over. */
const calmMs = 15_000
/** A look or two. */
const lateMs = 10_000
const lookEachMs = 1_000

export class Promptness {
  readonly #data: MemoryData
  readonly #fail: (message: string) => void
  readonly #deaths: () => number
  #died: number
  #from: number
  #lookedAt: number
  /** When a message was first seen, by its id. */
  #unread = new Map<number, number>()

  /**
   * An execution whose hold was refused too is sent again after the longest pause between tries.
   * @param deaths how many workers have died of what they run: some still do, in fair weather
   */
  constructor(data: MemoryData, fairSince: number, deaths: () => number, fail: (message: string) => void) {
    this.#data = data
    this.#deaths = deaths
    this.#died = deaths()
    this.#from = fairSince + heldRetryMsMax + calmMs
    this.#lookedAt = this.#from
    this.#fail = fail
  }

  look(now: number): void {
    if (this.#deaths() > this.#died) {
      this.#died = this.#deaths()
      this.#from = this.#lookedAt = Math.max(this.#from, now + calmMs)
      this.#unread.clear()
    }
    if (now < this.#lookedAt + lookEachMs) return
    // What came due while nothing happened is done in the steps that follow.
    const until = now - Math.max(lateMs, now - this.#lookedAt)
    this.#lookedAt = now
    const unread = new Map<number, number>()
    for (const runId of this.#data.open.keys()) {
      const row = this.#data.executions.get(runId)
      if (row === undefined || row.held !== null) continue
      this.#lookAtMessages(row, now, unread)
      if (row.owner === null && row.wakeAt !== null && Math.max(row.wakeAt, this.#from) < until) {
        this.#fail(`I8: run ${runId} was due ${now - row.wakeAt} ms ago, and nobody took it up: ${JSON.stringify(row)}`)
      }
    }
    this.#unread = unread
  }

  #lookAtMessages({ runId, firstTaskAt, wakeAt }: ExecutionRow, now: number, unread: Map<number, number>): void {
    if (firstTaskAt === null && wakeAt !== null && wakeAt > now) return
    for (const { id, type } of this.#data.inboxOf(runId)) {
      const since = this.#unread.get(id) ?? now
      unread.set(id, since)
      if (now - since > lateMs) this.#fail(`I8: message ${id} (${type}) of run ${runId} has not been read for ${now - since} ms`)
    }
  }
}
