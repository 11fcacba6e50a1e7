/**
 * One execution in memory: the running workflow function and everything it waits for.
 *
 * It owns command numbers, workflow time, scopes, conditions and handlers. It does no I/O and reads no clock (I2); the
 * activation loop feeds it one event at a time and lets microtasks run to quiescence between two calls. What the calls of
 * workflow code do lies in workflow-calls.ts.
 *
 * - E1: commands are accepted only while `activating`; anything else means that workflow code awaited something foreign.
 * - E2: an event resolves exactly the command with its number, or replay fails with a NondeterminismError.
 * - E3: conditions are looked at once an event is applied, and when it has come to rest; then cancelled activities are resolved.
 * - E4: a query's handler sees another host (query-run.ts), and what it does to this one is refused.
 */
import {
  ContinueAsNew, DeterminismViolationError, type Headers, isCancellation, type WorkflowInfo, type WorkflowInterceptors,
} from '@perdure/workflow'
import { currentScopeOrNone, runUpdate, type WorkflowScope } from '@perdure/workflow/host'
import {
  isActivityEnd, isChildEvent, isExternalEnd, isJoined, isMessage, type HistoryEvent, type WorkflowExecutionUpdateAccepted,
  type WorkflowExecutionUpdateRequested,
} from '../protocol/event.ts'
import type { ValueConverter } from '../conversion/value-converter.ts'
import type { Millis } from '../protocol/ids.ts'
import { settleActivity } from './activity-calls.ts'
import { type Command, type LogLine, type Measurement, type Outcome, withoutCommand } from './command.ts'
import { continuedAsNew } from './continued-as-new.ts'
import { EventCount } from './event-count.ts'
import { describeEvent } from './event-text.ts'
import { execute, handleSignal, handleUpdate, makeInterceptors } from './inbound-calls.ts'
import { type HandlerEnd, HandlerRuns, updateCompletion } from './handler-runs.ts'
import type { AcceptedUpdate, LiveExecutionParts } from './live-execution-parts.ts'
import type { Call, EarlyUpdate, EarlyVerdict } from './message-handlers.ts'
import { NondeterminismError } from './nondeterminism-error.ts'
import type { Patch } from './patches.ts'
import { QueryRun, type QueryEnd } from './query-run.ts'
import { strayCall } from './stray-call.ts'
import { validationError } from './update-validation.ts'
import { visibleInfo } from './visible-info.ts'
import { WorkflowCalls } from './workflow-calls.ts'

export class LiveExecution {
  readonly calls: WorkflowCalls
  outcome: Outcome | undefined
  /** What stops this execution without ending it: it is to be held. */
  taskFailure: Error | undefined
  activating = false
  replaying = false
  cancelRequested = false
  readonly parts: LiveExecutionParts
  readonly handlerRuns = new HandlerRuns()
  commands: Command[] = []
  logs: LogLine[] = []
  measurements: Measurement[] = []
  /** Workflow time. */
  time: Millis
  activation = 0
  readonly history = new EventCount()
  #resolutions: (() => void)[] = []
  #interceptors: WorkflowInterceptors | undefined
  /** The query whose handler runs now. */
  #query: QueryRun | undefined
  /** What may not change anything runs now, for example a validator. */
  #readOnly: string | undefined
  #begun = false
  #early: EarlyVerdict[] | undefined

  constructor(parts: LiveExecutionParts) {
    this.parts = parts
    this.time = parts.startedAt
    this.calls = new WorkflowCalls(this)
  }

  get values(): ValueConverter {
    return this.parts.values
  }

  get rootScope(): WorkflowScope {
    return this.calls.rootScope
  }

  get pending(): WorkflowCalls['pending'] {
    return this.calls.pending
  }

  /** Runs the workflow function up to its first await. */
  begin(): void {
    this.#begun = true
    this.history.begin()
    const fn = this.parts.fn as (...args: readonly unknown[]) => Promise<unknown>
    // Not the workflow's own error: what a factory throws does not end it.
    const interceptors = this.interceptors()
    this.inRoot(() => void this.#run(async () => {
      const result = await execute(interceptors, fn, this.parts.args, this.parts.headers)
      this.#finish({ type: 'completed', result: this.values.encode(result, `result of workflow '${this.parts.workflowType}'`) })
    }))
    this.#wakeConditions()
  }

  /** Applies one event; the caller lets microtasks run afterwards. Throws NondeterminismError (E2). */
  apply(event: HistoryEvent, at: Millis, bytes: number): void {
    this.calls.followPatches(event, this.#begun, this.history.length)
    if (event.type === 'PatchMarked') return this.history.addFront(bytes)
    if (event.type === 'WorkflowExecutionUpdateCompleted') return this.history.addLate(bytes)
    if (event.type === 'WorkflowExecutionUpdateAccepted' && !this.#begun) return this.#keepAccepted(event, bytes)
    if (isJoined(event)) this.history.addJoined(bytes)
    else this.history.addApplied(bytes, this.#begun)
    if (!isJoined(event)) this.activation++
    this.time = Math.max(this.time, at)
    if (this.outcome !== undefined && !isMessage(event)) throw this.#mismatch(describeEvent(event), 'the workflow had already ended')
    // A rejection belongs to the execution in whose context it comes about, also where nobody awaits it.
    this.inRoot(() => this.#apply(event))
    this.#wakeConditions()
  }

  /** True when the event still has something to resolve; others are dropped before they reach the history. */
  accepts(event: HistoryEvent): boolean {
    if (this.outcome !== undefined) return isMessage(event)
    if (event.type === 'TimerFired') {
      // By its facts too: after a refused close the code ran again, and the number may be that of another timer.
      const timer = this.pending.timers.get(event.command)
      return timer?.startedAt === event.startedAt && timer.durationMs === event.durationMs
    }
    if (isActivityEnd(event)) return this.pending.activities.has(event.command)
    if (isChildEvent(event)) return this.calls.children.accepts(event)
    return isExternalEnd(event) ? this.calls.external.pending.has(event.command) : true
  }

  /** Why an update is not accepted; undefined: it is, and the event that says so is to be applied. */
  rejection(update: Omit<EarlyUpdate, 'isAccepted'>): Error | undefined {
    this.#readOnly = `the validator of update '${update.updateName}'`
    try {
      return this.inRoot(() => validationError(this.calls.handlers, this.interceptors(), update))
    } finally {
      this.#readOnly = undefined
    }
  }

  /** An update that is there before the workflow function is called. */
  keepUpdate(request: WorkflowExecutionUpdateRequested): void {
    this.calls.handlers.keepUpdate({ ...request, isAccepted: false })
  }

  /** The handler of an update that was kept has been set. */
  runEarly(update: EarlyUpdate): void {
    const error = update.isAccepted ? undefined : this.rejection(update)
    if (!update.isAccepted) (this.#early ??= []).push({ update, error })
    if (error === undefined) this.#runUpdate(update)
  }

  /** The first activation is over: what became of updates that were there before it. @throws NondeterminismError */
  takeEarlyVerdicts(): readonly EarlyVerdict[] {
    const left = this.calls.handlers.takeKeptUpdates()
    if (left.length === 0 && this.#early === undefined) return []
    const verdicts = this.#early ?? []
    this.#early = undefined
    for (const update of left) {
      if (update.isAccepted) throw this.#mismatch(`update '${update.updateName}' accepted at the start`, 'no handler is set for it')
      verdicts.push({ update, error: this.rejection(update) })
    }
    return verdicts
  }

  /** After microtasks have run: is there more to settle before this activation ends? (E3) */
  hasMore(): boolean {
    this.handlerRuns.rest()
    return this.#someConditionHolds() || (this.taskFailure === undefined && this.#resolutions.length > 0)
  }

  settleMore(): void {
    this.calls.conditions.wake()
    const resolutions = this.#resolutions
    this.#resolutions = []
    if (resolutions.length > 0) this.inRoot(() => resolutions.forEach((resolve) => { resolve() }))
  }

  takeCommands(): readonly Command[] {
    const { commands } = this
    this.commands = []
    return commands
  }

  takeLogs(): readonly LogLine[] {
    return this.logs.splice(0)
  }

  takeMeasurements(): readonly Measurement[] {
    const { measurements } = this
    if (measurements.length > 0) this.measurements = []
    return measurements
  }

  /** Patches of this activation that are to be marked in front of its event. */
  takePatches(): readonly Patch[] {
    return this.calls.takeFreshPatches()
  }

  /** The execution cannot go on by what its code did: an unhandled rejection, a throwing predicate, a stray command. */
  fail(error: unknown): void {
    if (!this.activating && this.#query !== undefined) return void this.#query.stirred('threw')
    this.taskFailure ??= error instanceof Error ? error : new Error(`Workflow code threw ${String(error)}`)
  }

  /** A promise of this execution was rejected and nobody handles it. */
  unhandled(reason: unknown): void {
    this.fail(reason)
    if (!this.activating && this.taskFailure !== undefined) this.parts.onStray(this.taskFailure)
  }

  /** Begins to answer a query at rest; microtasks run, then `endQuery` gives the answer (E4). Nothing else runs in between. */
  beginQuery(name: string, args: readonly unknown[], headers?: Headers): QueryRun {
    const handler = this.calls.handlers.query(name)
    if (handler === undefined) throw new Error(`No query handler '${name}'`)
    const { runId, runInScope } = this.parts
    const state = () => ({
      allHandlersFinished: this.handlerRuns.count === 0, currentDetails: this.calls.currentDetails(), interceptors: this.interceptors(),
    })
    const query = new QueryRun({ name, values: this.values, seed: runId, info: () => this.info(), now: () => this.time, state, runInScope })
    this.#query = query
    query.begin(handler, args, headers)
    return query
  }

  endQuery(query: QueryRun): QueryEnd {
    this.#query = undefined
    return query.end()
  }

  info(): WorkflowInfo {
    const { calls: { visibleOrNone: changed }, history: { length, total, size: historySize }, replaying: isReplaying } = this
    const inQuery = this.#query !== undefined
    return visibleInfo(this.parts, { changed, historyLength: inQuery ? total : length, historySize, isReplaying, inQuery })
  }

  /** Made when the first is asked for, in the context of this execution. */
  interceptors(): WorkflowInterceptors {
    return (this.#interceptors ??= this.inRoot(() => makeInterceptors(this.parts.interceptors)))
  }

  /** No command or condition of ours can wake it: it waits for a message, or for something foreign. */
  get waitsForNothingOfOurs(): boolean {
    return this.pending.activities.size === 0 && this.pending.timers.size === 0 && this.calls.conditions.size === 0 &&
      !this.calls.awaitsOthers
  }

  inRoot<T>(fn: () => T): T {
    return this.parts.runInScope(this.rootScope, fn)
  }

  // Issuing, for the parts that workflow code calls

  get isLooking(): boolean {
    return this.#readOnly !== undefined || this.#query !== undefined
  }

  issue(command: Command): void {
    this.commands.push(command)
  }

  withdraw(command: number): void {
    this.commands = withoutCommand(this.commands, command, this.parts.onWithdrawn)
  }

  settleLater(settle: () => void): void {
    this.#resolutions.push(settle)
  }

  requireActivation(what: string): void {
    const running = currentScopeOrNone()?.host
    if (running instanceof QueryRun) throw running.touched(what)
    if (this.#readOnly !== undefined) {
      throw new DeterminismViolationError(`In ${this.#readOnly} ${what}; it may only look, and throw to reject. Do that in the handler`)
    }
    if (!this.activating) throw this.#stray(what)
  }

  mismatch(expected: string, command: number): NondeterminismError {
    return this.#mismatch(expected, this.#got(command), command)
  }

  /** Runs a handler of a signal: what it throws is the execution's, as if its function had thrown it. */
  runSignal(call: Call): void {
    this.inRoot(() => void this.#run(() => this.handlerRuns.track(call, () => handleSignal(this.interceptors(), call))))
  }

  #apply(event: Exclude<HistoryEvent, { type: 'PatchMarked' | 'WorkflowExecutionUpdateCompleted' }>): void {
    switch (event.type) {
      case 'WorkflowExecutionSignaled': {
        const message = { name: event.signalName, input: event.input, headers: event.headers }
        return this.inRoot(() => this.calls.handlers.dispatchSignal(message))
      }
      case 'WorkflowExecutionUpdateAccepted':
        return this.#runUpdate(event)
      case 'WorkflowExecutionCancelRequested':
        this.cancelRequested = true
        return this.inRoot(() => this.rootScope.cancel())
      case 'WorkflowTaskStarted':
        if (this.#begun) throw this.#mismatch(describeEvent(event), 'the workflow function had already been called')
        return this.begin()
      case 'TimerFired': {
        const timer = this.pending.timers.get(event.command)
        if (timer === undefined) throw this.mismatch(describeEvent(event), event.command)
        this.pending.timers.delete(event.command)
        return timer.resolve(undefined)
      }
      case 'ChildWorkflowExecutionStarted':
      case 'StartChildWorkflowExecutionFailed':
      case 'ChildWorkflowExecutionClosed':
        return this.calls.children.apply(event)
      case 'ExternalWorkflowExecutionSignaled':
      case 'SignalExternalWorkflowExecutionFailed':
      case 'ExternalWorkflowExecutionCancelRequested':
      case 'RequestCancelExternalWorkflowExecutionFailed':
        return this.calls.external.apply(event)
      default:
        return settleActivity(this, this.pending, event)
    }
  }

  #wakeConditions(): void {
    if (this.#someConditionHolds()) this.calls.conditions.wake()
  }

  #someConditionHolds(): boolean {
    const { conditions } = this.calls
    if (this.taskFailure !== undefined || conditions.size === 0) return false
    try {
      return this.inRoot(() => conditions.look())
    } catch (error) {
      this.fail(error)
      return false
    }
  }

  #keepAccepted(event: WorkflowExecutionUpdateAccepted, bytes: number): void {
    this.history.addFront(bytes)
    this.calls.handlers.keepUpdate({ ...event, isAccepted: true })
  }

  #runUpdate(update: AcceptedUpdate): void {
    const { updateId, updateName: name, input, headers } = update
    this.parts.onUpdateBegun?.(update, this.commands)
    const call = this.calls.handlers.update({ name, input, headers })
    if (call === undefined) throw this.#mismatch(`update '${name}' accepted`, 'no handler is set for it')
    const settle = (end: HandlerEnd): void => {
      if ('error' in end && end.error instanceof ContinueAsNew) return this.#continueAsNew(end.error)
      if ('error' in end && !this.#endsUpdate(end.error)) return this.fail(end.error)
      if (!this.activating) return void this.#stray(`update '${name}' ended`)
      this.issue(updateCompletion(updateId, name, end, this.values))
    }
    const handle = (): Promise<unknown> => runUpdate({ id: updateId, name }, () => handleUpdate(this.interceptors(), updateId, call))
    this.inRoot(() => void this.handlerRuns.track(call, handle)
      .then((value) => settle({ value }), (error: unknown) => settle({ error })))
  }

  #endsUpdate(error: unknown): boolean {
    return !(error instanceof DeterminismViolationError) && this.parts.isFailure(error)
  }

  /** What is thrown out of the main function or a signal handler ends the execution (failure rule of design.md section 3). */
  async #run(fn: () => Promise<void>): Promise<void> {
    try {
      await fn()
    } catch (error) {
      if (error instanceof ContinueAsNew) this.#continueAsNew(error)
      else if (this.cancelRequested && isCancellation(error)) this.#finish({ type: 'cancelled', error })
      else if (error instanceof DeterminismViolationError || !this.parts.isFailure(error)) this.fail(error)
      else this.#finish({ type: 'failed', error })
    }
  }

  /** What cannot be passed on is an error of the code that passes it. */
  #continueAsNew({ command }: ContinueAsNew): void {
    void this.#run(async () => this.#finish(continuedAsNew(this.values, command)))
  }

  #finish(outcome: Outcome): void {
    if (!this.activating) this.#stray(`the workflow ended (${outcome.type})`)
    else this.outcome ??= outcome
  }

  #stray(what: string): Error {
    if (this.#query !== undefined) return this.#query.stirred(what)
    const error = strayCall(this.parts.workflowType, what)
    this.fail(error)
    this.parts.onStray(error)
    return error
  }

  #got(command: number): string {
    const described = this.pending.describe(command)
    const { issued } = this.pending
    if (described === undefined) return `the code issued only ${issued} command${issued === 1 ? '' : 's'} up to here`
    const settled = this.calls.isPending(command) ? '' : ', which is settled already'
    return `command ${command} is ${described}${settled}`
  }

  #mismatch(expected: string, got: string, command?: number): NondeterminismError {
    const location = command === undefined ? undefined : this.pending.location(command)
    return new NondeterminismError({ seq: this.history.total, expected, got, location })
  }
}
