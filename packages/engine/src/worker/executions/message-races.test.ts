import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@perdure/workflow'
import {
  answerInstead, closes, namespace, openStage, outcomesOf, releases, type Stage, type StageWorker,
} from '../../../test/worker-stage.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { asRunId } from '../../protocol/ids.ts'
import { encodeArguments } from '../../protocol/payload-codec.ts'
import type { CommitBatch } from '../../protocol/transition.ts'

const { act } = proxyActivities<{ act(value: number): Promise<number> }>({ startToCloseTimeout: '1 minute' })
const noted = defineSignal<[string]>('noted')

async function oneActivity(): Promise<unknown> {
  const seen: string[] = []
  setHandler(noted, (text: string) => { seen.push(text) })
  return { result: await act(7), seen }
}

async function lastSignal(): Promise<unknown> {
  const seen: string[] = []
  setHandler(noted, (text: string) => { seen.push(text) })
  await condition(() => seen.includes('last'))
  return seen
}

async function timers(): Promise<unknown> {
  const seen: string[] = []
  setHandler(noted, (text: string) => { seen.push(text) })
  await sleep(1)
  return seen
}

async function fanOut(): Promise<unknown> {
  const order: number[] = []
  await Promise.all([1, 2, 3, 4, 5, 6].map(async (value) => { order.push(await act(value)) }))
  return order
}

interface Scene {
  readonly stage: Stage
  readonly calls: number[]
  readonly client: StageWorker['client']
}

async function stageWith(t: TestContext, maxCachedWorkflows: number): Promise<Scene> {
  const calls: number[] = []
  const stage = openStage(t, {
    workflows: { oneActivity, lastSignal, timers, fanOut },
    activities: { act: async (value: number) => { calls.push(value); return value * 10 } },
    settings: { maxCachedWorkflows },
  })
  const { client } = await stage.addWorker()
  return { stage, calls, client }
}

async function post(stage: Stage, workflowId: string, text: string): Promise<void> {
  const data = encodeEvent({ type: 'WorkflowExecutionSignaled', signalName: 'noted', identity: 'other',
    input: encodeArguments([text], 'signal') })
  const [outcome] = await stage.store.post([{ namespace, workflowId, runId: null, type: 'WorkflowExecutionSignaled', data }])
  assert.equal(outcome?.type, 'posted')
}

async function storedTypes(stage: Stage, runId: string): Promise<string[]> {
  return (await stage.store.readHistory(asRunId(runId), 0, 100)).map((event) => event.type)
}

/** Posts the texts from another process, each before the next commit that `when` picks. */
function postBefore(stage: Stage, when: (batch: CommitBatch) => boolean, workflowId: string, texts: readonly string[]): void {
  const left = [...texts]
  stage.onCommit = async (batch, forward) => {
    if (when(batch)) {
      const text = left.shift()
      if (text !== undefined) await post(stage, workflowId, text)
    }
    return forward(batch)
  }
}

for (const cache of [1_000, 0]) {
  describe(`a message that meets a commit in flight, cache of ${cache}`, () => {
    test('a signal acknowledged while the close is written is seen by the workflow, and the activity result is kept', async (t) => {
      const { stage, calls, client } = await stageWith(t, cache)
      postBefore(stage, closes, 'w', ['late'])
      const handle = await client.start('oneActivity', { workflowId: 'w' })
      assert.deepEqual(await handle.result(), { result: 70, seen: ['late'] })
      assert.deepEqual(outcomesOf(stage, 'close'), ['unread', 'ok'])
      assert.deepEqual(calls, [7])
      assert.deepEqual(await storedTypes(stage, handle.runId), ['WorkflowExecutionSignaled', 'ActivityTaskCompleted'])
    })

    test('three closes are refused by three signals, and all three are seen in order', async (t) => {
      const { stage, calls, client } = await stageWith(t, cache)
      postBefore(stage, closes, 'w', ['a', 'b', 'c'])
      const handle = await client.start('oneActivity', { workflowId: 'w' })
      assert.deepEqual(await handle.result(), { result: 70, seen: ['a', 'b', 'c'] })
      assert.deepEqual(outcomesOf(stage, 'close'), ['unread', 'unread', 'unread', 'ok'])
      assert.deepEqual(calls, [7])
    })

    test('a timer that led to the refused close fires once', async (t) => {
      const { stage, client } = await stageWith(t, cache)
      postBefore(stage, closes, 'w', ['late'])
      const handle = await client.start('timers', { workflowId: 'w' })
      assert.deepEqual(await handle.result(), ['late'])
      assert.deepEqual(await storedTypes(stage, handle.runId), ['WorkflowExecutionSignaled', 'TimerFired'])
    })

    test('a signal that led to the refused close is applied once, and the one it met is not lost', async (t) => {
      const { stage, client } = await stageWith(t, cache)
      const handle = await client.start('lastSignal', { workflowId: 'w' })
      postBefore(stage, closes, 'w', ['later'])
      await handle.signal(noted, 'last')
      const seen = await handle.result() as string[]
      assert.equal(seen.filter((text) => text === 'last').length, 1)
      assert.deepEqual(outcomesOf(stage, 'close'), ['unread', 'ok'])
      const events = await stage.store.readHistory(asRunId(handle.runId), 0, 100)
      assert.deepEqual(new Set(events.map(({ data }) => data.split('\n')[1])), new Set(['["last"]', '["later"]']))
      assert.equal(events.length, 2)
    })

    test('a signal of the same process that arrives during the close is seen', async (t) => {
      const { stage, calls, client } = await stageWith(t, cache)
      let sent = false
      stage.onCommit = async (batch, forward) => {
        if (closes(batch) && !sent) {
          sent = true
          await client.signal('w', noted, 'mine')
        }
        return forward(batch)
      }
      const handle = await client.start('oneActivity', { workflowId: 'w' })
      assert.deepEqual(await handle.result(), { result: 70, seen: ['mine'] })
      assert.deepEqual(calls, [7])
    })

    test('a sender that holds the row delays a transition, and the events keep their order and numbers', async (t) => {
      const { stage, calls, client } = await stageWith(t, cache)
      let refusals = 4
      stage.onCommit = (batch, forward) => answerInstead(batch, forward, (transition) => (
        transition.events.length > 0 && refusals-- > 0 ? 'locked' : undefined))
      const handle = await client.start('fanOut', { workflowId: 'w' })
      const order = await handle.result() as number[]
      assert.deepEqual([...order].sort((one, other) => one - other), [10, 20, 30, 40, 50, 60])
      assert.equal(calls.length, 6)
      const events = await stage.store.readHistory(asRunId(handle.runId), 0, 100)
      assert.deepEqual(events.map((event) => event.seq), [1, 2, 3, 4, 5, 6])
      assert.ok(refusals <= 0)
    })

    test('ends of activities that nobody waits for, coming while a close is written, do not keep it from closing', async (t) => {
      const { stage, client } = await stageWith(t, cache)
      const ended = encodeEvent({
        type: 'ActivityTaskCompleted', command: 99, activityType: 'act', activityId: '99', taskQueue: 'queue', attempt: 1,
        scheduledAt: 0, startedAt: 0, options: encodeArguments([], 'options'), input: encodeArguments([], 'input'),
        result: encodeArguments([], 'result'),
      })
      const { promise: closedTooOften, reject } = Promise.withResolvers<never>()
      let refusals = 0
      stage.onCommit = async (batch, forward) => {
        if (closes(batch) && ++refusals > 20) reject(new Error('it is closed again and again'))
        if (closes(batch) && refusals <= 2) {
          await stage.store.post([{ namespace, workflowId: 'w', runId: null, type: 'ActivityTaskCompleted', data: ended }])
        }
        return forward(batch)
      }
      const handle = await client.start('oneActivity', { workflowId: 'w' })
      assert.deepEqual(await Promise.race([handle.result(), closedTooOften]), { result: 70, seen: [] })
      assert.deepEqual(outcomesOf(stage, 'close'), ['unread', 'unread', 'ok'])
      assert.deepEqual(await storedTypes(stage, handle.runId), ['ActivityTaskCompleted'])
    })

    test('a close that meets a held row is sent again, after pauses that double', async (t) => {
      const { stage, client } = await stageWith(t, cache)
      const sent: number[] = []
      stage.onCommit = (batch, forward) => answerInstead(batch, forward, (transition) => {
        if (transition.close === null) return undefined
        sent.push(performance.now())
        return sent.length <= 4 ? 'locked' : undefined
      })
      const handle = await client.start('oneActivity', { workflowId: 'w' })
      assert.equal((await handle.result() as { readonly result: number }).result, 70)
      const pauses = sent.slice(1).map((at, index) => at - (sent[index] ?? 0))
      // A timer of Node may be early by a millisecond.
      assert.deepEqual(pauses.map((pause, index) => pause >= 10 * 2 ** index - 2), [true, true, true, true], String(pauses))
      assert.deepEqual(await handle.result(), { result: 70, seen: [] })
      assert.deepEqual(outcomesOf(stage, 'close'), ['ok'])
    })
  })
}

describe('a message that meets a release in flight', () => {
  test('the execution is kept and the message handed over at once', async (t) => {
    const { stage, client } = await stageWith(t, 0)
    const handle = await client.start('lastSignal', { workflowId: 'w' })
    postBefore(stage, (batch) => releases(batch) && batch.starts.length === 0, 'w', ['second', 'last'])
    await handle.signal(noted, 'first')
    assert.deepEqual(await handle.result(), ['first', 'second', 'last'])
    assert.deepEqual(outcomesOf(stage, 'release').slice(-2), ['kept', 'kept'])
  })

  test('a message that was delivered to memory while its execution left is not lost', async (t) => {
    const { stage, client } = await stageWith(t, 0)
    let sent = false
    stage.onCommit = async (batch, forward) => {
      const outcome = await forward(batch)
      if (releases(batch) && !sent) {
        sent = true
        await client.signal('w', noted, 'last')
      }
      return outcome
    }
    const handle = await client.start('lastSignal', { workflowId: 'w' })
    assert.deepEqual(await handle.result(), ['last'])
  })
})
