import type { InboxMessage } from '../protocol/inbox-message.ts'
import type { RunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import type { StartOutcome, StartRecord } from '../protocol/transition.ts'
import type { ClosedExecution, QueryReply, UpdateState } from '../ports/store.ts'

/**
 * The worker in the client's own process, as far as the client uses it: a short way for what otherwise goes through
 * the database. Without one (a producer) everything goes through the store.
 */
export interface LocalWorker {
  /** It runs, serves the queue, knows the type and has a free slot: a start may be owned by it at once. */
  accepts(taskQueue: string, workflowType: string): boolean
  /** Starts an execution that this worker owns (`record.owned` is true). Rejects with a StoreError when it was not made. */
  startExecution(record: StartRecord): Promise<StartOutcome>
  /** An execution or a message was written by this process that some worker should look at: at the given time, or now. */
  kick(at?: number): void
  /** A message this process has just posted: its owner, if it is here, reads it at once. */
  deliver(message: InboxMessage): void
  /** Answers from memory if the execution is owned here; undefined: ask through the store. */
  query(runId: RunId, name: string, args: Payload): Promise<QueryReply> | undefined
  /** The execution was closed from outside: its code stops here. */
  forget(runId: RunId): void
  /** Told of every close that this worker committed. Returns how to stop. */
  onClosed(listener: (closed: ClosedExecution) => void): () => void
  /** Told of every stage of an update that this worker committed. Returns how to stop. */
  onUpdated(listener: (state: UpdateState) => void): () => void
}
