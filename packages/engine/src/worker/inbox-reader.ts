/** Reads the messages of executions that this worker owns and hands each over once. */
import { readMax } from '../limits.ts'
import { deliverMessage } from './execution-steps.ts'
import type { WorkerContext } from './worker-context.ts'

export class InboxReader {
  readonly #context: WorkerContext
  #running: Promise<void> | undefined
  #again = false

  constructor(context: WorkerContext) {
    this.#context = context
  }

  /** Resolves when everything that was in the inbox at the time of the call has been handed over. */
  async read(): Promise<void> {
    this.#again = true
    await (this.#running ??= this.#readAll())
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#again) await this.#readPage()
    } finally {
      this.#running = undefined // in the turn in which `#again` was looked at: nobody joins a read that is over
    }
  }

  async #readPage(): Promise<void> {
    this.#again = false
    const { store, incarnation, executions, loop } = this.#context
    // What was claimed while the read was under way came with its messages: this read may be older than they are.
    const present = new Set(executions.all())
    const known: number[] = []
    for (const owned of present) if (owned.known.size > 0) known.push(...owned.known)
    const messages = await store.readInbox(incarnation, known, readMax)
    let delivered = 0
    for (const message of messages) {
      const owned = executions.get(message.runId)
      if (owned === undefined || !present.has(owned) || !deliverMessage(owned, message)) continue
      loop.wake(owned)
      delivered++
    }
    // A page of which nothing could be delivered would come again and again: the next look finds what is behind it.
    if (messages.length === readMax && delivered > 0) this.#again = true
  }
}
