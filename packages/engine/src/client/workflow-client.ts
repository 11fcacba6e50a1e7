/** What `engine.workflows` can be asked for, apart from registering. An interface of its own, so that editors show its texts. */
import type { QueryDefinition, SignalDefinition, UpdateDefinition } from '@perdure/workflow'
import type { PerdureError } from '../error.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { ExecutionDescription, ExecutionSummary, WorkflowStatus } from './description.ts'
import type { ListFilter, ListOptions } from './execution-list.ts'
import type { HistoryEventView } from './history-view.ts'
import type { StartManyOutcome } from './many-starts.ts'
import type {
  AnyStartOptions, ExecuteSettings, ScheduledStartOptions, StartOptions, StartOptionsWithoutArguments, StartSettings,
  WorkflowWithoutArguments,
} from './start-options.ts'
import type { UpdateOptions, WorkflowUpdateHandle } from './update-options.ts'
import type { AwaitedStage } from './update-waiters.ts'
import type { WithStartWorkflowOperation } from './with-start.ts'
import type {
  CurrentWorkflowHandle, ResultOptions, SignaledWorkflowHandle, StartedWorkflowHandle, WorkflowHandle, WorkflowResult,
} from './workflow-handle.ts'

export interface ExecutionPage {
  readonly executions: readonly ExecutionSummary[]
  /** Not on the last page. */
  readonly nextCursor?: string
}

/** Of `cancel` and `terminate`; the reason alone may be passed as a text. */
export interface StopOptions {
  /** For people; kept with the execution. */
  readonly reason?: string
  /** Only this run. Default: the open one. */
  readonly runId?: string
}

/** The signal of `signalWithStart`; its arguments may be left out where it has none. */
export type SignalWithStartOptions<Args extends unknown[]> = { readonly signal: SignalDefinition<Args> | string } & (
  Args extends [unknown, ...unknown[]] ? { readonly signalArgs: Args } : { readonly signalArgs?: Args }
)

/** The update of `executeUpdateWithStart`, and the start; its arguments may be left out where it has none. */
export type UpdateWithStartOptions<T extends WorkflowFunction, Args extends unknown[]> = UpdateOptions & {
  readonly startWorkflowOperation: WithStartWorkflowOperation<T>
} & (Args extends [unknown, ...unknown[]] ? { readonly args: Args } : { readonly args?: Args })

export interface GetHandleOptions {
  /** Only runs of the chain that began with this one: what the handle stops is no other execution of the same workflow id. */
  readonly firstExecutionRunId?: string
  /** What `result()` does unless it is told otherwise. Default true. */
  readonly followRuns?: boolean
}

export interface WorkflowClient {
  /**
   * Starts an execution of the workflow with that name; it is durable when the promise resolves.
   * @throws WorkflowExecutionAlreadyStartedError, PerdureError (docs/errors.md)
   * @example await engine.workflows.start('orderProcessing', { workflowId: 'order-7', args: [order] })
   */
  start<T extends WorkflowFunction = WorkflowFunction>(workflow: string, options?: AnyStartOptions): Promise<StartedWorkflowHandle<T>>
  /**
   * Starts an execution of a workflow without arguments; it is durable when the promise resolves.
   * @throws WorkflowExecutionAlreadyStartedError, PerdureError (docs/errors.md)
   * @example await engine.workflows.start(cleanUp, { workflowId: 'clean-up' })
   */
  start<T extends WorkflowWithoutArguments>(workflow: T, options?: StartSettings): Promise<StartedWorkflowHandle<T>>
  /**
   * Starts an execution; it is durable when the promise resolves.
   * @throws WorkflowExecutionAlreadyStartedError, PerdureError (docs/errors.md)
   * @example await engine.workflows.start(orderProcessing, { workflowId: 'order-7', args: [order] })
   */
  start<T extends WorkflowFunction>(workflow: T, options: StartOptions<T>): Promise<StartedWorkflowHandle<T>>

  /**
   * Starts an execution of the workflow with that name, and waits for its result.
   * @throws WorkflowFailedError, ResultTimeoutError, and what `start` throws
   */
  execute<T extends WorkflowFunction = WorkflowFunction>(
    workflow: string, options?: AnyStartOptions & ExecuteSettings,
  ): Promise<WorkflowResult<T>>
  /**
   * Starts an execution of a workflow without arguments, and waits for its result.
   * @throws WorkflowFailedError, ResultTimeoutError, and what `start` throws
   */
  execute<T extends WorkflowWithoutArguments>(workflow: T, options?: StartSettings & ExecuteSettings): Promise<WorkflowResult<T>>
  /**
   * Starts an execution and waits for its result, which has gone through JSON: a Date has become its text.
   * @throws WorkflowFailedError, ResultTimeoutError, and what `start` throws
   * @example await engine.workflows.execute(orderProcessing, { workflowId: 'order-7', args: [order], timeout: '1 minute' })
   */
  execute<T extends WorkflowFunction>(workflow: T, options: StartOptions<T> & ExecuteSettings): Promise<WorkflowResult<T>>

  /**
   * Starts many executions of one workflow, which share commits. One that cannot be started does not keep the others from it.
   * @returns an outcome for each, in order
   * @throws PerdureError OPTIONS_INVALID when `starts` is no list
   * @example
   * const outcomes = await engine.workflows.startMany(orderProcessing, orders.map((order) => ({ workflowId: order.id, args: [order] })))
   * const failed = outcomes.filter((outcome) => outcome.status === 'failed')
   */
  startMany<T extends WorkflowWithoutArguments>(
    workflow: T, starts: readonly StartOptionsWithoutArguments<T>[],
  ): Promise<StartManyOutcome<T>[]>
  startMany<T extends WorkflowFunction>(workflow: T, starts: readonly StartOptions<T>[]): Promise<StartManyOutcome<T>[]>
  /** The same by the name of the workflow. */
  startMany(workflow: string, starts: readonly AnyStartOptions[]): Promise<StartManyOutcome[]>

  /**
   * Starts an execution whose code runs later: after a delay, or at a time (at once, if it is past). It is durable when the
   * promise resolves, and survives restarts. A signal waits for that time; a request to cancel does not.
   * @throws as `start` does
   * @example await engine.workflows.schedule(sendReminder, { delay: '24 hours', workflowId: 'reminder-7', args: [user] })
   */
  schedule<T extends WorkflowWithoutArguments>(
    workflow: T, options: ScheduledStartOptions<StartOptionsWithoutArguments<T>>,
  ): Promise<StartedWorkflowHandle<T>>
  schedule<T extends WorkflowFunction>(workflow: T, options: ScheduledStartOptions<StartOptions<T>>): Promise<StartedWorkflowHandle<T>>
  /** The same by the name of the workflow. */
  schedule(workflow: string, options: ScheduledStartOptions<AnyStartOptions>): Promise<StartedWorkflowHandle>

  /**
   * Signals the open execution of the workflow id, or starts one that has the signal from the beginning: in one step, so that
   * it is neither started twice nor signalled too early.
   * @throws WorkflowExecutionAlreadyStartedError only with a workflowIdConflictPolicy of FAIL, or when the reuse policy keeps the id
   * @example await engine.workflows.signalWithStart(cart, { workflowId: 'cart-7', args: [], signal: addItem, signalArgs: [item] })
   */
  signalWithStart<Args extends unknown[] = unknown[]>(
    workflow: string, options: AnyStartOptions & SignalWithStartOptions<Args>,
  ): Promise<SignaledWorkflowHandle>
  signalWithStart<T extends WorkflowWithoutArguments, Args extends unknown[] = unknown[]>(
    workflow: T, options: StartSettings & SignalWithStartOptions<Args>,
  ): Promise<SignaledWorkflowHandle<T>>
  signalWithStart<T extends WorkflowFunction, Args extends unknown[] = unknown[]>(
    workflow: T, options: StartOptions<T> & SignalWithStartOptions<Args>,
  ): Promise<SignaledWorkflowHandle<T>>

  /**
   * Asks the open execution of the workflow id for an update, or starts one that has the update from the beginning; waits for
   * the update's result.
   * @throws WorkflowUpdateFailedError, WorkflowExecutionAlreadyStartedError, and what `start` throws
   * @example
   * const operation = new WithStartWorkflowOperation(cart, { workflowId: 'cart-7', args: [], workflowIdConflictPolicy: 'USE_EXISTING' })
   * const total = await engine.workflows.executeUpdateWithStart(addItem, { args: [item], startWorkflowOperation: operation })
   * const handle = await operation.workflowHandle()
   */
  executeUpdateWithStart<T extends WorkflowFunction, Ret, Args extends unknown[]>(
    update: UpdateDefinition<Ret, Args> | string, options: UpdateWithStartOptions<T, Args>,
  ): Promise<Ret>
  /**
   * The same, and waits until the update is accepted or rejected, or has ended.
   * @throws as `executeUpdateWithStart`, except for what the handle's `result()` throws
   */
  startUpdateWithStart<T extends WorkflowFunction, Ret, Args extends unknown[]>(
    update: UpdateDefinition<Ret, Args> | string,
    options: UpdateWithStartOptions<T, Args> & { readonly waitForStage: AwaitedStage },
  ): Promise<WorkflowUpdateHandle<Ret>>

  /** A handle of one run. Nothing is asked of the database yet. */
  getHandle<T extends WorkflowFunction = WorkflowFunction>(
    workflowId: string, runId: string, options?: GetHandleOptions,
  ): WorkflowHandle<T>
  /**
   * A handle of an execution that was started before; nothing is asked of the database yet. A run id may stand for the workflow id.
   * @example await engine.workflows.getHandle<typeof orderProcessing>('order-7').result()
   */
  getHandle<T extends WorkflowFunction = WorkflowFunction>(
    workflowId: string, runId?: string, options?: GetHandleOptions,
  ): CurrentWorkflowHandle<T>

  /**
   * Waits for the end of an execution; gives what the workflow returned, as JSON has it.
   * @throws WorkflowFailedError, ResultTimeoutError, WorkflowNotFoundError
   * @example await engine.workflows.getResult<Receipt>('order-7', { timeout: '30 seconds' })
   */
  getResult<R = unknown>(workflowId: string, options?: ResultOptions & { readonly runId?: string }): Promise<R>
  /**
   * Type, status and times of an execution: of the open run, or else the one that was started last.
   * @throws WorkflowNotFoundError
   */
  getStatus(workflowId: string, runId?: string): Promise<WorkflowStatus>
  /**
   * All that is known of an execution: input, result, failure, what it waits for, activities that run or are retried, why it is held.
   * @throws WorkflowNotFoundError
   */
  describe(workflowId: string, runId?: string): Promise<ExecutionDescription>
  /**
   * The events with Temporal's names, oldest first.
   * @throws WorkflowNotFoundError
   */
  history(workflowId: string, runId?: string): Promise<HistoryEventView[]>
  /**
   * Executions that fit all filters, the newest start first, at most 100 unless `limit` says otherwise.
   * @throws PerdureError OPTIONS_INVALID, CURSOR_INVALID
   * @example await engine.workflows.list({ workflowType: 'orderProcessing', status: 'FAILED', limit: 20 })
   */
  list(options?: ListOptions): Promise<ExecutionPage>
  /**
   * How many executions fit all filters.
   * @throws PerdureError OPTIONS_INVALID
   */
  count(filter?: ListFilter): Promise<number>
  /**
   * Tells an open execution something; the signal is stored, and cannot be lost, when the promise resolves.
   * @throws WorkflowNotFoundError also when the execution is closed
   * @example await engine.workflows.signal('release-7', approve, 'ada')
   */
  signal<Args extends unknown[] = unknown[]>(workflowId: string, signal: SignalDefinition<Args> | string, ...args: Args): Promise<void>
  /**
   * Asks an execution something, also a closed one; a worker that has the workflow's code answers, within ten seconds.
   * @throws QueryNotRegisteredError (no such handler, or it threw), QueryTimedOutError, WorkflowNotFoundError
   */
  query<Ret = unknown, Args extends unknown[] = unknown[]>(
    workflowId: string, query: QueryDefinition<Ret, Args> | string, ...args: Args
  ): Promise<Ret>
  /**
   * Asks an execution to stop; its code sees a CancelledFailure and may clean up. As on Temporal a closed execution stays as
   * it is, and that is no error.
   * @param options with the reason, or the reason itself
   * @throws WorkflowNotFoundError when there is no such execution
   */
  cancel(workflowId: string, options?: StopOptions | string): Promise<void>
  /**
   * Stops an execution at once; its code is not asked.
   * @param options with the reason, or the reason itself
   * @throws WorkflowNotFoundError also when the execution is closed
   */
  terminate(workflowId: string, options?: StopOptions | string): Promise<void>
}

/** A client as whoever made it has it. */
export interface ConnectedClient extends WorkflowClient {
  /** A hint of the notifier. */
  onHint(topic: string): void
  /** What is on its way is brought to its end; whoever waits for a result or an answer is told `error`. Works twice. */
  stop(error: PerdureError): Promise<void>
}
