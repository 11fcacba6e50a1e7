/** Which executions a worker may take, and taking them. */
import { takeoversSuspect } from '@perdure/engine'
import type { ClaimedExecution, ClaimRequest, Millis, Serving } from '@perdure/engine'
import { executionRecord, type ExecutionRow, type MemoryData } from './memory-data.ts'

/** From when on this worker may claim it; null: not by itself. The one rule behind `claim` and `tick.claimAt`. */
export function claimableAt(data: MemoryData, row: ExecutionRow, serving: Serving): Millis | null {
  if (row.status !== 'RUNNING' || row.owner !== null) return null
  if (row.namespace !== serving.namespace || !serving.taskQueues.includes(row.taskQueue)) return null
  if (row.held === null) return isWoken(data, row) ? 0 : row.wakeAt
  if (row.held.code === 'unknown_workflow_type') return serving.workflowTypes.includes(row.workflowType) ? 0 : null
  if (row.held.buildId !== serving.buildId) return 0
  return row.held.code === 'crash_loop' ? null : row.wakeAt
}

/** A message waits that it must not sleep over. */
export function isWoken(data: MemoryData, row: ExecutionRow): boolean {
  return data.inboxOf(row.runId).some(message => endsStartDelay(row, message))
}

const endingTypes = ['WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart']

/** Once code has run, every message wakes. */
function endsStartDelay(row: ExecutionRow, message: { readonly type: string }): boolean {
  return row.firstTaskAt !== null || endingTypes.includes(message.type)
}

export function claim(data: MemoryData, request: ClaimRequest): ClaimedExecution[] {
  if (!data.isAlive(request.incarnation)) return []
  const due: { row: ExecutionRow; at: Millis }[] = []
  for (const runId of data.open.keys()) {
    const row = data.executions.get(runId)
    const at = row === undefined ? null : claimableAt(data, row, request)
    if (row !== undefined && at !== null && at <= request.now) due.push({ row, at })
  }
  due.sort((a, b) => a.row.priority - b.row.priority || a.at - b.at)
  let suspects = 0
  const claimed: ClaimedExecution[] = []
  for (const { row } of due) {
    if (claimed.length >= request.limit) break
    if (row.takeovers >= takeoversSuspect && ++suspects > request.suspectLimit) continue
    claimed.push(claimOne(data, row, request))
  }
  return claimed
}

function claimOne(data: MemoryData, row: ExecutionRow, request: ClaimRequest): ClaimedExecution {
  const { incarnation, now } = request
  const owned: ExecutionRow = {
    ...row, owner: incarnation, wakeAt: null, held: null, firstTaskAt: row.firstTaskAt ?? now, claimedAt: now,
  }
  data.putExecution(owned)
  return {
    execution: executionRecord({ ...owned, held: row.held }),
    first: row.firstTaskAt === null,
    history: data.eventsOf(row.runId).map(event => ({ ...event })),
    tasks: data.tasksOf(row.runId).map(task => ({ ...task })).sort((a, b) => a.command - b.command),
    inbox: data.inboxOf(row.runId).map(message => ({ ...message })),
  }
}
