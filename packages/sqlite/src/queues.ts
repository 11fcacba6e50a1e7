/** Limits of task queues, and queues as people see them. */
import { checkQueueLimits, limitedQueue, mustCount, queueCountMax, queueRoom, rateUsed, takenFrom } from '@perdure/engine'
import type { Millis, QueueDescription, QueueLimits, QueueRoom, QueueState } from '@perdure/engine'
import { prioritiesOf } from './claim.ts'
import type { Database } from './database.ts'
import type { Query } from './statement.ts'
import { countDueExecutions } from './statements/count-due-executions.ts'
import { countRunningTasks } from './statements/count-running-tasks.ts'
import { deleteQueue } from './statements/delete-queue.ts'
import { earliestDueWake } from './statements/earliest-due-wake.ts'
import { findQueue } from './statements/find-queue.ts'
import { limitedQueues } from './statements/limited-queues.ts'
import { listLivingWorkers } from './statements/list-living-workers.ts'
import { nextClaimableQueue } from './statements/next-claimable-queue.ts'
import { nextDormantQueue } from './statements/next-dormant-queue.ts'
import { nextHeldQueue } from './statements/next-held-queue.ts'
import { nextRunningTaskQueue } from './statements/next-running-task-queue.ts'
import { nextWaitingTaskQueue } from './statements/next-waiting-task-queue.ts'
import { putQueue } from './statements/put-queue.ts'
import { waitingTasksByType } from './statements/waiting-tasks-by-type.ts'

interface NamedQueue {
  readonly namespace: string
  readonly taskQueue: string
}

export function setQueueLimits(database: Database, queue: NamedQueue, limits: Partial<QueueLimits>): void {
  checkQueueLimits(queue.taskQueue, limits)
  const { connection, now } = database
  const state = limitedQueue(connection.get(findQueue, queue.namespace, queue.taskQueue), limits, now())
  if (state === undefined) connection.run(deleteQueue, queue.namespace, queue.taskQueue)
  else put(database, queue, state)
}

function put({ connection }: Database, { namespace, taskQueue }: NamedQueue, state: QueueState): void {
  const { activitiesPerSecond, maxConcurrentActivities, tokens, used, countedAt } = state
  connection.run(putQueue, namespace, taskQueue, activitiesPerSecond, maxConcurrentActivities, tokens, used, countedAt)
}

/** What may be taken of a queue now; undefined: it has no limits. */
export function roomOf({ connection, now }: Database, { namespace, taskQueue }: NamedQueue): QueueRoom | undefined {
  const state = connection.get(findQueue, namespace, taskQueue)
  if (state === undefined) return undefined
  const most = state.maxConcurrentActivities
  const running = most === null ? 0 : connection.get(countRunningTasks, namespace, taskQueue, most) ?? 0
  return queueRoom(state, running, now())
}

export function countTaken(database: Database, queue: NamedQueue, taken: number): void {
  const state = database.connection.get(findQueue, queue.namespace, queue.taskQueue)
  const now = database.now()
  if (state !== undefined && mustCount(state, taken, now)) put(database, queue, takenFrom(state, taken, now))
}

export function describeQueue(database: Database, queue: NamedQueue): QueueDescription {
  const { connection } = database
  const { namespace, taskQueue } = queue
  const now = database.now()
  const state = connection.get(findQueue, namespace, taskQueue)
  const workers = connection.all(listLivingWorkers, namespace, now).filter(worker => worker.taskQueues.includes(taskQueue))
  const types = connection.all(waitingTasksByType, namespace, taskQueue, now, queueCountMax)
  return {
    namespace, taskQueue, now,
    limits: { activitiesPerSecond: state?.activitiesPerSecond ?? null, maxConcurrentActivities: state?.maxConcurrentActivities ?? null },
    activitiesPerSecondUsed: state === undefined ? null : rateUsed(state, now),
    workers,
    executions: waitingExecutions(database, queue, now),
    activities: {
      waiting: sum(types.map(type => type.waiting)),
      waitingSince: earliest(types.map(type => type.waitingSince)),
      delayed: sum(types.map(type => type.delayed)),
      running: connection.get(countRunningTasks, namespace, taskQueue, queueCountMax) ?? 0,
      types: types.map(type => ({ ...type, served: workers.some(worker => worker.activityTypes.includes(type.activityType)) })),
    },
  }
}

function waitingExecutions(database: Database, { namespace, taskQueue }: NamedQueue, now: Millis): QueueDescription['executions'] {
  const { connection } = database
  const since: (Millis | null)[] = []
  let waiting = 0
  for (const priority of prioritiesOf(database, { namespace }, taskQueue)) {
    waiting += connection.get(countDueExecutions, namespace, taskQueue, priority, now, queueCountMax - waiting) ?? 0
    since.push(connection.get(earliestDueWake, namespace, taskQueue, priority, now, queueCountMax) ?? null)
  }
  return { waiting, waitingSince: earliest(since) }
}

export function listQueues(database: Database, namespace: string): string[] {
  const { connection } = database
  const names = new Set(connection.all(limitedQueues, namespace))
  for (const worker of connection.all(listLivingWorkers, namespace, database.now())) for (const queue of worker.taskQueues) names.add(queue)
  for (const next of [nextClaimableQueue, nextHeldQueue, nextDormantQueue, nextWaitingTaskQueue, nextRunningTaskQueue]) {
    for (const name of queuesBy(database, next, namespace)) names.add(name)
  }
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** From one to the next, so that a long queue costs no more than a short one. */
function* queuesBy<Row>({ connection }: Database, next: Query<[namespace: string, after: string], Row, string>, namespace: string) {
  for (let name = connection.get(next, namespace, ''); name !== undefined; name = connection.get(next, namespace, name)) yield name
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

function earliest(times: readonly (Millis | null)[]): Millis | null {
  const known = times.filter(time => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}
