import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { loadModules, registerModules } from '../src/cli/load-modules.ts'
import { Engine } from '../src/index.ts'
import { runHere } from './cli-here.ts'
import { folder } from './cli-process.ts'

const head = `
import { condition, defineSignal, proxyActivities, setHandler, sleep } from 'perdure/workflow'
const { charge, ship } = proxyActivities({ startToCloseTimeout: '1 minute' })
const approve = defineSignal('approve')
`

const recorded = `${head}
export async function order(id) {
  let approved = false
  setHandler(approve, () => { approved = true })
  await charge(id)
  await condition(() => approved)
  await ship(id)
  return id
}
`

/** As somebody might change it while executions are open. */
const changed = recorded.replace('await charge(id)', 'await sleep(5)\n  await charge(id)')

/** A folder with workflows, two open executions of one type and a closed one. */
async function project(t: TestContext): Promise<string> {
  const cwd = folder(t, { 'workflows.js': recorded, 'changed.js': changed, 'package.json': '{"type":"module"}' })
  const engine = await Engine.open({ database: join(cwd, 'perdure.db') })
  try {
    registerModules(engine, await loadModules({ workflows: [join(cwd, 'workflows.js')], activities: [] }))
    engine.activities.register({ charge: async () => 'charged', ship: async () => 'shipped' })
    await engine.start()
    for (const workflowId of ['a', 'b', 'closed']) await engine.workflows.start('order', { workflowId, args: [workflowId] })
    await engine.workflows.signal('closed', 'approve')
    await engine.workflows.getResult('closed')
    for (const workflowId of ['a', 'b']) while ((await engine.workflows.history(workflowId)).length < 4) { /* until it was charged */ }
  } finally {
    await engine.stop()
  }
  return cwd
}

interface Document {
  readonly ok: boolean
  readonly replayed: number
  readonly failed: number
  readonly results: readonly {
    readonly ok: boolean
    readonly file?: string
    readonly workflowId?: string
    readonly workflowType?: string
    readonly error?: {
      readonly code: string
      readonly message: string
      readonly event?: number
      readonly expected?: string
      readonly got?: string
      readonly location?: string
    }
  }[]
}

test('what is exported replays, and not with code that does something else: event, expected, got, place, exit code 1', async (t) => {
  const cwd = await project(t)
  const exported = await runHere(t, ['workflow', 'export', '-w', 'closed'], { cwd })
  assert.equal(exported.code, 0)
  writeFileSync(join(cwd, 'closed.json'), exported.stdout)

  const same = await runHere(t, ['replay', 'closed.json'], { cwd })
  assert.deepEqual([same.code, same.stdout, same.stderr], [0, '1 history replayed: the code does what it says\n', ''])

  const other = await runHere(t, ['replay', 'closed.json', '--workflows', 'changed.js'], { cwd })
  assert.deepEqual([other.code, other.stdout], [1, '1 history replayed, 1 failed\n'])
  assert.match(other.stderr, new RegExp([
    /^FAIL {2}closed\.json {2}closed {2}order {2}run [\da-f-]{36}\n/, / {2}event {5}5\n/,
    / {2}expected {2}ActivityTaskScheduled: activity 'charge' with id 1\n/, / {2}got {7}timer 1\n/,
    / {2}at {8}order \(changed\.js:\d+:\d+\)\n$/,
  ].map(({ source }) => source).join('')))

  const json = await runHere(t, ['replay', 'closed.json', 'closed.json', '--workflows', 'changed.js', '-o', 'json'], { cwd })
  const { results, ...counts } = JSON.parse(json.stdout) as Document
  assert.deepEqual([json.code, json.stderr, counts], [1, '', { ok: false, replayed: 2, failed: 2 }])
  const [{ error, ...known } = assert.fail()] = results
  assert.deepEqual([known.ok, known.file, known.workflowId, known.workflowType], [false, 'closed.json', 'closed', 'order'])
  assert.deepEqual([error?.code, error?.event, error?.got], ['NONDETERMINISM', 5, 'timer 1'])
})

test('--open replays every open execution where it is, and changes nothing', async (t) => {
  const cwd = await project(t)
  const before = readFileSync(join(cwd, 'perdure.db'))
  const same = await runHere(t, ['replay', '--open'], { cwd })
  assert.deepEqual([same.code, same.stdout, same.stderr], [0, '2 histories replayed: the code does what they say\n', ''])
  const other = await runHere(t, ['replay', '--open', '--workflows', 'changed.js', '-o', 'jsonl'], { cwd })
  const results = other.stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Document['results'][number])
  assert.equal(other.code, 1)
  assert.deepEqual(results.map(({ workflowId, error }) => [workflowId, error?.code, error?.event]), [
    ['b', 'NONDETERMINISM', 1], ['a', 'NONDETERMINISM', 1],
  ])
  assert.match(results[0]?.error?.expected ?? '', /^ActivityTaskCompleted for command 1: activity 'charge'$/)
  assert.match(results[0]?.error?.location ?? '', /^order \(changed\.js:\d+:\d+\)$/)
  const mistyped = await runHere(t, ['replay', '--open', '--type', 'ordr'], { cwd })
  assert.deepEqual([mistyped.code, mistyped.stdout], [1, ''])
  assert.match(mistyped.stderr, /^error USAGE_INVALID: --type 'ordr' is none of the workflows given; did you mean 'order'\?/)
  writeFileSync(join(cwd, 'others.js'), 'export async function refund() {}\n')
  const none = await runHere(t, ['replay', '--open', '--type', 'refund', '--workflows', 'others.js'], { cwd })
  assert.deepEqual([none.code, none.stdout], [0, 'No execution is open: nothing was replayed\n'])
  assert.ok(readFileSync(join(cwd, 'perdure.db')).equals(before))
})

test('an open execution whose workflow is not in the files is told with what there is', async (t) => {
  const cwd = await project(t)
  writeFileSync(join(cwd, 'others.js'), 'export async function orders() {}\n')
  const { code, stderr } = await runHere(t, ['replay', '--open', '--workflows', 'others.js'], { cwd })
  assert.equal(code, 1)
  assert.match(stderr, /FAIL {2}b {2}order {2}run [\da-f-]+\n {2}WORKFLOW_NOT_REGISTERED\n {2}No workflow 'order' is registered/)
  assert.match(stderr, /did you mean 'orders'\?/)
})

test('a file that is no history has an error of its own, and the others are replayed all the same', async (t) => {
  const cwd = await project(t)
  const { stdout: text } = await runHere(t, ['workflow', 'export', '-w', 'closed', '-o', 'jsonl'], { cwd })
  const shown = await runHere(t, ['workflow', 'show', '-w', 'closed', '-o', 'json'], { cwd })
  const history = JSON.parse(text) as { events: { eventId: string; eventType: string }[] }
  const write = (name: string, content: unknown): void => {
    writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const [first, ...rest] = history.events
  write('good.json', text)
  write('cut-off.json', text.slice(0, text.length / 2))
  write('gap.json', { events: [first, ...rest.slice(1)] })
  write('headless.json', { events: rest })
  write('page.json', { history: { events: [first] }, nextPageToken: 'bmV4dA==' })
  write('future.json', text.replaceAll('EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED', 'EVENT_TYPE_WORKFLOW_EXECUTION_TELEPORTED'))
  write('nexus.json', text.replaceAll('EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED', 'EVENT_TYPE_NEXUS_OPERATION_SCHEDULED'))
  write('other.json', text.replaceAll('"name":"order"', '"name":"orders"'))
  write('encrypted.json', text.replaceAll(btoa('json/plain'), btoa('binary/encrypted')))
  write('not.json', 'order-7 completed')
  write('list.json', { executions: [] })
  write('shown.json', shown.stdout)
  const expected: readonly (readonly [file: string, code: string | undefined, message: RegExp])[] = [
    ['good.json', undefined, /^$/],
    ['cut-off.json', 'HISTORY_FILE_CUT_OFF', /ends in the middle.*perdure workflow export/],
    ['gap.json', 'HISTORY_FILE_CUT_OFF', /^Event 2 of the history is missing: after event 1 comes event 3;/],
    ['headless.json', 'HISTORY_FILE_CUT_OFF', /begins with WorkflowTaskScheduled, event 2,/],
    ['page.json', 'HISTORY_FILE_CUT_OFF', /one page of several/],
    ['future.json', 'HISTORY_FILE_TOO_NEW', /is a WorkflowExecutionTeleported, which this version of Perdure does not know; update it/],
    ['nexus.json', 'HISTORY_EVENT_UNSUPPORTED', /Perdure has no Nexus/],
    ['other.json', 'HISTORY_OF_ANOTHER_WORKFLOW', /workflow type 'orders'.*did you mean 'order'\?/],
    ['encrypted.json', 'HISTORY_PAYLOAD_UNSUPPORTED', /encoding 'binary\/encrypted': decode the history first/],
    ['not.json', 'HISTORY_FILE_NOT_JSON', /is not JSON: .*perdure workflow export/],
    ['list.json', 'HISTORY_FILE_INVALID', /has no list of events/],
    ['shown.json', 'HISTORY_FILE_INVALID', /prints it for people; write it with `perdure workflow export`/],
    ['missing.json', 'HISTORY_FILE_NOT_FOUND', /missing\.json does not exist/],
  ]
  const { code, stdout } = await runHere(t, ['replay', ...expected.map(([file]) => file), '-o', 'json'], { cwd })
  const { results, ...counts } = JSON.parse(stdout) as Document
  assert.deepEqual([code, counts], [1, { ok: false, replayed: 13, failed: 12 }])
  for (const [index, [file, errorCode, message]] of expected.entries()) {
    const result = results[index]
    assert.deepEqual([result?.file, result?.error?.code], [file, errorCode], result?.error?.message)
    assert.match(result?.error?.message ?? '', message)
  }
})

test('the program says what to type when files and --open are mistaken for each other', async (t) => {
  const cwd = folder(t, {})
  for (const args of [['replay'], ['replay', 'a.json', '--open'], ['replay', 'a.json', '--type', 'order']]) {
    const { code, stderr } = await runHere(t, args, { cwd })
    assert.equal(code, 1)
    assert.match(stderr, /^error USAGE_INVALID: .*--open/)
  }
})

test('an execution is exported with its own code only', async (t) => {
  const cwd = await project(t)
  const { code, stdout, stderr } = await runHere(t, ['workflow', 'export', '-w', 'closed', '--workflows', 'changed.js'], { cwd })
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /^error NONDETERMINISM: The workflow code does not fit its history at event 1\n/)
})
