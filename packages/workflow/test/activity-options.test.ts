import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ActivityOptions, Duration } from '@perdure/workflow'
import { mergeActivityOptions, type PerdureError, resolveActivityOptions } from '@perdure/workflow/host'

test("the defaults are Temporal's", () => {
  assert.deepEqual(resolveActivityOptions({ startToCloseTimeout: '1m' }, 'x'), {
    startToCloseMs: 60_000,
    retry: { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 0, nonRetryableErrorTypes: [] },
    cancellationType: 'TRY_CANCEL',
  })
})

test('all options arrive, in milliseconds', () => {
  const options: ActivityOptions = {
    activityId: 'a-1', taskQueue: 'big', summary: 'charges the card', cancellationType: 'ABANDON', priority: { priorityKey: 2 },
    scheduleToStartTimeout: '1s', scheduleToCloseTimeout: '2s', startToCloseTimeout: 3_000, heartbeatTimeout: '4s',
    retry: {
      initialInterval: '5s', backoffCoefficient: 1.5, maximumInterval: '6s', maximumAttempts: 7, nonRetryableErrorTypes: ['CardExpired'],
    },
  }
  assert.deepEqual(resolveActivityOptions(options, 'x'), {
    activityId: 'a-1', taskQueue: 'big', summary: 'charges the card', cancellationType: 'ABANDON', priority: 2,
    scheduleToStartMs: 1_000, scheduleToCloseMs: 2_000, startToCloseMs: 3_000, heartbeatMs: 4_000,
    retry: { initialMs: 5_000, coefficient: 1.5, maximumMs: 6_000, maximumAttempts: 7, nonRetryableErrorTypes: ['CardExpired'] },
  })
})

test('zero and Infinity attempts mean unlimited, and the longest pause follows the first', () => {
  for (const maximumAttempts of [0, Number.POSITIVE_INFINITY]) {
    const { retry } = resolveActivityOptions({ startToCloseTimeout: 1, retry: { maximumAttempts, initialInterval: 50 } }, 'x')
    assert.equal(retry.maximumAttempts, 0)
    assert.equal(retry.maximumMs, 5_000)
  }
})

test('options that are undefined are as if left out', () => {
  const options = { startToCloseTimeout: 1, heartbeatTimeout: undefined, unheard: undefined } as unknown as ActivityOptions
  const resolved = resolveActivityOptions(options, 'x')
  assert.deepEqual(Object.keys(resolved).sort(), ['cancellationType', 'retry', 'startToCloseMs'])
})

test('wrong options are refused with the activity, the option and the remedy', () => {
  const table: [unknown, RegExp][] = [
    [undefined, /they are undefined/], [null, /they are null/], ['1m', /they are 1m/],
    [{}, /neither startToCloseTimeout nor scheduleToCloseTimeout is set; set one, for example startToCloseTimeout: '30 seconds'/],
    [{ heartbeatTimeout: '1s' }, /neither startToCloseTimeout/],
    [{ startToCloseTimeout: 0 }, /startToCloseTimeout is 0; give a longer time/],
    [{ startToCloseTimout: '1s' }, /Unknown option 'startToCloseTimout' in the options of .*; did you mean 'startToCloseTimeout'/],
    [{ startToCloseTimeout: 1, zzz: 1 }, /Unknown option 'zzz'.*; known are activityId, /],
    [{ startToCloseTimeout: 1, versioningIntent: 'DEFAULT' }, /'versioningIntent'.*Perdure does not yet/],
    [{ startToCloseTimeout: 1, retry: 3 }, /retry is 3; pass an object/],
    [{ startToCloseTimeout: 1, retry: { maxAttempts: 3 } }, /Unknown option 'maxAttempts' in the retry policy of activity 'charge'/],
    [{ startToCloseTimeout: 1, retry: { backoffCoefficient: 0.5 } }, /retry.backoffCoefficient is 0.5; give a number from 1 on/],
    [{ startToCloseTimeout: 1, retry: { backoffCoefficient: Number.NaN } }, /backoffCoefficient is NaN/],
    [{ startToCloseTimeout: 1, retry: { maximumAttempts: -1 } }, /maximumAttempts is -1; give a whole number from 1 on, or 0 or Infinity/],
    [{ startToCloseTimeout: 1, retry: { maximumAttempts: 1.5 } }, /maximumAttempts is 1.5/],
    [{ startToCloseTimeout: 1, retry: { maximumInterval: 10, initialInterval: 20 } }, /is shorter than retry.initialInterval/],
    [{ startToCloseTimeout: 1, retry: { initialInterval: 0 } }, /retry.initialInterval is 0/],
    [{ startToCloseTimeout: 1, retry: { nonRetryableErrorTypes: 'A' } }, /nonRetryableErrorTypes is not a list of names/],
    [{ startToCloseTimeout: 1, retry: { nonRetryableErrorTypes: [Error] } }, /nonRetryableErrorTypes is not a list of names/],
    [{ startToCloseTimeout: 1, cancellationType: 'WAIT' }, /cancellationType is 'WAIT'; give one of TRY_CANCEL, WAIT_/],
    [{ startToCloseTimeout: 1, priority: { priorityKey: 9 } }, /priorityKey is 9; give a whole number from 1/],
    [{ startToCloseTimeout: 1, taskQueue: '' }, /taskQueue is empty/],
    [{ startToCloseTimeout: 1, taskQueue: 'a\0' }, /taskQueue has a NUL character in it; give a text of 1 to 1000 characters/],
    [{ startToCloseTimeout: 1, taskQueue: 'x'.repeat(1_001) }, /taskQueue has 1001 characters/],
    [{ startToCloseTimeout: 1, activityId: '\ud83d' }, /activityId is not well-formed Unicode/],
    [{ startToCloseTimeout: 1, activityId: '漢'.repeat(667) }, /activityId has 2001 bytes as UTF-8; .* at most 2000 bytes/],
    [{ startToCloseTimeout: 1, activityId: 7 }, /activityId is of type number; give a text/],
  ]
  for (const [options, message] of table) {
    assert.throws(() => resolveActivityOptions(options as ActivityOptions, "activity 'charge'"), (error: PerdureError) => {
      assert.equal(error.code, 'ACTIVITY_OPTIONS_INVALID')
      assert.match(error.message, message)
      assert.match(error.message, /activity 'charge'/)
      return true
    })
  }
})

test('ids may be as long as they can be stored', () => {
  for (const taskQueue of ['x'.repeat(1_000), 'é'.repeat(1_000), '😀'.repeat(500), '漢'.repeat(666)]) {
    assert.equal(resolveActivityOptions({ startToCloseTimeout: 1, taskQueue }, 'charge').taskQueue, taskQueue)
  }
})

test('a wrong duration names the option and the activity', () => {
  assert.throws(() => resolveActivityOptions({ startToCloseTimeout: 'soon' as Duration }, "activity 'charge'"),
    { code: 'DURATION_INVALID', message: /^Wrong duration for startToCloseTimeout of activity 'charge'/ })
  assert.throws(() => resolveActivityOptions({ startToCloseTimeout: 1, retry: { initialInterval: -1 } }, "activity 'charge'"),
    { code: 'DURATION_INVALID', message: /^Wrong duration for retry.initialInterval of activity 'charge'/ })
})

test('options of one call go before those of the proxy, retry policies member by member', () => {
  const merged = mergeActivityOptions(
    { startToCloseTimeout: '1m', taskQueue: 'a', retry: { maximumAttempts: 3, initialInterval: 5 } },
    { taskQueue: 'b', retry: { maximumAttempts: 1 } },
  )
  assert.deepEqual(merged, { startToCloseTimeout: '1m', taskQueue: 'b', retry: { maximumAttempts: 1, initialInterval: 5 } })
})
