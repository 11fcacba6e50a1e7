import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { CancellationScope, CancelledFailure, condition, isCancellation, proxyActivities, sleep } from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

const activities = proxyActivities<{ charge(): Promise<string>; refund(): Promise<string> }>({ startToCloseTimeout: '1 minute' })

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

const failureOf = async (promise: Promise<unknown>): Promise<unknown> => {
  return promise.then(() => assert.fail('should have failed'), (error: unknown) => error)
}

test('a call in a cancelled scope throws a bare CancelledFailure and asks nothing of the host', async () => {
  const failures = await host.run(async () => {
    host.rootScope.cancel()
    const { charge } = activities
    const calls = [charge(), sleep(5), condition(() => true), condition(() => true, 5)]
    return Promise.all(calls.map(failureOf))
  })
  for (const failure of failures) {
    assert.ok(failure instanceof CancelledFailure)
    assert.equal(failure.message, 'Workflow cancelled')
  }
  assert.deepEqual(host.asked, [])
})

test('cancel() marks the scope at once and cancels nothing before it returns', async () => {
  await host.run(async () => {
    const scope = new CancellationScope()
    const sleeping = failureOf(scope.run(() => sleep(100)))
    scope.cancel()
    assert.equal(scope.consideredCancelled, true)
    assert.deepEqual(host.asked, ['timer 100'])
    assert.equal((await sleeping as Error).message, 'Cancellation scope cancelled')
    assert.deepEqual(host.asked, ['timer 100', 'cancel timer 100'])
  })
})

test('child scopes are marked after cancel() returns, and cancelled after the operations of their parent', async () => {
  await host.run(async () => {
    const parent = new CancellationScope()
    const child = new CancellationScope({ parent })
    const calls = [[child, 1], [parent, 2], [parent, 3], [child, 4]] as const
    const ended = Promise.allSettled(calls.map(([scope, ms]) => scope.run(() => sleep(ms))))
    parent.cancel()
    assert.equal(child.consideredCancelled, false)
    await ended
    assert.equal(child.consideredCancelled, true)
  })
  assert.deepEqual(host.asked.slice(4), ['cancel timer 2', 'cancel timer 3', 'cancel timer 1', 'cancel timer 4'])
})

test('operations of a scope are cancelled in the order in which they were called', async () => {
  const running = host.run(async () => {
    const { charge } = activities
    return Promise.allSettled([sleep(1), charge(), condition(() => false), sleep(2)])
  })
  host.rootScope.cancel()
  const outcomes = await running
  assert.deepEqual(outcomes.map((outcome) => outcome.status), ['rejected', 'rejected', 'rejected', 'rejected'])
  assert.deepEqual(host.asked, ['timer 1', 'charge', 'timer 2', 'cancel timer 1', 'cancel charge', 'cancel timer 2'])
  assert.equal(host.conditions.size, 0)
})

test('the continuation of a parent operation runs before the operations of a child scope are cancelled', async () => {
  const seen: string[] = []
  await host.run(async () => {
    const parent = new CancellationScope()
    const first = parent.run(() => sleep(1)).catch(() => seen.push(`parent: ${host.asked.at(-1)}`))
    const child = new CancellationScope({ parent })
    const second = child.run(() => sleep(2)).catch(() => seen.push('child'))
    parent.cancel()
    await Promise.all([first, second])
  })
  assert.deepEqual(seen.map((line) => line.split(':')[0]), ['parent', 'child'])
})

test('a non-cancellable scope shields what is inside it, and says that cancellation was requested', async () => {
  const running = host.run(() => CancellationScope.nonCancellable(async () => {
    const scope = CancellationScope.current()
    const requested = failureOf(scope.cancelRequested)
    await CancellationScope.cancellable(() => sleep(10))
    assert.equal(scope.consideredCancelled, false)
    await sleep(20)
    return requested
  }))
  await host.drain()
  host.rootScope.cancel()
  await host.drain()
  assert.deepEqual(host.asked, ['timer 10'])
  await host.complete('timer 10')
  await host.complete('timer 20')
  assert.ok(isCancellation(await running))
})

test('a scope made in a cancelled scope is cancelled from the start', async () => {
  await host.run(async () => {
    const parent = new CancellationScope()
    parent.cancel()
    assert.equal(new CancellationScope({ parent }).consideredCancelled, true)
    assert.equal(new CancellationScope({ parent, cancellable: false }).consideredCancelled, false)
    assert.equal(new CancellationScope({ parent: new CancellationScope({ parent, cancellable: false }) }).consideredCancelled, false)
  })
})

test('only the first cancellation counts', async () => {
  await host.run(async () => {
    const scope = new CancellationScope()
    scope.cancel()
    const { cancelReason } = scope
    scope.cancel()
    assert.equal(scope.cancelReason, cancelReason)
    assert.equal(await failureOf(scope.cancelRequested), cancelReason)
  })
})

test('withTimeout cancels its body when the timer fires first', async () => {
  const running = failureOf(host.run(() => CancellationScope.withTimeout('1s', () => sleep('1 hour'))))
  await host.drain()
  assert.deepEqual(host.asked, ['timer 1000', 'timer 3600000'])
  await host.complete('timer 1000')
  assert.ok(isCancellation(await running))
  assert.deepEqual(host.asked.slice(2), ['cancel timer 3600000'])
})

for (const [what, timeout, asked] of [
  ['of nothing has none, as on Temporal', 0, ['timer 60000']],
  ["of '0s' has none either", '0s', ['timer 60000']],
  ['that is negative is over at once', -5, ['timer 1', 'timer 60000']],
] as const) {
  test(`a scope with a timeout ${what}`, async () => {
    void host.run(() => CancellationScope.withTimeout(timeout, () => sleep('1 minute')))
    await host.drain()
    assert.deepEqual(host.asked, asked)
  })
}

test('withTimeout withdraws its timer when the body ends first, also when it fails', async () => {
  const running = host.run(async () => {
    const value = await CancellationScope.withTimeout('1s', () => activities.charge())
    const failure = await failureOf(CancellationScope.withTimeout('2s', () => Promise.reject(new Error('no'))))
    return [value, (failure as Error).message]
  })
  await host.drain()
  await host.complete('charge', 'paid')
  assert.deepEqual(await running, ['paid', 'no'])
  await host.drain()
  assert.deepEqual(host.asked, ['timer 1000', 'charge', 'cancel timer 1000', 'timer 2000', 'cancel timer 2000'])
  assert.equal(host.pending.size, 0)
})

test('run() gives what its function gives, and turns a synchronous throw into a rejection', async () => {
  await host.run(async () => {
    assert.equal(await CancellationScope.cancellable(async () => 7), 7)
    const failure = await failureOf(CancellationScope.cancellable(() => { throw new Error('at once') }))
    assert.equal((failure as Error).message, 'at once')
  })
})

test('the current scope follows the code through awaits, and is the surrounding one again afterwards', async () => {
  await host.run(async () => {
    assert.equal(CancellationScope.current(), host.rootScope)
    const inner = new CancellationScope()
    await inner.run(async () => {
      await Promise.resolve()
      assert.equal(CancellationScope.current(), inner)
      assert.equal(inner.parent, host.rootScope)
    })
    assert.equal(CancellationScope.current(), host.rootScope)
  })
})

test('a scope nobody listens to causes no unhandled rejection, also when cancelRequested was looked at', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  try {
    await host.run(async () => {
      const looked = new CancellationScope()
      void looked.cancelRequested
      looked.cancel()
      new CancellationScope().cancel()
      void host.rootScope.cancelRequested
      host.rootScope.cancel()
    })
    await host.drain()
    await host.drain()
  } finally {
    process.off('unhandledRejection', note)
  }
  assert.deepEqual(unhandled, [])
})

test('an endless loop of operations and scopes leaves nothing behind in a scope', async () => {
  const running = host.run(async () => {
    for (let round = 0; round < 500; round++) {
      await CancellationScope.cancellable(() => activities.charge())
      await condition(() => round < 0, 50)
      await activities.refund()
    }
  })
  await host.drain()
  for (let round = 0; round < 500; round++) {
    await host.complete('charge')
    await host.complete('timer 50')
    await host.complete('refund')
  }
  await running
  const kept = await operationsIn(host.rootScope)
  assert.ok(kept < 100, `${kept} operations are kept`)
})

test('a scope that its parent forgot is cancelled all the same when it is used again', async () => {
  await host.run(async () => {
    const reused = new CancellationScope()
    await reused.run(async () => undefined)
    for (let round = 0; round < 100; round++) await Promise.all([sleep(1), host.complete('timer 1')])
    const sleeping = failureOf(reused.run(() => sleep(9)))
    host.rootScope.cancel()
    assert.ok(isCancellation(await sleeping))
  })
  const other = new FakeHost()
  await other.run(async () => {
    const forgotten = new CancellationScope()
    await forgotten.run(async () => undefined)
    for (let round = 0; round < 100; round++) await Promise.all([sleep(1), other.complete('timer 1')])
    other.rootScope.cancel()
    assert.equal(forgotten.consideredCancelled, true)
  })
})

/** How many entries the scope holds: what its cancellation calls. */
async function operationsIn(scope: CancellationScope): Promise<number> {
  let calls = 0
  host.cancelActivity = () => void calls++
  host.cancelTimer = () => void calls++
  const { receiveCancel } = CancellationScope.prototype
  CancellationScope.prototype.receiveCancel = () => void calls++
  receiveCancel.call(scope, new CancelledFailure('counted'))
  await host.drain()
  CancellationScope.prototype.receiveCancel = receiveCancel
  return calls
}
