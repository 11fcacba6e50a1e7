/**
 * What an activity author imports: names and signatures of `@temporalio/activity`.
 * @see https://docs.temporal.io/develop/typescript/core-application#develop-activities
 */
import { type ActivityHost, type ActivityInfo, currentActivityOrNone } from './activity-host.ts'
import { type Duration, timerMs } from './duration.ts'
import { CancelledFailure } from './failure.ts'
import type { LogLevel } from './host.ts'
import { PerdureError } from './perdure-error.ts'

export type { ActivityInfo, ActivityInfo as Info } from './activity-host.ts'
export type { ActivityFunction, UntypedActivities } from './activity-proxy.ts'
export type { Duration } from './duration.ts'
export { ApplicationFailureCategory } from './failure-kinds.ts'
export { ApplicationFailure, CancelledFailure, isCancellation } from './failure.ts'
export { CompleteAsyncError } from './platform-error.ts'
export type { ApplicationFailureOptions } from './failure.ts'

export type LogAttributes = Readonly<Record<string, unknown>>
export interface Logger {
  log(level: LogLevel, message: string, attributes?: LogAttributes): void
  trace(message: string, attributes?: LogAttributes): void
  debug(message: string, attributes?: LogAttributes): void
  info(message: string, attributes?: LogAttributes): void
  warn(message: string, attributes?: LogAttributes): void
  error(message: string, attributes?: LogAttributes): void
}

const contexts = new WeakMap<ActivityHost, Context>()

/** The running attempt of an activity: facts, heartbeats, cancellation, log. */
export class Context {
  readonly info: ActivityInfo
  /** Rejects with a CancelledFailure when the activity is asked to stop; never resolves. */
  readonly cancelled: Promise<never>
  /** Aborted when the activity is asked to stop; pass it to fetch and the like. */
  readonly cancellationSignal: AbortSignal
  readonly log: Logger
  readonly #host: ActivityHost

  /** Made by the engine. */
  constructor(host: ActivityHost) {
    this.#host = host
    this.info = host.info
    this.cancelled = host.cancelled
    this.cancellationSignal = host.cancellationSignal
    this.log = loggerTo((level, message, attributes) => host.log(level, message, attributes))
  }

  /**
   * The context of the activity that the running code belongs to.
   * @throws PerdureError NOT_IN_ACTIVITY
   */
  static current(): Context {
    return contextOf('Context.current()')
  }

  /**
   * Says that the activity is alive, and how far it is: `details` are in `info.heartbeatDetails` of the next attempt.
   * An activity with a heartbeatTimeout must call it more often than that; only then is it told that it was cancelled.
   */
  readonly heartbeat = (details?: unknown): void => {
    this.#host.heartbeat(details)
  }

  /** Waits, not durably; rejects with a CancelledFailure when the activity is asked to stop. */
  readonly sleep = (ms: Duration): Promise<void> => sleepUntilCancelled(timerMs(ms, 'sleep() in an activity'), this.cancellationSignal)
}

/** Facts about the running attempt. */
export function activityInfo(): ActivityInfo {
  return contextOf('activityInfo()').info
}

/** Says that the activity is alive, and how far it is. */
export function heartbeat(details?: unknown): void {
  contextOf('heartbeat()').heartbeat(details)
}

/** Waits, not durably; rejects with a CancelledFailure when the activity is asked to stop. */
export function sleep(ms: Duration): Promise<void> {
  return contextOf('sleep()').sleep(ms)
}

/** Rejects with a CancelledFailure when the activity is asked to stop; never resolves. */
export function cancelled(): Promise<never> {
  return contextOf('cancelled()').cancelled
}

/** Aborted when the activity is asked to stop. */
export function cancellationSignal(): AbortSignal {
  return contextOf('cancellationSignal()').cancellationSignal
}

/** Writes to the engine's log, with the activity's ids. */
export const log: Logger = loggerTo((level, message, attributes) => {
  contextOf(`log.${level.toLowerCase()}()`).log.log(level, message, attributes)
})

function contextOf(called: string): Context {
  const host = currentActivityOrNone()
  if (host === undefined) {
    const remedy = 'call it in a function that the engine runs as an activity'
    throw new PerdureError('NOT_IN_ACTIVITY', `${called} was called outside of an activity; ${remedy}`)
  }
  let context = contexts.get(host)
  if (context === undefined) contexts.set(host, context = new Context(host))
  return context
}

function loggerTo(write: Logger['log']): Logger {
  const at = (level: LogLevel) => (message: string, attributes?: LogAttributes) => write(level, message, attributes)
  return { log: write, trace: at('TRACE'), debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') }
}

/** What setTimeout takes at most; longer sleeps are taken in parts. */
const timerMsMax = 2 ** 31 - 1

function sleepUntilCancelled(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => {
    clearTimeout(timer)
    const reason: unknown = signal.reason
    reject(reason instanceof CancelledFailure ? reason : new CancelledFailure('Activity cancelled'))
  }
  const wait = (leftMs: number): void => {
    const partMs = Math.min(leftMs, timerMsMax)
    timer = setTimeout(() => {
      if (leftMs > partMs) return wait(leftMs - partMs)
      signal.removeEventListener('abort', stop)
      resolve()
    }, partMs)
  }
  if (signal.aborted) stop()
  else {
    signal.addEventListener('abort', stop, { once: true })
    wait(ms)
  }
  return promise
}
