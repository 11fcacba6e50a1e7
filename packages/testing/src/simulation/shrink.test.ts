import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { shrunk } from './shrink.ts'

test('of a list that fails, just those are left without which it would not fail', async () => {
  const [lists, picks] = [fc.uniqueArray(fc.nat(30), { maxLength: 12 }), fc.array(fc.nat(11), { maxLength: 4 })]
  await fc.assert(fc.asyncProperty(lists, picks, async (list, places) => {
    const needed = new Set(places.flatMap((place) => list[place] ?? []))
    const left = await shrunk(list, async (part) => [...needed].every((each) => part.includes(each)))
    assert.deepEqual(left, list.filter((each) => needed.has(each)))
  }))
})

test('where any one of two is enough, one is left', async () => {
  assert.equal((await shrunk([1, 2, 3, 4, 5], async (part) => part.includes(2) || part.includes(4))).length, 1)
})
