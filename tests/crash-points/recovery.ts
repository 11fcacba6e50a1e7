/** Another process comes, and finishes everything that is open. Answers what it warned of. */
import { setTimeout as pause } from 'node:timers/promises'
import type { ExecutionRecord, Store } from '@perdure/engine'
import type { Engine } from 'perdure'
import { createActivities } from './activities.ts'
import type { Journal } from './journal.ts'
import { actsOf, hasCode, openWorker } from './stage.ts'

const identity = 'recovery'
const hungAfterMs = 30_000

export async function recover(database: string, store: Store, journal: Journal): Promise<readonly string[]> {
  const warnings: string[] = []
  const engine = await openWorker(database, createActivities(journal), {
    identity, taskQueues: ['default', 'limited', 'elsewhere'], warn: line => void warnings.push(line),
  })
  try {
    const nudged = new Set<string>()
    for (const until = performance.now() + hungAfterMs; ;) {
      const open = await store.listExecutions({ namespace: 'default', statuses: ['RUNNING'], limit: 1_000, after: null })
      const others = (await store.listWorkers('default')).filter(worker => worker.alive && worker.identity !== identity)
      if (open.length === 0 && others.length === 0) return warnings
      if (performance.now() > until) throw new Error(await story(engine, open, others.length))
      for (const execution of open) {
        if (!nudged.has(execution.runId) && await nudge(engine, journal, execution)) nudged.add(execution.runId)
      }
      await pause(25)
    }
  } finally {
    await engine.stop()
  }
}

/** What the process that died would have done next. False: not yet. */
async function nudge(engine: Engine, journal: Journal, { workflowId, workflowType, parent }: ExecutionRecord): Promise<boolean> {
  const { finish, cancel } = actsOf(engine, journal)
  // The others end by their parents.
  if (parent !== null && parent.closePolicy !== 'ABANDON') return true
  try {
    if (workflowType === 'gather') await finish(workflowId)
    if (workflowType === 'sleeper' || workflowType === 'working') await cancel(workflowId)
    if (workflowType === 'outside') await engine.activities.complete({ workflowId, activityId: 'outside' }, 7)
    return true
  } catch (error) {
    if (hasCode(error, 'WORKFLOW_NOT_FOUND')) return true // closed meanwhile
    if (hasCode(error, 'ACTIVITY_NOT_FOUND')) return false // it is about to begin, or has ended
    throw error
  }
}

async function story(engine: Engine, open: readonly ExecutionRecord[], others: number): Promise<string> {
  const described = await Promise.all(open.map(({ workflowId }) => engine.workflows.describe(workflowId)))
  return `not over after ${hungAfterMs / 1_000} s: ${others} other workers count as alive; open: ${JSON.stringify(described, undefined, 2)}`
}
