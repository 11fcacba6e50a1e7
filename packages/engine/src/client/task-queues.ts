/** Task queues, as people look at them and limit them. */
import type { QueueDescription, Store } from '../ports/store.ts'
import type { Millis } from '../protocol/ids.ts'
import { checkQueueLimits, type QueueLimits } from '../protocol/queue-limits.ts'
import { checkedId, refuseUnknownKeys } from './given-options.ts'
import { describedWorker, type WorkerDescription } from './workers.ts'

/** Of a queue, over all its workers. */
export interface TaskQueueLimits {
  /** Activities that begin in a second, retries included. Null: any number. Left out: as it is. */
  readonly activitiesPerSecond?: number | null
  /** Activities that run at once. Null: any number. Left out: as it is. */
  readonly maxConcurrentActivities?: number | null
}

export interface WaitingActivityType {
  readonly activityType: string
  readonly waiting: number
  readonly waitingSince: Date | undefined
  /** In the pause before their next attempt. */
  readonly delayed: number
  /** A living worker of this queue has it. */
  readonly served: boolean
}

/** Counts end at 100,000. */
export interface TaskQueueDescription {
  readonly namespace: string
  readonly taskQueue: string
  readonly limits: QueueLimits
  /** Activities a second that began lately; undefined where there are no limits, for then nobody counts. */
  readonly activitiesPerSecondUsed: number | undefined
  /** Living ones that serve the queue. */
  readonly workers: readonly WorkerDescription[]
  readonly executions: { readonly waiting: number; readonly waitingSince: Date | undefined }
  readonly activities: {
    readonly waiting: number
    readonly waitingSince: Date | undefined
    /** In the pause before their next attempt. */
    readonly delayed: number
    readonly running: number
    readonly types: readonly WaitingActivityType[]
  }
  /** What waits for something that will not come by itself, and the remedy. Empty: nothing. */
  readonly problems: readonly string[]
}

export interface TaskQueueClient {
  /** @param taskQueue any name: a queue is what is served, limited or waited in. The engine's own if left out. */
  describe(taskQueue?: string): Promise<TaskQueueDescription>
  /** The names of all that are served, limited, or waited in. */
  list(): Promise<string[]>
  /**
   * Limits over all workers; those left out stay as they are, null takes one away. Workers follow within a second or two.
   * @throws PerdureError QUEUE_LIMITS_INVALID
   * @example await engine.taskQueues.setLimits('mail', { activitiesPerSecond: 50 })
   */
  setLimits(taskQueue: string, limits: TaskQueueLimits): Promise<TaskQueueDescription>
}

export function createTaskQueueClient(store: Store, namespace: string, own: string): TaskQueueClient {
  return {
    async describe(taskQueue = own) {
      return describedQueue(await store.describeQueue(namespace, checkedId(taskQueue, 'taskQueue')))
    },
    async list() {
      return [...await store.listQueues(namespace)]
    },
    async setLimits(taskQueue, limits) {
      checkedId(taskQueue, 'taskQueue')
      refuseUnknownKeys(limits, ['activitiesPerSecond', 'maxConcurrentActivities'], 'taskQueues.setLimits()')
      checkQueueLimits(taskQueue, limits)
      await store.setQueueLimits(namespace, taskQueue, limits)
      return this.describe(taskQueue)
    },
  }
}

function describedQueue(queue: QueueDescription): TaskQueueDescription {
  const { namespace, taskQueue, limits, activitiesPerSecondUsed, executions, activities } = queue
  return {
    namespace, taskQueue, limits,
    activitiesPerSecondUsed: activitiesPerSecondUsed ?? undefined,
    workers: queue.workers.map((worker) => describedWorker(worker, queue.now)),
    executions: { waiting: executions.waiting, waitingSince: dateOf(executions.waitingSince) },
    activities: {
      waiting: activities.waiting, waitingSince: dateOf(activities.waitingSince), delayed: activities.delayed, running: activities.running,
      types: activities.types.map((type) => ({ ...type, waitingSince: dateOf(type.waitingSince) })),
    },
    problems: problemsOf(queue),
  }
}

function problemsOf({ taskQueue, workers, executions, activities, limits }: QueueDescription): string[] {
  if (workers.length === 0) {
    const waiting = [waitingText(executions.waiting, 'execution', 'executions'), waitingText(activities.waiting, 'activity', 'activities')]
    const texts = waiting.filter((text) => text !== undefined)
    return texts.length === 0 ? [] : [`${texts.join(', ')}, and no worker serves task queue '${taskQueue}': start one`]
  }
  const problems = activities.types.filter(({ served, waiting }) => !served && waiting > 0).map(({ activityType, waiting }) => {
    const text = waitingText(waiting, `activity of type '${activityType}'`, `activities of type '${activityType}'`)
    return `${text}, and no worker of task queue '${taskQueue}' has it: start one that does`
  })
  const { maxConcurrentActivities: most } = limits
  const isFull = most !== null && activities.running >= most && activities.types.some(({ served, waiting }) => served && waiting > 0)
  return isFull ? [...problems, `as many activities run as the limit of task queue '${taskQueue}' allows (${most}); others wait`] : problems
}

function waitingText(count: number, one: string, many: string): string | undefined {
  if (count === 0) return undefined
  return count === 1 ? `1 ${one} waits` : `${count} ${many} wait`
}

function dateOf(at: Millis | null): Date | undefined {
  return at === null ? undefined : new Date(at)
}
