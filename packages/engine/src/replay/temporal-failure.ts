/** Our failures as Temporal's, and back. Pure. */
import { isEncoded, shownInPlace } from '../conversion/payload-codec.ts'
import { failureCausesMax } from '../limits.ts'
import type { Payload } from '../protocol/payload.ts'
import { decodePayload } from '../protocol/payload-codec.ts'
import { type Attributes, durationText, given } from './temporal-event.ts'
import { durationMsOf, enumOf } from './temporal-values.ts'
import {
  isJsonPayload, ownPayload, type TemporalPayload, type TemporalPayloads, temporalPayload, temporalValue,
} from './temporal-payload.ts'

/** As stored-failure.ts has it. */
interface StoredFailure {
  readonly kind: string
  readonly message: string
  readonly stackTrace?: string
  readonly encodedAttributes?: Payload
  readonly payloads?: readonly Payload[]
  readonly cause?: StoredFailure
  readonly [field: string]: unknown
}

export interface TemporalFailure {
  readonly message?: string
  readonly source?: string
  readonly stackTrace?: string
  readonly encodedAttributes?: TemporalPayload | null
  readonly cause?: TemporalFailure | null
  readonly [info: string]: unknown
}

export function temporalFailure(payload: Payload): TemporalFailure {
  return written(decodePayload(payload) as StoredFailure)
}

/** The details alone, as of a cancelled activity. */
export function temporalDetails(payload: Payload): TemporalPayloads {
  return payloads(decodePayload(payload) as StoredFailure) ?? { payloads: [] }
}

function written(failure: StoredFailure): TemporalFailure {
  const { message, stackTrace, encodedAttributes, cause } = failure
  return {
    message, source: 'perdure',
    ...given({
      stackTrace, encodedAttributes: encodedAttributes === undefined ? undefined : temporalPayload(encodedAttributes),
      cause: cause === undefined ? undefined : written(cause),
    }),
    ...infoOf(failure),
  }
}

function infoOf(failure: StoredFailure): Attributes {
  const { kind } = failure
  switch (kind) {
    case 'application':
      return {
        applicationFailureInfo: given({
          type: failure['type'], nonRetryable: failure['nonRetryable'], details: payloads(failure),
          nextRetryDelay: typeof failure['nextRetryDelayMs'] === 'number' ? durationText(failure['nextRetryDelayMs']) : undefined,
          category: enumMember('APPLICATION_ERROR_CATEGORY', failure['category']),
        }),
      }
    case 'cancelled':
      return { canceledFailureInfo: given({ details: payloads(failure) }) }
    case 'terminated':
      return { terminatedFailureInfo: {} }
    case 'timeout':
      return {
        timeoutFailureInfo: given({
          timeoutType: enumMember('TIMEOUT_TYPE', failure['timeoutType']), lastHeartbeatDetails: payloads(failure),
        }),
      }
    case 'server':
      return { serverFailureInfo: { nonRetryable: failure['nonRetryable'] ?? false } }
    case 'activity':
      return {
        activityFailureInfo: given({
          activityType: { name: failure['activityType'] }, activityId: failure['activityId'], identity: failure['identity'],
          retryState: enumMember('RETRY_STATE', failure['retryState']),
        }),
      }
    case 'childWorkflow':
      return {
        childWorkflowExecutionFailureInfo: given({
          namespace: failure['namespace'], workflowType: { name: failure['workflowType'] },
          workflowExecution: given({ workflowId: failure['workflowId'], runId: failure['runId'] }),
          retryState: enumMember('RETRY_STATE', failure['retryState']),
        }),
      }
    default:
      return {}
  }
}

/** Its details, or the last heartbeat. */
function payloads(failure: StoredFailure): TemporalPayloads | undefined {
  if (failure.payloads !== undefined) return { payloads: failure.payloads.map(temporalPayload) }
  const { details, lastHeartbeatDetails: last } = failure
  if (Array.isArray(details)) return { payloads: details.map(temporalValue) }
  return last === undefined ? undefined : { payloads: [temporalValue(last)] }
}

function enumMember(prefix: string, name: unknown): string | undefined {
  return typeof name === 'string' ? `${prefix}_${name}` : undefined
}

/** @param where names the failure in errors */
export function ownFailure(failure: TemporalFailure | null | undefined, where: string): Payload {
  return JSON.stringify(read(failure ?? {}, where, 0)) as Payload
}

function read(failure: TemporalFailure, where: string, depth: number): StoredFailure {
  const { message = '', stackTrace, encodedAttributes, cause } = failure
  const attributes = isReadable(encodedAttributes) ? ownPayload(encodedAttributes, `encoded attributes of the ${where}`) : ''
  return {
    ...fieldsOf(failure, where), message, source: 'perdure',
    ...given({
      stackTrace: stackTrace === '' ? undefined : stackTrace, encodedAttributes: attributes === '' ? undefined : attributes,
      cause: cause === undefined || cause === null || depth >= failureCausesMax ? undefined : read(cause, where, depth + 1),
    }),
  }
}

function fieldsOf(failure: TemporalFailure, where: string): { readonly kind: string; readonly [field: string]: unknown } {
  const info = (name: string): Record<string, never> | undefined => failure[name] as Record<string, never> | undefined ?? undefined
  const application = info('applicationFailureInfo')
  if (application !== undefined) {
    const { type, nonRetryable, details, nextRetryDelay, category } = application
    return {
      kind: 'application',
      ...given({
        type: type ?? undefined, nonRetryable: nonRetryable ?? false, ...values(details, where),
        nextRetryDelayMs: durationMsOf(nextRetryDelay), category: enumOf(category, 'APPLICATION_ERROR_CATEGORY'),
      }),
    }
  }
  const cancelled = info('canceledFailureInfo')
  if (cancelled !== undefined) return { kind: 'cancelled', details: [], ...values(cancelled['details'], where) }
  const timeout = info('timeoutFailureInfo')
  if (timeout !== undefined) {
    const { details: [lastHeartbeatDetails] = [], ...others } = values(timeout['lastHeartbeatDetails'], where)
    return { kind: 'timeout', ...given({ timeoutType: enumOf(timeout['timeoutType'], 'TIMEOUT_TYPE'), lastHeartbeatDetails, ...others }) }
  }
  const activity = info('activityFailureInfo')
  if (activity !== undefined) {
    const { activityType, activityId, identity, retryState } = activity
    return {
      kind: 'activity',
      ...given({ activityType: nameOf(activityType), activityId, identity, retryState: enumOf(retryState, 'RETRY_STATE') }),
    }
  }
  const child = info('childWorkflowExecutionFailureInfo')
  if (child !== undefined) return childFields(child)
  if (info('terminatedFailureInfo') !== undefined) return { kind: 'terminated' }
  const server = info('serverFailureInfo')
  return server === undefined ? { kind: 'other' } : { kind: 'server', nonRetryable: server['nonRetryable'] ?? false }
}

function childFields(child: Record<string, unknown>): { readonly kind: string; readonly [field: string]: unknown } {
  const { namespace, workflowType, workflowExecution, retryState } = child
  const { workflowId, runId } = (workflowExecution ?? {}) as { readonly workflowId?: string; readonly runId?: string }
  return {
    kind: 'childWorkflow',
    ...given({ namespace, workflowId, runId, workflowType: nameOf(workflowType), retryState: enumOf(retryState, 'RETRY_STATE') }),
  }
}

function nameOf(type: unknown): string | undefined {
  return (type as { readonly name?: string } | null | undefined)?.name
}

/** Attributes that a codec encrypted stay away: a failure is a failure without them too. */
function isReadable(attributes: TemporalPayload | null | undefined): boolean {
  return attributes !== undefined && attributes !== null && (attributes.stored !== undefined || isJsonPayload(attributes))
}

interface Values {
  readonly details?: readonly unknown[]
  /** Where one of them is no JSON. */
  readonly payloads?: readonly Payload[]
}

function values(list: TemporalPayloads | null | undefined, where: string): Values {
  const own = list?.payloads?.map((each, index) => ownPayload(each, `detail ${index + 1} of the ${where}`))
  if (own === undefined) return {}
  const details = own.map((each) => isEncoded(each) ? shownInPlace(each) : decodePayload(each) ?? null)
  return own.some(isEncoded) ? { details, payloads: own } : { details }
}

