/** From how far an update has come to what `result()` gives or throws. Pure. */
import { ApplicationFailure } from '@perdure/workflow'
import type { ValueConverter } from '../conversion/value-converter.ts'
import { unknownUpdateWords } from '../execution/update-validation.ts'
import type { UpdateState } from '../ports/store.ts'
import { emptyPayload } from '../protocol/payload.ts'
import { causesLine } from './causes-line.ts'
import { WorkflowUpdateFailedError } from './errors.ts'
import { alreadyClosed } from './lookup.ts'

/** Names an update in errors. */
export interface NamedUpdate {
  readonly workflowId: string
  /** Its name, or its id where only that is known. */
  readonly name: string
}

/** @throws WorkflowUpdateFailedError unless it completed, WorkflowNotFoundError when the execution closed before it was accepted */
export function updateResult(state: UpdateState, { workflowId, name }: NamedUpdate, values: ValueConverter): unknown {
  const { stage, runId, result, failure } = state
  if (stage === 'completed' && failure === null) return values.decode(result ?? emptyPayload)
  if (stage === 'admitted') throw alreadyClosed({ workflowId, runId }, `closed before it accepted the update '${name}'`)
  const cause = failure === null ? endedTooEarly() : values.failures.decode(failure)
  const why = causesLine(cause)
  const isRejected = stage === 'rejected'
  const what = `Update '${name}' of workflow '${workflowId}' ${isRejected ? 'was rejected' : 'failed'}`
  const message = why === '' ? what : `${what}: ${why}`
  const isUnknown = isRejected && cause.message.startsWith(unknownUpdateWords)
  if (isUnknown) throw new WorkflowUpdateFailedError('UPDATE_NOT_REGISTERED', message, cause)
  throw new WorkflowUpdateFailedError(isRejected ? 'UPDATE_REJECTED' : 'UPDATE_FAILED', message, cause)
}

/** As Temporal has it. */
function endedTooEarly(): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'Workflow Update failed because the Workflow completed before the Update completed.',
    type: 'AcceptedUpdateCompletedWorkflow', nonRetryable: true,
  })
}
