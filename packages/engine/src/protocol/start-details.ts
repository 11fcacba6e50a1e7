/**
 * What is known of an execution from its start and needs no column: workers and clients read it, stores keep it as one
 * payload. What was not given is not there, and most executions have none of it.
 */
import type { Headers } from '@perdure/workflow'
import type { ResolvedRetryPolicy } from '@perdure/workflow/host'
import { decodeHeaders, encodeHeaders, type StoredHeaders } from './headers.ts'
import type { Millis, RunId } from './ids.ts'
import type { Payload } from './payload.ts'
import { PayloadError } from './payload-error.ts'

export interface StartDetails {
  /** Only when one was given: workflows are not retried by default. */
  readonly retry?: ResolvedRetryPolicy
  /** From the first run's start to the end of the whole chain. */
  readonly executionTimeoutMs?: number
  /** Of each run. */
  readonly runTimeoutMs?: number
  /** Kept and shown; turns of workflow code have no timeout here. */
  readonly taskTimeoutMs?: number
  /** End of executionTimeoutMs: the same for every run of the chain. */
  readonly executionExpiresAt?: Millis
  /** From 1; absent: 1. Counts the runs that the retry policy made. */
  readonly attempt?: number
  /** When the first run of the chain started; absent: this is it. */
  readonly firstStartedAt?: Millis
  /** The run before this one. */
  readonly continuedFrom?: RunId
  readonly parent?: RelatedRun & { readonly namespace: string }
  /** The topmost ancestor; absent: this execution itself, or its parent. */
  readonly root?: RelatedRun
  readonly headers?: Headers
  readonly cronSchedule?: string
  readonly staticSummary?: string
  readonly staticDetails?: string
  /** Result of the last run of the chain that had one. */
  readonly lastResult?: Payload
  /** Failure of the run before this one, which the retry policy went on from. */
  readonly lastFailure?: Payload
  /** Memo and search attributes of the start, where the code has changed them since: replay begins with these. */
  readonly startedWith?: { readonly memo: Payload | null; readonly searchAttributes: Payload | null }
  /** Why there is a run after the one named by continuedFrom. */
  readonly restartReason?: RestartReason
}

export interface RelatedRun {
  readonly workflowId: string
  readonly runId: RunId
}

export type RestartReason = 'CONTINUE_AS_NEW' | 'RETRY' | 'CRON'

type StoredDetails = Omit<StartDetails, 'headers'> & { readonly headers?: StoredHeaders }

/** Null when nothing is there. */
export function encodeStartDetails({ headers, ...rest }: StartDetails): Payload | null {
  const text = JSON.stringify({ ...rest, headers: encodeHeaders(headers) })
  return text === '{}' ? null : text as Payload
}

const none: StartDetails = Object.freeze({})

/** @throws PayloadError PAYLOAD_UNREADABLE */
export function decodeStartDetails(details: Payload | null | undefined): StartDetails {
  if (details === null || details === undefined) return none
  const { headers, ...rest } = parsed(details)
  return headers === undefined ? rest : { ...rest, headers: decodeHeaders(headers) }
}

function parsed(details: Payload): StoredDetails {
  let value: unknown
  try {
    value = JSON.parse(details)
  } catch (cause) {
    throw unreadable(details, cause)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw unreadable(details, undefined)
}

function unreadable(details: Payload, cause: unknown): PayloadError {
  const start = JSON.stringify(details.slice(0, 40))
  return new PayloadError('PAYLOAD_UNREADABLE', `The start details of an execution cannot be read: they begin with ${start}`, { cause })
}
