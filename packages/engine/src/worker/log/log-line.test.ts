import assert from 'node:assert/strict'
import { test } from 'node:test'
import { record } from '../../../test/execution-driver.ts'
import type { Payload } from '../../protocol/payload.ts'
import { encodeStartDetails } from '../../protocol/start-details.ts'
import { executionFields } from './log-line.ts'

for (const [what, details, attempt] of [
  ['a first run', null, 1], ['a run with other details', encodeStartDetails({ runTimeoutMs: 7 }), 1],
  ['the third run of a retry policy', encodeStartDetails({ attempt: 3 }), 3],
  ['details that cannot be read', '"attempt":' as Payload, 1],
] as const) {
  test(`lines about ${what} are of attempt ${attempt}, as workflowInfo() has it`, () => {
    const { workflowId, runId, workflowType } = record
    assert.deepEqual(executionFields({ ...record, details }), { workflowId, runId, workflowType, attempt })
  })
}
