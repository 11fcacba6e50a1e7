/** What programs are there to meet: a search that never meets one of them says nothing of it. */
import { probes } from './far-leaves.ts'
import { childTypes } from './program.ts'

/** Commands, events and ends, of one execution. */
const ofOne = [
  'ScheduleActivity', 'CancelActivity', 'StartTimer', 'CancelTimer', 'WorkflowExecutionSignaled', 'WorkflowExecutionCancelRequested',
  'WorkflowTaskStarted', 'TimerFired', 'ActivityTaskCompleted', 'ActivityTaskFailed', 'ActivityTaskTimedOut', 'ActivityTaskCanceled',
  'completed', 'failed', 'cancelled', 'held', 'open', 'refused close', 'replayed and gone on', 'worker: completed',
]

const ofChildren = [
  ...childTypes.flatMap((type) => ['started', 'completed', 'cancelled', 'failed by ApplicationFailure', 'exists', 'not begun']
    .map((end) => `child ${type} ${end}`)),
  'StartChildWorkflow', 'ChildWorkflowExecutionStarted', 'ChildWorkflowExecutionClosed', 'StartChildWorkflowExecutionFailed',
  'child asked to cancel', 'child signalled',
]

const ofOthers = [
  'AskExternalWorkflow', 'ExternalWorkflowExecutionSignaled', 'SignalExternalWorkflowExecutionFailed',
  'ExternalWorkflowExecutionCancelRequested', 'RequestCancelExternalWorkflowExecutionFailed',
  'external signal done', 'external signal refused', 'external signal cancelled', 'external cancel done', 'external cancel refused',
]

const ofUpdates = [
  'update', 'early update', 'update handled', 'update completed', 'update failed', 'update rejected', 'update completed again',
  'WorkflowExecutionUpdateAccepted', 'WorkflowExecutionUpdateCompleted', 'handlers finished',
]

const ofCode = [
  'PatchMarked', 'patched', 'patch deprecated', 'continuedAsNew', 'local activity', 'early signal',
  'crashed', 'crashed, and events were lost',
  'UpsertMemo', 'UpsertSearchAttributes', 'upserted memo', 'upserted attributes', 'upserted details', 'info',
  'draws: within', 'draws: stream', 'draws: platform',
]

const ofQueries = probes.map((probe) => `query ${probe} ${probe === 'read' ? 'answered' : 'failed'}`)

const onWorkers = [
  'ChildWorkflowExecutionStarted', 'ChildWorkflowExecutionClosed', 'ExternalWorkflowExecutionSignaled', 'PatchMarked',
  'WorkflowExecutionUpdateAccepted', 'WorkflowExecutionUpdateCompleted',
].map((type) => `worker: ${type}`)

export const happenings: readonly string[] = [
  ...ofOne, ...ofChildren, ...ofOthers, ...ofUpdates, ...ofCode, ...ofQueries, ...onWorkers, 'worker: continuedAsNew',
]

/** In so many programs each, sorted by name. */
export function countFacts(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const facts of all) for (const [fact, count] of Object.entries(facts)) counts.set(fact, (counts.get(fact) ?? 0) + count)
  return Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)))
}
