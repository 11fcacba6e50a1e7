import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, DeterminismViolationError, isCancellation, PerdureError,
  rootCause, ServerFailure, TemporalFailure, TerminatedFailure, TimeoutFailure,
} from '@perdure/workflow'
import type * as original from '../src/failure.ts'
import { brandClass, ensureApplicationFailure } from '@perdure/workflow/host'

const every = [
  new ApplicationFailure('a'), new CancelledFailure('a'), new TerminatedFailure('a'), new ServerFailure('a', true),
  new TimeoutFailure('a', undefined, 'HEARTBEAT'), new ActivityFailure('a', 'charge', '1', 'TIMEOUT', undefined),
  new ChildWorkflowFailure('default', { workflowId: 'w', runId: 'r' }, 'order', 'TIMEOUT'),
]

test('every failure is a TemporalFailure with the name of its class, and of no other class', () => {
  const classes = [
    ApplicationFailure, CancelledFailure, TerminatedFailure, ServerFailure, TimeoutFailure, ActivityFailure, ChildWorkflowFailure,
  ]
  for (const [index, failure] of every.entries()) {
    assert.ok(failure instanceof TemporalFailure)
    assert.ok(failure instanceof Error)
    assert.deepEqual(classes.map((each) => failure instanceof each), classes.map((_, other) => other === index))
    assert.equal(failure.name, classes[index]?.name)
    assert.match(failure.stack ?? '', new RegExp(`^${failure.name}: `))
  }
})

test('instanceof recognises failures of a copy of the module that was loaded on its own', async () => {
  const copyPath = new URL('../src/failure.ts?copy', import.meta.url).href
  const copy = await import(copyPath) as typeof original
  assert.notEqual(copy.ApplicationFailure, ApplicationFailure)
  const failure = copy.ApplicationFailure.nonRetryable('no')
  assert.ok(failure instanceof ApplicationFailure)
  assert.ok(failure instanceof TemporalFailure)
  assert.ok(!(failure instanceof CancelledFailure))
  assert.ok(isCancellation(new copy.CancelledFailure('stop')))
})

test("a user's subclass of a failure keeps its own instanceof", () => {
  class CardFailure extends ApplicationFailure {}
  assert.ok(new CardFailure('x') instanceof CardFailure)
  assert.ok(new CardFailure('x') instanceof ApplicationFailure)
  assert.ok(!(new ApplicationFailure('x') instanceof CardFailure))
  const others: unknown[] = [undefined, null, 'x', {}, new Error('x')]
  for (const other of others) assert.ok(!(other instanceof TemporalFailure))
})

test('a brand makes instanceof hold for its name alone', () => {
  class One { readonly one = 1 }
  class Two { readonly two = 2 }
  brandClass(One, 'test.One')
  brandClass(Two, 'test.Two')
  assert.deepEqual([new One() instanceof One, new One() instanceof Two], [true, false])
})

test('the ways to make an ApplicationFailure set what they say', () => {
  const { type, nonRetryable, details } = ApplicationFailure.retryable('m', undefined, 1, 'two')
  assert.deepEqual([type, nonRetryable, details], ['Error', false, [1, 'two']])
  assert.equal(ApplicationFailure.nonRetryable('m', 'CardExpired').nonRetryable, true)
  const cause = new Error('root')
  const made = ApplicationFailure.create({ message: 'm', type: 'T', details: [1], nextRetryDelay: '5s', cause, category: 'BENIGN' })
  assert.deepEqual([made.message, made.type, made.nonRetryable, made.details, made.nextRetryDelay, made.cause, made.category],
    ['m', 'T', false, [1], '5s', cause, 'BENIGN'])
})

test('fromError takes class name, message, stack and cause, and lets fields be set otherwise', () => {
  class CardExpired extends Error {
    override name = 'Other'
  }
  const cause = new RangeError('month')
  const error = new CardExpired('expired', { cause })
  const failure = ApplicationFailure.fromError(error)
  assert.deepEqual([failure.type, failure.message, failure.nonRetryable, failure.cause, failure.stack],
    ['CardExpired', 'expired', false, cause, error.stack])
  const changed = ApplicationFailure.fromError(error, { nonRetryable: true, details: ['visa'] })
  assert.deepEqual([changed.type, changed.nonRetryable, changed.details, changed.stack], ['CardExpired', true, ['visa'], error.stack])
  assert.equal(ApplicationFailure.fromError(failure), failure)
})

test('what is thrown and no error becomes a failure that shows it', () => {
  const circle: Record<string, unknown> = {}
  circle['me'] = circle
  const table: [unknown, RegExp][] = [
    ['boom', /"boom"$/], [7, /7$/], [undefined, /undefined$/], [null, /null$/], [Symbol('s'), /Symbol\(s\)$/],
    [{ code: 1 }, /\{"code":1\}$/], [circle, /\[object Object\]$/],
  ]
  for (const [thrown, shown] of table) {
    const { message } = ensureApplicationFailure(thrown)
    assert.match(message, /^A value that is not an Error was thrown: /)
    assert.match(message, shown)
  }
})

test('an AggregateError without a message says what it gathers', () => {
  assert.equal(ensureApplicationFailure(new AggregateError([new Error('refused'), 'late'])).message, 'refused; "late"')
})

test('a cancellation is recognised bare and as the reason of an activity or child', () => {
  const cancelled = new CancelledFailure('stop')
  assert.ok(isCancellation(cancelled))
  assert.ok(isCancellation(new ActivityFailure('a', 'charge', '1', 'CANCEL_REQUESTED', undefined, cancelled)))
  assert.ok(isCancellation(new ChildWorkflowFailure('default', {}, 'order', 'CANCEL_REQUESTED', cancelled)))
  const others = [new ApplicationFailure('a', 'T', false, [], cancelled), new TerminatedFailure('a'), new Error('a'), 'a', undefined]
  for (const other of others) assert.ok(!isCancellation(other))
})

test('the root cause is the last message of the chain', () => {
  const middle = new ApplicationFailure('middle', null, null, null, new Error('root'))
  const chain = new ActivityFailure('activity', 'charge', '1', 'TIMEOUT', undefined, middle)
  assert.equal(rootCause(chain), 'root')
  assert.equal(rootCause(new Error('own', { cause: new Error('below') })), 'own')
  assert.equal(rootCause('text'), undefined)
})

test('errors of the API are PerdureErrors with a code', () => {
  const violation = DeterminismViolationError.of('fetch()', 'call it in an activity')
  assert.ok(violation instanceof PerdureError)
  assert.equal(violation.code, 'DETERMINISM_VIOLATION')
  assert.equal(violation.name, 'DeterminismViolationError')
  assert.match(violation.message, /^fetch\(\) was used in workflow code, which must be deterministic.*; call it in an activity$/)
})
