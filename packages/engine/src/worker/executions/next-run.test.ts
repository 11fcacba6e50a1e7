import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActivityFailure, ApplicationFailure, CancelledFailure, TerminatedFailure } from '@perdure/workflow'
import { record } from '../../../test/execution-driver.ts'
import { encodeFailure } from '../../protocol/failure-codec.ts'
import type { Payload } from '../../protocol/payload.ts'
import { encodeStartDetails } from '../../protocol/start-details.ts'
import { continuedRun, retriedRun } from './next-run.ts'

const visible = { memo: null, searchAttributes: null }
const retry = { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 0, nonRetryableErrorTypes: [] }
const failureOf = (error: Error) => ({ error, failure: encodeFailure(error) })

test('the next run starts after the one before, also when that closes in the millisecond of its start', () => {
  const request = { workflowType: 'program', args: [], options: {} }
  const continued = continuedRun(record, request, { input: '[]' as Payload }, visible, record.startedAt)
  const failed = { ...record, details: encodeStartDetails({ retry }) }
  const retried = retriedRun(failed, failureOf(ApplicationFailure.create({ message: 'no' })), visible, record.startedAt)
  for (const next of [continued, retried]) {
    assert.equal(next?.startedAt, record.startedAt + 1)
    assert.ok((next?.wakeAt ?? 0) >= record.startedAt + 1)
  }
  assert.equal(continuedRun(record, request, { input: '[]' as Payload }, visible, record.startedAt + 7).startedAt, record.startedAt + 7)
})

test('a run that a cancellation or a termination ended is not tried again, as on Temporal; one that an activity ended is', () => {
  const failed = { ...record, details: encodeStartDetails({ retry }) }
  const wrapped = new ActivityFailure('failed', 'charge', '1', 'NON_RETRYABLE_FAILURE', undefined, new CancelledFailure('no'))
  const errors = [new CancelledFailure('no'), new TerminatedFailure('no'), wrapped]
  const isRetried = (error: Error): boolean => retriedRun(failed, failureOf(error), visible, record.startedAt) !== undefined
  assert.deepEqual(errors.map(isRetried), [false, false, true])
})
