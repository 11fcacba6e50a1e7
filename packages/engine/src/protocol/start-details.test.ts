import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asRunId } from './ids.ts'
import type { Payload } from './payload.ts'
import { decodeStartDetails, encodeStartDetails, type StartDetails } from './start-details.ts'

test('a start without details stores none, and none are read from it', () => {
  assert.equal(encodeStartDetails({}), null)
  assert.equal(encodeStartDetails({ headers: {} }), null)
  assert.deepEqual(decodeStartDetails(null), {})
  assert.deepEqual(decodeStartDetails(undefined), {})
})

test('details come back as they were given, headers as bytes', () => {
  const details: StartDetails = {
    retry: { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 3, nonRetryableErrorTypes: ['CardExpired'] },
    executionTimeoutMs: 60_000, runTimeoutMs: 10_000, taskTimeoutMs: 5_000, executionExpiresAt: 61_000, attempt: 2, firstStartedAt: 1_000,
    continuedFrom: asRunId('run-1'), restartReason: 'RETRY', lastFailure: '{"kind":"other"}' as Payload, lastResult: '"a\\nb"' as Payload,
    parent: { workflowId: 'parent', runId: asRunId('run-p'), namespace: 'default' },
    root: { workflowId: 'root', runId: asRunId('run-r') }, cronSchedule: '@daily', staticSummary: 'short', staticDetails: 'two\nlines',
    headers: { trace: { metadata: { encoding: new TextEncoder().encode('json/plain') }, data: Uint8Array.of(0, 255, 10) }, empty: {} },
  }
  const text = encodeStartDetails(details)
  assert.ok(text !== null && !text.includes('\n'), 'a payload is one line')
  assert.deepEqual(decodeStartDetails(text), details)
})

test('details that are no JSON object are refused with how they begin', () => {
  for (const text of ['[1]', '{"ret', ':enc:abc']) {
    assert.throws(() => decodeStartDetails(text as Payload), { code: 'PAYLOAD_UNREADABLE', message: /start details of an execution/ })
  }
})
