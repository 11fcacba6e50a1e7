import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeldomMap, SeldomSet } from './seldom.ts'

test('an empty set that takes up nothing answers as a Set does, before and after', () => {
  const seldom = new SeldomSet<string>()
  assert.deepEqual([seldom.size, seldom.has('a'), seldom.delete('a'), [...seldom]], [0, false, false, []])
  seldom.add('b')
  seldom.add('a')
  seldom.add('b')
  assert.deepEqual([seldom.size, seldom.has('a'), [...seldom]], [2, true, ['b', 'a']])
  assert.deepEqual([seldom.delete('b'), seldom.delete('b'), [...seldom]], [true, false, ['a']])
})

test('an empty map that takes up nothing answers as a Map does, before and after', () => {
  const seldom = new SeldomMap<number, string>()
  assert.deepEqual([seldom.size, seldom.get(1), seldom.has(1), seldom.delete(1)], [0, undefined, false, false])
  assert.deepEqual([[...seldom], [...seldom.keys()], [...seldom.values()]], [[], [], []])
  seldom.set(2, 'two')
  seldom.set(1, 'one')
  assert.deepEqual([seldom.size, seldom.get(1), seldom.has(2), [...seldom]], [2, 'one', true, [[2, 'two'], [1, 'one']]])
  assert.deepEqual([[...seldom.keys()], [...seldom.values()], seldom.delete(2), seldom.size], [[2, 1], ['two', 'one'], true, 1])
  seldom.clear()
  assert.deepEqual([seldom.size, [...seldom]], [0, []])
})
