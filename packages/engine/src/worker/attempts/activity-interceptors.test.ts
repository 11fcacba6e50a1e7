import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultPayloadConverter } from '@perdure/workflow'
import { activityInfo, Context, log } from '@perdure/workflow/activity'
import { resolveActivityOptions } from '@perdure/workflow/host'
import { ManualClock } from '../../../test/manual-clock.ts'
import { encodeActivityOptions } from '../../protocol/activity-options-codec.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import { asRunId } from '../../protocol/ids.ts'
import { encodeArguments } from '../../protocol/payload-codec.ts'
import type { ActivityFunction } from '../../registry.ts'
import type { ActivityInterceptorsFactory } from './activity-interceptors.ts'
import { runActivity, type RunResult } from './activity-run.ts'

const headers = { trace: defaultPayloadConverter.toPayload('t1') }
const options = { ...resolveActivityOptions({ startToCloseTimeout: '1 minute' }, 'act'), headers }

const task: ActivityTask = {
  namespace: 'default', runId: asRunId('01900000-0000-7000-8000-000000000001'), command: 1, workflowId: 'w', workflowType: 'order',
  activityId: '1', activityType: 'act', taskQueue: 'q', priority: 3, attempt: 1, options: encodeActivityOptions(options),
  input: encodeArguments([1, 'a'], 'act'), scheduledAt: 0, availableAt: 0, startedAt: 0, deadlineAt: null, closeBy: null, worker: null,
  lastFailure: null, heartbeatDetails: null, cancelRequested: false, runMs: 60_000, lost: false,
}

interface Line {
  readonly message: string
  readonly attributes: Readonly<Record<string, unknown>> | undefined
}

function run(fn: ActivityFunction, interceptors: readonly ActivityInterceptorsFactory[]) {
  const lines: Line[] = []
  const write = (message: string, attributes?: Line['attributes']) => void lines.push({ message, attributes })
  const logger = { debug: write, info: write, warn: write, error: write }
  const result = new Promise<RunResult>((resolve) => {
    runActivity({
      task, fn, clock: new ManualClock(), logger, interceptors, onHeartbeat: () => undefined, onToken: () => undefined,
      onEnd: (_run, ended) => resolve(ended),
    })
  })
  return { result, lines }
}

test('interceptors stand around the function, the first outermost, with arguments and headers', async () => {
  const told: unknown[] = []
  const named = (name: string): ActivityInterceptorsFactory => (context) => ({
    inbound: {
      execute: async (input, next) => {
        told.push([name, input.args, input.headers, context === Context.current(), context.info.activityType])
        return `${name}(${String(await next({ ...input, args: [...input.args, name] }))})`
      },
    },
  })
  const { result } = run(async (...args: unknown[]) => args.join(), [named('x'), named('y')])
  assert.deepEqual(await result, { type: 'completed', result: '"x(y(1,a,x,y))"' })
  assert.deepEqual(told, [['x', [1, 'a'], headers, true, 'act'], ['y', [1, 'a', 'x'], headers, true, 'act']])
})

test('an interceptor may answer in place of the function, and what one throws is a failure of the attempt', async () => {
  let calls = 0
  const fn = async () => void calls++
  const cached = run(fn, [() => ({ inbound: { execute: async () => 'cached' } })])
  assert.deepEqual(await cached.result, { type: 'completed', result: '"cached"' })
  const refused = new Error('refused')
  const factory = run(fn, [() => { throw refused }])
  assert.deepEqual(await factory.result, { type: 'failed', error: refused })
  const thrown = run(fn, [() => ({ inbound: { execute: async () => { throw refused } } })])
  assert.deepEqual(await thrown.result, { type: 'failed', error: refused })
  assert.equal(calls, 0)
})

test('attributes of an interceptor are on every line of the attempt, under those of the line and its ids', async () => {
  const { result, lines } = run(async () => log.info('told', { own: 1, tenant: 'line' }), [() => ({
    outbound: {
      getLogAttributes: (attributes, next) => next({ ...attributes, tenant: 'x', region: 'eu', workflowId: 'forged' }),
    },
  })])
  await result
  assert.deepEqual(lines, [{
    message: 'told',
    attributes: {
      workflowId: 'w', runId: task.runId, workflowType: 'order', activityType: 'act', activityId: '1', attempt: 1, tenant: 'line',
      region: 'eu', own: 1,
    },
  }])
})

test('without interceptors a function is called as it is', async () => {
  const { result } = run(function act(this: unknown, ...args: unknown[]) {
    return Promise.resolve([this, activityInfo().attempt, ...args])
  }, [])
  assert.deepEqual(await result, { type: 'completed', result: '[null,1,1,"a"]' })
})
