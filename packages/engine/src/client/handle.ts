/** The handles of a client: what is called on them is the client's business, with the execution that they stand for. */
import type { QueryDefinition, SignalDefinition, UpdateDefinition } from '@perdure/workflow'
import type { RunId } from '../protocol/ids.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { TemporalHistory } from '../replay/temporal-event.ts'
import type { ExecutionDescription, WorkflowStatus } from './description.ts'
import { refuseUnknownKeys } from './given-options.ts'
import type { HistoryEventView } from './history-view.ts'
import type { Target } from './lookup.ts'
import { updateOptionsWithStage, type UpdateOptions, type WorkflowUpdateHandle } from './update-options.ts'
import type { AwaitedStage } from './update-waiters.ts'
import type { CurrentWorkflowHandle, ResultOptions, StartedWorkflowHandle, WorkflowResult } from './workflow-handle.ts'

/** One run, and whether the worker of this process has it. */
export interface KnownRun {
  readonly workflowId: string
  readonly runId: RunId
  /** Undefined: it was joined, and may be of another type than was asked for. */
  readonly workflowType: string | undefined
  readonly local: boolean
  /** It has a retry policy, or was joined and may have one. */
  readonly mayBeRetried: boolean
  /** What result() does unless it is told otherwise. */
  readonly followRuns: boolean
}

/** What a start gave. */
export interface StartedRun extends KnownRun {
  /** It was open already. */
  readonly joined: boolean
}

/** What getHandle() was told. */
export interface HandleTarget extends Target {
  readonly followRuns?: boolean
}

/** `run` is known only of what was started here. */
export interface HandleCalls {
  result(target: HandleTarget, options: ResultOptions, run: KnownRun | undefined): Promise<unknown>
  getStatus(target: Target): Promise<WorkflowStatus>
  describe(target: Target): Promise<ExecutionDescription>
  history(target: Target): Promise<HistoryEventView[]>
  fetchHistory(target: Target): Promise<TemporalHistory>
  signal(target: Target, signal: Named, args: readonly unknown[]): Promise<void>
  query(target: Target, query: Named, args: readonly unknown[]): Promise<unknown>
  startUpdate(target: Target, update: Named, options: GivenUpdateOptions, stage: AwaitedStage, call: string): Promise<WorkflowUpdateHandle>
  getUpdateHandle(target: Target, updateId: string, workflowRunId: string | undefined): WorkflowUpdateHandle
  cancel(target: Target, reason: string | undefined): Promise<void>
  terminate(target: Target, reason: string | undefined): Promise<void>
}

/** A definition, or the name alone. */
export type Named = { readonly name: string } | string
export type GivenUpdateOptions = UpdateOptions & { readonly args?: readonly unknown[] }

/** A class: a client may hold a hundred thousand of them, and a closure for each method would be a kilobyte each. */
export class Handle<T extends WorkflowFunction> implements CurrentWorkflowHandle<T> {
  readonly workflowId: string
  readonly runId: string | undefined
  readonly #calls: HandleCalls
  readonly #target: HandleTarget
  readonly #run: KnownRun | undefined

  constructor(calls: HandleCalls, target: HandleTarget, run?: KnownRun) {
    this.workflowId = target.workflowId
    this.runId = target.runId ?? undefined
    this.#calls = calls
    this.#target = target
    this.#run = run
  }

  result(options: ResultOptions = {}): Promise<WorkflowResult<T>> {
    return this.#calls.result(this.#target, options, this.#run) as Promise<WorkflowResult<T>>
  }

  getStatus(): Promise<WorkflowStatus> {
    return this.#calls.getStatus(this.#target)
  }

  describe(): Promise<ExecutionDescription> {
    return this.#calls.describe(this.#target)
  }

  history(): Promise<HistoryEventView[]> {
    return this.#calls.history(this.#target)
  }

  fetchHistory(): Promise<TemporalHistory> {
    return this.#calls.fetchHistory(this.#target)
  }

  signal<Args extends unknown[] = unknown[]>(signal: SignalDefinition<Args> | string, ...args: Args): Promise<void> {
    return this.#calls.signal(this.#target, signal, args)
  }

  async query<Ret = unknown, Args extends unknown[] = unknown[]>(
    query: QueryDefinition<Ret, Args> | string, ...args: Args
  ): Promise<Ret> {
    return await this.#calls.query(this.#target, query, args) as Ret
  }

  async executeUpdate<Ret, Args extends unknown[]>(
    update: UpdateDefinition<Ret, Args> | string, options: GivenUpdateOptions = {},
  ): Promise<Ret> {
    const handle = await this.#calls.startUpdate(this.#target, update, options, 'COMPLETED', 'executeUpdate()')
    return await handle.result() as Ret
  }

  async startUpdate<Ret, Args extends unknown[]>(
    update: UpdateDefinition<Ret, Args> | string, options: GivenUpdateOptions & { readonly waitForStage: AwaitedStage },
  ): Promise<WorkflowUpdateHandle<Ret>> {
    const { waitForStage, ...rest } = updateOptionsWithStage(options, 'startUpdate()')
    return await this.#calls.startUpdate(this.#target, update, rest, waitForStage, 'startUpdate()') as WorkflowUpdateHandle<Ret>
  }

  getUpdateHandle<Ret = unknown>(updateId: string, options: { readonly workflowRunId?: string } = {}): WorkflowUpdateHandle<Ret> {
    refuseUnknownKeys(options, ['workflowRunId'], 'getUpdateHandle()', ['typeInfo'])
    return this.#calls.getUpdateHandle(this.#target, updateId, options.workflowRunId) as WorkflowUpdateHandle<Ret>
  }

  cancel(reason?: string): Promise<void> {
    return this.#calls.cancel(this.#target, reason)
  }

  terminate(reason?: string): Promise<void> {
    return this.#calls.terminate(this.#target, reason)
  }
}

/** What a start gives: it means the run that was started, and those that it goes on in. */
export function startedHandle<T extends WorkflowFunction>(calls: HandleCalls, run: StartedRun): StartedWorkflowHandle<T> {
  const { workflowId, runId } = run
  const handle = new Handle<T>(calls, { workflowId, runId, follows: true }, run)
  return Object.assign(handle, { runId, firstExecutionRunId: runId, started: !run.joined })
}
