import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { clockJumpMs } from '../limits.ts'
import { createSystemClock } from './system-clock.ts'

test('a large error is taken over at once, a small one in parts', () => {
  const clock = createSystemClock()
  clock.correct(Date.now() + 60_000)
  assert.ok(Math.abs(clock.now() - Date.now() - 60_000) < clockJumpMs / 2)
  const before = clock.now() - Date.now()
  clock.correct(clock.now() + 800)
  const step = clock.now() - Date.now() - before
  assert.ok(step > 50 && step < 400, `moved by ${step}`)
  for (let tick = 0; tick < 100; tick++) clock.correct(Date.now() + 60_800)
  assert.ok(Math.abs(clock.now() - Date.now() - 60_800) < 50)
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
