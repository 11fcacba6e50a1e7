import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { defaultPayloadConverter, type Headers } from '@perdure/workflow'
import { clientStage, fakeWorker } from '../../test/client-stage.ts'
import type { QueryAsked, Store } from '../ports/store.ts'
import { asRunId, type RunId } from '../protocol/ids.ts'
import { decodeQueryInput } from '../protocol/query-input.ts'
import { decodeStartDetails } from '../protocol/start-details.ts'
import type { WorkflowClientInterceptor } from './client-interceptors.ts'
import { WithStartWorkflowOperation } from './with-start.ts'

const trace: Headers = { trace: defaultPayloadConverter.toPayload('t1') }
/** The same as it is stored. */
const stored = '{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InQxIg=="}}'

const unowned = fakeWorker({ accepts: () => false }).worker

function stageOf(interceptors: readonly WorkflowClientInterceptor[], replaced: (store: Store) => Partial<Store> = () => ({})) {
  return clientStage(replaced, { interceptors, localWorker: unowned })
}

/** Sends a header with whatever is called. */
const tracing: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => next({ ...input, headers: { ...input.headers, ...trace } }),
  signal: (input, next) => next({ ...input, headers: trace }),
  signalWithStart: (input, next) => next({ ...input, headers: trace }),
  query: (input, next) => next({ ...input, headers: trace }),
  startUpdate: (input, next) => next({ ...input, headers: trace }),
  startUpdateWithStart: (input, next) => next({ ...input, workflowStartHeaders: trace, updateHeaders: trace }),
}

suite('headers of client interceptors', () => {
  test('of a start are in its details, also of one with a signal or an update', async () => {
    const { client, store } = stageOf([tracing])
    const operation = new WithStartWorkflowOperation('charge', { workflowId: 'c', workflowIdConflictPolicy: 'FAIL' })
    await client.start('charge', { workflowId: 'a' })
    await client.signalWithStart('charge', { workflowId: 'b', signal: 'go' })
    const update = client.executeUpdateWithStart('add', { startWorkflowOperation: operation, updateId: 'u' })
    await operation.workflowHandle()
    for (const workflowId of ['a', 'b', 'c']) {
      const record = await store.getExecution('default', workflowId, null)
      assert.deepEqual(decodeStartDetails(record?.details).headers, trace, workflowId)
    }
    const refused = assert.rejects(update)
    await client.stop(new Error('stopped') as never)
    await refused
  })

  test('of signals and updates are attributes of the message', async () => {
    const { client, store } = stageOf([tracing])
    const { runId } = await client.signalWithStart('charge', { workflowId: 'w', signal: 'go' })
    await client.signal('w', 'more')
    const update = assert.rejects(client.getHandle('w').executeUpdate('add', { updateId: 'u' }))
    await new Promise((resolve) => void setImmediate(resolve))
    const messages = await store.readMessages(runId as RunId, 10)
    assert.deepEqual(messages.map(({ data }) => data.split('\n')[0]), [
      `{"signalName":"go","identity":"tester","headers":${stored}}`, `{"signalName":"more","identity":"tester","headers":${stored}}`,
      `{"updateId":"u","updateName":"add","identity":"tester","headers":${stored}}`,
    ])
    await client.stop(new Error('stopped') as never)
    await update
  })

  test('of a query follow its arguments', async () => {
    const asked: QueryAsked[] = []
    const { client } = stageOf([tracing], () => ({
      askQuery: async (query) => void asked.push(query), takeReply: async () => ({ type: 'answered', result: '1' as never }),
    }))
    await client.start('charge', { workflowId: 'w' })
    assert.equal(await client.query('w', 'state', 5), 1)
    assert.deepEqual(asked.map(({ args }) => decodeQueryInput(args)), [{ args: '[5]', headers: JSON.parse(stored) }])
  })
})

test('the first interceptor is the outermost, and sees what the others made of the call', async () => {
  const told: string[] = []
  const named = (name: string): WorkflowClientInterceptor => ({
    startWithDetails: async (input, next) => {
      told.push(`${name} ${input.workflowType} ${JSON.stringify(input.options.args)}`)
      const output = await next({ ...input, options: { ...input.options, args: [...input.options.args, name] } })
      told.push(`${name} done`)
      return output
    },
  })
  const { client, store } = stageOf([named('a'), named('b')])
  const handle = await client.start('charge', { workflowId: 'w', args: [1] })
  assert.deepEqual(told, ['a charge [1]', 'b charge [1,"a"]', 'b done', 'a done'])
  const record = await store.getExecution('default', 'w', null)
  assert.deepEqual([record?.input, record?.runId], ['[1,"a","b"]', handle.runId])
})

test('an interceptor with start alone is called too, and keeps its other methods', async () => {
  const told: string[] = []
  class Old implements WorkflowClientInterceptor {
    readonly #name = 'old'

    async start(input: never, next: (input: never) => Promise<string>): Promise<string> {
      told.push(`${this.#name} start`)
      return next(input)
    }

    async signal(input: never, next: (input: never) => Promise<void>): Promise<void> {
      told.push(`${this.#name} signal`)
      return next(input)
    }
  }
  const { client } = stageOf([new Old()])
  await (await client.start('charge', { workflowId: 'w' })).signal('go')
  assert.deepEqual(told, ['old start', 'old signal'])
})

test('an interceptor may answer in place of the client, or send the call elsewhere', async () => {
  const runId = '01900000-0000-7000-8000-000000000001'
  const { client, store } = stageOf([{
    startWithDetails: async () => ({ runId, eagerlyStarted: false }),
    query: async () => 'from a cache',
    describe: (input, next) => next({ workflowExecution: { workflowId: `${input.workflowExecution.workflowId}-other` } }),
    terminate: async () => undefined,
  }])
  const handle = await client.start('charge', { workflowId: 'w' })
  assert.equal(handle.runId, runId)
  assert.equal(await store.getExecution('default', 'w', null), undefined)
  assert.equal(await handle.query('state'), 'from a cache')
  await handle.terminate()
  await assert.rejects(handle.describe(), { code: 'WORKFLOW_NOT_FOUND', workflowId: 'w-other' })
})

test('what a chain is asked for goes to its run unless an interceptor names another', async () => {
  const seen: unknown[] = []
  const { client } = stageOf([{
    cancel: async ({ workflowExecution, firstExecutionRunId, reason }, next) => {
      seen.push([workflowExecution, firstExecutionRunId, reason])
      await next({ workflowExecution, ...(firstExecutionRunId === undefined ? {} : { firstExecutionRunId }) })
    },
  }])
  const started = await client.start('charge', { workflowId: 'w' })
  await started.cancel('late')
  await client.getHandle('w').cancel()
  await client.getHandle('w', started.runId).cancel()
  await assert.rejects(client.getHandle('w', asRunId('01900000-0000-7000-8000-000000000009')).cancel(), { code: 'WORKFLOW_NOT_FOUND' })
  assert.deepEqual(seen.slice(0, 3), [
    [{ workflowId: 'w' }, started.runId, 'late'], [{ workflowId: 'w' }, undefined, undefined],
    [{ workflowId: 'w', runId: started.runId }, undefined, undefined],
  ])
})

test('queries are rejected as the condition says, with the status of the execution', async () => {
  const rejected = async (condition: 'NOT_OPEN' | 'NOT_COMPLETED_CLEANLY', close: 'COMPLETED' | 'FAILED' | undefined): Promise<unknown> => {
    const { client, claimAll, close: closeRun } = clientStage({
      askQuery: async () => undefined, takeReply: async () => ({ type: 'answered', result: '1' as never }),
    }, { queryRejectCondition: condition, localWorker: unowned })
    const handle = await client.start('charge', { workflowId: 'w' })
    if (close !== undefined) await closeRun(await claimAll(), handle.runId, { status: close })
    return handle.query('state').catch((error: { code: string; status: string }) => [error.code, error.status])
  }
  assert.equal(await rejected('NOT_OPEN', undefined), 1)
  assert.deepEqual(await rejected('NOT_OPEN', 'COMPLETED'), ['QUERY_REJECTED', 'COMPLETED'])
  assert.equal(await rejected('NOT_COMPLETED_CLEANLY', 'COMPLETED'), 1)
  assert.deepEqual(await rejected('NOT_COMPLETED_CLEANLY', 'FAILED'), ['QUERY_REJECTED', 'FAILED'])
})
