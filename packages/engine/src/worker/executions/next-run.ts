/** The run that follows one: after continue-as-new, or when the retry policy of the workflow says so. Plain data from plain data. */
import type { ContinueAsNewRequest } from '@perdure/workflow/host'
import { ApplicationFailure, TimeoutFailure } from '@perdure/workflow'
import type { GivenPayloads } from '../../execution/command.ts'
import type { ExecutionRecord } from '../../protocol/execution-record.ts'
import { retryDelayMs } from '../../protocol/failure-level.ts'
import { isFinalFailure } from '../../protocol/final-failure.ts'
import type { Millis } from '../../protocol/ids.ts'
import { encodePayload } from '../../protocol/payload-codec.ts'
import type { Payload } from '../../protocol/payload.ts'
import { nextAttempt } from '../../protocol/retry.ts'
import { runExpiry } from '../../protocol/run-expiry.ts'
import { decodeStartDetails, encodeStartDetails, type StartDetails } from '../../protocol/start-details.ts'
import type { StartRecord } from '../../protocol/transition.ts'
import { derivedRunId } from './derived-run-id.ts'

export interface Visible {
  readonly memo: Payload | null
  readonly searchAttributes: Payload | null
}

export function continuedRun(
  record: ExecutionRecord, { workflowType, options }: ContinueAsNewRequest, given: GivenPayloads, visible: Visible, at: Millis,
): StartRecord {
  const before = decodeStartDetails(record.details)
  const { runTimeoutMs = before.runTimeoutMs, taskTimeoutMs = before.taskTimeoutMs, headers = before.headers, startDelayMs = 0 } = options
  const { retry } = before
  const details: StartDetails = {
    ...chainOf(record, before), ...(retry === undefined ? {} : { retry }), ...(runTimeoutMs === undefined ? {} : { runTimeoutMs }),
    ...(taskTimeoutMs === undefined ? {} : { taskTimeoutMs }), ...(headers === undefined ? {} : { headers }),
    restartReason: 'CONTINUE_AS_NEW',
  }
  return {
    ...following(record, details, at, at + startDelayMs),
    workflowType, taskQueue: options.taskQueue ?? record.taskQueue, input: given.input,
    // Of the start: a changed memo stays behind, as on Temporal; options.memo takes it along.
    memo: given.memo ?? (before.startedWith ?? record).memo,
    searchAttributes: options.searchAttributes === undefined ? visible.searchAttributes
      : encodePayload(options.searchAttributes, 'search attributes of continueAsNew()'),
  }
}

/** How a run failed: what its retry policy looks at, and what the next run is told of. */
export interface RunFailure {
  readonly error: unknown
  readonly failure: Payload
}

/** It begins as this one began, as on Temporal: what its code has changed since stays behind. Undefined: no other run follows. */
export function retriedRun(record: ExecutionRecord, { error, failure: lastFailure }: RunFailure, at: Millis): StartRecord | undefined {
  const before = decodeStartDetails(record.details)
  const { retry, attempt = 1, executionExpiresAt } = before
  if (retry === undefined) return undefined
  const isTimeout = error instanceof TimeoutFailure
  if (isTimeout && executionExpiresAt !== undefined && at >= executionExpiresAt) return undefined
  const next = nextAttempt({
    options: { retry, cancellationType: 'TRY_CANCEL' }, attempt, scheduledAt: record.startedAt, now: at, cancelRequested: false,
    failureType: null, nonRetryable: isFinalFailure(error, retry.nonRetryableErrorTypes),
    nextRetryDelayMs: (error instanceof ApplicationFailure ? retryDelayMs(error.nextRetryDelay) : undefined) ?? null,
  })
  if (next.type === 'end' || (executionExpiresAt !== undefined && next.availableAt >= executionExpiresAt)) return undefined
  const { startedWith: { memo, searchAttributes } = record, ...same } = before
  const details: StartDetails = {
    ...same, ...chainOf(record, before), attempt: attempt + 1, lastFailure, restartReason: 'RETRY',
  }
  return { ...following(record, details, at, next.availableAt), memo, searchAttributes }
}

/** What stays the same in all runs of a chain. */
function chainOf(record: ExecutionRecord, before: StartDetails): StartDetails {
  const { executionTimeoutMs, executionExpiresAt, parent, root, cronSchedule, staticSummary, staticDetails, lastResult } = before
  return withoutUndefined({
    executionTimeoutMs, executionExpiresAt, parent, root, cronSchedule, staticSummary, staticDetails, lastResult,
    firstStartedAt: before.firstStartedAt ?? record.startedAt, continuedFrom: record.runId,
  })
}

function following(record: ExecutionRecord, details: StartDetails, at: Millis, wakeAt: Millis): StartRecord {
  const { namespace, workflowId, workflowType, taskQueue, priority, input, memo, searchAttributes, firstRunId, parent } = record
  // Of two that started in the same millisecond nobody could say which is the last.
  const startedAt = Math.max(at, record.startedAt + 1)
  return {
    namespace, workflowId, runId: derivedRunId(record.runId, 'next', startedAt), workflowType, taskQueue, priority, input, memo,
    searchAttributes, startedAt, wakeAt: Math.max(wakeAt, startedAt), reusePolicy: 'ALLOW_DUPLICATE', conflictPolicy: 'FAIL', owned: false,
    link: {
      firstRunId, parent: parent ?? null, expiresAt: runExpiry(details, wakeAt), details: encodeStartDetails(details), messages: [],
    },
  }
}

function withoutUndefined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> }
}
