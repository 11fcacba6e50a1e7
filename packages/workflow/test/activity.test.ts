import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { mock, test } from 'node:test'
import {
  activityInfo, cancellationSignal, cancelled, CancelledFailure, Context, heartbeat, log, metricMeter,
  setActivityOptions, sleep,
} from '@perdure/workflow/activity'
import { type ActivityHost, setActivityRuntime } from '@perdure/workflow/host'

const storage = new AsyncLocalStorage<ActivityHost>()
setActivityRuntime({ current: () => storage.getStore() })

function activity(): { host: ActivityHost; beats: unknown[]; lines: string[]; cancel(): void } {
  const controller = new AbortController()
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined)
  const beats: unknown[] = []
  const lines: string[] = []
  const host: ActivityHost = {
    info: {
      activityId: '1', activityType: 'charge', attempt: 2, taskQueue: 'default', namespace: 'default', workflowNamespace: 'default',
      activityNamespace: 'default',
      workflowExecution: { workflowId: 'order-7', runId: 'run-1' }, workflowType: 'order', scheduledTimestampMs: 1,
      currentAttemptScheduledTimestampMs: 2, startToCloseTimeoutMs: 3, scheduleToCloseTimeoutMs: 0, heartbeatDetails: { page: 7 },
      isLocal: false, inWorkflow: true, taskToken: new Uint8Array(), base64TaskToken: '',
    },
    cancelled: promise,
    cancellationSignal: controller.signal,
    heartbeat: (details) => void beats.push(details),
    log: (level, message) => void lines.push(`${level} ${message}`),
  }
  const cancel = (): void => {
    const failure = new CancelledFailure('CANCELLED')
    reject(failure)
    controller.abort(failure)
  }
  return { host, beats, lines, cancel }
}

test('an activity finds its facts, by the functions and by the context', async () => {
  const { host } = activity()
  await storage.run(host, async () => {
    await Promise.resolve()
    assert.equal(activityInfo(), host.info)
    assert.deepEqual(Context.current().info.heartbeatDetails, { page: 7 })
    assert.equal(Context.current(), Context.current())
    assert.equal(cancellationSignal(), host.cancellationSignal)
    assert.equal(cancelled(), host.cancelled)
  })
})

test('metrics reach the host with the types of activity and workflow, and nobody where none are collected', () => {
  const { host } = activity()
  const measured: unknown[] = []
  const collecting: ActivityHost = { ...host, metric: (kind, { name }, value, tags) => void measured.push([kind, name, value, tags]) }
  storage.run(collecting, () => {
    metricMeter.createCounter('charges').add(1, { card: 'visa' })
    Context.current().metricMeter.withTags({ team: 'a' }).createGauge('open').set(2)
  })
  storage.run(host, () => metricMeter.createCounter('charges').add(1))
  assert.deepEqual(measured, [
    ['counter', 'charges', 1, { activityType: 'charge', workflowType: 'order', card: 'visa' }],
    ['gauge', 'open', 2, { activityType: 'charge', workflowType: 'order', team: 'a' }],
  ])
  assert.throws(() => metricMeter.createCounter('charges'), { code: 'NOT_IN_ACTIVITY' })
})

test('activity functions have no options of their own yet', () => {
  setActivityOptions({}, async () => undefined)
  const options = { typeInfo: {} } as object
  assert.throws(() => setActivityOptions(options, async function charge() {}), {
    code: 'ACTIVITY_OPTIONS_INVALID', message: /'typeInfo' in the options of setActivityOptions\(\) of 'charge'; Temporal has it/,
  })
})

test('heartbeats and log lines reach the host, also from functions taken off the context', () => {
  const { host, beats, lines } = activity()
  storage.run(host, () => {
    heartbeat({ page: 8 })
    const { heartbeat: beat, log: logger } = Context.current()
    beat()
    log.info('one')
    log.log('WARN', 'two')
    logger.error('three')
  })
  assert.deepEqual(beats, [{ page: 8 }, undefined])
  assert.deepEqual(lines, ['INFO one', 'WARN two', 'ERROR three'])
})

test('two attempts at the same time each find their own context', async () => {
  const [first, second] = [activity(), activity()]
  await Promise.all([first, second].map(({ host }) => storage.run(host, async () => {
    await Promise.resolve()
    assert.equal(Context.current().info, host.info)
  })))
})

test('sleep ends when its time has passed, however long that is', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const partMs = 2 ** 31 - 1
    let slept = false
    const { host } = activity()
    const sleeping = storage.run(host, () => sleep('30 days')).then(() => {
      slept = true
    })
    mock.timers.tick(partMs)
    mock.timers.tick(30 * 24 * 3_600_000 - partMs - 1)
    await Promise.resolve()
    assert.equal(slept, false)
    mock.timers.tick(1)
    await sleeping
  } finally {
    mock.timers.reset()
  }
})

test('sleep rejects with the CancelledFailure when the activity is asked to stop, during it and before', async () => {
  const { host, cancel } = activity()
  const sleeping = storage.run(host, () => sleep('1 hour'))
  const failed = assert.rejects(sleeping, CancelledFailure)
  cancel()
  await failed
  const reason: unknown = await host.cancelled.catch((error: unknown) => error)
  await assert.rejects(storage.run(host, () => sleep('1 hour')), (error) => error === reason)
})

test('outside of an activity every function says which one was called', () => {
  const calls: [() => unknown, string][] = [
    [() => Context.current(), 'Context.current()'], [() => activityInfo(), 'activityInfo()'], [() => heartbeat(), 'heartbeat()'],
    [() => sleep(1), 'sleep()'], [() => cancelled(), 'cancelled()'], [() => cancellationSignal(), 'cancellationSignal()'],
    [() => log.info('x'), 'log.info()'],
  ]
  for (const [call, name] of calls) {
    assert.throws(call, (error: Error & { code: string }) => {
      assert.equal(error.code, 'NOT_IN_ACTIVITY')
      assert.ok(error.message.startsWith(`${name} was called outside of an activity`), error.message)
      return true
    })
  }
})
