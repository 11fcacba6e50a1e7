import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test, type TestContext } from 'node:test'
import { condition } from '@perdure/workflow'
import { namespace, openStage, taskQueue, type Stage } from '../../test/worker-stage.ts'
import { claimedBytesMax, claimMax, firstClaimMax } from '../limits.ts'
import { encodeEvent } from '../protocol/event-codec.ts'
import { asRunId, type Incarnation } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import type { StartRecord } from '../protocol/transition.ts'

const waiting = async (): Promise<void> => condition(() => false)

function start(owned: boolean): StartRecord {
  const now = Date.now()
  const runId = asRunId(randomUUID())
  return {
    namespace, workflowId: runId, runId, workflowType: 'waiting', taskQueue, priority: 3, input: '[]' as Payload, memo: null,
    searchAttributes: null, startedAt: now, wakeAt: now, reusePolicy: 'ALLOW_DUPLICATE', conflictPolicy: 'FAIL', owned,
  }
}

/** An execution whose history is one signal, and which waits for a worker. */
async function withHistory({ store }: Stage, incarnation: Incarnation, data: string): Promise<void> {
  const record = start(true)
  const events = [{ seq: 1, type: 'WorkflowExecutionSignaled', at: record.startedAt, data }]
  await store.commit({
    incarnation, starts: [record],
    transitions: [{
      runId: record.runId, events, consumed: [], tasks: [], cancelTasks: [], close: null, resetTakeovers: false,
      release: { wakeAt: record.startedAt, held: null },
    }],
  })
}

/** How many executions each claim brought, until it was so many. */
async function claims(t: TestContext, total: number, prepare: (stage: Stage) => Promise<void>): Promise<readonly number[]> {
  const stage = openStage(t, { workflows: { waiting } })
  await prepare(stage)
  const sizes: number[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  stage.onClaim = async (forward) => {
    const claimed = await forward()
    if (claimed.length > 0) sizes.push(claimed.length)
    if (sizes.reduce((sum, size) => sum + size, 0) >= total) resolve()
    return claimed
  }
  await stage.addWorker()
  await promise
  return sizes
}

suite('a worker claims', () => {
  test('no more than it can hold the histories of, until those have been replayed', async (t) => {
    const each = claimedBytesMax / 8
    const input = `["${'x'.repeat(each)}"]` as Payload
    const data = encodeEvent({ type: 'WorkflowExecutionSignaled', signalName: 's', identity: 'i', input })
    const sizes = await claims(t, 40, async (stage) => {
      const { incarnation } = await stage.store.registerWorker({
        namespace, identity: 'before', buildId: 'b', taskQueues: [], workflowTypes: [], activityTypes: [], leaseMs: 60_000,
      })
      for (let made = 0; made < 40; made++) await withHistory(stage, incarnation, data)
      await stage.store.retireWorker(incarnation)
    })
    const [first = 0, ...later] = sizes
    assert.equal(first, firstClaimMax)
    assert.ok(later.length > 0 && later.every((size) => size < 8), sizes.join())
  })

  test('as many as a round trip brings where their histories are short', async (t) => {
    const sizes = await claims(t, firstClaimMax + claimMax + 5, async ({ store }) => {
      const starts = Array.from({ length: firstClaimMax + claimMax + 5 }, () => start(false))
      await store.commit({ incarnation: null, starts, transitions: [] })
    })
    assert.deepEqual(sizes, [firstClaimMax, claimMax, 5])
  })
})
