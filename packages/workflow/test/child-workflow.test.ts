import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  CancellationScope, CancelledFailure, ChildWorkflowCancellationType, type ChildWorkflowHandle, type ChildWorkflowOptions,
  defineSearchAttributeKey, defineSignal, type Duration, executeChild, ParentClosePolicy, startChild, WorkflowIdReusePolicy,
} from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

async function settle(invoice: string, cents: number): Promise<string> {
  return `${invoice} ${cents}`
}
const remind = defineSignal<[by: string]>('remind')

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('executeChild starts the workflow of the function and gives its result', async () => {
  const running: Promise<string> = host.run(() => executeChild(settle, { workflowId: 'invoice-7', args: ['7', 100] }))
  assert.deepEqual(host.children, [{
    workflowType: 'settle', args: ['7', 100],
    options: { workflowId: 'invoice-7', cancellationType: 'WAIT_CANCELLATION_COMPLETED', parentClosePolicy: 'TERMINATE' },
  }])
  await host.complete('child invoice-7', 'run-7')
  await host.complete('result invoice-7', 'paid')
  assert.equal(await running, 'paid')
})

test('startChild resolves when the child has started, with its ids', async () => {
  const running: Promise<ChildWorkflowHandle<typeof settle>> = host.run(() => startChild<typeof settle>('settle', { args: ['7', 100] }))
  const workflowId = host.children[0]?.options.workflowId ?? ''
  assert.match(workflowId, /^0{8}-/)
  await host.complete(`child ${workflowId}`, 'run-7')
  const child = await running
  assert.deepEqual([child.workflowId, child.firstExecutionRunId], [workflowId, 'run-7'])
  const result = child.result()
  await host.complete(`result ${workflowId}`, 'paid')
  assert.equal(await result, 'paid')
})

test('a workflow without arguments needs no options', async () => {
  const tick = async (): Promise<number> => 1
  void host.run(() => Promise.race([executeChild(tick), executeChild<typeof tick>('tick'), startChild(tick)]))
  assert.deepEqual(host.children.map(({ workflowType, args }) => [workflowType, args]), [['tick', []], ['tick', []], ['tick', []]])
})

test('all options reach the host, checked and in milliseconds', async () => {
  const region = defineSearchAttributeKey('Region', 'KEYWORD')
  void host.run(() => executeChild(settle, {
    args: ['7', 1], workflowId: 'w', taskQueue: 'big', cancellationType: ChildWorkflowCancellationType.ABANDON,
    parentClosePolicy: ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL, workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowExecutionTimeout: '1 day', workflowRunTimeout: '1 hour', workflowTaskTimeout: '10 s', retry: { maximumAttempts: 3 },
    memo: { a: 1 }, searchAttributes: { Size: [3] }, typedSearchAttributes: [{ key: region, value: 'eu' }], priority: { priorityKey: 1 },
    staticSummary: 'one', staticDetails: 'more',
  }))
  assert.deepEqual(host.children[0]?.options, {
    workflowId: 'w', taskQueue: 'big', cancellationType: 'ABANDON', parentClosePolicy: 'REQUEST_CANCEL',
    workflowIdReusePolicy: 'REJECT_DUPLICATE', executionTimeoutMs: 86_400_000, runTimeoutMs: 3_600_000, taskTimeoutMs: 10_000,
    retry: { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 3, nonRetryableErrorTypes: [] }, memo: { a: 1 },
    searchAttributes: { Size: [3], Region: ['eu'] }, priority: 1, staticSummary: 'one', staticDetails: 'more',
  })
})

test("Temporal's older names of policies are accepted, as constants and as texts", async () => {
  const older = ['PARENT_CLOSE_POLICY_ABANDON', ParentClosePolicy.PARENT_CLOSE_POLICY_TERMINATE, undefined]
  for (const parentClosePolicy of older) void host.run(() => executeChild('settle', { parentClosePolicy } as ChildWorkflowOptions))
  assert.deepEqual(host.children.map(({ options }) => options.parentClosePolicy), ['ABANDON', 'TERMINATE', 'TERMINATE'])
})

test('signals to a child go to the chain of its first run', async () => {
  const running = host.run(async () => {
    const child = await startChild(settle, { workflowId: 'w', args: ['7', 1] })
    await child.signal(remind, 'Ann')
    await child.signal('nudge')
    await child.signalWithOptions('nudge', { args: [] })
    const missing = child.signalWithOptions('nudge', undefined as never)
    await assert.rejects(missing, { code: 'OPTIONS_INVALID', message: /of signalWithOptions\(\) of a child workflow: they are undefined/ })
  })
  await host.complete('child w', 'run-7')
  for (const name of ['remind', 'nudge', 'nudge']) await host.complete(`signal ${name}`)
  await running
  const target = { workflowId: 'w', firstRunId: 'run-7' }
  assert.deepEqual(host.sent.map(({ signalName, args, target: to }) => [signalName, args, to]), [
    ['remind', ['Ann'], target], ['nudge', [], target], ['nudge', [], target],
  ])
})

test('a cancelled scope cancels the child that was started in it, also when its result is awaited elsewhere', async () => {
  const running = host.run(async () => {
    const scope = new CancellationScope()
    const child = await scope.run(() => startChild(settle, { workflowId: 'w', args: ['7', 1] }))
    scope.cancel()
    await child.result()
  })
  const failing = assert.rejects(running, { message: 'result w was cancelled' })
  await host.complete('child w', 'run-7')
  await failing
  assert.deepEqual(host.asked, ['child w', 'cancel result w'])
})

test('in a cancelled scope no child is started', async () => {
  await host.run(async () => {
    host.rootScope.cancel()
    await assert.rejects(executeChild(settle, { args: ['7', 1] }), CancelledFailure)
    await assert.rejects(startChild(settle, { args: ['7', 1] }), CancelledFailure)
  })
  assert.deepEqual(host.asked, [])
})

test('a child that cannot start fails both calls, and nothing is left unhandled', async () => {
  for (const call of [() => startChild('settle', { workflowId: 'w' }), () => executeChild('settle', { workflowId: 'w' })]) {
    const failing = assert.rejects(host.run<unknown>(call), { message: 'taken' })
    await host.fail('child w', new Error('taken'))
    await failing
  }
})

test('wrong types and options of children are refused, and nothing is asked of the host', async () => {
  const tried = (options: unknown) => () => startChild('settle', options as ChildWorkflowOptions)
  const table: [() => Promise<unknown>, string, RegExp][] = [
    [() => startChild('', {}), 'WORKFLOW_TYPE_INVALID', /^startChild\(\) was called with an empty name/],
    [() => executeChild(undefined as never), 'WORKFLOW_TYPE_INVALID', /^executeChild\(\) was called with undefined/],
    [() => executeChild(async () => undefined), 'WORKFLOW_TYPE_INVALID', /a function without a name/],
    [tried({ workflowID: 'x' }), 'WORKFLOW_OPTIONS_INVALID',
      /Unknown option 'workflowID' in the options of startChild\(\) of 'settle'; did you mean/],
    [tried({ workflowIdConflictPolicy: 'FAIL' }), 'WORKFLOW_OPTIONS_INVALID', /Unknown option 'workflowIdConflictPolicy'/],
    [tried({ cronSchedule: '0 * * * *' }), 'WORKFLOW_OPTIONS_INVALID', /'cronSchedule'.*Perdure does not yet/],
    [tried({ versioningIntent: 'DEFAULT' }), 'WORKFLOW_OPTIONS_INVALID', /Temporal has it, Perdure does not yet/],
    [tried({ workflowId: '' }), 'WORKFLOW_OPTIONS_INVALID', /workflowId is empty/],
    [tried({ workflowId: 'order\0' }), 'WORKFLOW_OPTIONS_INVALID', /workflowId has a NUL character/],
    [tried({ taskQueue: 'x'.repeat(1_001) }), 'WORKFLOW_OPTIONS_INVALID', /taskQueue has 1001 characters/],
    [() => startChild('settle\0', {}), 'WORKFLOW_OPTIONS_INVALID',
      /the workflow type has a NUL character in it; give a text of 1 to 1000 characters, at most 2000 bytes as UTF-8$/],
    [tried(null), 'WORKFLOW_OPTIONS_INVALID', /they are null/],
    [tried({ parentClosePolicy: 'KILL' }), 'WORKFLOW_OPTIONS_INVALID', /'KILL'; give one of TERMINATE, ABANDON, REQUEST_CANCEL$/],
    [tried({ args: 'x' }), 'WORKFLOW_OPTIONS_INVALID', /args is no list/],
    [tried({ memo: [] }), 'WORKFLOW_OPTIONS_INVALID', /memo is no object/],
    [tried({ priority: { priorityKey: 6 } }), 'WORKFLOW_OPTIONS_INVALID', /priorityKey is 6/],
    [tried({ priority: { fairnessKey: 'a' } }), 'WORKFLOW_OPTIONS_INVALID', /'fairnessKey' in the priority of .*does not yet/],
    [tried({ retry: { attempts: 1 } }), 'WORKFLOW_OPTIONS_INVALID', /'attempts' in the retry policy/],
    [tried({ workflowRunTimeout: 0 }), 'WORKFLOW_OPTIONS_INVALID', /workflowRunTimeout is 0/],
    [tried({ workflowRunTimeout: 'soon' as Duration }), 'DURATION_INVALID', /workflowRunTimeout of startChild\(\)/],
    [tried({ searchAttributes: { a: 1 } }), 'SEARCH_ATTRIBUTES_INVALID', /'a' is no list/],
  ]
  await host.run(async () => {
    for (const [call, code, message] of table) await assert.rejects(async () => call(), { code, message })
  })
  assert.deepEqual(host.asked, [])
  await assert.rejects(startChild('settle', {}), { code: 'NOT_IN_WORKFLOW', message: /^startChild\(\)/ })
})
