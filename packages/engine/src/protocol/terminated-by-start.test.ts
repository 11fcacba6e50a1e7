import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TerminatedFailure } from '@perdure/workflow'
import { decodeFailure, encodeFailure } from './failure-codec.ts'
import { terminatedByStart } from './terminated-by-start.ts'

test('what the stores write for a replaced run is a failure as the codec writes it', () => {
  const failure = decodeFailure(terminatedByStart)
  assert.ok(failure instanceof TerminatedFailure)
  assert.match(failure.message, /new start of the same workflow id/)
  assert.deepEqual(JSON.parse(encodeFailure(failure)), JSON.parse(terminatedByStart))
})
