/** Sets limits of a task queue: perdure.set_queue_limits_v1 (migrations/0004-queues.ts). Waits for a claim of the queue under way. */
import { checkQueueLimits } from '@perdure/engine'
import type { QueueLimits } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const setQueueLimitsStatement: Statement = {
  name: 'set_queue_limits_v1',
  text: 'select perdure.set_queue_limits_v1($1, $2, $3, $4, $5, $6)',
  writes: true,
}

export async function setQueueLimits(
  database: Database, namespace: string, taskQueue: string, limits: Partial<QueueLimits>,
): Promise<void> {
  checkQueueLimits(taskQueue, limits)
  const { activitiesPerSecond: rate, maxConcurrentActivities: most } = limits
  await database.run(setQueueLimitsStatement, [namespace, taskQueue, rate !== undefined, rate ?? null, most !== undefined, most ?? null])
}
