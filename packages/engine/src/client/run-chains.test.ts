import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ApplicationFailure, RetryState, TimeoutFailure } from '@perdure/workflow'
import { clientStage } from '../../test/client-stage.ts'
import type { Store } from '../ports/store.ts'
import type { ExecutionRecord, ExecutionStatus } from '../protocol/execution-record.ts'
import { encodeFailure } from '../protocol/failure-codec.ts'
import { asRunId } from '../protocol/ids.ts'
import { nextRunResult } from '../protocol/next-run-result.ts'
import { emptyPayload, type Payload } from '../protocol/payload.ts'
import { encodeStartDetails, type StartDetails } from '../protocol/start-details.ts'
import { WorkflowContinuedAsNewError, WorkflowFailedError } from './errors.ts'

const runIdOf = (number: number) => asRunId(`01900000-0000-7000-8000-00000000000${number}`)

interface Run {
  readonly number: number
  readonly status: ExecutionStatus
  readonly first?: number
  readonly details?: StartDetails
  readonly failure?: Error
  readonly closedAt?: number
  readonly next?: number
  readonly startedAt?: number
}

function recordOf({ number, status, first = 1, details = {}, failure, closedAt, next, startedAt = number }: Run): ExecutionRecord {
  const result = status === 'COMPLETED' ? `"of run ${number}"` as Payload : null
  return {
    namespace: 'default', workflowId: 'w', runId: runIdOf(number), workflowType: 'charge', taskQueue: 'orders', status, priority: 3,
    owner: null, wakeAt: null, held: null, input: emptyPayload,
    result: next === undefined ? result : nextRunResult(runIdOf(next)),
    failure: failure === undefined ? null : encodeFailure(failure), memo: null, searchAttributes: null, firstRunId: runIdOf(first),
    parent: null, expiresAt: null, details: encodeStartDetails(details), takeovers: 0, startedAt, firstTaskAt: number,
    closedAt: status === 'RUNNING' ? null : closedAt ?? number,
  }
}

/** A store that has these runs of one workflow id, in the order of their starts, and takes signals of open ones. */
function stageWith(...runs: readonly Run[]) {
  const records = runs.map(recordOf)
  const posts: string[] = []
  const replaced: Partial<Store> = {
    getExecution: async (_namespace, workflowId, runId) => {
      if (runId !== null) return records.find((record) => record.runId === runId)
      const own = records.filter((record) => record.workflowId === workflowId)
      return own.find(({ status }) => status === 'RUNNING') ?? own.toSorted((a, b) => a.startedAt - b.startedAt).at(-1)
    },
    listExecutions: async ({ startedFrom = 0 }) => records.filter(({ startedAt }) => startedAt >= startedFrom).toReversed(),
    readClosed: async (runIds) => records.filter(({ runId, status }) => runIds.includes(runId) && status !== 'RUNNING'),
    post: async (given) => given.map(({ runId, type }) => {
      const to = records.find((record) => record.runId === runId)
      if (to === undefined) return { type: 'not_found' }
      if (to.status !== 'RUNNING') return { type: 'closed', runId: to.runId }
      posts.push(`${type} ${records.indexOf(to) + 1}`)
      return { type: 'posted', id: 1, runId: to.runId }
    }),
  }
  return { ...clientStage(replaced), posts }
}

const failure = ApplicationFailure.create({ message: 'no', type: 'No' })
const retry = { initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 2, nonRetryableErrorTypes: ['Never'] }

suite('the result of a chain of runs', () => {
  const continued: readonly Run[] = [
    { number: 1, status: 'CONTINUED_AS_NEW', next: 2 },
    { number: 2, status: 'CONTINUED_AS_NEW', next: 3, details: { continuedFrom: runIdOf(1) } },
    { number: 3, status: 'COMPLETED', details: { continuedFrom: runIdOf(2) } },
  ]

  test('is that of the last run, from whichever run it is asked for', async () => {
    const { client } = stageWith(...continued)
    for (const number of [1, 2, 3]) assert.equal(await client.getHandle('w', runIdOf(number)).result(), 'of run 3')
    assert.equal(await client.getResult('w'), 'of run 3')
  })

  test('is asked of its own runs, also when the workflow id was used again since', async () => {
    const { client } = stageWith(...continued, { number: 4, status: 'COMPLETED', first: 4 })
    assert.equal(await client.getHandle('w', runIdOf(1)).result(), 'of run 3')
    assert.equal(await client.getHandle('w', undefined, { firstExecutionRunId: runIdOf(1) }).result(), 'of run 3')
    assert.equal(await client.getHandle('w').result(), 'of run 4')
  })

  test('is found also when the clock of whoever started a later run was behind', async () => {
    const [first, second, third] = continued as readonly [Run, Run, Run]
    for (const times of [[30, 20, 10], [10, 30, 20], [20, 10, 30]]) {
      const runs = [first, second, third].map((run, index): Run => ({ ...run, startedAt: times[index] ?? 0 }))
      const { client } = stageWith(...runs)
      for (const number of [1, 2, 3]) assert.equal(await client.getHandle('w', runIdOf(number)).result(), 'of run 3')
    }
  })

  test('is not followed when that is not wanted: the error names the run that came next', async () => {
    const { client } = stageWith(...continued)
    const refused: unknown = await client.getHandle('w', runIdOf(1)).result({ followRuns: false }).catch((error: unknown) => error)
    assert.ok(refused instanceof WorkflowContinuedAsNewError)
    assert.deepEqual([refused.code, refused.newExecutionRunId], ['WORKFLOW_CONTINUED_AS_NEW', runIdOf(2)])
    const handle = client.getHandle('w', runIdOf(2), { followRuns: false })
    await assert.rejects(handle.result(), { newExecutionRunId: runIdOf(3) })
    assert.equal(await handle.result({ followRuns: true }), 'of run 3')
  })

  test('of a run whose next one is gone is an error that says so', async () => {
    const { client } = stageWith({ number: 1, status: 'CONTINUED_AS_NEW', next: 2 })
    await assert.rejects(client.getResult('w'), { code: 'WORKFLOW_NOT_FOUND', message: /continued as new, and the run that follow/ })
  })

  test('goes on from a run that failed or timed out to the one that retries it', async () => {
    const { client } = stageWith(
      { number: 1, status: 'FAILED', failure, next: 2, details: { retry } },
      { number: 2, status: 'TIMED_OUT', next: 3, details: { retry, attempt: 2, continuedFrom: runIdOf(1), restartReason: 'RETRY' } },
      { number: 3, status: 'COMPLETED', details: { retry, attempt: 3, continuedFrom: runIdOf(2), restartReason: 'RETRY' } },
    )
    assert.equal(await client.getHandle('w', runIdOf(1)).result(), 'of run 3')
    await assert.rejects(client.getHandle('w', runIdOf(1)).result({ followRuns: false }), WorkflowFailedError)
  })
})

const never = ApplicationFailure.create({ message: 'no', type: 'Never' })
const final = ApplicationFailure.nonRetryable('no')
const states: readonly (readonly [Run, RetryState])[] = [
  [{ number: 1, status: 'FAILED', failure }, RetryState.RETRY_POLICY_NOT_SET],
  [{ number: 1, status: 'FAILED', failure, details: { retry, attempt: 2 } }, RetryState.MAXIMUM_ATTEMPTS_REACHED],
  [{ number: 1, status: 'FAILED', failure: never, details: { retry } }, RetryState.NON_RETRYABLE_FAILURE],
  [{ number: 1, status: 'FAILED', failure: final, details: { retry } }, RetryState.NON_RETRYABLE_FAILURE],
  [{ number: 1, status: 'FAILED', failure, details: { retry, executionExpiresAt: 5 } }, RetryState.TIMEOUT],
  [{ number: 1, status: 'TIMED_OUT' }, RetryState.RETRY_POLICY_NOT_SET],
  [{ number: 1, status: 'TIMED_OUT', closedAt: 7, details: { executionExpiresAt: 7 } }, RetryState.TIMEOUT],
  [{ number: 1, status: 'CANCELLED' }, RetryState.NON_RETRYABLE_FAILURE],
  [{ number: 1, status: 'TERMINATED' }, RetryState.NON_RETRYABLE_FAILURE],
]
for (const [run, retryState] of states) {
  test(`an execution that is ${run.status} says why no run follows: ${retryState}, with ${JSON.stringify(run.details ?? {})}`, async () => {
    const { client } = stageWith(run)
    const error: unknown = await client.getResult('w').catch((thrown: unknown) => thrown)
    assert.ok(error instanceof WorkflowFailedError)
    assert.equal(error.retryState, retryState)
    if (run.status === 'TIMED_OUT') assert.ok(error.cause instanceof TimeoutFailure)
  })
}

suite('a handle of a chain', () => {
  const open: readonly Run[] = [{ number: 1, status: 'CONTINUED_AS_NEW', next: 2 }, { number: 2, status: 'RUNNING' }]

  test('signals, cancels and looks at the run that the chain has come to', async () => {
    const { client, posts } = stageWith(...open)
    const handle = client.getHandle('w', undefined, { firstExecutionRunId: runIdOf(1) })
    await handle.signal('go')
    await handle.cancel()
    assert.deepEqual(posts, ['WorkflowExecutionSignaled 2', 'WorkflowExecutionCancelRequested 2'])
    assert.equal((await handle.getStatus()).runId, runIdOf(2))
  })

  test('touches no execution of another chain', async () => {
    const { client, posts } = stageWith({ number: 1, status: 'COMPLETED' }, { number: 2, status: 'RUNNING', first: 2 })
    const handle = client.getHandle('w', undefined, { firstExecutionRunId: runIdOf(1) })
    await assert.rejects(handle.signal('go'), { code: 'WORKFLOW_NOT_FOUND', message: /already completed/ })
    await assert.rejects(handle.terminate(), { code: 'WORKFLOW_NOT_FOUND', message: /is closed already \(COMPLETED\)/ })
    await handle.cancel()
    assert.deepEqual(posts, [])
    assert.equal((await handle.getStatus()).runId, runIdOf(1))
  })

  test('of one run stays with it', async () => {
    const { client } = stageWith(...open)
    await assert.rejects(client.getHandle('w', runIdOf(1)).signal('go'), { code: 'WORKFLOW_NOT_FOUND' })
    const wrong = () => client.getHandle('w', undefined, { firstExecutionRunId: 'x' })
    assert.throws(wrong, { code: 'OPTIONS_INVALID', message: /firstExecutionRunId/ })
  })
})
