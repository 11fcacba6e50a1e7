/** What a started or found execution can be asked for. */
import type { Duration, QueryDefinition, SignalDefinition } from '@perdure/workflow'
import type { WorkflowFunction } from '../registry.ts'
import type { ExecutionDescription, WorkflowStatus } from './description.ts'
import type { HistoryEventView } from './history-view.ts'

export type WorkflowResult<T extends WorkflowFunction> = Awaited<ReturnType<T>>

export interface ResultOptions {
  /** Bounds the waiting, not the execution. Default: none. */
  readonly timeout?: Duration
}

export interface WorkflowHandle<T extends WorkflowFunction = WorkflowFunction> {
  readonly workflowId: string
  readonly runId: string
  /** @throws WorkflowFailedError, ResultTimeoutError, WorkflowNotFoundError */
  result(options?: ResultOptions): Promise<WorkflowResult<T>>
  getStatus(): Promise<WorkflowStatus>
  describe(): Promise<ExecutionDescription>
  history(): Promise<HistoryEventView[]>
  /** @throws WorkflowNotFoundError also when the execution is closed */
  signal<Args extends unknown[] = unknown[]>(signal: SignalDefinition<Args> | string, ...args: Args): Promise<void>
  /** @throws QueryNotRegisteredError, QueryTimedOutError */
  query<Ret = unknown, Args extends unknown[] = unknown[]>(query: QueryDefinition<Ret, Args> | string, ...args: Args): Promise<Ret>
  /** Asks it to stop; its code may clean up. A closed execution stays as it is. */
  cancel(reason?: string): Promise<void>
  /** Stops it at once; its code is not asked. */
  terminate(reason?: string): Promise<void>
}

/** A handle without a run: it means whichever run is open, or else was started last. */
export type CurrentWorkflowHandle<T extends WorkflowFunction = WorkflowFunction> = Omit<WorkflowHandle<T>, 'runId'> & {
  readonly runId: string | undefined
}
