import assert from 'node:assert/strict'
import { test } from 'node:test'
import { record } from '../../test/execution-driver.ts'
import { overdueRetryMsMax, overdueRetryMsMin, overdueRunsMax } from '../limits.ts'
import { StoreBusyError, StoreUnavailableError } from '../ports/store-error.ts'
import type { OverduePlace, TerminateRequest } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { asRunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import { ExecutionTable } from './commits/execution-table.ts'
import { type OwnedExecution, ownedExecution } from './commits/owned-execution.ts'
import type { WorkerContext } from './context/worker-context.ts'
import { OverdueRuns } from './overdue-runs.ts'

function run(workflowId: string, index: number): ExecutionRecord {
  const runId = asRunId(`01a1fc1d-1a1f-7fa9-8a3e-0a90c10d8${String(index).padStart(3, '0')}`)
  return { ...record, workflowId, runId, expiresAt: 1, details: workflowId === 'unreadable' ? ':lost' as Payload : null }
}

type Terminate = (request: TerminateRequest) => Promise<unknown>

/** Runs that are all overdue, in the order of their ids; whoever was ended is not among them any more. */
function overdue(runs: readonly ExecutionRecord[], terminate: Terminate) {
  const warned: string[] = []
  const dropped: string[] = []
  const executions = new ExecutionTable()
  const ended: string[] = []
  const clock = { time: 1, now: () => clock.time }
  const page = async (_namespace: string, _now: number, limit: number, after?: OverduePlace): Promise<readonly ExecutionRecord[]> => {
    return runs.filter(({ workflowId, runId }) => !ended.includes(workflowId) && runId > (after?.runId ?? '')).slice(0, limit)
  }
  const nothing = (): void => undefined
  const context = {
    store: {
      overdueExecutions: page,
      terminate: async (request: TerminateRequest) => {
        const outcome = await terminate(request)
        ended.push(request.workflowId)
        return outcome
      },
    },
    clock, settings: { namespace: 'test' }, over: () => false, executions, emitClosed: nothing, kickInbox: nothing,
    kickClaimAt: nothing, logger: { debug: nothing, info: nothing, warn: (line: string) => void warned.push(line), error: nothing },
  }
  const drop = ({ record: { workflowId } }: OwnedExecution): void => void dropped.push(workflowId)
  return { overdueRuns: new OverdueRuns(context as unknown as WorkerContext, drop), executions, dropped, warned, ended, clock }
}

test('a run whose timeout is over and that cannot be ended now does not keep others from being ended', async () => {
  const { overdueRuns, ended, warned } = overdue(['held', 'unreadable', 'fine'].map(run), async ({ workflowId, runId }) => {
    if (workflowId === 'held') throw new StoreBusyError('its parent is locked')
    return { type: 'terminated', runId }
  })
  await overdueRuns.end()
  assert.deepEqual(ended, ['fine'])
  assert.match(warned.join('\n'), /could not be ended yet: its parent is locked\n.*could not be ended yet: .*cannot be read/)
})

test('runs that cannot be ended keep no others from it, however many they are, and rest in growing pauses', async () => {
  const stuck = 150
  assert.ok(stuck > overdueRunsMax)
  let tries = 0
  let isHeld = true
  const runs = Array.from({ length: 250 }, (_, index) => run(`w${index}`, index))
  const { overdueRuns, ended, clock } = overdue(runs, async ({ workflowId, runId }) => {
    tries++
    if (isHeld && Number(workflowId.slice(1)) < stuck) throw new StoreBusyError('its parent is locked')
    return { type: 'terminated', runId }
  })
  await overdueRuns.end()
  assert.deepEqual(ended, runs.slice(stuck).map(({ workflowId }) => workflowId))
  assert.equal(tries, 250)
  await overdueRuns.end()
  assert.equal(tries, 250, 'they rest')
  const pauses: (readonly number[])[] = []
  for (let pauseMs = overdueRetryMsMin; pauses.length < 10; pauseMs = Math.min(2 * pauseMs, overdueRetryMsMax)) {
    clock.time += pauseMs - 1
    await overdueRuns.end()
    const before = tries
    clock.time += 1
    await overdueRuns.end()
    pauses.push([before, tries])
  }
  assert.deepEqual(pauses, Array.from({ length: 10 }, (_, round) => [250 + round * stuck, 250 + (round + 1) * stuck]))
  isHeld = false
  clock.time += overdueRetryMsMax
  await overdueRuns.end()
  assert.equal(ended.length, 250)
})

test('a run that is ended and runs here is dropped, and only that one', async () => {
  const runs = ['mine', 'theirs', 'held'].map(run)
  const { overdueRuns, executions, dropped } = overdue(runs, async ({ workflowId, runId }) => {
    if (workflowId === 'held') throw new StoreBusyError('its parent is locked')
    return { type: 'terminated', runId }
  })
  for (const one of runs) if (one.workflowId !== 'theirs') executions.add(ownedExecution(one, 0))
  await overdueRuns.end()
  assert.deepEqual(dropped, ['mine'])
})

test('while the database is away, one look is enough to know it', async () => {
  let looks = 0
  const { overdueRuns } = overdue(['a', 'b'].map(run), async () => {
    looks++
    throw new StoreUnavailableError('away')
  })
  await assert.rejects(overdueRuns.end(), /away/)
  assert.equal(looks, 1)
})
