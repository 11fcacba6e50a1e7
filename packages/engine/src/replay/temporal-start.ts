/** How an execution began: its row as the attributes of Temporal's first event, and back. Pure. */
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { decodeHeaders, encodeHeaders, type StoredHeaders } from '../protocol/headers.ts'
import { asRunId, type RunId } from '../protocol/ids.ts'
import { decodeStartDetails, encodeStartDetails, type StartDetails } from '../protocol/start-details.ts'
import type { HistoryEventRead } from './history-events.ts'
import { type Attributes, durationText, given, timeText } from './temporal-event.ts'
import { ownFailure, type TemporalFailure, temporalFailure } from './temporal-failure.ts'
import {
  ownArguments, ownMap, ownResult, temporalArguments, temporalMap, type TemporalPayloadMap, type TemporalPayloads, temporalPayloads,
} from './temporal-payload.ts'
import { headerOf } from './temporal-others.ts'
import { durationMsOf, enumOf, textOf, timeOf } from './temporal-values.ts'

export function startAttributes(record: ExecutionRecord, identity: string): Attributes {
  const { workflowId, runId, firstRunId, workflowType, taskQueue, input } = record
  const details = decodeStartDetails(record.details)
  const { parent, root, lastResult, lastFailure, continuedFrom, restartReason, startedWith = record } = details
  const memo = temporalMap(startedWith.memo)
  const searchAttributes = temporalMap(startedWith.searchAttributes)
  return given({
    workflowType: { name: workflowType }, taskQueue: { name: taskQueue, kind: 'TASK_QUEUE_KIND_NORMAL' }, input: temporalArguments(input),
    workflowId, workflowExecutionTimeout: durationText(details.executionTimeoutMs ?? 0),
    workflowRunTimeout: durationText(details.runTimeoutMs ?? 0), workflowTaskTimeout: durationText(details.taskTimeoutMs ?? 10_000),
    originalExecutionRunId: runId, firstExecutionRunId: firstRunId, identity, attempt: details.attempt ?? 1,
    firstWorkflowTaskBackoff: '0s', header: headerOf(encodeHeaders(details.headers)),
    workflowExecutionExpirationTime: details.executionExpiresAt === undefined ? undefined : timeText(details.executionExpiresAt),
    parentWorkflowNamespace: parent?.namespace,
    parentWorkflowExecution: parent === undefined ? undefined : { workflowId: parent.workflowId, runId: parent.runId },
    rootWorkflowExecution: root === undefined ? undefined : { workflowId: root.workflowId, runId: root.runId },
    continuedExecutionRunId: continuedFrom,
    initiator: initiatorOf(restartReason), cronSchedule: details.cronSchedule,
    lastCompletionResult: lastResult === undefined ? undefined : temporalPayloads(lastResult),
    continuedFailure: lastFailure === undefined ? undefined : temporalFailure(lastFailure),
    memo: memo === undefined ? undefined : { fields: memo },
    searchAttributes: searchAttributes === undefined ? undefined : { indexedFields: typed(searchAttributes) },
  })
}

const initiators = {
  CONTINUE_AS_NEW: 'CONTINUE_AS_NEW_INITIATOR_WORKFLOW', RETRY: 'CONTINUE_AS_NEW_INITIATOR_RETRY',
  CRON: 'CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE',
} as const

function initiatorOf(reason: StartDetails['restartReason']): string | undefined {
  return reason === undefined ? undefined : initiators[reason]
}

/** Temporal's search attributes carry their types; ours show them. */
export function typed(fields: TemporalPayloadMap): TemporalPayloadMap {
  return Object.fromEntries(Object.entries(fields).map(([name, payload]) => {
    const values = JSON.parse(Buffer.from(payload.data ?? '', 'base64').toString() || 'null') as unknown
    const type = Buffer.from(typeOf(values)).toString('base64')
    return [name, { ...payload, metadata: { ...payload.metadata, type } }]
  }))
}

function typeOf(values: unknown): string {
  const [first] = Array.isArray(values) ? values as readonly unknown[] : [values]
  if (typeof first === 'boolean') return 'Bool'
  if (typeof first === 'number') return Number.isInteger(first) ? 'Int' : 'Double'
  return Array.isArray(values) && values.length > 1 ? 'KeywordList' : 'Keyword'
}

export function recordOf(first: HistoryEventRead, firstTaskAt: number, workflowId: string): ExecutionRecord {
  const { attributes, at: startedAt } = first
  const runId = asRunId(textOf(attributes['originalExecutionRunId']))
  const fields = (name: string, member: string): TemporalPayloadMap | undefined => {
    return (attributes[name] as Readonly<Record<string, TemporalPayloadMap>> | null | undefined)?.[member]
  }
  return {
    namespace: 'default', workflowId, runId, workflowType: nameOf(attributes['workflowType']), taskQueue: nameOf(attributes['taskQueue']),
    status: 'RUNNING', priority: 3, owner: null, wakeAt: null, held: null,
    input: ownArguments(attributes['input'] as TemporalPayloads, 'input of the workflow'), result: null, failure: null,
    memo: ownMap(fields('memo', 'fields'), 'memo'),
    searchAttributes: ownMap(fields('searchAttributes', 'indexedFields'), 'search attributes'),
    firstRunId: asRunId(textOf(attributes['firstExecutionRunId']) || runId), parent: null, expiresAt: null,
    details: encodeStartDetails(detailsOf(attributes)), takeovers: 0, startedAt, firstTaskAt, closedAt: null,
  }
}

interface Run { readonly workflowId?: string; readonly runId?: string }

function detailsOf(attributes: Attributes): StartDetails {
  const { parentWorkflowExecution, rootWorkflowExecution, header, lastCompletionResult, continuedFailure } = attributes
  const parent = parentWorkflowExecution as Run | null | undefined
  const root = rootWorkflowExecution as Run | null | undefined
  const headers = (header as { readonly fields?: StoredHeaders } | null | undefined)?.fields
  const positive = (value: unknown): number | undefined => durationMsOf(value) || undefined
  const attempt = Number(attributes['attempt'] ?? 1)
  const continuedFrom = textOf(attributes['continuedExecutionRunId'])
  const cronSchedule = textOf(attributes['cronSchedule'])
  const expiration = attributes['workflowExecutionExpirationTime']
  return given({
    executionTimeoutMs: positive(attributes['workflowExecutionTimeout']), runTimeoutMs: positive(attributes['workflowRunTimeout']),
    taskTimeoutMs: positive(attributes['workflowTaskTimeout']), attempt: attempt === 1 ? undefined : attempt,
    executionExpiresAt: typeof expiration === 'string' ? timeOf(expiration) : undefined,
    continuedFrom: continuedFrom === '' ? undefined : asRunId(continuedFrom),
    cronSchedule: cronSchedule === '' ? undefined : cronSchedule,
    restartReason: reasons[enumOf(attributes['initiator'], 'CONTINUE_AS_NEW_INITIATOR') ?? ''],
    parent: parent === undefined || parent === null
      ? undefined : { ...runOf(parent), namespace: textOf(attributes['parentWorkflowNamespace']) },
    root: root === undefined || root === null ? undefined : runOf(root),
    headers: headers === undefined ? undefined : decodeHeaders(headers),
    lastResult: lastCompletionResult === undefined || lastCompletionResult === null
      ? undefined : ownResult(lastCompletionResult, 'result of the run before'),
    lastFailure: continuedFailure === undefined || continuedFailure === null
      ? undefined : ownFailure(continuedFailure as TemporalFailure, 'failure of the run before'),
  })
}

const reasons: Readonly<Record<string, StartDetails['restartReason']>> = {
  WORKFLOW: 'CONTINUE_AS_NEW', RETRY: 'RETRY', CRON_SCHEDULE: 'CRON',
}

function runOf({ workflowId, runId }: Run): { workflowId: string; runId: RunId } {
  return { workflowId: workflowId ?? '', runId: asRunId(runId ?? '') }
}

function nameOf(type: unknown): string {
  return (type as { readonly name?: string } | null | undefined)?.name ?? ''
}

