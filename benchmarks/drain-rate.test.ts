import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drainRate, nextLookMs, type Sample } from './drain-rate.ts'

/** Looks at a drain of so many a second that begins so long after the workers are ready. */
function looksAt(drain: { readonly all: number; readonly rate: number; readonly beginsAtMs: number; readonly lookMs: number }): Sample[] {
  const samples: Sample[] = []
  for (let ms = drain.lookMs; ; ms += nextLookMs(samples, drain.all, drain.lookMs) + drain.lookMs) {
    const completed = Math.max(0, Math.min(drain.all, Math.floor(((ms - drain.beginsAtMs) / 1_000) * drain.rate)))
    samples.push({ seconds: ms / 1_000, completed })
    if (completed === drain.all) return samples
  }
}

test('the rate is of the time between the first look that saw something and the last', () => {
  const looks = [{ seconds: 0.1, completed: 0 }, { seconds: 1, completed: 100 }, { seconds: 2, completed: 300 },
    { seconds: 3, completed: 900 }]
  assert.equal(drainRate(looks), 400)
})

test('of a drain that one look saw all of, the time since the look before counts', () => {
  assert.equal(drainRate([{ seconds: 0.1, completed: 0 }, { seconds: 0.5, completed: 0 }, { seconds: 0.75, completed: 100 }]), 400)
})

test('of a drain that was over before the first look nothing is told', () => {
  assert.equal(drainRate([{ seconds: 0.002, completed: 100 }]), undefined)
})

test('nothing drained is a rate of zero', () => {
  assert.equal(drainRate([{ seconds: 0.1, completed: 0 }, { seconds: 20, completed: 0 }]), 0)
  assert.equal(drainRate([]), 0)
})

test('a small backlog has the rate of a large one, however late its drain begins', () => {
  for (const beginsAtMs of [0, 20, 400, 4_000]) {
    for (const [all, lookMs] of [[1_000, 1], [10_000, 2], [100_000, 40]] as const) {
      const rate = drainRate(looksAt({ all, rate: 12_500, beginsAtMs, lookMs })) ?? 0
      assert.ok(Math.abs(rate / 12_500 - 1) < 0.1, `${all}, begun after ${beginsAtMs} ms: ${rate}`)
    }
  }
})

test('a drain that takes long is looked at a few times a second, and rarely where a look takes long', () => {
  const long = looksAt({ all: 200_000, rate: 10_000, beginsAtMs: 100, lookMs: 5 })
  assert.ok(long.length > 40 && long.length < 160, `${long.length}`)
  const samples = [{ seconds: 1, completed: 1_000 }, { seconds: 2, completed: 2_000 }]
  assert.equal(nextLookMs(samples, 100_000, 200), 2_000)
})

test('looks are closer before the expected end', () => {
  const samples = [{ seconds: 10, completed: 1_000 }, { seconds: 20, completed: 2_000 }]
  assert.equal(nextLookMs(samples, 100_000, 5), 500)
  assert.equal(nextLookMs(samples, 2_010, 5), 100)
  assert.equal(nextLookMs(samples, 2_000, 5), 5)
})
