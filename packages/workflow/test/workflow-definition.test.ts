import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  defineWorkflowOptions, extractWorkflowType, setWorkflowOptions, type WithWorkflowArgs, type Workflow, type WorkflowDefinitionOptions,
  workflowInfo, type WorkflowResultType,
} from '@perdure/workflow'
import { workflowDefinitionOf } from '@perdure/workflow/host'
import { FakeHost, installTestRuntime } from './fake-host.ts'

class CardRefused extends Error {}

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('types follow the workflow function', () => {
  const order = async (id: string, amount: number): Promise<Date> => new Date(id.length + amount)
  const result: WorkflowResultType<typeof order> = new Date()
  const options: WithWorkflowArgs<typeof order, { workflowId: string }> = { workflowId: 'o', args: ['7', 1] }
  const free: WithWorkflowArgs<() => Promise<void>, object> = {}
  // @ts-expect-error it takes two arguments
  const wrong: WithWorkflowArgs<typeof order, object> = { args: ['7'] }
  const any: Workflow[] = [order, async () => undefined]
  assert.equal([result, options, free, wrong, any].length, 5)
})

test('what is said of a workflow is found with it, from both functions', () => {
  const first = async (): Promise<void> => undefined
  const second = async (id: string): Promise<string> => id
  setWorkflowOptions({ failureExceptionTypes: [CardRefused], versioningBehavior: 'PINNED' }, first)
  defineWorkflowOptions(second, { workflowDefinitionOptions: { failureExceptionTypes: [CardRefused] } })
  assert.deepEqual(workflowDefinitionOf(first), { failureExceptionTypes: [CardRefused], versioningBehavior: 'PINNED' })
  assert.deepEqual(workflowDefinitionOf(second), { failureExceptionTypes: [CardRefused] })
  assert.deepEqual(workflowDefinitionOf(async () => undefined), {})
})

test('a getter is called in the execution, when it is asked for', async () => {
  const calls: string[] = []
  const fn = async (): Promise<void> => undefined
  setWorkflowOptions(() => {
    calls.push(workflowInfo().workflowId)
    return {}
  }, fn)
  assert.deepEqual(calls, [])
  await host.run(async () => workflowDefinitionOf(fn))
  assert.deepEqual(calls, ['order-7'])
})

test('wrong options of a workflow are refused', () => {
  const fn = async (): Promise<void> => undefined
  const set = (options: unknown) => () => setWorkflowOptions(options as WorkflowDefinitionOptions, fn)
  const table: [() => void, RegExp][] = [
    [set(null), /the options are null/], [set({ failureExceptionType: [] }), /Unknown option 'failureExceptionType'.*did you mean/],
    [set({ failureExceptionTypes: ['CardRefused'] }), /is not a list of classes/], [set({ failureExceptionTypes: Error }), /is not a list/],
    [set({ versioningBehavior: 'LOOSE' }), /versioningBehavior is 'LOOSE'; give one of PINNED, AUTO_UPGRADE/],
    [() => setWorkflowOptions({}, 'fn' as never), /a string as the workflow function/],
    [() => defineWorkflowOptions(fn, undefined as never), /second argument is undefined/],
    [() => defineWorkflowOptions(fn, { staticOptions: {} } as never), /'staticOptions'.*Perdure does not yet/],
  ]
  for (const [call, message] of table) assert.throws(call, { code: 'WORKFLOW_OPTIONS_INVALID', message })
  const later = async (): Promise<void> => undefined
  setWorkflowOptions(() => ({ nothing: 1 }) as object, later)
  assert.throws(() => workflowDefinitionOf(later), { code: 'WORKFLOW_OPTIONS_INVALID', message: /'nothing'.*workflow 'later'/ })
})

test('a workflow type is a name, or that of a function', () => {
  assert.equal(extractWorkflowType('order'), 'order')
  assert.equal(extractWorkflowType(async function settle() {}), 'settle')
  for (const given of ['', undefined, null, 7, {}, async () => undefined]) {
    assert.throws(() => extractWorkflowType(given as string), { code: 'WORKFLOW_TYPE_INVALID' })
  }
})
