import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ResolvedActivityOptions } from '@perdure/workflow/host'
import { decodeActivityOptions, encodeActivityOptions } from './activity-options-codec.ts'
import { decodeEvent, encodeEvent } from './event-codec.ts'
import type { HistoryEvent } from './event.ts'
import { emptyPayload, type Payload } from './payload.ts'
import { encodePayload } from './payload-codec.ts'

const text = fc.string({ unit: 'binary' })
const millis = fc.integer({ min: 0, max: 2 ** 45 })
const command = fc.integer({ min: 1, max: 60_000 })
const payload: fc.Arbitrary<Payload> = fc.oneof(fc.constant(emptyPayload), fc.jsonValue().map((value) => encodePayload(value, 'value')))

function activity<T extends string, More extends object>(type: T, more: { [K in keyof More]: fc.Arbitrary<More[K]> }) {
  return fc.tuple(
    fc.record({
      command, activityType: text, taskQueue: text, attempt: command, scheduledAt: millis, startedAt: fc.option(millis), options: payload,
        input: payload,
    }),
    fc.option(text, { nil: undefined }), fc.record(more),
  ).map(([facts, id, rest]) => ({ ...facts, activityId: id ?? String(facts.command), ...rest, type }))
}

const event = fc.oneof(
  fc.record({ type: fc.constant('WorkflowExecutionSignaled' as const), signalName: text, identity: text, input: payload }),
  fc.record({ type: fc.constant('WorkflowExecutionCancelRequested' as const), reason: text, identity: text }),
  fc.record({ type: fc.constant('TimerFired' as const), command, durationMs: millis, startedAt: millis }),
  activity('ActivityTaskCompleted', { result: payload }),
  activity('ActivityTaskFailed', { failure: payload, retryState: text }),
  activity('ActivityTaskTimedOut', { failure: payload, retryState: text }),
  activity('ActivityTaskCanceled', { failure: payload }),
) as fc.Arbitrary<HistoryEvent>

test('an event is read as it was written', () => {
  fc.assert(fc.property(event, (written) => {
    assert.deepEqual(plain(decodeEvent(written.type, encodeEvent(written))), plain(written))
  }), { numRuns: 500 })
})

/** fast-check makes some objects without a prototype. */
function plain(value: object): unknown {
  return { ...value }
}

const unreadable: readonly [what: string, type: string, data: string][] = [
  ['of a type of a later version', 'MarkerRecorded', '{}'],
  ['whose attributes are not JSON', 'TimerFired', '{"command":'],
  ['without attributes', 'TimerFired', ''],
  ['whose result was cut off', 'ActivityTaskCompleted', '{"command":1}\n{}\n[]'],
  ['whose input was cut off', 'WorkflowExecutionSignaled', '{"signalName":"s","identity":"i"}'],
]
for (const [what, type, data] of unreadable) {
  test(`an event ${what} is refused with a code`, () => assert.throws(() => decodeEvent(type, data), { code: 'HISTORY_UNREADABLE' }))
}

const options: fc.Arbitrary<ResolvedActivityOptions> = fc.tuple(
  fc.record({
    taskQueue: text, activityId: text, scheduleToStartMs: millis, scheduleToCloseMs: millis, startToCloseMs: millis, heartbeatMs: millis,
    priority: command, summary: text,
  }, { requiredKeys: [] }),
  fc.record({
    retry: fc.record({
      initialMs: fc.oneof(fc.constant(1_000), millis), coefficient: fc.oneof(fc.constant(2), fc.double({ min: 1, max: 100, noNaN: true })),
      maximumMs: fc.oneof(fc.constant(100_000), millis), maximumAttempts: fc.nat(10),
        nonRetryableErrorTypes: fc.array(text, { maxLength: 3 }),
    }),
    cancellationType: fc.constantFrom('TRY_CANCEL' as const, 'WAIT_CANCELLATION_COMPLETED' as const, 'ABANDON' as const),
  }),
).map(([some, all]) => ({ ...some, ...all, retry: { ...all.retry } }))

test('activity options are read as they were written, on one line', () => {
  fc.assert(fc.property(options, (written) => {
    const stored = encodeActivityOptions(written)
    assert.ok(!stored.includes('\n'))
    assert.deepEqual(decodeActivityOptions(stored), written)
  }))
})

test('headers of an activity keep their bytes', () => {
  const [standard] = fc.sample(options, 1)
  assert.ok(standard !== undefined)
  const headers = { trace: { metadata: { encoding: new Uint8Array([106, 255]) }, data: new Uint8Array([0, 1]) }, none: {} }
  const written = { ...standard, headers }
  assert.deepEqual(decodeActivityOptions(encodeActivityOptions(written)), written)
})

test('what equals a default is not stored', () => {
  const retry = { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 0, nonRetryableErrorTypes: [] }
  assert.equal(encodeActivityOptions({ startToCloseMs: 5, cancellationType: 'TRY_CANCEL', retry }), '{"startToCloseMs":5}')
  const changed = encodeActivityOptions({ startToCloseMs: 5, cancellationType: 'ABANDON', retry: { ...retry, maximumAttempts: 1 } })
  assert.deepEqual(JSON.parse(changed), { startToCloseMs: 5, cancellationType: 'ABANDON', retry: { maximumAttempts: 1 } })
})
