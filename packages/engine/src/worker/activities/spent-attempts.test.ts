/** Attempts whose end meets code that is not where it was: they are counted all the same (I10). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activityInfo } from '@perdure/workflow/activity'
import { CancellationScope, condition, defineSignal, proxyActivities, setHandler, sleep, workflowInfo } from '@perdure/workflow'
import { closes, namespace, openStage, outcomesOf, type Stage } from '../../../test/worker-stage.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { encodeFailure } from '../../protocol/failure-codec.ts'
import { asIncarnation, asRunId } from '../../protocol/ids.ts'
import { encodeArguments, encodePayload } from '../../protocol/payload-codec.ts'
import { taskEnd } from '../../protocol/task-end.ts'
import type { CommitBatch } from '../../protocol/transition.ts'

const options = { startToCloseTimeout: '1 minute', retry: { initialInterval: 10 } } as const
interface Activities {
  act(): Promise<void>
  flaky(): Promise<string>
  hang(): Promise<void>
}
const { act, flaky, hang } = proxyActivities<Activities>(options)
const { elsewhere } = proxyActivities<{ elsewhere(): Promise<string> }>({ ...options, taskQueue: 'elsewhere' })
const noted = defineSignal<[string]>('noted')

async function post(stage: Stage, text: string): Promise<void> {
  const input = encodeArguments([text], 'signal')
  const data = encodeEvent({ type: 'WorkflowExecutionSignaled', signalName: 'noted', identity: 'other', input })
  await stage.store.post([{ namespace, workflowId: 'w', runId: null, type: 'WorkflowExecutionSignaled', data }])
}

test('an attempt that fails while the history is replayed is not made again', async (t) => {
  const attempts: number[] = []
  const failing = Promise.withResolvers<void>()
  let isRunning = false
  const looked = { times: 0 }
  const stage = openStage(t, {
    workflows: {
      steps: async () => {
        await act()
        // The attempt ends in the middle of a replay, which has not come to its activity.
        if (workflowInfo().unsafe.isReplaying && isRunning) failing.resolve()
        await act()
        const result = flaky()
        await act()
        return result
      },
    },
    activities: {
      flaky: async () => {
        const { attempt } = activityInfo()
        attempts.push(attempt)
        if (attempt > 1) return `attempt ${attempt}`
        isRunning = true
        await failing.promise
        throw new Error('the first one')
      },
      // Long enough for the execution to leave the memory.
      act: async () => {
        const before = looked.times
        while (looked.times < before + 3) await new Promise(setImmediate)
      },
    },
    settings: { maxCachedWorkflows: 0 },
  })
  stage.onLook = () => { looked.times++ }
  const { client } = await stage.addWorker()
  assert.equal(await client.execute('steps', { workflowId: 'w' }), 'attempt 2')
  assert.deepEqual(attempts, [1, 2])
})

test('an attempt that fails after the code went on without it is not made again when that is refused', async (t) => {
  const attempts: number[] = []
  const ranAhead = Promise.withResolvers<void>()
  const stage = openStage(t, {
    workflows: {
      hasty: async () => {
        setHandler(noted, () => undefined)
        const scope = new CancellationScope()
        const running = scope.run(() => flaky()).catch(() => undefined)
        await sleep(1)
        scope.cancel()
        await running
        ranAhead.resolve()
      },
    },
    activities: {
      flaky: async () => {
        attempts.push(activityInfo().attempt)
        throw new Error('always')
      },
    },
  })
  const { client } = await stage.addWorker()
  let isPosted = false
  stage.onCommit = async (batch, forward) => {
    // The activity begins after the commit of the start; by then the code has cancelled it and ended.
    if (batch.starts.length > 0) await ranAhead.promise
    if (closes(batch) && !isPosted) {
      isPosted = true
      await post(stage, 'late')
    }
    return forward(batch)
  }
  await client.execute('hasty', { workflowId: 'w' })
  assert.deepEqual(outcomesOf(stage, 'close'), ['unread', 'ok'])
  assert.deepEqual(attempts.filter((attempt) => attempt === 1), [1])
})

test('a worker that lost an execution without having heard of it runs none of its activities again', async (t) => {
  const acts: string[] = []
  const begun = Promise.withResolvers<void>()
  const hanging = Promise.withResolvers<void>()
  const acting = Promise.withResolvers<void>()
  const stage = openStage(t, {
    workflows: {
      waiting: async () => {
        let isNoted = false
        setHandler(noted, () => { isNoted = true })
        const hung = hang()
        await condition(() => isNoted)
        await act()
        await hung
      },
    },
    activities: {
      hang: () => {
        begun.resolve()
        return hanging.promise
      },
      act: () => {
        acts.push('act')
        return acting.promise
      },
    },
    settings: { maxCachedWorkflows: 0 },
  })
  const lost = await stage.addWorker()
  await lost.client.start('waiting', { workflowId: 'w' })
  await begun.promise
  const { promise: ticking, resolve } = Promise.withResolvers<void>()
  let ticks = 0
  // The first ones put it out of memory; then the worker hears nothing any more.
  stage.onTick = (forward) => {
    if (++ticks < 3) return forward()
    resolve()
    return new Promise(() => undefined)
  }
  await ticking
  stage.onTick = (forward) => forward()
  await stage.store.retireWorker(asIncarnation(lost.worker.status().incarnation ?? 0)) // as a takeover would
  const other = await stage.addWorker()
  await other.client.signal('w', noted, 'go')
  while (acts.length === 0) await new Promise(setImmediate)
  // Here too the activity ends that the first worker runs, which brings the execution back into its memory.
  hanging.resolve()
  while (!stage.logged.some((line) => line.includes('starts over'))) await new Promise(setImmediate)
  acting.resolve()
  await other.client.getHandle('w').result()
  assert.deepEqual(acts, ['act'])
})

type Gate = PromiseWithResolvers<void>
const ended = encodeFailure(new Error('enough'))
for (const [what, isTerminated] of [['', false], [', by an execution that was terminated meanwhile', true]] as const) {
  test(`the end of an activity that nobody waited for is kept for the code that runs when its close is refused${what}`, async (t) => {
    const stage = openStage(t, {
      workflows: {
        other: async () => undefined,
        left: async () => {
          const scope = new CancellationScope()
          setHandler(noted, () => scope.cancel())
          await scope.run(() => elsewhere()).catch(() => undefined)
        },
      },
      settings: { maxCachedWorkflows: 0 },
    })
    const [claiming, inFlight, gathering] = [1, 2, 3].map(() => Promise.withResolvers<void>()) as [Gate, Gate, Gate]
    stage.onClaim = (forward) => claiming.promise.then(forward)
    const { client } = await stage.addWorker()
    const { runId } = await client.start('left', { workflowId: 'w' })
    const owner = async () => (await stage.store.getExecution(namespace, 'w', null))?.owner
    while (await owner() !== null) await new Promise(setImmediate)
    const [task] = await stage.store.readTasks(asRunId(runId))
    assert.ok(task !== undefined, 'the activity has no row')
    // Both wait when the execution is claimed: the signal first, so the end comes too late for the code.
    await post(stage, 'go')
    const result = encodePayload('done', 'result')
    const { command, activityType, activityId, taskQueue, attempt, scheduledAt, options: encoded, input } = task
    await stage.store.endTasks([taskEnd(task, { type: 'event', event: {
      type: 'ActivityTaskCompleted', command, activityType, activityId, taskQueue, attempt, scheduledAt, startedAt: scheduledAt,
      options: encoded, input, result,
    } })])
    const written: CommitBatch[] = []
    let isPosted = false
    stage.onCommit = async (batch, forward) => {
      if (batch.starts.length > 0) {
        inFlight.resolve()
        await gathering.promise
      }
      written.push(batch)
      const isClose = batch.transitions.some((transition) => transition.runId === runId && transition.close !== null)
      if (!isClose || isPosted) return forward(batch)
      isPosted = true
      assert.deepEqual(batch.transitions.map(({ events }) => events.length), [1], 'the close gathers with its signal')
      await post(stage, 'late')
      const outcome = await forward(batch)
      if (isTerminated) await stage.store.terminate({ namespace, workflowId: 'w', runId: null, failure: ended, at: Date.now() })
      return outcome
    }
    // While its commit is under way, all that the signal leads to gathers in one.
    const other = client.start('other', { workflowId: 'other' })
    await inFlight.promise
    claiming.resolve()
    while (await owner() === null) await new Promise(setImmediate)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    gathering.resolve()
    await other
    const isLost = (): boolean => stage.commits.some(({ outcome }) => outcome.type === 'committed' && outcome.transitions.includes('lost'))
    const isOver = (): boolean => isTerminated ? isLost() : outcomesOf(stage, 'close').join() === 'ok,unread,ok'
    while (!isOver()) await new Promise(setImmediate)
    assert.deepEqual(written.flatMap(({ transitions }) => transitions.flatMap(({ tasks }) => tasks)), [], 'the activity is scheduled again')
  })
}

test('a result that the code did not wait for any more is kept for the code that runs when the close is refused', async (t) => {
  const ran: string[] = []
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const inFlight = Promise.withResolvers<void>()
  const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let ended = 0
  const stage = openStage(t, {
    workflows: {
      left: async () => {
        const scope = new CancellationScope()
        setHandler(noted, () => scope.cancel())
        const scoped = scope.run(() => act()).catch(() => undefined)
        const other = act()
        await scoped
        await other
        ends[ended++]?.resolve()
      },
      blocker: async () => undefined,
    },
    activities: {
      act: () => {
        if (ran.push(activityInfo().activityId) === 2) begun.resolve()
        return gate.promise
      },
    },
  })
  const { client } = await stage.addWorker()
  const texts = ['go', 'late']
  let blockers = 0
  // While the start of a blocker is in flight, the code runs to its end: all of it is one transition.
  const block = (): void => void client.start('blocker', { workflowId: `blocker ${blockers}` })
  stage.onCommit = async (batch, forward) => {
    if (batch.starts.some(({ workflowId }) => workflowId.startsWith('blocker'))) {
      inFlight.resolve()
      await ends[blockers++]?.promise
    }
    const isLeft = batch.transitions.some(({ close, events }) => close !== null && events.length > 0)
    const text = isLeft ? texts.shift() : undefined
    if (text !== undefined) await post(stage, text)
    if (text === 'go') block()
    return forward(batch)
  }
  const handle = await client.start('left', { workflowId: 'w' })
  await begun.promise
  block()
  await inFlight.promise
  gate.resolve()
  await handle.result()
  const closesOfLeft = stage.commits.flatMap(({ batch, outcome }) => batch.transitions.flatMap(({ runId, close }, index) => (
    close === null || runId !== asRunId(handle.runId) || outcome.type === 'fenced' ? [] : [outcome.transitions[index]])))
  assert.deepEqual(closesOfLeft, ['unread', 'unread', 'ok'])
  assert.deepEqual(ran, ['1', '2'])
})
