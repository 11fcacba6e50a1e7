/** Are the commands that the code issued those that a workflow task of Temporal recorded? Pure. */
import type { Command } from '../execution/command.ts'
import type { LiveExecution } from '../execution/live-execution.ts'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { CommandNumber } from '../protocol/ids.ts'
import type { HistoryEventRead } from './history-events.ts'
import { recordedCommands } from './recorded-commands.ts'
import type { Attributes } from './temporal-event.ts'
import type { TemporalSequences } from './temporal-sequences.ts'
import { textOf } from './temporal-values.ts'
import type { WorkflowTask } from './workflow-tasks.ts'
import { known } from './known-commands.ts'

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
}

/** @throws NondeterminismError */
export function checkCommands(task: WorkflowTask, commands: readonly Command[], live: LiveExecution, numbers: CommandNumbers): void {
  const { sequences, byEvent } = numbers
  sequences.note(live.pending)
  if (task.commands === undefined) return
  const issued = [...recordedCommands(commands).map((command) => issuedOf(command, live, sequences)), ...endOf(live)]
  for (const [index, event] of task.commands.entries()) {
    const got = issued[index]
    if (got === undefined) throw mismatch(event.id, describeEvent(event), `the code issued ${count(issued.length)} here and no more`)
    if (!fits(event, got)) throw mismatch(event.id, describeEvent(event), got.text, live, got.command)
    if (got.command !== undefined && !byEvent.has(event.id)) byEvent.set(event.id, got.command)
  }
  const more = issued[task.commands.length]
  if (more === undefined) return
  throw mismatch(task.endEventId, `${count(task.commands.length)} of this workflow task`, `one more: ${more.text}`, live, more.command)
}

function issuedOf(given: Command, live: LiveExecution, sequences: TemporalSequences): Issued {
  const command = known(given)
  const sequence = sequences.of(command.command)
  switch (command.type) {
    case 'ScheduleActivity': {
      const { activityType } = command
      const activityId = command.options.activityId ?? sequence
      const text = activity(activityType, activityId)
      return { type: 'ActivityTaskScheduled', facts: { activityType, activityId }, command: command.command, text }
    }
    case 'CancelActivity': {
      const what = live.pending.describe(command.command) ?? 'activity'
      return { type: 'ActivityTaskCancelRequested', facts: {}, command: command.command, text: `the cancellation of ${what}` }
    }
    case 'StartTimer':
      return { type: 'TimerStarted', facts: { timerId: sequence }, command: command.command, text: `timer ${sequence}` }
    case 'CancelTimer': {
      const text = `the cancellation of timer ${sequence}`
      return { type: 'TimerCanceled', facts: { timerId: sequence }, command: command.command, text }
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
  return Object.entries(issued.facts).every(([name, value]) => nameOrText(attributes[name]) === value)
}

/** Types are objects with a name. */
function nameOrText(value: unknown): string {
  return textOf(typeof value === 'object' && value !== null && 'name' in value ? value.name : value)
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
