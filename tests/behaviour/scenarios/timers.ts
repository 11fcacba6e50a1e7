import assert from 'node:assert/strict'
import { probe } from '../probe.ts'
import { until, type Scenario } from '../stage.ts'
import * as timers from '../workflows/timers.ts'

export const timerScenarios: readonly Scenario[] = [
  {
    name: 'a timer does not fire before its time, neither by the workflow\'s clock nor by ours',
    async run(_t, { start }) {
      const begun = performance.now()
      const [before, after] = await (await start(timers.slept, 120)).result() as [number, number]
      assert.ok(after - before >= 120, `workflow time moved by ${after - before} ms`)
      assert.ok(performance.now() - begun >= 115, 'it took less than its timer')
    },
  },
  {
    name: 'timers fire in the order of their times, not of their calls',
    async run(_t, { start }) {
      assert.deepEqual(await (await start(timers.sleepers, [120, 40, 80, 1])).result(), [1, 40, 80, 120])
    },
  },
  {
    name: 'timers that end together fire in the order of their calls',
    async run(_t, { start }) {
      const handle = await start(timers.sleepers, [30, 30, 30])
      assert.deepEqual(await handle.result(), [30, 30, 30])
    },
  },
  {
    name: 'a timer of zero or of less fires at once, through the history',
    async run(_t, { start }) {
      const handle = await start(timers.sleepers, [0, -5])
      assert.deepEqual((await handle.result() as number[]).toSorted((a, b) => a - b), [-5, 0])
      const fired = (await handle.history()).filter((event) => event.eventType === 'TimerFired')
      assert.equal(fired.length, 2)
    },
  },
  {
    name: 'an activity runs after a timer',
    async run(_t, { id, start }) {
      await (await start(timers.sleptAndNoted, id, 10)).result()
      assert.deepEqual(probe(id).notes, ['awake'])
    },
  },
  {
    name: 'setTimeout is a durable timer, and clearTimeout takes it back',
    async run(_t, { start }) {
      assert.deepEqual(await (await start(timers.timeouts)).result(), ['first', 'second'])
    },
  },
  {
    name: 'a condition that never holds gives false after its timeout',
    async run(_t, { start }) {
      assert.equal(await (await start(timers.conditionWithoutSignal, 20)).result(), false)
    },
  },
  {
    name: 'a condition that holds at once waits for nothing',
    async run(_t, { start }) {
      const handle = await start(timers.conditionThatHolds)
      assert.deepEqual(await handle.result(), [true, null])
      assert.ok((await handle.history()).every((event) => !event.eventType.startsWith('Timer')))
    },
  },
  {
    name: 'a condition with a timeout gives true when a signal makes it hold in time',
    async run(_t, { start }) {
      const handle = await start(timers.rung, '1 hour')
      await until(() => handle.query(timers.waiting))
      await handle.signal(timers.ring)
      assert.equal(await handle.result(), true)
    },
  },
  {
    name: 'a condition without a timeout waits for its signal',
    async run(_t, { start }) {
      const handle = await start(timers.rung)
      await handle.signal(timers.ring)
      assert.equal(await handle.result(), 'rang')
    },
  },
  {
    name: 'a timer that lasts for ever can be stored, shown and outlived',
    async run(_t, { id, ownQueue, openAnother }) {
      const { workflows } = await openAnother({ worker: { maxCachedWorkflows: 0, tickMs: 50 } })
      const handle = await workflows.start(timers.ringOrNever, { workflowId: id, taskQueue: ownQueue })
      await until(async () => !(await handle.describe()).owned)
      assert.ok(((await handle.describe()).wakeTime?.getFullYear() ?? 0) > 100_000)
      await handle.signal(timers.ring)
      assert.equal(await handle.result(), 'rang')
    },
  },
]
