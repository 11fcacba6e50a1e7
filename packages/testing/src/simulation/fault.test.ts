import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawFaults, everyCrash, faultText, faultTypes, type Fault } from './fault.ts'
import { FaultPlan } from './fault-plan.ts'
import { Random } from './random.ts'

const size = { commits: 4, calls: 2, messages: 1 }

test('a seed draws the same faults again, each of every kind is drawn by some seed, and only of those that are asked for', () => {
  const drawn = new Set<string>()
  for (let seed = 1; seed <= 100; seed++) {
    const faults = drawFaults(new Random(seed, 1), faultTypes, size)
    assert.ok(faults.length >= 1 && faults.length <= 6)
    assert.deepEqual(drawFaults(new Random(seed, 1), faultTypes, size), faults)
    for (const { type } of faults) drawn.add(type)
    const crashes = drawFaults(new Random(seed, 1), ['crash'], size)
    assert.ok(crashes.length >= 1 && crashes.length <= 4)
    const others = drawFaults(new Random(seed, 1), ['crash', 'messageIsLate'], { ...size, messages: 0 })
    assert.ok(others.every(({ type }) => type === 'crash'))
  }
  assert.deepEqual([...drawn].sort(), [...faultTypes].sort())
  assert.deepEqual(drawFaults(new Random(1, 1), ['messageIsLate'], { ...size, messages: 0 }), [])
})

test('every commit has a crash before and one after it', () => {
  assert.deepEqual(everyCrash({ ...size, commits: 2 }).map((fault) => faultText(fault, () => undefined)), [
    'the worker crashes before commit 1; the next starts 100 ms later', 'the worker crashes after commit 1; the next starts 100 ms later',
    'the worker crashes before commit 2; the next starts 100 ms later', 'the worker crashes after commit 2; the next starts 100 ms later',
  ])
})

test('each fault is told in words', () => {
  const nameOf = (call: number): string | undefined => (call === 2 ? 'charge' : undefined)
  const text = (fault: Fault): string => faultText(fault, nameOf)
  const failing: Fault = { type: 'activityFails', when: 'before', call: 2 }
  assert.equal(text(failing), "attempt 2 of an activity ('charge') fails before it does anything")
  assert.equal(text({ type: 'activityIsSlow', when: 'before', call: 3, ms: 50 }), 'attempt 3 of an activity takes 50 ms before it begins')
  assert.equal(text({ type: 'messageIsLate', message: 1, ms: 10 }), 'message 1 arrives 10 ms late')
  assert.equal(text({ type: 'clockJumps', commit: 3, ms: -5_000 }), 'the clock of the worker jumps by -5000 ms at commit 3')
})

test('a plan meets what it counts, and adds up what meets the same', () => {
  const plan = new FaultPlan([
    { type: 'crash', when: 'after', commit: 2, downMs: 0 }, { type: 'clockJumps', commit: 1, ms: 5 },
    { type: 'clockJumps', commit: 1, ms: 7 },
    { type: 'activityFails', when: 'after', call: 1 }, { type: 'activityIsSlow', when: 'before', call: 1, ms: 50 },
    { type: 'messageIsRepeated', message: 1 }, { type: 'messageIsLate', message: 2, ms: 10 },
  ])
  assert.deepEqual(plan.nextCommit(), { crash: undefined, jumpMs: 12 })
  assert.equal(plan.nextCommit().crash?.when, 'after')
  assert.deepEqual(plan.nextCall(), { call: 1, before: { fails: false, slowMs: 50 }, after: { fails: true, slowMs: 0 } })
  assert.deepEqual([plan.nextMessage(), plan.nextMessage()], [{ lateMs: 0, copies: 2 }, { lateMs: 10, copies: 1 }])
  assert.deepEqual(plan.size, { commits: 2, calls: 1, messages: 2 })
})
