/**
 * What an activity author imports: names and signatures of `@temporalio/activity`.
 * @see https://docs.temporal.io/develop/typescript/core-application#develop-activities
 */
import { type ActivityCancellationDetails, cancellationDetailsOf } from './activity-cancellation.ts'
import { type ActivityHost, type ActivityInfo, activityRuntimeOrNone, currentActivityOrNone } from './activity-host.ts'
import { type Duration, timerMs } from './duration.ts'
import { CancelledFailure } from './failure.ts'
import type { LogLevel } from './host.ts'
import { meterTo, type MetricSink } from './metric-meter.ts'
import type { MetricMeter } from './metric.ts'
import { activityCall, refuseUnknownOptions } from './option-checks.ts'
import { PerdureError } from './perdure-error.ts'

export { ActivityCancellationDetails } from './activity-cancellation.ts'
export type { ActivityCancellationDetailsOptions } from './activity-cancellation.ts'
export type { ActivityInfo, ActivityInfo as Info } from './activity-host.ts'
export type { ActivityFunction, ActivityInterface, UntypedActivities } from './activity-proxy.ts'
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
const hosts = new WeakMap<Context, ActivityHost>()

/** The running attempt of an activity: facts, heartbeats, cancellation, log. */
export class Context {
  readonly info: ActivityInfo
  /** Rejects with a CancelledFailure when the activity is asked to stop; never resolves. */
  readonly cancelled: Promise<never>
  /** Aborted when the activity is asked to stop; pass it to fetch and the like. */
  readonly cancellationSignal: AbortSignal
  readonly log: Logger
  /** Metrics of this attempt. */
  readonly metricMeter: MetricMeter
  readonly #host: ActivityHost

  /** Made by the engine. */
  constructor(host: ActivityHost) {
    this.#host = host
    this.info = host.info
    this.cancelled = host.cancelled
    this.cancellationSignal = host.cancellationSignal
    this.log = loggerTo((level, message, attributes) => host.log(level, message, attributes))
    this.metricMeter = meterTo({ check: () => undefined, record: recordingTo(() => host) })
    hosts.set(this, host)
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

  /** Why the activity is asked to stop; undefined while it is not. */
  get cancellationDetails(): ActivityCancellationDetails | undefined {
    return cancellationDetailsOf(this.#host)
  }

  /**
   * A client of the engine that runs the activity.
   * @throws PerdureError NO_CLIENT_IN_ACTIVITY
   */
  get client(): unknown {
    const { client } = this.#host
    if (client !== undefined) return client
    throw new PerdureError('NO_CLIENT_IN_ACTIVITY', 'This activity has no client: its worker was made without one; use an Engine')
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

/** Why the activity is asked to stop; undefined while it is not. */
export function cancellationDetails(): ActivityCancellationDetails | undefined {
  return contextOf('cancellationDetails()').cancellationDetails
}

/**
 * A client of the engine that runs the activity: to start, signal and look at executions.
 * @throws PerdureError NO_CLIENT_IN_ACTIVITY
 */
export function getClient(): unknown {
  return contextOf('getClient()').client
}

/** Metrics of activities. */
export const metricMeter: MetricMeter = meterTo({
  check: (called) => void contextOf(called),
  record: recordingTo(() => hosts.get(contextOf('metricMeter'))),
})

/** Where the context of the running code is kept: for code that calls activity functions by itself. */
export const asyncLocalStorage = {
  getStore(): Context | undefined {
    return currentActivityOrNone() === undefined ? undefined : contextOf('asyncLocalStorage.getStore()')
  },
  /** Runs `fn` as code of the activity that the context belongs to. */
  run<R, Args extends unknown[]>(context: Context, fn: (...args: Args) => R, ...args: Args): R {
    const host = hosts.get(context)
    const run = activityRuntimeOrNone()?.run
    if (host !== undefined && run !== undefined) return run(host, () => fn(...args))
    throw new PerdureError('NOT_IN_ACTIVITY', 'asyncLocalStorage.run() was given no context; pass what Context.current() gave')
  },
}

export type ActivityDefinitionOptions = object

/** For code that is brought along: there is no option of activity functions yet, and any is refused. */
export function setActivityOptions(options: ActivityDefinitionOptions, fn: (...args: never[]) => Promise<unknown>): void {
  refuseUnknownOptions(options, [], activityCall(`setActivityOptions() of '${fn.name}'`), ['typeInfo'])
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

function recordingTo(hostOf: () => ActivityHost | undefined): MetricSink['record'] {
  return (kind, metric, value, tags) => {
    const host = hostOf()
    if (host?.metric === undefined) return
    const { activityType, workflowType } = host.info
    host.metric(kind, metric, value, { activityType, workflowType, ...tags })
  }
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
