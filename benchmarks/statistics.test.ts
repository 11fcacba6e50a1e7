import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, medianOrNever, percentile } from './statistics.ts'

test('the median of an odd number of values is the one in the middle', () => {
  assert.equal(median([5, 1, 3]), 3)
  assert.equal(median([7]), 7)
})

test('the median of an even number of values lies between the two in the middle', () => {
  assert.equal(median([4, 1]), 2.5)
  assert.equal(median([9, 1, 3, 5]), 4)
  assert.equal(medianOrNever([2, null]), null)
  assert.equal(medianOrNever([null, null]), null)
  assert.equal(medianOrNever([1, null, 3]), 3)
})

test('a percentile is the value of the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
  assert.deepEqual([0.5, 0.99, 1].map((p) => percentile(hundred, p)), [50, 99, 100])
})

test('a percentile sorts by number, not by text', () => {
  assert.equal(percentile([100, 9, 20], 0.99), 100)
  assert.equal(percentile([100, 9, 20], 0), 9)
})

test('nothing has no percentile', () => {
  assert.throws(() => median([]), RangeError)
})
