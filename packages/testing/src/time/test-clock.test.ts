import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestClock } from './test-clock.ts'

test('time stands still until it jumps, and what is due then is taken in the order of its times', () => {
  const clock = new TestClock(1_000)
  const called: string[] = []
  clock.timer(50, () => called.push('timer'))
  clock.beat(10, () => called.push('beat'))
  const stop = clock.timer(20, () => called.push('stopped'))
  clock.timer(50.2, () => called.push('later'))
  stop()
  assert.equal(clock.takeDue(), undefined)
  assert.deepEqual([clock.now(), clock.nextBeatAt, clock.nextTimerAt], [1_000, 1_010, 1_050])
  clock.jumpTo(1_050)
  for (let due = clock.takeDue(); due !== undefined; due = clock.takeDue()) due()
  assert.deepEqual(called, ['beat', 'timer'])
  assert.deepEqual([clock.now(), clock.nextBeatAt, clock.nextTimerAt], [1_050, Infinity, 1_051])
  clock.jumpTo(1_000)
  assert.equal(clock.now(), 1_050)
})

test('while it flows, time goes on as real time does', async () => {
  const clock = new TestClock(0)
  clock.flow(true)
  while (clock.now() < 2) await new Promise((resolve) => setImmediate(resolve))
  clock.flow(false)
  const at = clock.now()
  for (const until = performance.now() + 3; performance.now() < until;) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(clock.now(), at)
})
