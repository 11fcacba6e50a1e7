import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApplicationFailure } from '@perdure/workflow'
import { record } from '../../../test/execution-driver.ts'
import { attemptEnd } from '../../protocol/attempt-end.ts'
import type { Payload } from '../../protocol/payload.ts'
import { logAttempt } from './attempt-log.ts'
import { scheduledTask } from './task-record.ts'

const retry = { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 0, nonRetryableErrorTypes: [] }
const task = scheduledTask(record, {
  command: 4, activityType: 'charge', activityId: '4', input: '[]' as Payload, scheduledAt: 1_000,
  options: { startToCloseMs: 10_000, cancellationType: 'TRY_CANCEL', retry },
})

function logged(error: unknown): string[] {
  const lines: string[] = []
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const ended = attemptEnd({ type: 'failed', error }, { task, startedAt: 1_500, cancelRequested: false, details: null, now: 2_000 })
  logAttempt({ logger }, task, ended, 2_000)
  return lines
}

test('a failed attempt is told with what follows', () => {
  assert.deepEqual(logged(new Error('no')), ["warn Activity 'charge' failed in attempt 1 and is tried again in 1 s: no"])
  assert.deepEqual(logged(ApplicationFailure.nonRetryable()), [
    "warn Activity 'charge' failed in attempt 1, its last: it gave no message",
  ])
})

test('a failed attempt that is BENIGN is told for those who look, as on Temporal', () => {
  const benign = (nonRetryable: boolean): ApplicationFailure => (
    ApplicationFailure.create({ message: 'as usual', category: 'BENIGN', nonRetryable }))
  assert.deepEqual(logged(benign(false)), ["debug Activity 'charge' failed in attempt 1 and is tried again in 1 s: as usual"])
  assert.deepEqual(logged(benign(true)), ["debug Activity 'charge' failed in attempt 1, its last: as usual"])
})
