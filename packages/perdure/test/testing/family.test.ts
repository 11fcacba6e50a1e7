/** The testing kit with executions that have to do with each other: children, signals between them, updates, chains of runs. */
import { simulate, SimulationFailedError, TestEnvironment } from 'perdure/testing'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as family from './family.ts'

const day = 24 * 60 * 60_000
const activities = { pack: async (what: string) => `packed ${what}` }

for (const [home, database] of [['in memory', {}], ['on SQLite', { database: ':memory:' }]] as const) {
  const create = (): ReturnType<typeof TestEnvironment.create<typeof activities>> =>
    TestEnvironment.create({ workflows: family, activities, ...database })

  test(`${home} the time of children is skipped, and they are replayed at the end`, async () => {
    await using env = await create()
    const before = env.currentTimeMs()
    const packed = await env.workflows.execute(family.shipment, { workflowId: 'shipment', args: [['a cup', 'a spoon']] })
    assert.deepEqual(packed, ['packed a cup', 'packed a spoon'])
    assert.equal(env.currentTimeMs() - before, day)
    assert.equal(await env.workflows.count({ status: 'COMPLETED' }), 3)
  })

  test(`${home} a parent hears of a child that was terminated, and children of their parent's end, without time passing`, async () => {
    await using env = await create()
    const before = env.currentTimeMs()
    const parent = await env.workflows.start(family.shipment, { workflowId: 'shipment', args: [['a cup']] })
    while ((await env.workflows.count({ status: 'RUNNING' })) < 2) await new Promise((resolve) => setImmediate(resolve))
    await env.workflows.terminate('parcel of a cup')
    await assert.rejects(parent.result(), /child workflow 'parcel' was terminated/)
    const other = await env.workflows.start(family.shipment, { workflowId: 'other', args: [['a spoon']] })
    while ((await env.workflows.count({ status: 'RUNNING' })) < 2) await new Promise((resolve) => setImmediate(resolve))
    await other.terminate()
    await assert.rejects(env.workflows.getResult('parcel of a spoon'))
    assert.equal(env.currentTimeMs(), before)
  })

  test(`${home} executions signal each other`, async () => {
    await using env = await create()
    assert.equal(await env.workflows.execute(family.pickUp, { workflowId: 'pick-up' }), 'collected by porter')
  })

  test(`${home} an update whose handler waits is answered while it is awaited, and one that is rejected leaves nothing`, async () => {
    await using env = await create()
    const handle = await env.workflows.start(family.cart, { workflowId: 'cart' })
    assert.equal(await handle.executeUpdate(family.add, { args: ['a cup'] }), 1)
    await env.sleep('50 minutes')
    assert.equal(await handle.executeUpdate(family.add, { args: ['a spoon'] }), 2)
    await assert.rejects(handle.executeUpdate(family.add, { args: [''] }), { name: 'WorkflowUpdateFailedError' })
    assert.equal(await handle.result(), 'packed a cup and a spoon')
  })

  test(`${home} a chain of runs is followed to its end`, async () => {
    await using env = await create()
    const before = env.currentTimeMs()
    assert.equal(await env.workflows.execute(family.daily, { workflowId: 'daily', args: [20] }), 20)
    assert.equal(env.currentTimeMs() - before, 20 * day)
  })
}

const seeds = 15

test('children are packed once in every simulated run, where packing twice does no harm', async () => {
  await simulate(family.shipment, {
    args: [['a cup', 'a spoon']], workflows: family, seeds,
    world: () => new Set<string>(),
    activities: (packed) => ({ pack: async (what: string) => { packed.add(what); return `packed ${what}` } }),
    invariants: {
      'all is packed': ({ outcome, world }) => {
        assert.deepEqual([...world].sort(), ['a cup', 'a spoon'])
        assert.deepEqual(outcome.result, ['packed a cup', 'packed a spoon'])
      },
    },
  })
})

test('signals between executions, and chains of runs, hold in every simulated run', async () => {
  await simulate(family.pickUp, {
    workflows: family, seeds, invariants: { 'the porter collects it': ({ outcome }) => outcome.result === 'collected by porter' },
  })
  await simulate(family.daily, { args: [4], seeds, invariants: { 'four days pass': ({ outcome }) => outcome.result === 4 } })
})

test('updates hold in every simulated run, and a child that is counted twice is found', async () => {
  await simulate(family.cart, {
    activities, seeds, faults: ['crash', 'activityFails', 'activityIsSlow'],
    during: async ({ handle }) => {
      assert.equal(await handle.executeUpdate(family.add, { args: ['a cup'] }), 1)
      assert.equal(await handle.executeUpdate(family.add, { args: ['a spoon'] }), 2)
    },
    invariants: { 'both are packed': ({ outcome }) => outcome.result === 'packed a cup and a spoon' },
  })
  await assert.rejects(simulate(family.shipment, {
    args: [['a cup']], workflows: family, seeds,
    world: () => ({ packed: 0 }),
    activities: (world) => ({ pack: () => ++world.packed }),
    invariants: { 'it is packed once': ({ world }) => world.packed === 1 },
  }), (error) => error instanceof SimulationFailedError && error.faults.length === 1)
})
