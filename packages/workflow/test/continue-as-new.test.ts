import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ContinueAsNew, continueAsNew, type ContinueAsNewOptions, defineSearchAttributeKey, makeContinueAsNewFunc } from '@perdure/workflow'
import { isContinueAsNew } from '@perdure/workflow/host'
import { FakeHost, installTestRuntime } from './fake-host.ts'

async function poll(cursor: string, page: number): Promise<void> {
  await continueAsNew<typeof poll>(cursor, page + 1)
}

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

async function commandOf(run: () => Promise<unknown>): Promise<unknown> {
  const thrown: unknown = await host.run(run).then(() => assert.fail('should have thrown'), (error: unknown) => error)
  assert.ok(isContinueAsNew(thrown) && thrown instanceof ContinueAsNew && thrown instanceof Error)
  return thrown.command
}

test('continueAsNew throws what closes this run and starts the next, of the same type and queue', async () => {
  assert.deepEqual(await commandOf(() => poll('a', 1)), { workflowType: 'test', args: ['a', 2], options: { taskQueue: 'default' } })
})

test('makeContinueAsNewFunc sets things of the next run otherwise', async () => {
  const region = defineSearchAttributeKey('Region', 'KEYWORD')
  const next = makeContinueAsNewFunc
  assert.deepEqual(await commandOf(() => next<typeof poll>({
    workflowType: 'pollFaster', taskQueue: 'fast', memo: { page: 2 }, searchAttributes: { Size: [1] },
    typedSearchAttributes: [{ key: region, value: 'eu' }], workflowRunTimeout: '1 hour', workflowTaskTimeout: '5 s',
    backoffStartInterval: '1 minute',
  })('a', 2)), {
    workflowType: 'pollFaster', args: ['a', 2],
    options: {
      taskQueue: 'fast', memo: { page: 2 }, searchAttributes: { Size: [1], Region: ['eu'] }, runTimeoutMs: 3_600_000, taskTimeoutMs: 5_000,
      startDelayMs: 60_000,
    },
  })
})

test('wrong options are refused where they are given, not where the function is called', async () => {
  const make = (options: unknown) => () => makeContinueAsNewFunc(options as ContinueAsNewOptions)
  const table: [() => unknown, string, RegExp][] = [
    [make({ workflowtype: 'x' }), 'WORKFLOW_OPTIONS_INVALID', /Unknown option 'workflowtype'.*did you mean 'workflowType'/],
    [make({ workflowId: 'x' }), 'WORKFLOW_OPTIONS_INVALID', /Unknown option 'workflowId'/],
    [make({ initialVersioningBehavior: 'AUTO_UPGRADE' }), 'WORKFLOW_OPTIONS_INVALID', /Perdure does not yet/],
    [make({ workflowType: '' }), 'WORKFLOW_OPTIONS_INVALID', /workflowType is empty/], [make(null), 'WORKFLOW_OPTIONS_INVALID', /are null/],
    [make({ taskQueue: 'q\0' }), 'WORKFLOW_OPTIONS_INVALID', /taskQueue has a NUL/],
    [make({ workflowRunTimeout: -1 }), 'DURATION_INVALID', /workflowRunTimeout/],
    [make({ searchAttributes: [] }), 'SEARCH_ATTRIBUTES_INVALID', /no object/],
  ]
  await host.run(async () => {
    for (const [call, code, message] of table) assert.throws(call, { code, message })
  })
  assert.throws(() => makeContinueAsNewFunc(), { code: 'NOT_IN_WORKFLOW' })
})
