import assert from 'node:assert/strict'
import { probe } from '../probe.ts'
import type { Scenario } from '../stage.ts'
import * as steps from '../workflows/steps.ts'

export const activityScenarios: readonly Scenario[] = [
  {
    name: 'a workflow returns what its activity returned',
    async run(_t, { start }) {
      assert.equal(await (await start(steps.greeting, 'Ada')).result(), 'Hello, Ada!')
    },
  },
  {
    name: 'activities that are awaited one by one run one by one',
    async run(_t, { id, start }) {
      await (await start(steps.oneAfterAnother, id)).result()
      assert.deepEqual(probe(id).notes, ['one', 'two', 'three'])
    },
  },
  {
    name: 'the result of one activity is the input of the next',
    async run(_t, { start }) {
      assert.equal(await (await start(steps.sumInTurn, [1, 2, 3, 4])).result(), 10)
    },
  },
  {
    name: 'activities that are started together run at the same time',
    async run(_t, { id, start }) {
      const handle = await start(steps.together, id)
      await probe(id).noted('entered', 2)
      probe(id).open()
      assert.deepEqual(await handle.result(), ['first', 'second'])
    },
  },
  {
    name: 'a workflow that awaits nothing completes',
    async run(_t, { start }) {
      assert.equal(await (await start(steps.immediate, 41)).result(), 42)
    },
  },
  {
    name: 'a workflow without a result returns undefined',
    async run(_t, { start }) {
      assert.equal(await (await start(steps.nothing)).result(), undefined)
    },
  },
  {
    name: 'no arguments arrive as no arguments',
    async run(_t, { engine, id }) {
      assert.deepEqual(await engine.workflows.execute(steps.countWithoutArguments, { workflowId: id }), [0, 0])
    },
  },
  {
    name: 'an activity that nobody awaits does not hold up the end of its workflow',
    async run(_t, { id, start }) {
      const handle = await start(steps.leaveRunning, id)
      assert.equal(await handle.result(), 'closed')
      assert.equal(await handle.getStatus().then((status) => status.status), 'COMPLETED')
    },
  },
  {
    name: 'an activity is told which attempt it is, of what, and with which limits',
    async run(_t, { id, start }) {
      const before = Date.now()
      const handle = await start(steps.describedAttempt)
      const [first, second] = await handle.result() as readonly Record<string, unknown>[]
      assert.ok(first !== undefined && second !== undefined)
      assert.deepEqual(
        [first['attempt'], first['activityType'], first['workflowType'], first['namespace'], first['taskQueue']],
        [1, 'describeAttempt', 'describedAttempt', 'default', 'suite'],
      )
      assert.deepEqual(first['workflowExecution'], { workflowId: id, runId: handle.runId })
      assert.equal(first['startToCloseTimeoutMs'], 60_000)
      assert.equal(first['heartbeatTimeoutMs'], undefined)
      const scheduled = first['scheduledTimestampMs'] as number
      assert.ok(scheduled > before - 5_000 && scheduled < Date.now() + 5_000, 'scheduled now')
      assert.notEqual(first['activityId'], second['activityId'])
      assert.deepEqual(
        [second['activityId'], second['scheduleToCloseTimeoutMs'], second['heartbeatTimeoutMs']], ['mine', 120_000, 30_000],
      )
    },
  },
  {
    name: 'a workflow is told what it is',
    async run(_t, { id, start }) {
      const handle = await start(steps.describedWorkflow)
      const info = await handle.result() as Record<string, unknown>
      assert.deepEqual(
        [info['workflowId'], info['runId'], info['firstExecutionRunId'], info['workflowType'], info['namespace'], info['taskQueue']],
        [id, handle.runId, handle.runId, 'describedWorkflow', 'default', 'suite'],
      )
      assert.deepEqual([info['attempt'], info['continueAsNewSuggested']], [1, false])
    },
  },
  {
    name: 'an activity runs on the queue that its options name',
    async run(_t, { start, openAnother, ownQueue }) {
      await openAnother({ workflows: 'none', activities: { greet: async (name: string) => `Goodbye, ${name}!` } })
      assert.equal(await (await start(steps.onOtherQueue, ownQueue, 'Ada')).result(), 'Goodbye, Ada!')
    },
  },
]
