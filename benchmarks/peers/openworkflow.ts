/** openworkflow, on PostgreSQL and SQLite: a worker of 100 in the client's process or another; it polls. */
import { DatabaseSync } from 'node:sqlite'
import { OpenWorkflow } from 'openworkflow'
import { BackendPostgres } from 'openworkflow/postgres'
import { BackendSqlite } from 'openworkflow/sqlite'
import type { EngineAdapter, Target, Workflow } from '../engine-adapter.ts'
import { performStep } from '../step.ts'
import { type BodyEnds, createBodyEnds } from './body-ends.ts'
import { type Counting, openCounting } from './counting.ts'

const concurrency = 100
const resultTimeoutMs = 60_000
const done = "status in ('completed', 'succeeded')"

export const adapter: EngineAdapter = {
  openEngine: async (target) => {
    const ends = createBodyEnds()
    const opened = await open(target, ends)
    const worker = opened.client.newWorker({ concurrency })
    await worker.start()
    const rows = await openRows(target)
    return {
      resolvesBeforeDurable: true,
      execute: async (workflow) => {
        const ended = ends.wait(workflow.id)
        await opened.start(workflow)
        await ended
      },
      executeForResult: async (workflow) => {
        const handle = await opened.start(workflow)
        await handle.result({ timeoutMs: resultTimeoutMs })
      },
      countCompleted: () => rows.count(),
      close: async () => {
        await rows.close()
        await worker.stop()
        await opened.stop()
      },
    }
  },
  openClient: async (target) => {
    const opened = await open(target, createBodyEnds())
    const rows = await openRows(target)
    return {
      start: async (workflow) => void await opened.start(workflow),
      countCompleted: () => rows.count(),
      close: async () => {
        await rows.close()
        await opened.stop()
      },
    }
  },
  openWorker: async (target) => {
    const opened = await open(target, createBodyEnds())
    const worker = opened.client.newWorker({ concurrency })
    await worker.start()
    return {
      close: async () => {
        await worker.stop()
        await opened.stop()
      },
    }
  },
}

async function open({ store, database }: Target, ends: BodyEnds) {
  const backend = store === 'sqlite' ? BackendSqlite.connect(database) : await BackendPostgres.connect(database)
  const client = new OpenWorkflow({ backend })
  const workflows = defineWorkflows(client, ends)
  const start = (workflow: Workflow) => {
    switch (workflow.type) {
      case 'chain':
        return workflows.chain.run({ id: workflow.id, steps: workflow.steps })
      case 'fan':
        return workflows.fan.run({ id: workflow.id, steps: workflow.steps })
      case 'sleep':
        return workflows.sleep.run({ id: workflow.id, ms: workflow.ms })
    }
  }
  return { client, start, stop: () => backend.stop() }
}

function defineWorkflows(client: OpenWorkflow, ends: BodyEnds) {
  type Steps = { readonly id: string; readonly steps: number }
  type Sleep = { readonly id: string; readonly ms: number }
  return {
    chain: client.defineWorkflow<Steps, number>({ name: 'chain' }, async ({ input: { id, steps }, step }) => {
      for (let index = 0; index < steps; index++) await step.run({ name: `step${index}` }, () => performStep(id, index))
      ends.ended(id)
      return steps
    }),
    fan: client.defineWorkflow<Steps, number>({ name: 'fan' }, async ({ input: { id, steps }, step }) => {
      const all = Array.from({ length: steps }, (_, index) => step.run({ name: `step${index}` }, () => performStep(id, index)))
      const results = await Promise.all(all)
      ends.ended(id)
      return results.length
    }),
    sleep: client.defineWorkflow<Sleep, number>({ name: 'sleep' }, async ({ input: { id, ms }, step }) => {
      await step.sleep('pause', `${ms}ms`)
      ends.ended(id)
      return ms
    }),
  }
}

async function openRows({ store, database }: Target): Promise<Counting> {
  if (store === 'postgres') return openCounting(database, countingText('openworkflow.'))
  const file = new DatabaseSync(database, { readOnly: true, timeout: 5_000 })
  const counting = file.prepare(countingText(''))
  return {
    count: () => {
      const counted = counting.get()
      return Promise.resolve({ workflows: Number(counted?.['workflows']), steps: Number(counted?.['steps']) })
    },
    close: () => Promise.resolve(file.close()),
  }
}

function countingText(schema: string): string {
  return `select (select cast(count(*) as int) from ${schema}workflow_runs where ${done}) as workflows,
    (select cast(count(*) as int) from ${schema}step_attempts where kind = 'function' and ${done}) as steps`
}
