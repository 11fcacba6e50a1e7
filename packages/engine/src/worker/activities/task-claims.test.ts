import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { proxyActivities } from '@perdure/workflow'
import { activityInfo } from '@perdure/workflow/activity'
import { namespace, openStage, taskQueue, type Stage } from '../../../test/worker-stage.ts'
import type { ClaimedTasks } from '../../ports/store.ts'
import { asRunId } from '../../protocol/ids.ts'

const options = { startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } } as const
const { hold } = proxyActivities<{ hold(): Promise<number> }>(options)
const { hold: holdElsewhere } = proxyActivities<{ hold(): Promise<number> }>({ ...options, taskQueue: 'elsewhere' })

const three = (): Promise<number[]> => Promise.all([hold(), hold(), hold()])
const one = (): Promise<number> => hold()
const elsewhere = (): Promise<number> => holdElsewhere()

/** Activities wait until they are let go, in the order in which they began. */
class Held {
  readonly begun: (() => void)[] = []
  most = 0
  #running = 0

  async hold(): Promise<number> {
    this.most = Math.max(this.most, ++this.#running)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.begun.push(resolve)
    await promise
    this.#running--
    return activityInfo().attempt
  }
}

function open(t: TestContext): { stage: Stage; held: Held } {
  const held = new Held()
  const stage = openStage(t, { workflows: { three, one, elsewhere }, activities: { hold: () => held.hold() } })
  return { stage, held }
}

function look(stage: Stage): Promise<void> {
  return new Promise((resolve) => { stage.onLook = () => { stage.onLook = () => undefined; resolve() } })
}

async function until(stage: Stage, holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!await holds()) await look(stage)
}

/** The next claim that brings something waits for `go` with its answer. */
function holdClaim(stage: Stage): { readonly brought: Promise<ClaimedTasks>; readonly go: () => void } {
  const brought = Promise.withResolvers<ClaimedTasks>()
  const { promise: gone, resolve: go } = Promise.withResolvers<void>()
  stage.onClaimTasks = async (forward) => {
    const claimed = await forward()
    if (claimed.tasks.length === 0) return claimed
    brought.resolve(claimed)
    await gone
    return claimed
  }
  return { brought: brought.promise, go }
}

describe('a claim of tasks that is under way', () => {
  test('keeps the slots for what it brings: an activity that begins meanwhile does not take them as well', async (t) => {
    const { stage, held } = open(t)
    const { client } = await stage.addWorker({ maxConcurrentActivities: 2 })
    const first = await client.start('three', { workflowId: 'first' })
    await until(stage, async () => held.begun.length === 2 && (await stage.store.readTasks(asRunId(first.runId))).length > 0)
    const claim = holdClaim(stage)
    held.begun[0]?.()
    await claim.brought
    const second = await client.start('one', { workflowId: 'second' })
    await until(stage, async () => held.begun.length > 2 || (await stage.store.readTasks(asRunId(second.runId))).length > 0)
    claim.go()
    for (let ended = 1; ended < 4; ended++) {
      await until(stage, () => held.begun.length > ended)
      held.begun[ended]?.()
    }
    assert.deepEqual(await client.getHandle('first').result(), [1, 1, 1])
    assert.equal(await client.getHandle('second').result(), 1)
    assert.equal(held.most, 2)
  })

  test('is waited for by a worker that drains: what it brings runs there, and no attempt is lost', async (t) => {
    const { stage, held } = open(t)
    const { client } = await stage.addWorker()
    await client.start('elsewhere', { workflowId: 'w' })
    const claim = holdClaim(stage)
    const { worker } = await stage.addWorker({ taskQueues: ['elsewhere'], shutdownGraceMs: 60_000 })
    await claim.brought
    const stopped = worker.stop()
    await look(stage)
    await look(stage)
    claim.go()
    await until(stage, async () => held.begun.length > 0 || await isClosed(stage, 'w'))
    held.begun[0]?.()
    assert.equal(await client.getHandle('w').result(), 1)
    await stopped
  })
})

test('what waits for a slot that an activity without a row leaves begins when the rate allows it, not with the next tick', async (t) => {
  const { stage, held } = open(t)
  const looked = look(stage)
  const { client } = await stage.addWorker({ maxConcurrentActivities: 1, activitiesPerSecond: 4, tickMs: 3_600_000 })
  await looked
  const handles = [await client.start('one'), await client.start('one')]
  while ((await stage.store.readTasks(asRunId(handles[1]?.runId ?? ''))).length === 0) await new Promise(setImmediate)
  held.begun[0]?.()
  while (held.begun.length < 2) await new Promise(setImmediate)
  held.begun[1]?.()
  assert.deepEqual(await Promise.all(handles.map((handle) => handle.result())), [1, 1])
})

async function isClosed(stage: Stage, workflowId: string): Promise<boolean> {
  const record = await stage.store.getExecution(namespace, workflowId, null)
  return record !== undefined && record.taskQueue === taskQueue && record.status !== 'RUNNING'
}
