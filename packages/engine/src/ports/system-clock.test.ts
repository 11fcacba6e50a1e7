import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { createSystemClock } from './system-clock.ts'

/** A clock in the hands of the test, and what it shows beyond its system's time. */
function heldClock() {
  let at = 1_000_000
  const clock = createSystemClock({ now: () => at, startTimer: () => () => undefined })
  return {
    ahead: () => clock.now() - at, answer: (aheadMs: number) => clock.correct(at + aheadMs), pass: (ms: number) => { at += ms },
  }
}

test('a large error is taken over at once, and so is a small one of a clock that is behind', () => {
  const { ahead, answer } = heldClock()
  for (const error of [60_000, 60_800, 60_803, -60_000]) {
    answer(error)
    assert.equal(ahead(), error)
  }
})

test('a clock that seems ahead is set back in parts, while its time stands still or goes on', () => {
  const { ahead, answer, pass } = heldClock()
  answer(800)
  pass(1_000)
  answer(0)
  assert.ok(ahead() > 700 && ahead() < 800, String(ahead()))
  for (let tick = 0; tick < 200; tick++) {
    pass(1_000)
    answer(0)
  }
  assert.equal(ahead(), 0)
})

test('answers that are late by turns leave it as far behind as the quickest of late', () => {
  const { ahead, answer, pass } = heldClock()
  const late = [40, 3, 25, 70, 12, 30, 4, 90]
  for (let tick = 0; tick < 100; tick++) {
    pass(1_000)
    answer(-(late[tick % late.length] ?? 0))
    if (tick > late.length) assert.ok(ahead() <= 0 && ahead() >= -25, String(ahead()))
  }
})

test('a timer calls once, not before its time, and can be stopped', async () => {
  const clock = createSystemClock()
  const called = mock.fn()
  const stop = clock.timer(5, called)
  const startedAt = performance.now()
  await new Promise<void>((resolve) => void clock.timer(20, resolve))
  assert.ok(performance.now() - startedAt >= 19)
  assert.equal(called.mock.callCount(), 1)
  stop()
  const never = mock.fn()
  clock.timer(1, never)()
  await new Promise<void>((resolve) => void clock.timer(5, resolve))
  assert.equal(never.mock.callCount(), 0)
})

test('a timer longer than setTimeout can wait does not fire at once', async () => {
  const clock = createSystemClock()
  const called = mock.fn()
  const stop = clock.timer(2 ** 31 + 5_000, called)
  await new Promise<void>((resolve) => void clock.timer(10, resolve))
  stop()
  assert.equal(called.mock.callCount(), 0)
})

test('the time does not go back with a small correction, and does with a large one', () => {
  const clock = createSystemClock()
  const before = clock.now()
  for (let tick = 0; tick < 20; tick++) clock.correct(Date.now() - 500)
  assert.ok(clock.now() >= before)
  clock.correct(clock.now() - 60_000)
  assert.ok(clock.now() < before - 50_000)
})
