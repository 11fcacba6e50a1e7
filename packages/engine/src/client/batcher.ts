/**
 * Group commit for clients: while one request is in flight the next gathers, so that its size grows with load and at idle
 * nothing waits. What is added in one turn goes out together.
 */
import { PerdureError } from '../error.ts'
import { batchBytesMax, batchTransitionsMax, clientPendingMax } from '../limits.ts'
import { StoreRejectedError } from '../ports/store-error.ts'

export interface BatcherParts<Item, Outcome> {
  /** One outcome for each item, in order. */
  readonly send: (items: readonly Item[]) => Promise<readonly Outcome[]>
  readonly bytesOf: (item: Item) => number
}

interface Pending<Item, Outcome> {
  readonly item: Item
  readonly bytes: number
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

export class Batcher<Item, Outcome> {
  readonly #parts: BatcherParts<Item, Outcome>
  #queue: Pending<Item, Outcome>[] = []
  #running: Promise<void> | undefined

  constructor(parts: BatcherParts<Item, Outcome>) {
    this.#parts = parts
  }

  add(item: Item): Promise<Outcome> {
    if (this.#queue.length >= clientPendingMax) return Promise.reject(overloaded())
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, bytes: this.#parts.bytesOf(item), resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when nothing waits or is in flight. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    await Promise.resolve()
    while (this.#queue.length > 0) await this.#send(this.#take())
    this.#running = undefined
  }

  #take(): Pending<Item, Outcome>[] {
    let bytes = 0
    let count = 0
    for (const pending of this.#queue) {
      bytes += pending.bytes
      if (count > 0 && (count >= batchTransitionsMax || bytes > batchBytesMax)) break
      count++
    }
    return this.#queue.splice(0, count)
  }

  /** A batch that the store refuses as a whole is halved until the culprit is alone. */
  async #send(batch: readonly Pending<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.#parts.send(batch.map((pending) => pending.item))
      batch.forEach((pending, index) => pending.resolve(outcomes[index] as Outcome))
    } catch (error) {
      if (error instanceof StoreRejectedError && batch.length > 1) {
        const middle = batch.length >> 1
        await this.#send(batch.slice(0, middle))
        await this.#send(batch.slice(middle))
        return
      }
      for (const pending of batch) pending.reject(error)
    }
  }
}

function overloaded(): PerdureError {
  return new PerdureError(
    'CLIENT_OVERLOADED',
    `More than ${clientPendingMax} starts or signals of this process wait for the database; await some before sending more`,
  )
}
