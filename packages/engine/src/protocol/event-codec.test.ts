import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ResolvedActivityOptions } from '@perdure/workflow/host'
import { decodeActivityOptions, encodeActivityOptions } from './activity-options-codec.ts'
import { decodeEvent, decodeMessage, encodeEvent } from './event-codec.ts'
import { type EventType, type HistoryEvent, type InboxRequest, isRequest } from './event.ts'
import { childClosed, terminateRequestedByParent } from './parent-close.ts'
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

function facts<T extends EventType>(type: T, more: Record<string, fc.Arbitrary<unknown>> = {}) {
  return fc.record({ type: fc.constant(type), ...more })
}

const header = fc.record({ data: fc.base64String() }, { noNullPrototype: true })
const headers = fc.dictionary(text, header, { maxKeys: 2, noNullPrototype: true })
/** Absent, or there: an own property that is undefined is not written. */
const withHeaders = <T extends object>(plainEvent: fc.Arbitrary<T>) => fc.oneof(
  plainEvent, fc.tuple(plainEvent, headers).map(([facts, given]) => ({ ...facts, headers: given })))

const child = {
  command, workflowId: text, workflowType: text, taskQueue: text, initiatedAt: millis, input: payload,
  parentClosePolicy: fc.constantFrom('TERMINATE', 'ABANDON', 'REQUEST_CANCEL'),
}
const external = { command, workflowId: text, runId: fc.option(fc.uuid()), initiatedAt: millis }
const noPayload = fc.constant('')
const childStatus = fc.constantFrom('COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT')

/** Every type that can be stored: one that is new has no arbitrary, which is a type error. */
const arbitraries: { readonly [T in EventType]: fc.Arbitrary<object> } = {
  WorkflowExecutionSignaled: withHeaders(facts('WorkflowExecutionSignaled', { signalName: text, identity: text, input: payload })),
  WorkflowExecutionCancelRequested: facts('WorkflowExecutionCancelRequested', { reason: text, identity: text }),
  WorkflowTaskStarted: facts('WorkflowTaskStarted'),
  TimerFired: facts('TimerFired', { command, durationMs: millis, startedAt: millis }),
  ActivityTaskCompleted: activity('ActivityTaskCompleted', { result: payload }),
  ActivityTaskFailed: activity('ActivityTaskFailed', { failure: payload, retryState: text }),
  ActivityTaskTimedOut: activity('ActivityTaskTimedOut', { failure: payload, retryState: text }),
  ActivityTaskCanceled: activity('ActivityTaskCanceled', { failure: payload }),
  PatchMarked: facts('PatchMarked', { patchId: text, deprecated: fc.boolean(), atStart: fc.boolean() }),
  WorkflowExecutionUpdateAccepted: withHeaders(facts('WorkflowExecutionUpdateAccepted', {
    updateId: text, updateName: text, identity: text, input: payload,
  })),
  WorkflowExecutionUpdateCompleted: fc.oneof(
    facts('WorkflowExecutionUpdateCompleted', { updateId: text, result: payload, failure: fc.constant(null) }),
    facts('WorkflowExecutionUpdateCompleted', { updateId: text, result: fc.constant(null), failure: payload }),
  ),
  ChildWorkflowExecutionStarted: facts('ChildWorkflowExecutionStarted', { ...child, runId: fc.uuid() }),
  StartChildWorkflowExecutionFailed: facts('StartChildWorkflowExecutionFailed', {
    ...child, cause: fc.constant('WORKFLOW_ALREADY_EXISTS'),
  }),
  ChildWorkflowExecutionClosed: facts('ChildWorkflowExecutionClosed', {
    command, workflowId: text, runId: fc.uuid(), workflowType: text, status: childStatus, result: fc.oneof(noPayload, payload),
    failure: fc.oneof(noPayload, payload),
  }),
  ExternalWorkflowExecutionSignaled: facts('ExternalWorkflowExecutionSignaled', { ...external, signalName: text, input: payload }),
  SignalExternalWorkflowExecutionFailed: facts('SignalExternalWorkflowExecutionFailed', { ...external, signalName: text, input: payload }),
  ExternalWorkflowExecutionCancelRequested: facts('ExternalWorkflowExecutionCancelRequested', external),
  RequestCancelExternalWorkflowExecutionFailed: facts('RequestCancelExternalWorkflowExecutionFailed', external),
  WorkflowExecutionUpdateRequested: withHeaders(facts('WorkflowExecutionUpdateRequested', {
    updateId: text, updateName: text, identity: text, input: payload,
  })),
  WorkflowExecutionTerminateRequested: facts('WorkflowExecutionTerminateRequested', { reason: text, identity: text }),
}

for (const [type, arbitrary] of Object.entries(arbitraries) as [EventType, fc.Arbitrary<HistoryEvent | InboxRequest>][]) {
  test(`${type} is read as it was written`, () => {
    fc.assert(fc.property(arbitrary, (written) => {
      const stored = encodeEvent(written)
      assert.deepEqual(plain(decodeMessage(type, stored)), plain(written))
      if (isRequest(written)) assert.throws(() => decodeEvent(type, stored), { code: 'HISTORY_UNREADABLE' })
      else assert.deepEqual(plain(decodeEvent(type, stored)), plain(written))
    }), { numRuns: 100 })
  })
}

test('what stores post by themselves is read as events are', () => {
  fc.assert(fc.property(arbitraries.ChildWorkflowExecutionClosed as fc.Arbitrary<Parameters<typeof childClosed>[0]>, (closed) => {
    const { type, data } = childClosed(closed)
    assert.deepEqual(plain(decodeEvent(type, data)), plain(closed))
  }), { numRuns: 100 })
  const { type, data } = terminateRequestedByParent
  assert.deepEqual(decodeMessage(type, data), { type, reason: 'by parent close policy', identity: 'perdure' })
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
