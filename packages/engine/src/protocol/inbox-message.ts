import type { RunId } from './ids.ts'

/** A message to an execution: an event that its owner has yet to append. `type` and `data` are as in EventRecord. */
export interface InboxMessage {
  readonly id: number
  readonly runId: RunId
  readonly type: string
  readonly data: string
}

/** To whom a message goes: the open execution of a workflow id, or one run exactly. */
export interface InboxPost {
  readonly namespace: string
  readonly workflowId: string
  readonly runId: RunId | null
  readonly type: string
  readonly data: string
}

export type PostOutcome =
  | { readonly type: 'posted'; readonly id: number; readonly runId: RunId }
  | { readonly type: 'closed'; readonly runId: RunId }
  | { readonly type: 'not_found' }
  /** Somebody holds the execution's row, or it closed under the post: this message was not posted; send it again, and it alone. */
  | { readonly type: 'busy' }
