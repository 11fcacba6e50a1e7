/** What stores themselves post and write when an execution closes that has a parent, or children (decision 0005). */
import type { ClosedStatus } from './execution-record.ts'
import type { CommandNumber, RunId } from './ids.ts'
import type { Payload } from './payload.ts'
import type { MessageText } from './transition.ts'

export interface ClosedChild {
  /** Command of the parent that started it. */
  readonly command: CommandNumber
  readonly workflowId: string
  readonly runId: RunId
  readonly workflowType: string
  readonly status: ClosedStatus
  readonly result: Payload | null
  readonly failure: Payload | null
}

/** For the inbox of its parent: a line of attributes, a line with the result and one with the failure, empty where there is none. */
export function childClosed({ command, workflowId, runId, workflowType, status, result, failure }: ClosedChild): MessageText {
  const attributes = JSON.stringify({ command, workflowId, runId, workflowType, status })
  return { type: 'ChildWorkflowExecutionClosed', data: `${attributes}\n${result ?? ''}\n${failure ?? ''}` }
}

/** Failure of an execution that the close of its parent ended. */
export const terminatedByParent =
  '{"message":"by parent close policy","source":"perdure","kind":"terminated"}' as Payload

const attributes = '{"reason":"by parent close policy","identity":"perdure"}'

export const cancelRequestedByParent: MessageText = { type: 'WorkflowExecutionCancelRequested', data: attributes }

/** To a child whose row is locked when its parent closes: its owner closes it, with the failure in the second line. */
export const terminateRequestedByParent: MessageText = {
  type: 'WorkflowExecutionTerminateRequested', data: `${attributes}\n${terminatedByParent}`,
}
