import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { CancellationScope, CancelledFailure, mapConcurrently, Semaphore, sleep } from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('mapConcurrently runs so many at a time, and gives results in the order of the items', async () => {
  const running = host.run(() => mapConcurrently(new Set([30, 10, 20]), 2, async (ms, index) => {
    await sleep(ms)
    return `${index}: ${ms}`
  }))
  assert.deepEqual(host.asked, ['timer 30', 'timer 10'])
  await host.complete('timer 10')
  assert.deepEqual(host.asked, ['timer 30', 'timer 10', 'timer 20'])
  await host.complete('timer 20')
  await host.complete('timer 30')
  assert.deepEqual(await running, ['0: 30', '1: 10', '2: 20'])
  assert.deepEqual(await host.run(() => mapConcurrently([], 5, async () => 1)), [])
})

test('the first that fails cancels those under way, and its error is thrown when all have ended', async () => {
  const ended: string[] = []
  const running = host.run(() => mapConcurrently([10, 20, 30], 2, async (ms) => {
    await sleep(ms).catch(async (error: unknown) => {
      ended.push(`${ms} cancelled`)
      await CancellationScope.nonCancellable(() => sleep(5))
      throw error
    })
    throw new Error(`${ms} failed`)
  }))
  const failing = assert.rejects(running, { message: '10 failed' })
  await host.complete('timer 10')
  assert.deepEqual(ended, ['20 cancelled'])
  await host.complete('timer 5')
  await failing
  assert.deepEqual(host.asked, ['timer 10', 'timer 20', 'cancel timer 20', 'timer 5'])
})

test('a cancellation from outside ends all of it', async () => {
  const running = host.run(() => mapConcurrently([10, 20, 30], 2, (ms) => sleep(ms)))
  const failing = assert.rejects(running, CancelledFailure)
  host.rootScope.cancel()
  await failing
  assert.deepEqual(host.asked, ['timer 10', 'timer 20', 'cancel timer 10', 'cancel timer 20'])
})

test('a semaphore lets its permits through, the others in their order', async () => {
  const order: string[] = []
  const lock = new Semaphore(1)
  const enter = (name: string) => lock.run(async () => {
    order.push(`${name} in`)
    await sleep(1)
    order.push(`${name} out`)
    return name
  })
  const running = host.run(() => Promise.all([enter('a'), enter('b'), enter('c')]))
  assert.deepEqual([lock.running, lock.waiting], [1, 2])
  for (let round = 0; round < 3; round++) await host.complete('timer 1')
  assert.deepEqual(await running, ['a', 'b', 'c'])
  assert.deepEqual(order, ['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  assert.deepEqual([lock.running, lock.waiting], [0, 0])
})

test('what throws gives its permit back, and who is cancelled while it waits leaves the queue', async () => {
  const lock = new Semaphore(1)
  const running = host.run(async () => {
    const first = lock.run(async () => {
      await sleep(1)
      throw new Error('first')
    })
    const scope = new CancellationScope()
    const second = scope.run(() => lock.run(async () => 'never'))
    const third = lock.run(async () => 'third')
    scope.cancel()
    return Promise.allSettled([first, second, third])
  })
  await host.drain()
  assert.equal(lock.waiting, 1)
  await host.complete('timer 1')
  const [first, second, third] = await running
  assert.equal((first as PromiseRejectedResult).reason.message, 'first')
  assert.ok((second as PromiseRejectedResult).reason instanceof CancelledFailure)
  assert.equal((third as PromiseFulfilledResult<string>).value, 'third')
})

for (const outside of [0, 1, 2]) {
  test(`a place is not lost when who has it and who waits are cancelled together, with ${outside} more waiting`, async () => {
    const lock = new Semaphore(1)
    const order: string[] = []
    const running = host.run(async () => {
      const scope = new CancellationScope()
      const cancelled = scope.run(async () => {
        await Promise.allSettled([1, 2, 3].map(() => lock.run(() => sleep(1))))
      })
      const others = Array.from({ length: outside }, (_, index) => lock.run(async () => void order.push(`other ${index}`)))
      scope.cancel()
      await Promise.all([cancelled, ...others])
      await lock.run(async () => void order.push('later'))
    })
    await host.drain()
    assert.deepEqual([lock.running, lock.waiting], [0, 0])
    await running
    assert.deepEqual(order, [...['other 0', 'other 1'].slice(0, outside), 'later'])
  })
}

test('limits are whole numbers from 1 on', async () => {
  for (const limit of [0, -1, 1.5, Number.NaN, '3']) {
    assert.throws(() => new Semaphore(limit as number), { code: 'OPTIONS_INVALID', message: /permits; give a whole number from 1/ })
    const message = /as the limit; give a whole/
    await assert.rejects(mapConcurrently([], limit as number, async () => 1), { code: 'OPTIONS_INVALID', message })
  }
})
