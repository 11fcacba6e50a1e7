/** The handles of a client: what is called on them is the client's business, with the execution that they stand for. */
import type { QueryDefinition, SignalDefinition } from '@perdure/workflow'
import type { RunId } from '../protocol/ids.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { ExecutionDescription, WorkflowStatus } from './description.ts'
import type { HistoryEventView } from './history-view.ts'
import type { Target } from './lookup.ts'
import type { CurrentWorkflowHandle, ResultOptions, StartedWorkflowHandle, WorkflowResult } from './workflow-handle.ts'

/** One run, and whether the worker of this process has it. */
export interface KnownRun {
  readonly workflowId: string
  readonly runId: RunId
  /** Undefined: it was joined, and may be of another type than was asked for. */
  readonly workflowType: string | undefined
  readonly local: boolean
}

/** `run` is known only of what was started here. */
export interface HandleCalls {
  result(target: Target, options: ResultOptions, run: KnownRun | undefined): Promise<unknown>
  getStatus(target: Target): Promise<WorkflowStatus>
  describe(target: Target): Promise<ExecutionDescription>
  history(target: Target): Promise<HistoryEventView[]>
  signal(target: Target, signal: { readonly name: string } | string, args: readonly unknown[]): Promise<void>
  query(target: Target, query: { readonly name: string } | string, args: readonly unknown[]): Promise<unknown>
  cancel(target: Target, reason: string | undefined): Promise<void>
  terminate(target: Target, reason: string | undefined): Promise<void>
}

/** A class: a client may hold a hundred thousand of them, and a closure for each method would be a kilobyte each. */
export class Handle<T extends WorkflowFunction> implements CurrentWorkflowHandle<T> {
  readonly workflowId: string
  readonly runId: string | undefined
  readonly #calls: HandleCalls
  readonly #run: KnownRun | undefined

  constructor(calls: HandleCalls, { workflowId, runId }: Target, run?: KnownRun) {
    this.workflowId = workflowId
    this.runId = runId ?? undefined
    this.#calls = calls
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

  signal<Args extends unknown[] = unknown[]>(signal: SignalDefinition<Args> | string, ...args: Args): Promise<void> {
    return this.#calls.signal(this.#target, signal, args)
  }

  async query<Ret = unknown, Args extends unknown[] = unknown[]>(
    query: QueryDefinition<Ret, Args> | string, ...args: Args
  ): Promise<Ret> {
    return await this.#calls.query(this.#target, query, args) as Ret
  }

  cancel(reason?: string): Promise<void> {
    return this.#calls.cancel(this.#target, reason)
  }

  terminate(reason?: string): Promise<void> {
    return this.#calls.terminate(this.#target, reason)
  }

  get #target(): Target {
    return { workflowId: this.workflowId, runId: this.runId === undefined ? null : this.runId as RunId }
  }
}

/** What a start gives. */
export function startedHandle<T extends WorkflowFunction>(calls: HandleCalls, run: KnownRun, isNew: boolean): StartedWorkflowHandle<T> {
  const { runId } = run
  return Object.assign(new Handle<T>(calls, run, run), { runId, firstExecutionRunId: runId, started: isNew })
}
