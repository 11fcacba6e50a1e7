import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ResolvedActivityOptions, ResolvedRetryPolicy } from '@perdure/workflow/host'
import { nextAttempt, retryIntervalMs, type AttemptEnded, type NextAttempt } from './retry.ts'

const retry: ResolvedRetryPolicy = { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 0, nonRetryableErrorTypes: [] }
const options: ResolvedActivityOptions = { startToCloseMs: 1_000, cancellationType: 'TRY_CANCEL', retry }
const ended: AttemptEnded = {
  options, attempt: 1, scheduledAt: 0, now: 500, failureType: 'Error', nonRetryable: false, nextRetryDelayMs: null, cancelRequested: false,
}
const end = (retryState: string): NextAttempt => ({ type: 'end', retryState } as NextAttempt)

const cases: readonly [what: string, given: Partial<AttemptEnded>, expected: NextAttempt][] = [
  ['the first retry follows after the initial interval', {}, { type: 'retry', availableAt: 1_500 }],
  ['the third after twice its double', { attempt: 3 }, { type: 'retry', availableAt: 4_500 }],
  ['the interval has a maximum', { attempt: 30 }, { type: 'retry', availableAt: 100_500 }],
  ['the failure may name its own delay', { nextRetryDelayMs: 7 }, { type: 'retry', availableAt: 507 }],
  ['a delay of nothing is a delay', { nextRetryDelayMs: 0 }, { type: 'retry', availableAt: 500 }],
  ['0 attempts are unlimited', { attempt: 1_000_000 }, { type: 'retry', availableAt: 100_500 }],
  ['the last attempt', { attempt: 3, options: { ...options, retry: { ...retry, maximumAttempts: 3 } } }, end('MAXIMUM_ATTEMPTS_REACHED')],
  ['the last but one', { attempt: 2, options: { ...options, retry: { ...retry, maximumAttempts: 3 } } },
    { type: 'retry', availableAt: 2_500 }],
  ['a failure that is not retryable', { nonRetryable: true }, end('NON_RETRYABLE_FAILURE')],
  ['a type on the list', { failureType: 'Bad', options: { ...options, retry: { ...retry, nonRetryableErrorTypes: ['Bad'] } } },
    end('NON_RETRYABLE_FAILURE')],
  ['what has no type is on no list', { failureType: null, options: { ...options, retry: { ...retry, nonRetryableErrorTypes: ['Bad'] } } },
    { type: 'retry', availableAt: 1_500 }],
  ['a cancel request ends everything', { cancelRequested: true, nonRetryable: true }, end('CANCEL_REQUESTED')],
  ['not retryable counts before the attempts', { nonRetryable: true, options: { ...options, retry: { ...retry, maximumAttempts: 1 } } },
    end('NON_RETRYABLE_FAILURE')],
  ['a retry that would begin at schedule-to-close', { options: { ...options, scheduleToCloseMs: 1_500 } }, end('TIMEOUT')],
  ['a retry just before schedule-to-close', { options: { ...options, scheduleToCloseMs: 1_501 } }, { type: 'retry', availableAt: 1_500 }],
]
for (const [what, given, expected] of cases) {
  test(`what follows an attempt: ${what}`, () => assert.deepEqual(nextAttempt({ ...ended, ...given }), expected))
}

test('pauses between attempts never shrink, never pass the maximum, and are whole milliseconds', () => {
  const policy = fc.record({
    initialMs: fc.integer({ min: 1, max: 10_000 }), coefficient: fc.double({ min: 1, max: 10, noNaN: true }),
      maximumMs: fc.integer({ min: 1, max: 1_000_000 }),
  })
  fc.assert(fc.property(policy, fc.integer({ min: 1, max: 2_000 }), (given, attempt) => {
    const made = { ...options, retry: { ...retry, ...given } }
    const [one, two] = [retryIntervalMs(made, attempt), retryIntervalMs(made, attempt + 1)]
    assert.ok(Number.isSafeInteger(one) && one >= 0 && one <= two && two <= given.maximumMs, `${one} ${two}`)
  }))
})
