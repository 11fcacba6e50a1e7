import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewNamespace, Serving } from '@perdure/engine'
import { Arena, newRunId, payload, runIds, type Harness } from '../arena.ts'

export function namespaceScenarios(harness: Harness): void {
  creation(harness)
  isolation(harness)
}

function creation(harness: Harness): void {
  test('the default namespace is there', async () => {
    const { store } = new Arena(harness())
    const { createdAt, ...rest } = await store.getNamespace('default') ?? { createdAt: 0 }
    assert.deepEqual(rest, { name: 'default', description: '', retentionMs: null })
    const now = await store.ping()
    assert.ok(createdAt <= now && createdAt > now - 3_600_000, `${createdAt}`)
    assert.equal(await store.createNamespace({ name: 'default', description: 'mine', retentionMs: null }), 'exists')
  })

  test('a namespace is found as it was created, and is not created twice', async () => {
    const { store, namespace: name } = new Arena(harness())
    const given = { name, description: 'Shop of the east, "öst"', retentionMs: 86_400_000 }
    assert.equal(await store.getNamespace(name), undefined)
    const before = await store.ping()
    assert.equal(await store.createNamespace(given), 'created')
    assert.equal(await store.createNamespace({ ...given, description: 'another' }), 'exists')
    const { createdAt, ...rest } = await store.getNamespace(name) ?? { createdAt: 0 }
    assert.deepEqual(rest, given)
    assert.ok(createdAt >= before)
  })

  test('of many that create one name at once, one does', async () => {
    const arena = new Arena(harness())
    const [second, given] = [await arena.second(), { name: arena.namespace, description: '', retentionMs: null }]
    const outcomes = await Promise.all([arena.store, second, arena.store, second].map(store => store.createNamespace(given)))
    assert.deepEqual(outcomes.toSorted(), ['created', 'exists', 'exists', 'exists'])
  })

  test('namespaces are listed by name', async () => {
    const { store, namespace } = new Arena(harness())
    const names = [`${namespace}_b`, `${namespace}-a`, `${namespace}.C`]
    for (const name of names) assert.equal(await store.createNamespace({ name, description: name, retentionMs: null }), 'created')
    const listed = await store.listNamespaces()
    const all = listed.map(({ name }) => name)
    assert.deepEqual(all, all.toSorted((a, b) => (a < b ? -1 : 1)))
    assert.ok(all.includes('default'))
    const mine = listed.filter(({ name }) => names.includes(name))
    assert.deepEqual(mine, await Promise.all([`${namespace}-a`, `${namespace}.C`, `${namespace}_b`].map(name => store.getNamespace(name))))
  })

  for (const name of ['a', 'A-Z.a_z-09', 'x'.repeat(255)]) {
    test(`a namespace may be named ${name.slice(0, 20)}`, async () => {
      const { store } = new Arena(harness())
      assert.ok(['created', 'exists'].includes(await store.createNamespace({ name, description: '', retentionMs: null })))
      assert.equal((await store.getNamespace(name))?.name, name)
    })
  }

  const wrong: readonly Partial<Record<keyof NewNamespace, unknown>>[] = [
    { name: '' }, { name: 'x'.repeat(256) }, { name: 'a b' }, { name: 'ä' }, { name: 'a/b' }, { name: 'a\n' }, { name: '*' },
    { name: null }, { description: 'x'.repeat(1_001) }, { description: null }, { description: '\0' }, { retentionMs: 0 },
    { retentionMs: -1 }, { retentionMs: 1.5 },
  ]
  for (const overrides of wrong) {
    test(`a namespace with ${JSON.stringify(overrides).slice(0, 40)} is refused`, async () => {
      const { store, namespace } = new Arena(harness())
      const given = { name: namespace, description: '', retentionMs: null, ...overrides } as NewNamespace
      await assert.rejects(store.createNamespace(given), { code: 'NAMESPACE_INVALID' })
      assert.equal(await store.getNamespace(namespace), undefined)
    })
  }
}

interface Neighbours {
  readonly arena: Arena
  readonly other: string
  readonly mine: Serving
  readonly theirs: Serving
}

/** Two namespaces with a worker each, of the same queue and types. */
async function neighbours(harness: Harness): Promise<Neighbours> {
  const arena = new Arena(harness())
  const other = `${arena.namespace}-2`
  return { arena, other, mine: await arena.worker(), theirs: await arena.worker({ namespace: other }) }
}

function isolation(harness: Harness): void {
  test('a workflow id is free in every namespace, and names another execution in each', async () => {
    const { arena, other } = await neighbours(harness)
    const workflowId = 'order-7'
    const [a, b] = [await arena.started(null, { workflowId }), await arena.started(null, { workflowId, namespace: other })]
    assert.equal((await arena.store.getExecution(arena.namespace, workflowId, null))?.runId, a.runId)
    assert.equal((await arena.store.getExecution(other, workflowId, null))?.runId, b.runId)
    assert.equal(await arena.store.getExecution(other, workflowId, a.runId), undefined)
    assert.equal(await arena.store.getExecution(other, null, a.runId), undefined)
    const again = arena.start({ workflowId, reusePolicy: 'REJECT_DUPLICATE', conflictPolicy: 'TERMINATE_EXISTING' })
    assert.deepEqual((await arena.commit(null, { starts: [again] })).starts, [{ type: 'started' }])
    assert.equal((await arena.get(a)).status, 'TERMINATED')
    assert.equal((await arena.get(b)).status, 'RUNNING')
  })

  test('a closed execution does not keep its id from another namespace', async () => {
    const { arena, other } = await neighbours(harness)
    const workflowId = 'order-7'
    const start = await arena.started(null, { workflowId })
    await arena.store.terminate({ ...start, failure: payload('x'), at: 2_000 })
    const policy = { workflowId, reusePolicy: 'REJECT_DUPLICATE' } as const
    await arena.started(null, { ...policy, namespace: other })
    assert.equal((await arena.commit(null, { starts: [arena.start(policy)] })).starts[0]?.type, 'exists')
  })

  test('executions are claimed and looked for in their own namespace', async () => {
    const { arena, other, mine, theirs } = await neighbours(harness)
    const start = await arena.started(null)
    assert.equal((await arena.store.tick(theirs, 5_000)).claimAt, null)
    assert.deepEqual(await arena.claim(theirs), [])
    assert.equal((await arena.store.describeQueue(other, arena.queue)).executions.waiting, 0)
    assert.notEqual((await arena.store.tick(mine, 5_000)).claimAt, null)
    assert.deepEqual(runIds(await arena.claim(mine)), [start.runId])
  })

  test('messages reach an execution of their own namespace only', async () => {
    const { arena, other, mine } = await neighbours(harness)
    const start = await arena.started(mine)
    const { workflowId, runId } = start
    const to = (overrides: object) => ({ namespace: other, workflowId, runId: null, type: 'S', data: '1', ...overrides })
    assert.deepEqual(await arena.store.post([to({}), to({ runId })]), [{ type: 'not_found' }, { type: 'not_found' }])
    assert.equal((await arena.store.terminate({ ...start, namespace: other, failure: payload('x'), at: 1 })).type, 'not_found')
    assert.deepEqual(await arena.unread(mine, start), [])
    assert.equal((await arena.get(start)).status, 'RUNNING')
  })

  test('lists and counts hold executions of their own namespace', async () => {
    const { arena, other } = await neighbours(harness)
    const [a, b] = [await arena.started(null), await arena.started(null, { namespace: other })]
    const list = (namespace: string, more: object = {}) => arena.store.listExecutions({ namespace, limit: 10, after: null, ...more })
    assert.deepEqual((await list(arena.namespace)).map(record => record.runId), [a.runId])
    assert.deepEqual((await list(other)).map(record => record.runId), [b.runId])
    assert.deepEqual(await list(other, { workflowId: a.workflowId }), [])
    assert.deepEqual(await list(other, { workflowIdPrefix: a.workflowId.slice(0, 5), taskQueue: 'elsewhere' }), [])
    assert.equal(await arena.store.countExecutions({ namespace: other }), 1)
    assert.equal(await arena.store.countExecutions({ namespace: `${other}-3` }), 0)
  })

  test('tasks are claimed, ended by their deadline and limited in their own namespace', async () => {
    const { arena, other, mine, theirs } = await neighbours(harness)
    const start = await arena.started(mine)
    await arena.transit(mine, start.runId, { tasks: [1, 2].map(command => arena.task(start, command, { deadlineAt: 4_000 })) })
    await arena.store.setQueueLimits(other, arena.queue, { maxConcurrentActivities: 1 })
    const look = await arena.store.tick(theirs, 5_000)
    assert.deepEqual([look.taskAt, look.deadlineAt, look.limitedQueues], [null, null, [arena.queue]])
    assert.deepEqual(await arena.claimTasks(theirs, 5_000, 10), [])
    assert.deepEqual(await arena.store.expiredTasks(other, 5_000, 10), [])
    assert.deepEqual((await arena.store.describeQueue(other, arena.queue)).activities.types, [])
    assert.deepEqual((await arena.store.tick(mine, 5_000)).limitedQueues, [])
    assert.equal((await arena.claimTasks(mine, 5_000, 10)).length, 2)
  })

  test('queries are answered in their own namespace', async () => {
    const { arena, mine, theirs } = await neighbours(harness)
    const start = await arena.started(null)
    await arena.store.askQuery(arena.query(start, { expiresAt: (await arena.store.ping()) + 60_000 }))
    assert.equal((await arena.store.tick(theirs, 5_000)).queries, false)
    assert.deepEqual(await arena.store.claimQueries(theirs, 5_000, 10), [])
    assert.equal((await arena.store.tick(mine, 5_000)).queries, true)
    assert.equal((await arena.store.claimQueries(mine, 5_000, 10)).length, 1)
  })

  test('workers and queues are those of the namespace', async () => {
    const { arena, other, mine, theirs } = await neighbours(harness)
    assert.deepEqual((await arena.store.listWorkers(other)).map(worker => worker.incarnation), [theirs.incarnation])
    assert.deepEqual((await arena.store.describeQueue(arena.namespace, arena.queue)).workers.map(worker => worker.incarnation), [
      mine.incarnation,
    ])
    await arena.started(null, { taskQueue: 'mine alone', runId: newRunId() })
    assert.deepEqual(await arena.store.listQueues(arena.namespace), ['mine alone', 'orders'])
    assert.deepEqual(await arena.store.listQueues(other), ['orders'])
  })
}
