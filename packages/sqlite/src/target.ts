import type { RunId } from '@perdure/engine'
import type { Database } from './database.ts'
import { findLastRun } from './statements/find-last-run.ts'
import { findOpenRun } from './statements/find-open-run.ts'
import { findRun } from './statements/find-run.ts'

interface Target {
  readonly namespace: string
  /** Null: any; then a run is named. */
  readonly workflowId: string | null
  readonly runId: RunId | null
}

/** The run named, or else the open one, or else the one started last. */
export function findTarget({ connection }: Database, target: Target) {
  const { namespace, workflowId, runId } = target
  if (runId === null) {
    if (workflowId === null) return undefined
    const open = connection.get(findOpenRun, namespace, workflowId)
    return open === undefined ? connection.get(findLastRun, namespace, workflowId) : { ...open, status: 'RUNNING' as const }
  }
  const run = connection.get(findRun, runId)
  if (run === undefined || run.namespace !== namespace || (workflowId !== null && run.workflowId !== workflowId)) return undefined
  return { id: run.id, runId, status: run.status }
}
