/** Results of executions: waits for the close of a run, then for that of the run that goes on from it. */
import { RetryState } from '@perdure/workflow'
import { failuresOf, jsonValues } from '../conversion/value-converter.ts'
import type { PerdureError } from '../error.ts'
import type { ClosedExecution } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import type { Millis } from '../protocol/ids.ts'
import { emptyPayload } from '../protocol/payload.ts'
import { nextRunOf } from '../protocol/next-run-result.ts'
import { decodeStartDetails } from '../protocol/start-details.ts'
import type { ClientParts } from './client-parts.ts'
import { WorkflowContinuedAsNewError, WorkflowNotFoundError } from './errors.ts'
import { retryStateOf, workflowFailed } from './execution-result.ts'
import type { KnownRun } from './handle.ts'
import { IdleWorkerWarning } from './idle-worker-warning.ts'
import type { QueryAsker } from './query-asker.ts'
import { lastOfChain } from './run-chain.ts'
import { lookAfterTimeout } from './result-timeout.ts'
import { ResultWaiters } from './result-waiters.ts'

export interface Waiting {
  readonly timeoutMs: number | undefined
  /** False: the end of this very run is meant. */
  readonly followRuns: boolean
}

export class Results {
  readonly #parts: ClientParts
  readonly #asker: QueryAsker
  readonly #waiters: ResultWaiters
  readonly #idleWorker: IdleWorkerWarning

  constructor(parts: ClientParts, asker: QueryAsker) {
    this.#parts = parts
    this.#asker = asker
    this.#waiters = new ResultWaiters(parts)
    this.#idleWorker = new IdleWorkerWarning(parts)
  }

  /**
   * No function waits: thousands of results may be awaited, for days.
   * @throws WorkflowFailedError, WorkflowContinuedAsNewError, ResultTimeoutError
   */
  of(run: KnownRun | ExecutionRecord, waiting: Waiting): Promise<unknown> {
    const { timeoutMs } = waiting
    const until = timeoutMs === undefined ? Infinity : this.#parts.clock.now() + timeoutMs
    return this.#resultOf(run, waiting, until)
  }

  /** The end of a run, by whoever knows of it. */
  settle(closed: ClosedExecution): void {
    this.#waiters.settle(closed)
  }

  hint(): void {
    this.#waiters.hint()
  }

  /** Says so when a worker that was never started is waited for. */
  watch(run: Pick<KnownRun, 'workflowId' | 'runId'>, awaited: Promise<unknown>): void {
    this.#idleWorker.watch(run, awaited)
  }

  stop(error: PerdureError): Promise<void> {
    return this.#waiters.stop(error)
  }

  #resultOf(run: KnownRun | ExecutionRecord, waiting: Waiting, until: Millis): Promise<unknown> {
    return this.#closed(run, waiting.timeoutMs, until).then((closed) => {
      if (closed.status === 'COMPLETED') return (this.#parts.values ?? jsonValues).decode(closed.result ?? emptyPayload)
      return this.#next(closed, run, waiting.followRuns).then((next) => this.#resultOf(next, waiting, until))
    })
  }

  #closed(run: KnownRun | ExecutionRecord, timeoutMs: number | undefined, until: Millis): Promise<ClosedExecution> {
    if (isClosed(run)) return Promise.resolve(run)
    const closed = this.#waiters.wait(run.runId, {
      local: 'local' in run && run.local,
      timeoutMs: timeoutMs === undefined ? undefined : Math.max(0, until - this.#parts.clock.now()),
      timedOut: () => lookAfterTimeout(this.#parts, this.#asker, run, timeoutMs ?? 0),
    })
    this.#idleWorker.watch(run, closed)
    return closed
  }

  /** The run that goes on from one that did not complete; throws what came of it if none does. */
  async #next(closed: ClosedExecution, run: KnownRun | ExecutionRecord, followRuns: boolean): Promise<ExecutionRecord> {
    const { store, namespace } = this.#parts
    const failures = failuresOf(this.#parts)
    const isKnownToEnd = closed.status === 'FAILED' && 'mayBeRetried' in run && !run.mayBeRetried
    if (isKnownToEnd) throw workflowFailed(closed, run, RetryState.RETRY_POLICY_NOT_SET, failures)
    if (closed.status === 'CANCELLED' || closed.status === 'TERMINATED') {
      throw workflowFailed(closed, run, RetryState.NON_RETRYABLE_FAILURE, failures)
    }
    const record = await store.getExecution(namespace, null, closed.runId)
    const continued = closed.status === 'CONTINUED_AS_NEW'
    if (record !== undefined && continued && !followRuns) throw continuedAsNew(record)
    if (record !== undefined && followRuns) {
      const last = await lastOfChain(store, record)
      if (last.runId !== record.runId) return last
    }
    if (continued) throw lostNext(closed, run)
    const retryState = retryStateOf(closed, decodeStartDetails(record?.details), record?.closedAt ?? null)
    throw workflowFailed(closed, run, retryState, failures)
  }
}

function isClosed(run: KnownRun | ExecutionRecord): run is ExecutionRecord {
  return 'status' in run && run.status !== 'RUNNING'
}

function continuedAsNew(run: ExecutionRecord): WorkflowContinuedAsNewError {
  const { workflowId, runId } = run
  const next = nextRunOf(run)
  const message = `Workflow '${workflowId}' (run ${runId}) continued as new${next === undefined ? '' : `: run ${next}`}`
  return new WorkflowContinuedAsNewError(message, next ?? '')
}

function lostNext({ runId }: ClosedExecution, { workflowId }: KnownRun | ExecutionRecord): WorkflowNotFoundError {
  const message = `Workflow '${workflowId}' (run ${runId}) continued as new, and the run that followed is not in the database any more`
  return new WorkflowNotFoundError(message, workflowId, runId)
}
