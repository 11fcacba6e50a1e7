import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition } from '@perdure/workflow'
import { openStage } from '../../test/worker-stage.ts'
import { ownedStartsMax } from '../limits.ts'

test('a bounded number of starts has its code in memory before it is durable; the others follow', async (t) => {
  const stage = openStage(t, { workflows: { greeting: async (name: unknown) => `Hello, ${String(name)}!` } })
  const { client, worker } = await stage.addWorker()
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  stage.onCommit = async (batch, forward) => {
    await opened
    return forward(batch)
  }
  const count = ownedStartsMax + ownedStartsMax / 2 + 1
  const results = Promise.all(Array.from({ length: count }, (_, index) => client.execute('greeting', { args: [index] })))
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(worker.status().executions, ownedStartsMax)
  open()
  assert.deepEqual(await results, Array.from({ length: count }, (_, index) => `Hello, ${index}!`))
})

test('starts that wait for their turn are made by others when their worker stops', async (t) => {
  const stage = openStage(t, { workflows: { greeting: async () => 'Hello!' } })
  const { client, worker } = await stage.addWorker()
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  stage.onCommit = async (batch, forward) => {
    await opened
    return forward(batch)
  }
  const handles = Promise.all(Array.from({ length: ownedStartsMax + 10 }, () => client.start('greeting', {})))
  await new Promise((resolve) => setImmediate(resolve))
  const stopped = worker.stop()
  open()
  assert.equal((await handles).every(({ started }) => started), true)
  await stopped
  await stage.addWorker()
  for (const handle of await handles) assert.equal(await handle.result(), 'Hello!')
})

test('no more than the bounded number is under way when many starts become durable at once', async (t) => {
  const stage = openStage(t, { workflows: { waiter: () => condition(() => false) } })
  const { client, worker } = await stage.addWorker()
  const underWay: number[] = []
  let durable = 0
  stage.onCommit = async (batch, forward) => {
    underWay.push(worker.status().executions - durable)
    const outcome = await forward(batch)
    durable += batch.starts.length
    return outcome
  }
  await Promise.all(Array.from({ length: 4 * ownedStartsMax }, () => client.start('waiter', {})))
  assert.equal(durable, 4 * ownedStartsMax)
  assert.equal(Math.max(...underWay) <= ownedStartsMax, true, `${underWay.join(', ')} were under way`)
})
