import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonValues } from '../conversion/value-converter.ts'
import { readableFields } from './readable-payload.ts'

test('bytes of a memo are read as bytes, and shown as how they are stored', () => {
  const memo = readableFields(jsonValues.encodeFields({ file: new Uint8Array([0, 255]), name: 'a' }, 'memo'))
  assert.deepEqual(memo, { file: new Uint8Array([0, 255]), name: 'a' })
  assert.deepEqual(JSON.parse(JSON.stringify(memo)), { file: { encoded: 'binary/plain', bytes: 2 }, name: 'a' })
})
