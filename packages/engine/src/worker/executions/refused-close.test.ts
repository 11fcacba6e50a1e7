import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CancellationScope, condition, defineSignal, proxyActivities, setHandler, type ActivityCancellationType } from '@perdure/workflow'
import { activityInfo } from '@perdure/workflow/activity'
import { closes, namespace, openStage, outcomesOf } from '../../../test/worker-stage.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { encodeArguments } from '../../protocol/payload-codec.ts'

const noted = defineSignal('noted')

/** Gives its activity up at the first signal, unless a second came with it. */
async function leaving(cancellationType: ActivityCancellationType): Promise<string> {
  const { flaky } = proxyActivities<{ flaky(): Promise<string> }>({
    startToCloseTimeout: '1 minute', cancellationType, retry: { initialInterval: 1, maximumAttempts: 5 },
  })
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

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => void setImmediate(resolve))
}

for (const cancellationType of ['ABANDON', 'TRY_CANCEL'] as const) {
  for (const failsWhile of ['the close is in flight', 'the code waits for its next run'] as const) {
    test(`${cancellationType}: an attempt that fails while ${failsWhile} is spent, and made again`, async (t) => {
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
      const fail = async (): Promise<void> => {
        failing.resolve()
        await turns()
      }
      const signal = async (): Promise<void> => {
        const input = encodeArguments([], 'signal')
        const data = encodeEvent({ type: 'WorkflowExecutionSignaled', signalName: 'noted', identity: 'other', input })
        await store.post([{ namespace, workflowId: 'w', runId: null, type: 'WorkflowExecutionSignaled', data }])
      }
      let closings = 0
      stage.onCommit = async (batch, forward) => {
        if (!closes(batch) || closings++ > 0) return forward(batch)
        await signal()
        if (failsWhile === 'the close is in flight') await fail()
        return forward(batch)
      }
      const readInbox = store.readInbox.bind(store)
      Object.assign(store, {
        readInbox: async (...given: Parameters<typeof readInbox>) => {
          if (outcomesOf(stage, 'close').length > 0) await fail()
          return readInbox(...given)
        },
      })
      const { client } = await stage.addWorker()
      const handle = await client.start('leaving', { workflowId: 'w', args: [cancellationType] })
      while (attempts.length === 0) await turns()
      await handle.signal(noted)
      assert.equal(await handle.result(), 'attempt 2')
      assert.deepEqual(attempts, [1, 2])
      assert.deepEqual(outcomesOf(stage, 'close'), ['unread', 'ok'])
    })
  }
}
