import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonValues } from '../conversion/value-converter.ts'
import { base64, ownArguments, ownMap, ownResult, temporalArguments, type TemporalPayload } from './temporal-payload.ts'

const json = (value: unknown): TemporalPayload => ({ metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(value)) })
const nothing: TemporalPayload = { metadata: { encoding: base64('binary/null') } }
const bytes: TemporalPayload = { metadata: { encoding: base64('binary/plain') }, data: Buffer.from([0, 255]).toString('base64') }

for (const [what, payloads, expected] of [
  ['JSON', [json(1), json(null)], [1, null]],
  ['nothing in front of others', [nothing, json(1)], [undefined, 1]],
  ['nothing at the end, where defaults apply', [json(1), nothing, nothing], [1]],
  ['nothing at all', [nothing], []],
  ['bytes', [bytes, json('x')], [new Uint8Array([0, 255]), 'x']],
] as const) {
  test(`arguments of a Temporal history that are ${what} are read as its SDK has them`, () => {
    assert.deepEqual(jsonValues.decodeArguments(ownArguments({ payloads }, 'test')), expected)
  })
}

test('arguments that are no JSON go to a Temporal history as its SDK writes them', () => {
  const own = jsonValues.encodeArguments([undefined, new Uint8Array([0, 255]), 1], 'f')
  const { payloads = [] } = temporalArguments(own)
  assert.deepEqual(payloads?.map(({ metadata }) => Buffer.from(metadata?.['encoding'] ?? '', 'base64').toString()), [
    'binary/null', 'binary/plain', 'json/plain',
  ])
  assert.equal(ownArguments({ payloads }, 'test'), own)
})

test('bytes of results and memos of a Temporal history are read', () => {
  assert.deepEqual(jsonValues.decode(ownResult({ payloads: [bytes] }, 'test')), new Uint8Array([0, 255]))
  const memo = ownMap({ a: bytes, b: json(1) }, 'test')
  assert.ok(memo !== null)
  assert.deepEqual(jsonValues.decodeFields(memo), { a: new Uint8Array([0, 255]), b: 1 })
})
