import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CancellationScope, condition, defineSignal, proxyActivities, setHandler } from '@perdure/workflow'
import { activityInfo } from '@perdure/workflow/activity'
import { closes, namespace, openStage, outcomesOf } from '../../../test/worker-stage.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { encodeArguments } from '../../protocol/payload-codec.ts'

const { flaky } = proxyActivities<{ flaky(): Promise<string> }>({
  startToCloseTimeout: '1 minute', cancellationType: 'ABANDON', retry: { initialInterval: 1, maximumAttempts: 5 },
})
const noted = defineSignal('noted')

/** Gives its activity up at the first signal, unless a second came with it. */
async function leaving(): Promise<string> {
  let signals = 0
  setHandler(noted, () => { signals++ })
  const scope = new CancellationScope()
  const result = scope.run(() => flaky())
  result.catch(() => undefined)
  await condition(() => signals > 0)
  if (signals > 1) return result
  scope.cancel()
  return 'left'
}

test('an attempt that fails between a refused close and the next run of the code is spent', async (t) => {
  const attempts: number[] = []
  const failing = Promise.withResolvers<void>()
  const stage = openStage(t, {
    workflows: { leaving },
    activities: {
      flaky: async () => {
        const { attempt } = activityInfo()
        attempts.push(attempt)
        if (attempt > 1) return `attempt ${attempt}`
        await failing.promise
        throw new Error('not now')
      },
    },
  })
  const { store } = stage
  const signal = async (): Promise<void> => {
    const input = encodeArguments([], 'signal')
    const data = encodeEvent({ type: 'WorkflowExecutionSignaled', signalName: 'noted', identity: 'other', input })
    await store.post([{ namespace, workflowId: 'w', runId: null, type: 'WorkflowExecutionSignaled', data }])
  }
  let closings = 0
  stage.onCommit = async (batch, forward) => {
    if (closes(batch) && closings++ === 0) await signal()
    return forward(batch)
  }
  const readInbox = store.readInbox.bind(store)
  Object.assign(store, {
    readInbox: async (...given: Parameters<typeof readInbox>) => {
      if (outcomesOf(stage, 'close').length > 0) {
        failing.resolve()
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => void setImmediate(resolve))
      }
      return readInbox(...given)
    },
  })
  const { client } = await stage.addWorker()
  const handle = await client.start('leaving', { workflowId: 'w' })
  while (attempts.length === 0) await new Promise((resolve) => void setImmediate(resolve))
  await handle.signal(noted)
  assert.equal(await handle.result(), 'attempt 2')
  assert.deepEqual(attempts, [1, 2])
  assert.deepEqual(outcomesOf(stage, 'close'), ['unread', 'ok'])
})
