/** What is recorded of this version and left open, and how each of these is brought to its end. phases.ts tells how they come about. */
import { pbkdf2Sync } from 'node:crypto'
import { CompositePayloadConverter, type EngineOptions, type Interceptors, JsonPayloadConverter, UndefinedPayloadConverter } from 'perdure'
import { createEncryptionCodec } from 'perdure/codecs'
import { defaultPayloadConverter, type Payload, proxyActivities } from 'perdure/workflow'
import type { HistoryActivities } from './activities.ts'

/** An execution that the database has open. */
export interface OpenExecution {
  readonly workflowId: string
  readonly namespace?: string
  readonly signals?: readonly (readonly [name: string, ...args: readonly unknown[]])[]
  /** Its activity that was left to somebody outside: its id, and what it returns. */
  readonly completes?: readonly [activityId: string, result: unknown]
  /** Of what does not depend on the run id. */
  readonly result?: unknown
  /** Default COMPLETED. */
  readonly status?: 'CANCELLED' | 'TERMINATED' | 'TIMED_OUT'
  /** It is open there only. */
  readonly only?: 'postgres'
}

export const [tenant, coded] = ['tenant', 'coded']
export const namespaces = ['default', tenant, coded]
/** Of the workers of the upgraded version; those that recorded served some of them. */
export const taskQueues = ['default', 'away', 'later', 'limited', 'crashing', 'asking']
/** Of all updates: a rejected one leaves no other trace. */
export const updateIds = ['adds', 'fails', 'is rejected', 'waits', 'comes first', 'is joined', 'is unread', 'grows']
/** The database refused to store what has this text in it. */
export const refusedText = 'refused by a trigger'

const { refuse } = proxyActivities<HistoryActivities>({ startToCloseTimeout: '1 minute' })

/** Code that a later deploy put in the place of what an execution was made with. */
export const changedLater = { changed: async () => refuse() }
export const unknownBefore = ['newcomer']
/** Code with mistakes, which the first worker had. */
export const mistaken = {
  throwing: async () => { throw new TypeError('a mistake') },
  foreign: async () => {
    await crypto.subtle.digest('SHA-256', new Uint8Array(4))
    return refuse()
  },
}

const bigInts = {
  encodingType: 'text/bigint',
  toPayload: (value: unknown) => typeof value !== 'bigint' ? undefined : {
    metadata: { encoding: new TextEncoder().encode('text/bigint') }, data: new TextEncoder().encode(String(value)),
  },
  fromPayload: <T>({ data }: Payload): T => BigInt(new TextDecoder().decode(data ?? new Uint8Array())) as T,
}
const headers = { trace: defaultPayloadConverter.toPayload('trace-7') }
const key = pbkdf2Sync('of the recorded databases', 'not a secret', 1, 32, 'sha256')

/** Those of others than the first have headers. */
const interceptors: Interceptors = {
  client: {
    workflow: [{
      startWithDetails: (input, next) => next({ ...input, headers }), signal: (input, next) => next({ ...input, headers }),
      startUpdate: (input, next) => next({ ...input, headers }),
    }],
  },
  workflow: [() => ({ outbound: [{ scheduleActivity: (input, next) => next({ ...input, headers }) }] })],
}

/** Options of an engine of a namespace that are part of how its executions are stored. */
export function codeOf(namespace: string): Pick<EngineOptions, 'dataConverter' | 'interceptors'> {
  if (namespace === 'default') return {}
  if (namespace !== coded) return { interceptors }
  const payloadConverter = new CompositePayloadConverter(new UndefinedPayloadConverter(), bigInts, new JsonPayloadConverter())
  const payloadCodecs = [createEncryptionCodec({ keyId: 'recorded', keys: { recorded: key } })]
  return { interceptors, dataConverter: { payloadConverter, payloadCodecs } }
}

const goes = (text: string): Pick<OpenExecution, 'signals'> => ({ signals: [['go', text]] })

export const open: readonly OpenExecution[] = [
  { workflowId: 'counting', signals: [['add', 4]], result: { total: 20, heard: ['early', 'too'] } },
  { workflowId: 'counting-kept', signals: [['add', 50], ['go', 'second']], result: { total: 100, heard: ['first', 'second'] } },
  { workflowId: 'sleeping', result: 'woken, false' },
  { workflowId: 'delayed', result: 'attempt 1' },
  { workflowId: 'retrying', result: 'attempt after the first' },
  { workflowId: 'endlessly', result: ['one ended', 'two ended'] },
  { workflowId: 'heartbeats', result: { done: 'half' } },
  { workflowId: 'outside', completes: ['1', { by: 'hand' }], result: { by: 'hand' } },
  { workflowId: 'cancelling', status: 'CANCELLED' },
  {
    workflowId: 'attending',
    result: [2, 'ActivityFailure: refused', 'ActivityFailure: activity START_TO_CLOSE timeout', 'ActivityFailure: CANCELLED'],
  },
  { workflowId: 'queueing', result: ['first ended', 'second ended'] },
  { workflowId: 'lost', namespace: tenant, result: { done: 'half' } },

  { workflowId: 'changed', result: [20, 40] },
  { workflowId: 'newcomer', result: ['kept', 4] },
  { workflowId: 'throwing', ...goes('mended'), result: ['mended', 4] },
  { workflowId: 'foreign', ...goes('mended'), result: ['mended', 4] },
  { workflowId: 'refused', result: [refusedText, 4] },
  { workflowId: 'crashing', ...goes('mended'), result: ['mended', 4] },

  { workflowId: 'patching-open', ...goes('on'), result: [true, true, true] },
  { workflowId: 'ledger-open', signals: [['finish']], result: 202 },
  { workflowId: 'unread', result: ['kept', 'too', 'put 3'] },
  { workflowId: 'hopping-open', ...goes('on'), result: [{ doubled: 0 }, { Left: [0] }] },
  { workflowId: 'flaky-later', result: 'attempt 2 after: not the first time' },
  { workflowId: 'overdue', status: 'TIMED_OUT' },
  {
    workflowId: 'counting', namespace: tenant, signals: [['add', 10], ['go'], ['go', 'b']],
    result: { total: 20, heard: ['nothing', 'b'] },
  },
  { workflowId: 'converted-open', namespace: coded, result: 19n },

  { workflowId: 'awaiting', result: ['awaiting', 'awaiting-child', 'hello'] },
  { workflowId: 'awaiting-child', ...goes('hello'), result: ['awaiting', 'awaiting-child', 'hello'] },
  { workflowId: 'awaiting-away', result: ['awaiting-away', 'awaiting-away-child', 'hello'] },
  { workflowId: 'leaving-abandon', ...goes('alone'), result: ['leaving', 'leaving-abandon', 'alone'] },
  { workflowId: 'leaving-away-abandon', ...goes('alone'), result: ['leaving-away', 'leaving-away-abandon', 'alone'] },
  { workflowId: 'leaving-away-request_cancel', status: 'CANCELLED' },
  { workflowId: 'leaving-away-terminate', status: 'TERMINATED', only: 'postgres' },
  { workflowId: 'target', result: ['from another'] },
  {
    workflowId: 'asking',
    result: [
      'asking-child', 'WorkflowExecutionAlreadyStartedError: Workflow execution already started', null, null,
      'ApplicationFailure: Unable to signal external workflow because it was not found',
      'ApplicationFailure: Unable to cancel external workflow because not found',
    ],
  },
  { workflowId: 'asking-child', result: ['asking', 'asking-child', 'nothing'] },
]
