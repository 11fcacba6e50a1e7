import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryGrowth, memoryGrowthMax } from './memory-growth.ts'

function course(residentAt: (share: number) => number, samples = 100): { x: number; y: number }[] {
  return Array.from({ length: samples }, (_, index) => ({ x: (index + 1) * 10, y: residentAt((index + 0.5) / samples) }))
}

test('what grows while it warms up and stays there afterwards is flat', () => {
  assert.equal(memoryGrowth(course((share) => (share < 0.2 ? 100 + 1_000 * share : 300))), 1)
})

test('what saws up and down about the same height is flat', () => {
  const growth = memoryGrowth(course((share) => 300 + 40 * ((share * 50) % 1))) ?? 0
  assert.ok(Math.abs(growth - 1) < 0.02, `${growth}`)
})

test('what creeps up is told by how much, whether or not the bar holds', () => {
  const creeping = (perRun: number) => memoryGrowth(course((share) => 300 * (1 + perRun * share))) ?? 0
  assert.ok(creeping(0.04) > 1.02 && creeping(0.04) <= memoryGrowthMax, `${creeping(0.04)}`)
  assert.ok(creeping(0.1) > memoryGrowthMax, `${creeping(0.1)}`)
  assert.ok((memoryGrowth(course((share) => 300 * (1 + 0.1 * share), 33)) ?? 0) > memoryGrowthMax)
})

test('a peak before the end is not what is judged', () => {
  assert.equal(memoryGrowth(course((share) => (share > 0.5 && share < 0.6 ? 900 : 300))), 1)
})

test('of a few samples nothing is told', () => {
  assert.equal(memoryGrowth(course(() => 300, 29)), undefined)
  assert.equal(memoryGrowth([]), undefined)
})
