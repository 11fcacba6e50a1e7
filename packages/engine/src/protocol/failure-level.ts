/** One thrown value taken apart into what is stored of it, without its cause. */
import {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, ServerFailure, TemporalFailure, TerminatedFailure,
  TimeoutFailure,
} from '@perdure/workflow'
import { describeThrown, durationToMs, isError, thrownType } from '@perdure/workflow/host'
import { failureTextCharactersMax } from '../limits.ts'
import type { FailureKind, KindFields, StoredFailure } from './stored-failure.ts'
import { userStack } from './user-stack.ts'

/** From details as they were given, which may be no list, to those that are kept. */
export type DetailsOf = (given: unknown) => unknown[]

export function failureLevel(thrown: unknown, detailsOf: DetailsOf): StoredFailure {
  const kind = kindOf(thrown)
  const message = cutText(thrown instanceof TemporalFailure ? thrown.message : describeThrown(thrown))
  const stackTrace = stackOf(thrown)
  return {
    kind, message, source: 'perdure',
    ...(stackTrace === undefined ? {} : { stackTrace }),
    ...fieldsOf(thrown, kind, detailsOf),
  }
}

function stackOf(thrown: unknown): string | undefined {
  return isError(thrown) && typeof thrown.stack === 'string' && thrown.stack !== '' ? cutText(userStack(thrown.stack)) : undefined
}

/** Undefined: it has none. */
export function thrownCause(thrown: unknown): unknown {
  if (!isError(thrown)) return undefined
  if (thrown.cause !== undefined && thrown.cause !== null) return thrown.cause
  const { errors } = thrown as { errors?: unknown }
  return Array.isArray(errors) && isError(errors[0]) ? errors[0] : undefined
}

function kindOf(thrown: unknown): FailureKind {
  if (!(thrown instanceof TemporalFailure)) return 'application'
  if (thrown instanceof ApplicationFailure) return 'application'
  if (thrown instanceof ActivityFailure) return 'activity'
  if (thrown instanceof CancelledFailure) return 'cancelled'
  if (thrown instanceof TimeoutFailure) return 'timeout'
  if (thrown instanceof ChildWorkflowFailure) return 'childWorkflow'
  if (thrown instanceof TerminatedFailure) return 'terminated'
  return thrown instanceof ServerFailure ? 'server' : 'other'
}

function fieldsOf(thrown: unknown, kind: FailureKind, detailsOf: DetailsOf): KindFields {
  switch (kind) {
    case 'application':
      if (thrown instanceof ApplicationFailure) return applicationFields(thrown, detailsOf)
      return given({ type: thrownType(thrown), nonRetryable: false })
    case 'cancelled':
      return { details: detailsOf((thrown as CancelledFailure).details) }
    case 'timeout': {
      const { lastHeartbeatDetails, timeoutType } = thrown as TimeoutFailure
      const [last] = lastHeartbeatDetails === undefined ? [] : detailsOf([lastHeartbeatDetails])
      return given({ lastHeartbeatDetails: last, timeoutType })
    }
    case 'activity': {
      const { activityType, activityId, retryState, identity } = thrown as ActivityFailure
      return given({ activityType, activityId, retryState, identity })
    }
    case 'childWorkflow': {
      const { namespace, execution, workflowType, retryState } = thrown as ChildWorkflowFailure
      const { workflowId, runId } = execution
      return given({ namespace, workflowId: workflowId ?? undefined, runId: runId ?? undefined, workflowType, retryState })
    }
    case 'server':
      return { nonRetryable: (thrown as ServerFailure).nonRetryable }
    case 'terminated':
    case 'other':
      return {}
  }
}

function applicationFields(failure: ApplicationFailure, detailsOf: DetailsOf): KindFields {
  return given({
    type: failure.type ?? undefined,
    nonRetryable: failure.nonRetryable ?? false,
    details: hasDetails(failure) ? detailsOf(failure.details) : undefined,
    nextRetryDelayMs: retryDelayMs(failure.nextRetryDelay),
    category: failure.category ?? undefined,
  })
}

/** What was read has an empty list, as on Temporal. */
function hasDetails({ details }: ApplicationFailure): boolean {
  return isGiven(details) && !(Array.isArray(details) && details.length === 0)
}

/** A wrong delay must not hide the failure that carries it: the retry policy's interval holds then. */
export function retryDelayMs(delay: number | string | null | undefined): number | undefined {
  if (!isGiven(delay)) return undefined
  try {
    return durationToMs(delay, 'nextRetryDelay')
  } catch {
    return undefined
  }
}

/** At most the limit, the note included, so that a failure encoded again stays as it is. */
export function cutText(text: string): string {
  if (text.length <= failureTextCharactersMax) return text.toWellFormed()
  const kept = failureTextCharactersMax - noteCharacters
  return `${text.slice(0, kept).toWellFormed()} [${text.length - kept} more characters were cut]`
}
const noteCharacters = 64

export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null
}

/** Without the members that are undefined. */
export function given<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
