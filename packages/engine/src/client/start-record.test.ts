import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineSearchAttributeKey, type SearchAttributePair, TypedSearchAttributes } from '@perdure/workflow'
import { asRunId } from '../protocol/ids.ts'
import { decodeStartDetails } from '../protocol/start-details.ts'
import type { AnyStartOptions } from './start-options.ts'
import { startRecord } from './start-record.ts'

const now = Date.UTC(2026, 0, 1)
const runId = asRunId('01900000-0000-7000-8000-000000000001')

const recordOf = (options: AnyStartOptions, more: object = {}) => {
  return startRecord(options, { namespace: 'default', taskQueue: 'q', workflowType: 'order', runId, now, call: 'start()', ...more })
}

test('a start without timeouts, retries, headers and messages has no link', () => {
  assert.equal(recordOf({ memo: { a: 1 }, startDelay: 5, followRuns: false }).link, undefined)
})

test('timeouts, retry policy and summaries go into the details, with the defaults of a retry policy filled in', () => {
  const { link } = recordOf({
    workflowExecutionTimeout: '1 hour', workflowRunTimeout: '10 minutes', workflowTaskTimeout: '10 seconds',
    retry: { maximumAttempts: 3 }, staticSummary: 'short', staticDetails: 'long\nlines',
  })
  assert.deepEqual([link?.firstRunId, link?.parent, link?.messages], [runId, null, []])
  assert.deepEqual(decodeStartDetails(link?.details), {
    retry: { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 3, nonRetryableErrorTypes: [] },
    executionTimeoutMs: 3_600_000, runTimeoutMs: 600_000, taskTimeoutMs: 10_000, executionExpiresAt: now + 3_600_000,
    staticSummary: 'short', staticDetails: 'long\nlines',
  })
})

const expiries: readonly (readonly [options: AnyStartOptions, expiresAfter: number | null])[] = [
  [{ workflowRunTimeout: 1_000 }, 1_000],
  [{ workflowExecutionTimeout: 2_000 }, 2_000],
  [{ workflowRunTimeout: 1_000, workflowExecutionTimeout: 2_000 }, 1_000],
  [{ workflowRunTimeout: 3_000, workflowExecutionTimeout: 2_000 }, 2_000],
  [{ workflowRunTimeout: 1_000, startDelay: 500 }, 1_500],
  [{ workflowExecutionTimeout: 2_000, startDelay: 500 }, 2_000],
  [{ workflowTaskTimeout: 1_000 }, null],
  [{ staticSummary: 'x' }, null],
]
for (const [options, expiresAfter] of expiries) {
  test(`a run ends by the earlier of its timeouts, that of the run counted from when its code may run: ${JSON.stringify(options)}`, () => {
    assert.equal(recordOf(options).link?.expiresAt ?? null, expiresAfter === null ? null : now + expiresAfter)
  })
}

test('headers and first messages make a link of a start that has no options for it', () => {
  const headers = { trace: { data: Uint8Array.of(1) } }
  assert.deepEqual(decodeStartDetails(recordOf({}, { headers }).link?.details).headers, headers)
  assert.equal(recordOf({}, { headers: {} }).link, undefined)
  const messages = [{ type: 'WorkflowExecutionSignaled', data: '{}', updateId: null }]
  const { link } = recordOf({}, { messages })
  assert.deepEqual([link?.messages, link?.details, link?.expiresAt], [messages, null, null])
})

test('typed search attributes are stored by name, beside the untyped ones and over them', () => {
  const typed: SearchAttributePair[] = [
    { key: defineSearchAttributeKey('Amount', 'INT'), value: 7 },
    { key: defineSearchAttributeKey('Due', 'DATETIME'), value: new Date(now) },
    { key: defineSearchAttributeKey('Tags', 'KEYWORD_LIST'), value: ['a', 'b'] },
  ]
  const stored = recordOf({ searchAttributes: { Region: ['eu'], Amount: [1] }, typedSearchAttributes: typed }).searchAttributes
  assert.deepEqual(JSON.parse(stored ?? ''), { Region: ['eu'], Amount: [7], Due: ['2026-01-01T00:00:00.000Z'], Tags: ['a', 'b'] })
  const held = new TypedSearchAttributes(typed)
  assert.equal(recordOf({ typedSearchAttributes: held }).searchAttributes, recordOf({ typedSearchAttributes: typed }).searchAttributes)
})

test('untyped search attributes are lists of texts, numbers, booleans or Dates; what is empty or undefined is not kept', () => {
  const searchAttributes = { Region: ['eu'], Sizes: [1, 2], Urgent: [true], Due: [new Date(now)], Note: [], Left: undefined }
  const kept = { Region: ['eu'], Sizes: [1, 2], Urgent: [true], Due: ['2026-01-01T00:00:00.000Z'] }
  assert.deepEqual(JSON.parse(recordOf({ searchAttributes }).searchAttributes ?? ''), kept)
})

const noLists: readonly (readonly [given: unknown, message: RegExp])[] = [
  [{ Region: 'eu' }, /^Wrong search attributes of start\(\): the value of 'Region' is no list of .*, as in \{ Region: \["eu"\] \}$/],
  [{ Amount: 7 }, /the value of 'Amount' is no list .*\{ Amount: \[7\] \}$/], [{ Region: [{}] }, /'Region' is no list/],
  [{ Region: null }, /'Region' is no list .*\{ Region: \["eu"\] \}$/], [{ Note: 'x'.repeat(1_000) }, /\{ Note: \["\.\.\."\] \}$/],
  ['Region', /no object; give lists by name/], [null, /no object/],
]
for (const [given, message] of noLists) {
  test(`untyped search attributes of a start that are no lists are refused: ${message.source}`, () => {
    assert.throws(() => recordOf({ searchAttributes: given as never }), { code: 'SEARCH_ATTRIBUTES_INVALID', message })
  })
}

for (const [what, options, expected] of [
  ['none', {}, ['ALLOW_DUPLICATE', 'FAIL']],
  ['one by its older name', { workflowIdReusePolicy: 'WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE' }, ['REJECT_DUPLICATE', 'FAIL']],
  ['the one that says nothing', { workflowIdReusePolicy: 'WORKFLOW_ID_REUSE_POLICY_UNSPECIFIED' }, ['ALLOW_DUPLICATE', 'FAIL']],
  ['TERMINATE_IF_RUNNING', { workflowIdReusePolicy: 'TERMINATE_IF_RUNNING' }, ['ALLOW_DUPLICATE', 'TERMINATE_EXISTING']],
] as const) {
  test(`the policies of a start that is given ${what} are ${expected.join(' and ')}, as on Temporal`, () => {
    const { reusePolicy, conflictPolicy } = recordOf(options as AnyStartOptions)
    assert.deepEqual([reusePolicy, conflictPolicy], expected)
  })
}

test('TERMINATE_IF_RUNNING beside a conflict policy is refused, and what is no policy', () => {
  assert.throws(() => recordOf({ workflowIdReusePolicy: 'TERMINATE_IF_RUNNING', workflowIdConflictPolicy: 'FAIL' }), {
    code: 'OPTIONS_INVALID', message: /'TERMINATE_IF_RUNNING', and workflowIdConflictPolicy 'FAIL'/,
  })
  assert.throws(() => recordOf({ workflowIdReusePolicy: 'toString' as 'REJECT_DUPLICATE' }), { code: 'OPTIONS_INVALID' })
})
