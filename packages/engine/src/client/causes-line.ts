/** A failure and its causes in one line: "activity 'charge' failed: card declined". Pure. */
import {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, TerminatedFailure, TimeoutFailure,
} from '@perdure/workflow'
import { causesShownMax, causeShownCharactersMax } from '../limits.ts'

export function causesLine(failure: Error): string {
  const parts: string[] = []
  let current: unknown = failure
  for (let depth = 0; depth < causesShownMax && current instanceof Error; depth++) {
    const part = partOf(current)
    // Who wraps an error often repeats its message.
    if (part !== '' && parts.at(-1)?.endsWith(part) !== true) parts.push(part)
    current = current.cause
  }
  return parts.join(': ')
}

function partOf(failure: Error): string {
  if (failure instanceof ActivityFailure) return `activity '${failure.activityType}' ${endOf(failure)}`
  if (failure instanceof ChildWorkflowFailure) return `child workflow '${failure.workflowType}' ${endOf(failure)}`
  const { message } = failure
  if (message !== '') return sayNothing.has(message) ? '' : firstLine(message)
  return failure instanceof ApplicationFailure ? failure.type ?? '' : ''
}

function endOf({ cause }: ActivityFailure | ChildWorkflowFailure): string {
  if (cause instanceof CancelledFailure) return 'was cancelled'
  if (cause instanceof TerminatedFailure) return 'was terminated'
  return cause instanceof TimeoutFailure ? 'timed out' : 'failed'
}

/** The engine's own words for what the line says already. */
const sayNothing: ReadonlySet<string> = new Set([
  'CANCELLED', 'Workflow cancelled', 'Workflow canceled', 'Workflow execution terminated', 'Workflow execution timed out',
])

function firstLine(message: string): string {
  const [line = ''] = message.split('\n')
  const isWhole = line.length === message.length && line.length <= causeShownCharactersMax
  return isWhole ? line : `${line.slice(0, causeShownCharactersMax).trimEnd()} ...`
}
