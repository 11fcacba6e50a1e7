/** What a client repeats when rows are locked or answers are lost, and that nothing is done twice by it. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createSystemClock, createWorkflowClient, StoreOutcomeUnknownError } from '@perdure/engine'
import type { Serving, StartRecord, Store, WorkflowClient } from '@perdure/engine'
import { createPostgresStore } from '@perdure/postgres'
import { postStatement } from '../../packages/postgres/src/statements/post.ts'
import { payload } from '../conformance/arena.ts'
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts'
import { openStage, type Stage, uniqueName, untilWaiting } from './stage.ts'

let stage: Stage
let proxy: CuttingProxy
let store: Store
let client: WorkflowClient
let worker: Serving
before(async () => {
  stage = await openStage('client_retries')
  proxy = await startCuttingProxy(stage.connectionString)
  store = createPostgresStore({ connectionString: proxy.connectionString })
  await store.open()
  client = clientOn(store)
})
beforeEach(async () => {
  worker = await stage.arena.worker()
})
after(async () => {
  await store.close()
  await proxy.stop()
  await stage.dispose()
})

function clientOn(store: Store): WorkflowClient {
  const silent = () => undefined
  return createWorkflowClient({
    store, notifier: undefined, clock: createSystemClock(), logger: { debug: silent, info: silent, warn: silent, error: silent },
    registry: { workflow: () => undefined, workflowTypes: () => [] }, localWorker: undefined, servedTaskQueues: [],
    namespace: stage.arena.namespace, taskQueue: stage.arena.queue, identity: 'tester',
  })
}

function owned(count: number): Promise<StartRecord[]> {
  return Promise.all(Array.from({ length: count }, () => stage.arena.started(worker)))
}

/** A row held as by a close in flight; let go by `rollback`. */
async function holding(text: string, value: string) {
  const holder = await stage.connect()
  await holder.query('begin')
  await holder.query(text, [value])
  return holder
}
const rowOfRun = 'select 1 from perdure.executions where run_id = $1 for update'

async function messages(start: StartRecord): Promise<number> {
  return (await stage.arena.unread(worker, start)).length
}

async function runsOf(workflowId: string) {
  return (await client.list({ workflowId })).executions.map(({ runId, status }) => ({ runId, status }))
}

describe('a locked row in the middle of a batch', () => {
  test('signals to the others arrive while it is held, its own when it is let go, each once', async () => {
    const starts = await owned(5)
    const held = starts[2] as StartRecord
    const holder = await holding(rowOfRun, held.runId)
    const signals = starts.map(start => client.signal(start.workflowId, 'approve', 1))
    await Promise.all(signals.filter((_, index) => index !== 2))
    assert.equal(await messages(held), 0)
    await holder.query('rollback')
    await signals[2]
    assert.deepEqual(await Promise.all(starts.map(messages)), [1, 1, 1, 1, 1])
  })

  test('cancel requests to the others arrive while it is held, its own when it is let go, each once', async () => {
    const starts = await owned(3)
    const holder = await holding(rowOfRun, (starts[1] as StartRecord).runId)
    const requests = starts.map(start => client.cancel(start.workflowId))
    await Promise.all([requests[0], requests[2]])
    await holder.query('rollback')
    await requests[1]
    assert.deepEqual(await Promise.all(starts.map(messages)), [1, 1, 1])
  })

  test('starts of other ids are made while one is held, its own when it is let go, each once', async () => {
    const ids = Array.from({ length: 5 }, () => uniqueName('start'))
    const holder = await holding(`insert into perdure.executions (run_id, namespace, workflow_id, workflow_type, task_queue, priority,
      started_at, first_run_id, input) select id, '${stage.arena.namespace}', $1, 'order', 'orders', 3, 1, id, '[]'
      from gen_random_uuid() id`, ids[2] ?? '')
    const starts = ids.map(workflowId => client.start('order', { workflowId }))
    await Promise.all(starts.filter((_, index) => index !== 2))
    await holder.query('rollback')
    const handles = await Promise.all(starts)
    for (const { workflowId, runId } of handles) assert.deepEqual(await runsOf(workflowId), [{ runId, status: 'RUNNING' }])
  })

  test('a termination waits for the row and is made once', async () => {
    const [start] = await owned(1) as [StartRecord]
    const holder = await holding(rowOfRun, start.runId)
    const terminated = client.terminate(start.workflowId, { reason: 'enough' })
    await untilWaiting(stage.admin, 'perdure work')
    await holder.query('rollback')
    await terminated
    await assert.rejects(client.terminate(start.workflowId), { code: 'WORKFLOW_NOT_FOUND', message: /TERMINATED/ })
  })
})

describe('an answer that is lost with its connection', () => {
  test('a signal that was made is not repeated: the caller is told that nobody knows', async () => {
    const [start] = await owned(1) as [StartRecord]
    const before = proxy.asked(postStatement.name)
    proxy.cutAnswerTo(postStatement.name)
    await assert.rejects(client.signal(start.workflowId, 'approve'), (error: unknown) => {
      assert.ok(error instanceof StoreOutcomeUnknownError)
      assert.equal(error.code, 'STORE_OUTCOME_UNKNOWN')
      assert.match(error.message, new RegExp(`Nobody knows whether the signal 'approve' to workflow '${start.workflowId}' was made`))
      assert.ok(error.cause instanceof StoreOutcomeUnknownError)
      return true
    })
    assert.equal(await messages(start), 1)
    assert.equal(proxy.asked(postStatement.name) - before, 1)
    await client.signal(start.workflowId, 'approve')
    assert.equal(await messages(start), 2)
  })

  test('of a batch of signals all are told, and each was made once', async () => {
    const starts = await owned(4)
    proxy.cutAnswerTo(postStatement.name)
    const outcomes = await Promise.allSettled(starts.map(start => client.signal(start.workflowId, 'approve')))
    assert.deepEqual(outcomes.map(outcome => outcome.status === 'rejected' && (outcome.reason as { code: string }).code),
      starts.map(() => 'STORE_OUTCOME_UNKNOWN'))
    assert.deepEqual(await Promise.all(starts.map(messages)), [1, 1, 1, 1])
  })

  test('a start is repeated and settled by its run id', async () => {
    const ids = Array.from({ length: 3 }, () => uniqueName('start'))
    const before = proxy.asked('commit_v1')
    proxy.cutAnswerTo('commit_v1')
    const handles = await Promise.all(ids.map(workflowId => client.start('order', { workflowId })))
    assert.ok(proxy.asked('commit_v1') - before > 1)
    for (const { workflowId, runId } of handles) assert.deepEqual(await runsOf(workflowId), [{ runId, status: 'RUNNING' }])
  })

  test('a start with TERMINATE_EXISTING replaces once', async () => {
    const [open] = await owned(1) as [StartRecord]
    proxy.cutAnswerTo('commit_v1')
    const { runId } = await client.start('order', { workflowId: open.workflowId, workflowIdConflictPolicy: 'TERMINATE_EXISTING' })
    assert.deepEqual(await runsOf(open.workflowId), [{ runId, status: 'RUNNING' }, { runId: open.runId, status: 'TERMINATED' }])
  })

  test('a termination is repeated for the run it was meant for, and spares one that was started since', async () => {
    const [open] = await owned(1) as [StartRecord]
    const next = stage.arena.start({ workflowId: open.workflowId, startedAt: 2_000 })
    const meanwhile = async () => {
      await stage.arena.commit(null, { starts: [next] })
    }
    proxy.cutAnswerTo('terminate_v1', { meanwhile })
    await client.terminate(open.workflowId)
    assert.deepEqual(await runsOf(open.workflowId), [{ runId: next.runId, status: 'RUNNING' }, { runId: open.runId, status: 'TERMINATED' }])
  })

  /** Answers every question that is put, with its number, until the caller has an answer. */
  async function answering<T>(asked: Promise<T>): Promise<T> {
    const caller = { isAnswered: false }
    const answered = asked.finally(() => { caller.isAnswered = true })
    for (let number = 1; !caller.isAnswered;) {
      for (const { id } of await stage.store.claimQueries(worker, Date.now(), 10)) {
        await stage.store.answerQuery(id, { type: 'answered', result: payload(`answer ${number++}`) })
      }
    }
    return answered
  }

  test('a question is put again when it is not known whether it was stored', async () => {
    const [start] = await owned(1) as [StartRecord]
    const before = proxy.asked('ask_query_v1')
    proxy.cutAnswerTo('ask_query_v1')
    assert.match(String(await answering(client.query(start.workflowId, 'state'))), /^answer [12]$/)
    assert.equal(proxy.asked('ask_query_v1') - before, 2)
  })

  test('a question is put again when its answer is lost', async () => {
    const [start] = await owned(1) as [StartRecord]
    proxy.cutAnswerTo('take_reply_v1', { saying: 'answer 1' })
    assert.equal(await answering(client.query(start.workflowId, 'state')), 'answer 2')
  })
})
