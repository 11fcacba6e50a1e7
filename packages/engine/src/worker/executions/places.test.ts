import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { condition, executeChild, makeContinueAsNewFunc, sleep } from '@perdure/workflow'
import { openStage, taskQueue, type Stage } from '../../../test/worker-stage.ts'
import { ExecutionTable } from '../commits/execution-table.ts'

/** How many executions the only worker owned at most. */
function ownedAtMost(stage: Stage): number {
  const owned = new Set<string>()
  let most = 0
  for (const { batch, outcome } of stage.commits) {
    if (outcome.type === 'fenced') continue
    for (const start of batch.starts) if (start.owned) owned.add(start.runId)
    batch.transitions.forEach(({ runId, close, release, outgoing = [] }, index) => {
      if (outcome.transitions[index] !== 'ok') return
      if (close !== null || release !== null) owned.delete(runId)
      if (close?.next?.owned === true) owned.add(close.next.runId)
      for (const request of outgoing) if (request.type === 'start' && request.start.owned) owned.add(request.start.runId)
    })
    most = Math.max(most, owned.size)
  }
  return most
}

suite('the places of a worker', () => {
  test('are not exceeded by children that it starts as its own', async (t) => {
    const stage = openStage(t, {
      settings: { maxConcurrentWorkflows: 5 },
      workflows: {
        leaf: async () => { await sleep(5) },
        parent: async () => { await Promise.all(Array.from({ length: 40 }, () => executeChild('leaf', {}))) },
      },
    })
    const { client } = await stage.addWorker()
    const handle = await client.start('parent', { workflowId: 'parent' })
    await handle.result({ timeout: '20 seconds' })
    assert.equal(ownedAtMost(stage), 5)
  })

  test('of a queue are not exceeded by runs that continue in it as new', async (t) => {
    const stage = openStage(t, {
      settings: {
        taskQueues: [taskQueue, 'narrow'], queues: new Map([['narrow', { maxConcurrentWorkflows: 1, maxConcurrentActivities: undefined }]]),
      },
      workflows: {
        waiting: async () => { await condition(() => false) },
        moving: async () => makeContinueAsNewFunc({ workflowType: 'waiting', taskQueue: 'narrow' })(),
      },
    })
    const { client } = await stage.addWorker()
    const moved = Promise.withResolvers<void>()
    let closes = 0
    stage.onCommit = async (batch, forward) => {
      const outcome = await forward(batch)
      closes += batch.transitions.filter(({ close }) => close !== null).length
      if (closes === 3) moved.resolve()
      return outcome
    }
    for (const workflowId of ['a', 'b', 'c']) await client.start('moving', { workflowId })
    await moved.promise
    const here = stage.commits.flatMap(({ batch }) => batch.transitions.filter(({ close }) => close?.next?.owned === true))
    assert.equal(here.length, 1)
  })

  test('that parents hold while they wait are given to their children', async (t) => {
    const stage = openStage(t, {
      settings: { maxConcurrentWorkflows: 2 },
      workflows: { leaf: async () => 'grown', parent: async () => executeChild('leaf', {}) },
    })
    const { client } = await stage.addWorker()
    const handles = await Promise.all(['a', 'b'].map((workflowId) => client.start('parent', { workflowId })))
    stage.aheadMs = 2_000
    const results = await Promise.all(handles.map((handle) => handle.result({ timeout: '20 seconds' })))
    assert.deepEqual(results, ['grown', 'grown'])
  })

  test('that are reserved count until they are given back, once', () => {
    const table = new ExecutionTable()
    const giveBack = table.reserve('queue')
    assert.deepEqual([table.size, table.taken, table.countOf('queue')], [0, 1, 1])
    giveBack()
    giveBack()
    assert.deepEqual([table.taken, table.countOf('queue')], [0, 0])
  })
})
