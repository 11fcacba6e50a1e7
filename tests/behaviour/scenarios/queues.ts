import assert from 'node:assert/strict'
import { PerdureError, ResultTimeoutError, type WorkflowHandle } from 'perdure'
import { probe } from '../probe.ts'
import { as, rejectionOf, type Scenario, until } from '../stage.ts'
import * as steps from '../workflows/steps.ts'

/** What is told when the time is over. It is looked up in a short time, for a slow database is not waited for. */
async function timedOut(handle: WorkflowHandle): Promise<string> {
  return as(ResultTimeoutError, await rejectionOf(handle.result({ timeout: 20 }))).message
}

export const queueScenarios: readonly Scenario[] = [
  {
    name: 'a queue that nobody serves says so, with what waits in it, until a worker comes',
    async run(_t, { id, engine, start, ownQueue, openAnother }) {
      const handle = await start(steps.onOtherQueue, ownQueue, 'Ada')
      await until(async () => (await engine.taskQueues.describe(ownQueue)).activities.waiting === 1)
      const { workers, activities, problems } = await engine.taskQueues.describe(ownQueue)
      assert.deepEqual(workers, [])
      const [type] = activities.types
      assert.deepEqual([type?.activityType, type?.waiting, type?.served], ['greet', 1, false])
      assert.match(problems.join(), /^1 activity waits, and no worker serves task queue/)
      const unserved = /no worker serves task queue '.*', where activity 'greet' waits/
      assert.match((await handle.describe()).problem ?? '', unserved)
      await until(async () => unserved.test(await timedOut(handle)))
      assert.ok((await engine.taskQueues.list()).includes(ownQueue))
      const other = await engine.workflows.start(steps.immediate, { workflowId: `${id}-2`, taskQueue: ownQueue, args: [1] })
      assert.match((await other.describe()).problem ?? '', /no worker serves its task queue/)
      const serving = await openAnother()
      assert.equal(await handle.result(), 'Hello, Ada!')
      assert.equal(await other.result(), 2)
      const served = await serving.taskQueues.describe()
      assert.deepEqual([served.workers.length, served.activities.waiting, served.problems], [1, 0, []])
      assert.equal((await handle.describe()).problem, undefined)
    },
  },
  {
    name: 'a queue whose workers do not have an activity says so',
    async run(_t, { engine, start, ownQueue, openAnother }) {
      await openAnother({ workflows: 'none', activities: { other: async () => 'other' } })
      const handle = await start(steps.onOtherQueue, ownQueue, 'Ada')
      const problems = async () => (await engine.taskQueues.describe(ownQueue)).problems.join()
      await until(async () => (await problems()) !== '')
      assert.match(await problems(), /^1 activity of type 'greet' waits, and no worker of task queue '.*' has it/)
      const missing = /no worker of task queue '.*' has activity 'greet', which waits there: start one that does/
      assert.match((await handle.describe()).problem ?? '', missing)
      await until(async () => missing.test(await timedOut(handle)))
      await openAnother()
      assert.equal(await handle.result(), 'Hello, Ada!')
    },
  },
  {
    name: 'no more activities of a queue run at once than its limit over all workers, also of a worker\'s own executions',
    async run(_t, { id, ownQueue, openAnother }) {
      const producer = await openAnother({ worker: false })
      await producer.taskQueues.setLimits(ownQueue, { maxConcurrentActivities: 2 })
      let running = 0
      let most = 0
      const greet = async (name: string) => {
        most = Math.max(most, ++running)
        probe(id).note(name)
        await probe(id).opened
        running--
        return `Hello, ${name}!`
      }
      await openAnother({ activities: { greet } })
      await openAnother({ activities: { greet } })
      const handles = await Promise.all(Array.from({ length: 6 }, (_, index) => (
        producer.workflows.start(steps.greeting, { workflowId: `${id}-${index}`, args: [String(index)] }))))
      await probe(id).noted('', 2)
      await until(async () => (await producer.taskQueues.describe()).activities.waiting === 4)
      assert.equal(running, 2)
      const { limits, problems } = await producer.taskQueues.describe()
      assert.deepEqual(limits, { activitiesPerSecond: null, maxConcurrentActivities: 2 })
      assert.match(problems.join(), /as many activities run as the limit of task queue '.*' allows \(2\)/)
      probe(id).open()
      await Promise.all(handles.map((handle) => handle.result()))
      assert.equal(most, 2)
      assert.equal(probe(id).notes.length, 6)
    },
  },
  {
    name: 'a rate of the options is stored when the engine starts, and null takes it away',
    async run(_t, { id, ownQueue, openAnother }) {
      const engine = await openAnother({ queues: { [ownQueue]: { activitiesPerSecond: 40 } } })
      assert.deepEqual((await engine.taskQueues.describe()).limits, { activitiesPerSecond: 40, maxConcurrentActivities: null })
      const handles = await Promise.all(Array.from({ length: 12 }, (_, index) => (
        engine.workflows.start(steps.greeting, { workflowId: `${id}-${index}`, args: [String(index)] }))))
      await Promise.all(handles.map((handle) => handle.result()))
      assert.ok(((await engine.taskQueues.describe()).activitiesPerSecondUsed ?? 0) > 0)
      const { limits, activitiesPerSecondUsed } = await engine.taskQueues.setLimits(ownQueue, { activitiesPerSecond: null })
      assert.deepEqual([limits, activitiesPerSecondUsed], [{ activitiesPerSecond: null, maxConcurrentActivities: null }, undefined])
    },
  },
  {
    name: 'wrong limits and wrong names of queues are refused, and change nothing',
    async run(_t, { engine, ownQueue }) {
      for (const limits of [{ activitiesPerSecond: 0 }, { maxConcurrentActivities: -1 }, { maxConcurrentActivities: 1.5 }]) {
        assert.equal(as(PerdureError, await rejectionOf(engine.taskQueues.setLimits(ownQueue, limits))).code, 'QUEUE_LIMITS_INVALID')
      }
      const misspelt = engine.taskQueues.setLimits(ownQueue, { activitesPerSecond: 1 } as never)
      assert.match(as(PerdureError, await rejectionOf(misspelt)).message, /did you mean 'activitiesPerSecond'/)
      assert.equal(as(PerdureError, await rejectionOf(engine.taskQueues.describe(''))).code, 'ID_INVALID')
      assert.ok(!(await engine.taskQueues.list()).includes(ownQueue))
    },
  },
  {
    name: 'workers are listed with what they serve and have, until they stop',
    async run(_t, { ownQueue, openAnother, engine }) {
      const mine = async () => (await engine.workers.list()).filter(({ taskQueues }) => taskQueues.includes(ownQueue))
      const worker = await openAnother({ identity: `worker of ${ownQueue}`, activities: { pay: async () => 'paid' } })
      await until(async () => (await mine())[0]?.activityTypes.length === 1)
      const [seen] = await mine()
      assert.deepEqual([seen?.identity, seen?.activityTypes, seen?.alive], [`worker of ${ownQueue}`, ['pay'], true])
      assert.ok(seen?.workflowTypes.includes('greeting'))
      await worker.stop()
      assert.deepEqual(await mine(), [])
    },
  },
]
