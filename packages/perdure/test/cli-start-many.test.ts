import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { type ExecutionDescription, StoreUnavailableError } from '@perdure/engine'
import { CliError } from '../src/cli/cli-error.ts'
import { startLines } from '../src/cli/workflow-start-many.ts'
import type { Engine } from '../src/index.ts'
import { captured, runHere } from './cli-here.ts'
import { folder, run, start } from './cli-process.ts'

function lines(...starts: readonly object[]): string {
  return starts.map((each) => `${JSON.stringify(each)}\n`).join('')
}

interface Outcome {
  readonly line: number
  readonly status: string
  readonly workflowId?: string
  readonly runId?: string
  readonly error?: { readonly code: string; readonly message: string }
}

function outcomesIn(text: string): Outcome[] {
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Outcome)
}

test('each line is started with its own options, and those that say nothing with those of the flags', async (t) => {
  const cwd = folder(t, { 'orders.jsonl': lines(
    { workflowId: 'order-1', args: [{ amount: 5 }] }, { type: 'refund', workflowId: 'order-2', taskQueue: 'money', memo: { by: 'ada' } },
  ) })
  const args = ['workflow', 'start-many', '--input-file', 'orders.jsonl', '--type', 'order', '-t', 'shop']
  const { code, stdout } = await runHere(t, args, { cwd })
  assert.deepEqual([code, stdout], [0, '2 started\n'])
  const described = async (id: string) => (
    JSON.parse((await runHere(t, ['workflow', 'describe', '-w', id, '-o', 'json'], { cwd })).stdout) as Record<string, unknown>)
  const [one, two] = [await described('order-1'), await described('order-2')]
  assert.deepEqual([one['workflowType'], one['taskQueue'], one['input']], ['order', 'shop', [{ amount: 5 }]])
  assert.deepEqual([two['workflowType'], two['taskQueue'], two['memo']], ['refund', 'money', { by: 'ada' }])
  const { stdout: count } = await runHere(t, ['workflow', 'count', '--status', 'running', '--type', 'order'], { cwd })
  assert.equal(count, '1\n')
  const counted = await runHere(t, ['workflow', 'count', '-o', 'json'], { cwd })
  assert.deepEqual(JSON.parse(counted.stdout), { count: 2 })
})

test('lines have all options of a start, and so have the flags for lines that say nothing', async (t) => {
  const cwd = folder(t, { 'orders.jsonl': lines(
    { workflowId: 'one', workflowRunTimeout: '2 hours', retry: { maximumAttempts: 7 }, staticSummary: 'its own' }, { workflowId: 'two' },
  ) })
  const flags = [
    '--run-timeout', '1h', '--execution-timeout', '3 days', '--retry-maximum-attempts', '3', '--static-summary', 'of all',
    '--memo', 'by="ada"', '--priority-key', '1', '--start-delay', '1 hour', '--search-attribute', 'Region="eu"',
  ]
  const args = ['workflow', 'start-many', '--input-file', 'orders.jsonl', '--type', 'order', ...flags]
  const { code, stdout } = await runHere(t, args, { cwd })
  assert.deepEqual([code, stdout], [0, '2 started\n'])
  const described = async (id: string) => {
    const { stdout } = await runHere(t, ['workflow', 'describe', '-w', id, '-o', 'json'], { cwd })
    const { timeouts, retryPolicy, staticSummary, memo, priority, searchAttributes } = JSON.parse(stdout) as ExecutionDescription
    const { runTimeoutMs, executionTimeoutMs } = timeouts
    return [runTimeoutMs, executionTimeoutMs, retryPolicy?.maximumAttempts, staticSummary, memo, priority, searchAttributes]
  }
  const shared = [{ by: 'ada' }, 1, { Region: ['eu'] }]
  assert.deepEqual(await described('one'), [7_200_000, 259_200_000, 7, 'its own', ...shared])
  assert.deepEqual(await described('two'), [3_600_000, 259_200_000, 3, 'of all', ...shared])
})

test('a line that cannot be started says why, and the others are started', async (t) => {
  const cwd = folder(t, { 'many.jsonl': [
    '{"workflowId":"a"}', '', '{"workflowId":"a"}', '{"workflowId":', '5', '{"workflowId":"b","arg":[1]}', '{"workflowId":"","type":"x"}',
    '{"type":7}', '{"workflowId":"c","args":1}', '{"workflowId":"a","workflowIdConflictPolicy":"USE_EXISTING"}', '{"workflowId":"d"}',
  ].join('\n') })
  const args = ['workflow', 'start-many', '--input-file', 'many.jsonl', '--type', 'echo', '-o', 'jsonl']
  const { code, stdout, stderr } = await runHere(t, args, { cwd })
  const outcomes = outcomesIn(stdout)
  assert.deepEqual([code, stderr], [1, ''])
  assert.deepEqual(outcomes.map(({ line, status, error }) => [line, error?.code ?? status]), [
    [1, 'started'], [3, 'WORKFLOW_ALREADY_STARTED'], [4, 'INPUT_INVALID'], [5, 'INPUT_INVALID'], [6, 'OPTIONS_INVALID'], [7, 'ID_INVALID'],
    [8, 'INPUT_INVALID'], [9, 'OPTIONS_INVALID'], [10, 'joined'], [11, 'started'],
  ])
  assert.equal(outcomes[0]?.runId, outcomes[8]?.runId)
  assert.match(outcomes[2]?.error?.message ?? '', /^The line is not JSON \(.*one start is one line, as in \{"type"/)
})

test('text tells of failed lines on stderr and counts on stdout, json has both in one document', async (t) => {
  const cwd = folder(t, { 'many.jsonl': '{"workflowId":"a"}\n{"type":"echo","workflowId":"b"}\n' })
  const many = (...more: string[]) => runHere(t, ['workflow', 'start-many', '--input-file', 'many.jsonl', ...more], { cwd })
  const text = await many()
  assert.deepEqual([text.code, text.stdout], [1, '1 started, 1 failed\n'])
  assert.match(text.stderr,
    /line 1 INPUT_INVALID: The line names no workflow type \(it has "workflowId"\): put "type" into it, or give --type\n$/)
  const json = await many('-o', 'json', '--type', 'echo', '--id-conflict-policy', 'UseExisting')
  const { outcomes, ...counts } = JSON.parse(json.stdout) as { outcomes: Outcome[] }
  assert.deepEqual([json.code, counts], [0, { started: 1, joined: 1, failed: 0 }])
  assert.deepEqual(outcomes.map(({ workflowId, status }) => [workflowId, status]), [['a', 'started'], ['b', 'joined']])
})

test('what is no list of lines is refused, and nothing is started', async (t) => {
  const cwd = folder(t, { 'list.json': '[\n  {"type":"echo"}\n]\n', 'empty.jsonl': '\n' })
  const many = (file: string, test: TestContext) => runHere(test, ['workflow', 'start-many', '--input-file', file], { cwd })
  assert.match((await many('list.json', t)).stderr, /error INPUT_INVALID: The first line begins a JSON list: one object a line/)
  assert.match((await many('none.jsonl', t)).stderr, /error INPUT_INVALID: The file none\.jsonl of --input-file does not exist/)
  assert.equal((await many('empty.jsonl', t)).stdout, '0 started\n')
  assert.equal((await runHere(t, ['workflow', 'count'], { cwd })).stdout, '0\n')
})

test('lines of a pipe are started as they come, and told in their order', async (t) => {
  const cwd = folder(t)
  await run(['migrate'], { cwd })
  const many = start(['workflow', 'start-many', '--type', 'echo', '-o', 'jsonl'], { cwd, stdin: 'open' })
  t.after(() => many.child.kill('SIGKILL'))
  many.child.stdin?.write(lines({ workflowId: 'first' }))
  await many.printed(/"first"/)
  many.child.stdin?.end(lines(...Array.from({ length: 1_200 }, (_, index) => ({ workflowId: `w-${index}` }))))
  const { code, stdout } = await many.ended
  const outcomes = outcomesIn(stdout)
  assert.equal(code, 0)
  assert.deepEqual(outcomes.map(({ line }) => line), Array.from({ length: 1_201 }, (_, index) => index + 1))
  assert.deepEqual(new Set(outcomes.map(({ status }) => status)), new Set(['started']))
})

test('where the database goes away, no more lines are read, and the command says from which on', async (t) => {
  const read: number[] = []
  async function* source(): AsyncGenerator<string> {
    for (let number = 1; number <= 5_000; number++) {
      read.push(number)
      yield JSON.stringify({ workflowId: `w-${number}` })
      await setImmediate()
    }
  }
  const away = new StoreUnavailableError('it is away')
  const startOne = (_type: string, { workflowId }: { readonly workflowId: string }) => (
    workflowId === 'w-1' ? Promise.resolve({ workflowId, runId: 'r', started: true }) : Promise.reject(away))
  const engine = { workflows: { start: startOne } } as unknown as Engine
  const configuration = { settings: {}, file: undefined, sourceOf: () => undefined }
  const options = { namespace: 'default', output: 'jsonl', type: 'echo', configuration } as const
  const { value, stdout } = await captured(t, () => startLines(engine, options, source()).catch((error: unknown) => error))
  assert.ok(value instanceof CliError && value.code === 'STARTS_STOPPED', String(value))
  assert.equal(value.message, 'Stopped at line 2, and read no further: STORE_UNAVAILABLE, it is away')
  assert.ok(read.length < 100, `${read.length} lines were read`)
  assert.deepEqual(outcomesIn(stdout).map(({ line }) => line), read)
  assert.equal(outcomesIn(stdout)[0]?.status, 'started')
})
