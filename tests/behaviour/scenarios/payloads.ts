import assert from 'node:assert/strict'
import { PerdureError } from 'perdure'
import { ActivityFailure, ApplicationFailure } from 'perdure/workflow'
import { as, failureOf, rejectionOf, type Scenario } from '../stage.ts'
import * as failures from '../workflows/failures.ts'
import * as messages from '../workflows/messages.ts'
import * as steps from '../workflows/steps.ts'

const megabyte = 1024 * 1024

export const payloadScenarios: readonly Scenario[] = [
  {
    name: 'values come back as JSON has them',
    async run(_t, { start }) {
      const values = ['', 'ä\u2028\0"\\', 0, -1.5, true, null, [], {}, [[1], { a: { b: [null] } }]]
      assert.deepEqual(await (await start(steps.echoed, ...values)).result(), values)
    },
  },
  {
    name: 'an undefined result of an activity is undefined',
    async run(_t, { start }) {
      assert.equal(await (await start(steps.returnedUndefined)).result(), undefined)
    },
  },
  {
    name: 'an undefined argument stays undefined in front of others: its default applies',
    async run(_t, { start }) {
      assert.deepEqual(await (await start(steps.defaulted, undefined, undefined, 'given')).result(), ['default', 'given'])
    },
  },
  {
    name: 'bytes go through arguments, activities and results as bytes',
    async run(_t, { start }) {
      const result = await (await start(steps.defaulted, undefined, Buffer.from([0, 255]))).result()
      assert.deepEqual(result, new Uint8Array([0, 255, 7]))
    },
  },
  {
    name: 'null is not undefined',
    async run(_t, { start }) {
      assert.equal(await (await start(steps.returned, null)).result(), null)
    },
  },
  {
    name: 'a Date arrives as its ISO text',
    async run(_t, { start }) {
      const dates = { at: '1970-01-01T00:00:00.000Z', own: '1970-01-01T00:00:01.000Z' }
      assert.deepEqual(await (await start(steps.returnedDate)).result(), dates)
    },
  },
  {
    name: 'a megabyte goes through arguments, activities and results unharmed',
    async run(_t, { start }) {
      const text = 'ü7'.repeat(megabyte / 3)
      assert.deepEqual(await (await start(steps.echoed, text)).result(), [text])
    },
  },
  {
    name: 'arguments above the limit are refused at the start, with size and limit, and nothing is started',
    async run(_t, { id, engine, start }) {
      const error = as(PerdureError, await rejectionOf(start(steps.returned, 'x'.repeat(2 * megabyte))))
      assert.equal(error.code, 'PAYLOAD_TOO_LARGE')
      assert.match(error.message, /returned.*2097156 bytes.*2097152 bytes/)
      assert.equal(await engine.workflows.count({ workflowId: id }), 0)
    },
  },
  {
    name: 'arguments that cannot be stored are refused at the start, with their path, and nothing is started',
    async run(_t, { id, engine, start }) {
      const error = as(PerdureError, await rejectionOf(start(steps.returned, { order: { lines: [1, () => 1] } })))
      assert.equal(error.code, 'PAYLOAD_NOT_SERIALISABLE')
      assert.match(error.message, /\.order\.lines\[1\] is a function/)
      assert.equal(await engine.workflows.count({ workflowId: id }), 0)
    },
  },
  {
    name: 'a signal above the limit is refused and not sent',
    async run(_t, { start }) {
      const handle = await start(messages.gather)
      const error = as(PerdureError, await rejectionOf(handle.signal('give', 'x'.repeat(3 * megabyte))))
      assert.equal(error.code, 'PAYLOAD_TOO_LARGE')
      await handle.signal(messages.finish)
      assert.deepEqual(await handle.result(), [])
    },
  },
  {
    name: 'an argument of an activity above the limit is refused at the call, and the workflow may go on',
    async run(_t, { start }) {
      assert.equal(await (await start(failures.passesText, 3 * megabyte)).result(), 'PAYLOAD_TOO_LARGE')
    },
  },
  {
    name: 'a result of an activity above the limit fails the activity at once, although it may be retried, and names size and limit',
    async run(_t, { start }) {
      const activity = as(ActivityFailure, (await failureOf((await start(failures.receivesText, 3 * megabyte)).result())).cause)
      assert.equal(activity.retryState, 'NON_RETRYABLE_FAILURE')
      const cause = as(ApplicationFailure, activity.cause)
      assert.deepEqual([cause.type, cause.nonRetryable], ['PayloadError', true])
      assert.match(cause.message, /activity 'text'.*3145730 bytes.*2097152 bytes/)
    },
  },
  {
    name: 'a result of an activity that cannot be stored fails the activity at once, although it may be retried, and has the path',
    async run(_t, { start }) {
      const handle = await start(failures.receivesUnstorable)
      const activity = as(ActivityFailure, (await failureOf(handle.result())).cause)
      assert.equal(activity.retryState, 'NON_RETRYABLE_FAILURE')
      assert.match(as(ApplicationFailure, activity.cause).message, /result of activity 'unstorable': \$\.order\.lines is a Map/)
      const attempts = (await handle.history()).filter((event) => event.eventType === 'ActivityTaskStarted')
      assert.deepEqual(attempts.map((event) => event.attributes['attempt']), [1])
    },
  },
  {
    name: 'what JSON would change beyond recognition is refused at the start, with its path, and nothing is started',
    async run(_t, { id, engine, start }) {
      for (const [value, message] of [
        [{ total: Number.NaN }, /\$\.total is NaN/], [[1, new Error('x')], /\$\[1\] is an error/],
        [Object.assign([1], { length: 2 }), /\$\[1\] is a hole/],
      ] as const) {
        const error = as(PerdureError, await rejectionOf(start(steps.returned, value)))
        assert.equal(error.code, 'PAYLOAD_NOT_SERIALISABLE')
        assert.match(error.message, message)
      }
      assert.equal(await engine.workflows.count({ workflowId: id }), 0)
    },
  },
]
