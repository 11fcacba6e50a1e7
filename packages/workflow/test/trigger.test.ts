import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { CancellationScope, CancelledFailure, sleep, Trigger } from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('a trigger is awaited like a promise, and settled from outside once', async () => {
  await host.run(async () => {
    const answer = new Trigger<string>()
    answer.resolve('yes')
    answer.resolve('no')
    answer.reject(new Error('no'))
    assert.equal(await answer, 'yes')
    const failing = new Trigger<string>()
    failing.reject(new Error('refused'))
    await assert.rejects(async () => failing, { message: 'refused' })
    assert.equal(await Promise.race([new Trigger<string>(), answer]), 'yes')
  })
})

test('a trigger rejects when the scope that it was made in is cancelled, wherever it is awaited', async () => {
  await host.run(async () => {
    const scope = new CancellationScope()
    const trigger = await scope.run(async () => ({ of: new Trigger<void>() }))
    scope.cancel()
    await assert.rejects(async () => trigger.of, CancelledFailure)
  })
})

test('a trigger that was settled stays so when its scope is cancelled', async () => {
  await host.run(async () => {
    const scope = new CancellationScope()
    const [early, late] = await scope.run(async () => [new Trigger<number>(), new Trigger<number>()])
    early?.resolve(1)
    scope.cancel()
    late?.resolve(2)
    assert.deepEqual([await early, await late], [1, 2])
  })
})

test('a trigger made in a cancelled scope rejects, unless it is settled in the same turn', async () => {
  await host.run(async () => {
    host.rootScope.cancel()
    await assert.rejects(async () => new Trigger<void>(), CancelledFailure)
    const settled = new Trigger<number>()
    settled.resolve(7)
    assert.equal(await settled, 7)
  })
})

test('a trigger in a scope that is not cancellable is not cancelled', async () => {
  await host.run(async () => {
    host.rootScope.cancel()
    const trigger = await CancellationScope.nonCancellable(async () => ({ of: new Trigger<number>() }))
    await Promise.resolve()
    trigger.of.resolve(7)
    assert.equal(await trigger.of, 7)
  })
})

test('triggers and timers of a scope are cancelled in the order in which they were made', async () => {
  const order: string[] = []
  await host.run(async () => {
    const scope = new CancellationScope()
    const all = scope.run(async () => {
      const note = (name: string) => () => void order.push(name)
      await Promise.all([
        new Trigger().then(undefined, note('first')), sleep(5).catch(note('second')), new Trigger().then(undefined, note('third')),
      ])
    })
    scope.cancel()
    await all
  })
  assert.deepEqual(order, ['first', 'second', 'third'])
})

test('a trigger that is rejected and awaited by nobody is no unhandled rejection', async () => {
  await host.run(async () => {
    new Trigger().reject(new Error('nobody waits'))
  })
  await host.drain()
})

test('outside of a workflow there is no trigger', () => {
  assert.throws(() => new Trigger(), { code: 'NOT_IN_WORKFLOW', message: /^new Trigger\(\)/ })
})
