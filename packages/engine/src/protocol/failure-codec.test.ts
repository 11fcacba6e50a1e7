import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, property } from 'fast-check'
import { ApplicationFailure, type Duration, TemporalFailure } from '@perdure/workflow'
import { anyFailure } from '../../test/random-failures.ts'
import { failureCausesMax, failureTextCharactersMax, payloadBytesMax } from '../limits.ts'
import { decodeFailure, encodeFailure } from './failure-codec.ts'
import { PayloadError } from './payload-error.ts'
import type { Payload } from './payload.ts'

test('any failure comes back with its class, fields, stack and causes, and is written the same again', () => {
  check(property(anyFailure, (failure) => {
    const payload = encodeFailure(failure)
    assert.ok(!payload.includes('\n'))
    const decoded = decodeFailure(payload)
    assertSame(decoded, failure)
    assert.equal(encodeFailure(decoded), payload)
  }))
})

function assertSame(actual: Error, expected: Error): void {
  assert.equal(actual.constructor, expected.constructor)
  assert.equal(actual.message, expected.message.toWellFormed())
  assert.equal(actual.stack, expected.stack?.toWellFormed())
  const fields = (error: Error): unknown => JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(error))))
  assert.deepEqual(fields(actual), fields(expected))
  if (expected.cause === undefined) assert.equal(actual.cause, undefined)
  else assertSame(actual.cause as Error, expected.cause as Error)
}

test("a plain error becomes an ApplicationFailure with its class name, never its `name`, and the chain of its causes", () => {
  class CardExpired extends Error {
    override name = 'Other'
  }
  const error = new CardExpired('expired', { cause: new RangeError('month', { cause: 'text' }) })
  const decoded = decodeFailure(encodeFailure(error)) as ApplicationFailure
  assert.ok(decoded instanceof ApplicationFailure)
  assert.deepEqual([decoded.message, decoded.type, decoded.nonRetryable, decoded.stack], ['expired', 'CardExpired', false, error.stack])
  const cause = decoded.cause as ApplicationFailure
  assert.deepEqual([cause.message, cause.type], ['month', 'RangeError'])
  assert.match((cause.cause as Error).message, /^A value that is not an Error was thrown: "text"$/)
})

test('the first of an AggregateError is its cause', () => {
  const { message, cause } = decodeFailure(encodeFailure(new AggregateError([new TypeError('one'), new Error('two')])))
  assert.equal(message, 'one; two')
  assert.equal((cause as ApplicationFailure).type, 'TypeError')
})

test('a delay is stored in milliseconds, and a wrong one is left out', () => {
  const delayed = (nextRetryDelay: string): unknown => {
    const failure = ApplicationFailure.create({ nextRetryDelay: nextRetryDelay as Duration })
    return (decodeFailure(encodeFailure(failure)) as ApplicationFailure).nextRetryDelay
  }
  assert.equal(delayed('2 minutes'), 120_000)
  assert.equal(delayed('soon'), undefined)
})

test('a failure without details comes back with an empty list of them, as on Temporal; one that is no list counts as one', () => {
  const back = (details: unknown) => {
    return decodeFailure(encodeFailure(new ApplicationFailure('no', null, false, details as never))) as ApplicationFailure
  }
  for (const details of [undefined, null, []]) {
    assert.deepEqual(back(details).details, [])
    assert.equal(encodeFailure(back(details)).includes('details'), false)
  }
  assert.deepEqual(back({ card: 7 }).details, [{ card: 7 }])
})

test('details that cannot be stored are replaced by a note, and the others stay', () => {
  const given = [1n, { fine: true }, undefined, new Map(), 'x'.repeat(payloadBytesMax)]
  const failure = ApplicationFailure.create({ message: 'm', details: given })
  const { details } = decodeFailure(encodeFailure(failure)) as ApplicationFailure
  const [big, fine, none, map, large] = details ?? []
  assert.match(String(big), /^\[left out: detail 1: \$ is a BigInt/)
  assert.deepEqual([fine, none], [{ fine: true }, null])
  assert.match(String(map), /^\[left out: detail 4: \$ is a Map/)
  assert.match(String(large), /^\[left out: detail 5: .* more than the limit/)
})

test('messages, stacks, causes and the whole are bounded, with a note where something was cut', () => {
  const long = new Error('m'.repeat(100_000))
  const { message, stack } = decodeFailure(encodeFailure(long))
  assert.ok(message.length <= failureTextCharactersMax && (stack ?? '').length <= failureTextCharactersMax)
  assert.match(message, /m \[67296 more characters were cut\]$/)

  const loop = new Error('loop')
  loop.cause = loop
  let depth = 0
  let last: Error = decodeFailure(encodeFailure(loop))
  for (; last.cause !== undefined; depth++) last = last.cause as Error
  assert.deepEqual([depth, last.message], [failureCausesMax + 1, '[further causes were left out]'])

  let chain = new Error('\u0000'.repeat(40_000))
  for (let count = 0; count < 15; count++) chain = new ApplicationFailure('\u0000'.repeat(40_000), 'T', false, ['d'.repeat(500_000)], chain)
  const encoded = encodeFailure(chain)
  assert.ok(Buffer.byteLength(encoded) <= payloadBytesMax)
  assert.deepEqual((decodeFailure(encoded) as ApplicationFailure).details, ['[details were left out: the failure was too large]'])
})

test('encoding never throws, whatever was thrown', () => {
  const hostile = [
    { get message(): string { throw new Error('no') } }, new Proxy({}, { get() { throw new Error('no') } }), Object.create(null),
    Object.assign(new Error('x'), { stack: 7 }), Object.assign(new ApplicationFailure('x'), { details: 'text' }), Symbol('s'), 1n, () => 1,
    Object.assign(new Error('x'), { message: 5 }), { constructor: null },
  ]
  for (const thrown of hostile) assert.ok(decodeFailure(encodeFailure(thrown)) instanceof ApplicationFailure)
})

test('a stored text that is no failure is refused', () => {
  for (const stored of ['', '7', '{"message":"x"}', ':gzip']) {
    assert.throws(() => decodeFailure(stored as Payload), (error) => error instanceof PayloadError && error.code === 'PAYLOAD_UNREADABLE')
  }
})

test('a kind that a later version wrote is still a failure', () => {
  const decoded = decodeFailure('{"kind":"nexus","message":"m","source":"perdure"}' as Payload)
  assert.deepEqual([decoded.constructor, decoded.message], [TemporalFailure, 'm'])
})
