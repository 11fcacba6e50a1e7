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
import { portVersion, type Registered, runtimeOf } from './port-version.ts'
import type { WorkflowInfo } from './workflow-info.ts'

/** A command that was issued and whose outcome is awaited; it settles when an event of the history resolves it. */
export interface PendingCommand<T> {
  /** Number of the command within its execution, counted from 1. */
  readonly command: number
  readonly settled: Promise<T>
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
}

export interface ResolvedRetryPolicy {
  readonly initialMs: number
  readonly coefficient: number
  readonly maximumMs: number
  /** Infinity is written as 0: unlimited. */
  readonly maximumAttempts: number
  readonly nonRetryableErrorTypes: readonly string[]
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
  startTimer(durationMs: number): PendingCommand<void>
  /** Withdraws a timer and rejects what awaits it; no effect when it has fired. */
  cancelTimer(command: number, reason: Error): void
  /** True until the command has settled: lets a scope forget what it need not cancel any more. */
  isPending(command: number): boolean
  /** Settles when the predicate holds at the end of an activation; `remove` withdraws it. Predicates must not issue commands. */
  addCondition(predicate: () => boolean): { readonly settled: Promise<void>; remove(): void }
  /** `undefined` removes a handler. Signals kept for a name are dispatched inside the call, in order. */
  setSignalHandler(name: string, handler: SignalHandler | undefined): void
  setQueryHandler(name: string, handler: QueryHandler | undefined): void
  /** Written once the transition that holds it is durable; never on replay. */
  log(level: LogLevel, message: string, attributes?: Readonly<Record<string, unknown>>): void
}

export interface WorkflowRuntime {
  currentScope(): WorkflowScope | undefined
  runInScope<T>(scope: WorkflowScope, fn: () => T): T
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

export function workflowRuntime(): WorkflowRuntime {
  const runtime = runtimeOf((globalThis as Registry)[runtimeKey])
  if (runtime === undefined) throw new Error('No workflow runtime: workflow code runs inside an Engine, not on its own')
  return runtime
}
