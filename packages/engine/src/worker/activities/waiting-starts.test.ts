import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { CancellationScope, isCancellation, proxyActivities, sleep } from '@perdure/workflow'
import { openStage, type Stage } from '../../../test/worker-stage.ts'
import { localWaitMs } from '../../limits.ts'

type Activities = { short(n: number): Promise<number>; long(n: number): Promise<number> }
const { short, long } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })
const { long: onlyOnce } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })

const manyShort = async (): Promise<number> => {
  const all = await Promise.all(Array.from({ length: 50 }, (_, n) => short(n)))
  return all.length
}
const manyLong = (): Promise<number[]> => Promise.all([long(1), long(2), long(3)])
const manyOnce = (): Promise<number[]> => Promise.all([onlyOnce(1), onlyOnce(2)])
const cancelsWaiting = async (): Promise<string> => {
  const running = long(1)
  const scope = new CancellationScope()
  const waiting = scope.run(() => long(2))
  await sleep(5)
  scope.cancel()
  const seen = await waiting.then(() => 'ran', (error: unknown) => (isCancellation(error) ? 'cancelled' : 'failed'))
  await running
  return seen
}

/** `long` waits until it is let go; which ones began is kept. */
class Longs {
  readonly begun: number[] = []
  readonly #go = Promise.withResolvers<void>()

  async run(n: number): Promise<number> {
    this.begun.push(n)
    await this.#go.promise
    return n
  }

  let(): void {
    this.#go.resolve()
  }
}

function open(t: TestContext): { stage: Stage; longs: Longs } {
  const longs = new Longs()
  const stage = openStage(t, {
    workflows: { manyShort, manyLong, manyOnce, cancelsWaiting },
    activities: { short: async (n: unknown) => n, long: (n: unknown) => longs.run(n as number) },
  })
  return { stage, longs }
}

/** Numbers of the commands that got rows, in the order of their commits. */
function rows(stage: Stage): number[] {
  return stage.commits.flatMap(({ batch }) => batch.transitions.flatMap(({ tasks }) => tasks.map(({ command }) => command)))
}

/** The worker's next look: before the first it does not know which queues are limited. */
function look(stage: Stage): Promise<void> {
  return new Promise((resolve) => { stage.onLook = () => setImmediate(resolve) })
}

async function until(stage: Stage, holds: () => boolean): Promise<void> {
  while (!holds()) await look(stage)
}

describe('a local activity for which no slot is free', () => {
  test('waits in memory for one that is given back in a moment, and never becomes a row', async (t) => {
    const { stage } = open(t)
    const { client } = await stage.addWorker({ maxConcurrentActivities: 2 })
    await look(stage)
    assert.equal(await client.execute('manyShort', {}), 50)
    assert.deepEqual(rows(stage), [])
  })

  test('becomes a row that others may run when no slot was given back for long', async (t) => {
    const { stage, longs } = open(t)
    const { client } = await stage.addWorker({ maxConcurrentActivities: 2 })
    await look(stage)
    const from = Date.now()
    const handle = await client.start('manyLong', {})
    await until(stage, () => rows(stage).length > 0)
    assert.ok(Date.now() - from >= localWaitMs - 1)
    assert.deepEqual([rows(stage)[0], longs.begun], [3, [1, 2]])
    await stage.addWorker()
    await until(stage, () => longs.begun.length === 3)
    longs.let()
    assert.deepEqual(await handle.result(), [1, 2, 3])
  })

  test('becomes a row at once when it may be tried only once: a crash would spend an attempt that never began', async (t) => {
    const { stage, longs } = open(t)
    const { client } = await stage.addWorker({ maxConcurrentActivities: 1 })
    await look(stage)
    const handle = await client.start('manyOnce', {})
    await until(stage, () => longs.begun.length === 1)
    assert.deepEqual(rows(stage).slice(0, 1), [2])
    const first = stage.commits.find(({ batch }) => batch.transitions.some(({ tasks }) => tasks.length > 0))
    assert.equal(first?.batch.starts.length, 1, 'with the commit that scheduled it')
    longs.let()
    assert.deepEqual(await handle.result(), [1, 2])
  })

  test('is never begun when it is cancelled while it waits', async (t) => {
    const { stage, longs } = open(t)
    const { client } = await stage.addWorker({ maxConcurrentActivities: 1 })
    await look(stage)
    const handle = await client.start('cancelsWaiting', {})
    await until(stage, () => longs.begun.length === 1 && stage.commits.some(({ batch }) => (
      batch.transitions.some(({ events }) => events.some(({ type }) => type === 'TimerFired')))))
    await look(stage)
    longs.let()
    assert.equal(await handle.result(), 'cancelled')
    assert.deepEqual(longs.begun, [1])
  })

  test('becomes a row when its worker stops, and is run by the next', async (t) => {
    const { stage, longs } = open(t)
    const { client, worker } = await stage.addWorker({ maxConcurrentActivities: 1 })
    await look(stage)
    const handle = await client.start('manyLong', {})
    await until(stage, () => longs.begun.length === 1)
    const stopped = worker.stop()
    const next = await stage.addWorker()
    longs.let()
    await stopped
    assert.deepEqual(await next.client.getHandle(handle.workflowId).result(), [1, 2, 3])
    assert.deepEqual(longs.begun.toSorted((one, other) => one - other), [1, 2, 3])
  })
})
