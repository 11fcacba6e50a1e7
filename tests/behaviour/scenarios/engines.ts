import assert from 'node:assert/strict'
import { probe } from '../probe.ts'
import { until, type Scenario } from '../stage.ts'
import * as steps from '../workflows/steps.ts'
import * as timers from '../workflows/timers.ts'

export const engineScenarios: readonly Scenario[] = [
  {
    name: 'two engines on one database share the work of a queue',
    async run(_t, { id, engine, ownQueue, openAnother }) {
      const worker = { maxConcurrentWorkflows: 4, maxConcurrentActivities: 4 }
      const ran: string[] = []
      const greetAs = (identity: string) => ({
        greet: async (name: string) => {
          ran.push(identity)
          await probe(id).opened
          return `${identity} ${name}`
        },
      })
      const handles = []
      for (let index = 0; index < 8; index++) {
        const start = { workflowId: `${id}-${index}`, taskQueue: ownQueue, args: [`${index}`] as [string] }
        handles.push(await engine.workflows.start(steps.greeting, start))
      }
      await openAnother({ worker, activities: greetAs('one') })
      await until(() => ran.filter((identity) => identity === 'one').length >= 4)
      await openAnother({ worker, activities: greetAs('two') })
      await until(() => ran.filter((identity) => identity === 'two').length >= 4)
      probe(id).open()
      const results = await Promise.all(handles.map((handle) => handle.result()))
      assert.equal(results.length, 8)
      assert.equal(ran.length, 8, 'no activity ran twice')
    },
  },
  {
    name: 'an engine without a worker runs nothing, and takes over nothing',
    async run(_t, { id, ownQueue, openAnother }) {
      const producer = await openAnother({ worker: false })
      const handle = await producer.workflows.start(steps.oneAfterAnother, { workflowId: id, args: [id] })
      const other = await openAnother({ taskQueue: `${ownQueue} 2` })
      assert.equal(await other.workflows.execute(steps.immediate, { workflowId: `${id}-2`, args: [1] }), 2)
      assert.deepEqual(probe(id).notes, [])
      assert.equal((await handle.getStatus()).status, 'RUNNING')
      await openAnother()
      await handle.result()
      assert.deepEqual(probe(id).notes, ['one', 'two', 'three'])
    },
  },
  {
    name: 'stop lets running activities end, and another engine goes on from there',
    async run(_t, { id, ownQueue, engine, openAnother }) {
      const first = await openAnother({ worker: { shutdownGraceTime: '30 seconds' } })
      const handle = await engine.workflows.start(steps.thenWaitAtGate, { workflowId: id, taskQueue: ownQueue, args: [id, 'Ada'] })
      await probe(id).noted('entered')
      const stopped = first.stop()
      probe(id).open()
      await stopped
      await openAnother()
      assert.deepEqual(await handle.result(), ['Hello, Ada!', 'gate', 'Hello, Ada!'])
      assert.deepEqual(probe(id).notes, ['entered gate', 'left gate'])
    },
  },
  {
    name: 'an activity that outlasts the grace time of stop is tried again elsewhere',
    async run(_t, { id, ownQueue, engine, openAnother }) {
      const first = await openAnother({ worker: { shutdownGraceTime: 1 } })
      const handle = await engine.workflows.start(steps.waitAtGate, { workflowId: id, taskQueue: ownQueue, args: [id] })
      await probe(id).noted('entered')
      await first.stop()
      await openAnother()
      await probe(id).noted('entered', 2)
      probe(id).open()
      assert.equal(await handle.result(), 'gate')
    },
  },
  {
    name: 'a timer that ends while no engine runs fires when one comes back',
    async run(_t, { id, ownQueue, engine, openAnother }) {
      const first = await openAnother()
      const handle = await engine.workflows.start(timers.sleptAndNoted, { workflowId: id, taskQueue: ownQueue, args: [id, 60] })
      await until(async () => (await handle.history()).some((event) => event.eventType === 'TimerStarted'))
      await first.stop()
      await openAnother()
      await handle.result()
      assert.deepEqual(probe(id).notes, ['awake'])
    },
  },
  {
    name: 'stop works twice and before start, and a stopped engine is not ready',
    async run(_t, { openAnother }) {
      const never = await openAnother({ started: false })
      await never.stop()
      await never.stop()
      const started = await openAnother()
      assert.equal(started.isReady, true)
      await Promise.all([started.stop(), started.stop()])
      await started.stop()
      assert.equal(started.isReady, false)
    },
  },
  {
    name: 'health tells what is connected and registered',
    async run(_t, { engine }) {
      const health = await engine.health()
      assert.deepEqual(
        [health.status, health.enabled, health.connected, health.namespace, health.task_queue, health.worker_enabled],
        ['healthy', true, true, 'default', 'suite', true],
      )
      assert.ok(health.activities_registered.includes('greet'))
      assert.ok(health.workflows_registered.includes('greeting'))
    },
  },
]
