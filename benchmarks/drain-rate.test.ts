import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drainRate, nextLookMs } from './drain-rate.ts'

test('the rate is of the time between the first look that saw something and the last', () => {
  const looks = [{ seconds: 0.1, completed: 0 }, { seconds: 1, completed: 100 }, { seconds: 2, completed: 300 },
    { seconds: 3, completed: 900 }]
  assert.equal(drainRate(looks), 400)
})

test('of a drain that one look saw all of, the whole time counts', () => {
  assert.equal(drainRate([{ seconds: 0.1, completed: 0 }, { seconds: 0.5, completed: 100 }]), 200)
})

test('nothing drained is a rate of zero', () => {
  assert.equal(drainRate([{ seconds: 0.1, completed: 0 }, { seconds: 20, completed: 0 }]), 0)
  assert.equal(drainRate([]), 0)
})

test('looks that take long are rarer: at most a tenth of the time', () => {
  const samples = [{ seconds: 1, completed: 1_000 }, { seconds: 2, completed: 2_000 }]
  assert.equal(nextLookMs(samples, 100_000, 200), 2_000)
})

test('looks are half a second apart, and closer before the expected end', () => {
  const samples = [{ seconds: 1, completed: 1_000 }, { seconds: 2, completed: 2_000 }]
  assert.equal(nextLookMs(samples, 100_000, 5), 500)
  assert.equal(nextLookMs(samples, 2_100, 5), 100)
  assert.equal(nextLookMs(samples, 2_000, 5), 20)
})
