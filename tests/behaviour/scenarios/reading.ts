import assert from 'node:assert/strict'
import { ResultTimeoutError, WorkflowNotFoundError } from 'perdure'
import { probe } from '../probe.ts'
import { as, failureOf, rejectionOf, until, type Scenario } from '../stage.ts'
import * as failures from '../workflows/failures.ts'
import * as retries from '../workflows/retries.ts'
import * as steps from '../workflows/steps.ts'
import * as timers from '../workflows/timers.ts'

export const readingScenarios: readonly Scenario[] = [
  {
    name: 'the timeout of execute bounds the waiting, not the execution',
    async run(_t, { id, engine }) {
      const waiting = engine.workflows.execute(steps.waitAtGate, { workflowId: id, args: [id], timeout: 30 })
      const error = as(ResultTimeoutError, await rejectionOf(waiting))
      assert.equal(error.code, 'RESULT_TIMEOUT')
      assert.equal((await engine.workflows.getStatus(id)).status, 'RUNNING')
      probe(id).open()
      assert.equal(await engine.workflows.getResult(id), 'gate')
    },
  },
  {
    name: 'a result can be had again and again, by workflow id and by run id',
    async run(_t, { id, engine, start }) {
      const handle = await start(steps.immediate, 1)
      assert.equal(await handle.result(), 2)
      assert.equal(await engine.workflows.getResult(id), 2)
      assert.equal(await engine.workflows.getResult(id, { runId: handle.runId, timeout: '10 seconds' }), 2)
      assert.equal(await engine.workflows.getResult(handle.runId), 2)
      assert.equal(await engine.workflows.getHandle(id).result(), 2)
    },
  },
  {
    name: 'an engine that did not start an execution can wait for its result',
    async run(_t, { id, start, openAnother }) {
      await start(steps.waitAtGate, id)
      const producer = await openAnother({ worker: false })
      const result = producer.workflows.getResult(id)
      probe(id).open()
      assert.equal(await result, 'gate')
    },
  },
  {
    name: 'the history of an execution has Temporal\'s event names, in order',
    async run(_t, { id, start }) {
      const handle = await start(timers.sleptAndNoted, id, 1)
      await handle.result()
      const events = await handle.history()
      assert.deepEqual(events.map((event) => event.eventType), [
        'WorkflowExecutionStarted', 'TimerStarted', 'TimerFired', 'ActivityTaskScheduled', 'ActivityTaskStarted', 'ActivityTaskCompleted',
        'WorkflowExecutionCompleted',
      ])
      assert.deepEqual(events.map((event) => event.eventId), [1, 2, 3, 4, 5, 6, 7])
      const times = events.map((event) => new Date(event.eventTime).getTime())
      assert.deepEqual(times, times.toSorted((a, b) => a - b), 'times do not go back')
    },
  },
  {
    name: 'the status of an execution tells type and times',
    async run(_t, { id, engine, start }) {
      const before = Date.now()
      const handle = await start(steps.waitAtGate, id)
      const open = await engine.workflows.getStatus(id)
      assert.deepEqual([open.status, open.workflowType], ['RUNNING', 'waitAtGate'])
      assert.ok(Math.abs(new Date(open.startTime).getTime() - before) < 5_000)
      assert.equal(open.closeTime, undefined)
      probe(id).open()
      await handle.result()
      const closed = await handle.getStatus()
      assert.equal(closed.status, 'COMPLETED')
      assert.ok(closed.closeTime !== undefined)
      assert.ok(new Date(closed.closeTime).getTime() >= new Date(closed.startTime).getTime())
      as(WorkflowNotFoundError, await rejectionOf(engine.workflows.getStatus(`${id}-unknown`)))
      as(WorkflowNotFoundError, await rejectionOf(engine.workflows.getResult(`${id}-unknown`)))
    },
  },
  {
    name: 'a description shows the activity that waits for its next attempt, and why',
    async run(_t, { id, start }) {
      const handle = await start(retries.succeedLater, id, 9, { initialInterval: '1 hour' })
      await until(async () => (await handle.describe()).pendingActivities.some((pending) => pending.attempt === 2))
      const [pending] = (await handle.describe()).pendingActivities
      assert.equal(pending?.activityType, 'succeedAt')
      assert.match(JSON.stringify(pending), /not at 1/)
      await handle.terminate()
    },
  },
  {
    name: 'a description shows what an execution waits for, to its own process and to others',
    async run(_t, { id, engine, openAnother }) {
      const producer = await openAnother({ worker: false })
      const start = (name: string, ...args: unknown[]) => engine.workflows.start(name, { workflowId: `${id}-${name}`, args })
      const [sleeping, waiting, working] = await Promise.all([start('slept', 3_600_000), start('gather'), start('waitAtGate', id)])
      await probe(id).noted('entered')
      await waiting.signal('gvie', 1)
      await waiting.signal('gvie', 2)
      for (const { workflows } of [engine, producer]) {
        const shown = async ({ workflowId }: { readonly workflowId: string }) => {
          let described = await workflows.describe(workflowId)
          await until(async () => (described = await workflows.describe(workflowId)).pendingTimers !== undefined)
          return described
        }
        const { pendingTimers, wakeTime, pendingConditions } = await shown(sleeping)
        assert.deepEqual(pendingTimers?.map(({ startTime, fireTime }) => Number(fireTime) - Number(startTime)), [3_600_000])
        assert.deepEqual([wakeTime, pendingConditions], [pendingTimers?.[0]?.fireTime, 0])
        const { pendingConditions: conditions, unhandledSignals } = await shown(waiting)
        assert.deepEqual([conditions, unhandledSignals], [1, { gvie: 2 }])
        const [activity] = (await shown(working)).pendingActivities
        assert.deepEqual([activity?.activityType, activity?.attempt, activity?.state], ['gated', 1, 'STARTED'])
      }
      probe(id).open()
      await Promise.all([sleeping, waiting].map((handle) => handle.terminate()))
    },
  },
  {
    name: 'the children that an execution waits for are shown, and which of them is held, and why',
    async run(_t, { id, engine }) {
      const handle = await engine.workflows.start('waitsForChild', { workflowId: id, args: ['nobodyHasThis', `${id}/child`] })
      let described = await handle.describe()
      await until(async () => (described = await handle.describe()).problem !== undefined)
      assert.match(described.problem ?? '', /^its child 'nobodyHasThis' \(.*\/child\) is held \(unknown_workflow_type\): No workflow /)
      const { runId } = await engine.workflows.describe(`${id}/child`)
      const children = described.pendingChildren?.map((child) => [child.workflowType, child.workflowId, child.runId])
      assert.deepEqual(children, [['nobodyHasThis', `${id}/child`, runId]])
      await until(async () => {
        const late = await rejectionOf(handle.result({ timeout: 10 }))
        assert.ok(late instanceof Error && 'code' in late && late.code === 'RESULT_TIMEOUT', String(late))
        // A worker that is asked what it waits for may be slow to answer.
        return /within 10 ms; its child 'nobodyHasThis' \(.*\/child\) is held \(unknown_workflow_type\): No workflow /.test(late.message)
      })
      await handle.terminate()
    },
  },
  {
    name: 'lists and counts follow type, status and queue, page by page',
    async run(_t, { id, openAnother, ownQueue }) {
      const engine = await openAnother()
      const { workflows } = engine
      for (let index = 0; index < 5; index++) await workflows.execute(steps.immediate, { workflowId: `${id}-${index}`, args: [index] })
      await failureOf(workflows.execute(failures.throwsFailure, { workflowId: `${id}-failed` }))
      const filter = { taskQueue: ownQueue }
      assert.equal(await workflows.count(filter), 6)
      assert.equal(await workflows.count({ ...filter, workflowType: 'immediate' }), 5)
      assert.equal(await workflows.count({ ...filter, status: 'failed' }), 1)
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await workflows.list({ ...filter, limit: 4, ...(cursor === undefined ? {} : { cursor }) })
        assert.ok(page.executions.length <= 4)
        seen.push(...page.executions.map((execution) => execution.workflowId))
        cursor = page.nextCursor
      } while (cursor !== undefined)
      assert.deepEqual(seen.toSorted(), [`${id}-0`, `${id}-1`, `${id}-2`, `${id}-3`, `${id}-4`, `${id}-failed`])
    },
  },
]
