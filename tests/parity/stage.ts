/**
 * A scenario of the comparison with Temporal: a workflow file that runs unchanged in every home, and the steps of
 * somebody outside. Its answer is plain data: recorded from a Temporal server once, the same in every home of ours.
 */
import type { SearchAttributes } from 'perdure/workflow'

/** As `@temporalio/client` has it, as far as scenarios use it. */
export interface Handle {
  readonly workflowId: string
  readonly runId: string | undefined
  result(): Promise<unknown>
  signal(name: string, ...args: unknown[]): Promise<void>
  query(name: string, ...args: unknown[]): Promise<unknown>
  executeUpdate(name: string, options?: UpdateSetup): Promise<unknown>
  startUpdate(name: string, options?: UpdateSetup): Promise<UpdateHandle>
  updateResult(updateId: string): Promise<unknown>
  cancel(): Promise<unknown>
  terminate(reason?: string): Promise<unknown>
  describe(): Promise<Described>
  /** Types of its events in Temporal's words, with what tells them apart; without those of workflow tasks. */
  events(): Promise<string[]>
  /** Resolves when its code has run as far as it gets. */
  settled(): Promise<void>
  /** Why it cannot go on: resolves when it cannot, with the message; never when it ends. */
  stuck(): Promise<string>
}

export interface UpdateHandle {
  readonly updateId: string
  result(): Promise<unknown>
}

export interface UpdateSetup {
  readonly args?: readonly unknown[]
  readonly updateId?: string
}

export interface Described {
  readonly status: string
  readonly type: string
  readonly memo: unknown
  readonly searchAttributes: unknown
}

export interface StartSetup {
  readonly workflowId?: string
  readonly args?: readonly unknown[]
  readonly workflowIdReusePolicy?: string
  readonly workflowIdConflictPolicy?: string
  readonly workflowExecutionTimeout?: number
  readonly workflowRunTimeout?: number
  readonly workflowTaskTimeout?: number
  readonly startDelay?: number
  readonly cronSchedule?: string
  readonly retry?: {
    readonly maximumAttempts?: number
    readonly initialInterval?: number
    readonly backoffCoefficient?: number
    readonly nonRetryableErrorTypes?: readonly string[]
  }
  readonly memo?: Readonly<Record<string, unknown>>
  readonly searchAttributes?: SearchAttributes
}

export interface RunningWorker {
  stop(): Promise<void>
}

export interface WorkerSetup {
  /** The file under workflows/, without its ending. Default: the scenario's. */
  readonly code?: string
  readonly without?: 'workflows' | 'activities'
  /** Errors that fail executions; by default none but failures do, as on Temporal. */
  readonly failureErrorTypes?: readonly string[]
  /** A file under workflows/, without its ending, that exports `interceptors`. */
  readonly interceptors?: string
}

export interface Stage {
  /** Unique: also the workflow id that `start` uses. */
  readonly id: string
  readonly queue: string
  worker(setup?: WorkerSetup): Promise<RunningWorker>
  start(type: string, setup?: StartSetup): Promise<Handle>
  getHandle(workflowId: string, runId?: string): Handle
  signalWithStart(type: string, signal: string, signalArgs: readonly unknown[], setup?: StartSetup): Promise<Handle>
  executeUpdateWithStart(type: string, update: string, options: UpdateSetup, setup?: StartSetup): Promise<unknown>
  /** Lets time pass, so that timers of less than a third of it are due in every home. */
  pass(ms: number): Promise<void>
}

export interface Scenario {
  readonly name: string
  /** The file under workflows/, without its ending. */
  readonly code: string
  run(stage: Stage): Promise<unknown>
}
