/** Errors that a command shows speak of commands and their flags, never of functions and their options. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Engine } from '../src/index.ts'
import { folder } from './cli-process.ts'
import { refused } from './cli-here.ts'

describe('errors of commands', () => {
  let cwd: string
  let removeFolder: () => void

  before(async () => {
    cwd = folder({ after: (remove) => {
      removeFolder = remove as () => void
    } })
    const engine = await Engine.open({ database: join(cwd, 'perdure.db'), worker: false })
    await engine.namespaces.create('shop')
    await engine.workflows.start('nap', { workflowId: 'open-1', taskQueue: 'nobody' })
    await engine.workflows.start('nap', { workflowId: 'closed-1' })
    await engine.workflows.terminate('closed-1')
    await engine.stop()
  })
  after(() => removeFolder())

  const cases: readonly [string, string, string, RegExp][] = [
    ['a running duplicate', 'start --type nap -w open-1', 'WORKFLOW_ALREADY_STARTED',
      /'open-1' is running \(run .*\); choose another id with -w, or --id-conflict-policy USE_EXISTING or TERMINATE_EXISTING$/],
    ['a closed duplicate', 'start --type nap -w closed-1 --id-reuse-policy REJECT_DUPLICATE', 'WORKFLOW_ALREADY_STARTED',
      /TERMINATED.* --id-reuse-policy REJECT_DUPLICATE .*; choose another id with -w, or --id-reuse-policy ALLOW_DUPLICATE$/],
    ['an end of the waiting', 'result -w open-1 --timeout 20ms', 'RESULT_TIMEOUT',
      /'nap' \(npx perdure dev, or npx perdure worker start\); wait again: npx perdure workflow result -w open-1$/],
    ['an unknown id', 'describe -w open-2', 'WORKFLOW_NOT_FOUND',
      /'open-2' in namespace 'default' of \S*perdure\.db; what there is: npx perdure workflow list$/],
    ['an unknown id in another namespace', 'describe -w open-1 -n shop', 'WORKFLOW_NOT_FOUND',
      /'shop' of \S*perdure\.db; what there is: npx perdure workflow list -n shop$/],
    ['an unknown namespace', 'list -n shap', 'NAMESPACE_NOT_FOUND',
      /perdure\.db has no namespace 'shap'; did you mean 'shop'\? Create it: npx perdure namespace create shap$/],
    ['a closed execution', 'terminate -w closed-1', 'WORKFLOW_NOT_FOUND', /'closed-1'/],
    ['a signal to a closed execution', 'signal -w closed-1 --name approve', 'WORKFLOW_NOT_FOUND',
      /cannot get the signal 'approve'; npx perdure workflow describe -w closed-1 says how it ended$/],
    ['a wrong run id', 'describe -w open-1 -r 7', 'OPTIONS_INVALID',
      /^--run-id .*'7'; give the run id that this shows: npx perdure workflow describe -w open-1$/],
    ['a wrong cursor', 'list --cursor 3', 'CURSOR_INVALID', /^The cursor '3' is not one that a list printed; .* without --cursor$/],
    ['an empty type', 'start --type=', 'ID_INVALID', /^--type '' is empty/],
    ['an empty name', 'signal -w open-1 --name=', 'ID_INVALID', /^--name '' is empty/],
    ['an empty namespace', 'list --namespace=', 'ENGINE_OPTIONS_INVALID', /^--namespace is an empty text/],
  ]
  for (const [what, line, code, message] of cases) {
    test(`${what} is told in words of the command line`, async (t) => {
      const stderr = await refused(t, ['workflow', ...line.split(' ')], { cwd })
      const [, shownCode, shown = ''] = /^error (\w+): (.*)\n$/.exec(stderr) ?? []
      assert.equal(shownCode, code, stderr)
      assert.match(shown, message)
      assert.doesNotMatch(stderr, /\w\(\)|workflowId|runId|Policy|Engine|this client/)
    })
  }

  test('JSON has the same words', async (t) => {
    const stderr = await refused(t, ['workflow', 'result', '-w', 'nobody-1', '-o', 'json'], { cwd })
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string; workflowId: string } }
    assert.deepEqual([error.code, error.workflowId], ['WORKFLOW_NOT_FOUND', 'nobody-1'])
    assert.match(error.message, /what there is: npx perdure workflow list$/)
  })
})
