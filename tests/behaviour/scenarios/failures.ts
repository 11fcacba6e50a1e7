import assert from 'node:assert/strict'
import { ActivityFailure, ApplicationFailure } from 'perdure/workflow'
import { as, failureOf, type Scenario } from '../stage.ts'
import * as failures from '../workflows/failures.ts'

export const failureScenarios: readonly Scenario[] = [
  {
    name: 'an error thrown by a workflow fails it, with its class as type',
    async run(_t, { start }) {
      const handle = await start(failures.throwsPlainError)
      const cause = as(ApplicationFailure, (await failureOf(handle.result())).cause)
      assert.deepEqual([cause.type, cause.message], ['OutOfStock', 'none left'])
      assert.equal((await handle.getStatus()).status, 'FAILED')
      assert.equal((await handle.history()).at(-1)?.eventType, 'WorkflowExecutionFailed')
    },
  },
  {
    name: 'an ApplicationFailure thrown by a workflow arrives as it was',
    async run(_t, { start }) {
      const cause = as(ApplicationFailure, (await failureOf((await start(failures.throwsFailure)).result())).cause)
      assert.deepEqual([cause.type, cause.message, cause.nonRetryable, cause.details], ['Refused', 'no', true, [{ reason: 'limit' }, 5]])
    },
  },
  {
    name: 'a workflow that throws what is no error fails and says what it was',
    async run(_t, { start }) {
      const cause = as(ApplicationFailure, (await failureOf((await start(failures.throwsText)).result())).cause)
      assert.match(cause.message, /"text"/)
    },
  },
  {
    name: 'a workflow that throws undefined fails',
    async run(_t, { start }) {
      const cause = as(ApplicationFailure, (await failureOf((await start(failures.throwsUndefined)).result())).cause)
      assert.match(cause.message, /undefined/)
    },
  },
  {
    name: 'an error of the language fails the workflow too',
    async run(_t, { start }) {
      const cause = as(ApplicationFailure, (await failureOf((await start(failures.throwsSynchronously)).result())).cause)
      assert.equal(cause.type, 'SyntaxError')
    },
  },
  {
    name: 'a result that cannot be stored fails the workflow with the path of the value',
    async run(_t, { start }) {
      const cause = as(ApplicationFailure, (await failureOf((await start(failures.returnsUnstorable)).result())).cause)
      assert.match(cause.message, /returnsUnstorable.*\.lines.*Map/)
    },
  },
  {
    name: 'an argument of an activity that cannot be stored is refused at the call, with its path',
    async run(_t, { start }) {
      const told = await (await start(failures.passesUnstorable)).result() as string
      assert.match(told, /^PAYLOAD_NOT_SERIALISABLE: argument 1 of activity 'echo': .*\.order\.total.*BigInt/i)
    },
  },
  {
    name: 'a result of an activity that cannot be stored fails the activity, with its path',
    async run(_t, { start }) {
      const activity = as(ActivityFailure, (await failureOf((await start(failures.receivesUnstorable)).result())).cause)
      assert.match(as(ApplicationFailure, activity.cause).message, /activity 'unstorable'.*\.order\.lines.*Map/)
    },
  },
  {
    name: 'an activity without a timeout fails the workflow and says which option is missing',
    async run(_t, { start }) {
      const cause = as(ApplicationFailure, (await failureOf((await start(failures.withoutTimeout)).result())).cause)
      assert.match(cause.message, /startToCloseTimeout/)
    },
  },
  {
    name: 'a wrong duration fails the workflow and names the option and the unit',
    async run(_t, { start, engine }) {
      const cause = as(ApplicationFailure, (await failureOf((await start(failures.withWrongDuration)).result())).cause)
      assert.match(cause.message, /startToCloseTimeout.*parsecs/)
      const wrongSleep = as(ApplicationFailure, (await failureOf(engine.workflows.execute(failures.sleepsWrongly, {}))).cause)
      assert.match(wrongSleep.message, /sleep\(\).*soon/)
    },
  },
]
