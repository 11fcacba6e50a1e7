/** What must hold for the attempts of one activity, after workers that ran it were killed. */
import assert from 'node:assert/strict'
import type { LogLine } from './attempt-log.ts'

export interface Kill {
  readonly pid: number
  /** When the signal was sent. */
  readonly at: number
}

export interface AttemptFacts {
  readonly key: string
  readonly kills: readonly Kill[]
  /** Before its first attempt could begin. */
  readonly calledAt: number
  /** 0: unlimited. */
  readonly maximumAttempts: number
  /** What its workflow got. */
  readonly result: string
  /** The attempt that ended it, by the history. */
  readonly attempt: number
}

export interface AttemptCounts {
  /** Attempts that began and were cut off. */
  readonly cutOff: number
  /** Attempts of a worker that was killed between taking the task and running it. */
  readonly unseen: number
  /** From each kill that cut off an attempt to the beginning of the next. */
  readonly takeoverMs: readonly number[]
}

/**
 * Every number ran at most once, in order; whatever ran again was cut off by a kill, and a number that nobody ran was taken
 * by a worker that was killed then; the last attempt is the one that counts.
 */
export function checkAttempts(lines: readonly LogLine[], facts: AttemptFacts): AttemptCounts {
  const { key, kills, calledAt, maximumAttempts, result, attempt } = facts
  const begins = lines.filter((line) => line.event === 'begin')
  let [before, cutOffAt, cutOff, unseen] = [0, calledAt, 0, 0]
  const takeoverMs: number[] = []
  const skip = (numbers: number, until: number): void => {
    const killed = kills.filter((kill) => kill.at > cutOffAt && kill.at <= until).length
    assert.ok(killed >= numbers, `${key}: ${numbers} attempts before ${until} are missing, and ${killed} workers were killed`)
    unseen += numbers
  }
  for (const [index, begin] of begins.entries()) {
    assert.ok(begin.attempt > before, `${key}: attempt ${begin.attempt} began after attempt ${before}`)
    skip(begin.attempt - before - 1, begin.at)
    if (cutOff > 0) takeoverMs.push(begin.at - cutOffAt)
    before = begin.attempt
    if (index === begins.length - 1 && result !== 'lost') break
    const kill = kills.find(({ pid }) => pid === begin.pid)
    assert.ok(kill !== undefined, `${key}: attempt ${begin.attempt} ran in ${begin.pid}, which was not killed, and did not count`)
    const next = begins[index + 1]
    const isAfter = next === undefined || next.at >= kill.at
    assert.ok(isAfter, `${key}: attempt ${next?.attempt} began before attempt ${begin.attempt} was cut off`)
    cutOffAt = kill.at
    cutOff++
  }
  skip(attempt - before, Infinity)
  assert.ok(maximumAttempts === 0 || attempt <= maximumAttempts, `${key}: attempt ${attempt} of ${maximumAttempts}`)
  if (result === 'lost') assert.equal(attempt, maximumAttempts, `${key}: lost with attempts left`)
  else {
    const end = lines.find((line) => line.event === 'end' && line.attempt === attempt)
    assert.equal(end?.value, result, `${key}: the last attempt counts`)
  }
  return { cutOff, unseen, takeoverMs }
}
