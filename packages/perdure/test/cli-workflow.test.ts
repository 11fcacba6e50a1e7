/** The commands on a real database, beside a real worker. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, mock, test } from 'node:test'
import { type EndedHere, runHere } from './cli-here.ts'
import { folder, run as runIn, type Running, start } from './cli-process.ts'

const workflowsText = `
  import { condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep } from 'perdure/workflow'
  import type * as activities from './activities.ts'

  const { hello, refuse, unreachable } = proxyActivities<typeof activities>({
    startToCloseTimeout: '30 seconds', retry: { initialInterval: '1 hour', maximumAttempts: 7, nonRetryableErrorTypes: ['CardDeclined'] },
  })
  const { beat } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 hour', heartbeatTimeout: '1 hour' })
  const approve = defineSignal<[string]>('approve')
  const state = defineQuery<string, [string]>('state')

  export async function greet(name: string) { return await hello(name) }
  export async function approval(subject: string) {
    let by: string | undefined
    setHandler(approve, (name) => { by = name })
    setHandler(state, (language) => by === undefined ? 'waiting in ' + language : 'approved')
    await condition(() => by !== undefined)
    return { subject, by }
  }
  export async function failing() { await refuse(5) }
  export async function retrying() { await unreachable() }
  export async function beating() { await beat() }
  export async function nap() { await sleep('1 hour') }
  export async function echo(...args: unknown[]) { return args }
`
const activitiesText = `
  import { ApplicationFailure, heartbeat, sleep } from 'perdure/activity'
  export async function hello(name: string) { return 'Hello, ' + name + '!' }
  export async function refuse(amount: number) {
    throw ApplicationFailure.create({ message: 'no funds', type: 'CardDeclined', details: [amount] })
  }
  export async function beat() {
    heartbeat({ row: 7 })
    await sleep('1 hour')
  }
  export async function unreachable() { throw new Error('the mail server is away') }
`

describe('perdure workflow', () => {
  let cwd: string
  let worker: Running
  let removeFolder: () => void

  before(async () => {
    cwd = folder({ after: (remove) => {
      removeFolder = remove as () => void
    } }, { 'workflows.ts': workflowsText, 'activities.ts': activitiesText })
    worker = start(['worker', 'start'], { cwd })
    const text = await worker.printed(/Activities .*\n/)
    assert.match(text, /^Worker started\n {2}Database +\S*perdure\.db\n {2}Namespace +default\n {2}Task queue +default\n/)
    assert.match(text, /Workflows +greet, approval|Workflows +approval/)
  })

  after(async () => {
    worker.child.kill('SIGTERM')
    const { code } = await worker.ended
    removeFolder()
    assert.equal(code, 0)
  })

  const run = (...args: string[]) => runHere({ mock }, ['workflow', ...args], { cwd })

  async function json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await run(...args, '-o', 'json')
    assert.deepEqual([code, stderr], [0, ''])
    return JSON.parse(stdout) as T
  }

  async function failed(ended: Promise<EndedHere>): Promise<string> {
    const { code, stdout, stderr } = await ended
    assert.deepEqual([code, stdout], [1, ''])
    return stderr
  }

  function jsonLines<T>(text: string): T[] {
    return text.trimEnd().split('\n').map((line) => JSON.parse(line) as T)
  }

  /** The state of an execution that a worker is about to reach. */
  async function until<T>(look: () => Promise<T>, isReached: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await look()
      if (isReached(value)) return value
    }
  }

  test('execute prints the ids on stderr and the result as JSON on stdout', async () => {
    const { code, stdout, stderr } = await runIn(['workflow', 'execute', '--type', 'greet', '-w', 'greet-1', '-i', '"World"'], { cwd })
    assert.deepEqual([code, stdout], [0, '"Hello, World!"\n'])
    assert.match(stderr, /^Running execution\n {2}Workflow ID +greet-1\n {2}Run ID +[0-9a-f-]{36}\n {2}Type +greet\n {2}Task queue/)
  })

  test('execute -o json prints one document with ids, status and result', async () => {
    const document = await json<Record<string, unknown>>('execute', '--type', 'greet', '-w', 'greet-2', '-i', '"Ada"')
    assert.equal(typeof document['runId'], 'string')
    assert.deepEqual({ ...document, runId: '' }, { workflowId: 'greet-2', runId: '', status: 'COMPLETED', result: 'Hello, Ada!' })
  })

  test('each --input is an argument, and --input-file - reads one from stdin', async () => {
    const { result } = await json<{ result: unknown }>('execute', '--type', 'echo', '-i', '1', '-i', '{"a":null}', '-i', '-5')
    assert.deepEqual(result, [1, { a: null }, -5])
    const { stdout } = await runIn(['workflow', 'execute', '--type', 'echo', '--input-file', '-'], { cwd, stdin: '[true]' })
    assert.deepEqual(JSON.parse(stdout), [[true]])
  })

  test('a failed execution ends execute and result with 1 and the chain of causes', async () => {
    const text = await failed(run('execute', '--type', 'failing', '-w', 'failing-1'))
    const [first = '', second = '', third, ...rest] = text.split('\n').filter((line) => /error|cause/.test(line))
    assert.match(first, /^error WORKFLOW_FAILED: .*failing-1/)
    assert.match(second, /^ {2}cause ActivityFailure refuse \(\w+\): /)
    assert.equal(third, '  cause ApplicationFailure CardDeclined: no funds [5]')
    assert.deepEqual(rest, [])
    const printed = JSON.parse(await failed(run('result', '-w', 'failing-1', '-o', 'json'))) as {
      error: { code: string; cause: { cause: object } }
    }
    const { code, cause } = printed.error
    assert.equal(code, 'WORKFLOW_FAILED')
    assert.deepEqual(cause.cause, { ...cause.cause, kind: 'application', message: 'no funds', type: 'CardDeclined', details: [5] })
  })

  test('start returns the ids at once, and refuses an id that is in use', async () => {
    const { code, stdout, stderr } = await run('start', '--type', 'nap', '-w', 'nap-1', '-t', 'nobody')
    assert.deepEqual(code, 0)
    assert.match(stdout, /^Started execution\n {2}Workflow ID +nap-1\n/)
    assert.match(stderr, /perdure workflow result -w nap-1\n$/)
    assert.match(await failed(run('start', '--type', 'nap', '-w', 'nap-1')), /^error WORKFLOW_ALREADY_STARTED: .*nap-1/)
  })

  test('start takes timeouts, retries, memo and search attributes, and describe shows them', async () => {
    await json('start', '--type', 'nap', '-w', 'nap-6', '-t', 'nobody', '--execution-timeout', '1h', '--run-timeout', '10m',
      '--retry-maximum-attempts', '3', '--retry-non-retryable-type', 'A', '--retry-non-retryable-type', 'B', '--memo', 'who="Ada"',
      '--memo', 'n=1', '--search-attribute', 'Region=["eu"]', '--priority-key', '1', '--static-summary', 'A nap')
    const found = await json<Record<string, unknown>>('describe', '-w', 'nap-6')
    const { memo, searchAttributes, priority, staticSummary, timeouts, retryPolicy } = found
    assert.deepEqual([memo, searchAttributes, priority, staticSummary], [{ who: 'Ada', n: 1 }, { Region: ['eu'] }, 1, 'A nap'])
    const { executionTimeoutMs, runTimeoutMs } = timeouts as Record<string, number>
    assert.deepEqual([executionTimeoutMs, runTimeoutMs], [3_600_000, 600_000])
    const { maximumAttempts, initialIntervalMs, nonRetryableErrorTypes } = retryPolicy as Record<string, unknown>
    assert.deepEqual([maximumAttempts, initialIntervalMs, nonRetryableErrorTypes], [3, 1_000, ['A', 'B']])
    const { stdout } = await run('describe', '-w', 'nap-6')
    assert.match(stdout, /^Summary +A nap$/m)
    assert.match(stdout, /^Times out +.*, in \d+m/m)
    assert.match((await run('start', '--type', 'nap', '--memo', 'who=Ada')).stderr, /'who="text"'/)
  })

  test('signal-with-start starts one with the signal, and signals it while it is open', async () => {
    const both = ['signal-with-start', '--type', 'nap', '-w', 'nap-7', '-t', 'nobody', '--signal-name', 'go', '--signal-input', '"x"']
    const first = await json<{ runId: string; started: boolean }>(...both)
    const second = await json<{ runId: string; started: boolean }>(...both)
    assert.deepEqual([first.started, second.started, second.runId], [true, false, first.runId])
    assert.match((await run(...both)).stdout, /^Joined the execution that was running already; .*; signal go sent\n/)
  })

  test('an update that nobody answers in time is an error, and one of a closed execution too', async () => {
    await json('start', '--type', 'nap', '-w', 'nap-8', '-t', 'nobody')
    const update = ['update', '-w', 'nap-8', '--name', 'add', '-i', '1', '--timeout', '5ms']
    assert.match(await failed(run(...update)), /^error UPDATE_TIMED_OUT: Update 'add' of workflow 'nap-8'/)
    await json('terminate', '-w', 'nap-8')
    assert.match(await failed(run(...update)), /^error WORKFLOW_NOT_FOUND: .*cannot get the update 'add'/)
  })

  test('start and execute say when they joined an execution that was running, and which one', async () => {
    const first = await json<{ runId: string; started: boolean }>('start', '--type', 'nap', '-w', 'nap-5', '-t', 'nobody')
    assert.equal(first.started, true)
    const again = ['-w', 'nap-5', '--type', 'greet', '--id-conflict-policy', 'UseExisting']
    const { namespace: _namespace, ...joined } = await json<Record<string, unknown>>('start', ...again)
    assert.deepEqual(joined, { workflowId: 'nap-5', runId: first.runId, workflowType: 'nap', taskQueue: 'nobody', started: false })
    const { stdout } = await run('start', ...again)
    assert.match(stdout, /^Joined the execution that was running already; .*\n {2}Workflow ID +nap-5\n.*\n {2}Type +nap\n.* nobody\n$/)
    const { stderr } = await run('execute', ...again, '--timeout', '1ms')
    assert.match(stderr, /^Joined the execution that was running already/)
  })

  test('signal and query reach a running execution, and a query a closed one too', async () => {
    await json('start', '--type', 'approval', '-w', 'approval-1', '-i', '"release"')
    assert.equal((await run('query', '-w', 'approval-1', '--name', 'state', '-i', '"Latin"')).stdout, '"waiting in Latin"\n')
    const signalled = await run('signal', '-w', 'approval-1', '--name', 'approve', '-i', '"ada"')
    assert.equal(signalled.stdout, 'Signal approve sent to approval-1\n')
    assert.deepEqual((await json<{ result: unknown }>('result', '-w', 'approval-1')).result, { subject: 'release', by: 'ada' })
    assert.equal((await json<{ result: unknown }>('query', '-w', 'approval-1', '--name', 'state', '-i', '""')).result, 'approved')
    assert.match(await failed(run('query', '-w', 'approval-1', '--name', 'stat')), /^error QUERY_NOT_REGISTERED: .*stat/)
    assert.match(await failed(run('signal', '-w', 'approval-1', '--name', 'approve', '-i', '"bob"')), /^error WORKFLOW_NOT_FOUND: /)
  })

  test('cancel and terminate end an execution, and result says how', async () => {
    await json('start', '--type', 'approval', '-w', 'cancelled-1', '-i', '1')
    assert.equal((await run('cancel', '-w', 'cancelled-1', '--reason', 'not needed')).stdout, 'Cancellation of cancelled-1 requested\n')
    assert.match(await failed(run('result', '-w', 'cancelled-1')), /^error WORKFLOW_FAILED: .*was cancelled\n {2}cause CancelledFailure\n$/)
    const description = (await run('describe', '-w', 'cancelled-1')).stdout
    assert.match(description, /\nStatus +CANCELLED\n[^]*\nCancel requested +\S+ \S+: not needed\n/)
    assert.doesNotMatch(description, /canceled|Failure/i)
    const { cancelRequested } = await json<{ cancelRequested: { reason: string } }>('describe', '-w', 'cancelled-1')
    assert.equal(cancelRequested.reason, 'not needed')
    await json('start', '--type', 'nap', '-w', 'terminated-1')
    assert.equal((await run('terminate', '-w', 'terminated-1', '--reason', 'stuck')).stdout, 'Terminated terminated-1\n')
    const how = await failed(run('result', '-w', 'terminated-1'))
    assert.match(how, /^error WORKFLOW_FAILED: .*terminated[^]*cause TerminatedFailure: stuck/)
    assert.match(await failed(run('terminate', '-w', 'terminated-1')), /^error WORKFLOW_NOT_FOUND: /)
  })

  test('describe shows an activity that waits for its next attempt, with its last failure', async () => {
    await json('start', '--type', 'retrying', '-w', 'retrying-1')
    const text = await until(async () => (await run('describe', '-w', 'retrying-1')).stdout, (each) => each.includes('last failure'))
    assert.match(text, /^Workflow ID +retrying-1\n/)
    assert.match(text, /\nStatus +RUNNING\n/)
    assert.match(text, /\nWaits for +an activity/)
    assert.match(text, /TYPE +ID +STATE +ATTEMPT +NEXT\n +unreachable +\S+ +SCHEDULED +2 of 7 +in 59m \d\ds\n/)
    assert.match(text, /\n +last failure +ApplicationFailure: the mail server is away\n$/)
    const { pendingActivities } = await json<{ pendingActivities: { attempt: number }[] }>('describe', '-w', 'retrying-1')
    assert.deepEqual(pendingActivities.map((each) => each.attempt), [2])
  })

  test('describe shows where a failure was thrown, in files of the user', async () => {
    await run('execute', '--type', 'failing', '-w', 'failing-2')
    const text = (await run('describe', '-w', 'failing-2')).stdout
    assert.match(text, /\n +ApplicationFailure CardDeclined: no funds \[5\]\n +at refuse \(activities\.ts:5:\d+\)\n$/)
    assert.doesNotMatch(text, /node:internal|packages/)
  })

  test('describe shows the last heartbeat of a running activity', async () => {
    await json('start', '--type', 'beating', '-w', 'beating-1')
    const text = await until(async () => (await run('describe', '-w', 'beating-1')).stdout, (each) => each.includes('heartbeat'))
    assert.match(text, /\n +beat +\S+ +STARTED .*\n +heartbeat +\{"row":7\}\n$/)
    await run('terminate', '-w', 'beating-1')
  })

  test('describe says what an execution waits for, and finds it by its run id', async () => {
    const { runId } = await json<{ runId: string }>('start', '--type', 'nap', '-w', 'nap-2', '--start-delay', '1 hour')
    const delayed = (await run('describe', '-w', runId)).stdout
    assert.match(delayed, /^Workflow ID +nap-2\n/)
    assert.match(delayed, /\nWaits for +the time: [-\d]+ [:\d]+, in 59m/)
    await json('start', '--type', 'nap', '-w', 'nap-4', '-t', 'nobody')
    assert.match((await run('describe', '-w', 'nap-4')).stdout, /\nWaits for +a worker that serves the task queue nobody\n/)
  })

  test('show prints the history as a table, and jsonl an event a line', async () => {
    await json('execute', '--type', 'greet', '-w', 'shown-1', '-i', '"World"')
    const { stdout } = await run('show', '-w', 'shown-1')
    const lines = stdout.trimEnd().split('\n').map((line) => line.trim().split(/ {2,}/))
    assert.deepEqual(lines[0], ['ID', 'TIME', 'TYPE', 'DETAILS'])
    const types = lines.slice(1).map((line) => line[2])
    assert.equal(types[0], 'WorkflowExecutionStarted')
    assert.equal(types.at(-1), 'WorkflowExecutionCompleted')
    assert.ok(types.includes('ActivityTaskCompleted'))
    assert.deepEqual(lines.at(-1)?.slice(3), ['result="Hello, World!"'])
    const rows = jsonLines<{ eventType: string }>((await run('show', '-w', 'shown-1', '-o', 'jsonl')).stdout)
    assert.deepEqual(rows.map((row) => row.eventType), types)
  })

  test('show --follow prints events as they come, until the execution is closed', async () => {
    await json('start', '--type', 'approval', '-w', 'followed-1', '-i', '1')
    const following = start(['workflow', 'show', '-w', 'followed-1', '--follow'], { cwd })
    await following.printed(/WorkflowExecutionStarted/)
    await run('signal', '-w', 'followed-1', '--name', 'approve', '-i', '"ada"')
    const { code, stdout, stderr } = await following.ended
    assert.equal(code, 0)
    assert.match(stderr, /Ctrl-C ends the following only/)
    const types = stdout.trimEnd().split('\n').map((line) => /^[\d:.]{12} {2}(\S+)/.exec(line)?.[1])
    assert.deepEqual(types, ['WorkflowExecutionStarted', 'WorkflowExecutionSignaled', 'WorkflowExecutionCompleted'])
    const closed = await run('show', '-w', 'followed-1', '-f', '-o', 'jsonl')
    assert.deepEqual(jsonLines<{ eventType: string }>(closed.stdout).map((row) => row.eventType), types)
    assert.match(await failed(run('show', '-w', 'followed-1', '-f', '-o', 'json')), /USAGE_INVALID[^]*-o text or -o jsonl/)
  })

  test('list filters, and goes on where a page ended', async () => {
    for (const name of ['1', '2', '3']) await json('execute', '--type', 'echo', '-w', `list-${name}`, '-i', name)
    const { stdout } = await run('list', '--type', 'echo', '--status', 'completed', '--limit', '1')
    const [headings = '', row = '', ...rows] = stdout.trimEnd().split('\n')
    assert.match(headings, /^STATUS +WORKFLOW ID +TYPE +TASK QUEUE +STARTED +TOOK$/)
    assert.match(row, /^COMPLETED +list-3 +echo +default +[-\d]+ [:\d]+ +\d+m?s$/)
    assert.deepEqual(rows, [])
    const page = await json<{ executions: { workflowId: string }[]; nextCursor: string }>('list', '--type', 'echo', '--limit', '2')
    assert.deepEqual(page.executions.map((each) => each.workflowId), ['list-3', 'list-2'])
    const rest = await run('list', '--type', 'echo', '--limit', '1', '--cursor', page.nextCursor, '-o', 'jsonl')
    assert.deepEqual(jsonLines<{ workflowId: string }>(rest.stdout).map((each) => each.workflowId), ['list-1'])
    assert.equal((await run('list', '--type', 'nothing')).stdout, 'No executions\n')
    assert.deepEqual((await json<{ executions: unknown[] }>('list', '--status', 'TimedOut')).executions, [])
  })

  test('an id that nobody has is told with database and namespace', async () => {
    for (const command of ['describe', 'show', 'result', 'cancel', 'terminate']) {
      assert.match(await failed(run(command, '-w', 'nobody-1')), /^error WORKFLOW_NOT_FOUND: [^\n]*nobody-1[^\n]*\n$/)
    }
  })

  test('result stops waiting after its timeout, and the execution goes on', async () => {
    await json('start', '--type', 'nap', '-w', 'nap-3')
    assert.match(await failed(run('result', '-w', 'nap-3', '--timeout', '50ms')), /^error RESULT_TIMEOUT: /)
    assert.equal((await json<{ status: string }>('describe', '-w', 'nap-3')).status, 'RUNNING')
  })

  test('a reader that goes away early is no error', async () => {
    const list = start(['workflow', 'list', '-o', 'jsonl', '--limit', '1000'], { cwd })
    list.child.stdout?.destroy()
    const { code, stderr } = await list.ended
    assert.deepEqual([code, stderr], [0, ''])
  })
})

test('result says on stderr that no worker has taken the execution, and goes on waiting', async (t) => {
  const cwd = folder(t)
  await runIn(['workflow', 'start', '--type', 'greet', '-w', 'later-2', '-t', 'nobody'], { cwd })
  const waiting = start(['workflow', 'result', '-w', 'later-2'], { cwd })
  t.after(() => waiting.child.kill('SIGKILL'))
  const text = await waiting.complained(/\n/)
  assert.match(text, /^Waiting for later-2: no worker has taken it yet; does one serve the task queue 'nobody'\?/)
  assert.equal(waiting.child.exitCode, null)
})

test('execute with --workflows runs them itself, and leaves nothing open', async (t) => {
  const cwd = folder(t, { 'workflows.ts': workflowsText, 'activities.ts': activitiesText })
  const files = ['--workflows', 'workflows.ts', '--activities', 'activities.ts']
  const { code, stdout } = await runIn(['workflow', 'execute', '--type', 'greet', '-i', '"World"', ...files], { cwd })
  assert.deepEqual([code, stdout], [0, '"Hello, World!"\n'])
  const found = await runIn(['workflow', 'execute', '--type', 'greet', '-i', '"Ada"', '--workflows', 'workflows.ts'], { cwd })
  assert.deepEqual([found.code, found.stdout], [0, '"Hello, Ada!"\n'], 'its activities are those of the folder')
  const wrong = await runIn(['workflow', 'execute', '--type', 'great', '-i', '"World"', ...files], { cwd })
  assert.match(wrong.stderr, /^error WORKFLOW_NOT_REGISTERED: No workflow 'great' in workflows\.ts; did you mean 'greet'\?\n$/)
})

test('dev serves the folder, says what to type next, lists what ends and drains at SIGINT', async (t) => {
  const cwd = folder(t, { 'workflows.ts': workflowsText, 'activities.ts': activitiesText })
  const dev = start(['dev'], { cwd })
  t.after(() => dev.child.kill('SIGKILL'))
  assert.match(await dev.printed(/Executions that end/), /npx perdure workflow execute --type \w+ [^]*npx perdure workflow list\n/)
  await runIn(['workflow', 'execute', '--type', 'greet', '-w', 'greet-1', '-i', '"World"'], { cwd })
  await runIn(['workflow', 'execute', '--type', 'failing', '-w', 'failing-1'], { cwd })
  const text = await dev.printed(/failing-1.*\n/)
  assert.match(text, /\n\d\d:\d\d:\d\d +COMPLETED +\d+m?s +greet +greet-1\n/)
  assert.match(text, /\n\d\d:\d\d:\d\d +FAILED +\S+ +failing +failing-1 +ApplicationFailure CardDeclined: no funds \[5\]\n/)
  dev.child.kill('SIGINT')
  assert.equal((await dev.ended).code, 0)
})

test('migrate makes the database, and says when there is nothing to do; --dry-run only says', async (t) => {
  const cwd = folder(t)
  const dry = await runIn(['migrate', '--dry-run'], { cwd })
  assert.match(dry.stdout, /^Would make Perdure's tables in .*perdure\.db: foundation\n$/)
  assert.match(dry.stderr, /^Nothing was changed; to do it: npx perdure migrate\n$/)
  assert.equal(existsSync(join(cwd, 'perdure.db')), false)
  assert.match((await runIn(['migrate'], { cwd })).stdout, /^Made Perdure's tables in .*perdure\.db: foundation\n$/)
  const { steps, ...told } = JSON.parse((await runIn(['migrate', '--dry-run', '-o', 'json'], { cwd })).stdout) as { steps: string[] }
  assert.deepEqual([steps, told], [[], { database: join(cwd, 'perdure.db'), store: 'sqlite', dryRun: true, created: false }])
  assert.match((await runIn(['migrate'], { cwd })).stdout, /^The schema of .*perdure\.db is up to date\n$/)
  writeFileSync(join(cwd, 'notes.db'), 'a text that is as long as the header of a database file, which it is not. '.repeat(20))
  const wrong = await runIn(['migrate', '-d', 'notes.db'], { cwd })
  assert.match(wrong.stderr, /^error STORE_CORRUPT: .*notes\.db is not an SQLite database/)
})

test('an execution waits for the first worker, and result waits for it', async (t) => {
  const cwd = folder(t, { 'workflows.ts': workflowsText, 'activities.ts': activitiesText })
  await runIn(['workflow', 'start', '--type', 'greet', '-w', 'later-1', '-i', '"you"'], { cwd })
  const waiting = start(['workflow', 'result', '-w', 'later-1'], { cwd })
  const worker = start(['worker', 'start'], { cwd })
  t.after(() => worker.child.kill('SIGKILL'))
  assert.equal((await waiting.ended).stdout, '"Hello, you!"\n')
  worker.child.kill('SIGTERM')
  await once(worker.child, 'close')
})
