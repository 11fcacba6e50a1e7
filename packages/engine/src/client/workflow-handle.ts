/** What a started or found execution can be asked for. */
import type { Duration, QueryDefinition, SignalDefinition, UpdateDefinition } from '@perdure/workflow'
import type { WorkflowFunction } from '../registry.ts'
import type { TemporalHistory } from '../replay/temporal-event.ts'
import type { ExecutionDescription, WorkflowStatus } from './description.ts'
import type { HistoryEventView } from './history-view.ts'
import type { UpdateOptions, WorkflowUpdateHandle } from './update-options.ts'
import type { AwaitedStage } from './update-waiters.ts'

/** What a workflow returns. It has gone through JSON: a Date in it has become its text. */
export type WorkflowResult<T extends WorkflowFunction> = Awaited<ReturnType<T>>

export interface ResultOptions {
  /** Bounds the waiting, not the execution. Default: none. */
  readonly timeout?: Duration
  /**
   * Wait for the last run of the chain, where the workflow continues as new or is retried? Default true. False: a run that
   * continued as new throws WorkflowContinuedAsNewError.
   */
  readonly followRuns?: boolean
}

/** A handle without a run: it means whichever run is open, or else the one that was started last. */
export interface CurrentWorkflowHandle<T extends WorkflowFunction = WorkflowFunction> {
  readonly workflowId: string
  /** The run that it stands for; undefined: whichever is open, or else the one that was started last. */
  readonly runId: string | undefined
  /**
   * Waits for the end of the execution; gives what the workflow returned. It has gone through JSON: a Date has become its text.
   * @throws WorkflowFailedError (it failed, or was cancelled or terminated: see `cause`), ResultTimeoutError, WorkflowNotFoundError
   * @example await handle.result({ timeout: '30 seconds' })
   */
  result(options?: ResultOptions): Promise<WorkflowResult<T>>
  /**
   * Its type, its status and its times.
   * @throws WorkflowNotFoundError
   */
  getStatus(): Promise<WorkflowStatus>
  /**
   * All that is known of it: input, result, failure, what it waits for, activities that run or are retried, why it is held.
   * @throws WorkflowNotFoundError
   */
  describe(): Promise<ExecutionDescription>
  /**
   * Its events with Temporal's names, oldest first.
   * @throws WorkflowNotFoundError
   */
  history(): Promise<HistoryEventView[]>
  /**
   * The history in Temporal's form, for files and for `runReplayHistory`: of the run that it stands for, or has come to. Its workflow
   * must be registered in this process: what the code asked for is not stored, so the code is replayed.
   * @throws WorkflowNotFoundError, NondeterminismError, PerdureError WORKFLOW_NOT_REGISTERED
   * @example await writeFile('order-7.json', JSON.stringify(await handle.fetchHistory()))
   */
  fetchHistory(): Promise<TemporalHistory>
  /**
   * Tells it something; the signal is stored, and cannot be lost, when the promise resolves.
   * @throws WorkflowNotFoundError also when the execution is closed
   * @example await handle.signal(approve, 'ada')
   */
  signal<Args extends unknown[] = unknown[]>(signal: SignalDefinition<Args> | string, ...args: Args): Promise<void>
  /**
   * Asks it something, also when it is closed; a worker that has the workflow's code answers, within ten seconds.
   * @throws QueryNotRegisteredError (no such handler, or it threw), QueryTimedOutError, WorkflowNotFoundError
   */
  query<Ret = unknown, Args extends unknown[] = unknown[]>(query: QueryDefinition<Ret, Args> | string, ...args: Args): Promise<Ret>
  /**
   * Asks it for an update and waits for its result. The validator of the handler may reject it; then nothing is recorded.
   * @throws WorkflowUpdateFailedError (rejected, or its handler failed: see `cause`), WorkflowNotFoundError
   * @example const total = await handle.executeUpdate(addItem, { args: [item] })
   */
  executeUpdate<Ret, Args extends [unknown, ...unknown[]]>(
    update: UpdateDefinition<Ret, Args> | string, options: UpdateOptions & { readonly args: Args },
  ): Promise<Ret>
  executeUpdate<Ret, Args extends []>(
    update: UpdateDefinition<Ret, Args> | string, options?: UpdateOptions & { readonly args?: Args },
  ): Promise<Ret>
  /**
   * Asks it for an update and waits until it is accepted or rejected (ACCEPTED), or has ended (COMPLETED). Whether it was
   * rejected, `result()` of the handle tells.
   * @throws WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError
   * @example const update = await handle.startUpdate(addItem, { args: [item], waitForStage: 'ACCEPTED' })
   */
  startUpdate<Ret, Args extends [unknown, ...unknown[]]>(
    update: UpdateDefinition<Ret, Args> | string,
    options: UpdateOptions & { readonly args: Args; readonly waitForStage: AwaitedStage },
  ): Promise<WorkflowUpdateHandle<Ret>>
  startUpdate<Ret, Args extends []>(
    update: UpdateDefinition<Ret, Args> | string,
    options: UpdateOptions & { readonly args?: Args; readonly waitForStage: AwaitedStage },
  ): Promise<WorkflowUpdateHandle<Ret>>
  /** A handle of an update that was asked for before; nothing is asked of the database yet. */
  getUpdateHandle<Ret = unknown>(updateId: string, options?: { readonly workflowRunId?: string }): WorkflowUpdateHandle<Ret>
  /**
   * Asks it to stop; its code sees a CancelledFailure and may clean up. As on Temporal a closed execution stays as it is,
   * and that is no error.
   * @throws WorkflowNotFoundError when there is no such execution
   */
  cancel(reason?: string): Promise<void>
  /**
   * Stops it at once; its code is not asked.
   * @throws WorkflowNotFoundError also when the execution is closed
   */
  terminate(reason?: string): Promise<void>
}

/** A handle of one run. */
export interface WorkflowHandle<T extends WorkflowFunction = WorkflowFunction> extends CurrentWorkflowHandle<T> {
  readonly runId: string
}

/** What `start` returns: it stands for the run that was started, and for those that it goes on in. */
export interface StartedWorkflowHandle<T extends WorkflowFunction = WorkflowFunction> extends WorkflowHandle<T> {
  /** The run that this start made or joined. */
  readonly firstExecutionRunId: string
  /** False: with USE_EXISTING it joined an execution that was open already, which keeps its own arguments. */
  readonly started: boolean
}

/** What `signalWithStart` returns. */
export interface SignaledWorkflowHandle<T extends WorkflowFunction = WorkflowFunction> extends StartedWorkflowHandle<T> {
  /** The run that got the signal. */
  readonly signaledRunId: string
}
