import type {
  ActivityTask, BeatOutcome, ClaimedTasks, Incarnation, Millis, Serving, TaskBeat, TaskEnd,
} from '@perdure/engine'
import { outsideWorker } from '@perdure/engine'
import { postToRun } from './inbox.ts'
import type { MemoryData } from './memory-data.ts'
import { countTaken, roomOf } from './queue-limits.ts'

export function claimTasks(data: MemoryData, serving: Serving, now: Millis, limit: number): ClaimedTasks {
  if (!data.isAlive(serving.incarnation)) return { tasks: [], retryAt: null }
  const rooms = roomsOf(data, serving)
  const taken: ActivityTask[] = []
  const full = new Set<string>()
  for (const task of waitingTasks(data, serving).filter(task => task.availableAt <= now)) {
    if (taken.length >= limit) break
    const room = rooms.get(task.taskQueue) ?? Infinity
    if (room > 0) taken.push(task)
    else full.add(task.taskQueue)
    rooms.set(task.taskQueue, Math.max(0, room - 1))
  }
  const tasks = taken.map(task => start(data, serving, task, now))
  for (const taskQueue of rooms.keys()) {
    countTaken(data, serving.namespace, taskQueue, tasks.filter(task => task.taskQueue === taskQueue).length)
  }
  const waits = [...full].flatMap(taskQueue => roomOf(data, serving.namespace, taskQueue)?.waitMs ?? [])
  return { tasks, retryAt: tasks.length >= limit || waits.length === 0 ? null : now + Math.min(...waits) }
}

/** Those that the worker may take, in the order in which they are taken. */
function waitingTasks(data: MemoryData, serving: Serving): ActivityTask[] {
  return data.allTasks()
    .filter(task =>
      task.worker === null && task.namespace === serving.namespace && serving.taskQueues.includes(task.taskQueue) &&
      serving.activityTypes.includes(task.activityType))
    .sort((a, b) => a.priority - b.priority || a.availableAt - b.availableAt)
}

function start(data: MemoryData, serving: Serving, task: ActivityTask, now: Millis): ActivityTask {
  const deadlineAt = earlier(task.runMs === null ? null : now + task.runMs, task.closeBy)
  const running: ActivityTask = { ...task, worker: serving.incarnation, startedAt: now, deadlineAt }
  replaceTask(data, task, running)
  return { ...running }
}

/** The rooms of queues with limits. */
function roomsOf(data: MemoryData, { namespace, taskQueues }: Serving): Map<string, number> {
  const rooms = new Map<string, number>()
  for (const taskQueue of taskQueues) {
    const room = roomOf(data, namespace, taskQueue)?.room
    if (room !== undefined) rooms.set(taskQueue, room)
  }
  return rooms
}

/** When the worker should claim: at the earliest time at which a task may be taken and the limits of its queue let it. */
export function nextTaskAt(data: MemoryData, serving: Serving): Millis | null {
  const now = data.now()
  const times = waitingTasks(data, serving).flatMap(task => {
    const { waitMs } = roomOf(data, task.namespace, task.taskQueue) ?? { waitMs: 0 }
    if (waitMs === null) return []
    return waitMs === 0 ? task.availableAt : Math.max(task.availableAt, now + waitMs)
  })
  return times.length === 0 ? null : Math.min(...times)
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
  if (outcome.type === 'leave') {
    if (task.worker === null || task.lost) return false
    const heartbeatDetails = outcome.heartbeatDetails ?? task.heartbeatDetails
    replaceTask(data, task, { ...task, worker: outsideWorker, deadlineAt: outcome.deadlineAt, heartbeatDetails })
    return true
  }
  if (outcome.onlyWaiting === true && task.worker !== null) return false
  data.setTasks(task.runId, data.tasksOf(task.runId).filter(other => other.command !== task.command))
  if (data.open.has(task.runId)) postToRun(data, task.runId, { type: outcome.eventType, data: outcome.data })
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
