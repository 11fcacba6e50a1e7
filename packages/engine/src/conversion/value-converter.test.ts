import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Payload as ConvertedPayload } from '@perdure/workflow'
import { payloadBytesMax } from '../limits.ts'
import type { Payload } from '../protocol/payload.ts'
import {
  BinaryPayloadConverter, CompositePayloadConverter, JsonPayloadConverter, type PayloadConverterWithEncoding, UndefinedPayloadConverter,
} from './payload-converters.ts'
import { convertedValues, jsonValues } from './value-converter.ts'

class BigIntConverter implements PayloadConverterWithEncoding {
  readonly encodingType = 'text/bigint'

  toPayload(value: unknown): ConvertedPayload | undefined {
    if (typeof value !== 'bigint') return undefined
    return { metadata: { encoding: new TextEncoder().encode(this.encodingType) }, data: new TextEncoder().encode(String(value)) }
  }

  fromPayload<T>({ data }: ConvertedPayload): T {
    return BigInt(new TextDecoder().decode(data ?? new Uint8Array())) as T
  }
}

const values = convertedValues(new CompositePayloadConverter(
  new UndefinedPayloadConverter(), new BinaryPayloadConverter(), new BigIntConverter(), new JsonPayloadConverter(),
))

suite('a payload converter', () => {
  for (const value of [undefined, null, 7, 'text\nof two lines', { a: [1] }, 12n, new Uint8Array([0, 255])]) {
    test(`gives ${typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)} back as it was`, () => {
      const payload = values.encode(value, 'value')
      assert.ok(!payload.includes('\n'))
      assert.deepEqual(values.decode(payload), value)
    })
  }

  test('stores what it makes JSON of as the engine does without one, and reads what was stored without one', () => {
    for (const value of [undefined, null, 7, 'a', { a: [1] }]) {
      assert.equal(values.encode(value, 'value'), jsonValues.encode(value, 'value'))
    }
    const args = [1, { a: 'b' }, undefined]
    assert.equal(values.encodeArguments(args, 'f'), jsonValues.encodeArguments(args, 'f'))
    assert.deepEqual(values.decodeArguments(jsonValues.encodeArguments([1, 'a'], 'f')), [1, 'a'])
    assert.deepEqual([values.decodeArguments('' as Payload), values.decodeArguments('[]' as Payload)], [[], []])
  })

  test('gives lists of arguments back, of which some are no JSON', () => {
    const args = [1, 12n, undefined, { a: 1 }, new Uint8Array([1])]
    const payload = values.encodeArguments([...args, undefined], 'f')
    assert.match(payload, /^:\{"metadata":\{"encoding":"list\/payloads"\}/)
    assert.deepEqual(values.decodeArguments(payload), args)
  })

  test('converts each value of a memo by itself, and stores it as the engine does without one where all are JSON', () => {
    const plain = { a: 1, b: undefined, 'c"': { d: [null] }, e: null }
    assert.equal(values.encodeFields(plain, 'memo'), jsonValues.encodeFields(plain, 'memo'))
    assert.deepEqual(values.decodeFields(jsonValues.encodeFields(plain, 'memo')), { a: 1, 'c"': { d: [null] }, e: null })
    const mixed = { a: 12n, b: new Uint8Array([1]), c: { d: 'e' } }
    assert.deepEqual(values.decodeFields(values.encodeFields(mixed, 'memo')), mixed)
    assert.throws(() => values.encodeFields({ a: () => 1 }, 'memo of f'), { message: /^'a' of the memo of f: .*knows function/ })
  })

  test('tells of what it does not know, and of what is too large, with the name of the value', () => {
    const code = 'PAYLOAD_NOT_SERIALISABLE'
    const wrong = () => values.encodeArguments([1, () => 1], "activity 'charge'")
    assert.throws(wrong, { code, message: /^argument 2 of activity 'charge': .*None of the payload converters knows function/ })
    const nothing = convertedValues({ toPayload: () => undefined as never, fromPayload: () => undefined as never })
    assert.throws(() => nothing.encode(1, 'result'), { code, message: /^result: the payload converter made no payload/ })
    assert.throws(() => values.encode('x'.repeat(payloadBytesMax), 'result'), { code: 'PAYLOAD_TOO_LARGE', message: /^result: \d+ bytes/ })
    const described = convertedValues({
      toPayload: (value) => ({ metadata: { encoding: Buffer.from('text/x'), schema: Buffer.from(String(value)) }, data: Buffer.from('1') }),
      fromPayload: () => 1 as never,
    })
    assert.throws(() => described.encode('x'.repeat(payloadBytesMax), 'result'), { code: 'PAYLOAD_TOO_LARGE' }, 'metadata count')
  })

  test('tells of an encoding that it does not read', () => {
    const other = convertedValues(new CompositePayloadConverter(new JsonPayloadConverter()))
    const code = 'PAYLOAD_UNREADABLE'
    const message = /'text\/bigint'; they read json\/plain\. If a payload codec made it/
    assert.throws(() => other.decode(values.encode(12n, 'value')), { code, message })
  })
})

suite('values without a payload converter', () => {
  const bytes = new Uint8Array([0, 255])
  for (const args of [[undefined, 1], [1, undefined, { a: 1 }], [bytes], [undefined, bytes, 'x']]) {
    for (const [whose, each] of [['the engine', jsonValues], ['a converter', values]] as const) {
      test(`arguments ${JSON.stringify(args)} come back as they were from ${whose}`, () => {
        const payload = each.encodeArguments([...args, undefined], 'f')
        assert.ok(payload.startsWith(':') && !payload.includes('\n'))
        assert.deepEqual(each.decodeArguments(payload), args)
        assert.deepEqual(jsonValues.decodeArguments(payload), args)
      })
    }
  }

  test('bytes come back as bytes, also of a Buffer, and as values of a memo', () => {
    assert.deepEqual(jsonValues.decode(jsonValues.encode(Buffer.from(bytes), 'result')), bytes)
    const memo = { a: bytes, b: { c: 1 }, d: undefined }
    assert.deepEqual(jsonValues.decodeFields(jsonValues.encodeFields(memo, 'memo')), { a: bytes, b: { c: 1 } })
  })

  test('what is JSON stays JSON', () => {
    assert.equal(jsonValues.encodeArguments([1, null, undefined, undefined], 'f'), '[1,null]')
    assert.equal(jsonValues.encodeFields({ a: 1, b: undefined }, 'memo'), '{"a":1}')
  })

  test('the limit is one of what was given, not of the form that it is stored in', () => {
    const largest = new Uint8Array(payloadBytesMax)
    assert.deepEqual(jsonValues.decode(jsonValues.encode(largest, 'result')), largest)
    const text = 'x'.repeat(payloadBytesMax - '""'.length)
    assert.deepEqual(jsonValues.decodeArguments(jsonValues.encodeArguments([undefined, text], 'f')), [undefined, text])
    const half = new Uint8Array(payloadBytesMax / 2)
    const memo = { a: half, b: half }
    assert.deepEqual(jsonValues.decodeFields(jsonValues.encodeFields(memo, 'memo')), memo)
    assert.throws(() => jsonValues.encodeArguments([half, half, 1], 'f'), { code: 'PAYLOAD_TOO_LARGE', message: /^f: 2097153 bytes, / })
  })

  test('bytes within a value and bytes above the limit are refused', () => {
    assert.throws(() => jsonValues.encode({ bytes }, 'result'), {
      code: 'PAYLOAD_NOT_SERIALISABLE', message: /result: \$\.bytes is binary data/,
    })
    assert.throws(() => jsonValues.encodeArguments([undefined, new Uint8Array(payloadBytesMax + 1)], 'f'), {
      code: 'PAYLOAD_TOO_LARGE', message: /^argument 2 of f: 2097153 bytes, /,
    })
    assert.throws(() => jsonValues.encodeArguments([undefined, () => 1], 'f'), { message: /^argument 2 of f: \$ is a function/ })
  })
})
