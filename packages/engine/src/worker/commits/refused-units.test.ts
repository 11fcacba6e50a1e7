import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineSignal, proxyActivities, setHandler } from '@perdure/workflow'
import { Context } from '@perdure/workflow/activity'
import { settled } from '../../../test/manual-clock.ts'
import { namespace, openStage } from '../../../test/worker-stage.ts'
import { StoreRejectedError } from '../../ports/store-error.ts'
import { asRunId } from '../../protocol/ids.ts'

interface Activities {
  beating(): Promise<string>
  quick(): Promise<string>
}
const { beating, quick } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry: { initialInterval: 10 } })
const go = defineSignal('go')

test('what gathered behind a unit that the database refuses is not sent without it', async (t) => {
  const [told, quickEnds, beatingEnds, applied] = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const begun = new Set<string>()
  const stage = openStage(t, {
    workflows: {
      pair: async () => {
        setHandler(go, () => told?.resolve())
        return Promise.all([beating(), quick().finally(() => applied?.resolve())])
      },
    },
    activities: {
      beating: async () => {
        begun.add('beating')
        if (Context.current().info.attempt > 1) return 'beating again'
        await told?.promise
        Context.current().heartbeat()
        await beatingEnds?.promise
        throw new Error('the first attempt')
      },
      quick: async () => {
        begun.add('quick')
        await quickEnds?.promise
        return 'quick'
      },
    },
  })
  const { client } = await stage.addWorker()
  const [inFlight, refusal] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let isRefused = false
  stage.onCommit = async (batch, forward) => {
    const [unit] = batch.transitions
    if (isRefused || unit?.events[0]?.type !== 'WorkflowExecutionSignaled') return forward(batch)
    isRefused = true
    assert.equal(unit.tasks.length, 1, 'the row of the attempt that beats')
    inFlight.resolve()
    await refusal.promise
    throw new StoreRejectedError('not this one')
  }
  const handle = await client.start('pair', { workflowId: 'w' })
  while (begun.size < 2) await settled()
  await handle.signal(go)
  await inFlight.promise
  // An event and an end of an attempt gather while the unit that they follow is under way.
  quickEnds?.resolve()
  await applied?.promise
  await settled()
  beatingEnds?.resolve()
  await settled()
  refusal.resolve()
  const execution = () => stage.store.getExecution(namespace, 'w', null)
  while ((await execution())?.held?.code !== 'commit_rejected') await settled()
  const seqs = async () => (await stage.store.readHistory(asRunId(handle.runId), 0, 100)).map(({ seq }) => seq)
  assert.deepEqual(await seqs(), [])
  stage.aheadMs = 3_000
  assert.deepEqual(await handle.result(), ['beating again', 'quick'])
  assert.deepEqual(await seqs(), (await seqs()).map((_, index) => index + 1))
})
