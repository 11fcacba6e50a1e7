import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asRunId } from '@perdure/engine'
import type { ExecutionFilter, ExecutionRecord } from '@perdure/engine'
import { Arena, completed, event, newRunId, payload, type Harness } from '../arena.ts'

export function listScenarios(harness: Harness): void {
  single(harness)
  lists(harness)
  copies(harness)
}

function single(harness: Harness): void {
  test('an execution is found by its run, else the open run, else the run started last', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const old = await arena.started(worker, { startedAt: 1_000 })
    await arena.transit(worker, old.runId, { close: completed })
    const late = await arena.started(worker, { startedAt: 3_000, workflowId: old.workflowId })
    await arena.transit(worker, late.runId, { close: completed })
    const find = async (runId: typeof old.runId | null) => (await arena.store.getExecution(arena.namespace, old.workflowId, runId))?.runId
    assert.equal(await find(null), late.runId)
    const open = await arena.started(worker, { startedAt: 2_000, workflowId: old.workflowId })
    assert.equal(await find(null), open.runId)
    assert.equal(await find(old.runId), old.runId)
    assert.equal(await find(newRunId()), undefined)
    assert.equal(await arena.store.getExecution(arena.namespace, 'another', old.runId), undefined)
    assert.equal(await arena.store.getExecution(arena.namespace, 'nobody', null), undefined)
    assert.equal((await arena.store.getExecution(arena.namespace, null, old.runId))?.runId, old.runId)
    assert.equal(await arena.store.getExecution(arena.namespace, null, newRunId()), undefined)
    assert.equal(await arena.store.getExecution('another', null, old.runId), undefined)
    assert.equal(await arena.store.getExecution(arena.namespace, null, null), undefined)
  })

  test('of the runs asked for, the closed ones are told with their outcome', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [done, failed, open] = [await arena.started(worker), await arena.started(worker), await arena.started(worker)]
    const failure = payload({ message: 'no' })
    await arena.transit(worker, done.runId, { close: completed })
    await arena.transit(worker, failed.runId, { close: { status: 'FAILED', result: null, failure, at: 1 } })
    const closed = await arena.store.readClosed([open.runId, failed.runId, newRunId(), done.runId])
    assert.deepEqual(closed.toSorted((a, b) => (a.status < b.status ? -1 : 1)), [
      { runId: done.runId, status: 'COMPLETED', result: payload('done'), failure: null },
      { runId: failed.runId, status: 'FAILED', result: null, failure },
    ])
    assert.deepEqual(await arena.store.readClosed([]), [])
  })

  test('history and tasks of an unknown run are empty', async () => {
    const { store } = new Arena(harness())
    assert.deepEqual([await store.readHistory(newRunId(), 0, 10), await store.readTasks(newRunId())], [[], []])
  })
}

function lists(harness: Harness): void {
  test('lists go from the newest start, then by run id downwards, and go on after a position', async () => {
    const arena = new Arena(harness())
    const ids = ['a', 'b', 'c'].map(letter => asRunId(`${letter.repeat(8)}-${newRunId().slice(9)}`))
    const starts = [
      arena.start({ startedAt: 2_000 }), ...ids.map(runId => arena.start({ startedAt: 3_000, runId })), arena.start({ startedAt: 1_000 }),
    ]
    await arena.commit(null, { starts })
    const order = [ids[2], ids[1], ids[0], starts[0]?.runId, starts[4]?.runId]
    const all = await arena.store.listExecutions({ namespace: arena.namespace, limit: 10, after: null })
    assert.deepEqual(all.map(record => record.runId), order)
    const seen: string[] = []
    let after: { startedAt: number; runId: ExecutionRecord['runId'] } | null = null
    for (let page = 0; page < 4; page++) {
      const records: readonly ExecutionRecord[] = await arena.store.listExecutions({ namespace: arena.namespace, limit: 2, after })
      seen.push(...records.map(record => record.runId))
      after = records.at(-1) ?? after
    }
    assert.deepEqual(seen, order)
  })

  const filters: readonly (readonly [string, Partial<ExecutionFilter>, string])[] = [
    ['the workflow id', { workflowId: 'b-1' }, 'b-1'],
    ['a prefix of the workflow id', { workflowIdPrefix: 'a' }, 'a%2 a_1'],
    ['a prefix in which a percent sign is a percent sign', { workflowIdPrefix: 'a%' }, 'a%2'],
    ['a prefix in which an underscore is an underscore', { workflowIdPrefix: 'a_' }, 'a_1'],
    ['the empty prefix', { workflowIdPrefix: '' }, 'a%2 a_1 b-1 c-1'],
    ['the workflow type', { workflowType: 'refund' }, 'b-1'],
    ['the task queue', { taskQueue: 'slow' }, 'c-1'],
    ['statuses', { statuses: ['COMPLETED', 'FAILED'] }, 'a%2 b-1'],
    ['one status', { statuses: ['RUNNING'] }, 'a_1 c-1'],
    ['no status at all', { statuses: [] }, ''],
    ['the start time, from', { startedFrom: 3_000 }, 'b-1 c-1'],
    ['the start time, before', { startedBefore: 3_000 }, 'a%2 a_1'],
    ['a time window', { startedFrom: 2_000, startedBefore: 3_000 }, 'a%2'],
    ['being held', { held: true }, 'c-1'],
    ['not being held', { held: false }, 'a%2 a_1 b-1'],
    ['several things at once', { statuses: ['RUNNING'], taskQueue: 'orders', workflowIdPrefix: 'a' }, 'a_1'],
  ]

  async function fourExecutions(arena: Arena): Promise<void> {
    const worker = await arena.worker({ taskQueues: ['orders', 'slow'] })
    await arena.started(worker, { workflowId: 'a_1', startedAt: 1_000 })
    const second = await arena.started(worker, { workflowId: 'a%2', startedAt: 2_000 })
    const third = await arena.started(worker, { workflowId: 'b-1', startedAt: 3_000, workflowType: 'refund' })
    const fourth = await arena.started(worker, { workflowId: 'c-1', startedAt: 4_000, taskQueue: 'slow' })
    await arena.transit(worker, second.runId, { close: completed })
    await arena.transit(worker, third.runId, { close: { ...completed, status: 'FAILED' } })
    const held = { code: 'task_failure', reason: 'r', buildId: 'b', count: 1, spent: false } as const
    await arena.transit(worker, fourth.runId, { release: { wakeAt: null, held } })
  }

  for (const [title, filter, expected] of filters) {
    test(`lists and counts filter by ${title}`, async () => {
      const arena = new Arena(harness())
      await fourExecutions(arena)
      const records = await arena.store.listExecutions({ namespace: arena.namespace, limit: 10, after: null, ...filter })
      assert.equal(records.map(record => record.workflowId).toSorted().join(' '), expected)
      assert.equal(await arena.store.countExecutions({ namespace: arena.namespace, ...filter }), records.length)
    })
  }
}

function copies(harness: Harness): void {
  test('what a caller does to what it gave or got does not change the store', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = arena.start({ owned: true })
    const [events, task] = [[{ ...event(1) }], { ...arena.task(start, 1) }]
    const held = { code: 'task_failure' as const, reason: 'r', buildId: 'build-1', count: 1, spent: false }
    await arena.commit(worker, { starts: [start] })
    await arena.transit(worker, start.runId, { events, tasks: [task], release: { wakeAt: 5_000, held } })
    const [spoiltEvent] = events
    assert.ok(spoiltEvent !== undefined)
    spoiltEvent.data = 'spoilt'
    task.attempt = 99
    held.count = 99
    Object.assign(start, { priority: 99 })
    const record = await arena.get(start)
    assert.deepEqual([record.held?.count, record.priority], [1, 3])
    Object.assign(record.held ?? {}, { count: 98 })
    assert.equal((await arena.get(start)).held?.count, 1)
    const [claimed] = await arena.claim(worker)
    assert.ok(claimed !== undefined)
    assert.deepEqual([claimed.history[0]?.data, claimed.tasks[0]?.attempt], ['{"n":1}', 1])
    Object.assign(claimed.history[0] ?? {}, { data: 'spoilt' })
    Object.assign(claimed.tasks[0] ?? {}, { attempt: 98 })
    Object.assign(claimed.execution, { takeovers: 98 })
    assert.equal((await arena.store.readHistory(start.runId, 0, 1))[0]?.data, '{"n":1}')
    assert.equal((await arena.store.readTasks(start.runId))[0]?.attempt, 1)
    assert.equal((await arena.get(start)).takeovers, 0)
  })
}
