import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CancelledFailure } from '@perdure/workflow'
import { AttemptCancellation } from './attempt-cancellation.ts'

for (const when of ['before', 'after'] as const) {
  test(`signal and promise asked for ${when} the cancellation tell the same failure, of the first reason`, async () => {
    const cancellation = new AttemptCancellation()
    const ask = () => ({ signal: cancellation.signal, cancelled: cancellation.cancelled })
    const early = when === 'before' ? ask() : undefined
    assert.equal(early?.signal.aborted ?? false, false)
    cancellation.cancel('TIMED_OUT')
    cancellation.cancel('CANCELLED')
    const { signal, cancelled } = early ?? ask()
    assert.equal(signal.aborted, true)
    const failure: unknown = await cancelled.then(() => undefined, (error: unknown) => error)
    assert.ok(failure instanceof CancelledFailure)
    assert.equal(failure.message, 'TIMED_OUT')
    assert.equal(signal.reason, failure)
    assert.deepEqual(ask(), { signal, cancelled }, 'asked again, the same')
  })
}
