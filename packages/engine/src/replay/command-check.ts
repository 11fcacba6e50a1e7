/** Are the commands that the code issued those that a workflow task of Temporal recorded? Pure. */
import type { Command } from '../execution/command.ts'
import type { LiveExecution } from '../execution/live-execution.ts'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import { type CommandNumber, isRunId } from '../protocol/ids.ts'
import type { HistoryEventRead } from './history-events.ts'
import { isLocalActivityMarker } from './local-activity-markers.ts'
import { patchOf } from './patch-markers.ts'
import { type LocalActivityCalls, recordedCommands } from './recorded-commands.ts'
import type { Attributes } from './temporal-event.ts'
import type { TemporalSequences } from './temporal-sequences.ts'
import { textOf } from './temporal-values.ts'
import type { WorkflowTask } from './workflow-tasks.ts'

/** What a command becomes. */
interface Issued {
  readonly type: string
  /** Compared with those of the event. */
  readonly facts: Readonly<Record<string, string>>
  readonly command: CommandNumber | undefined
  readonly text: string
}

export interface CommandNumbers {
  readonly sequences: TemporalSequences
  /** Commands by the events that they became. */
  readonly byEvent: Map<number, CommandNumber>
  /** Patches that the code has asked for. */
  readonly patches: ReadonlySet<string>
  readonly locals: LocalActivityCalls
  /** Timers of the SDK between the attempts of a local activity. */
  readonly isBackoff: (timerId: string) => boolean
}

/** @throws NondeterminismError */
export function checkCommands(task: WorkflowTask, commands: readonly Command[], live: LiveExecution, numbers: CommandNumbers): void {
  const { sequences, byEvent, locals } = numbers
  sequences.note(live.pending)
  const commandsRecorded = recordedCommands(commands, locals).filter((each) => each.type !== 'CancelActivity' || !locals.has(each.command))
  if (task.commands === undefined) return
  const issued = [...commandsRecorded.map((command) => issuedOf(command, live, sequences)), ...endOf(live)]
  const recorded = recordedEvents(task.commands, numbers)
  for (const [index, event] of recorded.entries()) {
    const got = issued[index]
    if (got === undefined) throw mismatch(event.id, describeEvent(event), `the code issued ${count(issued.length)} here and no more`)
    if (!fits(event, got)) throw mismatch(event.id, describeEvent(event), got.text, live, got.command)
    if (got.command !== undefined && !byEvent.has(event.id)) byEvent.set(event.id, got.command)
  }
  const more = issued[recorded.length]
  if (more === undefined) return
  throw mismatch(task.endEventId, `${count(recorded.length)} of this workflow task`, `one more: ${more.text}`, live, more.command)
}

/** Without those that tell what the task took in, and of what is not asked for by commands here. */
function recordedEvents(events: readonly HistoryEventRead[], { patches, isBackoff }: CommandNumbers): readonly HistoryEventRead[] {
  return events.filter((event) => {
    const { type, attributes } = event
    if (type === 'WorkflowExecutionUpdateAccepted' || isLocalActivityMarker(event)) return false
    if ((type === 'TimerStarted' || type === 'TimerCanceled') && isBackoff(textOf(attributes['timerId']))) return false
    if (type === 'UpsertWorkflowSearchAttributes') return !isPatchList(attributes)
    const patch = type === 'MarkerRecorded' ? patchOf(attributes) : undefined
    if (patch === undefined) return true
    if (patch.deprecated || patches.has(patch.patchId) || internalPatch.test(patch.patchId)) return false
    throw mismatch(event.id, `patch '${patch.patchId}'`, 'the code does not ask for it here')
  })
}

/** Of Temporal's SDK itself, which always takes the new way here. */
const internalPatch = /^__(sdk|temporal)_internal_/

/** Temporal's SDK lists the patches of an execution among its search attributes. */
function isPatchList({ searchAttributes }: Attributes): boolean {
  const { indexedFields = {} } = (searchAttributes ?? {}) as { readonly indexedFields?: object }
  return Object.keys(indexedFields).join() === 'TemporalChangeVersion'
}

function issuedOf(command: Command, live: LiveExecution, sequences: TemporalSequences): Issued {
  switch (command.type) {
    case 'ScheduleActivity': {
      const { activityType } = command
      const activityId = command.options.activityId ?? sequences.of(command.command)
      const text = activity(activityType, activityId)
      return { type: 'ActivityTaskScheduled', facts: { activityType, activityId }, command: command.command, text }
    }
    case 'CancelActivity': {
      const what = live.pending.describe(command.command) ?? 'activity'
      return { type: 'ActivityTaskCancelRequested', facts: {}, command: command.command, text: `the cancellation of ${what}` }
    }
    case 'StartTimer': {
      const timerId = sequences.of(command.command)
      return { type: 'TimerStarted', facts: { timerId }, command: command.command, text: `timer ${timerId}` }
    }
    case 'CancelTimer': {
      const timerId = sequences.of(command.command)
      return { type: 'TimerCanceled', facts: { timerId }, command: command.command, text: `the cancellation of timer ${timerId}` }
    }
    default:
      return issuedToOthers(command)
  }
}

type Other = Exclude<Command, { type: 'ScheduleActivity' | 'CancelActivity' | 'StartTimer' | 'CancelTimer' }>

function issuedToOthers(command: Other): Issued {
  switch (command.type) {
    case 'StartChildWorkflow': {
      const { workflowType, options: { workflowId = '' } } = command.child
      const text = `child workflow '${workflowType}' with id ${workflowId}`
      return { type: 'StartChildWorkflowExecutionInitiated', facts: { workflowType, workflowId }, command: command.command, text }
    }
    case 'AskExternalWorkflow': {
      const { kind, signalName, target } = command.request
      const text = kind === 'signal' ? `signal '${signalName}' to ${target.workflowId}` : `cancel request to ${target.workflowId}`
      if (kind === 'cancel') return { type: 'RequestCancelExternalWorkflowExecutionInitiated', facts: {}, command: command.command, text }
      return { type: 'SignalExternalWorkflowExecutionInitiated', facts: { signalName }, command: command.command, text }
    }
    case 'UpsertMemo':
      return { type: 'WorkflowPropertiesModified', facts: {}, command: undefined, text: 'a change of the memo' }
    case 'UpsertSearchAttributes':
      return { type: 'UpsertWorkflowSearchAttributes', facts: {}, command: undefined, text: 'a change of search attributes' }
    case 'CompleteUpdate':
      return {
        type: 'WorkflowExecutionUpdateCompleted', facts: { meta: command.updateId }, command: undefined,
        text: `the end of update ${command.updateId}`,
      }
  }
}

const endTypes = {
  completed: 'WorkflowExecutionCompleted', failed: 'WorkflowExecutionFailed', cancelled: 'WorkflowExecutionCanceled',
  continuedAsNew: 'WorkflowExecutionContinuedAsNew', terminated: 'WorkflowExecutionTerminated',
} as const

/** It stands behind all other commands of its task. */
function endOf({ outcome }: LiveExecution): Issued[] {
  if (outcome === undefined) return []
  const why = 'error' in outcome ? `: ${outcome.error instanceof Error ? outcome.error.message : String(outcome.error)}` : ''
  return [{ type: endTypes[outcome.type], facts: {}, command: undefined, text: `the workflow ended (${outcome.type}${why})` }]
}

function fits({ type, attributes }: HistoryEventRead, issued: Issued): boolean {
  if (type !== issued.type) return false
  return Object.entries(issued.facts).every(([name, value]) => {
    const recorded = nameOrText(attributes[name])
    // Ids that nobody chose are random, and other numbers are drawn here.
    return recorded === value || (name === 'workflowId' && isRunId(recorded) && isRunId(value))
  })
}

/** Types are objects with a name, updates with an id. */
function nameOrText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return textOf(value)
  return textOf('name' in value ? value.name : 'updateId' in value ? value.updateId : undefined)
}

export function describeEvent({ type, attributes }: HistoryEventRead): string {
  const what = whatOf(type, attributes)
  return what === undefined ? type : `${type}: ${what}`
}

function whatOf(type: string, attributes: Attributes): string | undefined {
  const { activityType, activityId, timerId, signalName } = attributes
  if (type === 'ActivityTaskScheduled') return activity(nameOrText(activityType), textOf(activityId))
  if (type.startsWith('Timer')) return `timer ${textOf(timerId)}`
  return type === 'WorkflowExecutionSignaled' ? `signal '${textOf(signalName)}'` : undefined
}

function activity(type: string, id: string): string {
  return `activity '${type}' with id ${id}`
}

function count(commands: number): string {
  return commands === 0 ? 'no command' : `${commands} command${commands === 1 ? '' : 's'}`
}

function mismatch(seq: number, expected: string, got: string, live?: LiveExecution, command?: CommandNumber): NondeterminismError {
  return new NondeterminismError({ seq, expected, got, location: command === undefined ? undefined : live?.pending.location(command) })
}
