/** Filters and cursors of lists: checked here, so that the store gets what it expects. Pure. */
import { PerdureError } from '../error.ts'
import { listLimitDefault, listLimitMax } from '../limits.ts'
import type { ExecutionFilter, ListRequest } from '../ports/store.ts'
import { executionStatuses, type ExecutionRecord, type ExecutionStatus } from '../protocol/execution-record.ts'
import { asRunId, isRunId, type Millis } from '../protocol/ids.ts'
import { checkedId, oneOf, optionsInvalid, refuseUnknownKeys, shown } from './given-options.ts'

/** A status, or another spelling of it that users bring along. */
export type StatusFilter = ExecutionStatus | Lowercase<ExecutionStatus> | 'CANCELED' | 'canceled' | 'TIMEOUT' | 'timeout'

export interface ListFilter {
  readonly workflowType?: string
  /** One or several; an execution fits when it has one of them. Upper or lower case. */
  readonly status?: StatusFilter | readonly StatusFilter[]
  readonly workflowId?: string
  readonly workflowIdPrefix?: string
  readonly taskQueue?: string
  readonly startedAfter?: Date | number
  readonly startedBefore?: Date | number
  /** Only those that are held, or only those that are not. */
  readonly held?: boolean
}

export interface ListOptions extends ListFilter {
  /** Default 100, at most 1,000. */
  readonly limit?: number
  /** `nextCursor` of the page before. */
  readonly cursor?: string
}

const filterKeys = [
  'workflowType', 'status', 'workflowId', 'workflowIdPrefix', 'taskQueue', 'startedAfter', 'startedBefore', 'held',
]

const filterKeysNotYet = ['pageSize', 'nextPageToken']

/** One more than asked for, so that the last page is known to be it. */
export function listRequest(given: ListOptions, namespace: string): ListRequest & { readonly pageLimit: number } {
  refuseText(given, 'list()')
  refuseUnknownKeys(given, [...filterKeys, 'limit', 'cursor'], 'list()', filterKeysNotYet)
  const { limit = listLimitDefault, cursor } = given
  if (!Number.isInteger(limit) || limit < 1 || limit > listLimitMax) {
    throw optionsInvalid(`The limit of list() is ${shown(limit)}; give a whole number from 1 to ${listLimitMax}`)
  }
  return { ...filterOf(given, namespace), limit: limit + 1, pageLimit: limit, after: cursor === undefined ? null : positionOf(cursor) }
}

export function countFilter(given: ListFilter, namespace: string, call = 'count()'): ExecutionFilter {
  refuseText(given, call)
  refuseUnknownKeys(given, filterKeys, call, filterKeysNotYet)
  return filterOf(given, namespace)
}

/** Left out, a query would be one for everything. */
function refuseText(given: unknown, call: string): void {
  const query = typeof given === 'object' && given !== null ? (given as { readonly query?: unknown }).query : undefined
  const text = typeof given === 'string' ? given : query
  if (text === undefined) return
  const what = typeof given === 'string' ? 'text' : "option 'query'"
  throw optionsInvalid(
    `${call} was given the ${what} ${shown(text)}; pass filters, as in { workflowType: 'order', status: 'RUNNING' }: Temporal's query ` +
      'language is not there yet',
  )
}

export function cursorAfter({ startedAt, runId }: ExecutionRecord): string {
  return Buffer.from(JSON.stringify([startedAt, runId])).toString('base64url')
}

function positionOf(cursor: string): NonNullable<ListRequest['after']> {
  try {
    const [startedAt, runId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown]
    if (Number.isSafeInteger(startedAt) && typeof runId === 'string' && isRunId(runId)) {
      return { startedAt: startedAt as Millis, runId: asRunId(runId) }
    }
  } catch {
    // Told below: a text that nobody made here.
  }
  throw new PerdureError('CURSOR_INVALID', `The cursor ${shown(cursor)} is not one that list() returned; begin again without a cursor`)
}

function filterOf(given: ListFilter, namespace: string): ExecutionFilter {
  const { workflowId, workflowIdPrefix, workflowType, taskQueue, held } = given
  const statuses = statusesOf(given.status)
  const startedFrom = timeOf(given.startedAfter, 'startedAfter')
  const startedBefore = timeOf(given.startedBefore, 'startedBefore')
  return {
    namespace,
    ...(workflowId === undefined ? {} : { workflowId: checkedId(workflowId, 'workflowId') }),
    ...(workflowIdPrefix === undefined ? {} : { workflowIdPrefix: checkedId(workflowIdPrefix, 'workflowIdPrefix') }),
    ...(workflowType === undefined ? {} : { workflowType: checkedId(workflowType, 'workflowType') }),
    ...(taskQueue === undefined ? {} : { taskQueue: checkedId(taskQueue, 'taskQueue') }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(startedFrom === undefined ? {} : { startedFrom }),
    ...(startedBefore === undefined ? {} : { startedBefore }),
    ...(held === undefined ? {} : { held }),
  }
}

/** Other spellings that users bring along. */
const aliases: Readonly<Record<string, ExecutionStatus>> = {
  CANCELED: 'CANCELLED', TIMEDOUT: 'TIMED_OUT', TIMEOUT: 'TIMED_OUT', CONTINUEDASNEW: 'CONTINUED_AS_NEW',
}

function statusesOf(given: ListFilter['status']): ExecutionStatus[] | undefined {
  if (given === undefined) return undefined
  return (Array.isArray(given) ? given as readonly unknown[] : [given]).map((word) => {
    const upper = typeof word === 'string' ? word.toUpperCase() : word
    return oneOf(aliases[upper as string] ?? upper ?? null, executionStatuses, 'status') as ExecutionStatus
  })
}

function timeOf(given: Date | number | undefined, what: string): Millis | undefined {
  if (given === undefined) return undefined
  const at = given instanceof Date ? given.getTime() : given
  if (typeof at === 'number' && Number.isFinite(at)) return at
  throw optionsInvalid(`${what} is ${shown(given)}; give a Date, or milliseconds since the epoch`)
}
