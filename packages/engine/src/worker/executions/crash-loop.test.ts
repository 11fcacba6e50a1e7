/** An execution that kills its workers is held, also where its history grows by what each death leaves; who waits beside it is served. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@perdure/workflow'
import { openQueryStage } from '../../../test/query-stage.ts'
import { namespace, type Stage, taskQueue } from '../../../test/worker-stage.ts'
import { takeoversMax, takeoversSuspect, tickMs } from '../../limits.ts'
import type { ExecutionRecord } from '../../protocol/execution-record.ts'
import type { Incarnation } from '../../protocol/ids.ts'

const { kill } = proxyActivities<{ kill(): Promise<void> }>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
const { step } = proxyActivities<{ step(): Promise<void> }>({ startToCloseTimeout: '1 minute' })

interface Killing {
  readonly worksBetween?: boolean
  /** Activities of a queue with limits have a row from the first on. */
  readonly hasLimits?: boolean
}

async function deaths(t: Parameters<typeof openQueryStage>[0], { worksBetween = false, hasLimits = false }: Killing = {}): Promise<number> {
  let begun = 0
  const never = new Promise<void>(() => undefined)
  const stage = openQueryStage(t, {
    workflows: {
      killing: async () => {
        for (;;) {
          if (worksBetween) await step()
          await kill().catch(() => undefined)
        }
      },
    },
    activities: { kill: () => { begun++; return never }, step: async () => undefined },
  })
  if (hasLimits) await stage.store.setQueueLimits(namespace, taskQueue, { maxConcurrentActivities: 50 })
  let died = 0
  let { client, crash } = await stage.addWorker()
  await client.start('killing', { workflowId: 'w' })
  for (; died < takeoversMax + 2; died++) {
    await stage.until(() => begun > died)
    await crash()
    stage.aheadMs += 2 * tickMs
    ;({ client, crash } = await stage.addWorker())
    const before = begun
    await stage.until(async () => begun > before || (await client.describe('w')).held?.code === 'crash_loop')
    if (begun === before) return died + 1
  }
  return died
}

test('an attempt that was lost with its worker shows no progress: at the fifth death the execution is held', async (t) => {
  assert.equal(await deaths(t), takeoversMax)
})

test('where its activities have rows, an execution that rests until the next one kills is held too', { timeout: 60_000 }, async (t) => {
  assert.equal(await deaths(t, { hasLimits: true }), takeoversMax)
})

test('an activity that ended in between does', async (t) => {
  assert.equal(await deaths(t, { worksBetween: true }), takeoversMax + 2)
})

const { killAgain } = proxyActivities<{ killAgain(): Promise<void> }>({ startToCloseTimeout: '1 minute' })
const go = defineSignal('go')
const waiters = Array.from({ length: 20 }, (_, n) => `waiter-${n}`)

async function waiting(): Promise<string> {
  let isTold = false
  setHandler(go, () => { isTold = true })
  await condition(() => isTold)
  return 'told'
}

function rows({ store }: Stage): Promise<readonly (ExecutionRecord | undefined)[]> {
  return Promise.all(waiters.map((workflowId) => store.getExecution(namespace, workflowId, null)))
}

test('who waits beside an execution that kills and gets on by its timers is served meanwhile', { timeout: 60_000 }, async (t) => {
  let begun = 0
  const stage = openQueryStage(t, {
    workflows: {
      killing: async () => {
        void (async () => { for (;;) await sleep(1) })()
        await killAgain()
      },
      waiting,
    },
    activities: { killAgain: () => { begun++; return new Promise<void>(() => undefined) } },
  })
  let { client, crash } = await stage.addWorker()
  for (const workflowId of waiters) await client.start('waiting', { workflowId })
  await client.start('killing', { workflowId: 'w' })
  let seen = 0
  for (const workflowId of waiters.slice(0, 2 * takeoversMax)) {
    await stage.until(() => {
      stage.aheadMs += 20
      return begun > seen
    })
    seen = begun
    await crash()
    stage.aheadMs += 2 * tickMs
    ;({ client, crash } = await stage.addWorker())
    await client.getHandle(workflowId).signal(go)
    assert.equal(await client.getHandle(workflowId).result(), 'told')
  }
  await client.getHandle('w').terminate()
})

test('those that only wait are no suspects, however many workers die in a row', { timeout: 60_000 }, async (t) => {
  const stage = openQueryStage(t, { workflows: { waiting } })
  let { client, crash } = await stage.addWorker()
  for (const workflowId of waiters) await client.start('waiting', { workflowId })
  const dead = new Set<Incarnation | null | undefined>([null])
  for (let deaths = 0; deaths < takeoversMax + 1; deaths++) {
    await stage.until(async () => (await rows(stage)).every((one) => !dead.has(one?.owner) && one?.takeovers === 0))
    dead.add((await rows(stage))[0]?.owner)
    await crash()
    stage.aheadMs += 2 * tickMs
    ;({ client, crash } = await stage.addWorker())
  }
  for (const workflowId of waiters) await client.getHandle(workflowId).signal(go)
  for (const workflowId of waiters) assert.equal(await client.getHandle(workflowId).result(), 'told')
})

test('a suspect that comes to rest lets the next one be taken up at once', { timeout: 60_000 }, async (t) => {
  const stage = openQueryStage(t, { workflows: { waiting } })
  let { client, crash } = await stage.addWorker()
  for (const workflowId of waiters) await client.start('waiting', { workflowId })
  await stage.until(async () => (await rows(stage)).every((one) => one?.owner !== null))
  stage.onCommit = () => new Promise(() => undefined)
  for (let deaths = 0; deaths < takeoversSuspect; deaths++) {
    await crash()
    stage.aheadMs += 2 * tickMs
    let isClaimed = false
    stage.onClaim = async (forward) => {
      const claimed = await forward()
      isClaimed ||= claimed.length > 0
      return claimed
    }
    ;({ client, crash } = await stage.addWorker())
    await stage.until(() => isClaimed)
  }
  await crash()
  stage.aheadMs += 2 * tickMs
  stage.onCommit = (batch, forward) => forward(batch)
  ;({ client } = await stage.addWorker())
  await stage.until(async () => (await rows(stage)).every((one) => one?.owner !== null && one?.takeovers === 0))
  for (const workflowId of waiters) await client.getHandle(workflowId).signal(go)
  for (const workflowId of waiters) assert.equal(await client.getHandle(workflowId).result(), 'told')
})
