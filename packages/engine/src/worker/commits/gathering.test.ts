/** Where a commit keeps the worker's thread, what one execution takes in turn by turn gathers in few commits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineQuery, executeChild, proxyActivities, setHandler, sleep } from '@perdure/workflow'
import { openStage } from '../../../test/worker-stage.ts'
import { gatheredMax } from '../../limits.ts'

const { act } = proxyActivities<{ act(value: number): Promise<number> }>({ startToCloseTimeout: '1 minute' })
const count = 200

for (const commitsAside of [false, true]) {
  test(`results of activities that end together, where the store commits ${commitsAside ? 'aside' : 'in this thread'}`, async (t) => {
    const stage = openStage(t, {
      workflows: { fan: () => Promise.all(Array.from({ length: count }, (_, value) => act(value))) },
      activities: { act: async (value: number) => value },
    })
    Object.assign(stage.store, { commitsAside })
    const { client } = await stage.addWorker()
    assert.equal((await client.execute('fan', { workflowId: 'w' }) as number[]).length, count)
    const events = stage.commits.flatMap(({ batch }) => batch.transitions.map((one) => one.events.length)).filter((size) => size > 0)
    assert.equal(events.reduce((sum, size) => sum + size), count)
    if (commitsAside) {
      assert.equal(events[0], 1, 'the first goes at once')
      return assert.ok(events.length > count / 2, `${events.length} commits`)
    }
    assert.ok(events.length <= 2 * Math.ceil(count / gatheredMax), `${events.length} commits`)
    assert.ok(Math.max(...events) <= gatheredMax + 1, `${Math.max(...events)} events in one commit`)
  })
}

async function child(value: number): Promise<number> {
  return value
}

test('what is asked of others waits for no more results', async (t) => {
  const few = 40
  const stage = openStage(t, {
    workflows: {
      family: () => Promise.all(Array.from({ length: few }, async (_, value) => executeChild(child, { args: [await act(value)] }))),
      child,
    },
    activities: { act: async (value: number) => value },
  })
  Object.assign(stage.store, { commitsAside: false })
  const { client } = await stage.addWorker()
  assert.equal((await client.execute('family', { workflowId: 'w' }) as number[]).length, few)
  const asked = stage.commits.flatMap(({ batch }) => batch.transitions.map(({ outgoing = [] }) => outgoing.length))
  assert.equal(asked.reduce((sum, size) => sum + size), few)
  assert.equal(Math.max(...asked), 1)
})

const stir = defineQuery('stir')
const spinMs = 3

/** Each timer is due by the time that its activation is over; a query sets the code going in between. */
async function overdue(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>()
  void promise.then(() => sleep(100_000)).catch(() => undefined)
  setHandler(stir, () => resolve())
  for (let round = 0; round < 10; round++) {
    const slept = sleep(1)
    for (const from = process.hrtime.bigint(); process.hrtime.bigint() - from < BigInt(spinMs * 1_000_000););
    await slept
  }
  return 'done'
}

test('what is gathered is committed though a query that stirs the code makes it leave memory', { timeout: 30_000 }, async (t) => {
  const stage = openStage(t, { workflows: { overdue } })
  Object.assign(stage.store, { commitsAside: false })
  const { client } = await stage.addWorker()
  for (let turns = 1; turns <= 8; turns++) {
    const handle = await client.start('overdue', { workflowId: `w${turns}` })
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
    await assert.rejects(handle.query(stir), /queries may only read/)
    assert.equal(await handle.result(), 'done')
  }
})
