import assert from 'node:assert/strict'
import { type HistoryEventView, PerdureError, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from 'perdure'
import { CancelledFailure, TerminatedFailure } from 'perdure/workflow'
import { probe } from '../probe.ts'
import { as, failureOf, rejectionOf, until, type Scenario, type Stage } from '../stage.ts'
import * as cancellation from '../workflows/cancellation.ts'
import * as failures from '../workflows/failures.ts'
import * as messages from '../workflows/messages.ts'
import * as steps from '../workflows/steps.ts'

const reusePolicies = ['ALLOW_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY', 'REJECT_DUPLICATE'] as const
const conflictPolicies = ['FAIL', 'USE_EXISTING', 'TERMINATE_EXISTING'] as const

function isCompletion({ eventType }: HistoryEventView): boolean {
  return eventType === 'ActivityTaskCompleted'
}

/** Brings the workflow id into a closed state; its run id. */
const closings: Readonly<Record<string, (stage: Stage, workflowId: string) => Promise<string>>> = {
  completed: async ({ engine }, workflowId) => {
    const handle = await engine.workflows.start(steps.nothing, { workflowId })
    await handle.result()
    return handle.runId
  },
  failed: async ({ engine }, workflowId) => {
    const handle = await engine.workflows.start(failures.throwsFailure, { workflowId })
    await failureOf(handle.result())
    return handle.runId
  },
  cancelled: async ({ engine }, workflowId) => {
    const handle = await engine.workflows.start(cancellation.inTimer, { workflowId })
    await handle.cancel()
    await failureOf(handle.result())
    return handle.runId
  },
  terminated: async ({ engine }, workflowId) => {
    const handle = await engine.workflows.start(cancellation.inTimer, { workflowId })
    await handle.terminate()
    await failureOf(handle.result())
    return handle.runId
  },
}

const isAllowed = (policy: (typeof reusePolicies)[number], state: string): boolean =>
  policy === 'ALLOW_DUPLICATE' || (policy === 'ALLOW_DUPLICATE_FAILED_ONLY' && state !== 'completed')

async function reuseOf(stage: Stage, state: string, close: (stage: Stage, workflowId: string) => Promise<string>): Promise<void> {
  for (const workflowIdReusePolicy of reusePolicies) {
    const workflowId = `${stage.id}-${state}-${workflowIdReusePolicy}`
    const closedRun = await close(stage, workflowId)
    const again = stage.engine.workflows.start(steps.immediate, { workflowId, args: [1], workflowIdReusePolicy })
    if (isAllowed(workflowIdReusePolicy, state)) {
      const handle = await again
      assert.notEqual(handle.runId, closedRun)
      assert.equal(await handle.result(), 2, `${state}, ${workflowIdReusePolicy}`)
      continue
    }
    const error = as(WorkflowExecutionAlreadyStartedError, await rejectionOf(again))
    assert.deepEqual([error.workflowId, error.runId, error.code], [workflowId, closedRun, 'WORKFLOW_ALREADY_STARTED'])
  }
}

export const startScenarios: readonly Scenario[] = [
  ...Object.entries(closings).map(([state, close]): Scenario => ({
    name: `the id of a ${state} execution is used again as the reuse policy says`,
    run: (_t, stage) => reuseOf(stage, state, close),
  })),
  ...conflictPolicies.map((workflowIdConflictPolicy): Scenario => ({
    name: `a start with ${workflowIdConflictPolicy} meets an open execution, whatever the reuse policy`,
    async run(_t, { id, engine }) {
      for (const workflowIdReusePolicy of reusePolicies) {
        const workflowId = `${id}-${workflowIdReusePolicy}`
        const open = await engine.workflows.start(steps.waitAtGate, { workflowId, args: [id] })
        const again = engine.workflows.start(steps.immediate, { workflowId, args: [1], workflowIdReusePolicy, workflowIdConflictPolicy })
        if (workflowIdConflictPolicy === 'FAIL') {
          const error = as(WorkflowExecutionAlreadyStartedError, await rejectionOf(again))
          assert.deepEqual([error.workflowId, error.runId], [workflowId, open.runId])
          assert.match(error.message, new RegExp(workflowId))
        } else if (workflowIdConflictPolicy === 'USE_EXISTING') assert.equal((await again).runId, open.runId)
        else {
          assert.equal(await (await again).result(), 2)
          const old = engine.workflows.getHandle(workflowId, open.runId)
          as(TerminatedFailure, (await failureOf(old.result())).cause)
          assert.equal((await old.getStatus()).status, 'TERMINATED')
        }
      }
    },
  })),
  {
    name: 'a run that a start with TERMINATE_EXISTING replaced says so to whoever waits for it or looks at it',
    async run(_t, { id, engine }) {
      const open = await engine.workflows.start(steps.waitAtGate, { workflowId: id, args: [id] })
      const waiting = failureOf(open.result())
      const next = await engine.workflows.start(steps.waitAtGate, {
        workflowId: id, args: [id], workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      })
      const replaced = 'terminated by a new start of the same workflow id'
      for (const error of [await waiting, await failureOf(engine.workflows.getResult(id, { runId: open.runId }))]) {
        assert.equal(error.message, `Workflow 'waitAtGate' (${id}) was terminated: ${replaced}`)
        assert.equal(error.runId, open.runId)
        assert.equal(as(TerminatedFailure, error.cause).message, replaced)
      }
      const { status, failure } = await engine.workflows.describe(id, open.runId)
      assert.deepEqual([status, as(TerminatedFailure, failure).message], ['TERMINATED', replaced])
      const last = (await engine.workflows.history(id, open.runId)).at(-1)
      assert.equal(last?.eventType, 'WorkflowExecutionTerminated')
      assert.equal((last.attributes['failure'] as { message: string }).message, replaced)
      await next.terminate()
    },
  },
  {
    name: 'of many starts of one id at once, one wins',
    async run(_t, { id, engine }) {
      const starts = Array.from({ length: 20 }, () => engine.workflows.start(steps.waitAtGate, { workflowId: id, args: [id] }))
      const outcomes = await Promise.allSettled(starts)
      assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1)
      for (const outcome of outcomes) if (outcome.status === 'rejected') as(WorkflowExecutionAlreadyStartedError, outcome.reason)
      assert.equal(await engine.workflows.count({ workflowId: id }), 1)
    },
  },
  {
    name: 'an execution without an id of its own gets one',
    async run(_t, { engine }) {
      const first = await engine.workflows.start(steps.immediate, { args: [1] })
      const second = await engine.workflows.start(steps.immediate, { args: [2] })
      assert.notEqual(first.workflowId, second.workflowId)
      assert.deepEqual([await first.result(), await second.result()], [2, 3])
    },
  },
  {
    name: 'an id that is too long is refused',
    async run(_t, { engine }) {
      as(PerdureError, await rejectionOf(engine.workflows.start(steps.nothing, { workflowId: 'x'.repeat(1_001) })))
      const longest = await engine.workflows.start(steps.immediate, { workflowId: crypto.randomUUID().padEnd(1_000, 'é'), args: [1] })
      assert.equal(await longest.result(), 2)
    },
  },
  {
    name: 'a start delay keeps the code from running before its time',
    async run(_t, { id, engine }) {
      const begun = performance.now()
      const handle = await engine.workflows.start(steps.immediate, { workflowId: id, args: [1], startDelay: '150 ms' })
      assert.equal((await handle.getStatus()).status, 'RUNNING')
      assert.equal(await handle.result(), 2)
      assert.ok(performance.now() - begun >= 140, 'it ran before its time')
    },
  },
  {
    name: 'a signal during a start delay waits for its end',
    async run(_t, { id, engine }) {
      const begun = performance.now()
      const handle = await engine.workflows.start(messages.gather, { workflowId: id, startDelay: '300 ms' })
      await handle.signal(messages.give, 1)
      await handle.signal(messages.finish)
      assert.deepEqual(await handle.result(), [1])
      assert.ok(performance.now() - begun >= 290, 'it ran before its time')
    },
  },
  {
    name: 'signals that come before the workflow function is called are heard when their handler is set, and on replay',
    async run(_t, { id, engine }) {
      const handle = await engine.workflows.start(messages.gatherFromTheFirstLine, { workflowId: id, startDelay: '2 seconds' })
      await handle.signal(messages.give, 1)
      await handle.signal(messages.give, 2)
      assert.deepEqual(await handle.query(messages.given), [1, 2])
      await until(async () => (await handle.history()).filter(isCompletion).length === 2)
      await handle.signal(messages.give, 3)
      assert.deepEqual(await handle.result(), [[1, 2], [1, 2, 3]])
      assert.deepEqual(await handle.query(messages.given), [1, 2, 3])
    },
  },
  {
    name: 'a signal of signalWithStart ends the start delay of the execution that it finds, and of none that it starts',
    async run(_t, { id, engine }) {
      const { workflows } = engine
      const handle = await workflows.start(messages.gather, { workflowId: id, startDelay: '1 hour' })
      await handle.signal(messages.give, 1)
      const found = { workflowId: id, signal: messages.give, signalArgs: [2] as [number], startDelay: '1 hour' as const }
      assert.equal((await workflows.signalWithStart(messages.gather, found)).signaledRunId, handle.runId)
      await handle.signal(messages.finish)
      assert.deepEqual(await handle.result(), [1, 2])
      const signals = (await handle.history()).filter(({ eventType }) => eventType.includes('Signaled'))
      assert.deepEqual(signals.map(({ eventType }) => eventType), Array.from({ length: 3 }, () => 'WorkflowExecutionSignaled'))
      const started = await workflows.signalWithStart(messages.gather, { ...found, workflowId: `${id}-started` })
      assert.deepEqual(await started.query(messages.given), [2])
      assert.deepEqual((await started.history()).map(({ eventType }) => eventType), ['WorkflowExecutionStarted'])
      await started.terminate()
    },
  },
  {
    name: 'a request to cancel ends a start delay',
    async run(_t, { id, engine }) {
      const handle = await engine.workflows.start(messages.gather, { workflowId: id, startDelay: '1 hour' })
      await handle.cancel()
      as(CancelledFailure, (await failureOf(handle.result())).cause)
      assert.equal((await handle.getStatus()).status, 'CANCELLED')
    },
  },
  {
    name: 'many starts have an outcome each, and one that fails leaves the others alone',
    async run(_t, { id, engine }) {
      const taken = await engine.workflows.start(messages.gather, { workflowId: `${id}-3` })
      const starts = Array.from({ length: 200 }, (_, index) => ({ workflowId: `${id}-${index}`, args: [index] as [number] }))
      const outcomes = await engine.workflows.startMany(steps.immediate, [...starts, { workflowId: '', args: [0] }])
      assert.deepEqual(outcomes.flatMap(({ status, workflowId }) => (status === 'started' ? [] : [[status, workflowId]])),
        [['failed', `${id}-3`], ['failed', '']])
      const failed = outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : []))
      as(WorkflowExecutionAlreadyStartedError, failed[0])
      assert.equal(as(PerdureError, failed[1]).code, 'ID_INVALID')
      const results = await Promise.all(outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [] : [outcome.handle.result()])))
      assert.equal(results.length, 199)
      const [joined] = await engine.workflows.startMany('gather', [{ workflowId: `${id}-3`, workflowIdConflictPolicy: 'USE_EXISTING' }])
      assert.equal(joined?.status, 'joined')
      await taken.terminate()
    },
  },
  {
    name: 'a scheduled start runs after its delay, or at its time',
    async run(_t, { id, engine }) {
      const begun = Date.now()
      const at = new Date(begun + 200)
      const handles = await Promise.all([
        engine.workflows.schedule(steps.immediate, { delay: '200 ms', workflowId: `${id}-delay`, args: [1] }),
        engine.workflows.schedule(steps.immediate, { at, workflowId: `${id}-at`, args: [1] }),
        engine.workflows.schedule('immediate', { at: new Date(0), workflowId: `${id}-past`, args: [1] }),
      ])
      assert.equal(await handles[2].result(), 2)
      await Promise.all(handles.map((handle) => handle.result()))
      assert.ok(Date.now() - begun >= 190)
      for (const wrong of [{}, { delay: 1, at }, { at: 'tomorrow' }, { delay: 1, startDelay: 2 }]) {
        assert.equal(as(PerdureError, await rejectionOf(engine.workflows.schedule('immediate', wrong as never))).code, 'OPTIONS_INVALID')
      }
    },
  },
  {
    name: 'a terminated execution stops at once and says why',
    async run(_t, { id, start }) {
      const handle = await start(steps.thenWaitAtGate, id, 'Ada')
      await probe(id).noted('entered')
      await handle.terminate('enough')
      const error = await failureOf(handle.result())
      const cause = as(TerminatedFailure, error.cause)
      assert.match(`${error.message} ${cause.message}`, /enough/)
      assert.equal((await handle.getStatus()).status, 'TERMINATED')
      as(WorkflowNotFoundError, await rejectionOf(handle.terminate('again')))
    },
  },
  {
    name: 'an execution that waits for a worker can be terminated, and does not run afterwards',
    async run(_t, { id, engine, ownQueue, openAnother }) {
      const handle = await engine.workflows.start(steps.oneAfterAnother, { workflowId: id, taskQueue: ownQueue, args: [id] })
      await handle.terminate('enough')
      const other = await openAnother()
      assert.equal(await other.workflows.execute(steps.immediate, { workflowId: `${id}-next`, args: [1] }), 2)
      assert.deepEqual(probe(id).notes, [])
    },
  },
  {
    name: 'the memo of a start is found in its description',
    async run(_t, { id, engine }) {
      const memo = { customer: 'Ada', items: [1, 2] }
      const handle = await engine.workflows.start(steps.nothing, { workflowId: id, memo })
      await handle.result()
      assert.deepEqual((await handle.describe()).memo, memo)
    },
  },
]
