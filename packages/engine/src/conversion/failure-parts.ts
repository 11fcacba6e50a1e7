/** One level of a failure, from the stored form to that of protobuf and back. Causes and the details are the caller's. Pure. */
import type { Payload as ConvertedPayload } from '@perdure/workflow'
import { given, isGiven } from '../protocol/failure-level.ts'
import type { StoredFailure } from '../protocol/stored-failure.ts'
import {
  categoryCodec, durationMs, protoDuration, type ProtoFailure, type ProtoPayloads, retryStateCodec, timeoutTypeCodec,
} from './proto-failure.ts'

/** @param payloads its details, or the last heartbeat; undefined: it has none */
export function protoLevel(level: StoredFailure, payloads: readonly ConvertedPayload[] | undefined): ProtoFailure {
  const { message, source, stackTrace } = level
  const details = payloads === undefined ? undefined : { payloads: [...payloads] }
  return { message, source, ...(stackTrace === undefined ? {} : { stackTrace }), ...infoOf(level, details) }
}

function infoOf(level: StoredFailure, details: ProtoPayloads | undefined): ProtoFailure {
  switch (level.kind) {
    case 'application': {
      const { type, nonRetryable, nextRetryDelayMs, category } = level
      const nextRetryDelay = nextRetryDelayMs === undefined ? undefined : protoDuration(nextRetryDelayMs)
      return { applicationFailureInfo: given({ type, nonRetryable, details, nextRetryDelay, category: categoryCodec.numberOf(category) }) }
    }
    case 'cancelled':
      return { canceledFailureInfo: given({ details }) }
    case 'terminated':
      return { terminatedFailureInfo: {} }
    case 'timeout':
      return { timeoutFailureInfo: given({ timeoutType: timeoutTypeCodec.numberOf(level.timeoutType), lastHeartbeatDetails: details }) }
    case 'server':
      return { serverFailureInfo: given({ nonRetryable: level.nonRetryable }) }
    case 'activity': {
      const { activityType, activityId, retryState, identity } = level
      const type = activityType === undefined ? undefined : { name: activityType }
      return { activityFailureInfo: given({ activityType: type, activityId, retryState: retryStateCodec.numberOf(retryState), identity }) }
    }
    case 'childWorkflow': {
      const { namespace, workflowId, runId, workflowType: name, retryState } = level
      const workflowExecution: { workflowId?: string; runId?: string } = given({ workflowId, runId })
      const workflowType = name === undefined ? undefined : { name }
      return {
        childWorkflowExecutionFailureInfo: given({
          namespace, workflowExecution, workflowType, retryState: retryStateCodec.numberOf(retryState),
        }),
      }
    }
    default:
      return {}
  }
}

/** From payloads of details to what stands for them. */
export type DetailsRead = (payloads: readonly ConvertedPayload[]) => unknown[]

/** Without cause and encoded attributes. */
export function storedLevel(failure: ProtoFailure, detailsRead: DetailsRead): StoredFailure {
  const { message, stackTrace } = failure
  const { kind, ...fields } = fieldsOf(failure, detailsRead)
  return {
    kind, message: message ?? '', source: 'perdure',
    ...(typeof stackTrace === 'string' && stackTrace !== '' ? { stackTrace } : {}), ...fields,
  }
}

/** The payloads of its details, or of the last heartbeat; undefined: it has none. */
export function detailPayloads(failure: ProtoFailure): readonly ConvertedPayload[] | undefined {
  const { applicationFailureInfo, canceledFailureInfo, timeoutFailureInfo, resetWorkflowFailureInfo } = failure
  const details = applicationFailureInfo?.details ?? canceledFailureInfo?.details ?? timeoutFailureInfo?.lastHeartbeatDetails ??
    resetWorkflowFailureInfo?.lastHeartbeatDetails
  return details?.payloads ?? undefined
}

type Fields = Partial<StoredFailure> & Pick<StoredFailure, 'kind'>

function fieldsOf(failure: ProtoFailure, detailsRead: DetailsRead): Fields {
  const payloads = detailPayloads(failure)
  const details = payloads === undefined ? undefined : detailsRead(payloads)
  const application = failure.applicationFailureInfo
  if (isGiven(application)) {
    const { type, nonRetryable, nextRetryDelay, category } = application
    return {
      kind: 'application',
      ...given<Partial<StoredFailure>>({
        type: type ?? undefined, nonRetryable: nonRetryable ?? false, details, nextRetryDelayMs: durationMs(nextRetryDelay),
        category: categoryCodec.nameOf(category),
      }),
    }
  }
  if (isGiven(failure.serverFailureInfo)) return { kind: 'server', nonRetryable: failure.serverFailureInfo.nonRetryable ?? false }
  if (isGiven(failure.timeoutFailureInfo)) {
    const timeoutType = timeoutTypeCodec.nameOf(failure.timeoutFailureInfo.timeoutType)
    return { kind: 'timeout', ...given<Partial<StoredFailure>>({ lastHeartbeatDetails: details?.[0], timeoutType }) }
  }
  if (isGiven(failure.terminatedFailureInfo)) return { kind: 'terminated' }
  if (isGiven(failure.canceledFailureInfo)) return { kind: 'cancelled', details: details ?? [] }
  if (isGiven(failure.resetWorkflowFailureInfo)) {
    return { kind: 'application', ...given<Partial<StoredFailure>>({ type: 'ResetWorkflow', nonRetryable: false, details }) }
  }
  return nestingFields(failure)
}

/** Of those that are made around a cause. */
function nestingFields({ childWorkflowExecutionFailureInfo: child, activityFailureInfo: activity }: ProtoFailure): Fields {
  if (isGiven(child)) {
    const { namespace, workflowExecution, workflowType, retryState } = child
    return {
      kind: 'childWorkflow',
      ...given<Partial<StoredFailure>>({
        namespace: namespace ?? undefined, workflowId: workflowExecution?.workflowId ?? undefined,
        runId: workflowExecution?.runId ?? undefined, workflowType: workflowType?.name ?? undefined,
        retryState: retryStateCodec.nameOf(retryState),
      }),
    }
  }
  if (!isGiven(activity)) return { kind: 'other' }
  const { activityType, activityId, retryState, identity } = activity
  return {
    kind: 'activity',
    ...given<Partial<StoredFailure>>({
      activityType: activityType?.name ?? undefined, activityId: activityId ?? undefined, retryState: retryStateCodec.nameOf(retryState),
      identity: identity ?? undefined,
    }),
  }
}
