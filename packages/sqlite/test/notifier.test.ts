import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createSqliteNotifier } from '@perdure/sqlite'
import { openStore, startOf, temporaryFolder } from './temporary-folder.ts'

async function stage(context: TestContext) {
  const file = join(temporaryFolder(context), 'x.db')
  const [store, other] = [await openStore(context, file), await openStore(context, file)]
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const hints: string[] = []
  const notifier = createSqliteNotifier(store)
  const start = (from: typeof store, id: string) => from.commit({ incarnation: null, starts: [startOf(id)], transitions: [] })
  const poll = () => context.mock.timers.tick(20)
  return { store, other, notifier, hints, start, poll }
}

test('a commit of another connection is a hint, once', async context => {
  const { other, notifier, hints, start, poll } = await stage(context)
  await notifier.start(topic => hints.push(topic))
  poll()
  assert.deepEqual(hints, [])
  await start(other, 'w-1')
  poll()
  poll()
  assert.deepEqual(hints, ['*'])
  await start(other, 'w-2')
  await start(other, 'w-3')
  poll()
  assert.deepEqual(hints, ['*', '*'])
  await notifier.stop()
})

test('our own commits are no hint', async context => {
  const { store, notifier, hints, start, poll } = await stage(context)
  await notifier.start(topic => hints.push(topic))
  await start(store, 'w-1')
  notifier.publish('queue')
  poll()
  assert.deepEqual(hints, [])
  await notifier.stop()
})

test('after stop, and while the store is closed, there is none', async context => {
  const { store, other, notifier, hints, start, poll } = await stage(context)
  await notifier.start(topic => hints.push(topic))
  await notifier.stop()
  await notifier.stop()
  await start(other, 'w-1')
  poll()
  await notifier.start(topic => hints.push(topic))
  await store.close()
  await start(other, 'w-2')
  poll()
  assert.deepEqual(hints, [])
  await notifier.stop()
})

test('it looks less and less often while no other process commits, and as often as before once one has', async context => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  let looks = 0
  let version = 1
  const store = { dataVersion: () => { looks++; return version } } as unknown as Parameters<typeof createSqliteNotifier>[0]
  const notifier = createSqliteNotifier(store)
  const hints: string[] = []
  await notifier.start(topic => hints.push(topic))
  const looksIn = (ms: number) => {
    const before = looks
    for (let passed = 0; passed < ms; passed += 10) context.mock.timers.tick(10)
    return looks - before
  }
  assert.equal(looksIn(600), 30)
  looksIn(600)
  assert.equal(looksIn(600), 10)
  looksIn(10_000)
  assert.equal(looksIn(600), 5)
  looksIn(20_000)
  assert.equal(looksIn(600), 3)
  version++
  looksIn(200)
  assert.deepEqual(hints, ['*'])
  assert.equal(looksIn(600), 30)
  await notifier.stop()
  assert.equal(looksIn(600), 0)
})
