import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  ApplicationFailure, CancellationScope, CancelledFailure, type Duration, type LocalActivityOptions, NotAnActivityMethod, proxyActivities,
  proxyLocalActivities, scheduleActivity, scheduleLocalActivity,
} from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

interface Activities {
  charge(card: string, cents: number): Promise<{ receipt: string }>
  ping(): Promise<void>
  readonly version: string
  now(): number
}

const activities = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 3 } })

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('a proxied function schedules the activity of its name, with the arguments and the options of the proxy', async () => {
  const running = host.run(() => activities.charge('visa', 100))
  const request = host.pending.get(1)?.request
  assert.equal(request?.activityType, 'charge')
  assert.deepEqual(request.args, ['visa', 100])
  assert.equal(request.options.startToCloseMs, 60_000)
  assert.equal(request.options.retry.maximumAttempts, 3)
  await host.complete('charge', { receipt: 'r-1' })
  // The type of the result is inferred.
  const { receipt }: { receipt: string } = await running
  assert.equal(receipt, 'r-1')
})

test('types follow the activities', () => {
  const wrongArgument = (): unknown => {
    // @ts-expect-error the second argument is a number
    return activities.charge('visa', '100')
  }
  const notAnActivity = (): unknown => {
    // @ts-expect-error not an async function
    return activities.now()
  }
  const wrongOverride = (): unknown => {
    // @ts-expect-error the arguments are a list
    return activities.charge.executeWithOptions({ taskQueue: 'big' }, 'visa')
  }
  assert.equal([wrongArgument, notAnActivity, wrongOverride].length, 3)
})

test('the failure of an activity is what the call throws', async () => {
  const running = host.run(() => activities.ping())
  const failure = ApplicationFailure.nonRetryable('no')
  const thrown = assert.rejects(running, failure)
  await host.fail('ping', failure)
  await thrown
})

test('options are resolved once, and functions are made once per name', async () => {
  assert.equal(activities.charge, activities.charge)
  assert.notEqual(activities.charge, activities.ping)
  void host.run(() => activities.ping())
  void host.run(() => activities.ping())
  assert.equal(host.pending.get(1)?.request?.options, host.pending.get(2)?.request?.options)
})

test('a proxy is never taken for a promise, and answers no symbol', async () => {
  assert.equal((activities as { then?: unknown }).then, undefined)
  assert.equal(await Promise.resolve(activities), activities)
  assert.equal((activities as { [Symbol.iterator]?: unknown })[Symbol.iterator], undefined)
})

test('executeWithOptions changes the options of one call', async () => {
  void host.run(() => activities.charge.executeWithOptions({ taskQueue: 'big', retry: { initialInterval: 5 } }, ['visa', 1]))
  void host.run(() => activities.charge('visa', 2))
  const [changed, plain] = [...host.pending.values()].map((command) => command.request)
  assert.equal(changed?.options.taskQueue, 'big')
  assert.deepEqual([changed.options.retry.maximumAttempts, changed.options.retry.initialMs], [3, 5])
  assert.equal(changed.options.startToCloseMs, 60_000)
  assert.deepEqual(changed.args, ['visa', 1])
  assert.equal(plain?.options.taskQueue, undefined)
})

test('wrong options of one call name the activity', async () => {
  assert.throws(() => host.run(() => activities.ping.executeWithOptions({ heartbeatTimeout: 'soon' as Duration }, [])),
    { code: 'DURATION_INVALID', message: /heartbeatTimeout of activity 'ping'/ })
})

test('wrong options of a proxy are refused when it is made', () => {
  assert.throws(() => proxyActivities({}), { code: 'ACTIVITY_OPTIONS_INVALID', message: /proxyActivities\(\)/ })
})

test('what the host refuses at the call rejects the call', async () => {
  host.scheduleActivity = () => {
    throw new Error('argument 1 is a BigInt')
  }
  await assert.rejects(host.run(() => activities.ping()), /argument 1 is a BigInt/)
})

test('outside of a workflow the call says which activity was meant', () => {
  assert.throws(() => activities.ping(), { code: 'NOT_IN_WORKFLOW', message: /^Activity 'ping' was called outside of workflow code/ })
})

test('an activity of a scope is cancelled with it, one that has ended is not', async () => {
  const running = host.run(async () => {
    const scope = new CancellationScope()
    const [done] = await Promise.all([scope.run(() => activities.charge('visa', 1)), Promise.resolve()])
    const second = scope.run(() => activities.ping())
    scope.cancel()
    await assert.rejects(second, /ping was cancelled/)
    return done
  })
  await host.drain()
  await host.complete('charge', { receipt: 'r-1' })
  assert.deepEqual(await running, { receipt: 'r-1' })
  assert.deepEqual(host.asked, ['charge', 'ping', 'cancel ping'])
})

test('local activities are scheduled as such, with their own options', async () => {
  const { ping } = proxyLocalActivities<Activities>({
    startToCloseTimeout: '1 s', localRetryThreshold: '1 minute', retry: { maximumAttempts: 2 },
  })
  const running = host.run(async () => {
    await ping()
    await ping.executeWithOptions({ startToCloseTimeout: '2 s' }, [])
  })
  const { options } = host.pending.get(1)?.request ?? {}
  assert.deepEqual([options?.local, options?.startToCloseMs, options?.retry.maximumAttempts], [true, 1_000, 2])
  await host.complete('ping')
  const second = host.pending.get(2)?.request?.options
  assert.deepEqual([second?.startToCloseMs, second?.retry.maximumAttempts], [2_000, 2])
  await host.complete('ping')
  await running
})

test('a local activity has no queue and no heartbeat', () => {
  for (const option of ['taskQueue', 'heartbeatTimeout', 'activityId', 'priority']) {
    const options = { startToCloseTimeout: 1, [option]: '1' } as LocalActivityOptions
    assert.throws(() => proxyLocalActivities(options), {
      code: 'ACTIVITY_OPTIONS_INVALID', message: new RegExp(`Unknown option '${option}' in the options of proxyLocalActivities`),
    })
  }
  assert.throws(() => proxyLocalActivities({}), { code: 'ACTIVITY_OPTIONS_INVALID', message: /neither startToCloseTimeout/ })
})

test('activities are also scheduled by their names', async () => {
  const running = host.run(async () => [
    await scheduleActivity<string>('charge', ['visa', 1], { startToCloseTimeout: 5 }),
    await scheduleLocalActivity<string>('check', [], { startToCloseTimeout: 5 }),
  ])
  await host.complete('charge', 'r-1')
  assert.equal(host.pending.get(2)?.request?.options.local, true)
  await host.complete('check', 'fine')
  assert.deepEqual(await running, ['r-1', 'fine'])
  assert.throws(() => void scheduleActivity('charge', [], {}), { code: 'ACTIVITY_OPTIONS_INVALID', message: /activity 'charge'/ })
})

test('a local activity in a cancelled scope is not scheduled', async () => {
  await host.run(async () => {
    host.rootScope.cancel()
    await assert.rejects(scheduleLocalActivity('check', [], { startToCloseTimeout: 5 }), CancelledFailure)
  })
  assert.deepEqual([host.asked, typeof NotAnActivityMethod], [[], 'symbol'])
})
