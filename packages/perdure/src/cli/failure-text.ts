/** Failures as data and as text: those that were thrown here, and those that come with a description or a history. */
import {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, ServerFailure, TemporalFailure, TerminatedFailure,
  TimeoutFailure,
} from '@perdure/workflow'
import { printable, shown } from './text.ts'

/** As descriptions and histories have it, which is as it is stored. */
export interface FailureData {
  readonly kind: string
  readonly message: string
  readonly type?: string
  readonly details?: readonly unknown[]
  readonly timeoutType?: string
  readonly activityType?: string
  readonly workflowType?: string
  readonly retryState?: string
  readonly cause?: FailureData
}

/** Chains may be circular. */
const causesShownMax = 20

const classes = [
  ['application', ApplicationFailure], ['cancelled', CancelledFailure], ['terminated', TerminatedFailure], ['timeout', TimeoutFailure],
  ['activity', ActivityFailure], ['childWorkflow', ChildWorkflowFailure], ['server', ServerFailure], ['other', TemporalFailure],
] as const

const names: ReadonlyMap<string, string> = new Map(classes.map(([kind, { name }]) => [kind, name]))

export function isFailureData(value: unknown): value is FailureData {
  if (typeof value !== 'object' || value === null) return false
  const { kind, message } = value as Partial<FailureData>
  return typeof kind === 'string' && typeof message === 'string'
}

/** What was thrown, in the form in which it would be stored. */
export function failureData(failure: Error, depth = 0): FailureData {
  const kind = classes.find(([, each]) => failure instanceof each)?.[0] ?? 'application'
  const fields = Object.entries(failure).filter(([name, value]) => !['name', 'cause'].includes(name) && value !== undefined && value !== null)
  const cause = failure.cause instanceof Error && depth < causesShownMax ? { cause: failureData(failure.cause, depth + 1) } : {}
  return { kind, message: failure.message, ...Object.fromEntries(fields), ...cause }
}

/** `ApplicationFailure CardDeclined: no funds`, and a line for each cause. */
export function failureLines(failure: FailureData): string[] {
  const lines: string[] = []
  let current: unknown = failure
  while (isFailureData(current) && lines.length < causesShownMax) {
    lines.push(failureLine(current))
    current = current.cause
  }
  return lines
}

/** The line that says most: what user code threw. */
export function deepestFailureLine(failure: FailureData): string {
  return failureLines(failure).at(-1) ?? ''
}

function failureLine(failure: FailureData): string {
  const name = [names.get(failure.kind) ?? failure.kind, ...wordsOf(failure)].join(' ')
  const details = failure.details === undefined || failure.details.length === 0 ? '' : ` ${shown(failure.details)}`
  return `${printable(`${name}: ${failure.message}`)}${details}`
}

function wordsOf({ kind, type, timeoutType, activityType, workflowType, retryState }: FailureData): string[] {
  const isSaying = (word: string | undefined) => word !== undefined && word !== '' && word !== 'Error'
  switch (kind) {
    case 'application': return [type].filter(isSaying) as string[]
    case 'timeout': return [timeoutType].filter(isSaying) as string[]
    case 'activity': return [activityType, `(${retryState ?? 'unknown'})`].filter(isSaying) as string[]
    case 'childWorkflow': return [workflowType, `(${retryState ?? 'unknown'})`].filter(isSaying) as string[]
    default: return []
  }
}
