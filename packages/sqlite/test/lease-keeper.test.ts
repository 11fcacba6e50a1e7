import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { asIncarnation, StoreUnavailableError } from '@perdure/engine'
import { ended, startProcess, toldBy, writtenBy } from './child-process.ts'
import { startLeaseKeeper } from '../src/lease-keeper.ts'
import { mustRenew } from '../src/lease-timing.ts'
import { isProcessLockFree, processLockPath, takeProcessLock } from '../src/process-lock.ts'
import { openStore, registered, temporaryFolder } from './temporary-folder.ts'

/** Longer than any of this takes. */
const leaseMs = 60_000

describe('process lock', () => {
  test('it is taken while it is held, and free when its file is gone or closed', context => {
    const path = processLockPath(join(temporaryFolder(context), 'x.db'), 7)
    assert.equal(isProcessLockFree(path), true)
    const lock = takeProcessLock(path)
    assert.equal(isProcessLockFree(path), false)
    assert.throws(() => takeProcessLock(path))
    assert.equal(isProcessLockFree(path), false)
    lock.close()
    assert.equal(isProcessLockFree(path), true)
  })
})

describe('lease keeper', () => {
  test('it holds the lock until it is stopped, and then leaves no file', async context => {
    const file = join(temporaryFolder(context), 'x.db')
    const store = await openStore(context, file)
    const { incarnation } = await registered(store)
    const keeper = await store.keepLease(incarnation, leaseMs)
    assert.equal(isProcessLockFree(processLockPath(file, incarnation)), false)
    await keeper.stop()
    assert.equal(existsSync(processLockPath(file, incarnation)), false)
  })

  test('the next worker takes away a free lock of one that was buried, and no other', async context => {
    const file = join(temporaryFolder(context), 'x.db')
    const store = await openStore(context, file)
    const workers = [await registered(store), await registered(store), await registered(store)]
    const [died, stopping, suspect] = workers.map(({ incarnation }) => processLockPath(file, incarnation)) as [string, string, string]
    for (const path of [died, suspect]) takeProcessLock(path).close()
    const held = takeProcessLock(stopping)
    for (const { incarnation } of workers.slice(0, 2)) await store.retireWorker(incarnation)
    await registered(store)
    assert.deepEqual([died, stopping, suspect].map(path => existsSync(path)), [false, true, true])
    held.close()
    await registered(store)
    assert.deepEqual([died, stopping, suspect].map(path => existsSync(path)), [false, false, true])
  })

  test('a second keeper of one incarnation is refused', async context => {
    const file = join(temporaryFolder(context), 'x.db')
    const store = await openStore(context, file)
    const { incarnation } = await registered(store)
    const keeper = await store.keepLease(incarnation, leaseMs)
    await assert.rejects(store.keepLease(incarnation, leaseMs), StoreUnavailableError)
    await keeper.stop()
  })

  test('it renews the lease when the main thread does not', async context => {
    const file = join(temporaryFolder(context), 'x.db')
    const store = await openStore(context, file)
    const { incarnation } = await registered(store)
    const renewedAt = async () => (await store.listWorkers('default'))[0]?.renewedAt ?? 0
    const before = await renewedAt()
    const keeper = await startLeaseKeeper(file, incarnation, { lookMs: 2, mainSilentMs: 10, mainStalledMs: 60_000 })
    while (await renewedAt() === before) await new Promise(resolve => setImmediate(resolve))
    assert.ok(await renewedAt() > before)
    await keeper.stop()
  })

  const timing = { lookMs: 250, mainSilentMs: 1_500, mainStalledMs: 60_000 }
  const cases = [
    { title: 'the main thread renewed just now', lastRenewedAt: 99_000, lastMovedAt: 99_900, renews: false },
    { title: 'the main thread has not renewed for a while', lastRenewedAt: 98_000, lastMovedAt: 98_000, renews: true },
    { title: 'the main thread has been busy for almost a minute', lastRenewedAt: 40_000, lastMovedAt: 40_000, renews: true },
    { title: 'the main thread must be taken for dead', lastRenewedAt: 98_000, lastMovedAt: 39_999, renews: false },
  ]
  for (const { title, renews, ...clocks } of cases) {
    test(`${title}: it ${renews ? 'renews' : 'does not renew'}`, () => {
      assert.equal(mustRenew({ now: 100_000, ...clocks }, timing), renews)
    })
  }

  test('it does not keep a process alive that forgets to stop it', async context => {
    const { code, told } = await toldBy({ do: 'leave', file: join(temporaryFolder(context), 'x.db') })
    assert.deepEqual([code, told.map(one => one.type)], [0, ['holding', 'done']])
  })

  test('a process that exits without stopping it says nothing of debuggers', async context => {
    const file = join(temporaryFolder(context), 'x.db')
    assert.deepEqual(await writtenBy({ do: 'exit', file }), { stderr: '', code: 3 })
  })

  test('a process that is killed loses the lock at once: it is taken over before its lease ends', async context => {
    const file = join(temporaryFolder(context), 'x.db')
    const store = await openStore(context, file)
    const { promise: holding, resolve } = Promise.withResolvers<number>()
    const child = startProcess({ do: 'hold', file }, told => {
      if (told.type === 'holding') resolve(told.incarnation)
    })
    const incarnation = asIncarnation(await holding)
    const suspect = async () => {
      const worker = (await store.listWorkers('default')).find(one => one.incarnation === incarnation)
      return { incarnation, renewedAt: worker?.renewedAt ?? 0 }
    }
    assert.equal(await store.takeOver(await suspect(), leaseMs), false)
    child.kill('SIGKILL')
    assert.equal(await ended(child), 'SIGKILL')
    assert.equal(existsSync(processLockPath(file, incarnation)), true)
    assert.equal(await store.takeOver(await suspect(), leaseMs), true)
    assert.equal(existsSync(processLockPath(file, incarnation)), false)
  })
})
