import assert from 'node:assert/strict'
import { type CurrentWorkflowHandle, WorkflowContinuedAsNewError, WorkflowFailedError, WorkflowNotFoundError } from 'perdure'
import { runReplayHistory } from 'perdure/testing'
import { ApplicationFailure, RetryState, TimeoutFailure } from 'perdure/workflow'
import { as, failureOf, rejectionOf, until, type Scenario } from '../stage.ts'
import * as chains from '../workflows/chains.ts'
import * as updates from '../workflows/updates.ts'

export const chainScenarios: readonly Scenario[] = [
  {
    name: 'signals that come while a workflow continues as new are all taken along',
    async run(_t, { start }) {
      const handle = await start(chains.collecting, 12)
      const values = Array.from({ length: 12 }, (_, index) => index)
      await Promise.all(values.slice(0, 6).map((value) => handle.signal(chains.collect, value)))
      await Promise.all(values.slice(6).map((value) => handle.signal(chains.collect, value)))
      assert.deepEqual([...await handle.result()].sort((one, other) => one - other), values)
    },
  },
  {
    name: 'the history that a handle gives for files is that of the run that it stands for or has come to, and replays',
    async run(_t, { start, engine, id, openAnother }) {
      const handle = await start(chains.countdown, 2)
      const { firstExecutionRunId } = handle
      await handle.result()
      const ends: readonly (readonly [CurrentWorkflowHandle, end: string])[] = [
        [handle, 'COMPLETED'], [engine.workflows.getHandle(id), 'COMPLETED'],
        [engine.workflows.getHandle(id, undefined, { firstExecutionRunId }), 'COMPLETED'],
        [engine.workflows.getHandle(id, firstExecutionRunId), 'CONTINUED_AS_NEW'],
      ]
      for (const [each, end] of ends) {
        const history = await each.fetchHistory()
        assert.equal(history.events.at(-1)?.eventType, `EVENT_TYPE_WORKFLOW_EXECUTION_${end}`)
        await runReplayHistory({ workflows: { countdown: chains.countdown } }, history)
      }
      as(WorkflowNotFoundError, await rejectionOf(engine.workflows.getHandle(`${id}-unknown`).fetchHistory()))
      const producer = await openAnother({ worker: false, workflows: 'none' })
      await assert.rejects(producer.workflows.getHandle(id).fetchHistory(), { code: 'WORKFLOW_NOT_REGISTERED', message: /'countdown'/ })
    },
  },
  {
    name: 'a handle follows its workflow from run to run',
    async run(_t, { start, engine, id }) {
      const handle = await start(chains.waitingChain)
      const result = handle.result()
      for (let run = 1; run < 4; run++) {
        const before = (await handle.getStatus()).runId
        await handle.signal(chains.goOnChain)
        await until(async () => (await handle.getStatus()).runId !== before)
      }
      const { firstRunId, continuedFromRunId, runId } = await handle.describe()
      assert.equal(firstRunId, handle.firstExecutionRunId)
      assert.ok(continuedFromRunId !== undefined && runId !== handle.firstExecutionRunId)
      await handle.signal(chains.endChain)
      assert.equal(await result, 4)
      assert.equal(await engine.workflows.getHandle(id, handle.firstExecutionRunId).result(), 4)
      assert.equal(await engine.workflows.getResult(id), 4)
    },
  },
  {
    name: 'the result of a run that continued as new is that of the last run, unless only the run itself is asked for',
    async run(_t, { start, engine, id }) {
      const handle = await start(chains.countdown, 3)
      assert.equal(await handle.result(), handle.firstExecutionRunId)
      const error = as(WorkflowContinuedAsNewError, await rejectionOf(handle.result({ followRuns: false })))
      const next = engine.workflows.getHandle(id, error.newExecutionRunId)
      assert.equal((await next.describe()).continuedFromRunId, handle.firstExecutionRunId)
      assert.equal((await engine.workflows.getStatus(id, handle.firstExecutionRunId)).status, 'CONTINUED_AS_NEW')
      assert.equal(await engine.workflows.count({ workflowId: id }), 4)
    },
  },
  {
    name: 'a workflow may cancel an execution that has closed, as a client may; one that never was is not found',
    async run(_t, { start, engine, id }) {
      const closed = await start(chains.countdown, 1)
      await closed.result()
      const cancel = (...args: [string, string?]): Promise<string> => engine.workflows.execute(chains.cancelsOther, { args })
      assert.equal(await cancel(id), 'cancelled')
      assert.equal(await cancel(id, closed.firstExecutionRunId), 'cancelled')
      const unknown = as(ApplicationFailure, (await failureOf(cancel(`${id}-unknown`))).cause)
      assert.equal(unknown.type, 'ExternalWorkflowExecutionNotFound')
      assert.equal((await engine.workflows.getStatus(id)).status, 'COMPLETED')
    },
  },
  {
    name: 'a handle of a chain does not touch what uses its workflow id after it',
    async run(_t, { start, engine, id }) {
      const first = await start(chains.countdown, 1)
      await first.result()
      const other = await engine.workflows.start(chains.waitingChain, { workflowId: id })
      await assert.rejects(first.signal(chains.endChain), { code: 'WORKFLOW_NOT_FOUND' })
      await assert.rejects(first.terminate(), { code: 'WORKFLOW_NOT_FOUND' })
      await first.cancel()
      assert.equal(await first.result(), first.firstExecutionRunId)
      assert.equal((await other.getStatus()).status, 'RUNNING')
      await other.signal(chains.endChain)
      assert.equal(await other.result(), 1)
    },
  },
  {
    name: 'a workflow that fails is run again as its retry policy says, and its result is that of the last attempt',
    async run(_t, { engine, id }) {
      const retry = { initialInterval: 1, maximumAttempts: 3 }
      const handle = await engine.workflows.start(updates.failsUntil, { workflowId: id, args: [3], retry })
      assert.equal(await handle.result(), 3)
      const { attempt, retryPolicy } = await handle.describe()
      assert.deepEqual([attempt, retryPolicy?.maximumAttempts], [3, 3])
      const first = await failureOf(handle.result({ followRuns: false }))
      assert.equal(as(ApplicationFailure, first.cause).message, 'attempt 1')
    },
  },
  {
    name: 'a run that is tried again begins with the memo and search attributes of the first, as on Temporal',
    async run(_t, { engine, id }) {
      for (const pauseMs of [0, 1]) {
        const begun = await engine.workflows.execute(chains.changesAndFails, {
          workflowId: `${id}-${pauseMs}`, args: [pauseMs], memo: { step: 1 }, searchAttributes: { Step: ['1'] },
          retry: { initialInterval: 1, maximumAttempts: 2 },
        })
        assert.deepEqual(begun, { memo: { step: 1 }, searchAttributes: { Step: ['1'] } })
      }
    },
  },
  {
    name: 'retries end with their policy: with the last attempt, or with a failure that is not retried',
    async run(_t, { engine, id }) {
      const run = (retry: object, suffix: string) => failureOf(engine.workflows.execute(updates.failsUntil, {
        workflowId: `${id}-${suffix}`, args: [9], retry: { initialInterval: 1, ...retry },
      }))
      const used = await run({ maximumAttempts: 2 }, 'used')
      assert.deepEqual([used.retryState, as(ApplicationFailure, used.cause).message], [RetryState.MAXIMUM_ATTEMPTS_REACHED, 'attempt 2'])
      const refused = await run({ nonRetryableErrorTypes: ['TooEarly'] }, 'refused')
      assert.equal(refused.retryState, RetryState.NON_RETRYABLE_FAILURE)
      assert.equal(as(ApplicationFailure, refused.cause).message, 'attempt 1')
      const none = await failureOf(engine.workflows.execute(updates.failsUntil, { workflowId: `${id}-none`, args: [9] }))
      assert.equal(none.retryState, RetryState.RETRY_POLICY_NOT_SET)
    },
  },
  {
    name: 'a run that timed out and is tried again names the run that follows, as one that failed does',
    async run(_t, { engine, id }) {
      const retry = { initialInterval: 1, maximumAttempts: 2 }
      const handle = await engine.workflows.start(updates.sleepsLong, { workflowId: id, workflowRunTimeout: 50, retry })
      const first = handle.firstExecutionRunId
      const error = as(WorkflowFailedError, await rejectionOf(handle.result()))
      assert.ok(error.cause instanceof TimeoutFailure)
      const last = await handle.describe()
      assert.deepEqual([last.status, last.attempt, last.continuedFromRunId], ['TIMED_OUT', 2, first])
      const runs = await Promise.all([first, last.runId].map((run) => engine.workflows.getHandle(id, run, { followRuns: false }).history()))
      const ends = runs.map((events) => events.at(-1)).map((event) => [event?.eventType, event?.attributes['newExecutionRunId']])
      assert.deepEqual(ends, [['WorkflowExecutionTimedOut', last.runId], ['WorkflowExecutionTimedOut', undefined]])
    },
  },
  {
    name: 'a run that takes longer than its timeout is ended, and one whose execution does too',
    async run(_t, { engine, id }) {
      for (const options of [{ workflowRunTimeout: 50 }, { workflowExecutionTimeout: 50 }]) {
        const workflowId = `${id}-${Object.keys(options).join()}`
        const handle = await engine.workflows.start(updates.sleepsLong, { workflowId, ...options })
        const error = as(WorkflowFailedError, await rejectionOf(handle.result()))
        assert.ok(error.cause instanceof TimeoutFailure)
        assert.equal((await handle.getStatus()).status, 'TIMED_OUT')
      }
    },
  },
]
