/** Incarnations: registration, the fused tick, death. */
import { asIncarnation, takeoversMax, takeoverWindowMs, tickMs } from '@perdure/engine'
import type { Held, Incarnation, Look, Millis, Serving, Suspect, WorkerRecord, WorkerRegistration } from '@perdure/engine'
import { lookAtTasks } from './activity-tasks.ts'
import { prioritiesOf } from './claim.ts'
import { heldColumns } from './commit.ts'
import type { Database } from './database.ts'
import { earliestHeldAt } from './held.ts'
import { lastEvent } from './history.ts'
import { deadWorkerKeptMs } from './limits.ts'
import { hasQueries } from './queries.ts'
import { buryWorker } from './statements/bury-worker.ts'
import { deleteDeadWorkers } from './statements/delete-dead-workers.ts'
import { earliestClaimable } from './statements/earliest-claimable.ts'
import { earliestDeadline } from './statements/earliest-deadline.ts'
import { earliestExpiry } from './statements/earliest-expiry.ts'
import { findCancelRequest } from './statements/find-cancel-request.ts'
import { findUnreadOfOwner } from './statements/find-unread-of-owner.ts'
import { findWorker } from './statements/find-worker.ts'
import { freeExecution } from './statements/free-execution.ts'
import { freeOwned } from './statements/free-owned.ts'
import { insertWorker } from './statements/insert-worker.ts'
import { listOwned } from './statements/list-owned.ts'
import { listSuspects } from './statements/list-suspects.ts'
import { listWorkers as listWorkersOf } from './statements/list-workers.ts'
import { loseTasks } from './statements/lose-tasks.ts'
import { noteCapabilities } from './statements/note-capabilities.ts'
import { renewWorker } from './statements/renew-worker.ts'

export function registerWorker({ connection, now: clock }: Database, registration: WorkerRegistration) {
  const now = clock()
  const { namespace, identity, buildId, taskQueues, workflowTypes, activityTypes, leaseMs } = registration
  const lists = [JSON.stringify(taskQueues), JSON.stringify(workflowTypes), JSON.stringify(activityTypes)] as const
  connection.run(deleteDeadWorkers, now - deadWorkerKeptMs)
  const { row } = connection.change(insertWorker, namespace, identity, buildId, ...lists, leaseMs, now)
  return { incarnation: asIncarnation(row), now }
}

export function tick(database: Database, serving: Serving): Look {
  const { connection } = database
  const now = database.now()
  const { incarnation, namespace } = serving
  if (connection.run(renewWorker, now, incarnation) === 0) {
    return {
      now, alive: false, claimAt: null, taskAt: null, limitedQueues: [], deadlineAt: null, expiresAt: null, inbox: false,
      cancelRequests: false, queries: false, suspects: [],
    }
  }
  connection.run(noteCapabilities, incarnation, JSON.stringify(serving.workflowTypes), JSON.stringify(serving.activityTypes))
  return {
    now,
    alive: true,
    claimAt: earliestClaimAt(database, serving),
    ...lookAtTasks(database, serving, now),
    deadlineAt: connection.get(earliestDeadline, namespace) ?? null,
    expiresAt: connection.get(earliestExpiry, namespace) ?? null,
    inbox: connection.get(findUnreadOfOwner, incarnation) === true,
    cancelRequests: connection.get(findCancelRequest, incarnation) === true,
    queries: hasQueries(database, serving, now),
    suspects: connection.all(listSuspects, Math.ceil(now - 1.2 * tickMs), incarnation),
  }
}

function earliestClaimAt(database: Database, serving: Serving): Millis | null {
  const { namespace } = serving
  let earliest: Millis | null = null
  for (const taskQueue of serving.taskQueues) {
    const times = prioritiesOf(database, serving, taskQueue)
      .map(priority => database.connection.get(earliestClaimable, namespace, taskQueue, priority) ?? null)
    times.push(earliestHeldAt(database, serving, taskQueue))
    for (const time of times) if (time !== null && (earliest === null || time < earliest)) earliest = time
  }
  return earliest
}

/** The caller has tried the process lock. */
export function takeOver(database: Database, suspect: Suspect, leaseMs: number, isLockFree: boolean): boolean {
  const { connection } = database
  const now = database.now()
  const victim = connection.get(findWorker, suspect.incarnation)
  if (victim === undefined || victim.renewedAt !== suspect.renewedAt) return false
  if (!isLockFree && victim.renewedAt + leaseMs >= now) return false
  connection.run(buryWorker, suspect.incarnation)
  connection.run(loseTasks, suspect.incarnation, now)
  const since = victim.tickedAt - takeoverWindowMs
  for (const { id, takeovers, gotAt } of connection.all(listOwned, suspect.incarnation)) {
    const wasRun = gotAt >= since || (lastEvent(connection, id)?.at ?? 0) >= since
    const counted = takeovers + Number(wasRun)
    const held = wasRun && counted >= takeoversMax ? crashLoop(counted, victim.buildId) : null
    connection.run(freeExecution, id, held === null ? now : null, counted, ...heldColumns(held))
  }
  return true
}

function crashLoop(takeovers: number, buildId: string): Held {
  const reason = `The worker died ${takeovers} times in a row while it ran this execution (last build ${buildId}). ` +
    'It is not tried again by the same build: deploy a fixed one, or terminate the execution.'
  return { code: 'crash_loop', reason, buildId, count: 1, spent: true }
}

export function retireWorker({ connection, now: clock }: Database, incarnation: Incarnation): void {
  if (connection.get(findWorker, incarnation) === undefined) return
  const now = clock()
  connection.run(buryWorker, incarnation)
  connection.run(loseTasks, incarnation, now)
  connection.run(freeOwned, incarnation, now)
}

export function listWorkers({ connection }: Database, namespace: string): WorkerRecord[] {
  return connection.all(listWorkersOf, namespace)
}
