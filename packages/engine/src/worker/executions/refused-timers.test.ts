import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineSignal, proxyActivities, setHandler, sleep } from '@perdure/workflow'
import { closes, namespace, openStage, outcomesOf } from '../../../test/worker-stage.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { encodeArguments } from '../../protocol/payload-codec.ts'

const { act } = proxyActivities<{ act(): Promise<void> }>({ startToCloseTimeout: '1 minute' })
const late = defineSignal('late')

const signal = {
  namespace, workflowId: 'w', runId: null, type: 'WorkflowExecutionSignaled',
  data: encodeEvent({ type: 'WorkflowExecutionSignaled', signalName: 'late', identity: 'other', input: encodeArguments([], 'signal') }),
}

test('a timer of a refused close does not fire the one that gets its number when the code runs again', async (t) => {
  const begun = Promise.withResolvers<() => void>()
  const ranAhead = Promise.withResolvers<void>()
  const stage = openStage(t, {
    workflows: {
      waiting: async () => {
        const seen: string[] = []
        setHandler(late, async () => {
          seen.push('late')
          await sleep('1 hour')
          seen.push('an hour later')
        })
        await act()
        await sleep(1)
        seen.push('a moment later')
        await sleep(1)
        ranAhead.resolve()
        return seen
      },
      other: async () => undefined,
    },
    activities: { act: () => new Promise<void>((resolve) => { begun.resolve(resolve) }) },
  })
  const { client } = await stage.addWorker()
  const inFlight = Promise.withResolvers<void>()
  let isPosted = false
  stage.onCommit = async (batch, forward) => {
    if (batch.starts.some(({ workflowId }) => workflowId === 'other')) {
      inFlight.resolve()
      await ranAhead.promise
    } else if (closes(batch) && !isPosted) {
      isPosted = true
      // What ran while the other commit was in flight is one transition: the end of the activity, both timers, the close.
      assert.deepEqual(batch.transitions.map(({ events }) => events.length), [3])
      await stage.store.post([signal])
    }
    return forward(batch)
  }
  const handle = await client.start('waiting', { workflowId: 'w' })
  const endActivity = await begun.promise
  const other = client.execute('other', { workflowId: 'other' })
  await inFlight.promise
  endActivity()
  await other
  assert.deepEqual(await handle.result(), ['late', 'a moment later'])
  assert.deepEqual(outcomesOf(stage, 'close'), ['ok', 'unread', 'ok'])
})
