import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  condition, type ContinueAsNew, continueAsNew, defaultPayloadConverter, defineSignal, executeChild, getExternalWorkflowHandle,
  getRandomStream, type Headers, log, type LogAttributes, metricMeter, proxyActivities, proxyLocalActivities, sleep, startChild, uuid4,
  type WorkflowOutboundCallsInterceptor,
} from '@perdure/workflow'
import { composeInterceptors, runUpdate } from '@perdure/workflow/host'
import { FakeHost, installTestRuntime } from './fake-host.ts'

const activities = proxyActivities<{ charge(cents: number): Promise<string> }>({ startToCloseTimeout: '1 minute' })
const local = proxyLocalActivities<{ check(id: string): Promise<boolean> }>({ startToCloseTimeout: '1 second' })
const approve = defineSignal<[by: string]>('approve')
const trace: Headers = { trace: defaultPayloadConverter.toPayload('t-1') }

let host: FakeHost
let seen: [string, unknown][]
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
  seen = []
})

/** Notes what passes, and adds a header where there are some. */
const tracing: WorkflowOutboundCallsInterceptor = {
  startTimer: (input, next) => noting('startTimer', input, next),
  scheduleActivity: (input, next) => noting('scheduleActivity', { ...input, headers: trace }, next),
  scheduleLocalActivity: (input, next) => noting('scheduleLocalActivity', { ...input, headers: trace }, next),
  startChildWorkflowExecution: (input, next) => noting('startChildWorkflowExecution', { ...input, headers: trace }, next),
  signalWorkflow: (input, next) => noting('signalWorkflow', { ...input, headers: trace }, next),
  continueAsNew: (input, next) => noting('continueAsNew', { ...input, headers: trace }, next),
}

function noting<I, R>(name: string, input: I, next: (input: I) => R): R {
  seen.push([name, input])
  return next(input)
}

test('interceptors are called in their order, the call itself last', () => {
  const order: string[] = []
  const named = (name: string): { call(input: string, next: (input: string) => string): string } => ({
    call: (input, next) => {
      order.push(name)
      return `${name}(${next(input)})`
    },
  })
  const composed = composeInterceptors([named('a'), {} as ReturnType<typeof named>, named('b')], 'call', (input) => input.toUpperCase())
  assert.equal(composed('x'), 'a(b(X))')
  assert.deepEqual(order, ['a', 'b'])
})

test('activities pass through, with headers and options as they were given', async () => {
  host.intercepted = { outbound: [tracing] }
  const running = host.run(() => activities.charge(100))
  assert.deepEqual(seen, [['scheduleActivity', {
    activityType: 'charge', args: [100], options: { startToCloseTimeout: '1 minute' }, headers: trace, seq: 1,
  }]])
  assert.deepEqual(host.pending.get(1)?.request?.options.headers, trace)
  await host.complete('charge', 'r-1')
  assert.equal(await running, 'r-1')
})

test('an interceptor may change what is called, and is refused options that are wrong', async () => {
  host.intercepted = {
    outbound: [{ scheduleActivity: (input, next) => next({ ...input, args: [1], options: { ...input.options, taskQueue: 'slow' } }) }],
  }
  void host.run(() => activities.charge(100))
  const request = host.pending.get(1)?.request
  assert.deepEqual([request?.args, request?.options.taskQueue, request?.options.startToCloseMs], [[1], 'slow', 60_000])
  assert.ok(!('headers' in (request?.options ?? {})))
  host.intercepted = { outbound: [{ scheduleActivity: async (input, next) => next({ ...input, options: {} }) }] }
  await assert.rejects(host.run(() => activities.charge(100)), { code: 'ACTIVITY_OPTIONS_INVALID' })
})

test('local activities, timers, children, signals and continue-as-new pass through', async () => {
  host.intercepted = { outbound: [tracing] }
  const running = host.run(async () => {
    await local.check('7')
    await sleep('1 second', { summary: 'a pause' })
    const child = await startChild('settle', { workflowId: 'w', args: ['7'] } as object)
    await child.signal(approve, 'Ann')
    await getExternalWorkflowHandle('order-8').signal(approve, 'Bob')
    await continueAsNew<(page: number) => Promise<void>>(1)
  })
  assert.deepEqual([host.pending.get(1)?.request?.options.local, host.pending.get(1)?.request?.options.headers], [true, trace])
  await host.complete('check', true)
  await host.complete('timer 1000')
  await host.complete('child w', 'run-7')
  assert.deepEqual(host.children[0]?.options.headers, trace)
  await host.complete('signal approve')
  const last = running.then(() => undefined, (error: unknown) => error)
  await host.complete('signal approve')
  assert.deepEqual((await last as ContinueAsNew).command.options.headers, trace)
  assert.deepEqual(host.sent.map(({ headers }) => headers), [trace, trace])
  assert.deepEqual(seen.map(([name]) => name), [
    'scheduleLocalActivity', 'startTimer', 'startChildWorkflowExecution', 'signalWorkflow', 'signalWorkflow', 'continueAsNew',
  ])
  assert.deepEqual(seen[1]?.[1], { durationMs: 1_000, seq: 1, options: { summary: 'a pause' } })
  const child = seen[2]?.[1] as { options: object }
  assert.deepEqual(child.options, { workflowId: 'w', args: ['7'], cancellationType: 'WAIT_CANCELLATION_COMPLETED' })
  assert.deepEqual(seen.slice(3, 5).map(([, input]) => (input as { target: object; seq: number }).target), [
    { type: 'child', childWorkflowId: 'w' }, { type: 'external', workflowExecution: { workflowId: 'order-8' } },
  ])
  const next = seen[5]?.[1] as { options: object }
  assert.deepEqual(next.options, { workflowType: 'test', taskQueue: 'default' })
})

test('an interceptor that waits delays the call, and one that does not go on replaces it', async () => {
  host.intercepted = {
    outbound: [
      { startTimer: async (input, next) => { await activities.charge(1); return next(input) } },
      { scheduleActivity: async () => 'not called' },
    ],
  }
  const running = host.run(() => sleep(7))
  await host.drain()
  assert.deepEqual(host.asked, ['timer 7'])
  await host.complete('timer 7')
  await running
})

test('a timeout of a condition is a timer for interceptors', async () => {
  host.intercepted = { outbound: [tracing] }
  const running = host.run(() => condition(() => false, 9, { summary: 'an answer' }))
  assert.deepEqual(seen, [['startTimer', { durationMs: 9, seq: 1, options: { summary: 'an answer' } }]])
  await host.complete('timer 9')
  assert.equal(await running, false)
})

test('a workflow type that an interceptor gives is looked at as one that code gives', async () => {
  const given = (workflowType: unknown): void => {
    host.intercepted = { outbound: [{
      startChildWorkflowExecution: (input, next) => next({ ...input, workflowType: workflowType as string }),
    }] }
  }
  for (const [workflowType, problem] of [['x'.repeat(1_001), 'has 1001 characters'], ['', 'is empty'], [5, 'is of type number']] as const) {
    given(workflowType)
    await assert.rejects(host.run(() => executeChild('settle', { workflowId: 'w' })), {
      code: 'WORKFLOW_OPTIONS_INVALID', message: new RegExp(`of an interceptor: the workflow type ${problem}; give a text`),
    })
  }
  assert.deepEqual(host.children, [])
})

test('executeChild passes through too, and a child may be sent a signal elsewhere', async () => {
  host.intercepted = {
    outbound: [{
      startChildWorkflowExecution: async (input, next) => {
        const [started, completed] = await next({ ...input, workflowType: 'other' })
        return [started, completed.then((result) => `${String(result)}!`)]
      },
      signalWorkflow: (input, next) => next({ ...input, target: { type: 'child', childWorkflowId: 'x' } }),
    }],
  }
  const running = host.run(() => executeChild('settle', { workflowId: 'w' }))
  await host.drain()
  assert.equal(host.children[0]?.workflowType, 'other')
  await host.complete('child w', 'run-7')
  await host.complete('result w', 'paid')
  assert.equal(await running, 'paid!')
  void host.run(() => getExternalWorkflowHandle('order-8').signal(approve, 'Bob'))
  assert.deepEqual(host.sent[0]?.target, { workflowId: 'x' })
})

test('log attributes of interceptors are on each line, the own ones of a call go before', async () => {
  host.intercepted = { outbound: [{ getLogAttributes: (input, next) => ({ ...next(input), trace: 't-1', by: 'interceptor' }) }] }
  await host.run(async () => log.info('x', { by: 'call' }))
  assert.deepEqual(host.logged[0]?.attributes, {
    namespace: 'default', taskQueue: 'default', workflowId: 'order-7', runId: 'run-1', workflowType: 'test', trace: 't-1', by: 'call',
  })
})

test('an error in place of attributes is one of them, where interceptors add others too', async () => {
  host.intercepted = { outbound: [{ getLogAttributes: () => ({ trace: 't-1' }) }] }
  const error = new Error('no receipt')
  await host.run(async () => log.error('x', error as unknown as LogAttributes))
  assert.deepEqual(host.logged[0]?.attributes, { trace: 't-1', error })
})

test('lines of the handler of an update say which one, to interceptors as well', async () => {
  const writes = (): Promise<void> => host.run(() => runUpdate({ id: 'u-1', name: 'add' }, async () => log.info('x', { by: 'call' })))
  await writes()
  assert.deepEqual(host.logged[0]?.attributes, { updateId: 'u-1', updateName: 'add', by: 'call' })
  host.intercepted = { outbound: [{ getLogAttributes: ({ updateId, updateName }) => ({ of: [updateName, updateId] }) }] }
  await writes()
  assert.deepEqual(host.logged[1]?.attributes, { of: ['add', 'u-1'], by: 'call' })
})

test('metric tags of interceptors are on each value', async () => {
  host.intercepted = { outbound: [{ getMetricTags: (input, next) => ({ ...next(input), team: 'a' }) }] }
  await host.run(async () => metricMeter.createCounter('orders').add(1, { kind: 'rush' }))
  assert.deepEqual(host.measured, [['counter', 'orders', undefined, undefined, 1, { workflowType: 'test', team: 'a', kind: 'rush' }]])
})

test('a random stream of an interceptor does not reach what it passes on to', async () => {
  const drawn: string[] = []
  host.intercepted = {
    outbound: [{
      startTimer: (input, next) => getRandomStream('tracing').with(() => {
        drawn.push(uuid4())
        return next(input)
      }),
    }, { startTimer: (input, next) => { drawn.push(uuid4()); return next(input) } }],
  }
  void host.run(() => sleep(5))
  assert.deepEqual(drawn, ['uuid of tracing', '00000000-0000-4000-8000-000000000001'])
})
