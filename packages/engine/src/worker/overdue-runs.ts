/** Ends executions that are past their run or execution timeout, whoever owns them: the fenced close that terminate has too (I1). */
import { TimeoutFailure } from '@perdure/workflow'
import { overdueRunsMax } from '../limits.ts'
import { StoreUnavailableError } from '../ports/store-error.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { encodeFailure } from '../protocol/failure-codec.ts'
import { nextRunResult } from '../protocol/next-run-result.ts'
import { executionFields } from './log-line.ts'
import { retriedRun } from './next-run.ts'
import type { OwnedExecution } from './owned-execution.ts'
import type { WorkerContext } from './worker-context.ts'

export async function endOverdueRuns(context: WorkerContext, drop: (owned: OwnedExecution, reason: string) => void): Promise<void> {
  const { store, clock, settings: { namespace }, over } = context
  for (;;) {
    const overdue = await store.overdueExecutions?.(namespace, clock.now(), overdueRunsMax) ?? []
    let ended = 0
    for (const record of overdue) {
      if (over()) return
      const hasEnded = await endRun(context, record).catch((error: unknown) => {
        // Its parent may be held by somebody, its start be unreadable: the others do not wait for it.
        if (error instanceof StoreUnavailableError) throw error
        const why = error instanceof Error ? error.message : String(error)
        context.logger.warn(`Workflow '${record.workflowType}' timed out, and could not be ended yet: ${why}`, executionFields(record))
      })
      if (hasEnded === undefined) continue
      if (hasEnded) ended++
      const owned = context.executions.get(record.runId)
      if (owned !== undefined) drop(owned, 'the execution timed out')
    }
    if (overdue.length < overdueRunsMax || ended === 0) return
  }
}

async function endRun(context: WorkerContext, record: ExecutionRecord): Promise<boolean> {
  const { store, clock, notifier, logger } = context
  const { namespace, workflowId, runId, memo, searchAttributes } = record
  const at = clock.now()
  const error = new TimeoutFailure('Workflow execution timed out', undefined, 'START_TO_CLOSE')
  const failure = encodeFailure(error)
  const next = retriedRun(record, error, { memo, searchAttributes }, at)
  const result = next === undefined ? null : nextRunResult(next.runId)
  const close = { namespace, workflowId, runId, status: 'TIMED_OUT' as const, failure, at }
  const outcome = await store.terminate(next === undefined || result === null ? close : { ...close, result, next })
  if (outcome.type !== 'terminated') return false
  logger.warn(`Workflow '${record.workflowType}' timed out`, executionFields(record))
  context.emitClosed({ runId, status: 'TIMED_OUT', result, failure })
  if (next !== undefined) context.kickClaimAt(next.wakeAt)
  // The parent has a message, another process may wait for the result, and the run that follows for a worker.
  context.kickInbox()
  notifier?.publish('closed')
  notifier?.publish('queue')
  return true
}
