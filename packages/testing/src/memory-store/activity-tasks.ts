import type { ActivityTask, BeatOutcome, Incarnation, Millis, Serving, TaskBeat, TaskEnd } from '@perdure/engine'
import { postToRun } from './executions.ts'
import type { MemoryData } from './memory-data.ts'

export function claimTasks(data: MemoryData, serving: Serving, now: Millis, limit: number): ActivityTask[] {
  if (!data.isAlive(serving.incarnation)) return []
  const due = data.allTasks().filter(task =>
    task.worker === null && task.availableAt <= now && task.namespace === serving.namespace &&
    serving.taskQueues.includes(task.taskQueue) && serving.activityTypes.includes(task.activityType))
  due.sort((a, b) => a.priority - b.priority || a.availableAt - b.availableAt)
  return due.slice(0, limit).map(task => {
    const deadlineAt = earlier(task.runMs === null ? null : now + task.runMs, task.closeBy)
    const running: ActivityTask = { ...task, worker: serving.incarnation, startedAt: now, deadlineAt }
    replaceTask(data, task, running)
    return { ...running }
  })
}

function earlier(a: Millis | null, b: Millis | null): Millis | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

function replaceTask(data: MemoryData, old: ActivityTask, next: ActivityTask): void {
  data.setTasks(old.runId, data.tasksOf(old.runId).map(task => (task.command === old.command ? next : task)))
}

function findAttempt(data: MemoryData, of: { readonly runId: ActivityTask['runId']; readonly command: number; readonly attempt: number }) {
  return data.tasksOf(of.runId).find(task => task.command === of.command && task.attempt === of.attempt)
}

export function expiredTasks(data: MemoryData, namespace: string, now: Millis, limit: number): ActivityTask[] {
  const deadline = (task: ActivityTask) => task.deadlineAt ?? Infinity
  return data.allTasks()
    .filter(task => task.namespace === namespace && deadline(task) <= now)
    .sort((a, b) => deadline(a) - deadline(b))
    .slice(0, limit)
    .map(task => ({ ...task }))
}

export function endTask(data: MemoryData, end: TaskEnd): boolean {
  const task = findAttempt(data, end)
  if (task === undefined) return false
  const { outcome } = end
  if (outcome.type === 'retry') {
    const { availableAt, deadlineAt, lastFailure } = outcome
    const heartbeatDetails = outcome.heartbeatDetails ?? task.heartbeatDetails
    replaceTask(data, task, {
      ...task, attempt: task.attempt + 1, worker: null, startedAt: null, lost: false, availableAt, deadlineAt, lastFailure,
      heartbeatDetails,
    })
    return true
  }
  data.setTasks(task.runId, data.tasksOf(task.runId).filter(other => other.command !== task.command))
  if (data.open.has(task.runId)) postToRun(data, task.runId, outcome.eventType, outcome.data)
  return true
}

export function heartbeatTask(data: MemoryData, beat: TaskBeat): BeatOutcome {
  const task = findAttempt(data, beat)
  if (task === undefined || task.worker === null || task.lost) return 'gone'
  replaceTask(data, task, { ...task, deadlineAt: beat.deadlineAt, heartbeatDetails: beat.details ?? task.heartbeatDetails })
  return task.cancelRequested ? 'cancel_requested' : 'ok'
}

export function cancelledTasks(data: MemoryData, incarnation: Incarnation) {
  return data.allTasks()
    .filter(task => task.worker === incarnation && task.cancelRequested && !task.lost)
    .map(({ runId, command, attempt }) => ({ runId, command, attempt }))
}
