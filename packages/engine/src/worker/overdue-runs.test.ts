import assert from 'node:assert/strict'
import { test } from 'node:test'
import { record } from '../../test/execution-driver.ts'
import { StoreBusyError, StoreUnavailableError } from '../ports/store-error.ts'
import type { TerminateRequest } from '../ports/store.ts'
import { asRunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import { ExecutionTable } from './execution-table.ts'
import { endOverdueRuns } from './overdue-runs.ts'
import type { WorkerContext } from './worker-context.ts'

const runs = ['held', 'unreadable', 'fine'].map((workflowId, index) => ({
  ...record, workflowId, runId: asRunId(`01a1fc1d-1a1f-7fa9-8a3e-0a90c10d8b0${index}`),
  details: workflowId === 'unreadable' ? ':lost' as Payload : null,
}))

function contextWith(terminate: (request: TerminateRequest) => Promise<unknown>): { context: WorkerContext; warned: string[] } {
  const warned: string[] = []
  const nothing = (): void => undefined
  const context = {
    store: { overdueExecutions: async () => runs, terminate }, clock: { now: () => 1 }, settings: { namespace: 'test' }, over: () => false,
    executions: new ExecutionTable(), emitClosed: nothing, kickInbox: nothing, kickClaimAt: nothing,
    logger: { debug: nothing, info: nothing, warn: (line: string) => void warned.push(line), error: nothing },
  }
  return { context: context as unknown as WorkerContext, warned }
}

test('a run whose timeout is over and that cannot be ended now does not keep others from being ended', async () => {
  const ended: string[] = []
  const { context, warned } = contextWith(async ({ workflowId, runId }) => {
    if (workflowId === 'held') throw new StoreBusyError('its parent is locked')
    ended.push(workflowId)
    return { type: 'terminated', runId }
  })
  await endOverdueRuns(context, () => undefined)
  assert.deepEqual(ended, ['fine'])
  assert.match(warned.join('\n'), /could not be ended yet: its parent is locked\n.*could not be ended yet: .*cannot be read/)
})

test('while the database is away, one look is enough to know it', async () => {
  let looks = 0
  const { context } = contextWith(async () => {
    looks++
    throw new StoreUnavailableError('away')
  })
  await assert.rejects(endOverdueRuns(context, () => undefined), /away/)
  assert.equal(looks, 1)
})
