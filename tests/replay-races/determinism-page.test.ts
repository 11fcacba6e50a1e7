/** docs/determinism.md: every history that it shows is applied to the code above it, live and replayed. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { after, before, test } from 'node:test'
import { installDeterministicGlobals, type WorkflowFunction } from '@perdure/engine'
import { ApplicationFailure } from '@perdure/workflow'
import { encodeFailure } from '../../packages/engine/src/protocol/failure-codec.ts'
import { encodePayload } from '../../packages/engine/src/protocol/payload-codec.ts'
import type { Payload } from '../../packages/engine/src/protocol/payload.ts'
import { ExecutionDriver, factsOf, startedAt } from '../../packages/engine/test/execution-driver.ts'

interface Example {
  readonly line: string
  /** Without a name, the first of the block above. */
  readonly workflow: string
  readonly events: readonly string[]
  readonly end: string
}

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/determinism.md'), 'utf8')
const code = [...page.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, block = '']) => block)
const examples = [...page.matchAll(/^```ts\n([^]*?)^```|^```text\n([^]*?)^```/gm)].reduce<{ last: string; all: Example[] }>(
  ({ last, all }, [, block, lines]) => ({
    last: block === undefined ? last : /export async function (\w+)/.exec(block)?.[1] ?? '',
    all: [...all, ...(lines ?? '').trim().split('\n').filter((line) => line !== '').map((line) => parsed(line, last))],
  }), { last: '', all: [] }).all

/** `both: a = 1, signal b("x") -> "end"` */
function parsed(line: string, last: string): Example {
  const [, workflow = last, history = '', end = ''] = /^(?:(\w+): )?(.*?) +-> (.*)$/.exec(line) ?? []
  return { line, workflow, events: history.split(/, (?=signal |cancel|timer|\w+ = |\w+ fails)/), end }
}

const folder = mkdtempSync(join(tmpdir(), 'perdure-determinism-page-'))
let workflows: Record<string, WorkflowFunction> = {}

before(async () => {
  installDeterministicGlobals()
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const names = ['CancellationScope', 'condition', 'defineSignal', 'proxyActivities', 'setHandler', 'sleep']
  writeFileSync(join(folder, 'page.ts'), [
    `import { ${names.join(', ')} } from 'perdure/workflow'`,
    'interface Activities { searchHere(): Promise<string>; searchThere(): Promise<string>; record(what: string): Promise<void> }',
    "const { searchHere, searchThere, record } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })",
    ...code,
  ].join('\n'))
  workflows = await import(pathToFileURL(join(folder, 'page.ts')).href) as typeof workflows
})
after(() => rmSync(folder, { recursive: true }))

test('the page has examples', () => {
  assert.ok(examples.length >= 20, `${examples.length} were found`)
})

for (const { line, workflow, events, end } of examples) {
  test(`${workflow}: ${line.replace(/^\w+: /, '').replaceAll(/ +/g, ' ')}`, async () => {
    const fn = workflows[workflow]
    assert.ok(fn !== undefined, `the page has no workflow ${workflow}`)
    const live = new ExecutionDriver(fn, { replaying: false })
    await live.begin()
    for (const event of events) await happen(live, event)
    assert.equal(endOf(live), end)
    const cold = new ExecutionDriver(fn, { replaying: true })
    await cold.begin()
    for (const event of live.events) await cold.applyRecord(event)
    assert.deepEqual([cold.state(), cold.asked], [live.state(), live.asked])
  })
}

async function happen(driver: ExecutionDriver, event: string): Promise<void> {
  const { live } = driver
  const [, signal, given = ''] = /^signal (\w+)(?:\((.*)\))?$/.exec(event) ?? []
  if (signal !== undefined) {
    const input = `[${given}]` as Payload
    return driver.apply({ type: 'WorkflowExecutionSignaled', signalName: signal, identity: 'i', input }, live.time)
  }
  if (event === 'cancel') return driver.apply({ type: 'WorkflowExecutionCancelRequested', reason: '', identity: 'i' }, live.time)
  if (event === 'timer') {
    const timer = [...live.pending.timers.values()].sort((one, other) => one.fireAt - other.fireAt)[0]
    assert.ok(timer !== undefined, 'no timer waits')
    const { command, durationMs, fireAt } = timer
    return driver.apply({ type: 'TimerFired', command, durationMs, startedAt: timer.startedAt }, fireAt)
  }
  const [, name, result] = /^(\w+)(?: = (.*)| fails)$/.exec(event) ?? []
  const activity = [...live.pending.activities.values()].find(({ activityType }) => activityType === name)
  assert.ok(activity !== undefined, `nothing of what waits is '${event}'`)
  const facts = factsOf(live, activity.command)
  const failure = encodeFailure(ApplicationFailure.nonRetryable('no'))
  await driver.apply(result === undefined
    ? { ...facts, type: 'ActivityTaskFailed', failure, retryState: 'NON_RETRYABLE_FAILURE' }
    : { ...facts, type: 'ActivityTaskCompleted', result: encodePayload(JSON.parse(result), 'result') }, Math.max(startedAt, live.time))
}

function endOf({ live: { outcome } }: ExecutionDriver): string {
  if (outcome === undefined) return 'waits'
  if (outcome.type === 'completed') return outcome.result
  return `fails: ${'error' in outcome && outcome.error instanceof Error ? outcome.error.message : ''}`
}
