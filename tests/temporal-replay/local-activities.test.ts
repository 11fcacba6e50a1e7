/** Histories by hand: pauses of local activities that Temporal's SDK makes, jobs that are one activation; and what does not fit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { NondeterminismError, runReplayHistory, type TemporalHistory } from 'perdure/testing'
import { proxyActivities, proxyLocalActivities, sleep } from 'perdure/workflow'
import { officialReplay } from './official-replay.ts'
import * as workflows from './workflows.ts'

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString()
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const payloads = (...values: unknown[]) => ({
  payloads: values.map((value) => ({ metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(value)) })),
})

type Event = readonly [type: string, second: number, attributes: object]
const task = (from: number, second: number): Event[] => [
  ['WORKFLOW_TASK_SCHEDULED', second, { taskQueue: { name: 'default' }, startToCloseTimeout: '10s', attempt: 1 }],
  ['WORKFLOW_TASK_STARTED', second, { scheduledEventId: String(from) }],
  ['WORKFLOW_TASK_COMPLETED', second, {
    scheduledEventId: String(from), startedEventId: String(from + 1), sdkMetadata: { coreUsedFlags: [1, 3], langUsedFlags: [1, 2] },
  }],
]

const marker = (seq: number, second: number, attempt: number, end: object, backoff: object | null = null): Event => {
  const seconds = Date.parse(at(second)) / 1_000
  const data = {
    seq, attempt, activity_id: String(seq), activity_type: 'charge', complete_time: { seconds, nanos: 0 }, backoff,
    original_schedule_time: { seconds, nanos: 0 },
  }
  const { result, ...others } = end as { readonly result?: unknown }
  const details = { data: payloads(data), ...(result === undefined ? {} : { result: payloads(result) }) }
  return ['MARKER_RECORDED', second, { markerName: 'core_local_activity', details, ...others }]
}

function historyOf(events: readonly Event[]): TemporalHistory {
  return {
    events: events.map(([type, second, attributes], index) => {
      const name = type.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
      return { eventId: String(index + 1), eventTime: at(second), eventType: `EVENT_TYPE_${type}`, [`${name}EventAttributes`]: attributes }
    }),
  }
}

const declined = { failure: { message: 'declined', applicationFailureInfo: { type: 'Declined' } } }

const runId = '01a1ff55-6565-728a-845a-d76f1f32c1dd'
const started = {
  workflowType: { name: 'chargedLocally' }, taskQueue: { name: 'default' }, input: payloads('order-7'), workflowId: 'retried',
  originalExecutionRunId: runId, firstExecutionRunId: runId, attempt: 1, workflowTaskTimeout: '10s',
}

/** It fails, the SDK waits for a minute with a timer of its own, and the second attempt succeeds. */
const retried = historyOf([
  ['WORKFLOW_EXECUTION_STARTED', 0, started],
  ...task(2, 0),
  marker(1, 1, 1, declined, { seconds: 60, nanos: 0 }),
  ['TIMER_STARTED', 1, { timerId: '1', startToFireTimeout: '60s', workflowTaskCompletedEventId: '4' }],
  ['TIMER_FIRED', 61, { timerId: '1', startedEventId: '6' }],
  ...task(8, 61),
  marker(2, 62, 2, { result: { receipt: 'at last' } }),
  ['TIMER_STARTED', 62, { timerId: '2', startToFireTimeout: '5s', workflowTaskCompletedEventId: '10' }],
  ['TIMER_FIRED', 67, { timerId: '2', startedEventId: '12' }],
  ...task(14, 67),
  ['WORKFLOW_EXECUTION_COMPLETED', 67, { result: payloads('at last'), workflowTaskCompletedEventId: '16' }],
])

test('a local activity that the SDK of Temporal tried again after a timer of its own replays, there and here', async () => {
  const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url))
  const results = await officialReplay(workflowsPath, [{ workflowId: 'retried', history: retried }])
  assert.deepEqual(results, [{ workflowId: 'retried', error: undefined }])
  await runReplayHistory({ workflows }, retried)
})

interface Activities {
  charge(id: string): Promise<void>
  refund(id: string): Promise<void>
}
test('what a signal asks for, and a cancel request of the same workflow task takes back, is withdrawn, there and here', async () => {
  const history = historyOf([
    ['WORKFLOW_EXECUTION_STARTED', 0, { ...started, workflowType: { name: 'overtaken' }, workflowId: 'overtaken' }],
    ...task(2, 0),
    ['TIMER_STARTED', 0, { timerId: '1', startToFireTimeout: '86400s', workflowTaskCompletedEventId: '4' }],
    ['WORKFLOW_EXECUTION_SIGNALED', 1, { signalName: 'approve', input: payloads('ada') }],
    ['WORKFLOW_EXECUTION_CANCEL_REQUESTED', 1, { cause: '' }],
    ...task(8, 1),
    ['TIMER_CANCELED', 1, { timerId: '1', startedEventId: '5', workflowTaskCompletedEventId: '10' }],
    ['TIMER_STARTED', 1, { timerId: '2', startToFireTimeout: '5s', workflowTaskCompletedEventId: '10' }],
    ['TIMER_FIRED', 6, { timerId: '2', startedEventId: '12' }],
    ...task(14, 6),
    ['WORKFLOW_EXECUTION_COMPLETED', 6, { result: payloads('taken back'), workflowTaskCompletedEventId: '16' }],
  ])
  const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url))
  const results = await officialReplay(workflowsPath, [{ workflowId: 'overtaken', history }])
  assert.deepEqual(results, [{ workflowId: 'overtaken', error: undefined }])
  await runReplayHistory({ workflows }, history)
})

const { charge, refund } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })
const local = proxyLocalActivities<Activities>({ startToCloseTimeout: '1 minute' })

for (const [what, code, expected, got] of [
  ['another activity', async (id: string) => local.refund(id), /charge' with id 1$/, /^local activity 'refund' with id 1$/],
  ['one that is not local', async (id: string) => charge(id), /charge' with id 1$/, /^activity 'charge' with id 1$/],
  ['none', async () => sleep(5), /^MarkerRecorded: local activity 'charge' with id 1$/, /^the code has not called it here$/],
  ['one more', async (id: string) => { await Promise.all([local.charge(id), refund(id)]) }, /workflow task$/, /^one more: activity/],
] as const) {
  test(`a marker of a local activity is held against the code, which calls ${what}`, async () => {
    const error = await runReplayHistory({ workflows: { chargedLocally: code } }, retried).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof NondeterminismError, String(error))
    assert.match(error.mismatch.expected, expected)
    assert.match(error.mismatch.got, got)
  })
}

test('bad input: a marker of a local activity whose data is missing or says nothing is told', async () => {
  for (const details of [{}, { data: payloads({}) }]) {
    const events = retried.events.map((event) => event.eventId === '5'
      ? { ...event, markerRecordedEventAttributes: { markerName: 'core_local_activity', details } } : event)
    const message = /^Event 5 of the history is the marker of a local activity, and its data does not say which; write it/
    await assert.rejects(runReplayHistory({ workflows }, { events }), { code: 'HISTORY_FILE_INVALID', message })
  }
})
