/**
 * Ends attempts of activities from outside, as `AsyncCompletionClient` of `@temporalio/client` does: of functions that threw a
 * CompleteAsyncError, and of any other that runs. Who is first counts.
 */
import { CancelledFailure } from '@perdure/workflow'
import { brandClass } from '@perdure/workflow/host'
import { jsonValues, type ValueConverter } from '../conversion/value-converter.ts'
import { PerdureError } from '../error.ts'
import { completionPauseMs, completionWaitMs, readMax } from '../limits.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import { attemptEnd, type AttemptResult } from '../protocol/attempt-end.ts'
import { decodeEvent } from '../protocol/event-codec.ts'
import { isActivityEnd } from '../protocol/event.ts'
import type { RunId } from '../protocol/ids.ts'
import { cancelledWaiting, runningDeadline, taskEnd } from '../protocol/task-end.ts'
import { decodeTaskToken } from '../protocol/task-token.ts'
import { pause, untilNotBusy } from './busy-retry.ts'
import type { ClientParts } from './client-parts.ts'
import { checkedId, optionsInvalid, refuseUnknownKeys, shown } from './given-options.ts'
import { requireExecution, targetOf } from './lookup.ts'

/** Names the running attempt of an activity by the ids of its workflow and its own. */
export interface FullActivityId {
  readonly workflowId: string
  /** Default: the open run, else the last. */
  readonly runId?: string
  readonly activityId: string
}

/** `activityInfo().taskToken` as bytes, the same in base64, or the ids. */
export type ActivityTarget = Uint8Array | string | FullActivityId

export interface ActivityCompletionClient {
  /**
   * The attempt, and with it the activity, ends with this result.
   * @throws ActivityNotFoundError (it has ended, by whomever), PerdureError TASK_TOKEN_INVALID, PAYLOAD_TOO_LARGE, ...
   * @example await engine.activities.complete(token, { approved: true })
   */
  complete(activity: ActivityTarget, result?: unknown): Promise<void>
  /** The attempt fails as if the function had thrown `error`: the retry policy decides what follows. @throws as complete() */
  fail(activity: ActivityTarget, error: unknown): Promise<void>
  /** The activity ends as cancelled. @throws ActivityCompletionError when nobody asked for that; and as complete() */
  reportCancellation(activity: ActivityTarget, details?: unknown): Promise<void>
  /**
   * The attempt is alive, and so far: a heartbeat timeout begins again.
   * @throws ActivityCancelledError when the activity is to stop; and as complete()
   */
  heartbeat(activity: ActivityTarget, details?: unknown): Promise<void>
}

/** No such attempt runs: it was completed, failed, timed out or is retried, or its workflow has closed. */
export class ActivityNotFoundError extends PerdureError {
  constructor(message: string) {
    super('ACTIVITY_NOT_FOUND', message)
  }
}
brandClass(ActivityNotFoundError, 'ActivityNotFoundError')

/** The attempt cannot be ended in this way. */
export class ActivityCompletionError extends PerdureError {
  constructor(message: string) {
    super('ACTIVITY_NOT_CANCELLED', message)
  }
}
brandClass(ActivityCompletionError, 'ActivityCompletionError')

/** The answer to a heartbeat: the activity was asked to stop. Clean up, then reportCancellation(). */
export class ActivityCancelledError extends PerdureError {
  constructor(message: string) {
    super('ACTIVITY_CANCELLED', message)
  }
}
brandClass(ActivityCancelledError, 'ActivityCancelledError')

export function createActivityCompletionClient(parts: ClientParts): ActivityCompletionClient {
  return new StoreCompletion(parts)
}

/** One activity of one run; the attempt is known when a token named it. */
interface Sought {
  readonly runId: RunId
  readonly attempt: number | undefined
  readonly name: string
  readonly fits: (activity: { readonly command: number; readonly activityId: string }) => boolean
}

class StoreCompletion implements ActivityCompletionClient {
  readonly #parts: ClientParts
  readonly #values: ValueConverter

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.#values = parts.values ?? jsonValues
  }

  async complete(activity: ActivityTarget, result?: unknown): Promise<void> {
    const payload = this.#values.encode(result, 'result of an activity')
    await this.#end(await this.#find(activity), { type: 'completed', result: payload })
  }

  async fail(activity: ActivityTarget, error: unknown): Promise<void> {
    await this.#end(await this.#find(activity), { type: 'failed', error })
  }

  async reportCancellation(activity: ActivityTarget, details?: unknown): Promise<void> {
    const task = await this.#find(activity)
    if (!task.cancelRequested) {
      throw new ActivityCompletionError(`${nameOf(task)} was not asked to stop: end it with complete() or fail()`)
    }
    await this.#end(task, { type: 'failed', error: new CancelledFailure('CANCELLED', details === undefined ? [] : [details]) })
  }

  async heartbeat(activity: ActivityTarget, details?: unknown): Promise<void> {
    const payload = details === undefined ? null : this.#values.encode(details, 'heartbeat details of an activity')
    const task = await this.#find(activity)
    const { clock, store } = this.#parts
    const now = clock.now()
    const { runId, command, attempt } = task
    const deadlineAt = runningDeadline(task, task.startedAt ?? now, now)
    const beat = { runId, command, attempt, details: payload, now, deadlineAt }
    const [outcome] = await untilNotBusy({
      clock, what: `heartbeat of ${nameOf(task)}`, repeatable: true, attempt: () => store.heartbeatTasks([beat]),
    })
    if (outcome === 'gone') throw new ActivityNotFoundError(`${nameOf(task)} has ended meanwhile`)
    if (outcome === 'cancel_requested') {
      throw new ActivityCancelledError(`${nameOf(task)} is to stop: clean up, then call reportCancellation()`)
    }
  }

  async #end(task: ActivityTask, result: AttemptResult): Promise<void> {
    const { store, clock, notifier, localWorker } = this.#parts
    const { startedAt, cancelRequested, heartbeatDetails: details } = task
    const ended = attemptEnd(result, {
      task, startedAt, cancelRequested, details, now: clock.now(), failures: this.#values.failures,
    })
    const [isDone] = await untilNotBusy({
      clock, what: `end of ${nameOf(task)}`, repeatable: false, attempt: () => store.endTasks([taskEnd(task, ended)]),
    })
    if (isDone !== true) throw new ActivityNotFoundError(`${nameOf(task)} has ended meanwhile`)
    if (ended.type === 'retry') await this.#cancelRetried(task)
    notifier?.publish('queue')
    localWorker?.kick()
  }

  /** Who cancelled it after it was looked at left its end to this attempt, which did not know. */
  async #cancelRetried({ runId, command }: ActivityTask): Promise<void> {
    const { store } = this.#parts
    const task = (await store.readTasks(runId)).find((row) => row.command === command)
    if (task?.cancelRequested === true && task.worker === null) await store.endTasks([cancelledWaiting(task)])
  }

  /** The row of a first attempt is written when its token is asked for: whoever has it may come before the row. */
  async #find(activity: ActivityTarget): Promise<ActivityTask> {
    const { store, clock, namespace } = this.#parts
    const sought = await this.#sought(activity)
    for (const until = clock.now() + completionWaitMs; ;) {
      const task = (await store.readTasks(sought.runId)).find((each) => each.namespace === namespace && sought.fits(each))
      if (task !== undefined) return running(task, sought)
      await this.#refuseEnded(sought)
      if (clock.now() >= until) throw new ActivityNotFoundError(`${sought.name} does not run: it has not begun, or there is none`)
      await pause(clock, completionPauseMs)
    }
  }

  async #sought(activity: ActivityTarget): Promise<Sought> {
    const { store, namespace } = this.#parts
    if (typeof activity === 'string' || activity instanceof Uint8Array) {
      const token = decodeTaskToken(activity)
      const { runId, command, attempt } = token
      const name = `Attempt ${attempt} of activity ${command} of run ${runId}`
      if (token.namespace === namespace) return { runId, attempt, name, fits: (task) => task.command === command }
      const remedy = `open one with namespace '${token.namespace}'`
      throw new ActivityNotFoundError(`${name} is of namespace '${token.namespace}', and this engine of '${namespace}': ${remedy}`)
    }
    if (typeof activity !== 'object' || activity === null) {
      throw optionsInvalid(`The activity is ${shown(activity)}; give its task token, or { workflowId, activityId }`)
    }
    refuseUnknownKeys(activity, ['workflowId', 'runId', 'activityId'], 'the id of an activity')
    const activityId = checkedId(activity.activityId, 'activityId')
    const { workflowId, runId } = await requireExecution(store, namespace, targetOf(activity.workflowId, activity.runId))
    const name = `Activity '${activityId}' of workflow '${workflowId}' (run ${runId})`
    return { runId, attempt: undefined, name, fits: (task) => task.activityId === activityId }
  }

  async #refuseEnded({ runId, name, fits }: Sought): Promise<void> {
    const { store, namespace } = this.#parts
    const execution = await store.getExecution(namespace, null, runId)
    if (execution === undefined) throw new ActivityNotFoundError(`${name}: there is no such execution`)
    if (execution.status !== 'RUNNING') throw new ActivityNotFoundError(`${name} has ended: workflow '${execution.workflowId}' is closed`)
    const unread = await store.readMessages(runId, readMax)
    const hasEnded = unread.some((message) => isEndOf(message, fits)) || await this.#hasEnded(runId, fits)
    if (hasEnded) throw new ActivityNotFoundError(`${name} has ended: the first end counts, and this one changed nothing`)
  }

  async #hasEnded(runId: RunId, fits: Sought['fits']): Promise<boolean> {
    for (let afterSeq = 0; ;) {
      const events = await this.#parts.store.readHistory(runId, afterSeq, readMax)
      const last = events.at(-1)
      if (last === undefined) return false
      if (events.some((event) => isEndOf(event, fits))) return true
      afterSeq = last.seq
    }
  }
}

function isEndOf({ type, data }: { readonly type: string; readonly data: string }, fits: Sought['fits']): boolean {
  if (!type.startsWith('ActivityTask')) return false
  const event = decodeEvent(type, data)
  return isActivityEnd(event) && fits(event)
}

/** @throws ActivityNotFoundError when it is another attempt, or none that runs */
function running(task: ActivityTask, { attempt, name }: Sought): ActivityTask {
  const { worker, lost } = task
  if (attempt !== undefined && attempt !== task.attempt) {
    throw new ActivityNotFoundError(`${name} has ended: it failed or timed out, and attempt ${task.attempt} has taken its place`)
  }
  if (worker === null) throw new ActivityNotFoundError(`${name} does not run: its attempt ${task.attempt} waits for a worker`)
  if (lost) throw new ActivityNotFoundError(`${name} has ended: the worker of its attempt ${task.attempt} was lost`)
  return task
}

function nameOf({ activityType, attempt, workflowId }: ActivityTask): string {
  return `Attempt ${attempt} of activity '${activityType}' of workflow '${workflowId}'`
}
