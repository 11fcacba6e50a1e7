import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { Engine, WorkflowFailedError } from 'perdure'
import { createMemoryStore } from 'perdure/testing'
import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from 'perdure/workflow'

const activities = {
  async greet(name: string): Promise<string> {
    return `Hello, ${name}!`
  },
  async refuse(): Promise<void> {
    throw new Error('no')
  },
}

const { greet, refuse } = proxyActivities<typeof activities>({ startToCloseTimeout: '5 seconds', retry: { maximumAttempts: 1 } })
const approve = defineSignal<[by: string]>('approve')
const approver = defineQuery<string | null>('approver')

async function greeting(name: string): Promise<string> {
  return greet(name)
}

async function refused(): Promise<void> {
  await refuse()
}

async function approval(): Promise<string> {
  let by: string | null = null
  setHandler(approver, () => by)
  setHandler(approve, (name) => {
    by = name
  })
  await condition(() => by !== null)
  return `approved by ${by}`
}

suite('an engine with a worker', () => {
  let engine: Engine

  before(async () => {
    engine = await Engine.open({ store: createMemoryStore() })
    engine.workflows.register({ greeting, refused, approval })
    engine.activities.register(activities)
    await engine.start()
  })
  after(() => engine.stop())

  test('a workflow is executed with its result', async () => {
    assert.equal(await engine.workflows.execute(greeting, { workflowId: 'greeting', args: ['Ada'] }), 'Hello, Ada!')
    assert.equal((await engine.workflows.getStatus('greeting')).status, 'completed')
    const events = await engine.workflows.history('greeting')
    assert.deepEqual(events.map((event) => event.eventType), [
      'WorkflowExecutionStarted', 'ActivityTaskScheduled', 'ActivityTaskStarted', 'ActivityTaskCompleted', 'WorkflowExecutionCompleted',
    ])
  })

  test('a failure arrives with its chain of causes', async () => {
    const error: unknown = await engine.workflows.execute(refused).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof WorkflowFailedError)
    assert.equal(error.code, 'WORKFLOW_FAILED')
    assert.equal(error.cause?.cause?.message, 'no')
  })

  test('a running workflow is asked and signalled', async () => {
    const handle = await engine.workflows.start(approval, { workflowId: 'approval' })
    assert.equal(await handle.query(approver), null)
    await handle.signal(approve, 'Grace')
    assert.equal(await handle.result(), 'approved by Grace')
    assert.equal(await handle.query(approver), 'Grace')
  })
})
