import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test, type TestContext } from 'node:test'
import { condition, defineSignal, setHandler } from '@perdure/workflow'
import { namespace, openStage, taskQueue, type Stage } from '../../../test/worker-stage.ts'
import { claimedBytesMax, claimMax, firstClaimMax } from '../../limits.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { asRunId, type Incarnation } from '../../protocol/ids.ts'
import type { Payload } from '../../protocol/payload.ts'
import type { StartRecord } from '../../protocol/transition.ts'

const heard = defineSignal('s')

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

interface Claim {
  readonly size: number
  /** Executions whose signal has not been replayed then, its own among them. */
  readonly unheard: number
}

/** What each claim brought, until it was so many. */
async function claims(t: TestContext, total: number, prepare: (stage: Stage) => Promise<void>): Promise<readonly Claim[]> {
  let replayed = 0
  const waiting = async (): Promise<void> => {
    setHandler(heard, () => void replayed++)
    await condition(() => false)
  }
  const stage = openStage(t, { workflows: { waiting } })
  await prepare(stage)
  const found: Claim[] = []
  let claimedInAll = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  stage.onClaim = async (forward) => {
    const claimed = await forward()
    claimedInAll += claimed.length
    if (claimed.length > 0) found.push({ size: claimed.length, unheard: claimedInAll - replayed })
    if (claimedInAll >= total) resolve()
    return claimed
  }
  await stage.addWorker()
  await promise
  return found
}

suite('a worker claims', () => {
  test('no more than it can hold the histories of, until those have been replayed', async (t) => {
    const each = claimedBytesMax / 8
    const input = `["${'x'.repeat(each)}"]` as Payload
    const data = encodeEvent({ type: 'WorkflowExecutionSignaled', signalName: 's', identity: 'i', input })
    const found = await claims(t, 40, async (stage) => {
      const { incarnation } = await stage.store.registerWorker({
        namespace, identity: 'before', buildId: 'b', taskQueues: [], workflowTypes: [], activityTypes: [], leaseMs: 60_000,
      })
      for (let made = 0; made < 40; made++) await withHistory(stage, incarnation, data)
      await stage.store.retireWorker(incarnation)
    })
    const [first, ...later] = found
    assert.equal(first?.size, firstClaimMax)
    assert.ok(later.length > 0 && later.every(({ unheard }) => unheard <= 8), JSON.stringify(found))
  })

  test('as many as a round trip brings where their histories are short', async (t) => {
    const found = await claims(t, firstClaimMax + claimMax + 5, async ({ store }) => {
      const starts = Array.from({ length: firstClaimMax + claimMax + 5 }, () => start(false))
      await store.commit({ incarnation: null, starts, transitions: [] })
    })
    assert.deepEqual(found.map(({ size }) => size), [firstClaimMax, claimMax, 5])
  })
})
