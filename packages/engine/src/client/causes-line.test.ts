import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, TemporalFailure, TerminatedFailure, TimeoutFailure,
} from '@perdure/workflow'
import { causeShownCharactersMax, causesShownMax } from '../limits.ts'
import { causesLine } from './causes-line.ts'

const activity = (cause?: Error) => new ActivityFailure('Activity task failed', 'charge', '1', 'MAXIMUM_ATTEMPTS_REACHED', undefined, cause)
const child = (cause?: Error) => new ChildWorkflowFailure('default', { workflowId: 'c' }, 'refund', 'RETRY_POLICY_NOT_SET', cause)
const declined = ApplicationFailure.nonRetryable('card declined', 'CardDeclined')

test('the line names what failed, down to what user code threw', () => {
  const table: [Error, string][] = [
    [declined, 'card declined'], [activity(declined), "activity 'charge' failed: card declined"],
    [child(activity(declined)), "child workflow 'refund' failed: activity 'charge' failed: card declined"],
    [activity(new CancelledFailure('CANCELLED')), "activity 'charge' was cancelled"],
    [child(new TerminatedFailure('by ada')), "child workflow 'refund' was terminated: by ada"],
    [activity(new TimeoutFailure('no heartbeat', undefined, 'HEARTBEAT')), "activity 'charge' timed out: no heartbeat"],
    [new ApplicationFailure('', 'CardDeclined'), 'CardDeclined'],
    [new ApplicationFailure('no funds', 'X', true, [], declined), 'no funds: card declined'],
    [new TerminatedFailure('Workflow execution terminated'), ''], [new TemporalFailure('', declined), 'card declined'],
  ]
  for (const [failure, line] of table) assert.equal(causesLine(failure), line)
})

test('a message that repeats that of its cause stands there once', () => {
  assert.equal(causesLine(new ApplicationFailure('order 7: card declined', 'X', true, [], declined)), 'order 7: card declined')
})

test('it stays one line of bounded length, whatever was thrown', () => {
  const endless: Error & { cause?: Error } = new ApplicationFailure('a'.repeat(2 * causeShownCharactersMax))
  endless.cause = new ApplicationFailure('first\nsecond', 'X', true, [], endless)
  const line = causesLine(endless)
  assert.ok(!line.includes('\n') && line.includes('first ...'))
  assert.ok(line.length < causesShownMax * (causeShownCharactersMax + 10))
})
