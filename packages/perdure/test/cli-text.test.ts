import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { historyTable } from '../src/cli/event-text.ts'
import { descriptionText, executionTable } from '../src/cli/execution-text.ts'
import { createSeen, textLine } from '../src/cli/live-list.ts'
import { configuredLogger } from '../src/cli/log.ts'
import type { LogLevel } from '../src/logging/log-settings.ts'
import { nextCommand } from '../src/cli/next-command.ts'
import { hasColours } from '../src/cli/output.ts'
import { facts, printable, shortDuration, shown, table, wrapped } from '../src/cli/text.ts'
import type { Configuration } from '../src/config/configuration.ts'
import type { Settings } from '../src/config/settings-schema.ts'
import { ApplicationFailure, TypedSearchAttributes } from '../src/workflow.ts'

const now = new Date('2026-11-21T10:00:00Z')
const summary = {
  workflowId: 'order-7', runId: '01a1fc1e-5739-7c6c-b34c-933ed2cddd1e', workflowType: 'order', taskQueue: 'default',
  status: 'RUNNING', startTime: new Date('2026-11-21T09:58:00Z'), closeTime: undefined, held: undefined,
} as const
const unrelated = {
  typedSearchAttributes: new TypedSearchAttributes(), continuedFromRunId: undefined, attempt: 1, retryPolicy: undefined,
  parentExecution: undefined, rootExecution: undefined, staticSummary: undefined, staticDetails: undefined,
  timeouts: { executionTimeoutMs: undefined, runTimeoutMs: undefined, taskTimeoutMs: undefined, expirationTime: undefined },
}
const description = {
  ...summary, namespace: 'default', priority: 3, executionTime: undefined, input: [], result: undefined, failure: undefined,
  memo: undefined, searchAttributes: undefined, ...unrelated, firstRunId: summary.runId, owned: false, wakeTime: undefined, takeovers: 0,
  pendingActivities: [], problem: undefined, pendingTimers: undefined, pendingChildren: undefined,
  pendingConditions: undefined, unhandledSignals: undefined,
}

test('durations are short, and of two units at most', () => {
  const cases: [number, string][] = [
    [-5, '0ms'], [0, '0ms'], [999, '999ms'], [1_000, '1s'], [59_990, '59.9s'], [60_000, '1m 00s'], [3_599_000, '59m 59s'],
    [7_500_000, '2h 05m'], [100 * 3_600_000, '4d 4h'],
  ]
  for (const [ms, text] of cases) assert.equal(shortDuration(ms), text)
})

test('names cannot move the cursor of a terminal or change its colours', () => {
  assert.equal(printable('a\u001b[2Jb\nc\u0085\u2028'), 'a\\u001b[2Jb\\nc\\u0085\\u2028')
  assert.equal(shown('\u009b2J'), '"\\u009b2J"')
})

test('summaries of timers and activities are shown', () => {
  const activity = {
    activityId: '2', activityType: 'charge', taskQueue: 'default', state: 'STARTED', attempt: 1, maximumAttempts: 0, scheduledTime: now,
    nextAttemptTime: undefined, lastStartedTime: now, lastFailure: undefined, heartbeatDetails: undefined, summary: 'the second card',
  } as const
  const timers = [{ startTime: now, fireTime: new Date('2026-11-21T11:00:00Z'), summary: 'until the bank opens' }]
  const text = stripVTControlCharacters(descriptionText({ ...description, pendingActivities: [activity], pendingTimers: timers }, now))
  assert.match(text, /charge .*\n +summary +the second card/)
  assert.match(text, /in 1h 00m +until the bank opens/)
})

test('the columns of a table are aligned, whether it is short or long', () => {
  for (const length of [3, 2_000]) {
    const rows = Array.from({ length }, (_, index) => [index === 1 ? 'a wide cell' : 'x', String(index)])
    const lines = table(['NAME', 'NUMBER'], rows).split('\n')
    assert.equal(lines.length, length + 1)
    for (const line of lines) assert.match(line, /^.{11} {2}\S+$/)
  }
})

function assertFits(text: string, columns: number): void {
  for (const line of text.split('\n')) assert.ok(line.length <= columns, `${line.length} columns:\n${line}`)
}

const random = { ...summary, workflowId: '01a1fc1e-5739-7c6c-b34c-933ed2cddd1e', workflowType: 'orderProcessing' }

test('a list fits a terminal of 80 columns with ids as long as our own, which stay whole', () => {
  const held = { ...random, held: { code: 'crash_loop' as const, reason: '', buildId: '', count: 1 } }
  const old = { ...random, status: 'TERMINATED' as const, startTime: new Date('2026-01-02T10:00:00Z'), closeTime: now }
  const text = executionTable([random, held, old], now, 80)
  assertFits(text, 80)
  for (const line of text.split('\n').slice(1)) assert.ok(line.includes(random.workflowId))
  assert.match(text, / orderPr… /)
})

test('a list leaves out and shortens only what does not fit', () => {
  const headings = (columns: number | undefined) => executionTable([random], now, columns).split('\n')[0]?.split(/ {2,}/)
  const all = ['STATUS', 'WORKFLOW ID', 'TYPE', 'TASK QUEUE', 'STARTED', 'TOOK']
  for (const columns of [undefined, 200, 100]) assert.deepEqual(headings(columns), all)
  assert.deepEqual(headings(80), all.filter((heading) => heading !== 'TASK QUEUE'))
  const queues = new Set([200, 100].map((columns) => executionTable([random], now, columns).includes('2026-')))
  assert.deepEqual([...queues], [true, false])
})

test('a history fits a terminal of 80 columns, on one day and over several', () => {
  const event = (eventId: number, eventTime: Date) => ({
    eventId, eventTime, eventType: 'WorkflowExecutionCancelRequested', attributes: { cause: 'x'.repeat(200) },
  })
  const day = historyTable([event(1, now), event(1_000, new Date(now.getTime() + 5))], 80)
  assertFits(day, 80)
  assert.match(day, /^ID +2026-11-\d\d +TYPE/)
  const days = historyTable([event(1, now), event(2, new Date('2026-12-24T10:00:00Z'))], 80)
  assertFits(days, 80)
  assert.match(days, /^ID +2026 +TYPE[^]*12-2\d /)
})

test('a line of the live list puts what does not fit below its status', () => {
  const closed = { ...random, status: 'FAILED' as const, closeTime: now }
  const failure = ApplicationFailure.create({ message: 'no funds '.repeat(20), type: 'CardDeclined' })
  const text = textLine(closed, failure, 80)
  assertFits(text, 80)
  const [first = '', ...others] = text.trimEnd().split('\n')
  assert.match(first, /^\d\d:\d\d:\d\d {2}FAILED/)
  assert.ok(others.length > 0)
  for (const line of others) assert.match(line, /^ {10}\S/)
  assert.match(others.at(-1) ?? '', /CardDeclined: no funds .*…$/)
  assert.equal(textLine(closed, failure, undefined).split('\n').length, 2)
})

test('facts wrap their values under themselves, and long words stay whole', () => {
  const names = Array.from({ length: 12 }, (_, index) => `workflow${index}`).join(', ')
  const lines = facts([['Workflows', names], ['Database', 'x'.repeat(100)]], 60).split('\n')
  for (const line of lines.slice(0, -1)) assert.ok(line.length <= 60, line)
  assert.match(lines[1] ?? '', /^ {11}workflow/)
  assert.equal(lines.at(-1), `Database   ${'x'.repeat(100)}`)
  assert.equal(wrapped('a  b', 80), 'a  b')
})

test('a failure is described with its causes and the places in files of the user', () => {
  const cause = new Error('402')
  const ours = 'file:///srv/app/node_modules/@perdure/engine/dist/x.js:1:2'
  cause.stack = `Error: 402\n    at charge (file:///srv/app/activities.ts:7:9)\n    at ${ours}`
  const failure = ApplicationFailure.create({ message: 'no funds', type: 'CardDeclined', cause })
  failure.stack = 'ApplicationFailure: no funds\n    at async pay (/srv/app/pay.cjs:3:4)\n    at process.processTicks (node:internal/x:1:2)'
  const text = descriptionText({ ...description, status: 'FAILED', closeTime: now, failure }, now)
  assert.match(text, new RegExp([
    '\\nFailure +ApplicationFailure CardDeclined: no funds', ' +at async pay \\(/srv/app/pay\\.cjs:3:4\\)',
    ' +ApplicationFailure: 402', ' +at charge \\(/srv/app/activities\\.ts:7:9\\)$',
  ].join('\\n')))
})

test('colours are for terminals, unless NO_COLOR or FORCE_COLOR says otherwise', () => {
  const terminal = { isTTY: true } as NodeJS.WriteStream
  const pipe = { isTTY: false } as NodeJS.WriteStream
  assert.equal(hasColours(terminal, { TERM: 'xterm' }), true)
  assert.equal(hasColours(terminal, { TERM: 'dumb' }), false)
  assert.equal(hasColours(terminal, { TERM: 'xterm', NO_COLOR: '1', FORCE_COLOR: '1' }), false)
  assert.equal(hasColours(pipe, { CI: 'true' }), false)
  assert.equal(hasColours(pipe, { FORCE_COLOR: '1' }), true)
})

test('a history shows what matters first, failures with their causes, and no options', () => {
  const failure = ApplicationFailure.create({ message: 'no funds', type: 'CardDeclined', cause: new Error('402') })
  const attributes = { input: [5], retryPolicy: {}, startToCloseTimeoutMs: 5, activityType: 'pay' }
  const scheduled = { eventType: 'ActivityTaskScheduled', attributes }
  const text = historyTable([
    { ...scheduled, eventId: 1, eventTime: now },
    { eventId: 2, eventTime: now, eventType: 'ActivityTaskFailed', attributes: { failure } },
  ])
  const [, first = '', second = ''] = text.split('\n')
  assert.match(first, /^1 .*ActivityTaskScheduled {2}activityType=pay {2}input=\[5\]$/)
  assert.match(second, /^2 .*ActivityTaskFailed {5}failure=ApplicationFailure CardDeclined: no funds < ApplicationFailure: 402$/)
})

test('a description says of an open execution what it waits for', () => {
  const waits = (more: Partial<Parameters<typeof descriptionText>[0]>) => {
    return /^Waits for +(.*)$/m.exec(descriptionText({ ...description, ...more }, now))?.[1]
  }
  assert.match(waits({ wakeTime: new Date('2026-11-21T11:00:00Z') }) ?? '', /^the time: .*, in 1h 00m$/)
  assert.equal(waits({ wakeTime: new Date('2026-11-21T09:59:00Z') }), 'a worker that serves the task queue default')
  assert.equal(waits({}), 'a message: a signal, or a cancellation')
  assert.match(waits({ owned: true }) ?? '', /^its worker/)
  assert.match(waits({ held: { code: 'nondeterminism', reason: '', buildId: '', count: 1 } }) ?? '', /^other code, or its next try/)
  assert.equal(waits({ status: 'COMPLETED', closeTime: now }), undefined)
})

test('a description shows the children that have not ended', () => {
  const child = { workflowId: 'order-7/parcel', runId: undefined, workflowType: 'parcel', initiatedTime: new Date('2026-11-21T09:59:00Z') }
  const [one, other] = [{ ...child, cancelRequested: false }, { ...child, runId: 'r', cancelRequested: true }]
  const text = descriptionText({ ...description, pendingChildren: [one, other] }, now)
  assert.match(text, /^Waits for +2 children$/m)
  assert.match(text, /^Pending children\n +TYPE .*\n +parcel +order-7\/parcel +STARTS +1m 00s ago\n/m)
  assert.match(text, /^ +parcel +order-7\/parcel +CANCEL_REQUESTED +1m 00s ago$/m)
  const many = descriptionText({ ...description, pendingChildren: Array.from({ length: 1_000 }, () => one) }, now)
  assert.match(many, /\.\.\. and 980 more$/)
})

test('a description tells the family, the retries and the end of time of an execution, where it has them', () => {
  const text = descriptionText({
    ...description, attempt: 2, parentExecution: { workflowId: 'batch-1', runId: 'r1' }, staticSummary: 'Order of Ada', firstRunId: 'r0',
    retryPolicy: {
      initialIntervalMs: 1, backoffCoefficient: 2, maximumIntervalMs: 2, maximumAttempts: 3, nonRetryableErrorTypes: [],
    },
    timeouts: { ...unrelated.timeouts, expirationTime: new Date('2026-11-21T11:00:00Z') },
  }, now)
  assert.match(text, /^Parent +batch-1 \(run r1\)$/m)
  assert.match(text, /^Attempt +2 of 3; first run r0$/m)
  assert.match(text, /^Times out +.*, in 1h 00m$/m)
  const expired = { ...unrelated.timeouts, expirationTime: new Date(now.getTime() - 60_000) }
  const overdue = descriptionText({ ...description, timeouts: expired }, now)
  assert.match(overdue, /^Times out +since .*, 1m 00s ago: a worker that serves its queue ends it$/m)
  assert.match(text, /^Summary +Order of Ada$/m)
  assert.doesNotMatch(descriptionText(description, now), /Parent|Attempt|Times out|Summary/)
})

test('a description names the signals for which there is no handler', () => {
  const text = descriptionText({ ...description, unhandledSignals: { aprove: 2, hurry: 1 } }, now)
  assert.match(text, /^No handler for +signal aprove \(2 times\), signal hurry: kept until its code sets one$/m)
  assert.doesNotMatch(descriptionText({ ...description, unhandledSignals: {} }, now), /No handler/)
})

test('a description gives the reason of a held execution with all its lines', () => {
  const held = { code: 'nondeterminism' as const, reason: 'expected a\ngot b', buildId: '1', count: 3 }
  const text = descriptionText({ ...description, held }, now)
  assert.match(text, /\nStatus +RUNNING, HELD \(nondeterminism\)\n/)
  assert.match(text, /\n\nHeld: nondeterminism, 3 times in a row\n {2}expected a\n {2}got b$/)
})

test('the live list shows each end and each hold once, and nothing that ended before it began', () => {
  const seen = createSeen(now)
  const closed = (runId: string, closeTime: string) => ({ ...summary, runId, status: 'COMPLETED' as const, closeTime: new Date(closeTime) })
  const open = { ...summary, runId: 'open' }
  const held = { ...open, held: { code: 'crash_loop' as const, reason: '', buildId: '', count: 1 } }
  const runIds = (...executions: Parameters<typeof seen.news>[0]) => seen.news(executions).map((each) => each.runId)
  const [old, fresh] = [closed('old', '2026-11-21T09:59:59Z'), closed('fresh', '2026-11-21T10:00:01Z')]
  assert.deepEqual(runIds(old, fresh, open), ['fresh'])
  assert.deepEqual(runIds(old, fresh, held), ['open'])
  assert.deepEqual(runIds(fresh, held), [])
  assert.deepEqual(seen.outside([fresh]).map((each) => each.runId), ['open'])
  assert.deepEqual(runIds(closed('open', '2026-11-21T10:00:05Z')), ['open'])
  assert.deepEqual(seen.outside([]), [])
})

test('a command to copy has the options that it needs, quoted for a shell, and never a password', () => {
  const configured = (settings: Settings, source?: string): Configuration => ({ settings, file: undefined, sourceOf: () => source })
  const options = { namespace: 'default', output: 'text', configuration: configured({}) } as const
  assert.equal(nextCommand(options, 'workflow list'), 'npx perdure workflow list')
  const odd = nextCommand({ ...options, database: "o'b.db", namespace: 'a b' }, 'migrate')
  assert.equal(odd, String.raw`npx perdure migrate -d 'o'\''b.db' -n 'a b'`)
  assert.equal(nextCommand({ ...options, database: 'postgres://u:secret@h/d' }, 'migrate'), 'npx perdure migrate -d <url>')
  const shop = configured({ namespace: 'shop' }, 'my perdure.yaml:1:1')
  const inFile = { ...options, config: 'my perdure.yaml', namespace: 'shop', configuration: shop }
  assert.equal(nextCommand(inFile, 'migrate'), "npx perdure migrate --config 'my perdure.yaml'")
  assert.equal(nextCommand({ ...inFile, namespace: 'other' }, 'migrate'), "npx perdure migrate --config 'my perdure.yaml' -n other")
  const inEnvironment = { ...options, namespace: 'shop', configuration: configured({ namespace: 'shop' }, '$PERDURE_NAMESPACE') }
  assert.equal(nextCommand(inEnvironment, 'migrate'), 'npx perdure migrate -n shop')
})

test('the log is as grave as the flag says, else the configuration, else the command; and JSON where either wants it', async (t) => {
  const written: string[] = []
  const write = t.mock.method(process.stderr, 'write', (line: string) => written.push(line) > 0)
  const logged = async (flag: LogLevel | undefined, settings: Settings, output: 'text' | 'jsonl' = 'text') => {
    written.length = 0
    const options = { output, configuration: { settings }, ...(flag === undefined ? {} : { logLevel: flag }) }
    const log = await configuredLogger(options, 'warn')
    log.debug('one')
    log.warn('two')
    return written.map((line) => (line.startsWith('{') ? 'json' : 'text'))
  }
  const format = 'text'
  const results = [
    await logged(undefined, { logging: { format } }), await logged(undefined, { logging: { format, level: 'debug' } }),
    await logged('warn', { logging: { format, level: 'debug' } }), await logged('silent', {}),
    await logged(undefined, { logging: { level: 'silent' } }), await logged(undefined, { logging: { format: 'json' } }),
    await logged(undefined, { logging: { format } }, 'jsonl'),
  ]
  write.mock.restore()
  assert.deepEqual(results, [['text'], ['text', 'text'], ['text'], [], [], ['json'], ['json']])
})

test('a log that is no terminal has times with day and zone', async (t) => {
  const written: string[] = []
  const write = t.mock.method(process.stderr, 'write', (line: string) => written.push(line) > 0)
  const settings: Settings = { logging: { format: 'text' } }
  const log = await configuredLogger({ output: 'text', configuration: { settings } }, 'warn')
  log.warn('aloud', { step: 1 })
  write.mock.restore()
  assert.match(written.join(''), /^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] WARN: aloud \{"step":1\}\n$/)
})
