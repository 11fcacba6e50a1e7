/**
 * Cancellation scopes: a tree; cancelling a scope cancels the activities, timers, children, signals to others, conditions
 * and triggers that were called in it, and the scopes inside it. Semantics and names are those of Temporal's TypeScript SDK.
 *
 * 1. `cancel()` only marks the scope and returns; its own operations are cancelled in the next microtask, in the order
 *    in which they were called.
 * 2. Child scopes are marked then too, so their operations follow after their parent's own.
 * 3. A non-cancellable scope shields what is inside it; it has no operations, since nothing would cancel them.
 *
 * A scope keeps a list of what it would have to cancel. Entries that settled stay in it until it has doubled, then
 * they are swept out: that costs less than a promise reaction on each, and an endless loop leaves nothing behind.
 *
 * The class may be loaded twice in one process: scopes use one another through their methods alone.
 */
import { DeterminismViolationError } from './determinism-violation.ts'
import { CancelledFailure } from './failure.ts'
import { type Duration, signedMs } from './duration.ts'
import { currentScopeOrNone, type PendingCommand, type WorkflowHost, workflowRuntime, type WorkflowScope } from './host.ts'
import { composeInterceptors, nextSeq, outboundOf } from './interceptor-composition.ts'
import type { TimerInput, TimerOptions } from './interceptors.ts'
import { PerdureError } from './perdure-error.ts'

export interface CancellationScopeOptions {
  /** The scope is cancelled when its body still runs after so long. Default, and with 0: never. */
  readonly timeout?: Duration
  /** Default true. */
  readonly cancellable?: boolean
  /** Default: the scope that the running code is in. */
  readonly parent?: CancellationScope
}

/** What a scope cancels. */
export type ScopeOperation =
  | { readonly type: 'activity' | 'timer' | 'child' | 'signal'; readonly command: number }
  | { readonly type: 'scope'; readonly scope: CancellationScope }
  | WaitingOperation

export interface WaitingOperation {
  readonly type: 'waiting'
  ended: boolean
  readonly cancel: (reason: CancelledFailure) => void
}

const sweepFrom = 32

export class CancellationScope implements WorkflowScope {
  readonly host: WorkflowHost
  readonly cancellable: boolean
  readonly parent?: CancellationScope
  /** 0: none. */
  readonly #timeoutMs: number
  #reason: CancelledFailure | undefined
  #operations: ScopeOperation[] = []
  #sweepAt = sweepFrom
  /** The parent has this scope in its list. */
  #linked = false
  #bodiesRun = 0
  #bodiesRunning = 0
  #requested: { readonly promise: Promise<never>; readonly reject: (reason: CancelledFailure) => void } | undefined

  /** The second parameter is the engine's: it makes a root scope. */
  constructor(options: CancellationScopeOptions = {}, rootOf?: WorkflowHost) {
    const { cancellable = true, timeout } = options
    this.cancellable = cancellable
    this.#timeoutMs = timeout === undefined ? 0 : timeoutMsOf(timeout)
    if (rootOf !== undefined) {
      this.host = rootOf
      return
    }
    this.parent = options.parent ?? CancellationScope.current()
    this.host = this.parent.host
    if (this.parent.consideredCancelled) this.#inherit(this.parent)
    this.#link()
  }

  /** The scope that the running code is in. */
  static current(): CancellationScope {
    return scopeOf('CancellationScope.current()')
  }

  /** Runs `fn` in a new scope that can be cancelled. */
  static cancellable<T>(fn: () => Promise<T>): Promise<T> {
    return new CancellationScope({ cancellable: true }).run(fn)
  }

  /** Runs `fn` in a new scope that no cancellation reaches: for clean-up. */
  static nonCancellable<T>(fn: () => Promise<T>): Promise<T> {
    return new CancellationScope({ cancellable: false }).run(fn)
  }

  /** Runs `fn` in a new scope that is cancelled when `fn` takes longer. */
  static withTimeout<T>(timeout: Duration, fn: () => Promise<T>): Promise<T> {
    return new CancellationScope({ cancellable: true, timeout }).run(fn)
  }

  /** Runs `fn` in this scope: what it calls is cancelled with the scope. */
  run<T>(fn: () => Promise<T>): Promise<T> {
    this.#requireOwnCode('run()')
    return workflowRuntime().runInScope(this, () => this.#runBody(fn))
  }

  /** Cancels what runs in this scope, and the scopes inside it. Only the first call counts. */
  cancel(): void {
    this.#requireOwnCode('cancel()')
    this.receiveCancel(new CancelledFailure(this.parent === undefined ? 'Workflow cancelled' : 'Cancellation scope cancelled'))
  }

  /** Cancelled, by itself or by the scope around it, and cancellable. */
  get consideredCancelled(): boolean {
    return this.cancellable && this.cancelReason !== undefined
  }

  /** Rejects with a CancelledFailure when cancellation is requested; also of a scope that is not cancellable. */
  get cancelRequested(): Promise<never> {
    if (this.#requested === undefined) {
      const { promise, reject } = Promise.withResolvers<never>()
      promise.catch(() => undefined)
      this.#requested = { promise, reject }
      this.#link()
      const reason = this.cancelReason
      if (reason !== undefined) reject(reason)
    }
    return this.#requested.promise
  }

  /** Internal. Why cancellation was requested, or undefined if it was not. */
  get cancelReason(): CancelledFailure | undefined {
    if (this.#reason === undefined && !this.#linked && this.parent?.cancellable === true) this.#reason = this.parent.cancelReason
    return this.#reason
  }

  /** Internal. Remembers what to cancel; the scope is cancellable and not cancelled. */
  add(operation: ScopeOperation): void {
    this.#link()
    if (this.#operations.length >= this.#sweepAt) this.#sweep()
    this.#operations.push(operation)
  }

  /** Internal. The request itself, from `cancel` or from the scope around it. */
  receiveCancel(reason: CancelledFailure): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    const operations = this.#operations
    this.#operations = []
    if (operations.length > 0) void nextMicrotask.then(() => this.#cancelAll(operations, reason))
    this.#requested?.reject(reason)
  }

  /** Internal. Nothing in it could be cancelled any more, and nobody listens: the parent may forget it. */
  release(): boolean {
    if (this.#reason === undefined && this.#isInUse()) return false
    this.#linked = false
    return true
  }

  #isInUse(): boolean {
    if (this.#bodiesRun === 0 || this.#bodiesRunning > 0 || this.#requested !== undefined) return true
    this.#sweep()
    return this.#operations.length > 0
  }

  /** Query handlers see the scopes of their workflow, but must not change anything. */
  #requireOwnCode(called: string): void {
    const running = currentScopeOrNone()
    if (running === undefined || running.host === this.host) return
    throw new DeterminismViolationError(
      `${called} was called on a CancellationScope from a query handler, or from another workflow; queries may only read the state of ` +
        'a workflow, and a scope belongs to the execution that made it. Use a signal for what changes it',
    )
  }

  async #runBody<T>(fn: () => Promise<T>): Promise<T> {
    this.#bodiesRun++
    this.#bodiesRunning++
    const timer = this.#timeoutMs === 0 ? undefined : this.#startTimeout(this.#timeoutMs)
    try {
      return await fn()
    } finally {
      this.#bodiesRunning--
      timer?.receiveCancel(notAwaited)
    }
  }

  #startTimeout(timeoutMs: number): CancellationScope {
    const scope = new CancellationScope({ parent: this })
    sleepIn(scope, timeoutMs).then(() => this.cancel(), () => undefined)
    return scope
  }

  /** Of a scope that is cancelled, the request takes a turn for each level that it comes down, as on Temporal. */
  #inherit(parent: CancellationScope): void {
    const { promise, reject } = Promise.withResolvers<never>()
    promise.catch(() => undefined)
    this.#requested = { promise, reject }
    parent.cancelRequested.catch(reject)
  }

  #link(): void {
    const { parent } = this
    if (this.#linked || parent?.cancellable !== true || this.cancelReason !== undefined) return
    this.#linked = true
    parent.add({ type: 'scope', scope: this })
  }

  #sweep(): void {
    this.#operations = this.#operations.filter((operation) => this.#isLive(operation))
    this.#sweepAt = Math.max(sweepFrom, 2 * this.#operations.length)
  }

  #isLive(operation: ScopeOperation): boolean {
    switch (operation.type) {
      case 'activity':
      case 'timer':
      case 'child':
      case 'signal':
        return this.host.isPending(operation.command)
      case 'scope':
        return !operation.scope.release()
      case 'waiting':
        return !operation.ended
    }
  }

  #cancelAll(operations: readonly ScopeOperation[], reason: CancelledFailure): void {
    for (const operation of operations) {
      switch (operation.type) {
        case 'activity':
          this.host.cancelActivity(operation.command)
          break
        case 'timer':
          this.host.cancelTimer(operation.command, reason)
          break
        case 'child':
          this.host.cancelChild(operation.command)
          break
        case 'signal':
          this.host.cancelSignalExternal(operation.command)
          break
        case 'scope':
          operation.scope.receiveCancel(reason)
          break
        case 'waiting':
          if (!operation.ended) operation.cancel(reason)
      }
    }
  }
}

/** As on Temporal nothing is no timeout, and what is negative is over at once. */
function timeoutMsOf(timeout: Duration): number {
  const ms = signedMs(timeout, 'timeout of a CancellationScope')
  return ms === 0 ? 0 : Math.max(1, ms)
}

const nextMicrotask = Promise.resolve()

/** Reason for withdrawing what nobody awaits any more. Made once: its stack would be most of the cost. */
export const notAwaited = new CancelledFailure('No longer awaited')

/** For hosts: the scope of the workflow function itself. Cancelling it cancels the execution. */
export function createRootScope(host: WorkflowHost): CancellationScope {
  return new CancellationScope({}, host)
}

/** @throws PerdureError NOT_IN_WORKFLOW, naming what was called. */
export function scopeOf(called: string): CancellationScope {
  const scope = currentScopeOrNone()
  if (scope !== undefined) return scope as CancellationScope
  throw new PerdureError(
    'NOT_IN_WORKFLOW',
    `${called} was called outside of workflow code; call it in a workflow function, or in a function that one calls ` +
      '(activities and plain scripts cannot)',
  )
}

/** A timer that the scope's cancellation withdraws; undefined in a cancelled scope, where none is started. */
export function startTimer(scope: CancellationScope, durationMs: number, summary?: string): PendingCommand<void> | undefined {
  if (scope.consideredCancelled) {
    scope.host.passedOver('timer')
    return undefined
  }
  const timer = scope.host.startTimer(durationMs, summary)
  if (scope.cancellable) scope.add({ type: 'timer', command: timer.command })
  return timer
}

/** Rejects with a CancelledFailure when the scope is cancelled, or was before. */
export function sleepIn(scope: CancellationScope, durationMs: number, options?: TimerOptions): Promise<void> {
  const outbound = outboundOf(scope.host, 'startTimer')
  if (outbound === undefined) return startTimer(scope, durationMs, options?.summary)?.settled ?? rejected(scope)
  const first = (given: TimerInput): Promise<void> =>
    startTimer(scope, given.durationMs, given.options?.summary)?.settled ?? rejected(scope)
  const input: TimerInput = { durationMs, seq: nextSeq(scope.host, 'timer'), ...(options === undefined ? {} : { options }) }
  return composeInterceptors(outbound, 'startTimer', first)(input)
}

/** How an operation called in a cancelled scope ends: when those ended that were called before. */
export function rejected(scope: CancellationScope): Promise<never> {
  return new Promise((_, reject) => { scope.cancelRequested.catch(reject) })
}
