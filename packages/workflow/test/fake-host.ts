/**
 * A deterministic host without an engine: it numbers commands, writes down what it was asked, and settles a command when
 * the test says so. `run` starts workflow code, `drain` lets everything that can run do so.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import { type CancellationScope, CancelledFailure, TypedSearchAttributes, type WorkflowInterceptors } from '@perdure/workflow'
import {
  type ActivityRequest, type ChildRequest, createRootScope, type LogLevel, type PendingChild, type PendingCommand,
  type PendingCondition, type QueryHandler,
  type RandomNumbers, setWorkflowRuntime, type SignalHandler, type UpdateHandler, type WorkflowHost, type WorkflowScope,
  type WorkflowTarget,
} from '@perdure/workflow/host'
import type { WorkflowInfo } from '../src/workflow-info.ts'

const storage = new AsyncLocalStorage<WorkflowScope>()

export function installTestRuntime(): void {
  setWorkflowRuntime({
    currentScope: () => storage.getStore(),
    runInScope: (scope, fn) => storage.run(scope, fn),
    createAsyncLocalStorage: <T>() => new AsyncLocalStorage<T>(),
  })
}

export interface FakeCommand {
  readonly type: 'activity' | 'timer' | 'child' | 'signal' | 'cancel'
  readonly name: string
  readonly request?: ActivityRequest
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export class FakeHost implements WorkflowHost {
  readonly rootScope: CancellationScope
  /** What was asked of the host, in order. */
  readonly asked: string[] = []
  readonly pending = new Map<number, FakeCommand>()
  readonly conditions = new Set<{ readonly predicate: () => boolean; readonly resolve: () => void }>()
  readonly signals = new Map<string, SignalHandler>()
  readonly queries = new Map<string, QueryHandler>()
  /** Calls of the host that change the execution, by their names. */
  readonly changes: [string, ...unknown[]][] = []
  readonly children: ChildRequest[] = []
  readonly sent: { target: WorkflowTarget; signalName: string; args: readonly unknown[]; headers: object | undefined }[] = []
  readonly updates = new Map<string, UpdateHandler>()
  readonly patches = new Set<string>()
  readonly measured: unknown[][] = []
  intercepted: WorkflowInterceptors = {}
  handlersRunning = 0
  details = ''
  readonly logged: { level: LogLevel; message: string; attributes: Readonly<Record<string, unknown>> | undefined }[] = []
  time = 1_700_000_000_000
  #issued = 0
  #random = 0
  #uuids = 0

  constructor() {
    this.rootScope = createRootScope(this)
  }

  /** Runs workflow code in the root scope. */
  run<T>(workflow: () => Promise<T>): Promise<T> {
    return storage.run(this.rootScope, workflow)
  }

  /** The number of the pending command with this name: 'charge' or 'timer 1000'. */
  numberOf(name: string): number {
    for (const [command, { name: known }] of this.pending) if (known === name) return command
    throw new Error(`Nothing named '${name}' is pending; pending are ${[...this.pending.values()].map((each) => each.name).join(', ')}`)
  }

  async complete(name: string, value?: unknown): Promise<void> {
    this.#take(this.numberOf(name))?.resolve(value)
    await this.drain()
  }

  async fail(name: string, error: Error): Promise<void> {
    this.#take(this.numberOf(name))?.reject(error)
    await this.drain()
  }

  /** Until nothing can go on by itself, conditions included. */
  async drain(): Promise<void> {
    await setImmediate()
    const ready = [...this.conditions].filter((condition) => condition.predicate())
    if (ready.length === 0) return
    for (const condition of ready) {
      this.conditions.delete(condition)
      condition.resolve()
    }
    await this.drain()
  }

  info(): WorkflowInfo {
    const started = new Date(1_700_000_000_000)
    return {
      workflowId: 'order-7', runId: 'run-1', firstExecutionRunId: 'run-1', workflowType: 'test', namespace: 'default', taskQueue: 'default',
      startTime: started, runStartTime: started, searchAttributes: {}, historyLength: 0, historySize: 0, continueAsNewSuggested: false,
      attempt: 1, originalExecutionRunId: 'run-1', taskTimeoutMs: 10_000, targetWorkerDeploymentVersionChanged: false,
      typedSearchAttributes: new TypedSearchAttributes(),
      unsafe: { now: () => this.time, isReplaying: false, isReplayingHistoryEvents: false },
    }
  }

  now(): number {
    return this.time
  }

  random(): number {
    this.#random = (this.#random + 0.375) % 1
    return this.#random
  }

  uuid4(): string {
    return `00000000-0000-4000-8000-${String(++this.#uuids).padStart(12, '0')}`
  }

  scheduleActivity(request: ActivityRequest): PendingCommand<unknown> {
    return this.#issue('activity', request.activityType, request)
  }

  startTimer(durationMs: number): PendingCommand<void> {
    return this.#issue('timer', `timer ${durationMs}`) as PendingCommand<void>
  }

  cancelActivity(command: number): void {
    const activity = this.#take(command)
    if (activity === undefined) return
    this.asked.push(`cancel ${activity.name}`)
    activity.reject(new Error(`${activity.name} was cancelled`))
  }

  cancelTimer(command: number, reason: Error): void {
    const timer = this.#take(command)
    if (timer === undefined) return
    this.asked.push(`cancel ${timer.name}`)
    timer.reject(reason)
  }

  startChild(request: ChildRequest): PendingChild {
    this.children.push(request)
    const { command, settled } = this.#issue('child', `child ${request.options.workflowId}`)
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const started = settled.then((runId) => {
      this.pending.set(command, { type: 'child', name: `result ${request.options.workflowId}`, resolve, reject })
      return runId as string
    })
    started.catch(reject)
    return { command, started, completed: promise }
  }

  cancelChild(command: number): void {
    const child = this.#take(command)
    if (child === undefined) return
    this.asked.push(`cancel ${child.name}`)
    child.reject(new Error(`${child.name} was cancelled`))
  }

  signalExternal(target: WorkflowTarget, signalName: string, args: readonly unknown[], headers?: object): PendingCommand<void> {
    this.sent.push({ target, signalName, args, headers })
    return this.#issue('signal', `signal ${signalName}`) as PendingCommand<void>
  }

  cancelSignalExternal(command: number): void {
    const signal = this.#take(command)
    if (signal === undefined) return
    this.asked.push(`cancel ${signal.name}`)
    signal.reject(new CancelledFailure('Signal withdrawn'))
  }

  cancelExternal(target: WorkflowTarget): PendingCommand<void> {
    return this.#issue('cancel', `cancellation of ${target.workflowId}`) as PendingCommand<void>
  }

  passedOver(): void {}

  isPending(command: number): boolean {
    return this.pending.has(command)
  }

  addCondition(predicate: () => boolean): PendingCondition {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const condition = { predicate, resolve }
    this.conditions.add(condition)
    return {
      settled: promise, isWaiting: () => this.conditions.has(condition),
      remove: (reason) => { if (this.conditions.delete(condition)) reject(reason) },
    }
  }

  setSignalHandler(name: string, handler: SignalHandler | undefined, facts?: object): void {
    this.changes.push(['setSignalHandler', name, facts])
    if (handler === undefined) this.signals.delete(name)
    else this.signals.set(name, handler)
  }

  setQueryHandler(name: string, handler: QueryHandler | undefined, facts?: object): void {
    this.changes.push(['setQueryHandler', name, facts])
    if (handler === undefined) this.queries.delete(name)
    else this.queries.set(name, handler)
  }

  setUpdateHandler(name: string, handler: UpdateHandler | undefined): void {
    if (handler === undefined) this.updates.delete(name)
    else this.updates.set(name, handler)
  }

  setDefaultSignalHandler(handler: unknown): void {
    this.changes.push(['setDefaultSignalHandler', handler])
  }

  setDefaultQueryHandler(handler: unknown): void {
    this.changes.push(['setDefaultQueryHandler', handler])
  }

  setDefaultUpdateHandler(handler: unknown): void {
    this.changes.push(['setDefaultUpdateHandler', handler])
  }

  allHandlersFinished(): boolean {
    return this.handlersRunning === 0
  }

  patched(patchId: string, deprecated: boolean): boolean {
    this.changes.push(['patched', patchId, deprecated])
    return deprecated || this.patches.has(patchId)
  }

  upsertMemo(memo: object): void {
    this.changes.push(['upsertMemo', memo])
  }

  upsertSearchAttributes(attributes: object): void {
    this.changes.push(['upsertSearchAttributes', attributes])
  }

  currentDetails(): string {
    return this.details
  }

  setCurrentDetails(details: string): void {
    this.details = details
  }

  /** Numbers that show of which stream they are. */
  randomStream(name: string): RandomNumbers {
    return { random: () => name.length / 1_000, uuid4: () => `uuid of ${name}`, fill: (bytes) => bytes.fill(name.length) }
  }

  metric(...measured: unknown[]): void {
    this.measured.push(measured)
  }

  interceptors(): WorkflowInterceptors {
    return this.intercepted
  }

  log(level: LogLevel, message: string, attributes?: Readonly<Record<string, unknown>>): void {
    this.logged.push({ level, message, attributes })
  }

  #issue(type: FakeCommand['type'], name: string, request?: ActivityRequest): PendingCommand<unknown> {
    const command = ++this.#issued
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.pending.set(command, { type, name, resolve, reject, ...(request === undefined ? {} : { request }) })
    this.asked.push(name)
    return { command, settled: promise }
  }

  #take(command: number): FakeCommand | undefined {
    const found = this.pending.get(command)
    this.pending.delete(command)
    return found
  }
}
