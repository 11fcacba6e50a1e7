import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { localWaitMs } from '../../limits.ts'
import type { Clock } from '../../ports/clock.ts'
import { ActivityCapacity } from './activity-capacity.ts'
import type { WorkerSettings } from './worker-settings.ts'

function capacity(settings: Partial<WorkerSettings>): { capacity: ActivityCapacity; pass: (ms: number) => void } {
  let now = 1_000_000
  const clock: Clock = { now: () => now, correct: () => undefined, timer: () => () => undefined }
  const given = {
    taskQueues: ['one', 'two'], maxConcurrentActivities: 3, activitiesPerSecond: undefined, queues: new Map(), queueRates: new Map(),
    ...settings,
  }
  return { capacity: new ActivityCapacity(given as unknown as WorkerSettings, clock), pass: (ms) => { now += ms } }
}

const queues = new Map([['two', { maxConcurrentWorkflows: undefined, maxConcurrentActivities: 1 }]])

describe('the capacity of a worker', () => {
  test('bounds all activities, and those of a queue with a limit of its own', () => {
    const { capacity: slots } = capacity({ queues })
    assert.deepEqual(slots.groups.inTurn, [['one'], ['two']])
    assert.deepEqual([slots.tryTake('two'), slots.tryTake('two')], [true, false])
    assert.deepEqual([slots.tryTake('one'), slots.tryTake('one'), slots.tryTake('one')], [true, true, false])
    slots.giveBack('two')
    assert.deepEqual([slots.free('one'), slots.free('two'), slots.used], [1, 1, 2])
  })

  test('what is ours already counts although nothing is free', () => {
    const { capacity: slots } = capacity({ queues })
    slots.take('two')
    slots.take('two')
    assert.equal(slots.free('two') <= 0, true)
    slots.giveBack('two')
    assert.equal(slots.tryTake('two'), false)
  })

  test('begins no more a second than its rate, evenly, whatever the time between looks', () => {
    for (const lookMs of [1, 7, 100, 333, 1_000]) {
      const { capacity: slots, pass } = capacity({ maxConcurrentActivities: 1_000, activitiesPerSecond: 50 })
      let begun = 0
      for (let at = 0; at < 10_000; at += lookMs) {
        while (slots.tryTake('one')) { begun++; slots.giveBack('one') }
        pass(lookMs)
      }
      assert.ok(begun <= 510, `${begun} begun with looks every ${lookMs} ms`)
      if (lookMs <= 200) assert.ok(begun >= 490, `${begun} begun with looks every ${lookMs} ms`)
    }
  })

  test('says until when its rate forbids another, and waits for nothing when a slot is missing', () => {
    const { capacity: slots, pass } = capacity({ maxConcurrentActivities: 2, activitiesPerSecond: 2 })
    assert.equal(slots.pausedUntil, undefined)
    assert.equal(slots.tryTake('one'), true)
    assert.equal(slots.pausedUntil, 1_000_500)
    pass(500)
    assert.deepEqual([slots.pausedUntil, slots.tryTake('one')], [undefined, true])
    assert.equal(slots.pausedUntil, undefined, 'both slots are taken')
  })

  test('tells a slot that may be free in a moment from those that are held for long', () => {
    const { capacity: slots, pass } = capacity({ maxConcurrentActivities: 1 })
    assert.equal(slots.isFreeSoon('one'), true)
    slots.take('one')
    assert.equal(slots.isFreeSoon('one'), false)
    slots.giveBack('one')
    slots.take('one')
    assert.equal(slots.isFreeSoon('one'), true, 'one was given back just now')
    pass(localWaitMs)
    assert.equal(slots.isFreeSoon('one'), false)
    slots.giveBack('one')
    pass(localWaitMs)
    assert.equal(slots.reserve(['one'], 1), 1)
    assert.equal(slots.isFreeSoon('one'), true, 'a claim under way holds it')
    const { capacity: paced } = capacity({ maxConcurrentActivities: 2, activitiesPerSecond: 2 })
    paced.take('one')
    paced.giveBack('one')
    assert.equal(paced.isFreeSoon('one'), false, 'its rate forbids another')
  })

  test('says when what waited for the last slot may begin once it is free: at once, or when the rate allows', () => {
    for (const [settings, nextAt] of [
      [{ queues }, 0], [{ maxConcurrentActivities: 1 }, 0], [{ maxConcurrentActivities: 1, activitiesPerSecond: 5 }, 1_000_200],
    ] as const) {
      const { capacity: slots } = capacity(settings)
      assert.deepEqual([slots.tryTake('two'), slots.tryTake('two')], [true, false])
      slots.giveBack('two')
      assert.equal(slots.nextAfter('two'), nextAt)
    }
    const { capacity: slots } = capacity({ activitiesPerSecond: 5 })
    assert.equal(slots.tryTake('two'), true)
    slots.giveBack('two')
    assert.equal(slots.nextAfter('two'), undefined)
  })

  test('reserves for a claim what is free, beside executions of its own half of it, and takes back what it did not need', () => {
    const { capacity: slots } = capacity({ queues })
    assert.equal(slots.reserve(['one'], 2), 2)
    assert.deepEqual([slots.used, slots.reserved, slots.free('one')], [0, 2, 1])
    slots.settle(['one'], 2, 1)
    assert.deepEqual([slots.used, slots.reserved, slots.free('one')], [1, 0, 2])
    assert.equal(slots.reserve(['two'], Infinity), 1)
    assert.deepEqual([slots.tryTake('two'), slots.reserve(['two'], Infinity)], [false, 0])
    slots.settle(['two'], 1, 0)
    assert.equal(slots.tryTake('two'), true)
  })

  test('a queue with a backlog leaves a slow worker time for its other queues, limits of their own or not', () => {
    for (const backlog of ['one', 'two']) {
      const { capacity: slots, pass } = capacity({ queues, activitiesPerSecond: 1 })
      const begun: Record<string, number> = { one: 0, two: 0 }
      for (let seconds = 0; seconds < 10; seconds++) {
        for (const group of slots.groups.inTurn) {
          const [queue = ''] = group
          const reserved = slots.reserve(group, Infinity)
          const brought = queue === backlog || (begun[queue] ?? 0) < 3 ? reserved : 0
          slots.settle(group, reserved, brought)
          for (let count = brought; count > 0; count--) slots.giveBack(queue)
          begun[queue] = (begun[queue] ?? 0) + brought
        }
        pass(1_000)
      }
      assert.deepEqual(begun, backlog === 'one' ? { one: 7, two: 3 } : { one: 3, two: 7 })
    }
  })

  test('a slot that was not used gives its place in the rate back', () => {
    const { capacity: slots } = capacity({ activitiesPerSecond: 1 })
    assert.equal(slots.tryTake('one'), true)
    slots.giveBackUnused('one')
    assert.equal(slots.tryTake('one'), true)
  })
})
