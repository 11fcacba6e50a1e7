/**
 * The host that workflow code calls through the functions of @perdure/workflow: each call checks that code may make it now,
 * takes a command number where it issues a command, and leaves the command for the worker.
 */
import type {
  DefaultQueryHandler, DefaultSignalHandler, DefaultUpdateHandler, Headers, WorkflowInfo, WorkflowInterceptors,
} from '@perdure/workflow'
import {
  createRootScope, type ActivityRequest, type ChildRequest, type LogLevel, type PendingChild as ChildCall, type PendingCommand,
  type PendingCondition, type QueryHandler, type QueryHandlerFacts, type RandomNumbers, type SignalHandler, type SignalHandlerFacts,
  type UpdateHandler, type WorkflowHost, type WorkflowScope, type WorkflowTarget,
} from '@perdure/workflow/host'
import type { HistoryEvent } from '../protocol/event.ts'
import type { Millis } from '../protocol/ids.ts'
import { cancelActivity, scheduleActivity } from './activity-calls.ts'
import { ChildExecutions } from './child-executions.ts'
import { logLine } from './command.ts'
import { Conditions } from './conditions.ts'
import { createRandom, type DeterministicRandom } from './deterministic-random.ts'
import { ExternalRequests } from './external-requests.ts'
import type { Calling } from './issuing.ts'
import { MessageHandlers } from './message-handlers.ts'
import { type Patch, Patches } from './patches.ts'
import { type ExternalRequest, type PendingChild, PendingCommands } from './pending-commands.ts'
import { VisibleState } from './visible-state.ts'

export class WorkflowCalls implements WorkflowHost {
  readonly rootScope: WorkflowScope
  readonly pending: PendingCommands
  readonly conditions = new Conditions()
  readonly handlers: MessageHandlers
  readonly #execution: Calling
  #children: ChildExecutions | undefined
  #external: ExternalRequests | undefined
  #patches: Patches | undefined
  #visible: VisibleState | undefined
  #random: DeterministicRandom | undefined
  #aside: DeterministicRandom | undefined
  #streams: Map<string, DeterministicRandom> | undefined

  constructor(execution: Calling) {
    this.#execution = execution
    this.pending = new PendingCommands(execution.parts.captureLocations === true)
    this.rootScope = createRootScope(this)
    this.handlers = new MessageHandlers(execution.values, (call) => execution.runSignal(call), (update) => execution.runEarly(update))
  }

  // Most executions have none of these: they are made when the first is asked for.

  get external(): ExternalRequests {
    return (this.#external ??= new ExternalRequests(this.#execution, this.pending))
  }

  get children(): ChildExecutions {
    const { parts: { namespace } } = this.#execution
    return (this.#children ??= new ChildExecutions({ issuing: this.#execution, numbers: this.pending, external: this.external, namespace }))
  }

  /** Children, or answers of other executions. */
  get awaitsOthers(): boolean {
    return (this.#children?.pending.size ?? 0) + (this.#external?.pending.size ?? 0) > 0
  }

  /** Children that end with it, by their parent close policy. */
  get hasDependants(): boolean {
    return this.#children?.hasDependants === true
  }

  get pendingChildren(): Iterable<PendingChild> {
    return this.#children?.pending.values() ?? []
  }

  get pendingRequests(): Iterable<ExternalRequest> {
    return this.#external?.pending.values() ?? []
  }

  get patches(): Patches {
    return (this.#patches ??= new Patches(this.#execution.parts.isOurs))
  }

  /** Before an event of the history is applied. @throws NondeterminismError */
  followPatches(event: HistoryEvent, isBegun: boolean, seq: number): void {
    if (event.type === 'PatchMarked') this.patches.follow(event, isBegun, seq)
    else this.#patches?.follow(event, isBegun, seq)
  }

  /** The history is over. @throws NondeterminismError */
  endPatches(seq: number): void {
    this.#patches?.end(seq)
  }

  /** Of this activation; most executions have none. */
  takeFreshPatches(): readonly Patch[] {
    return this.#patches?.takeFresh() ?? none
  }

  get visible(): VisibleState {
    if (this.#visible === undefined) {
      const { memo, searchAttributes } = this.#execution.parts.info()
      this.#visible = new VisibleState(memo, searchAttributes, this.#execution.values)
    }
    return this.#visible
  }

  /** Undefined: it shows what it showed at the start. */
  get visibleOrNone(): VisibleState | undefined {
    return this.#visible
  }

  /** A promise of this execution was rejected and nobody handles it. */
  unhandled(reason: unknown): void {
    this.#execution.unhandled(reason)
  }

  info(): WorkflowInfo {
    return this.#execution.info()
  }

  now(): Millis {
    return this.#execution.time
  }

  random(): number {
    return this.#ownRandom().next()
  }

  uuid4(): string {
    return this.#ownRandom().uuid4()
  }

  randomStream(name: string): RandomNumbers {
    const stream = (): DeterministicRandom => this.#stream(name)
    return { random: () => stream().next(), uuid4: () => stream().uuid4(), fill: (bytes) => fill(bytes, stream()) }
  }

  passedOver(kind: 'activity' | 'timer'): void {
    this.#execution.parts.onPassedOver?.(kind, this.pending)
  }

  isPending(command: number): boolean {
    return this.pending.activities.has(command) || this.pending.timers.has(command) ||
      this.#children?.pending.has(command) === true || this.#external?.pending.has(command) === true
  }

  scheduleActivity(request: ActivityRequest): PendingCommand<unknown> {
    return scheduleActivity(this.#execution, this.pending, request)
  }

  cancelActivity(command: number): void {
    cancelActivity(this.#execution, this.pending, command)
  }

  startTimer(durationMs: number, summary?: string): PendingCommand<void> {
    this.#execution.requireActivation('a timer was started')
    const issued = this.pending.addTimer(durationMs, this.#execution.time, summary)
    const asked = { type: 'StartTimer', command: issued.command, durationMs } as const
    this.#execution.issue(summary === undefined ? asked : { ...asked, summary })
    return issued
  }

  cancelTimer(command: number, reason: Error): void {
    const timer = this.pending.timers.get(command)
    if (timer === undefined) return
    this.#execution.requireActivation('a timer was cancelled')
    this.pending.timers.delete(command)
    this.#execution.issue({ type: 'CancelTimer', command })
    timer.reject(reason)
  }

  startChild(request: ChildRequest): ChildCall {
    return this.children.start(request)
  }

  cancelChild(command: number): void {
    this.#children?.cancel(command)
  }

  signalExternal(target: WorkflowTarget, signalName: string, args: readonly unknown[], headers?: Headers): PendingCommand<void> {
    return this.external.signal(target, signalName, args, headers)
  }

  cancelSignalExternal(command: number): void {
    this.#external?.withdraw(command)
  }

  cancelExternal(target: WorkflowTarget): PendingCommand<void> {
    return this.external.cancel(target)
  }

  addCondition(predicate: () => boolean): PendingCondition {
    this.#execution.requireActivation('a condition was awaited')
    return this.conditions.add(predicate)
  }

  setSignalHandler(name: string, handler: SignalHandler | undefined, facts: SignalHandlerFacts = noFacts): void {
    this.#execution.requireActivation(`the handler of signal '${name}' was set`)
    this.handlers.setSignal(name, handler, facts)
  }

  setQueryHandler(name: string, handler: QueryHandler | undefined, facts: QueryHandlerFacts = noFacts): void {
    this.#execution.requireActivation(`the handler of query '${name}' was set`)
    this.handlers.setQuery(name, handler, facts)
  }

  setUpdateHandler(name: string, handler: UpdateHandler | undefined): void {
    this.#execution.requireActivation(`the handler of update '${name}' was set`)
    this.handlers.setUpdate(name, handler)
    this.#execution.parts.onUpdateHandler?.()
  }

  setDefaultSignalHandler(handler: DefaultSignalHandler | undefined): void {
    this.#execution.requireActivation('the default signal handler was set')
    this.handlers.setDefaultSignal(handler)
  }

  setDefaultQueryHandler(handler: DefaultQueryHandler | undefined): void {
    this.#execution.requireActivation('the default query handler was set')
    this.handlers.setDefaultQuery(handler)
  }

  setDefaultUpdateHandler(handler: DefaultUpdateHandler | undefined): void {
    this.#execution.requireActivation('the default update handler was set')
    this.handlers.setDefaultUpdate(handler)
    this.#execution.parts.onUpdateHandler?.()
  }

  allHandlersFinished(): boolean {
    return this.#execution.handlerRuns.count === 0
  }

  patched(patchId: string, deprecated: boolean): boolean {
    this.#execution.requireActivation(`patch '${patchId}' was asked for`)
    const isTaken = this.patches.isTaken(patchId, deprecated, this.#execution.replaying)
    if (isTaken) this.#execution.parts.onPatched?.(patchId, deprecated, this.#execution.commands)
    return isTaken
  }

  upsertMemo(memo: Readonly<Record<string, unknown>>): void {
    this.#execution.requireActivation('the memo was changed')
    this.#execution.issue({ type: 'UpsertMemo', memo: this.visible.upsertMemo(memo) })
  }

  upsertSearchAttributes(attributes: Readonly<Record<string, readonly unknown[]>>): void {
    this.#execution.requireActivation('search attributes were changed')
    this.#execution.issue({ type: 'UpsertSearchAttributes', searchAttributes: this.visible.upsertSearchAttributes(attributes) })
  }

  currentDetails(): string {
    return this.#visible?.details ?? ''
  }

  setCurrentDetails(details: string): void {
    this.#execution.requireActivation('the current details were set')
    this.visible.details = details
  }

  log(level: LogLevel, message: string, attributes?: Readonly<Record<string, unknown>>): void {
    const line = logLine(level, message, attributes)
    if (!this.#execution.replaying) this.#execution.logs.push(line)
  }

  metric(
    kind: 'counter' | 'histogram' | 'gauge', name: string, unit: string | undefined, description: string | undefined, value: number,
    tags: Readonly<Record<string, string | number | boolean>>,
  ): void {
    if (!this.#execution.replaying) this.#execution.measurements.push({ kind, name, unit, description, value, tags: { ...tags } })
  }

  interceptors(): WorkflowInterceptors {
    return this.#execution.interceptors()
  }

  /** What only looks, such as a validator, does not run again on replay: its numbers are none of the execution's. (I6) */
  #ownRandom(): DeterministicRandom {
    if (this.#execution.isLooking) return (this.#aside ??= createRandom(`${this.#execution.parts.runId} aside`))
    return (this.#random ??= createRandom(this.#execution.parts.runId))
  }

  #stream(name: string): DeterministicRandom {
    if (this.#execution.isLooking) return this.#ownRandom()
    this.#streams ??= new Map()
    const stream = this.#streams.get(name) ?? createRandom(`${this.#execution.parts.runId} ${name}`)
    this.#streams.set(name, stream)
    return stream
  }
}

const none: readonly never[] = []

const noFacts: SignalHandlerFacts = { unfinishedPolicy: 'WARN_AND_ABANDON', description: undefined }

function fill(bytes: Uint8Array, stream: DeterministicRandom): Uint8Array {
  for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(stream.next() * 256)
  return bytes
}
