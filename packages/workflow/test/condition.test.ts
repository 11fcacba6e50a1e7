import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { CancellationScope, condition, type Duration, isCancellation } from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('a condition that holds is not waited for, and its timer is withdrawn at once', async () => {
  assert.equal(await host.run(() => condition(() => true)), undefined)
  assert.deepEqual(host.asked, [])
  assert.equal(await host.run(() => condition(() => true, '1 day')), true)
  await host.drain()
  assert.deepEqual([host.asked, host.conditions.size, host.pending.size], [['timer 86400000', 'cancel timer 86400000'], 0, 0])
})

test('a condition waits until it holds', async () => {
  let approved = false
  let done = false
  const running = host.run(async () => {
    await condition(() => approved)
    done = true
  })
  await host.drain()
  assert.equal(done, false)
  approved = true
  await host.drain()
  assert.equal(done, true)
  await running
})

test('with a timeout it says whether it held, and withdraws its timer', async () => {
  let approved = false
  const running = host.run(() => condition(() => approved, '1 minute'))
  await host.drain()
  approved = true
  await host.drain()
  assert.equal(await running, true)
  await host.drain()
  assert.deepEqual(host.asked, ['timer 60000', 'cancel timer 60000'])
})

test('with a timeout it gives false when the timer fires first, and is withdrawn', async () => {
  const running = host.run(() => condition(() => false, '1 minute'))
  await host.drain()
  await host.complete('timer 60000')
  assert.equal(await running, false)
  await host.drain()
  assert.deepEqual([host.asked, host.conditions.size], [['timer 60000'], 0])
})

test('a timeout of zero or less is a timer of one millisecond', async () => {
  for (const timeout of [0, -5]) {
    const running = host.run(() => condition(() => false, timeout))
    await host.drain()
    await host.complete('timer 1')
    assert.equal(await running, false)
  }
})

test('cancellation of its scope ends it and withdraws everything', async () => {
  for (const timeout of [undefined, 500]) {
    const scope = await host.run(async () => new CancellationScope())
    const running = host.run(() => scope.run(async () => {
      await (timeout === undefined ? condition(() => false) : condition(() => false, timeout))
    }))
    await host.drain()
    assert.equal(host.conditions.size, 1)
    const failed = assert.rejects(running, isCancellation)
    scope.cancel()
    await failed
    await host.drain()
    assert.deepEqual([host.conditions.size, host.pending.size], [0, 0])
  }
})

test('in a non-cancellable scope it goes on under cancellation', async () => {
  let approved = false
  const running = host.run(() => CancellationScope.nonCancellable(() => condition(() => approved, 500)))
  await host.drain()
  host.rootScope.cancel()
  await host.drain()
  approved = true
  await host.drain()
  assert.equal(await running, true)
})

test('a predicate that throws at the call rejects the call', async () => {
  await assert.rejects(host.run(() => condition(() => { throw new Error('no such order') })), /no such order/)
})

test('a wrong timeout is refused', async () => {
  const wrong = host.run(() => condition(() => false, 'soon' as Duration))
  await assert.rejects(wrong, { code: 'DURATION_INVALID', message: /the timeout of condition\(\)/ })
})

test('what is no function, or an async one, is refused and named', async () => {
  const given = async (value: unknown, timeout?: Duration) => {
    const fn = value as () => boolean
    await host.run(async () => void (timeout === undefined ? await condition(fn) : await condition(fn, timeout)))
  }
  for (const timeout of [undefined, '1 minute'] as const) {
    await assert.rejects(given(true, timeout), { code: 'CONDITION_INVALID', message: /a value of type boolean; pass a function/ })
    await assert.rejects(given(undefined, timeout), { code: 'CONDITION_INVALID', message: /type undefined/ })
    await assert.rejects(given(async () => false, timeout), { code: 'CONDITION_INVALID', message: /an async function/ })
  }
  await host.drain()
  assert.deepEqual([host.pending.size, host.conditions.size], [0, 0])
})
