/**
 * DBOS Transact. Worker and client in one process: started directly, without a queue, which is DBOS at its fastest. Workers of
 * other processes take from a queue, 100 at a time, and look every 20 ms where work waits (its default is a second; idle has that).
 */
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk'
import { Client } from 'pg'
import type { Counts, EngineAdapter, Target, Workflow } from '../engine-adapter.ts'
import type { ScenarioName } from '../scenario.ts'
import { performStep, type StepResult } from '../step.ts'

const chain = DBOS.registerWorkflow(runChain, { name: 'chain' })
const fan = DBOS.registerWorkflow(runFan, { name: 'fan' })
const sleep = DBOS.registerWorkflow(runSleep, { name: 'sleep' })

const queueName = 'benchmark'
const applicationVersion = '1'

function runStep(id: string, step: number): Promise<StepResult> {
  return DBOS.runStep(() => Promise.resolve(performStep(id, step)), { name: `step${step}` })
}

async function runChain(id: string, steps: number): Promise<StepResult | undefined> {
  let last: StepResult | undefined
  for (let step = 0; step < steps; step++) last = await runStep(id, step)
  return last
}

async function runFan(id: string, steps: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: steps }, (_, step) => runStep(id, step)))
  return results.length
}

async function runSleep(ms: number): Promise<boolean> {
  await DBOS.sleep(ms)
  return true
}

export const dbos: EngineAdapter = {
  openEngine: async (target) => {
    await launch(target)
    const rows = await openRows(target)
    return {
      execute: async (workflow) => requireResult(workflow, await (await start(workflow)).getResult()),
      countCompleted: rows.count,
      close: async () => {
        await rows.close()
        await DBOS.shutdown()
      },
    }
  },
  openClient: async (target) => {
    await launch(target) // makes the schema
    await DBOS.shutdown()
    const client = await DBOSClient.create({ systemDatabaseUrl: target.database, applicationName: 'benchmark' })
    const rows = await openRows(target)
    return {
      start: async (workflow) => {
        if (workflow.type !== 'chain') throw new Error(`there is no ${workflow.type} from another process in this benchmark`)
        const options = { queueName, workflowName: 'chain', workflowID: workflow.id, appVersion: applicationVersion }
        await client.enqueue<typeof runChain>(options, workflow.id, workflow.steps)
      },
      countCompleted: rows.count,
      close: async () => {
        await rows.close()
        await client.destroy()
      },
    }
  },
  openWorker: async (target, scenario) => {
    await launch(target)
    await listen(scenario)
    return { close: () => DBOS.shutdown() }
  },
}

async function launch({ database }: Target): Promise<void> {
  const executorID = `pid-${process.pid}`
  DBOS.setConfig({ name: 'benchmark', systemDatabaseUrl: database, logLevel: 'error', executorID, applicationVersion })
  await DBOS.launch()
}

async function listen(scenario: ScenarioName): Promise<void> {
  const pace = scenario === 'idle' ? {} : { minPollingIntervalMs: 20 }
  await DBOS.registerQueue(queueName, { workerConcurrency: 100, ...pace })
}

function start(workflow: Workflow) {
  const settings = { workflowID: workflow.id }
  switch (workflow.type) {
    case 'chain':
      return DBOS.startWorkflow(chain, settings)(workflow.id, workflow.steps)
    case 'fan':
      return DBOS.startWorkflow(fan, settings)(workflow.id, workflow.steps)
    case 'sleep':
      return DBOS.startWorkflow(sleep, settings)(workflow.ms)
  }
}

function requireResult(workflow: Workflow, result: StepResult | number | boolean | undefined): void {
  const isRight = workflow.type === 'chain' ? typeof result === 'object' && result.step === workflow.steps - 1
    : workflow.type === 'fan' ? result === workflow.steps : result === true
  if (!isRight) throw new Error(`${workflow.id} returned ${JSON.stringify(result)}`)
}

/** Steps: a sleep is stored as one too, and is left out. */
async function openRows({ database }: Target): Promise<{ count: () => Promise<Counts>; close: () => Promise<void> }> {
  const reader = new Client({ connectionString: database })
  await reader.connect()
  return {
    count: async () => {
      const counted = await reader.query<{ workflows: number; steps: number }>(`
        select (select count(*)::int from dbos.workflow_status where status = 'SUCCESS') as workflows,
               (select count(*)::int from dbos.operation_outputs where function_name like 'step%') as steps`)
      return counted.rows[0] ?? { workflows: 0, steps: 0 }
    },
    close: () => reader.end(),
  }
}
