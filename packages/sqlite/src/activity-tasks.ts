import type { BeatOutcome, ClaimedTasks, Look, Millis, Serving, TaskBeat, TaskEnd } from '@perdure/engine'
import { outsideWorker } from '@perdure/engine'
import type { Database } from './database.ts'
import { countTaken, roomOf } from './queues.ts'
import { beatTask } from './statements/beat-task.ts'
import { dueTasks, type DueTask } from './statements/due-tasks.ts'
import { earliestWaitingTask } from './statements/earliest-waiting-task.ts'
import { endTask as deleteAttempt } from './statements/end-task.ts'
import { endWaitingTask } from './statements/end-waiting-task.ts'
import { findAlive } from './statements/find-alive.ts'
import { findRun } from './statements/find-run.ts'
import { findTaskByRow } from './statements/find-task-by-row.ts'
import { findTaskCancel } from './statements/find-task-cancel.ts'
import { insertMessage } from './statements/insert-message.ts'
import { leaveTask } from './statements/leave-task.ts'
import { nextTaskGroup, type TaskGroup } from './statements/next-task-group.ts'
import { retryTask } from './statements/retry-task.ts'
import { startTask } from './statements/start-task.ts'

export function claimTasks(database: Database, serving: Serving, now: Millis, limit: number): ClaimedTasks {
  const { connection } = database
  if (connection.get(findAlive, serving.incarnation) === undefined) return { tasks: [], retryAt: null }
  const rooms = roomsOf(database, serving)
  const { chosen, full } = choose(dueOf(database, serving, now, limit, rooms), limit, rooms)
  const tasks = chosen.flatMap(({ rowid }) => {
    connection.run(startTask, rowid, serving.incarnation, now)
    return connection.get(findTaskByRow, rowid) ?? []
  })
  for (const taskQueue of rooms.keys()) {
    countTaken(database, { namespace: serving.namespace, taskQueue }, chosen.filter(due => due.taskQueue === taskQueue).length)
  }
  const waits = [...full].flatMap(taskQueue => roomOf(database, { namespace: serving.namespace, taskQueue })?.waitMs ?? [])
  return { tasks, retryAt: tasks.length >= limit || waits.length === 0 ? null : now + Math.min(...waits) }
}

/** Of the queues with limits alone: most have none. */
function roomsOf(database: Database, { namespace, taskQueues }: Serving): Map<string, number> {
  const rooms = new Map<string, number>()
  for (const taskQueue of taskQueues) {
    const room = roomOf(database, { namespace, taskQueue })?.room
    if (room !== undefined) rooms.set(taskQueue, room)
  }
  return rooms
}

/** Of a queue with limits one more than its room, which shows that more waits. */
function dueOf(database: Database, serving: Serving, now: Millis, limit: number, rooms: ReadonlyMap<string, number>): DueTask[] {
  const { namespace } = serving
  const due: DueTask[] = []
  for (const taskQueue of serving.taskQueues) {
    const most = Math.min(limit, (rooms.get(taskQueue) ?? limit) + 1)
    for (const { activityType, priority } of groupsOf(database, serving, taskQueue)) {
      due.push(...database.connection.all(dueTasks, namespace, taskQueue, activityType, priority, now, most))
    }
  }
  return due.sort((a, b) => a.priority - b.priority || a.availableAt - b.availableAt)
}

function choose(due: readonly DueTask[], limit: number, rooms: ReadonlyMap<string, number>) {
  if (rooms.size === 0) return { chosen: due.slice(0, limit), full: new Set<string>() }
  const left = new Map(rooms)
  const full = new Set<string>()
  const chosen: DueTask[] = []
  for (const one of due) {
    if (chosen.length >= limit) break
    const room = left.get(one.taskQueue) ?? Infinity
    left.set(one.taskQueue, room - 1)
    if (room > 0) chosen.push(one)
    else full.add(one.taskQueue)
  }
  return { chosen, full }
}

/** What waits in a queue and is of the worker's types: steps from group to group, so that a long queue costs no more. */
function groupsOf({ connection }: Database, serving: Serving, taskQueue: string): TaskGroup[] {
  const groups: TaskGroup[] = []
  let last: TaskGroup | undefined = { activityType: '', priority: Number.MIN_SAFE_INTEGER }
  while ((last = connection.get(nextTaskGroup, serving.namespace, taskQueue, last.activityType, last.priority)) !== undefined) {
    if (serving.activityTypes.includes(last.activityType)) groups.push(last)
  }
  return groups
}

/** When the worker should claim, and which of its queues have limits. */
export function lookAtTasks(database: Database, serving: Serving, now: Millis): Pick<Look, 'taskAt' | 'limitedQueues'> {
  const { namespace } = serving
  const limitedQueues: string[] = []
  let taskAt: Millis | null = null
  for (const taskQueue of serving.taskQueues) {
    const limited = roomOf(database, { namespace, taskQueue })
    if (limited !== undefined) limitedQueues.push(taskQueue)
    const { waitMs } = limited ?? { waitMs: 0 }
    if (waitMs === null) continue
    for (const { activityType, priority } of groupsOf(database, serving, taskQueue)) {
      const availableAt = database.connection.get(earliestWaitingTask, namespace, taskQueue, activityType, priority)
      if (availableAt === undefined) continue
      const at = waitMs === 0 ? availableAt : Math.max(availableAt, now + waitMs)
      if (taskAt === null || at < taskAt) taskAt = at
    }
  }
  return { taskAt, limitedQueues }
}

export function endTask({ connection, runs }: Database, end: TaskEnd): boolean {
  const id = runs.idOf(end.runId)
  if (id === undefined) return false
  const { command, attempt, outcome } = end
  if (outcome.type === 'retry') {
    const { availableAt, deadlineAt, lastFailure, heartbeatDetails } = outcome
    return connection.run(retryTask, id, command, attempt, availableAt, deadlineAt, lastFailure, heartbeatDetails) === 1
  }
  if (outcome.type === 'leave') {
    return connection.run(leaveTask, id, command, attempt, outcome.deadlineAt, outcome.heartbeatDetails, outsideWorker) === 1
  }
  if (connection.run(outcome.onlyWaiting === true ? endWaitingTask : deleteAttempt, id, command, attempt) === 0) return false
  if (connection.get(findRun, end.runId)?.status === 'RUNNING') connection.run(insertMessage, id, outcome.eventType, outcome.data)
  return true
}

export function heartbeatTask({ connection, runs }: Database, beat: TaskBeat): BeatOutcome {
  const id = runs.idOf(beat.runId)
  if (id === undefined) return 'gone'
  if (connection.run(beatTask, id, beat.command, beat.attempt, beat.details, beat.deadlineAt) === 0) return 'gone'
  return connection.get(findTaskCancel, id, beat.command) === true ? 'cancel_requested' : 'ok'
}
