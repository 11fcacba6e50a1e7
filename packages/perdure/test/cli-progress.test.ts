/** What a terminal shows while a command waits. */
import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import type { ExecutionDescription, PendingActivity } from '@perdure/engine'
import { TypedSearchAttributes } from '@perdure/workflow'
import { statusLine } from '../src/cli/status-line.ts'
import { progressText } from '../src/cli/waiting-view.ts'

const now = new Date('2026-11-21T10:00:00Z')
const before = (seconds: number) => new Date(now.getTime() - seconds * 1_000)
const unrelated = {
  typedSearchAttributes: new TypedSearchAttributes(), continuedFromRunId: undefined, attempt: 1, retryPolicy: undefined,
  parentExecution: undefined, rootExecution: undefined, staticSummary: undefined, staticDetails: undefined,
  timeouts: { executionTimeoutMs: undefined, runTimeoutMs: undefined, taskTimeoutMs: undefined, expirationTime: undefined },
}
const description: ExecutionDescription = {
  workflowId: 'order-7', runId: '01a1fc1e-5739-7c6c-b34c-933ed2cddd1e', workflowType: 'order', taskQueue: 'default',
  status: 'RUNNING', startTime: before(12), closeTime: undefined, held: undefined,
  namespace: 'default', priority: 3, executionTime: before(11), input: [], result: undefined, failure: undefined,
  memo: undefined, searchAttributes: undefined, ...unrelated, firstRunId: '', owned: true, wakeTime: undefined, takeovers: 0,
  pendingActivities: [], problem: undefined, pendingTimers: undefined, pendingChildren: undefined,
  pendingConditions: undefined, unhandledSignals: undefined,
}
const activity: PendingActivity = {
  activityId: '1', activityType: 'charge', taskQueue: 'default', state: 'STARTED', attempt: 1, maximumAttempts: 0,
  scheduledTime: before(5), nextAttemptTime: undefined, lastStartedTime: before(3), lastFailure: undefined,
  heartbeatDetails: undefined, summary: undefined,
}

const cases: readonly [string, Partial<ExecutionDescription>, string][] = [
  ['an activity that runs', { pendingActivities: [activity] }, 'RUNNING 12s  charge runs since 3s'],
  ['several activities', { pendingActivities: [activity, activity, activity] }, 'RUNNING 12s  charge runs since 3s, and 2 more'],
  ['the pause before the next attempt', {
    pendingActivities: [{ ...activity, attempt: 4, nextAttemptTime: before(-7), lastFailure: new Error('503') }],
  }, 'RUNNING 12s  charge, attempt 4 in 7s: ApplicationFailure: 503'],
  ['a timer', { wakeTime: before(-60) }, 'RUNNING 12s  waits for the time: '],
  ['a condition', { pendingConditions: 1 }, 'RUNNING 12s  waits for a condition'],
  ['a worker that nobody started', { owned: false, problem: "no worker serves 'x'" }, "RUNNING 12s  no worker serves 'x'"],
  ['other code', { held: { code: 'nondeterminism', reason: 'one\ntwo', buildId: '', count: 1 } }, 'HELD 12s  nondeterminism: one'],
  ['nothing any more', { status: 'COMPLETED', closeTime: before(2) }, 'COMPLETED 10s'],
]
for (const [what, more, text] of cases) {
  test(`an execution that waits for ${what} is told in one line`, () => {
    const line = progressText({ ...description, ...more }, now)
    assert.ok(line.startsWith(`order-7  ${text}`), line)
    assert.doesNotMatch(line, /\n/)
  })
}

function terminal(isTTY: boolean): { readonly stream: NodeJS.WriteStream; text(): string } {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 20 })
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => String(stream.read() ?? '') }
}

const erased = '\u001b[2K'

test('the line fits the terminal, stays at its beginning and leaves nothing behind', () => {
  const { stream, text } = terminal(true)
  const status = statusLine('text', undefined, stream)
  status.show(() => 'a line that is longer than this terminal is wide')
  const written = text()
  assert.ok(written.startsWith(erased) && written.endsWith('\r'), JSON.stringify(written))
  assert.equal(stripVTControlCharacters(written).trim(), 'a line that is lon…')
  status.clear()
  assert.equal(text(), erased)
  status.clear()
  assert.equal(text(), '')
})

test('Ctrl-C takes the line away and says what goes on; who else listens decides what ends', (t) => {
  const { stream, text } = terminal(true)
  const heard = t.mock.fn()
  process.once('SIGINT', heard)
  const status = statusLine('text', 'It goes on', stream)
  status.show(() => 'waiting')
  text()
  process.emit('SIGINT')
  assert.equal(text(), `${erased}It goes on\n`)
  assert.equal(heard.mock.callCount(), 1)
  assert.equal(process.listenerCount('SIGINT'), 0)
})

test('there is no line for a pipe, nor for a program', () => {
  for (const [output, isTTY] of [['text', false], ['json', true], ['jsonl', true]] as const) {
    const { stream, text } = terminal(isTTY)
    const status = statusLine(output, undefined, stream)
    status.show(() => assert.fail('nobody sees it'))
    status.clear()
    assert.equal(text(), '')
  }
})
