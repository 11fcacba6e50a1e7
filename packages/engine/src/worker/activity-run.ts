/**
 * One attempt of an activity running in this process: its context, its timeouts, its end (once).
 * The function itself cannot be stopped: after a timeout it may run on, unheard, with its signal aborted.
 */
import { ApplicationFailure, CancelledFailure } from '@perdure/workflow'
import { CompleteAsyncError } from '@perdure/workflow/activity'
import { type ActivityHost, type ActivityInfo, setActivityRuntime } from '@perdure/workflow/host'
import { AsyncLocalStorage } from 'node:async_hooks'
import { runOutsideWorkflow } from '../determinism/workflow-context.ts'
import { logLine } from '../execution/command.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { AttemptResult } from '../protocol/attempt-end.ts'
import { decodeActivityOptions } from '../protocol/activity-options-codec.ts'
import { decodeArguments, decodePayload, encodePayload } from '../protocol/payload-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import { encodeTaskToken } from '../protocol/task-token.ts'
import { withoutFrames } from '../protocol/user-stack.ts'
import type { ActivityFunction } from '../registry.ts'
import { activityFields, writeLine } from './log-line.ts'

export interface ActivityRun {
  readonly task: ActivityTask
  readonly startedAt: number
  /** Whether activity_tasks has a row for this attempt. */
  row: 'none' | 'writing' | 'written'
  cancelRequested: boolean
  /** Last heartbeat, encoded; carried to the next attempt. */
  details: Payload | null
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
setActivityRuntime({ current: () => storage.getStore() })

export function runActivity(parts: ActivityRunParts): ActivityRun {
  const { task, clock, logger } = parts
  const options = decodeActivityOptions(task.options)
  const cancellation = runCancellation()
  const startedAt = clock.now()
  const stops: (() => void)[] = []
  let stopHeartbeat: (() => void) | undefined
  let ended = false
  const run: ActivityRun = {
    task, startedAt, row: task.worker === null ? 'none' : 'written', cancelRequested: task.cancelRequested,
    details: task.heartbeatDetails, storedAt: 0,
    get ended() { return ended },
    onceEnded: (call) => void (ended ? call() : stops.push(call)),
    cancel: (reason) => cancellation.cancel(reason),
    abandon: (reason) => { close(); cancellation.cancel(reason) },
  }
  const close = (): boolean => {
    if (ended) return false
    ended = true
    for (const stop of stops) stop()
    stopHeartbeat?.()
    return true
  }
  const end = (result: RunResult): void => {
    if (close()) parts.onEnd(run, result)
  }
  const timeOut = (timeoutType: 'START_TO_CLOSE' | 'SCHEDULE_TO_CLOSE' | 'HEARTBEAT'): void => {
    end({ type: 'timed_out', timeoutType })
    cancellation.cancel('TIMED_OUT')
  }
  const armHeartbeat = (): void => {
    if (options.heartbeatMs === undefined) return
    stopHeartbeat?.()
    stopHeartbeat = clock.timer(options.heartbeatMs, () => timeOut('HEARTBEAT'))
  }
  const host = activityHost(run, cancellation, logger, {
    onBeat: () => {
      armHeartbeat()
      runOutsideWorkflow(() => parts.onHeartbeat(run))
    },
    onToken: () => runOutsideWorkflow(() => parts.onToken(run)),
  })
  const runMs = options.startToCloseMs ?? Number.POSITIVE_INFINITY
  const leftMs = task.closeBy === null ? Number.POSITIVE_INFINITY : task.closeBy - startedAt
  const limitMs = Math.min(runMs, leftMs)
  if (limitMs !== Number.POSITIVE_INFINITY) {
    stops.push(clock.timer(Math.max(0, limitMs), () => timeOut(runMs < leftMs ? 'START_TO_CLOSE' : 'SCHEDULE_TO_CLOSE')))
  }
  armHeartbeat()
  if (task.cancelRequested) cancellation.cancel('CANCELLED')
  void runOutsideWorkflow(() => storage.run(host, () => call(parts.fn, task, end)))
  return run
}

interface RunCancellation {
  readonly signal: AbortSignal
  /** Rejects when the run is cancelled; made when first asked for. */
  readonly cancelled: Promise<never>
  cancel(reason: string): void
}

function runCancellation(): RunCancellation {
  const controller = new AbortController()
  let cancelled: Promise<never> | undefined
  let rejectCancelled: ((error: Error) => void) | undefined
  return {
    signal: controller.signal,
    get cancelled() {
      if (cancelled === undefined) {
        cancelled = new Promise<never>((_, reject) => { rejectCancelled = reject })
        cancelled.catch(() => undefined)
        if (controller.signal.aborted) rejectCancelled?.(controller.signal.reason as Error)
      }
      return cancelled
    },
    cancel: (reason) => {
      if (controller.signal.aborted) return
      const failure = new CancelledFailure(reason)
      controller.abort(failure)
      rejectCancelled?.(failure)
    },
  }
}

interface HostEvents {
  /** After each heartbeat while the attempt is open; its details are in the run. */
  readonly onBeat: () => void
  readonly onToken: () => void
}

function activityHost(run: ActivityRun, cancellation: RunCancellation, logger: Logger, { onBeat, onToken }: HostEvents): ActivityHost {
  const { activityType } = run.task
  return {
    get info() { return activityInfo(run, onToken) },
    get cancelled() { return cancellation.cancelled },
    cancellationSignal: cancellation.signal,
    heartbeat: (details) => {
      if (run.ended) return
      run.details = encodePayload(details, `heartbeat details of activity '${activityType}'`)
      onBeat()
    },
    log: (level, message, attributes) => writeLine(logger, logLine(level, message, attributes), activityFields(run.task)),
  }
}

async function call(fn: ActivityFunction, task: ActivityTask, end: (result: RunResult) => void): Promise<void> {
  let result: RunResult
  try {
    result = stored(await (fn as (...args: unknown[]) => unknown)(...decodeArguments(task.input)), task)
  } catch (error) {
    result = error instanceof CompleteAsyncError ? { type: 'outside' } : { type: 'failed', error }
  }
  end(result)
}

/** The work is done: another attempt would do it again, and return what cannot be stored again. */
function stored(value: unknown, { activityType }: ActivityTask): AttemptResult {
  try {
    return { type: 'completed', result: encodePayload(value, `result of activity '${activityType}'`) }
  } catch (error) {
    const { message, name } = error as Error
    return { type: 'failed', error: withoutFrames(() => ApplicationFailure.create({ message, type: name, nonRetryable: true })) }
  }
}

function activityInfo(run: ActivityRun, onToken: () => void): ActivityInfo {
  const { task } = run
  const options = decodeActivityOptions(task.options)
  return withToken({
    activityId: task.activityId, activityType: task.activityType, attempt: task.attempt, taskQueue: task.taskQueue, isLocal: false,
    inWorkflow: true, namespace: task.namespace,
    workflowExecution: { workflowId: task.workflowId, runId: task.runId },
    workflowType: task.workflowType, workflowNamespace: task.namespace,
    scheduledTimestampMs: task.scheduledAt, currentAttemptScheduledTimestampMs: task.availableAt,
    startToCloseTimeoutMs: options.startToCloseMs ?? options.scheduleToCloseMs ?? 0,
    scheduleToCloseTimeoutMs: options.scheduleToCloseMs ?? 0, priority: { priorityKey: task.priority },
    ...(options.heartbeatMs === undefined ? {} : { heartbeatTimeoutMs: options.heartbeatMs }),
    heartbeatDetails: task.heartbeatDetails === null ? undefined : decodePayload(task.heartbeatDetails),
  }, () => {
    onToken()
    return encodeTaskToken(task)
  })
}

/** Hidden, for info is logged and returned: bytes are no JSON, and nobody else is to have the token unasked. */
function withToken(info: Omit<ActivityInfo, 'taskToken' | 'base64TaskToken'>, token: () => Uint8Array): ActivityInfo {
  return Object.defineProperties(info, {
    taskToken: { get: token },
    base64TaskToken: { get: () => Buffer.from(token()).toString('base64') },
  }) as ActivityInfo
}
