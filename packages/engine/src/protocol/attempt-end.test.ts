import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ApplicationFailure, CancelledFailure, TimeoutFailure, type TimeoutType } from '@perdure/workflow'
import type { ResolvedActivityOptions } from '@perdure/workflow/host'
import type { ActivityTask } from './activity-task.ts'
import { decodeFailure } from './failure-codec.ts'
import { asIncarnation } from './ids.ts'
import { encodePayload } from './payload-codec.ts'
import type { Payload } from './payload.ts'
import { record } from '../../test/execution-driver.ts'
import { attemptEnd, type AttemptContext, type AttemptResult } from './attempt-end.ts'
import { retriedTask, runningTask, scheduledTask } from '../worker/activities/task-record.ts'
import { earlier } from './task-end.ts'

const retry = { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 0, nonRetryableErrorTypes: ['Fatal'] }
const once = { ...retry, maximumAttempts: 1 }
const named = { ...retry, nonRetryableErrorTypes: ['TemporalTimeout:StartToClose'] }

function taskOf(options: Partial<ResolvedActivityOptions> = {}): ActivityTask {
  return scheduledTask(record, {
    command: 4, activityType: 'charge', activityId: '4', input: '[1]' as Payload, scheduledAt: 1_000,
    options: { startToCloseMs: 10_000, cancellationType: 'TRY_CANCEL', retry, ...options },
  })
}

function endOf(result: AttemptResult, options: Partial<ResolvedActivityOptions> = {}, more: Partial<AttemptContext> = {}): unknown {
  const ended = attemptEnd(result, { task: taskOf(options), startedAt: 1_500, cancelRequested: false, details: null, now: 2_000, ...more })
  if (ended.type === 'retry') return ['retry', ended.availableAt, decodeFailure(ended.lastFailure).name]
  const { event } = ended
  assert.deepEqual([event.command, event.activityType, event.attempt, event.scheduledAt, event.input], [4, 'charge', 1, 1_000, '[1]'])
  if (event.type === 'ActivityTaskCompleted') return [event.type, event.result]
  const failure = decodeFailure(event.failure)
  const timeoutType = failure instanceof TimeoutFailure ? [failure.timeoutType] : []
  return [event.type, 'retryState' in event ? event.retryState : '', failure.name, ...timeoutType]
}

describe('how an attempt ends', () => {
  const failed = (error: unknown): AttemptResult => ({ type: 'failed', error })
  const timedOut = (timeoutType: TimeoutType): AttemptResult => ({ type: 'timed_out', timeoutType })
  class Fatal extends Error {}
  const unreadable = new Proxy({}, { get: () => { throw new Error('not yours') }, getPrototypeOf: () => { throw new Error('not yours') } })
  const cancelled = { cancelRequested: true }
  const cases: readonly [what: string, actual: () => unknown, expected: unknown][] = [
    ['a result ends it', () => endOf({ type: 'completed', result: '7' as Payload }), ['ActivityTaskCompleted', '7']],
    ['a result counts although it was to stop', () => endOf({ type: 'completed', result: '7' as Payload }, {}, cancelled),
      ['ActivityTaskCompleted', '7']],
    ['an error is tried again', () => endOf(failed(new Error('x'))), ['retry', 3_000, 'ApplicationFailure']],
    ['the type of an error is its class', () => endOf(failed(new Fatal('x'))),
      ['ActivityTaskFailed', 'NON_RETRYABLE_FAILURE', 'ApplicationFailure']],
    ['a failure may forbid retries', () => endOf(failed(ApplicationFailure.nonRetryable('x'))),
      ['ActivityTaskFailed', 'NON_RETRYABLE_FAILURE', 'ApplicationFailure']],
    ['a failure may name the pause', () => endOf(failed(ApplicationFailure.create({ message: 'x', nextRetryDelay: '5 ms' }))),
      ['retry', 2_005, 'ApplicationFailure']],
    ['a pause that is no duration leaves the policy its own', () => (
      endOf(failed(ApplicationFailure.create({ message: 'x', nextRetryDelay: 'soon' as '1s' })))), ['retry', 3_000, 'ApplicationFailure']],
    ['something thrown that cannot be read', () => endOf(failed(unreadable)), ['retry', 3_000, 'ApplicationFailure']],
    ['something thrown that is no error', () => endOf(failed('text'), { retry: once }),
      ['ActivityTaskFailed', 'MAXIMUM_ATTEMPTS_REACHED', 'ApplicationFailure']],
    ['a cancellation that was asked for', () => endOf(failed(new CancelledFailure('stop')), {}, cancelled),
      ['ActivityTaskCanceled', '', 'CancelledFailure']],
    ['a cancellation that nobody asked for', () => endOf(failed(new CancelledFailure('stop'))), ['retry', 3_000, 'CancelledFailure']],
    ['an error after a cancel request', () => endOf(failed(new Error('x')), {}, cancelled),
      ['ActivityTaskFailed', 'CANCEL_REQUESTED', 'ApplicationFailure']],
    ['start-to-close is tried again', () => endOf(timedOut('START_TO_CLOSE')), ['retry', 3_000, 'TimeoutFailure']],
    ['heartbeat, last attempt', () => endOf(timedOut('HEARTBEAT'), { retry: once }),
      ['ActivityTaskTimedOut', 'MAXIMUM_ATTEMPTS_REACHED', 'TimeoutFailure', 'HEARTBEAT']],
    ['start-to-close that the policy names', () => endOf(timedOut('START_TO_CLOSE'), { retry: named }),
      ['ActivityTaskTimedOut', 'NON_RETRYABLE_FAILURE', 'TimeoutFailure', 'START_TO_CLOSE']],
    ['heartbeat where the policy names start-to-close', () => endOf(timedOut('HEARTBEAT'), { retry: named }),
      ['retry', 3_000, 'TimeoutFailure']],
    ['a lost worker where the policy names start-to-close', () => endOf({ type: 'lost' }, { retry: named }),
      ['ActivityTaskTimedOut', 'NON_RETRYABLE_FAILURE', 'TimeoutFailure', 'START_TO_CLOSE']],
    ['schedule-to-start is final', () => endOf(timedOut('SCHEDULE_TO_START')),
      ['ActivityTaskTimedOut', 'TIMEOUT', 'TimeoutFailure', 'SCHEDULE_TO_START']],
    ['schedule-to-close is final', () => endOf(timedOut('SCHEDULE_TO_CLOSE')),
      ['ActivityTaskTimedOut', 'TIMEOUT', 'TimeoutFailure', 'SCHEDULE_TO_CLOSE']],
    ['schedule-to-close after a cancel request', () => endOf(timedOut('SCHEDULE_TO_CLOSE'), {}, cancelled),
      ['ActivityTaskTimedOut', 'CANCEL_REQUESTED', 'TimeoutFailure', 'SCHEDULE_TO_CLOSE']],
    ['start-to-close with no time for a retry reads schedule-to-close',
      () => endOf(timedOut('START_TO_CLOSE'), { scheduleToCloseMs: 1_500 }),
      ['ActivityTaskTimedOut', 'TIMEOUT', 'TimeoutFailure', 'SCHEDULE_TO_CLOSE']],
    ['a lost worker whose attempt should have had heartbeats, where the policy names start-to-close',
      () => endOf({ type: 'lost' }, { retry: named, heartbeatMs: 1_000 }), ['retry', 2_000, 'TimeoutFailure']],
    ['a lost worker whose attempt should have had heartbeats', () => endOf({ type: 'lost' }, { retry: once, heartbeatMs: 1_000 }),
      ['ActivityTaskTimedOut', 'MAXIMUM_ATTEMPTS_REACHED', 'TimeoutFailure', 'HEARTBEAT']],
    ['a lost worker is tried again at once', () => endOf({ type: 'lost' }), ['retry', 2_000, 'TimeoutFailure']],
    ['a lost worker counts as an attempt', () => endOf({ type: 'lost' }, { retry: once }),
      ['ActivityTaskTimedOut', 'MAXIMUM_ATTEMPTS_REACHED', 'TimeoutFailure', 'START_TO_CLOSE']],
    ['lost after a cancel request', () => endOf({ type: 'lost' }, {}, cancelled), ['ActivityTaskCanceled', '', 'CancelledFailure']],
  ]
  for (const [what, actual, expected] of cases) test(what, () => assert.deepEqual(actual(), expected))

  test('the last heartbeat details are in the timeout', () => {
    const ended = attemptEnd({ type: 'timed_out', timeoutType: 'HEARTBEAT' }, {
      task: taskOf({ retry: once }), startedAt: 1, cancelRequested: false, details: encodePayload({ page: 3 }, 'details'), now: 2,
    })
    const failure = ended.type === 'event' && ended.event.type === 'ActivityTaskTimedOut' ? decodeFailure(ended.event.failure) : undefined
    assert.ok(failure instanceof TimeoutFailure)
    assert.deepEqual(failure.lastHeartbeatDetails, { page: 3 })
  })
})

describe('a row of activity_tasks', () => {
  const deadlines: readonly [what: string, options: Partial<ResolvedActivityOptions>, waiting: number | null, running: number | null][] = [
    ['start-to-close alone', {}, null, 12_000],
    ['schedule-to-start', { scheduleToStartMs: 300 }, 1_300, 12_000],
    ['a shorter heartbeat', { heartbeatMs: 50 }, null, 2_050],
    ['schedule-to-close clamps both', { scheduleToCloseMs: 1_200, scheduleToStartMs: 9_000 }, 2_200, 2_200],
    ['schedule-to-close later than start-to-close', { scheduleToCloseMs: 60_000 }, 61_000, 12_000],
  ]
  for (const [what, options, waiting, running] of deadlines) {
    test(`deadlines with ${what}`, () => {
      const task = taskOf(options)
      assert.equal(task.deadlineAt, waiting)
      assert.equal(runningTask(task, asIncarnation(3), 2_000, 2_000).deadlineAt, running)
    })
  }

  test('a retried attempt waits again, with a new schedule-to-start and the old end of all attempts', () => {
    const task = runningTask(taskOf({ scheduleToStartMs: 300, scheduleToCloseMs: 60_000 }), asIncarnation(3), 2_000, 2_000)
    const again = retriedTask({ ...task, lost: true }, 5_000, '{}' as Payload, '3' as Payload)
    const { attempt, worker, startedAt, lost, availableAt, deadlineAt, closeBy, scheduledAt, heartbeatDetails } = again
    assert.deepEqual({ attempt, worker, startedAt, lost, availableAt, deadlineAt, closeBy, scheduledAt, heartbeatDetails }, {
      attempt: 2, worker: null, startedAt: null, lost: false, availableAt: 5_000, deadlineAt: 5_300, closeBy: 61_000, scheduledAt: 1_000,
        heartbeatDetails: '3',
    })
  })

  test('queue and priority come from the options, else from the execution', () => {
    assert.deepEqual([taskOf().taskQueue, taskOf().priority], ['queue', 3])
    const task = taskOf({ taskQueue: 'other', priority: 1 })
    assert.deepEqual([task.taskQueue, task.priority], ['other', 1])
  })

  test('the earlier of two times, where none is later than any', () => {
    assert.deepEqual([earlier(null, null), earlier(1, null), earlier(null, 2), earlier(1, 2), earlier(0, null)], [null, 1, 2, 1, 0])
  })
})
