import assert from 'node:assert/strict'
import { PerdureError, WorkflowNotFoundError } from 'perdure'
import { probe } from '../probe.ts'
import { as, rejectionOf, type Scenario } from '../stage.ts'
import * as messages from '../workflows/messages.ts'
import * as steps from '../workflows/steps.ts'

export const namespaceScenarios: readonly Scenario[] = [
  {
    name: 'namespaces are created, listed and described',
    async run(_t, { id, engine }) {
      const created = await engine.namespaces.create(id, { description: 'Orders', retention: '30 days' })
      assert.deepEqual([created.name, created.description, created.retentionMs], [id, 'Orders', 30 * 86_400_000])
      assert.deepEqual(await engine.namespaces.describe(id), created)
      const names = (await engine.namespaces.list()).map(({ name }) => name)
      assert.ok(names.includes(id) && names.includes('default'))
      assert.equal((await engine.namespaces.describe()).name, 'default')
      assert.equal(as(PerdureError, await rejectionOf(engine.namespaces.create(id))).code, 'NAMESPACE_EXISTS')
      assert.equal(as(PerdureError, await rejectionOf(engine.namespaces.create('a b'))).code, 'NAMESPACE_INVALID')
      const unknown = as(PerdureError, await rejectionOf(engine.namespaces.describe(`${id}x`)))
      assert.deepEqual([unknown.code, unknown.message.includes(`did you mean '${id}'`)], ['NAMESPACE_NOT_FOUND', true])
    },
  },
  {
    name: 'an engine of an unknown namespace is refused with the remedy',
    async run(_t, { id, openAnother }) {
      const refused = as(PerdureError, await rejectionOf(openAnother({ namespace: id })))
      assert.equal(refused.code, 'NAMESPACE_NOT_FOUND')
      assert.match(refused.message, new RegExp(`no namespace '${id}'.*engine\\.namespaces\\.create\\('${id}'\\)`))
    },
  },
  {
    name: 'ids, queues, lists, messages and workers of two namespaces are apart',
    async run(_t, { id, engine, ownQueue, openAnother }) {
      await engine.namespaces.create(id)
      const here = await openAnother({ workflows: { gather: messages.gather } })
      const there = await openAnother({ namespace: id })
      const one = await here.workflows.start(messages.gather, { workflowId: id })
      const other = await there.workflows.start(messages.gather, { workflowId: id })
      assert.notEqual(one.runId, other.runId)
      await there.workflows.signal(id, messages.give, 2)
      await here.workflows.signal(id, messages.give, 1)
      assert.deepEqual([await here.workflows.query(id, messages.given), await there.workflows.query(id, messages.given)], [[1], [2]])
      await there.workflows.signal(id, messages.finish)
      assert.deepEqual(await other.result(), [2])
      assert.equal((await one.getStatus()).status, 'RUNNING')
      assert.equal(await there.workflows.count(), 1)
      const foreign = there.workflows.getHandle(id, one.runId)
      as(WorkflowNotFoundError, await rejectionOf(foreign.signal(messages.finish)))
      as(WorkflowNotFoundError, await rejectionOf(foreign.terminate()))
      as(WorkflowNotFoundError, await rejectionOf(foreign.describe()))
      assert.deepEqual((await there.workers.list()).map(({ taskQueues }) => taskQueues), [[ownQueue]])
      await there.taskQueues.setLimits(ownQueue, { maxConcurrentActivities: 1 })
      assert.equal((await here.taskQueues.describe()).limits.maxConcurrentActivities, null)
      await here.workflows.signal(id, messages.finish)
      assert.deepEqual(await one.result(), [1])
    },
  },
  {
    name: 'a worker takes activities of its own namespace only',
    async run(_t, { id, engine, ownQueue, openAnother }) {
      await engine.namespaces.create(id)
      const elsewhere = await openAnother({ namespace: id, workflows: 'none', activities: { greet: async () => 'from elsewhere' } })
      const handle = await engine.workflows.start(steps.onOtherQueue, { workflowId: id, args: [ownQueue, 'Ada'] })
      const there = await openAnother({ namespace: id, taskQueue: `${ownQueue} 2` })
      const asked = there.workflows.execute(steps.onOtherQueue, { workflowId: id, args: [ownQueue, 'Ada'] })
      assert.equal(await asked, 'from elsewhere')
      assert.deepEqual((await elsewhere.taskQueues.list()).includes(ownQueue), true)
      assert.equal((await handle.getStatus()).status, 'RUNNING')
      await openAnother()
      assert.equal(await handle.result(), 'Hello, Ada!')
      assert.deepEqual(probe(id).notes, [])
    },
  },
]
