import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApplicationFailure } from '@perdure/workflow'
import { resolveActivityOptions } from '@perdure/workflow/host'
import { encodeActivityOptions } from '../protocol/activity-options-codec.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import { encodeEvent } from '../protocol/event-codec.ts'
import type { ActivityFacts, HistoryEvent } from '../protocol/event.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { encodeFailure } from '../protocol/failure-codec.ts'
import { asIncarnation, asRunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import type { EventRecord } from '../protocol/transition.ts'
import { historyView } from './history-view.ts'

const text = (value: unknown) => JSON.stringify(value) as Payload
const given = { startToCloseTimeout: '5 seconds', retry: { maximumAttempts: 3 } } as const
const options = encodeActivityOptions(resolveActivityOptions(given, 'activity'))

const execution: ExecutionRecord = {
  namespace: 'default', workflowId: 'w', runId: asRunId('r'), workflowType: 'order', taskQueue: 'q', status: 'RUNNING', priority: 3,
  owner: null, wakeAt: null, held: null, input: text([7]), result: null, failure: null, memo: null, searchAttributes: null,
  firstRunId: asRunId('r'), takeovers: 0, startedAt: 0, firstTaskAt: 0, closedAt: null, parent: null, expiresAt: null,
  details: null,
}

function facts(command: number, scheduledAt: number, startedAt: number | null = scheduledAt): ActivityFacts {
  return {
    command, activityType: `activity ${command}`, activityId: String(command), taskQueue: 'q', attempt: 1, scheduledAt, startedAt, options,
    input: text([command]),
  }
}

const records = (...events: readonly (readonly [at: number, event: HistoryEvent])[]): EventRecord[] =>
  events.map(([at, event], index) => ({ seq: index + 1, at, type: event.type, data: encodeEvent(event) }))

const shown = (...given: Parameters<typeof historyView>) =>
  historyView(...given).map((event) => `${event.eventTime.getTime()} ${event.eventType}`)

test('an execution without events has its start, and its end when it is closed', () => {
  assert.deepEqual(shown(execution, [], []), ['0 WorkflowExecutionStarted'])
  const ends = [
    ['COMPLETED', 'Completed'], ['FAILED', 'Failed'], ['CANCELLED', 'Canceled'], ['TERMINATED', 'Terminated'], ['TIMED_OUT', 'TimedOut'],
    ['CONTINUED_AS_NEW', 'ContinuedAsNew'],
  ] as const
  for (const [status, word] of ends) {
    assert.deepEqual(shown({ ...execution, status, closedAt: 9 }, [], []), ['0 WorkflowExecutionStarted', `9 WorkflowExecution${word}`])
  }
})

test('what replay implies stands where it happened, and refers to what it belongs to', () => {
  const events = historyView({ ...execution, status: 'COMPLETED', result: text('done'), closedAt: 30 }, records(
    [10, { ...facts(1, 0), type: 'ActivityTaskCompleted', result: text('first') }],
    [15, { type: 'WorkflowExecutionSignaled', signalName: 'go', identity: 'me', input: text(['now']) }],
    [20, { type: 'TimerFired', command: 2, durationMs: 20, startedAt: 0 }],
    [30, { ...facts(3, 10, 12), type: 'ActivityTaskCompleted', result: text('second') }],
  ), [])
  assert.deepEqual(events.map((event) => [event.eventId, event.eventType]), [
    [1, 'WorkflowExecutionStarted'],
    [2, 'ActivityTaskScheduled'], [3, 'TimerStarted'],
    [4, 'ActivityTaskStarted'], [5, 'ActivityTaskCompleted'],
    [6, 'ActivityTaskScheduled'],
    [7, 'WorkflowExecutionSignaled'],
    [8, 'TimerFired'],
    [9, 'ActivityTaskStarted'], [10, 'ActivityTaskCompleted'],
    [11, 'WorkflowExecutionCompleted'],
  ])
  const attributes = new Map(events.map((event) => [event.eventId, event.attributes]))
  assert.deepEqual(attributes.get(1), {
    workflowType: 'order', workflowId: 'w', runId: 'r', taskQueue: 'q', priority: 3, firstExecutionRunId: 'r', input: [7],
  })
  assert.deepEqual(attributes.get(2), {
    activityId: '1', activityType: 'activity 1', taskQueue: 'q', input: [1], startToCloseTimeoutMs: 5_000,
    retryPolicy: {
      initialIntervalMs: 1_000, backoffCoefficient: 2, maximumIntervalMs: 100_000, maximumAttempts: 3, nonRetryableErrorTypes: [],
    },
  })
  assert.deepEqual(attributes.get(5), { scheduledEventId: 2, startedEventId: 4, result: 'first' })
  assert.deepEqual(attributes.get(8), { timerId: '2', startedEventId: 3 })
  assert.deepEqual(attributes.get(9), { scheduledEventId: 6, attempt: 1 })
  assert.deepEqual(attributes.get(11), { result: 'done' })
})

test('events of one millisecond keep their causes before their effects', () => {
  const view = historyView(execution, records(
    [5, { ...facts(1, 5), type: 'ActivityTaskCompleted', result: text(1) }],
    [5, { ...facts(2, 5), type: 'ActivityTaskCompleted', result: text(2) }],
    [5, { type: 'TimerFired', command: 3, durationMs: 1, startedAt: 5 }],
  ), [])
  const types = view.map((event) => event.eventType)
  assert.ok(types.indexOf('TimerStarted') < types.indexOf('TimerFired'))
  for (const event of view) {
    for (const id of [event.attributes['scheduledEventId'], event.attributes['startedEventId']]) {
      if (typeof id === 'number') assert.ok(id < event.eventId)
    }
  }
})

test('times do not go back where the clock did', () => {
  const view = historyView(execution, records([9, { ...facts(1, 5), startedAt: 10, type: 'ActivityTaskCompleted', result: text(1) }]), [])
  const times = view.map(({ eventTime }) => eventTime.getTime())
  assert.deepEqual(times, times.toSorted((left, right) => left - right))
})

test('failures are plain data, and an activity that never started has no start', () => {
  const failure = encodeFailure(ApplicationFailure.create({ message: 'declined', type: 'CardDeclined', cause: new Error('limit') }))
  const view = historyView(execution, records(
    [5, { ...facts(1, 0), type: 'ActivityTaskFailed', failure, retryState: 'MAXIMUM_ATTEMPTS_REACHED' }],
    [6, { ...facts(2, 0, null), type: 'ActivityTaskTimedOut', failure, retryState: 'NON_RETRYABLE_FAILURE' }],
    [7, { ...facts(3, 0, null), type: 'ActivityTaskCanceled', failure }],
    [8, { type: 'WorkflowExecutionCancelRequested', reason: 'over', identity: 'me' }],
  ), [])
  assert.equal(view.filter((event) => event.eventType === 'ActivityTaskStarted').length, 1)
  const failed = view.find((event) => event.eventType === 'ActivityTaskFailed')?.attributes
  assert.equal(failed?.['retryState'], 'MAXIMUM_ATTEMPTS_REACHED')
  const plain = JSON.parse(JSON.stringify(failed['failure'])) as { message: string; type: string; cause: { message: string } }
  assert.deepEqual([plain.message, plain.type, plain.cause.message], ['declined', 'CardDeclined', 'limit'])
  assert.deepEqual(view.at(-1)?.attributes, { cause: 'over', identity: 'me' })
})

test('pending activities of an open execution are shown as scheduled', () => {
  const task: ActivityTask = {
    ...facts(2, 7), namespace: 'default', runId: asRunId('r'), workflowId: 'w', workflowType: 'order', priority: 3, attempt: 2,
    worker: asIncarnation(1), availableAt: 8, startedAt: 9, deadlineAt: null, runMs: null, closeBy: null, lost: false,
    cancelRequested: false,
    lastFailure: null, heartbeatDetails: null,
  }
  const view = shown(execution, records([5, { ...facts(1, 0), type: 'ActivityTaskCompleted', result: text(1) }]), [task])
  assert.deepEqual(view, [
    '0 WorkflowExecutionStarted', '0 ActivityTaskScheduled', '0 ActivityTaskStarted', '5 ActivityTaskCompleted', '7 ActivityTaskScheduled',
  ])
})

test('a payload that cannot be read does not hide the rest', () => {
  const [started] = historyView({ ...execution, input: ':sealed' as Payload }, [], [])
  assert.match(JSON.stringify(started?.attributes['input']), /unreadable.*encoded by a codec/)
})
