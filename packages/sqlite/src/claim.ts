/** Which executions a worker takes: by queue and priority, each as far as it is needed, then merged. */
import { takeoversSuspect } from '@perdure/engine'
import type { ClaimedExecution, ClaimRequest, InboxMessage, RunId } from '@perdure/engine'
import type { Database } from './database.ts'
import { enoughDue } from './enough-due.ts'
import { dueHeld } from './held.ts'
import { readEvents } from './history.ts'
import { claimExecution } from './statements/claim-execution.ts'
import { dueExecutions, type Due } from './statements/due-executions.ts'
import { decodeExecution } from './statements/execution-row.ts'
import { findAlive } from './statements/find-alive.ts'
import { findExecution } from './statements/find-execution.ts'
import { messagesOf } from './statements/messages-of.ts'
import { nextPriority } from './statements/next-priority.ts'
import { tasksOf } from './statements/tasks-of.ts'

export function claim(database: Database, request: ClaimRequest): ClaimedExecution[] {
  if (database.connection.get(findAlive, request.incarnation) === undefined) return []
  const claimed: ClaimedExecution[] = []
  for (const { id } of choose(database, request)) {
    const one = claimOne(database, id, request)
    if (one !== undefined) claimed.push(one)
  }
  return claimed
}

function choose(database: Database, request: ClaimRequest): Due[] {
  const held = request.taskQueues.flatMap(taskQueue => dueHeld(database, request, taskQueue))
  const waiting = request.taskQueues.flatMap(taskQueue => prioritiesOf(database, request, taskQueue))
  const priorities = new Set([...held.map(due => due.priority), ...waiting])
  const chosen: Due[] = []
  let suspects = 0
  for (const priority of [...priorities].toSorted((a, b) => a - b)) {
    const due = held.filter(one => one.priority === priority)
    for (const taskQueue of request.taskQueues) due.push(...dueOf(database, request, taskQueue, priority))
    due.sort((a, b) => a.at - b.at)
    for (const one of due) {
      if (chosen.length >= request.limit) return chosen
      if (one.takeovers >= takeoversSuspect && ++suspects > request.suspectLimit) continue
      chosen.push(one)
    }
  }
  return chosen
}

export function prioritiesOf({ connection }: Database, { namespace }: { readonly namespace: string }, taskQueue: string): number[] {
  const priorities: number[] = []
  let last: number | undefined = Number.MIN_SAFE_INTEGER
  while ((last = connection.get(nextPriority, namespace, taskQueue, last)) !== undefined) priorities.push(last)
  return priorities
}

function dueOf({ connection }: Database, request: ClaimRequest, taskQueue: string, priority: number): Due[] {
  return enoughDue(connection.rows(dueExecutions, request.namespace, taskQueue, priority, request.now), request)
}

function claimOne({ connection }: Database, id: number, request: ClaimRequest): ClaimedExecution | undefined {
  const before = connection.get(findExecution, id)
  if (before === undefined) return undefined
  connection.run(claimExecution, id, request.incarnation, request.now)
  const record = decodeExecution(before)
  const execution = { ...record, owner: request.incarnation, wakeAt: null, firstTaskAt: record.firstTaskAt ?? request.now }
  return {
    execution,
    first: before.first_task_at === null,
    history: readEvents(connection, id, 0, Infinity),
    tasks: connection.all(tasksOf, id),
    inbox: messages(connection.all(messagesOf, id), execution.runId),
  }
}

function messages(rows: readonly { readonly id: number; readonly type: string; readonly data: string }[], runId: RunId): InboxMessage[] {
  return rows.map(({ id, type, data }) => ({ id, runId, type, data }))
}
