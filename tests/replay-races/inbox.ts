/** The inbox of one execution: what was posted stays until a durable event, or a rejection, has consumed it. */
import type { HistoryEvent, InboxRequest } from '../../packages/engine/src/protocol/event.ts'

export interface Posted {
  readonly event: HistoryEvent | InboxRequest
  readonly inboxId: number
}

export class Inbox {
  readonly #posted: Posted[] = []
  /** How long the log was when it was consumed. */
  readonly #consumed = new Map<number, number>()

  post(event: HistoryEvent | InboxRequest): Posted {
    const posted = { event, inboxId: this.#posted.length + 1 }
    this.#posted.push(posted)
    return posted
  }

  consumed(ids: readonly number[], length: number): void {
    for (const id of ids) this.#consumed.set(id, length)
  }

  /** Where only so many events are durable. */
  unread(durable: number): readonly Posted[] {
    for (const [id, length] of this.#consumed) if (length > durable) this.#consumed.delete(id)
    return this.#posted.filter(({ inboxId }) => !this.#consumed.has(inboxId))
  }
}
