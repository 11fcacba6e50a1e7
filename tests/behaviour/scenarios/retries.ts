import assert from 'node:assert/strict'
import { ActivityFailure, ApplicationFailure } from 'perdure/workflow'
import { probe } from '../probe.ts'
import { as, failureOf, type Scenario } from '../stage.ts'
import * as retries from '../workflows/retries.ts'

/** Clocks of processes and databases differ by so much at most, after correction, on one machine. */
const clockMs = 10

function pausesOf(id: string): readonly number[] {
  const times = probe(id).notes.filter((note) => note.startsWith('attempt')).map((note) => Number(note.split(' ')[2]))
  return times.slice(1).map((time, index) => time - (times[index] ?? 0))
}

export const retryScenarios: readonly Scenario[] = [
  {
    name: 'a failed attempt is followed by another until one succeeds',
    async run(_t, { id, start }) {
      assert.equal(await (await start(retries.succeedLater, id, 3, { initialInterval: 1 })).result(), 3)
      assert.equal(probe(id).notes.length, 3)
    },
  },
  {
    name: 'the pause between attempts grows by the coefficient up to the maximum, and is not shorter than that',
    async run(_t, { id, start }) {
      const handle = await start(retries.succeedLater, id, 5, { initialInterval: 40, backoffCoefficient: 2, maximumInterval: 100 })
      await handle.result()
      const pauses = pausesOf(id)
      assert.equal(pauses.length, 4)
      for (const [index, least] of [40, 80, 100, 100].entries()) {
        assert.ok((pauses[index] ?? 0) >= least - clockMs, `pause ${index + 1} was ${pauses[index]} ms`)
      }
    },
  },
  {
    name: 'attempts end at maximumAttempts, and the failure tells the whole chain',
    async run(_t, { id, start }) {
      const handle = await start(retries.succeedLater, id, 9, { initialInterval: 1, maximumAttempts: 3 })
      const activity = as(ActivityFailure, (await failureOf(handle.result())).cause)
      assert.deepEqual([activity.activityType, activity.retryState], ['succeedAt', 'MAXIMUM_ATTEMPTS_REACHED'])
      const cause = as(ApplicationFailure, activity.cause)
      assert.deepEqual([cause.type, cause.message, cause.details], ['NotYet', 'not at 3', [{ attempt: 3 }]])
      assert.equal(probe(id).notes.length, 3)
    },
  },
  {
    name: 'a non-retryable failure ends the activity at its first attempt, with type and details',
    async run(_t, { id, start }) {
      const activity = as(ActivityFailure, (await failureOf((await start(retries.failedFinally, id)).result())).cause)
      assert.equal(activity.retryState, 'NON_RETRYABLE_FAILURE')
      const cause = as(ApplicationFailure, activity.cause)
      assert.deepEqual([cause.type, cause.nonRetryable, cause.details], ['CardExpired', true, [{ card: '4242' }, 7]])
      assert.equal(probe(id).notes.length, 1)
    },
  },
  {
    name: 'an error whose class is among the non-retryable types is not retried, and stays retryable by itself',
    async run(_t, { id, start }) {
      const activity = as(ActivityFailure, (await failureOf((await start(retries.failedByClass, id)).result())).cause)
      assert.equal(activity.retryState, 'NON_RETRYABLE_FAILURE')
      const cause = as(ApplicationFailure, activity.cause)
      assert.deepEqual([cause.type, cause.message, cause.nonRetryable], ['CardExpired', 'expired in May', false])
      assert.equal(probe(id).notes.length, 1)
    },
  },
  {
    name: 'a failure may set the pause before the next attempt itself',
    async run(_t, { id, start }) {
      assert.equal(await (await start(retries.delayedByFailure, id, 60)).result(), 2)
      assert.ok((pausesOf(id)[0] ?? 0) >= 60 - clockMs)
    },
  },
  {
    name: 'a retry that would begin after the end of all attempts fails at once',
    async run(_t, { id, start }) {
      const activity = as(ActivityFailure, (await failureOf((await start(retries.noTimeLeft, id)).result())).cause)
      assert.equal(activity.retryState, 'TIMEOUT')
      assert.equal(as(ApplicationFailure, activity.cause).type, 'NotYet')
    },
  },
  {
    name: 'a workflow may catch the failure of an activity and read it',
    async run(_t, { id, start }) {
      assert.deepEqual(await (await start(retries.caughtFailure, id)).result(), {
        activityType: 'succeedAt', retryState: 'MAXIMUM_ATTEMPTS_REACHED', type: 'NotYet', message: 'not at 2',
        details: [{ attempt: 2 }], nonRetryable: false,
      })
    },
  },
  {
    name: 'the cause of an error arrives as the cause of its failure',
    async run(_t, { start }) {
      const activity = as(ActivityFailure, (await failureOf((await start(retries.failedWithCause)).result())).cause)
      const failure = as(ApplicationFailure, activity.cause)
      assert.deepEqual([failure.type, failure.message], ['Error', 'order failed'])
      const cause = as(ApplicationFailure, failure.cause)
      assert.deepEqual([cause.type, cause.message], ['TypeError', 'no such customer'])
    },
  },
  {
    name: 'what is thrown and is no error is told in the failure',
    async run(_t, { start }) {
      const activity = as(ActivityFailure, (await failureOf((await start(retries.thrownText)).result())).cause)
      assert.match(as(ApplicationFailure, activity.cause).message, /just text/)
    },
  },
]
