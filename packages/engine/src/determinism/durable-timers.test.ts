import assert from 'node:assert/strict'
import * as nodeTimers from 'node:timers'
import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { CancellationScope, CancelledFailure } from '@perdure/workflow'
import { FakeHost } from '../../../workflow/test/fake-host.ts'
import { contextOfUnhandled } from '../../test/unhandled-context.ts'
import { installDeterministicGlobals } from './globals.ts'
import { currentHost, runInScope } from './workflow-context.ts'

const nodeTimeout = setTimeout(() => undefined, 0)
const facts = { length: setTimeout.length, name: setTimeout.name }
installDeterministicGlobals()

function inWorkflow<T>(fn: (host: FakeHost) => T): T {
  const host = new FakeHost()
  return runInScope(host.rootScope, () => fn(host))
}

/** As workflow code of a host that exists. */
function inside<T>(host: FakeHost, fn: () => T): T {
  return runInScope(host.rootScope, fn)
}

test('setTimeout in a workflow is a durable timer whose callback runs in the context of the workflow', async () => {
  const host = new FakeHost()
  const seen: unknown[] = []
  inside(host, () => setTimeout((...args: unknown[]) => seen.push(args, currentHost()), 100, 'a', 2))
  assert.deepEqual(host.asked, ['timer 100'])
  await host.complete('timer 100')
  assert.deepEqual(seen, [['a', 2], host])
})

test('a delay that is no number from 1 on is one millisecond, and a long one is kept', () => {
  inWorkflow((host) => {
    for (const ms of [undefined, 0, -1, Number.NaN, 'x', 1.4, '7', 1e12]) setTimeout(() => undefined, ms as number)
    assert.deepEqual(host.asked, ['timer 1', 'timer 1', 'timer 1', 'timer 1', 'timer 1', 'timer 1', 'timer 7', 'timer 1000000000000'])
  })
})

test('clearTimeout withdraws it, by the handle and by its number, once', async () => {
  const host = new FakeHost()
  await inside(host, async () => {
    const called: string[] = []
    const one = setTimeout(() => called.push('one'), 10)
    const two = setTimeout(() => called.push('two'), 20)
    setTimeout(() => called.push('three'), 30)
    clearTimeout(one)
    clearTimeout(one)
    clearTimeout(Number(two))
    clearTimeout(undefined)
    clearTimeout(12_345)
    await Promise.resolve()
    assert.deepEqual(host.asked.slice(3), ['cancel timer 10', 'cancel timer 20'])
    assert.deepEqual(called, [])
  })
  await host.complete('timer 30')
})

test('numbers of timers are of one execution, and never mean a timer of the process', () => {
  const processTimer = setTimeout(() => undefined, 60_000)
  const [first, second] = [1, 2].map(() => inWorkflow(() => setTimeout(() => undefined, 5)))
  assert.equal(Number(first), Number(second))
  inWorkflow((host) => {
    clearTimeout(Number(first))
    clearTimeout(Number(processTimer))
    assert.deepEqual(host.asked, [])
  })
  assert.equal((processTimer as unknown as { _destroyed: boolean })._destroyed, false)
  clearTimeout(processTimer)
})

test("the handle has the methods of Node's", async () => {
  const host = new FakeHost()
  let fired = 0
  const timer = inside(host, () => setTimeout(() => fired++, 10))
  assert.equal(timer.ref(), timer)
  assert.equal(timer.unref(), timer)
  assert.equal(timer.hasRef(), true)
  assert.equal(inside(host, () => timer.refresh()), timer)
  await host.drain()
  assert.deepEqual(host.asked, ['timer 10', 'timer 10', 'cancel timer 10'])
  await host.complete('timer 10')
  assert.equal(fired, 1)
  inside(host, () => timer.refresh())
  await host.complete('timer 10')
  assert.equal(fired, 2)
  inside(host, () => timer.close().refresh())
  await host.drain()
  assert.equal(host.pending.size, 0)
  inside(host, () => setTimeout(() => fired++, 20)[Symbol.dispose]())
  await host.drain()
  assert.equal(host.pending.size, 0)
})

test('setInterval starts its next timer after each call until it is cleared, also from within', async () => {
  const host = new FakeHost()
  let calls = 0
  inside(host, () => {
    const interval = setInterval(() => {
      calls++
      if (calls === 3) clearInterval(interval)
    }, 50)
  })
  for (let round = 1; round <= 3; round++) {
    await host.complete('timer 50')
    assert.equal(calls, round)
  }
  assert.deepEqual([host.pending.size, host.asked.length], [0, 3])
})

test('a timer of a cancelled scope never calls, whether it was started before or after', async () => {
  const host = new FakeHost()
  let called = false
  const call = (): void => {
    called = true
  }
  await inside(host, async () => {
    const scope = new CancellationScope()
    await scope.run(async () => setTimeout(call, 10))
    scope.cancel()
    await scope.run(async () => setTimeout(call, 20))
    await scope.run(async () => setInterval(call, 30))
  })
  await host.drain()
  assert.deepEqual(host.asked, ['timer 10', 'cancel timer 10'])
  assert.equal(called, false)
})

test('what a callback throws is an unhandled rejection in the context of the workflow', async () => {
  const host = new FakeHost()
  const context = contextOfUnhandled()
  inside(host, () => setTimeout(() => { throw new Error('in a callback') }, 5))
  await host.complete('timer 5')
  assert.equal(await context, host)
})

test('promised timers are durable too: promisify and node:timers/promises', async () => {
  const host = new FakeHost()
  const both = inside(host, () => Promise.all([promisify(setTimeout)(5, 'one'), delay(6, 'two')]))
  assert.deepEqual(host.asked, ['timer 5', 'timer 6'])
  await host.complete('timer 5')
  await host.complete('timer 6')
  assert.deepEqual(await both, ['one', 'two'])
  const cancelled = assert.rejects(inside(host, () => delay(7)), CancelledFailure)
  host.rootScope.cancel()
  await cancelled
})

test('node:timers gives the same functions', () => {
  assert.equal(nodeTimers.setTimeout, setTimeout)
  assert.equal(nodeTimers.clearInterval, clearInterval)
})

test("outside of workflows timers are Node's own", async () => {
  assert.deepEqual({ length: setTimeout.length, name: setTimeout.name }, facts)
  const timer = setTimeout(() => undefined, 60_000)
  assert.equal(timer.constructor, nodeTimeout.constructor)
  clearTimeout(timer)
  assert.equal(await new Promise((resolve) => setTimeout(resolve, 1, 'called')), 'called')
  assert.equal(await promisify(setTimeout)(1, 'promised'), 'promised')
  assert.equal(await delay(1, 'delayed'), 'delayed')
  const noFunction = 7 as unknown as () => void
  assert.throws(() => setTimeout(noFunction, 1), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => inWorkflow(() => setTimeout(noFunction, 1)), { code: 'ERR_INVALID_ARG_TYPE' })
})
