import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeterminismViolationError, defaultPayloadConverter, IllegalStateError, PayloadConverterError, ValueError, WorkflowError,
  WorkflowNotFoundError,
} from '@perdure/workflow'

const { toPayload, fromPayload } = defaultPayloadConverter

test('values come back from their payloads', () => {
  const values = [undefined, null, 0, 'text', '', [1, { a: [true] }], new Uint8Array([1, 2, 255])]
  for (const value of values) assert.deepEqual(fromPayload(toPayload(value)), value)
})

test('payloads have the encodings of Temporal', () => {
  const encodingOf = (value: unknown): string => new TextDecoder().decode(toPayload(value).metadata?.['encoding'])
  const encodings = [undefined, { a: 1 }, new Uint8Array()].map(encodingOf)
  assert.deepEqual(encodings, ['binary/null', 'json/plain', 'binary/plain'])
  assert.equal(new TextDecoder().decode(toPayload({ a: 1 }).data ?? undefined), '{"a":1}')
})

test('what has no encoding is refused, and so is an encoding that is not known', () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  for (const value of [() => 1, Symbol('x'), circle, 5n]) assert.throws(() => toPayload(value), PayloadConverterError)
  const strange = { metadata: { encoding: new TextEncoder().encode('protobuf') } }
  assert.throws(() => fromPayload(strange), /Unknown encoding of a payload: protobuf/)
  assert.throws(() => fromPayload({}), ValueError)
})

test('classes of errors are told apart by instanceof as on Temporal', () => {
  const cause = new Error('why')
  assert.equal(new ValueError('x', cause).cause, cause)
  assert.ok(!('cause' in new ValueError('x')))
  assert.ok(new DeterminismViolationError('x') instanceof WorkflowError)
  assert.ok(!(new IllegalStateError('x') instanceof WorkflowError))
  const { workflowId, runId, name } = new WorkflowNotFoundError('x', 'order-7', undefined)
  assert.deepEqual([workflowId, runId, name], ['order-7', undefined, 'WorkflowNotFoundError'])
})
