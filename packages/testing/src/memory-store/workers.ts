/** Incarnations: registration, the fused tick, death. */
import { takeoversMax, takeoverWindowMs, tickMs } from '@perdure/engine'
import type { Incarnation, Look, Millis, Serving, Suspect, WorkerRecord, WorkerRegistration } from '@perdure/engine'
import { nextTaskAt } from './activity-tasks.ts'
import { claimableAt } from './claims.ts'
import { type ExecutionRow, type MemoryData, queueKey, type WorkerRow } from './memory-data.ts'
import { mayAnswer } from './queries.ts'

export function registerWorker(data: MemoryData, registration: WorkerRegistration): { incarnation: Incarnation; now: Millis } {
  const now = data.now()
  const incarnation = data.nextNumber() as Incarnation
  const { taskQueues, workflowTypes, activityTypes } = registration
  const lists = { taskQueues: [...taskQueues], workflowTypes: [...workflowTypes], activityTypes: [...activityTypes] }
  data.set(data.workers, incarnation, {
    ...registration, ...lists, incarnation, startedAt: now, renewedAt: now, tickedAt: now, alive: true,
  })
  return { incarnation, now }
}

export function tick(data: MemoryData, serving: Serving): Look {
  const now = data.now()
  const me = data.workers.get(serving.incarnation)
  if (me === undefined || !me.alive) {
    return {
      now, alive: false, claimAt: null, taskAt: null, limitedQueues: [], deadlineAt: null, expiresAt: null, inbox: false,
      cancelRequests: false, queries: false, suspects: [],
    }
  }
  const { namespace, taskQueues, workflowTypes, activityTypes } = serving
  data.set(data.workers, me.incarnation, {
    ...me, workflowTypes: [...workflowTypes], activityTypes: [...activityTypes], renewedAt: now, tickedAt: now,
  })
  const openRows = [...data.open.keys()].flatMap(runId => data.executions.get(runId) ?? [])
  const allTasks = data.allTasks()
  const tasks = allTasks.filter(task => task.namespace === namespace)
  return {
    now,
    alive: true,
    claimAt: earliest(openRows.map(row => claimableAt(data, row, serving))),
    taskAt: nextTaskAt(data, serving),
    limitedQueues: taskQueues.filter(taskQueue => data.queues.has(queueKey(namespace, taskQueue))),
    deadlineAt: earliest(tasks.map(task => task.deadlineAt)),
    expiresAt: earliest(openRows.map(row => (row.namespace === namespace ? row.expiresAt : null))),
    inbox: openRows.some(row => row.owner === serving.incarnation && data.inboxOf(row.runId).length > 0),
    cancelRequests: allTasks.some(task => task.worker === serving.incarnation && task.cancelRequested && !task.lost),
    queries: [...data.queries.values()].some(query => mayAnswer(data, query, serving, now)),
    suspects: suspects(data, serving.incarnation, now),
  }
}

function earliest(times: readonly (Millis | null)[]): Millis | null {
  let first: Millis | null = null
  for (const time of times) if (time !== null && (first === null || time < first)) first = time
  return first
}

function suspects(data: MemoryData, except: Incarnation, now: Millis): Suspect[] {
  return [...data.workers.values()]
    .filter(worker => worker.alive && worker.incarnation !== except && worker.renewedAt < now - 1.2 * tickMs)
    .map(worker => ({ incarnation: worker.incarnation, renewedAt: worker.renewedAt }))
}

export function takeOver(data: MemoryData, suspect: Suspect, leaseMs: number): boolean {
  const victim = data.workers.get(suspect.incarnation)
  const now = data.now()
  if (victim === undefined || !victim.alive || victim.renewedAt !== suspect.renewedAt) return false
  const isFree = !data.locks.has(victim.incarnation)
  if (!isFree && victim.renewedAt + leaseMs >= now) return false
  bury(data, victim, row => {
    const lastAt = Math.max(row.claimedAt ?? 0, row.startedAt, data.eventsOf(row.runId).at(-1)?.at ?? 0)
    if (lastAt < victim.tickedAt - takeoverWindowMs) return { ...row, owner: null, wakeAt: now }
    const takeovers = row.takeovers + 1
    if (takeovers < takeoversMax) return { ...row, owner: null, wakeAt: now, takeovers }
    const reason = crashLoopReason(takeovers, victim.buildId)
    const held = { code: 'crash_loop', reason, buildId: victim.buildId, count: 1, spent: true } as const
    return { ...row, owner: null, wakeAt: null, takeovers, held }
  })
  return true
}

function crashLoopReason(takeovers: number, buildId: string): string {
  return `The worker died ${takeovers} times in a row while it ran this execution (last build ${buildId}). ` +
    'It is not tried again by the same build: deploy a fixed one, or terminate the execution.'
}

export function retireWorker(data: MemoryData, incarnation: Incarnation): void {
  const worker = data.workers.get(incarnation)
  if (worker === undefined || !worker.alive) return
  const now = data.now()
  bury(data, worker, row => ({ ...row, owner: null, wakeAt: now }))
}

function bury(data: MemoryData, worker: WorkerRow, freed: (row: ExecutionRow) => ExecutionRow): void {
  const now = data.now()
  data.set(data.workers, worker.incarnation, { ...worker, alive: false })
  for (const runId of data.open.keys()) {
    const row = data.executions.get(runId)
    if (row?.owner === worker.incarnation) data.putExecution(freed(row))
  }
  for (const [runId, tasks] of data.tasks) {
    if (!tasks.some(task => task.worker === worker.incarnation)) continue
    data.setTasks(runId, tasks.map(task => (task.worker === worker.incarnation ? { ...task, lost: true, deadlineAt: now } : task)))
  }
}

export function listWorkers(data: MemoryData, namespace: string): WorkerRecord[] {
  return [...data.workers.values()].filter(worker => worker.namespace === namespace).map(workerRecord)
}

export function workerRecord(worker: WorkerRow): WorkerRecord {
  const { namespace: _namespace, taskQueues, workflowTypes, activityTypes, ...rest } = worker
  return { ...rest, taskQueues: [...taskQueues], workflowTypes: [...workflowTypes], activityTypes: [...activityTypes] }
}
