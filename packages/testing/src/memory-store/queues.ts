/** Task queues as people see them. */
import { queueCountMax, rateUsed } from '@perdure/engine'
import type { ActivityTask, Millis, QueueDescription, QueuedActivityType } from '@perdure/engine'
import { isWoken } from './claims.ts'
import { type MemoryData, queueKey, type WorkerRow } from './memory-data.ts'
import { runningIn, tasksIn } from './queue-limits.ts'
import { workerRecord } from './workers.ts'

/** Those whose lease holds: who died with nobody left to take over is not among them. */
function livingWorkers(data: MemoryData, namespace: string): WorkerRow[] {
  return [...data.workers.values()]
    .filter(worker => worker.alive && worker.namespace === namespace && worker.renewedAt + worker.leaseMs >= data.now())
}

export function describeQueue(data: MemoryData, namespace: string, taskQueue: string): QueueDescription {
  const now = data.now()
  const row = data.queues.get(queueKey(namespace, taskQueue))
  const workers = livingWorkers(data, namespace).filter(worker => worker.taskQueues.includes(taskQueue))
  const { activitiesPerSecond = null, maxConcurrentActivities = null } = row ?? {}
  const due = openRows(data, namespace).filter(execution =>
    execution.taskQueue === taskQueue && execution.held === null && (isWoken(data, execution) || (execution.wakeAt ?? Infinity) <= now))
  const tasks = tasksIn(data, namespace, taskQueue).filter(task => task.worker === null)
  const waiting = tasks.filter(task => task.availableAt <= now)
  return {
    namespace, taskQueue, now,
    limits: { activitiesPerSecond, maxConcurrentActivities },
    activitiesPerSecondUsed: row === undefined ? null : rateUsed(row, now),
    workers: workers.map(workerRecord),
    executions: {
      waiting: Math.min(due.length, queueCountMax),
      waitingSince: earliest(due.flatMap(({ wakeAt }) => (wakeAt === null || wakeAt <= 0 || wakeAt > now ? [] : [wakeAt]))),
    },
    activities: {
      waiting: Math.min(waiting.length, queueCountMax),
      waitingSince: earliest(waiting.map(task => task.availableAt)),
      delayed: Math.min(tasks.length - waiting.length, queueCountMax),
      running: Math.min(runningIn(data, namespace, taskQueue), queueCountMax),
      types: typesOf(tasks, workers, now),
    },
  }
}

function typesOf(tasks: readonly ActivityTask[], workers: readonly WorkerRow[], now: Millis): QueuedActivityType[] {
  return [...new Set(tasks.map(task => task.activityType))].sort(byBytes).map(activityType => {
    const mine = tasks.filter(task => task.activityType === activityType)
    const waiting = mine.filter(task => task.availableAt <= now)
    return {
      activityType, waiting: waiting.length, waitingSince: earliest(waiting.map(task => task.availableAt)),
      delayed: mine.length - waiting.length, served: workers.some(worker => worker.activityTypes.includes(activityType)),
    }
  })
}

export function listQueues(data: MemoryData, namespace: string): string[] {
  const names = new Set<string>()
  for (const queue of data.queues.values()) if (queue.namespace === namespace) names.add(queue.taskQueue)
  for (const worker of livingWorkers(data, namespace)) for (const queue of worker.taskQueues) names.add(queue)
  for (const row of openRows(data, namespace)) names.add(row.taskQueue)
  for (const task of data.allTasks()) if (task.namespace === namespace && !task.lost) names.add(task.taskQueue)
  return [...names].sort(byBytes)
}

function openRows(data: MemoryData, namespace: string) {
  return [...data.open.keys()].flatMap(runId => data.executions.get(runId) ?? [])
    .filter(row => row.namespace === namespace && row.owner === null)
}

/** As the databases sort: by the bytes of UTF-8. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function earliest(times: readonly Millis[]): Millis | null {
  return times.length === 0 ? null : Math.min(...times)
}
