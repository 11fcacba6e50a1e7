/** Says once that activities wait in a queue that nobody serves: a worker that was never started, or a name mistyped. */
import { unservedQueuesMax, unservedToldMs } from '../../limits.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { activityFields } from '../log/log-line.ts'

export class UnservedQueues {
  readonly #context: WorkerContext
  /** Looked at soon, or told. */
  readonly #watched = new Set<string>()
  readonly #timers = new Map<string, () => void>()

  constructor(context: WorkerContext) {
    this.#context = context
  }

  /** A task of a queue that this worker does not serve. */
  watch(task: ActivityTask): void {
    const { settings, clock, background } = this.#context
    const { taskQueue } = task
    if (settings.taskQueues.includes(taskQueue) || this.#watched.has(taskQueue) || this.#watched.size >= unservedQueuesMax) return
    this.#watched.add(taskQueue)
    this.#timers.set(taskQueue, clock.timer(unservedToldMs, () => {
      this.#timers.delete(taskQueue)
      background('looking who serves a task queue', () => this.#look(task))
    }))
  }

  stop(): void {
    for (const stopTimer of this.#timers.values()) stopTimer()
    this.#timers.clear()
  }

  /** What is not told now is looked at again with the queue's next task. */
  async #look(task: ActivityTask): Promise<void> {
    const { taskQueue, activityType, workflowId } = task
    const { store, settings, logger } = this.#context
    this.#watched.delete(taskQueue)
    const { workers, activities } = await store.describeQueue(settings.namespace, taskQueue)
    if (workers.length > 0 || activities.waiting === 0) return
    this.#watched.add(taskQueue)
    logger.warn(
      `No worker serves task queue '${taskQueue}', where activity '${activityType}' of workflow '${workflowId}' waits: start one that ` +
        'has it, or correct the name of the queue', { ...activityFields(task), taskQueue },
    )
  }
}
