/**
 * The one port between workflow code and whatever runs it.
 *
 * A host lives as long as one execution is in memory. Workflow code never sees it: the functions of this package find
 * it through the current cancellation scope. What a host does, it does deterministically: every call below that
 * issues a command takes the next command number of the execution, so equal code and equal events give equal numbers.
 *
 * There is one runtime per process, registered under a `Symbol.for` key, so that a module loaded twice still finds it.
 */
import type { ActivityOptions } from './activity-options.ts'
import type { AsyncStorage } from './async-storage.ts'
import type { ChildWorkflowCancellationType, ParentClosePolicy } from './child-workflow-options.ts'
import type { WorkflowInterceptors } from './interceptors.ts'
import type {
  DefaultQueryHandler, DefaultSignalHandler, DefaultUpdateHandler, HandlerUnfinishedPolicy,
} from './message-definition.ts'
import type { Headers } from './payload.ts'
import { portVersion, type Registered, runtimeOf } from './port-version.ts'
import type { WorkflowInfo } from './workflow-info.ts'

/** A command that was issued and whose outcome is awaited; it settles when an event of the history resolves it. */
export interface PendingCommand<T> {
  /** Number of the command within its execution, counted from 1. */
  readonly command: number
  readonly settled: Promise<T>
}

export interface PendingCondition {
  readonly settled: Promise<void>
  isWaiting(): boolean
  /** Withdraws it, and rejects what awaits it; no effect when it has held. */
  remove(reason: Error): void
}

export interface ActivityRequest {
  readonly activityType: string
  readonly args: readonly unknown[]
  /** Already validated: at least one of startToCloseTimeout and scheduleToCloseTimeout is set, durations in ms. */
  readonly options: ResolvedActivityOptions
}

/** `ActivityOptions` with durations in milliseconds and Temporal's defaults filled in. Plain data, kept in histories. */
export interface ResolvedActivityOptions {
  readonly taskQueue?: string
  readonly activityId?: string
  readonly scheduleToStartMs?: number
  readonly scheduleToCloseMs?: number
  readonly startToCloseMs?: number
  readonly heartbeatMs?: number
  readonly retry: ResolvedRetryPolicy
  readonly cancellationType: NonNullable<ActivityOptions['cancellationType']>
  readonly priority?: number
  readonly summary?: string
  /** A local activity: its end alone is recorded, and its failure is not wrapped. */
  readonly local?: true
  /** What interceptors hand to the activity. */
  readonly headers?: Headers
}

export interface ResolvedRetryPolicy {
  readonly initialMs: number
  readonly coefficient: number
  readonly maximumMs: number
  /** Infinity is written as 0: unlimited. */
  readonly maximumAttempts: number
  readonly nonRetryableErrorTypes: readonly string[]
}

export interface ChildRequest {
  readonly workflowType: string
  readonly args: readonly unknown[]
  readonly options: ResolvedChildOptions
}

/** Checked, durations in ms, Temporal's defaults filled in. Plain data. */
export interface ResolvedChildOptions {
  /** startChild() and executeChild() always fill it in. */
  readonly workflowId?: string
  /** Default: the parent's. */
  readonly taskQueue?: string
  readonly cancellationType: ChildWorkflowCancellationType
  readonly parentClosePolicy: NonNullable<ParentClosePolicy>
  readonly workflowIdReusePolicy?: string
  readonly executionTimeoutMs?: number
  readonly runTimeoutMs?: number
  readonly taskTimeoutMs?: number
  /** Only when one was given: workflows are not retried by default. */
  readonly retry?: ResolvedRetryPolicy
  readonly memo?: Readonly<Record<string, unknown>>
  readonly searchAttributes?: Readonly<Record<string, readonly unknown[]>>
  readonly priority?: number
  readonly cronSchedule?: string
  readonly staticSummary?: string
  readonly staticDetails?: string
  readonly headers?: Headers
}

export interface PendingChild {
  readonly command: number
  /** The run id; rejects with a WorkflowExecutionAlreadyStartedError, or a ChildWorkflowFailure of a CancelledFailure. */
  readonly started: Promise<string>
  /** The result; rejects with a ChildWorkflowFailure. */
  readonly completed: Promise<unknown>
}

export interface WorkflowTarget {
  readonly workflowId: string
  readonly runId?: string
  /** Of a child's first run: that chain of runs alone. */
  readonly firstRunId?: string
}

export interface ContinueAsNewRequest {
  readonly workflowType: string
  readonly args: readonly unknown[]
  readonly options: {
    readonly taskQueue?: string
    readonly memo?: Readonly<Record<string, unknown>>
    readonly searchAttributes?: Readonly<Record<string, readonly unknown[]>>
    readonly runTimeoutMs?: number
    readonly taskTimeoutMs?: number
    readonly startDelayMs?: number
    readonly headers?: Headers
  }
}

/** A handler of updates, with what goes with it. */
export interface UpdateHandler {
  readonly handler: (...args: never[]) => unknown
  readonly validator: ((...args: never[]) => void) | undefined
  readonly unfinishedPolicy: HandlerUnfinishedPolicy
  readonly description: string | undefined
}
export interface SignalHandlerFacts {
  readonly unfinishedPolicy: HandlerUnfinishedPolicy
  readonly description: string | undefined
}
export interface QueryHandlerFacts {
  readonly description: string | undefined
}

export interface RandomNumbers {
  /** Uniform in [0, 1). */
  random(): number
  uuid4(): string
  fill(bytes: Uint8Array): Uint8Array
}

export type SignalHandler = (...args: never[]) => void | Promise<void>
export type QueryHandler = (...args: never[]) => unknown

export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'

/** What this port needs of a CancellationScope, which implements it: the class imports this file, never the other way. */
export interface WorkflowScope {
  readonly host: WorkflowHost
  readonly cancellable: boolean
  /** Cancelled, and cancellable. */
  readonly consideredCancelled: boolean
  cancel(): void
}

export interface WorkflowHost {
  /** Made by `createRootScope(host)`. */
  readonly rootScope: WorkflowScope
  info(): WorkflowInfo
  /** Workflow time: of the event being applied, ms since the epoch; it never goes back. */
  now(): number
  /** Uniform in [0, 1), seeded by the run id. */
  random(): number
  uuid4(): string
  /** Throws a PayloadError when an argument cannot be encoded; the command is then not issued. */
  scheduleActivity(request: ActivityRequest): PendingCommand<unknown>
  /** Acts by the activity's cancellationType; no effect when the activity has ended. */
  cancelActivity(command: number): void
  startTimer(durationMs: number, summary?: string): PendingCommand<void>
  /** Withdraws a timer and rejects what awaits it; no effect when it has fired. */
  cancelTimer(command: number, reason: Error): void
  /**
   * A call in a cancelled scope, which issues no command. Temporal's SDK numbers it all the same, so exported histories count it.
   */
  passedOver(kind: 'activity' | 'timer'): void
  /** True until the command has settled: lets a scope forget what it need not cancel any more. */
  isPending(command: number): boolean
  /** Settles when the predicate holds at the end of an activation. Predicates must not issue commands. */
  addCondition(predicate: () => boolean): PendingCondition
  /** Throws a PayloadError when an argument cannot be encoded. */
  startChild(request: ChildRequest): PendingChild
  /** Acts by the child's cancellationType; no effect when it has ended. */
  cancelChild(command: number): void
  signalExternal(target: WorkflowTarget, signalName: string, args: readonly unknown[], headers?: Headers): PendingCommand<void>
  /** Withdraws a signal that is not settled: its promise rejects with a CancelledFailure. */
  cancelSignalExternal(command: number): void
  cancelExternal(target: WorkflowTarget): PendingCommand<void>
  /** `undefined` removes a handler. Signals kept for a name are dispatched inside the call, in order. */
  setSignalHandler(name: string, handler: SignalHandler | undefined, facts?: SignalHandlerFacts): void
  setQueryHandler(name: string, handler: QueryHandler | undefined, facts?: QueryHandlerFacts): void
  setUpdateHandler(name: string, handler: UpdateHandler | undefined): void
  setDefaultSignalHandler(handler: DefaultSignalHandler | undefined): void
  setDefaultQueryHandler(handler: DefaultQueryHandler | undefined): void
  setDefaultUpdateHandler(handler: DefaultUpdateHandler | undefined): void
  /** No handler of a signal or an update is running. */
  allHandlersFinished(): boolean
  patched(patchId: string, deprecated: boolean): boolean
  /** A null value deletes its key. */
  upsertMemo(memo: Readonly<Record<string, unknown>>): void
  /** An empty list deletes its key. */
  upsertSearchAttributes(attributes: Readonly<Record<string, readonly unknown[]>>): void
  currentDetails(): string
  setCurrentDetails(details: string): void
  randomStream(name: string): RandomNumbers
  /** Silent on replay. */
  metric(
    kind: 'counter' | 'histogram' | 'gauge', name: string, unit: string | undefined, description: string | undefined, value: number,
    tags: Readonly<Record<string, string | number | boolean>>,
  ): void
  /** Of this execution, made once by their factories in its context. */
  interceptors(): WorkflowInterceptors
  /** Written once the transition that holds it is durable; never on replay. */
  log(level: LogLevel, message: string, attributes?: Readonly<Record<string, unknown>>): void
}

export interface WorkflowRuntime {
  currentScope(): WorkflowScope | undefined
  runInScope<T>(scope: WorkflowScope, fn: () => T): T
  /** What is behind an AsyncLocalStorage of workflow code. */
  createAsyncLocalStorage<T>(): AsyncStorage<T>
}

const runtimeKey = Symbol.for('perdure.workflow.runtime')
type Registry = { [runtimeKey]?: Registered<WorkflowRuntime> }

/** @throws PerdureError VERSIONS_MIXED */
export function setWorkflowRuntime(runtime: WorkflowRuntime): void {
  const registry = globalThis as Registry
  runtimeOf(registry[runtimeKey])
  registry[runtimeKey] = { runtime, portVersion }
}

/** The scope that the running code belongs to, or undefined outside of workflows. */
export function currentScopeOrNone(): WorkflowScope | undefined {
  return runtimeOf((globalThis as Registry)[runtimeKey])?.currentScope()
}

export function workflowRuntimeOrNone(): WorkflowRuntime | undefined {
  return runtimeOf((globalThis as Registry)[runtimeKey])
}

export function workflowRuntime(): WorkflowRuntime {
  const runtime = workflowRuntimeOrNone()
  if (runtime === undefined) throw new Error('No workflow runtime: workflow code runs inside an Engine, not on its own')
  return runtime
}
