/** Ends executions that are past their run or execution timeout, whoever owns them: the fenced close that terminate has too (I1). */
import { TimeoutFailure } from '@perdure/workflow'
import { overdueRestingMax, overdueRetryMsMax, overdueRetryMsMin, overdueRunsMax } from '../limits.ts'
import { StoreUnavailableError } from '../ports/store-error.ts'
import type { OverduePlace } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { encodeFailure } from '../protocol/failure-codec.ts'
import type { Millis, RunId } from '../protocol/ids.ts'
import { nextRunResult } from '../protocol/next-run-result.ts'
import type { OwnedExecution } from './commits/owned-execution.ts'
import type { WorkerContext } from './context/worker-context.ts'
import { retriedRun } from './executions/next-run.ts'
import { executionFields } from './log/log-line.ts'

export class OverdueRuns {
  readonly #context: WorkerContext
  readonly #drop: (owned: OwnedExecution, reason: string) => void
  /** Those that could not be ended, the last to fail last. */
  readonly #resting = new Map<RunId, Rest>()

  constructor(context: WorkerContext, drop: (owned: OwnedExecution, reason: string) => void) {
    this.#context = context
    this.#drop = drop
  }

  /** Page by page: what cannot be ended, however much it is, stands in nobody's way. */
  async end(): Promise<void> {
    const { store, clock, settings: { namespace }, over } = this.#context
    for (let after: OverduePlace | undefined; ;) {
      const now = clock.now()
      const page = await store.overdueExecutions(namespace, now, overdueRunsMax, after)
      for (const record of page) {
        if (over()) return
        if ((this.#resting.get(record.runId)?.until ?? 0) <= now) await this.#endOne(record)
      }
      const last = page.at(-1)
      if (last === undefined || page.length < overdueRunsMax) return
      after = { expiresAt: last.expiresAt ?? now, runId: last.runId }
    }
  }

  async #endOne(record: ExecutionRecord): Promise<void> {
    const { runId } = record
    try {
      await endRun(this.#context, record)
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error
      // Its parent may be held by somebody, its start be unreadable.
      this.#rest(runId)
      const why = error instanceof Error ? error.message : String(error)
      this.#context.logger.warn(`Workflow '${record.workflowType}' timed out, and could not be ended yet: ${why}`, executionFields(record))
      return
    }
    this.#resting.delete(runId)
    const owned = this.#context.executions.get(runId)
    if (owned !== undefined) this.#drop(owned, 'the execution timed out')
  }

  #rest(runId: RunId): void {
    const { pauseMs = overdueRetryMsMin / 2 } = this.#resting.get(runId) ?? {}
    const next = Math.min(2 * pauseMs, overdueRetryMsMax)
    this.#resting.delete(runId)
    this.#resting.set(runId, { pauseMs: next, until: this.#context.clock.now() + next })
    const [oldest] = this.#resting.keys()
    if (this.#resting.size > overdueRestingMax && oldest !== undefined) this.#resting.delete(oldest)
  }
}

interface Rest {
  readonly pauseMs: number
  readonly until: Millis
}

async function endRun(context: WorkerContext, record: ExecutionRecord): Promise<void> {
  const { store, clock, notifier, logger } = context
  const { namespace, workflowId, runId } = record
  const at = clock.now()
  const error = new TimeoutFailure('Workflow execution timed out', undefined, 'START_TO_CLOSE')
  const failure = encodeFailure(error)
  const next = retriedRun(record, { error, failure }, at)
  const result = next === undefined ? null : nextRunResult(next.runId)
  const close = { namespace, workflowId, runId, status: 'TIMED_OUT' as const, failure, at }
  const outcome = await store.terminate(next === undefined || result === null ? close : { ...close, result, next })
  if (outcome.type !== 'terminated') return
  logger.warn(`Workflow '${record.workflowType}' timed out`, executionFields(record))
  context.emitClosed({ runId, status: 'TIMED_OUT', result, failure })
  if (next !== undefined) context.kickClaimAt(next.wakeAt)
  // The parent has a message, another process may wait for the result, and the run that follows for a worker.
  context.kickInbox()
  notifier?.publish('closed')
  notifier?.publish('queue')
}
