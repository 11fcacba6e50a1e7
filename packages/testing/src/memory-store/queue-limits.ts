import { checkQueueLimits, limitedQueue, mustCount, queueRoom, takenFrom } from '@perdure/engine'
import type { ActivityTask, QueueLimits, QueueRoom } from '@perdure/engine'
import { type MemoryData, queueKey } from './memory-data.ts'

export function setQueueLimits(data: MemoryData, namespace: string, taskQueue: string, limits: Partial<QueueLimits>): void {
  checkQueueLimits(taskQueue, limits)
  const key = queueKey(namespace, taskQueue)
  const state = limitedQueue(data.queues.get(key), limits, data.now())
  data.set(data.queues, key, state === undefined ? undefined : { namespace, taskQueue, ...state })
}

/** What may be taken of it now; undefined: it has no limits. */
export function roomOf(data: MemoryData, namespace: string, taskQueue: string): QueueRoom | undefined {
  const queue = data.queues.get(queueKey(namespace, taskQueue))
  return queue === undefined ? undefined : queueRoom(queue, runningIn(data, namespace, taskQueue), data.now())
}

export function countTaken(data: MemoryData, namespace: string, taskQueue: string, taken: number): void {
  const key = queueKey(namespace, taskQueue)
  const queue = data.queues.get(key)
  if (queue === undefined || !mustCount(queue, taken, data.now())) return
  data.set(data.queues, key, { ...queue, ...takenFrom(queue, taken, data.now()) })
}

export function runningIn(data: MemoryData, namespace: string, taskQueue: string): number {
  return tasksIn(data, namespace, taskQueue).filter(task => task.worker !== null && !task.lost).length
}

export function tasksIn(data: MemoryData, namespace: string, taskQueue: string): ActivityTask[] {
  return data.allTasks().filter(task => task.namespace === namespace && task.taskQueue === taskQueue)
}
