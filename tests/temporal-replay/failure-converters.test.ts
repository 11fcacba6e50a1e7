/** Failures of Temporal's own DefaultFailureConverter are read by ours, and ours by it; and histories that were written with one. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as temporal from '@temporalio/common'
import { DefaultFailureConverter, defaultFailureConverter } from 'perdure'
import * as ours from 'perdure/workflow'
import { NondeterminismError, runReplayHistory, type TemporalHistory } from 'perdure/testing'

type Classes = Pick<typeof ours,
  'ActivityFailure' | 'ApplicationFailure' | 'CancelledFailure' | 'ChildWorkflowFailure' | 'ServerFailure' | 'TerminatedFailure' |
  'TimeoutFailure'>

function failuresOf(classes: Classes): readonly Error[] {
  const application = new classes.ApplicationFailure('no', 'Declined', true, [{ a: 1 }, 'b'], new classes.ServerFailure('away', true))
  return [
    application, new classes.CancelledFailure('stopped', [7], application), new classes.TerminatedFailure('ended', application),
    new classes.TimeoutFailure('late', { page: 3 }, 'SCHEDULE_TO_START'),
    new classes.ActivityFailure('failed', 'pay', '5', 'MAXIMUM_ATTEMPTS_REACHED', 'worker', application),
    new classes.ChildWorkflowFailure('default', { workflowId: 'w', runId: 'r' }, 'order', 'NON_RETRYABLE_FAILURE', application),
  ]
}

const members = [
  'type', 'nonRetryable', 'details', 'timeoutType', 'lastHeartbeatDetails', 'activityType', 'activityId', 'retryState', 'identity',
  'namespace', 'execution', 'workflowType',
]

function told(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined
  const fields = members.map((name) => (error as unknown as Readonly<Record<string, unknown>>)[name])
  return { name: error.constructor.name, message: error.message, stack: error.stack, fields, cause: told(error.cause) }
}

const { defaultPayloadConverter: payloads } = ours

for (const encodeCommonAttributes of [false, true]) {
  suite(`failures with${encodeCommonAttributes ? '' : 'out'} encoded attributes`, () => {
    const own = new DefaultFailureConverter({ encodeCommonAttributes })
    const theirs = new temporal.DefaultFailureConverter({ encodeCommonAttributes })

    for (const error of failuresOf(temporal as unknown as Classes)) {
      test(`a ${error.constructor.name} that Temporal's converter wrote is read by ours`, () => {
        const failure = theirs.errorToFailure(error, temporal.defaultPayloadConverter)
        assert.deepEqual(told(own.failureToError(failure, payloads)), told(error))
      })
    }

    for (const error of failuresOf(ours)) {
      test(`a ${error.constructor.name} that our converter wrote is read by Temporal's`, () => {
        const failure = own.errorToFailure(error, payloads)
        assert.equal(failure.message, encodeCommonAttributes ? 'Encoded failure' : error.message)
        assert.deepEqual(told(theirs.failureToError(failure as never, temporal.defaultPayloadConverter)), told(error))
      })
    }
  })
}

test('the durations and categories that Temporal\'s converter writes are read', () => {
  const failure = temporal.ApplicationFailure.create({ message: 'no', nextRetryDelay: '90.5 s', category: 'BENIGN' })
  const written = new temporal.DefaultFailureConverter().errorToFailure(failure, temporal.defaultPayloadConverter)
  const { nextRetryDelay, category } = defaultFailureConverter.failureToError(written, payloads) as ours.ApplicationFailure
  assert.deepEqual([nextRetryDelay, category], [90_500, 'BENIGN'])
})

const at = '2026-01-01T00:00:00Z'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const payload = (value: unknown) => ({ metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(value)) })
const runId = '01a1ff55-6565-728a-845a-d76f1f32c1dd'

/** As a worker of the SDK writes it whose converter has encodeCommonAttributes. */
const failure = {
  message: 'Encoded failure', source: 'TypeScriptSDK', encodedAttributes: payload({ message: 'limit', stack_trace: 'Error: limit' }),
  applicationFailureInfo: { type: 'Declined', details: { payloads: [payload('4242')] } },
}

const task = (from: number) => [
  ['WORKFLOW_TASK_SCHEDULED', { taskQueue: { name: 'default' }, startToCloseTimeout: '10s', attempt: 1 }],
  ['WORKFLOW_TASK_STARTED', { scheduledEventId: String(from) }],
  ['WORKFLOW_TASK_COMPLETED', {
    scheduledEventId: String(from), startedEventId: String(from + 1), sdkMetadata: { coreUsedFlags: [1, 3], langUsedFlags: [1, 2] },
  }],
] as const

const events: readonly (readonly [type: string, attributes: object])[] = [
  ['WORKFLOW_EXECUTION_STARTED', {
    workflowType: { name: 'paying' }, taskQueue: { name: 'default' }, workflowId: 'paid', originalExecutionRunId: runId,
    firstExecutionRunId: runId, attempt: 1, workflowTaskTimeout: '10s',
  }],
  ...task(2),
  ['ACTIVITY_TASK_SCHEDULED', {
    activityId: '1', activityType: { name: 'pay' }, taskQueue: { name: 'default' }, workflowTaskCompletedEventId: '4',
    startToCloseTimeout: '60s', retryPolicy: { maximumAttempts: 1 },
  }],
  ['ACTIVITY_TASK_STARTED', { scheduledEventId: '5', attempt: 1 }],
  ['ACTIVITY_TASK_FAILED', { scheduledEventId: '5', startedEventId: '6', failure, retryState: 'RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED' }],
  ...task(8),
  ['TIMER_STARTED', { timerId: '1', startToFireTimeout: '60s', workflowTaskCompletedEventId: '10' }],
]

const history: TemporalHistory = {
  events: events.map(([type, attributes], index) => {
    const name = type.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
    return { eventId: String(index + 1), eventTime: at, eventType: `EVENT_TYPE_${type}`, [`${name}EventAttributes`]: attributes }
  }),
}

/** What it does depends on the message. */
async function paying(): Promise<void> {
  try {
    await ours.proxyActivities<{ pay(): Promise<void> }>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } }).pay()
  } catch (error) {
    const { message, details } = (error as ours.ActivityFailure).cause as ours.ApplicationFailure
    if (message === 'limit' && details?.[0] === '4242') await ours.sleep('1 minute')
  }
}

test('a history that Temporal\'s SDK wrote with encoded attributes replays with the failure converter, and with it alone', async () => {
  await runReplayHistory({ workflows: { paying }, dataConverter: { failureConverter: defaultFailureConverter } }, history)
  await assert.rejects(runReplayHistory({ workflows: { paying } }, history), NondeterminismError)
})
