/** Messages of failures that an engine makes: Temporal's, and what stands in their place on Perdure. */

const words: Readonly<Record<string, readonly (readonly string[])[]>> = {
  CancelledFailure: [[
    '', 'Workflow canceled', 'CANCELLED', 'Workflow cancelled', 'Child Workflow execution cancelled',
    'Child Workflow execution cancelled before scheduled',
  ]],
  TerminatedFailure: [
    ['terminated by user via frontend', 'Terminated', 'Workflow execution terminated', 'enough'],
    ['by parent close policy', 'terminated by the close of its parent'],
  ],
  TimeoutFailure: [
    ['Timed out', 'Workflow execution timed out'],
    ['activity StartToClose timeout', 'Activity timed out', 'activity START_TO_CLOSE timeout'],
    ['activity Heartbeat timeout', 'activity HEARTBEAT timeout'],
    ['activity ScheduleToStart timeout', 'activity SCHEDULE_TO_START timeout'],
    [
      'Not enough time to schedule next retry before activity ScheduleToClose timeout, giving up retrying',
      'activity SCHEDULE_TO_CLOSE timeout', 'activity ScheduleToClose timeout',
    ],
  ],
  ActivityFailure: [
    ['Activity cancelled', 'Activity task cancelled'],
    ['Local Activity timed out', 'Activity task timed out'],
  ],
  ApplicationFailure: [
    ['No registered handler for update: unknown', 'No registered handler for update: unknown. It handles: add, broken, slow'],
    ['a text', 'A value that is not an Error was thrown: "a text"'],
    ['undefined', 'A value that is not an Error was thrown: undefined'],
  ],
}

/** The same text for both. */
export function sameWords(kind: string, message: string): string {
  return words[kind]?.find((group) => group.includes(message))?.[0] ?? message
}

/**
 * Events of what was asked for: Perdure derives them from the events of what came of it, or does without. Marks and changes of
 * attributes stand in another place, or have no event.
 */
const derived = [
  'TimerStarted', 'TimerCanceled', 'ActivityTaskScheduled', 'ActivityTaskStarted', 'ActivityTaskCancelRequested', 'MarkerRecorded',
  'StartChildWorkflowExecutionInitiated', 'SignalExternalWorkflowExecutionInitiated', 'RequestCancelExternalWorkflowExecutionInitiated',
  'WorkflowPropertiesModified', 'UpsertWorkflowSearchAttributes',
]
const localActivity = 'MarkerRecorded core_local_activity'

/** Lines of a history without those, and without the texts behind the others; signals and updates keep their names. */
export function sameEvents(lines: readonly string[]): readonly string[] {
  const asked = 'WorkflowExecutionCancelRequested'
  return lines.flatMap((line, index) => {
    // Asked twice, by a scope and by the close of the parent, it may be told once.
    if (line.startsWith(asked) && lines.slice(0, index).some((before) => before.startsWith(asked))) return []
    const [type = line, name] = line.split(' ')
    if (line.startsWith(localActivity)) return [endOfLocal(line)]
    if (derived.includes(type)) return []
    if (type === 'WorkflowExecutionSignaled' || type === 'WorkflowExecutionUpdateAccepted') return [`${type} ${name}`]
    return [type]
  })
}

/** Its mark tells them apart by the message. */
function endOfLocal(line: string): string {
  if (line === localActivity) return 'ActivityTaskCompleted'
  return line.endsWith(' timed out') ? 'ActivityTaskTimedOut' : 'ActivityTaskFailed'
}
