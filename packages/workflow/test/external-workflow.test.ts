import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { CancellationScope, CancelledFailure, defineSignal, getExternalWorkflowHandle } from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

const approve = defineSignal<[by: string]>('approve')

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('a handle has the ids that it was made with', async () => {
  await host.run(async () => {
    assert.equal(getExternalWorkflowHandle('order-7').workflowId, 'order-7')
    assert.ok(!('runId' in getExternalWorkflowHandle('order-7')))
    assert.equal(getExternalWorkflowHandle('order-7', 'run-3').runId, 'run-3')
  })
})

test('a signal to another workflow resolves when it is there, and rejects when it cannot be', async () => {
  const running = host.run(async () => {
    assert.throws(() => getExternalWorkflowHandle('order\0'), { code: 'ID_INVALID', message: /workflow id of .* has a NUL/ })
    const other = getExternalWorkflowHandle('order-8', 'run-3')
    await other.signal(approve, 'Ann')
    await other.signalWithOptions('nudge', { args: [] })
  })
  await host.complete('signal approve')
  const failing = assert.rejects(running, { message: 'no such execution' })
  await host.fail('signal nudge', new Error('no such execution'))
  await failing
  const target = { workflowId: 'order-8', runId: 'run-3' }
  assert.deepEqual(host.sent, [
    { target, signalName: 'approve', args: ['Ann'], headers: undefined }, { target, signalName: 'nudge', args: [], headers: undefined },
  ])
})

test('a signal that is under way is withdrawn when its scope is cancelled', async () => {
  const running = host.run(async () => {
    const scope = new CancellationScope()
    const sending = scope.run(() => getExternalWorkflowHandle('order-8').signal(approve, 'Ann'))
    scope.cancel()
    await sending
  })
  await assert.rejects(running, { message: 'Signal withdrawn' })
  assert.deepEqual(host.asked, ['signal approve', 'cancel signal approve'])
})

test('cancelling another workflow resolves when it has the request; a cancelled scope only ends the waiting', async () => {
  const done = host.run(() => getExternalWorkflowHandle('order-8').cancel())
  await host.complete('cancellation of order-8')
  await done
  const running = host.run(async () => {
    const scope = new CancellationScope()
    const sending = scope.run(() => getExternalWorkflowHandle('order-8').cancel())
    scope.cancel()
    await sending
  })
  await assert.rejects(running, CancelledFailure)
  assert.equal(host.pending.size, 1)
  await host.complete('cancellation of order-8')
})

test('in a cancelled scope nothing is sent, unless it is shielded', async () => {
  const shielded = host.run(async () => {
    host.rootScope.cancel()
    const other = getExternalWorkflowHandle('order-8')
    await assert.rejects(other.signal(approve, 'Ann'), CancelledFailure)
    await assert.rejects(other.cancel(), CancelledFailure)
    assert.deepEqual(host.asked, [])
    await CancellationScope.nonCancellable(async () => {
      await other.signal(approve, 'Bob')
      await other.cancel()
    })
  })
  await host.drain()
  await host.complete('signal approve')
  await host.complete('cancellation of order-8')
  await shielded
})

const wrongSignalOptions: readonly (readonly [given: unknown, message: RegExp])[] = [
  [undefined, /of signalWithOptions\(\) of an external workflow: they are undefined; pass an object, as in \{ args: \[item\] \}/],
  [null, /they are null/], ['Ann', /they are Ann/], [{ args: 'Ann' }, /args is no list/], [{ arg: [] }, /'arg'.*did you mean 'args'/],
]

test('wrong ids and signals are refused', async () => {
  await host.run(async () => {
    assert.throws(() => getExternalWorkflowHandle(''), { code: 'ID_INVALID', message: /an empty text as workflow id/ })
    assert.throws(() => getExternalWorkflowHandle(undefined as never), { code: 'ID_INVALID', message: /undefined as workflow id/ })
    assert.throws(() => getExternalWorkflowHandle('order-8', 7 as never), { code: 'ID_INVALID', message: /of type number as run id/ })
    const other = getExternalWorkflowHandle('order-8')
    await assert.rejects(other.signal(''), { code: 'ID_INVALID', message: /given no signal/ })
    await assert.rejects(other.signal(undefined as never), { code: 'ID_INVALID' })
    await assert.rejects(other.signal('__perdure_x'), { code: 'MESSAGE_NAME_RESERVED' })
    const withOptions = (given: unknown) => other.signalWithOptions('nudge', given as { args?: [] })
    for (const [given, message] of wrongSignalOptions) await assert.rejects(withOptions(given), { code: 'OPTIONS_INVALID', message })
  })
  assert.deepEqual(host.asked, [])
})
