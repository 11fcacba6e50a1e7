import type { ActivityTask, BeatOutcome, Millis, Serving, TaskBeat, TaskEnd } from '@perdure/engine'
import type { Database } from './database.ts'
import { beatTask } from './statements/beat-task.ts'
import { dueTasks, type DueTask } from './statements/due-tasks.ts'
import { earliestWaitingTask } from './statements/earliest-waiting-task.ts'
import { endTask as deleteAttempt } from './statements/end-task.ts'
import { findAlive } from './statements/find-alive.ts'
import { findRun } from './statements/find-run.ts'
import { findTaskByRow } from './statements/find-task-by-row.ts'
import { findTaskCancel } from './statements/find-task-cancel.ts'
import { insertMessage } from './statements/insert-message.ts'
import { nextTaskGroup, type TaskGroup } from './statements/next-task-group.ts'
import { retryTask } from './statements/retry-task.ts'
import { startTask } from './statements/start-task.ts'

export function claimTasks(database: Database, serving: Serving, now: Millis, limit: number): ActivityTask[] {
  const { connection } = database
  if (connection.get(findAlive, serving.incarnation) === undefined) return []
  const due: DueTask[] = []
  for (const taskQueue of serving.taskQueues) {
    for (const { activityType, priority } of groupsOf(database, serving, taskQueue)) {
      due.push(...connection.all(dueTasks, serving.namespace, taskQueue, activityType, priority, now, limit))
    }
  }
  due.sort((a, b) => a.priority - b.priority || a.availableAt - b.availableAt)
  return due.slice(0, limit).flatMap(({ rowid }) => {
    connection.run(startTask, rowid, serving.incarnation, now)
    return connection.get(findTaskByRow, rowid) ?? []
  })
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

export function earliestTaskAt(database: Database, serving: Serving): Millis | null {
  let earliest: Millis | null = null
  for (const taskQueue of serving.taskQueues) {
    for (const { activityType, priority } of groupsOf(database, serving, taskQueue)) {
      const at = database.connection.get(earliestWaitingTask, serving.namespace, taskQueue, activityType, priority)
      if (at !== undefined && (earliest === null || at < earliest)) earliest = at
    }
  }
  return earliest
}

export function endTask({ connection, runs }: Database, end: TaskEnd): boolean {
  const id = runs.idOf(end.runId)
  if (id === undefined) return false
  const { command, attempt, outcome } = end
  if (outcome.type === 'retry') {
    const { availableAt, deadlineAt, lastFailure, heartbeatDetails } = outcome
    return connection.run(retryTask, id, command, attempt, availableAt, deadlineAt, lastFailure, heartbeatDetails) === 1
  }
  if (connection.run(deleteAttempt, id, command, attempt) === 0) return false
  if (connection.get(findRun, end.runId)?.status === 'RUNNING') connection.run(insertMessage, id, outcome.eventType, outcome.data)
  return true
}

export function heartbeatTask({ connection, runs }: Database, beat: TaskBeat): BeatOutcome {
  const id = runs.idOf(beat.runId)
  if (id === undefined) return 'gone'
  if (connection.run(beatTask, id, beat.command, beat.attempt, beat.details, beat.deadlineAt) === 0) return 'gone'
  return connection.get(findTaskCancel, id, beat.command) === true ? 'cancel_requested' : 'ok'
}
