import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultPayloadConverter, defineSearchAttributeKey } from '@perdure/workflow'
import { record } from '../../test/execution-driver.ts'
import { convertedValues } from '../conversion/value-converter.ts'
import { asRunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import { encodeStartDetails } from '../protocol/start-details.ts'
import { descriptionOf } from './description.ts'

const parent = { workflowId: 'p', runId: asRunId('01900000-0000-7000-8000-000000000001'), namespace: 'default' }
const root = { workflowId: 'r', runId: asRunId('01900000-0000-7000-8000-000000000002') }
const retry = { initialMs: 1_000, coefficient: 2, maximumMs: 5_000, maximumAttempts: 3, nonRetryableErrorTypes: ['No'] }

test('a description tells the chain, the family, the timeouts and the retry policy of a run', () => {
  const details = encodeStartDetails({
    parent, root, retry, attempt: 2, continuedFrom: root.runId, executionTimeoutMs: 60_000, runTimeoutMs: 10_000, taskTimeoutMs: 5_000,
    staticSummary: 'short', staticDetails: 'long',
  })
  const described = descriptionOf({ ...record, details, expiresAt: 7_000 }, [], undefined)
  assert.deepEqual([described.parentExecution, described.rootExecution], [{ workflowId: 'p', runId: parent.runId }, root])
  assert.deepEqual([described.attempt, described.continuedFromRunId], [2, root.runId])
  assert.deepEqual(described.retryPolicy, {
    initialIntervalMs: 1_000, backoffCoefficient: 2, maximumIntervalMs: 5_000, maximumAttempts: 3, nonRetryableErrorTypes: ['No'],
  })
  assert.deepEqual(described.timeouts, {
    executionTimeoutMs: 60_000, runTimeoutMs: 10_000, taskTimeoutMs: 5_000, expirationTime: new Date(7_000),
  })
  assert.deepEqual([described.staticSummary, described.staticDetails], ['short', 'long'])
})

test('arguments that are not all JSON are shown one by one', () => {
  const bytesOf = (text: string) => new TextEncoder().encode(text)
  const values = convertedValues({
    toPayload: (value) => typeof value === 'bigint'
      ? { metadata: { encoding: bytesOf('text/bigint') }, data: bytesOf(String(value)) } : defaultPayloadConverter.toPayload(value),
    fromPayload: defaultPayloadConverter.fromPayload,
  })
  const input = values.encodeArguments(['order-7', 12n, undefined, { amount: 5 }], 'a workflow')
  const { input: shown } = descriptionOf({ ...record, input }, [], undefined)
  assert.deepEqual(shown, ['order-7', { encoded: 'text/bigint', bytes: 2 }, undefined, { amount: 5 }])
  assert.deepEqual(descriptionOf({ ...record, input: ':broken' as Payload }, [], undefined).input.length, 1)
})

test('a run without details is the first of its chain, and its root where it has a parent is that parent', () => {
  const { attempt, retryPolicy, parentExecution, rootExecution } = descriptionOf(record, [], undefined)
  assert.deepEqual([attempt, retryPolicy, parentExecution, rootExecution], [1, undefined, undefined, undefined])
  const child = descriptionOf({ ...record, details: encodeStartDetails({ parent }) }, [], undefined)
  assert.deepEqual(child.rootExecution, { workflowId: 'p', runId: parent.runId })
})

test('search attributes are read by typed keys, and details that cannot be read do not hide the rest', () => {
  const searchAttributes = '{"Region":"eu","Amount":[7]}' as Payload
  const described = descriptionOf({ ...record, searchAttributes, details: 'not JSON' as Payload }, [], undefined)
  const region = described.typedSearchAttributes.get(defineSearchAttributeKey('Region', 'KEYWORD'))
  assert.deepEqual([region, described.typedSearchAttributes.get(defineSearchAttributeKey('Amount', 'INT'))], ['eu', 7])
  assert.deepEqual([described.attempt, described.workflowId], [1, 'w'])
})
