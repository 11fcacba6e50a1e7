/**
 * DBOS Transact, started directly: the workflow runs in the process that starts it, without a queue, which is DBOS at its
 * fastest. Defaults otherwise.
 */
import { DBOS } from '@dbos-inc/dbos-sdk'
import { Client } from 'pg'
import type { RunningEngine, Target } from '../engine-adapter.ts'
import { stepResult, type StepResult } from '../step.ts'

const chain = DBOS.registerWorkflow(runChain, { name: 'chain' })

async function runChain(id: string, steps: number): Promise<StepResult | undefined> {
  let last: StepResult | undefined
  for (let step = 0; step < steps; step++) {
    last = await DBOS.runStep(() => Promise.resolve(stepResult(id, step)), { name: `step${step}` })
  }
  return last
}

export async function openEngine({ database }: Target): Promise<RunningEngine> {
  DBOS.setConfig({ name: 'benchmark', systemDatabaseUrl: database, logLevel: 'error' })
  await DBOS.launch()
  const reader = new Client({ connectionString: database })
  await reader.connect()
  return {
    execute: async (workflowId, steps) => {
      const handle = await DBOS.startWorkflow(chain, { workflowID: workflowId })(workflowId, steps)
      const result = await handle.getResult()
      if (result?.step !== steps - 1) throw new Error(`${workflowId} returned ${JSON.stringify(result)}`)
    },
    countCompleted: async () => {
      const counted = await reader.query<{ workflows: number; steps: number }>(`
        select (select count(*)::int from dbos.workflow_status where status = 'SUCCESS') as workflows,
               (select count(*)::int from dbos.operation_outputs) as steps`)
      return counted.rows[0] ?? { workflows: 0, steps: 0 }
    },
    close: async () => {
      await reader.end()
      await DBOS.shutdown()
    },
  }
}
