import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Slots } from './slots.ts'

test('no more slots are taken than there are', () => {
  const slots = new Slots(2)
  assert.deepEqual([slots.tryTake(), slots.tryTake(), slots.tryTake()], [true, true, false])
  assert.deepEqual([slots.used, slots.free], [2, 0])
})

test('what is already ours counts although no slot was free, so that every slot given back was a taken one', () => {
  const slots = new Slots(1)
  slots.tryTake()
  slots.take()
  assert.deepEqual([slots.used, slots.free], [2, 0])
  slots.giveBack()
  assert.equal(slots.tryTake(), false)
  slots.giveBack()
  assert.deepEqual([slots.used, slots.free], [0, 1])
})
