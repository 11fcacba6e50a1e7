/** Perdure through its public facade: worker and client in one process, defaults otherwise. */
import { Engine } from 'perdure'
import type { RunningEngine, Target } from '../engine-adapter.ts'
import * as activities from '../perdure/activities.ts'
import * as workflows from '../perdure/workflows.ts'
import { openRowCounter } from './perdure-rows.ts'

export async function openEngine(target: Target): Promise<RunningEngine> {
  const engine = await Engine.open({ database: target.database })
  engine.workflows.register(workflows)
  engine.activities.register(activities)
  await engine.start()
  const rows = await openRowCounter(target)
  return {
    execute: async (workflowId, steps) => {
      const handle = await engine.workflows.start(workflows.chain, { workflowId, args: [workflowId, steps] })
      const result = await handle.result()
      if (result?.step !== steps - 1) throw new Error(`${workflowId} returned ${JSON.stringify(result)}`)
    },
    countCompleted: () => rows.count(),
    close: async () => {
      await rows.close()
      await engine.stop()
    },
  }
}
