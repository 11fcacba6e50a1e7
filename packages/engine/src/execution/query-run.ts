/**
 * One query being answered: the host that its handler sees in place of the execution's own.
 *
 * It goes with the handler's asynchronous context, so it holds for whatever the handler starts, however late.
 * - Q1: what the handler may read comes from the execution; nothing that it does gets there: no command, handler, random
 *   number or log line.
 * - Q2: what was refused fails the query, also when the handler caught it or had returned. The promise of a refused
 *   command never settles (I7).
 * - Q3: the handler has until microtasks have run. It never waits for an event or for time.
 */
import { DeterminismViolationError, type Headers, type WorkflowInfo, type WorkflowInterceptors } from '@perdure/workflow'
import {
  createRootScope, type ActivityRequest, type ChildRequest, type LogLevel, type PendingChild, type PendingCommand, type PendingCondition,
  type QueryHandler, type RandomNumbers, type WorkflowHost, type WorkflowScope, type WorkflowTarget,
} from '@perdure/workflow/host'
import type { ValueConverter } from '../conversion/value-converter.ts'
import { failureTextCharactersMax } from '../limits.ts'
import type { Millis } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import { logLine, type LogLine } from './command.ts'
import { createRandom, type DeterministicRandom } from './deterministic-random.ts'
import { handleQuery } from './inbound-calls.ts'

export type QueryEnd =
  | { readonly type: 'answered'; readonly result: Payload }
  | { readonly type: 'failed'; readonly message: string }

/** What a handler may ask of the execution besides its info. */
interface AskedState {
  readonly allHandlersFinished: boolean
  readonly currentDetails: string
  readonly interceptors: WorkflowInterceptors
}

export interface QueryRunParts {
  readonly name: string
  readonly values: ValueConverter
  readonly seed: string
  /** Of the execution that is asked. */
  readonly info: () => WorkflowInfo
  readonly now: () => Millis
  readonly state: () => AskedState
  readonly runInScope: <T>(scope: WorkflowScope, fn: () => T) => T
}

export class QueryRun implements WorkflowHost {
  readonly rootScope: WorkflowScope
  readonly logs: LogLine[] = []
  /** The execution in memory may not be what its history says any more: workflow code was set going, or something of it was touched. */
  hasStirred = false
  readonly #parts: QueryRunParts
  #random: DeterministicRandom | undefined
  #refused: Error | undefined
  #end: QueryEnd | undefined

  constructor(parts: QueryRunParts) {
    this.#parts = parts
    this.rootScope = createRootScope(this)
  }

  begin(handler: QueryHandler, args: readonly unknown[], headers: Headers = {}): void {
    this.#parts.runInScope(this.rootScope, () => void this.#run(handler, args, headers))
  }

  /** Microtasks have run (Q3). */
  end(): QueryEnd {
    if (this.#refused !== undefined) return failed(this.#refused)
    return this.#end ?? failed(new Error(
      `The handler of query '${this.#parts.name}' waits for something. A query answers at once, from what the workflow has ` +
        'in memory: return a value, or a promise that waits for nothing',
    ))
  }

  /** Notes what fails the query (Q2). */
  refuse(what: string): Error {
    const error = new DeterminismViolationError(
      `Inside the handler of query '${this.#parts.name}' ${what}; queries may only read the state of a workflow. ` +
        'Use a signal for what changes it',
    )
    this.#refused ??= error
    return error
  }

  /** It got at something of the execution that it holds, such as a timer. */
  touched(what: string): Error {
    this.hasStirred = true
    return this.refuse(what)
  }

  /** The handler made workflow code go on, which did what it may do only in an activation. */
  stirred(what: string): Error {
    return this.touched(`workflow code was made to go on, and ${what}`)
  }

  /** A promise of the handler was rejected and nobody handles it. */
  unhandled(reason: unknown): void {
    this.#refused ??= reason instanceof Error ? reason : new Error(`A promise was rejected and nobody handles it: ${String(reason)}`)
  }

  async #run(handler: QueryHandler, args: readonly unknown[], headers: Headers): Promise<void> {
    const { name } = this.#parts
    try {
      const answer = (given: readonly unknown[]): unknown => (handler as (...args: readonly unknown[]) => unknown)(...given)
      const result = await handleQuery(this.#parts.state().interceptors, name, { args, headers }, answer)
      this.#end = { type: 'answered', result: this.#parts.values.encode(result, `result of query '${name}'`) }
    } catch (error) {
      this.#end = failed(error)
    }
  }

  // WorkflowHost, called by the handler

  info(): WorkflowInfo {
    return this.#parts.info()
  }

  now(): Millis {
    return this.#parts.now()
  }

  random(): number {
    return this.#own().next()
  }

  uuid4(): string {
    return this.#own().uuid4()
  }

  scheduleActivity(request: ActivityRequest): PendingCommand<never> {
    return this.#never(`activity '${request.activityType}' was called`)
  }

  startTimer(): PendingCommand<never> {
    return this.#never('a timer was started')
  }

  addCondition(): PendingCondition {
    return { settled: this.#never('a condition was awaited').settled, isWaiting: () => false, remove: () => undefined }
  }

  setSignalHandler(name: string): void {
    throw this.refuse(`the handler of signal '${name}' was set`)
  }

  setQueryHandler(name: string): void {
    throw this.refuse(`the handler of query '${name}' was set`)
  }

  setUpdateHandler(name: string): void {
    throw this.refuse(`the handler of update '${name}' was set`)
  }

  setDefaultSignalHandler(): void {
    throw this.refuse('the default signal handler was set')
  }

  setDefaultQueryHandler(): void {
    throw this.refuse('the default query handler was set')
  }

  setDefaultUpdateHandler(): void {
    throw this.refuse('the default update handler was set')
  }

  startChild({ workflowType }: ChildRequest): PendingChild {
    const { settled } = this.#never(`child workflow '${workflowType}' was started`)
    return { command: 0, started: settled, completed: settled }
  }

  signalExternal({ workflowId }: WorkflowTarget, signalName: string): PendingCommand<never> {
    return this.#never(`signal '${signalName}' was sent to workflow '${workflowId}'`)
  }

  cancelExternal({ workflowId }: WorkflowTarget): PendingCommand<never> {
    return this.#never(`the cancellation of workflow '${workflowId}' was requested`)
  }

  upsertMemo(): void {
    throw this.refuse('the memo was changed')
  }

  upsertSearchAttributes(): void {
    throw this.refuse('search attributes were changed')
  }

  setCurrentDetails(): void {
    throw this.refuse('the current details were set')
  }

  patched(patchId: string): boolean {
    throw this.refuse(`patch '${patchId}' was asked for`)
  }

  allHandlersFinished(): boolean {
    return this.#parts.state().allHandlersFinished
  }

  currentDetails(): string {
    return this.#parts.state().currentDetails
  }

  interceptors(): WorkflowInterceptors {
    return this.#parts.state().interceptors
  }

  randomStream(name: string): RandomNumbers {
    const stream = createRandom(`${this.#parts.seed} ${this.#parts.name} ${name}`)
    return {
      random: () => stream.next(), uuid4: () => stream.uuid4(),
      fill: (bytes) => bytes.map((_, index) => (bytes[index] = Math.floor(stream.next() * 256))),
    }
  }

  // A query that is asked again measures nothing new.
  metric(): void {}
  // It has no commands of its own to cancel.
  cancelChild(): void {}
  cancelSignalExternal(): void {}
  cancelActivity(): void {}
  cancelTimer(): void {}
  passedOver(): void {}
  isPending(): boolean {
    return false
  }

  log(level: LogLevel, message: string, attributes?: Readonly<Record<string, unknown>>): void {
    this.logs.push(logLine(level, message, attributes))
  }

  #never(what: string): PendingCommand<never> {
    this.refuse(what)
    return { command: 0, settled: new Promise<never>(() => undefined) }
  }

  /** Numbers of its own: the execution's are part of its history. (I6) */
  #own(): DeterministicRandom {
    this.#random ??= createRandom(`${this.#parts.seed} ${this.#parts.name}`)
    return this.#random
  }
}

function failed(error: unknown): QueryEnd {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'failed', message: message.slice(0, failureTextCharactersMax) }
}
