import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { DueList, type Due } from './due-list.ts'

test('what waits is taken in the order of its times, of the same time in the order of adding, and never when it was stopped', () => {
  fc.assert(fc.property(fc.array(fc.record({ at: fc.integer({ min: 0, max: 9 }), stopped: fc.boolean() })), (given) => {
    const list = new DueList<Due>()
    const added = given.map(({ at }, order) => ({ at, order, stopped: false }))
    for (const due of added) list.add(due)
    for (const [index, { stopped }] of given.entries()) if (stopped) (added[index] as { stopped: boolean }).stopped = true
    const taken: Due[] = []
    for (let due = list.take(); due !== undefined; due = list.take()) taken.push(due)
    assert.deepEqual(taken, added.filter((due) => !due.stopped).sort((one, other) => one.at - other.at || one.order - other.order))
  }))
})
