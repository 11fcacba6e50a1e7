import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ApplicationFailure, condition, defineQuery, defineSignal, defineUpdate, getRandomStream, setHandler, uuid4, workflowRandom,
} from '@perdure/workflow'
import { namespace, openStage } from '../../../test/worker-stage.ts'
import { asRunId } from '../../protocol/ids.ts'
import { replayReadOnly } from './read-only-replay.ts'

const go = defineSignal('go')
const checked = defineUpdate<void>('checked')
const drawnQuery = defineQuery<number>('drawn')

async function draws(): Promise<unknown> {
  const own = getRandomStream('own')
  const all = (): unknown[] => [workflowRandom.random(), uuid4(), getRandomStream('own').random(), own.random()]
  let isOver = false
  setHandler(drawnQuery, () => own.random())
  setHandler(checked, () => undefined, { validator: () => { throw ApplicationFailure.nonRetryable(`${all().length} were drawn`) } })
  setHandler(go, () => { isOver = true })
  await condition(() => isOver)
  return all()
}

test('what validators and queries draw at random is not missing from the numbers of the workflow, which does not run them on replay',
  async (t) => {
    const stage = openStage(t, { workflows: { draws } })
    const { client } = await stage.addWorker()
    const handle = await client.start('draws', { workflowId: 'w' })
    await assert.rejects(handle.executeUpdate(checked, { args: [] }), { code: 'UPDATE_REJECTED' })
    await handle.query(drawnQuery)
    await handle.signal(go)
    const result = await handle.result()
    const runId = asRunId(handle.runId)
    const record = await stage.store.getExecution(namespace, 'w', runId)
    assert.ok(record !== undefined)
    const { outcome } = await replayReadOnly({ record, fn: draws, wallClock: () => 0 }, await stage.store.readHistory(runId, 0, 100))
    assert.deepEqual(outcome?.type === 'completed' && JSON.parse(outcome.result), result)
  })
