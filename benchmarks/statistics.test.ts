import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, percentile } from './statistics.ts'

test('the median of an odd number of values is the one in the middle', () => {
  assert.equal(median([5, 1, 3]), 3)
  assert.equal(median([7]), 7)
})

test('a percentile sorts by number, not by text', () => {
  assert.equal(percentile([100, 9, 20], 0.99), 100)
  assert.equal(percentile([100, 9, 20], 0), 9)
})

test('nothing has no percentile', () => {
  assert.throws(() => median([]), RangeError)
})
