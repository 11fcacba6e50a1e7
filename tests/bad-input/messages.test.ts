/** Messages to executions that are not there, are closed, or do not know them: each has its code, and nothing is changed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryStore } from '@perdure/testing'
import { Engine, WithStartWorkflowOperation, type WorkflowHandle } from 'perdure'
import { condition, defineQuery, defineSignal, defineUpdate, executeChild, setHandler } from 'perdure/workflow'
import { refused, silent } from './refusals.ts'

const finish = defineSignal('finish')
const total = defineQuery<number>('total')
const add = defineUpdate<number, [amount: number]>('add')

async function sums(): Promise<number> {
  let sum = 0
  let isFinished = false
  setHandler(finish, () => {
    isFinished = true
  })
  setHandler(total, () => sum)
  setHandler(add, (amount) => sum += amount, {
    validator: (amount) => {
      if (amount < 0) throw new RangeError('negative')
    },
  })
  await condition(() => isFinished)
  return sum
}

async function clashes(childId: string): Promise<string> {
  try {
    return String(await executeChild(sums, { workflowId: childId, args: [] }))
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}

/** Every kind of message, to one execution. */
const messages: readonly (readonly [kind: string, (handle: WorkflowHandle) => Promise<unknown>])[] = [
  ['signal', (handle) => handle.signal(finish)], ['query', (handle) => handle.query(total)],
  ['update', (handle) => handle.executeUpdate(add, { args: [1] })], ['cancel', (handle) => handle.cancel()],
  ['terminate', (handle) => handle.terminate()],
]

test('messages that cannot be handled are refused, each with its code, and change nothing', async (t) => {
  const store = createMemoryStore()
  const engine = await Engine.open({ store, logger: silent, worker: { tickMs: 20 } })
  t.after(() => engine.stop())
  engine.workflows.register({ sums, clashes })
  await engine.start()
  const unknownRun = '01900000-0000-7000-8000-000000000000'
  const open = await engine.workflows.start(sums, { workflowId: 'open' })
  await engine.namespaces.create('other')
  const foreign = await Engine.open({ store, logger: silent, worker: false, namespace: 'other' })

  await t.test('to an execution that is not there, of another run, or of another namespace', async () => {
    for (const [kind, send] of messages) {
      await refused(() => send(engine.workflows.getHandle('nobody', unknownRun)), 'WORKFLOW_NOT_FOUND', /nobody/)
      await refused(() => send(engine.workflows.getHandle('open', unknownRun)), 'WORKFLOW_NOT_FOUND', /open/)
      await refused(() => send(foreign.workflows.getHandle('open', open.runId)), 'WORKFLOW_NOT_FOUND', /namespace 'other'/)
      assert.equal((await open.getStatus()).status, 'RUNNING', kind)
    }
  })

  await t.test('to an open one that does not know them, or refuses them', async () => {
    await refused(() => open.query('totl'), 'QUERY_NOT_REGISTERED', /totl.*total/)
    await refused(() => open.executeUpdate('ad', { args: [1] }), 'UPDATE_NOT_REGISTERED', /ad.*add/)
    await refused(() => open.executeUpdate(add, { args: [-1] }), 'UPDATE_REJECTED', /negative/)
    await refused(() => open.getUpdateHandle('nothing').result(), 'UPDATE_NOT_FOUND', /no update 'nothing'/)
    await refused(() => open.executeUpdate('__perdure_x'), 'MESSAGE_NAME_RESERVED', /__perdure_x/)
    assert.equal(await open.query(total), 0)
    assert.ok((await open.history()).every(({ eventType }) => !eventType.includes('Update')), 'the history has no trace of them')
  })

  await t.test('starts whose id is in use, of children too', async () => {
    await refused(() => engine.workflows.start(sums, { workflowId: 'open' }), 'WORKFLOW_ALREADY_STARTED', /'open' is running/)
    const operation = new WithStartWorkflowOperation(sums, { workflowId: 'open', workflowIdConflictPolicy: 'FAIL' })
    const update = () => engine.workflows.executeUpdateWithStart(add, { args: [1], startWorkflowOperation: operation })
    await refused(update, 'WORKFLOW_ALREADY_STARTED', /'open' is running/)
    const signalled = () => engine.workflows.signalWithStart(sums, { workflowId: 'open', signal: finish, workflowIdConflictPolicy: 'FAIL' })
    await refused(signalled, 'WORKFLOW_ALREADY_STARTED', /'open' is running/)
    assert.equal(await engine.workflows.execute(clashes, { args: ['open'] }), 'WorkflowExecutionAlreadyStartedError')
    assert.equal(await open.query(total), 0)
    assert.equal((await open.getStatus()).status, 'RUNNING')
  })

  await t.test('to one that is closed', async () => {
    await open.signal(finish)
    assert.equal(await open.result(), 0)
    await refused(() => open.signal(finish), 'WORKFLOW_NOT_FOUND', /already completed.*'finish'/)
    await refused(() => open.executeUpdate(add, { args: [1] }), 'WORKFLOW_NOT_FOUND', /already completed.*'add'/)
    await refused(() => open.terminate(), 'WORKFLOW_NOT_FOUND', /COMPLETED/)
    await open.cancel()
    assert.equal(await open.query(total), 0, 'it answers all the same')
    assert.equal(await engine.workflows.count({ workflowId: 'open' }), 1)
  })
  await foreign.stop()
})
