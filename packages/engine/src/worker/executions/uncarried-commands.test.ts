import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, defineSignal, type Headers, makeContinueAsNewFunc, setHandler, startChild } from '@perdure/workflow'
import { record } from '../../../test/execution-driver.ts'
import { namespace, openStage } from '../../../test/worker-stage.ts'
import type { Payload } from '../../protocol/payload.ts'
import { commitUnit, mergeUnits } from '../commits/commit-unit.ts'
import { ownedExecution } from '../commits/owned-execution.ts'

const go = defineSignal('go')

async function patient(): Promise<string> {
  let gone = false
  setHandler(go, () => { gone = true })
  await condition(() => gone)
  return 'gone'
}

test('what continueAsNew() cannot pass on fails the execution that passes it, and no other', async (t) => {
  const stage = openStage(t, {
    workflows: {
      patient,
      memo: async () => makeContinueAsNewFunc({ memo: { amount: 1n } })(),
      argument: async () => makeContinueAsNewFunc<(amount: bigint) => Promise<void>>()(1n),
    },
  })
  const { client } = await stage.addWorker()
  const other = await client.start(patient, { workflowId: 'other' })
  for (const type of ['memo', 'argument']) {
    const handle = await client.start(type, { workflowId: type })
    await assert.rejects(handle.result({ timeout: '20 seconds' }), ({ cause }: Error) => {
      assert.match(String(cause), /amount is a BigInt|argument 1 of workflow|BigInt/)
      return true
    })
  }
  await other.signal(go)
  assert.equal(await other.result({ timeout: '20 seconds' }), 'gone')
})

test('a command that cannot be carried out holds its execution, and no other', async (t) => {
  const headers = { trace: { data: 'a text in place of bytes' } } as unknown as Headers
  const stage = openStage(t, {
    workflows: { patient, parent: async () => { await startChild(patient, { workflowId: 'child' }) } },
    workflowInterceptors: [() => ({
      outbound: [{ startChildWorkflowExecution: async (input, next) => next({ ...input, headers }) }],
    })],
  })
  const { client } = await stage.addWorker()
  const other = await client.start(patient, { workflowId: 'other' })
  await client.start('parent', { workflowId: 'parent' })
  const held = Promise.withResolvers<void>()
  const { onCommit } = stage
  stage.onCommit = async (batch, forward) => {
    const outcome = await onCommit(batch, forward)
    if (batch.transitions.some(({ release }) => release?.held?.code === 'task_failure')) held.resolve()
    return outcome
  }
  if ((await stage.store.getExecution(namespace, 'parent', null))?.held === null) await held.promise
  await other.signal(go)
  assert.equal(await other.result({ timeout: '20 seconds' }), 'gone')
})

test('a unit that is sent again with what gathered since has the memo of the one and the search attributes of the other', () => {
  const older = commitUnit(ownedExecution(record, 0))
  const newer = commitUnit(older.owned)
  older.upsert = { memo: '{"page":1}' as Payload, details: '{"a":1}' as Payload }
  newer.upsert = { searchAttributes: '{"Region":["eu"]}' as Payload }
  assert.deepEqual(mergeUnits(older, newer).upsert, { ...older.upsert, ...newer.upsert })
})
