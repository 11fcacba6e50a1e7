import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, constantFrom, integer, property } from 'fast-check'
import { durationToMs, type PerdureError, timerMs } from '@perdure/workflow/host'

const hour = 3_600_000
const day = 24 * hour

test('a duration is a number of milliseconds, or a number with a unit', () => {
  const table: [number | string, number][] = [
    [0, 0], [1, 1], [1.4, 1], [1.6, 2], [0.2, 1], ['100', 100], ['100ms', 100], ['1 msec', 1], ['7 milliseconds', 7], ['0.2ms', 1],
    ['1s', 1_000], ['30 seconds', 30_000], ['1 sec', 1_000], ['2 secs', 2_000], ['1m', 60_000], ['5 min', 300_000], ['5 mins', 300_000],
    ['1 minute', 60_000], ['10 Minutes', 600_000], ['1.5h', 1.5 * hour], ['2 hrs', 2 * hour], ['1hr', hour], ['3 hours', 3 * hour],
    ['.5d', 12 * hour], ['2 days', 2 * day], ['1 day', day], ['1 week', 7 * day], ['2w', 14 * day], ['1y', 365.25 * day],
    ['  2 years ', 730.5 * day], ['1.1h', 3_960_000], ['+5s', 5_000], ['0s', 0], ['100000 years', 36_525_000 * day],
  ]
  for (const [text, ms] of table) assert.equal(durationToMs(text, 'x'), ms, JSON.stringify(text))
})

test('every whole number of every unit is exact', () => {
  const units = constantFrom<[string, number][]>(['ms', 1], ['s', 1_000], ['minutes', 60_000], ['hours', hour], ['weeks', 7 * day])
  check(property(integer({ min: 0, max: 10_000 }), units, constantFrom('', ' ', '   '), (amount, [unit, factor], space) => {
    assert.equal(durationToMs(`${amount}${space}${unit}`, 'x'), amount * factor)
    assert.equal(durationToMs(`${amount}${space}${unit.toUpperCase()}`, 'x'), amount * factor)
  }))
})

test('what is no duration is refused with the name of the option and the remedy', () => {
  const table: [unknown, RegExp][] = [
    [-1, /-1 is negative/], ['-5 seconds', /'-5 seconds' is negative/], [Number.NaN, /NaN is not a number/],
    [Number.POSITIVE_INFINITY, /Infinity is too long/], ['', /'' is empty/], ['  ', /is empty/], ['soon', /is no number with a unit/],
    ['5 fortnights', /unknown unit 'fortnights'/], ['1 2s', /is no number/], ['1e3', /is no number/], ['999999999999 years', /is too long/],
    [Number.MAX_SAFE_INTEGER, /is too long \(more than 100,000 years\)/], ['100001 years', /is too long/],
    [null, /is null/], [undefined, /none was given/], [{}, /of type object/], [5n, /of type bigint/], [true, /of type boolean/],
    ['5 toString', /unknown unit 'toString'/], ['5 constructor', /unknown unit/],
  ]
  for (const [value, problem] of table) {
    assert.throws(() => durationToMs(value as string, "startToCloseTimeout of activity 'charge'"), (error: PerdureError) => {
      assert.equal(error.code, 'DURATION_INVALID')
      assert.match(error.message, problem)
      assert.match(error.message, /^Wrong duration for startToCloseTimeout of activity 'charge': .*'30 seconds'/)
      return true
    })
  }
})

test('a timer lasts at least one millisecond', () => {
  for (const value of [0, -1, -1e9, 0.2, '-3 days', '0s']) assert.equal(timerMs(value, 'sleep()'), 1)
  assert.equal(timerMs(2, 'sleep()'), 2)
  assert.throws(() => timerMs(Number.NaN, 'sleep()'), /sleep\(\): NaN is not a number/)
})
