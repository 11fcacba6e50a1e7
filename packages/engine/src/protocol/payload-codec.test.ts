import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as check, jsonValue, property, string } from 'fast-check'
import { payloadBytesMax } from '../limits.ts'
import { decodeArguments, decodePayload, encodeArguments, encodePayload } from './payload-codec.ts'
import { PayloadError } from './payload-error.ts'
import type { Payload } from './payload.ts'

const refused = (call: () => unknown): PayloadError => {
  try {
    call()
  } catch (error) {
    assert.ok(error instanceof PayloadError)
    return error
  }
  return assert.fail('was not refused')
}

test('any JSON value comes back as it was, from one line of text', () => {
  check(property(jsonValue(), (value) => {
    const payload = encodePayload(value, 'x')
    assert.ok(!payload.includes('\n') && !payload.startsWith(':'))
    // JSON has one zero.
    assert.deepEqual(decodePayload(payload), JSON.parse(JSON.stringify(value)))
  }))
  check(property(array(jsonValue()), (args) => {
    assert.deepEqual(decodeArguments(encodeArguments(args, 'x')), JSON.parse(JSON.stringify(args)))
  }))
  check(property(string({ unit: 'binary' }), (text) => assert.equal(decodePayload(encodePayload(text, 'x')), text.toWellFormed())))
})

test('undefined is the empty text, and null is not', () => {
  assert.equal(encodePayload(undefined, 'x'), '')
  assert.equal(decodePayload('' as Payload), undefined)
  assert.equal(encodePayload(null, 'x'), 'null')
  assert.deepEqual(decodeArguments('' as Payload), [])
})

test('trailing undefined arguments are left out, so that default parameters apply', () => {
  assert.equal(encodeArguments([1, undefined, undefined], 'x'), '[1]')
  assert.equal(encodeArguments([undefined, 1], 'x'), '[null,1]')
  assert.equal(encodeArguments([undefined], 'x'), '[]')
})

test('values are written as JSON writes them: dates as texts, toJSON honoured, undefined members left out, -0 as 0', () => {
  class Money {
    readonly cents = 5
    toJSON(): unknown {
      return { amount: this.cents / 100 }
    }
  }
  class Refusal extends Error {
    toJSON(): unknown {
      return { refused: this.message }
    }
  }
  class Point {
    readonly x = 1
    length(): number {
      return this.x
    }
  }
  const table: [unknown, string][] = [
    [new Date(0), '"1970-01-01T00:00:00.000Z"'], [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [new Money(), '{"amount":0.05}'], [{ toJSON: () => 'self' }, '"self"'], [new Refusal('no'), '{"refused":"no"}'], [-0, '0'],
    [{ a: undefined, b: 1 }, '{"b":1}'], [[undefined], '[null]'], [new Point(), '{"x":1}'], [Object.create(null), '{}'],
    [new Proxy({ a: 1 }, {}), '{"a":1}'], [{ toJSON: undefined, a: 1 }, '{"a":1}'],
  ]
  for (const [value, text] of table) assert.equal(encodePayload(value, 'x'), text)
})

test('what JSON would lose is refused, with its path and what to do', () => {
  class Order {
    readonly id = 1
  }
  class Declined extends Error {
    readonly code = 'DECLINED'
  }
  const holed = [1]
  holed[2] = 3
  const circle: Record<string, unknown> = { list: [{}] }
  circle['list'] = [{ back: circle }]
  const table: [unknown, string, RegExp][] = [
    [10n, '$', /a BigInt; pass it as a string/], [{ items: [0, { price: 5n }] }, '$.items[1].price', /a BigInt/],
    [() => 1, '$', /a function; pass plain data/], [{ 'a b': { onDone() {} } }, '$["a b"].onDone', /a function \(onDone\)/],
    [Order, '$', /a function \(Order\)/], [[Symbol('s')], '$[0]', /a symbol/],
    [circle, '$.list[0].back', /a circular reference to \$; pass data without circles/],
    [{ seen: new Set() }, '$.seen', /a Set; pass \[\.\.\.set\]/], [new Map(), '$', /a Map; pass Object.fromEntries/],
    [{ data: new Uint8Array(2) }, '$.data', /binary data \(Uint8Array\); pass it as text/],
    [Buffer.from('a'), '$', /binary data \(Buffer\)/], [new ArrayBuffer(1), '$', /binary data \(ArrayBuffer\)/],
    [{ late: Promise.resolve() }, '$.late', /a Promise; await it first/],
    [Number.NaN, '$', /NaN; JSON has no such number/], [{ price: { total: -Infinity } }, '$.price.total', /-Infinity/],
    [[1, 2, Infinity], '$[2]', /Infinity/], [holed, '$[1]', /a hole of the array; pass null or undefined/],
    [{ lines: [holed] }, '$.lines[0][1]', /a hole/], [new Date(Number.NaN), '$', /an invalid Date/],
    [{ at: [new Date('soon')] }, '$.at[0]', /an invalid Date/], [{ a: { toJSON: () => Number.NaN } }, '$.a', /NaN/],
    [new Error('x'), '$', /an error \(Error\); pass what is wanted of it/], [{ e: new Declined('x') }, '$.e', /an error \(Declined\)/],
    [{ pattern: /x/ }, '$.pattern', /a regular expression/], [new WeakRef({}), '$', /a WeakRef/],
    [new WeakMap(), '$', /a WeakMap/], [{ a: { toJSON: () => new Map() } }, '$.a', /a Map/],
    [{ a: { toJSON(): never { throw new Error('not today') } } }, '$.a', /an object whose toJSON\(\) throws: not today/],
  ]
  for (const [value, path, problem] of table) {
    const asResult = refused(() => encodePayload(value, "result of activity 'charge'"))
    assert.equal(asResult.code, 'PAYLOAD_NOT_SERIALISABLE')
    assert.ok(asResult.message.startsWith(`result of activity 'charge': ${path} is `), asResult.message)
    assert.match(asResult.message, problem)
    const asArgument = refused(() => encodeArguments(['fine', value], "activity 'charge'"))
    assert.ok(asArgument.message.startsWith(`argument 2 of activity 'charge': ${path} is `), asArgument.message)
  }
})

test('the same object twice is no circle', () => {
  const address = { street: 'Main' }
  assert.equal(encodePayload({ from: address, to: address }, 'x'), '{"from":{"street":"Main"},"to":{"street":"Main"}}')
})

test('a value that is nested too deeply is refused, not a crash', () => {
  let value: unknown = 1
  for (let depth = 0; depth < 200_000; depth++) value = [value]
  const error = refused(() => encodePayload(value, 'input'))
  assert.equal(error.code, 'PAYLOAD_NOT_SERIALISABLE')
  assert.match(error.message, /^input: nested too deeply/)
})

test('a payload may be as large as the limit in bytes, and no larger', () => {
  const quotes = 2
  const largest = 'x'.repeat(payloadBytesMax - quotes)
  assert.equal(encodePayload(largest, 'x').length, payloadBytesMax)
  const error = refused(() => encodePayload(`${largest}x`, "result of activity 'charge'"))
  assert.equal(error.code, 'PAYLOAD_TOO_LARGE')
  assert.match(error.message, /^result of activity 'charge': 2097153 bytes as JSON, more than the limit of 2097152 bytes \(2 MiB\); keep /)
  assert.equal(refused(() => encodePayload('€'.repeat(700_000), 'x')).code, 'PAYLOAD_TOO_LARGE')
  assert.match(refused(() => encodeArguments([largest], "workflow 'order'")).message, /^arguments of workflow 'order': /)
})

test('a stored text that is no payload of ours is refused', () => {
  for (const text of [':gzip H4sI', '{', 'undefined'] as Payload[]) {
    assert.equal(refused(() => decodePayload(text)).code, 'PAYLOAD_UNREADABLE')
  }
  assert.equal(refused(() => decodeArguments('{"a":1}' as Payload)).code, 'PAYLOAD_UNREADABLE')
  assert.match(refused(() => decodePayload(':gzip H4sI' as Payload)).message, /encoded by a codec that this engine has not/)
})

test('what codecs or a payload converter wrote, and neither reads here, is told with its encoding', () => {
  const encoded = (encoding: string) => `:${JSON.stringify({ metadata: { encoding }, data: '' })}` as Payload
  assert.match(refused(() => decodePayload(encoded('binary/mine'))).message, /^[^{]*'binary\/mine', and this engine has no payload codec/)
  for (const apart of ['list/payloads', 'fields/payloads']) {
    const { message } = refused(() => decodeArguments(encoded(apart)))
    assert.match(message, /written with a payload converter, and this engine has none/)
    assert.doesNotMatch(message, /payloads/)
  }
})
