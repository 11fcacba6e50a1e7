/**
 * One attempt of an activity running in this process: its context, its timeouts, its end (once).
 * The function itself cannot be stopped: after a timeout it may run on, unheard, with its signal aborted.
 */
import { ApplicationFailure, CancelledFailure, type Metric, type MetricTags } from '@perdure/workflow'
import { CompleteAsyncError } from '@perdure/workflow/activity'
import {
  type ActivityHost, type ActivityInfo, type LogLevel, type ResolvedActivityOptions, setActivityRuntime,
} from '@perdure/workflow/host'
import { AsyncLocalStorage } from 'node:async_hooks'
import { jsonValues, type ValueConverter } from '../../conversion/value-converter.ts'
import { runOutsideWorkflow } from '../../determinism/workflow-context.ts'
import { logLine, type Measurement } from '../../execution/command.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import { decodeActivityOptions } from '../../protocol/activity-options-codec.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { AttemptResult } from '../../protocol/attempt-end.ts'
import type { Payload } from '../../protocol/payload.ts'
import { withoutFrames } from '../../protocol/user-stack.ts'
import type { ActivityFunction } from '../../registry.ts'
import { activityFields, writeLine } from '../log/log-line.ts'
import { attemptInterceptors, type ActivityInterceptorsFactory, type AttemptInterceptors } from './activity-interceptors.ts'
import { AttemptCancellation } from './attempt-cancellation.ts'
import { attemptInfo } from './attempt-info.ts'

export interface ActivityRun {
  readonly task: ActivityTask
  readonly startedAt: number
  /** Whether activity_tasks has a row for this attempt. */
  row: 'none' | 'writing' | 'written'
  /** The workflow asked it to stop. */
  cancelRequested: boolean
  /** Its row is gone, or was lost with an incarnation that was taken over: nobody here waits for it. */
  isLost: boolean
  /** Last heartbeat, encoded; carried to the next attempt. */
  details: Payload | null
  /** When it sent its last heartbeat, or began. */
  readonly heardAt: number
  /** When details were last stored; 0: never. */
  storedAt: number
  readonly ended: boolean
  /** Calls once it has ended or was abandoned. */
  onceEnded(call: () => void): void
  /** Asks the function to stop: its signal aborts and Context.cancelled rejects. */
  cancel(reason: string): void
  /** Forgets it: whatever it returns is dropped. */
  abandon(reason: string): void
}

export interface ActivityRunParts {
  readonly task: ActivityTask
  readonly fn: ActivityFunction
  readonly clock: Clock
  readonly logger: Logger
  /** Make what stands around its function. */
  readonly interceptors: readonly ActivityInterceptorsFactory[]
  /** Default: JSON. */
  readonly values?: ValueConverter | undefined
  /** What its `getClient()` gives. */
  readonly client?: () => unknown
  /** Takes what its metric meter measures. */
  readonly measure?: (measurement: Measurement, of: { readonly namespace: string; readonly taskQueue: string }) => void
  readonly onHeartbeat: (run: ActivityRun) => void
  /** Its token was asked for: whoever gets it will look for the attempt's row. */
  readonly onToken: (run: ActivityRun) => void
  /** Called once, unless abandoned. */
  readonly onEnd: (run: ActivityRun, result: RunResult) => void
}

/** 'outside': the function left the attempt to whoever has its token. */
export type RunResult = AttemptResult | { readonly type: 'outside' }

/** One per process, also when this module is loaded twice. */
const storageKey = Symbol.for('perdure.activity.storage')
type Registry = { [storageKey]?: AsyncLocalStorage<ActivityHost> }

const storage = ((globalThis as Registry)[storageKey] ??= new AsyncLocalStorage<ActivityHost>())
setActivityRuntime({ current: () => storage.getStore(), run: (host, fn) => storage.run(host, fn) })

export function runActivity(parts: ActivityRunParts): ActivityRun {
  const attempt = new Attempt(parts)
  attempt.begin()
  return attempt
}

/**
 * A class and no object literals with accessors: those make a hidden class for each object, which the garbage collector's
 * quick pass never frees, with all that it holds (measured: half of what a busy worker allocated lived until a full one).
 */
class Attempt implements ActivityRun {
  readonly task: ActivityTask
  readonly startedAt: number
  row: ActivityRun['row']
  cancelRequested: boolean
  isLost = false
  details: Payload | null
  heardAt: number
  storedAt = 0
  readonly #parts: ActivityRunParts
  readonly #options: ResolvedActivityOptions
  readonly #cancellation = new AttemptCancellation()
  #ended = false
  #onceEnded: (() => void)[] | undefined
  #stopTimeout: (() => void) | undefined
  #stopHeartbeat: (() => void) | undefined

  constructor(parts: ActivityRunParts) {
    const { task, clock } = parts
    this.#parts = parts
    this.#options = decodeActivityOptions(task.options)
    this.task = task
    this.startedAt = this.heardAt = clock.now()
    this.row = task.worker === null ? 'none' : 'written'
    this.cancelRequested = task.cancelRequested
    this.details = task.heartbeatDetails
  }

  get ended(): boolean {
    return this.#ended
  }

  get values(): ValueConverter {
    return this.#parts.values ?? jsonValues
  }

  get cancellation(): AttemptCancellation {
    return this.#cancellation
  }

  begin(): void {
    const { task, clock, fn, interceptors } = this.#parts
    const runMs = this.#options.startToCloseMs ?? Number.POSITIVE_INFINITY
    const leftMs = task.closeBy === null ? Number.POSITIVE_INFINITY : task.closeBy - this.startedAt
    const limitMs = Math.min(runMs, leftMs)
    if (limitMs !== Number.POSITIVE_INFINITY) {
      const timeOut = (): void => this.#timeOut(runMs < leftMs ? 'START_TO_CLOSE' : 'SCHEDULE_TO_CLOSE')
      this.#stopTimeout = clock.timer(Math.max(0, limitMs), timeOut)
    }
    this.#armHeartbeat()
    if (task.cancelRequested) this.#cancellation.cancel('CANCELLED')
    const host = new AttemptHost(this, this.#parts)
    void runOutsideWorkflow(() => {
      if (interceptors.length === 0) return storage.run(host, call, fn, this)
      return storage.run(host, call, async (...args: unknown[]) => host.intercepted(fn, args, interceptors), this)
    })
  }

  onceEnded(call: () => void): void {
    if (this.#ended) call()
    else (this.#onceEnded ??= []).push(call)
  }

  cancel(reason: string): void {
    this.#cancellation.cancel(reason)
  }

  abandon(reason: string): void {
    this.#close()
    this.#cancellation.cancel(reason)
  }

  end(result: RunResult): void {
    if (this.#close()) this.#parts.onEnd(this, result)
  }

  beat(details: unknown): void {
    if (this.#ended) return
    this.details = this.values.encode(details, `heartbeat details of activity '${this.task.activityType}'`)
    this.heardAt = this.#parts.clock.now()
    this.#armHeartbeat()
    runOutsideWorkflow(() => this.#parts.onHeartbeat(this))
  }

  tokenAsked(): void {
    runOutsideWorkflow(() => this.#parts.onToken(this))
  }

  #close(): boolean {
    if (this.#ended) return false
    this.#ended = true
    this.#stopTimeout?.()
    this.#stopHeartbeat?.()
    for (const stop of this.#onceEnded ?? []) stop()
    return true
  }

  #timeOut(timeoutType: 'START_TO_CLOSE' | 'SCHEDULE_TO_CLOSE' | 'HEARTBEAT'): void {
    this.end({ type: 'timed_out', timeoutType })
    this.#cancellation.cancel('TIMED_OUT')
  }

  #armHeartbeat(): void {
    const { heartbeatMs } = this.#options
    if (heartbeatMs === undefined) return
    this.#stopHeartbeat?.()
    this.#stopHeartbeat = this.#parts.clock.timer(heartbeatMs, () => this.#timeOut('HEARTBEAT'))
  }
}

/** What the activity function sees of its attempt. */
class AttemptHost implements ActivityHost {
  readonly #attempt: Attempt
  readonly #parts: ActivityRunParts
  #interceptors: AttemptInterceptors | undefined

  constructor(attempt: Attempt, parts: ActivityRunParts) {
    this.#attempt = attempt
    this.#parts = parts
  }

  get client(): unknown {
    return this.#parts.client?.()
  }

  get info(): ActivityInfo {
    return attemptInfo(this.#attempt.task, this.#attempt.values, () => this.#attempt.tokenAsked())
  }

  get cancelled(): Promise<never> {
    return this.#attempt.cancellation.cancelled
  }

  get cancellationSignal(): AbortSignal {
    return this.#attempt.cancellation.signal
  }

  heartbeat(details?: unknown): void {
    this.#attempt.beat(details)
  }

  metric(kind: Measurement['kind'], { name, unit, description }: Metric, value: number, tags: MetricTags): void {
    const { task } = this.#attempt
    const all = this.#interceptors === undefined ? tags : { ...this.#interceptors.metricTags(tags) }
    this.#parts.measure?.({ kind, name, unit, description, value, tags: all }, task)
  }

  log(level: LogLevel, message: string, attributes?: Readonly<Record<string, unknown>>): void {
    const fields = activityFields(this.#attempt.task)
    const all = this.#interceptors === undefined ? attributes : { ...this.#interceptors.logAttributes(fields), ...attributes }
    writeLine(this.#parts.logger, logLine(level, message, all), fields)
  }

  intercepted(fn: ActivityFunction, args: unknown[], factories: readonly ActivityInterceptorsFactory[]): Promise<unknown> {
    this.#interceptors = attemptInterceptors(factories)
    const { headers = {} } = decodeActivityOptions(this.#attempt.task.options)
    return this.#interceptors.execute({ args, headers }, fn as (...args: unknown[]) => unknown)
  }
}

async function call(fn: ActivityFunction, attempt: Attempt): Promise<void> {
  const { task } = attempt
  let result: RunResult
  try {
    result = stored(await (fn as (...args: unknown[]) => unknown)(...attempt.values.decodeArguments(task.input)), attempt)
  } catch (error) {
    result = error instanceof CompleteAsyncError ? { type: 'outside' } : { type: 'failed', error: ofStopped(error, attempt) }
  }
  attempt.end(result)
}

/**
 * Of an attempt that was asked to stop, an AbortError of what got its signal is a cancellation as well. One that stops because its
 * worker leaves has failed, and may be tried again elsewhere: nobody asked for its activity to be cancelled. So it is on Temporal.
 */
function ofStopped(error: unknown, { cancellation: { reason }, cancelRequested }: Attempt): unknown {
  if (reason === undefined || !isCancellation(error)) return error
  if (cancelRequested || reason !== 'WORKER_SHUTDOWN') {
    return error instanceof CancelledFailure ? error : withoutFrames(() => new CancelledFailure(cancelRequested ? 'CANCELLED' : reason))
  }
  const message = 'The worker of this attempt was stopped, and the attempt did not end in time'
  return withoutFrames(() => ApplicationFailure.retryable(message, 'WorkerShutdown'))
}

/** What was thrown is the user's: whatever looks at it may throw. */
function isCancellation(error: unknown): boolean {
  try {
    return error instanceof CancelledFailure || (error instanceof Error && error.name === 'AbortError')
  } catch {
    return false
  }
}

/** The work is done: another attempt would do it again, and return what cannot be stored again. */
function stored(value: unknown, { task: { activityType }, values }: Attempt): AttemptResult {
  try {
    return { type: 'completed', result: values.encode(value, `result of activity '${activityType}'`) }
  } catch (error) {
    const { message, name } = error as Error
    return { type: 'failed', error: withoutFrames(() => ApplicationFailure.create({ message, type: name, nonRetryable: true })) }
  }
}
