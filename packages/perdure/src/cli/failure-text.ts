/** Failures as data and as text: those that were thrown, and those that come with a description or a history. */
import {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, ServerFailure, TemporalFailure, TerminatedFailure,
  TimeoutFailure,
} from '@perdure/workflow'
import { frameText, userFrames } from './stack-frames.ts'
import { printable, shown } from './text.ts'

/** A failure as plain data: as it is stored, and as -o json prints it. */
export interface FailureData {
  readonly kind: string
  readonly message: string
  readonly type?: string
  readonly details?: readonly unknown[]
  readonly timeoutType?: string
  readonly activityType?: string
  readonly workflowType?: string
  readonly retryState?: string
  readonly stackTrace?: string
  readonly cause?: FailureData
}

/** Chains may be circular. */
const causesShownMax = 20

const classes = [
  ['application', ApplicationFailure], ['cancelled', CancelledFailure], ['terminated', TerminatedFailure], ['timeout', TimeoutFailure],
  ['activity', ActivityFailure], ['childWorkflow', ChildWorkflowFailure], ['server', ServerFailure], ['other', TemporalFailure],
] as const

const names: ReadonlyMap<string, string> = new Map(classes.map(([kind, { name }]) => [kind, name]))

/** The failure that a value of a description or a history is, if it is one. */
export function failureOf(value: unknown): FailureData | undefined {
  if (value instanceof Error) return failureData(value)
  return isFailureData(value) ? value : undefined
}

function isFailureData(value: unknown): value is FailureData {
  if (typeof value !== 'object' || value === null) return false
  const { kind, message } = value as Partial<FailureData>
  return typeof kind === 'string' && typeof message === 'string'
}

/** What was thrown, in the form in which it would be stored. */
export function failureData(failure: Error, depth = 0): FailureData {
  const kind = classes.find(([, each]) => failure instanceof each)?.[0] ?? 'application'
  const fields = Object.entries(failure).filter(([name, value]) => !['name', 'cause', 'toJSON'].includes(name) && isGiven(value))
  const cause = failure.cause instanceof Error && depth < causesShownMax ? { cause: failureData(failure.cause, depth + 1) } : {}
  const stack = failure.stack === undefined || failure.stack === '' ? {} : { stackTrace: failure.stack }
  // What a failure converter made.
  const type = failure instanceof TemporalFailure ? {} : { type: failure.constructor.name }
  return { kind, message: failure.message, ...type, ...stack, ...Object.fromEntries(fields), ...cause }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** `ApplicationFailure CardDeclined: no funds`, and a line for each cause; none for what is no failure. */
export function failureLines(failure: unknown): string[] {
  return failureChain(failure).map(failureLine)
}

/** The same, each followed by where it was thrown in the user's files. */
export function failureLinesWithPlaces(failure: unknown): string[] {
  return failureChain(failure).flatMap((each) => {
    const frames = userFrames(each.stackTrace).slice(0, framesShownMax)
    return [failureLine(each), ...frames.map((frame) => `  ${printable(frameText(frame))}`)]
  })
}
const framesShownMax = 5

function failureChain(failure: unknown): FailureData[] {
  const chain: FailureData[] = []
  let current: unknown = failureOf(failure)
  while (isFailureData(current) && chain.length < causesShownMax) {
    chain.push(current)
    current = current.cause
  }
  return chain
}

/** The end of an execution that let its cancellation pass: nothing that its status does not say. */
export function isPlainCancellation(failure: unknown): boolean {
  const [only, ...others] = failureChain(failure)
  return only !== undefined && others.length === 0 && failureLine(only) === cancelledName
}

/** The line that says most: what user code threw. */
export function deepestFailureLine(failure: unknown): string {
  return failureLines(failure).at(-1) ?? ''
}

function failureLine(failure: FailureData): string {
  const name = [names.get(failure.kind) ?? failure.kind, ...wordsOf(failure)].join(' ')
  // It says the same as the name, in another spelling than the status.
  if (failure.kind === 'cancelled' && /^Workflow cancell?ed$/.test(failure.message) && (failure.details ?? []).length === 0) return name
  const details = failure.details === undefined || failure.details.length === 0 ? '' : ` ${shown(failure.details)}`
  return `${printable(`${name}: ${failure.message}`)}${details}`
}

const cancelledName = CancelledFailure.name

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
