import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActivityFailure, ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@perdure/workflow'
import { record } from '../../../test/execution-driver.ts'
import { encodeFailure } from '../../protocol/failure-codec.ts'
import type { Payload } from '../../protocol/payload.ts'
import { decodeStartDetails, encodeStartDetails, type StartDetails } from '../../protocol/start-details.ts'
import { continuedRun, retriedRun } from './next-run.ts'

const visible = { memo: null, searchAttributes: null }
const retry = { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 0, nonRetryableErrorTypes: [] }
const failureOf = (error: Error) => ({ error, failure: encodeFailure(error) })

test('the next run starts after the one before, also when that closes in the millisecond of its start', () => {
  const request = { workflowType: 'program', args: [], options: {} }
  const continued = continuedRun(record, request, { input: '[]' as Payload }, visible, record.startedAt)
  const failed = { ...record, details: encodeStartDetails({ retry }) }
  const retried = retriedRun(failed, failureOf(ApplicationFailure.create({ message: 'no' })), record.startedAt)
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
  const isRetried = (error: Error): boolean => retriedRun(failed, failureOf(error), record.startedAt) !== undefined
  assert.deepEqual(errors.map(isRetried), [false, false, true])
})

class Refused extends Error {}
const timedOut = (type: 'START_TO_CLOSE' | 'HEARTBEAT' | 'SCHEDULE_TO_CLOSE') => new TimeoutFailure('late', undefined, type)
const around = new ActivityFailure('failed', 'charge', '1', 'NON_RETRYABLE_FAILURE', undefined, new Refused('no'))
for (const [what, error, types, expected] of [
  ['a run timeout', timedOut('START_TO_CLOSE'), ['START_TO_CLOSE', 'TimeoutFailure'], true],
  ['a run timeout that is named', timedOut('START_TO_CLOSE'), ['TemporalTimeout:StartToClose'], false],
  ['a heartbeat timeout where the other is named', timedOut('HEARTBEAT'), ['TemporalTimeout:StartToClose'], true],
  ['a timeout that is final wherever it is', timedOut('SCHEDULE_TO_CLOSE'), [], false],
  ['an error whose class is named', new Refused('no'), ['Refused'], false],
  ['an ActivityFailure, which has no type', around, ['ActivityFailure', 'Refused'], true],
] as const) {
  test(`whether a workflow is tried again after ${what} is as a Temporal server has it`, () => {
    const failed = { ...record, details: encodeStartDetails({ retry: { ...retry, nonRetryableErrorTypes: [...types] } }) }
    assert.equal(retriedRun(failed, failureOf(error), record.startedAt) !== undefined, expected)
  })
}

test('the failure of a workflow may name the pause before the next run, as a text too', () => {
  const failed = { ...record, details: encodeStartDetails({ retry }) }
  const wakeAfter = (nextRetryDelay: 7_000 | '7 s'): number => {
    const error = ApplicationFailure.create({ message: 'no', nextRetryDelay })
    return (retriedRun(failed, failureOf(error), record.startedAt)?.wakeAt ?? 0) - record.startedAt
  }
  assert.deepEqual([wakeAfter(7_000), wakeAfter('7 s')], [7_000, 7_000])
})

test('a run that is tried again begins with the memo and search attributes that it began with, as on Temporal', () => {
  const changed = { ...record, memo: '{"step":2}' as Payload, searchAttributes: '{"Step":["2"]}' as Payload }
  const next = (startedWith: StartDetails['startedWith']) => {
    const details = encodeStartDetails({ retry, ...(startedWith === undefined ? {} : { startedWith }) })
    const { memo, searchAttributes, link } = retriedRun({ ...changed, details }, failureOf(new Error('no')), record.startedAt) ?? {}
    return { memo, searchAttributes, startedWith: decodeStartDetails(link?.details ?? null).startedWith }
  }
  const begun = { memo: '{"step":1}' as Payload, searchAttributes: null }
  assert.deepEqual(next(begun), { ...begun, startedWith: undefined })
  const { memo, searchAttributes } = changed
  assert.deepEqual(next(undefined), { memo, searchAttributes, startedWith: undefined }, 'nothing was changed')
})
