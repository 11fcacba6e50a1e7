/** What a world may answer to what an execution asked for. */
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@perdure/workflow'
import type { ExternalRequest, PendingActivity, PendingChild } from '../../packages/engine/src/execution/pending-commands.ts'
import { encodeActivityOptions } from '../../packages/engine/src/protocol/activity-options-codec.ts'
import type { ActivityFacts, ChildEvent, HistoryEvent } from '../../packages/engine/src/protocol/event.ts'
import type { ClosedStatus } from '../../packages/engine/src/protocol/execution-record.ts'
import { encodeFailure } from '../../packages/engine/src/protocol/failure-codec.ts'
import { asRunId } from '../../packages/engine/src/protocol/ids.ts'
import { emptyPayload, type Payload } from '../../packages/engine/src/protocol/payload.ts'
import type { Random } from './random.ts'

export function activityEnd(random: Random, activity: PendingActivity): HistoryEvent {
  const facts: ActivityFacts = {
    command: activity.command, activityType: activity.activityType, activityId: activity.activityId, taskQueue: 'queue',
    attempt: 1 + random.integer(3), scheduledAt: activity.scheduledAt, startedAt: activity.scheduledAt,
    options: encodeActivityOptions(activity.options), input: activity.input,
  }
  const failed = ApplicationFailure.nonRetryable(`activity ${activity.command} failed`)
  return random.weighted<() => HistoryEvent>([
    [6, () => ({ ...facts, type: 'ActivityTaskCompleted', result: String(random.integer(3)) as Payload })],
    [2, () => ({ ...facts, type: 'ActivityTaskFailed', failure: encodeFailure(failed), retryState: 'NON_RETRYABLE_FAILURE' })],
    [1, () => ({
      ...facts, type: 'ActivityTaskTimedOut', failure: encodeFailure(new TimeoutFailure('late', undefined, 'START_TO_CLOSE')),
      retryState: 'TIMEOUT',
    })],
    [activity.cancelRequested ? 6 : 0, () => (
      { ...facts, type: 'ActivityTaskCanceled', failure: encodeFailure(new CancelledFailure('CANCELLED')) })],
  ])()
}

/** It starts, or its id is taken. */
export function childBegins(random: Random, { command, workflowType, options, initiatedAt, input }: PendingChild): ChildEvent {
  const { workflowId = '', parentClosePolicy } = options
  const facts = { command, workflowId, workflowType, taskQueue: 'queue', parentClosePolicy, initiatedAt, input }
  return random.chance(0.15) ? { ...facts, type: 'StartChildWorkflowExecutionFailed', cause: 'WORKFLOW_ALREADY_EXISTS' }
    : { ...facts, type: 'ChildWorkflowExecutionStarted', runId: childRun(command) }
}

export function childEnds(random: Random, { command, workflowType, options, cancelRequested }: PendingChild): ChildEvent {
  const { workflowId = '' } = options
  const facts = { type: 'ChildWorkflowExecutionClosed', command, workflowId, workflowType, runId: childRun(command) } as const
  const ended = (status: ClosedStatus, error: Error): ChildEvent => (
    { ...facts, status, result: emptyPayload, failure: encodeFailure(error) })
  return random.weighted<() => ChildEvent>([
    [5, () => ({ ...facts, status: 'COMPLETED', result: String(random.integer(3)) as Payload, failure: emptyPayload })],
    [2, () => ended('FAILED', ApplicationFailure.nonRetryable(`child ${command} failed`))],
    [1, () => ended('TIMED_OUT', new TimeoutFailure('late', undefined, 'START_TO_CLOSE'))],
    [1, () => ended('TERMINATED', new TerminatedFailure('ended'))],
    [cancelRequested ? 6 : 0.3, () => ended('CANCELLED', new CancelledFailure('CANCELLED'))],
  ])()
}

function childRun(command: number): ReturnType<typeof asRunId> {
  return asRunId(`01a1fc1d-1a1f-7fa9-8a3e-${String(command).padStart(12, '0')}`)
}

/** Whoever was signalled, or asked to cancel, has it or is not there. */
export function otherAnswers(random: Random, { command, kind, target, signalName, input, initiatedAt }: ExternalRequest): HistoryEvent {
  const facts = { command, workflowId: target.workflowId, runId: null, initiatedAt }
  const isThere = random.chance(0.7)
  return kind === 'signal'
    ? { ...facts, type: isThere ? 'ExternalWorkflowExecutionSignaled' : 'SignalExternalWorkflowExecutionFailed', signalName, input }
    : { ...facts, type: isThere ? 'ExternalWorkflowExecutionCancelRequested' : 'RequestCancelExternalWorkflowExecutionFailed' }
}
