/** The checks find what they are for. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AttemptFacts, checkAttempts } from './attempt-checks.ts'
import type { LogLine } from './attempt-log.ts'

const line = (event: LogLine['event'], attempt: number, pid: number, at: number): LogLine => {
  const begin = { event, key: 'step', workflowId: 'order', runId: 'run', attempt, pid, at, dueAt: at }
  return event === 'end' ? { ...begin, value: `token ${attempt}` } : begin
}
const begun = (attempt: number, pid: number, at: number) => line('begin', attempt, pid, at)
const ran = (attempt: number, pid: number, at: number) => [begun(attempt, pid, at), line('end', attempt, pid, at + 5)]
const facts = (given: Partial<AttemptFacts>): AttemptFacts => (
  { key: 'step', kills: [], calledAt: 0, maximumAttempts: 0, result: 'token 1', attempt: 1, ...given })
const killed = (pid: number, at: number) => ({ pid, at })

describe('checks of attempts', () => {
  test('an attempt that was not cut off is right, and so is one that follows a kill', () => {
    assert.deepEqual(checkAttempts(ran(1, 7, 10), facts({})), { cutOff: 0, unseen: 0, takeoverMs: [] })
    const lines = [begun(1, 7, 10), ...ran(2, 8, 60)]
    const counts = checkAttempts(lines, facts({ kills: [killed(7, 20)], result: 'token 2', attempt: 2 }))
    assert.deepEqual(counts, { cutOff: 1, unseen: 0, takeoverMs: [40] })
  })

  test('an attempt whose end was not stored before the kill is right when the next one counts', () => {
    checkAttempts([...ran(1, 7, 10), ...ran(2, 8, 60)], facts({ kills: [killed(7, 20)], result: 'token 2', attempt: 2 }))
  })

  test('a number that nobody ran is right only if a worker was killed meanwhile', () => {
    assert.equal(checkAttempts(ran(2, 8, 60), facts({ kills: [killed(7, 20)], result: 'token 2', attempt: 2 })).unseen, 1)
    assert.throws(() => checkAttempts(ran(2, 8, 60), facts({ result: 'token 2', attempt: 2 })), /missing/)
    assert.throws(() => checkAttempts(ran(3, 8, 60), facts({ kills: [killed(7, 20)], result: 'token 3', attempt: 3 })), /missing/)
    assert.throws(() => checkAttempts(ran(2, 8, 60), facts({ kills: [killed(7, 70)], result: 'token 2', attempt: 2 })), /missing/)
  })

  test('a number that ran twice, and one that ran after its follower, are found', () => {
    const kills = [killed(7, 20), killed(8, 70)]
    assert.throws(() => checkAttempts([begun(1, 7, 10), ...ran(1, 8, 60)], facts({ kills })), /began after/)
    assert.throws(() => checkAttempts([begun(2, 7, 10), ...ran(1, 8, 60)], facts({ kills })), /missing|began after/)
  })

  test('an attempt that began while the one before still ran is found', () => {
    const lines = [begun(1, 7, 10), ...ran(2, 8, 60)]
    const given = facts({ kills: [killed(7, 80)], result: 'token 2', attempt: 2 })
    assert.throws(() => checkAttempts(lines, given), /before attempt 1 was cut off/)
  })

  test('an attempt that followed although nobody was killed is found', () => {
    assert.throws(() => checkAttempts([begun(1, 7, 10), ...ran(2, 8, 60)], facts({ result: 'token 2', attempt: 2 })), /not killed/)
  })

  test('a result that is not that of the last attempt, or of another attempt than the history says, is found', () => {
    const kills = [killed(7, 20)]
    assert.throws(() => checkAttempts([...ran(1, 7, 10), ...ran(2, 8, 60)], facts({ kills, result: 'token 1', attempt: 2 })), /counts/)
    assert.throws(() => checkAttempts(ran(1, 7, 10), facts({ attempt: 2, result: 'token 1' })), /missing/)
  })

  test('what may run once is lost after one attempt, and may not run twice', () => {
    const kills = [killed(7, 20)]
    checkAttempts([begun(1, 7, 10)], facts({ kills, maximumAttempts: 1, result: 'lost' }))
    checkAttempts([], facts({ kills, maximumAttempts: 1, result: 'lost' }))
    assert.throws(() => checkAttempts([begun(1, 7, 10)], facts({ maximumAttempts: 1, result: 'lost' })), /not killed/)
    const twice = [begun(1, 7, 10), ...ran(2, 8, 60)]
    assert.throws(() => checkAttempts(twice, facts({ kills, maximumAttempts: 1, result: 'token 2', attempt: 2 })), /attempt 2 of 1/)
    assert.throws(() => checkAttempts([begun(1, 7, 10)], facts({ kills, maximumAttempts: 2, result: 'lost' })), /attempts left/)
  })
})
