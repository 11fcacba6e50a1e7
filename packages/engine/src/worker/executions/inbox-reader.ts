/** Reads the messages of executions that this worker owns and hands each over once. */
import { readMax } from '../../limits.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { deliverMessage } from './execution-steps.ts'

export class InboxReader {
  readonly #context: WorkerContext
  /** Under way now. */
  #running: Promise<void> | undefined
  /** Begins when that is over: for all who asked meanwhile. Nobody waits for the questions of those who come later. */
  #following: Promise<void> | undefined

  constructor(context: WorkerContext) {
    this.#context = context
  }

  /** Resolves when everything that was in the inbox at the time of the call has been handed over. */
  read(): Promise<void> {
    if (this.#running === undefined) return this.#start()
    const begin = (): Promise<void> => {
      this.#following = undefined
      return this.#running ?? this.#start()
    }
    return (this.#following ??= this.#running.then(begin, begin))
  }

  #start(): Promise<void> {
    this.#running = Promise.resolve().then(() => this.#readAll()).finally(() => { this.#running = undefined })
    return this.#running
  }

  /** A page of which nothing could be delivered would come again and again: the next look finds what is behind it. */
  async #readAll(): Promise<void> {
    while (await this.#readPage());
  }

  /** True: there may be more. */
  async #readPage(): Promise<boolean> {
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
    return messages.length === readMax && delivered > 0
  }
}
