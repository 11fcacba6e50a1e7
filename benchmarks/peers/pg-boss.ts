/**
 * pg-boss, a queue that keeps finished jobs. A workflow of n steps is a chain of n jobs, each of which sends the next; a fan is n
 * jobs inserted at once; a sleep is a delayed job. Ten workers of batches of a hundred, polling at its shortest interval, told by
 * LISTEN/NOTIFY, except where delayed jobs or an idle worker are looked at: its defaults serve those better.
 */
import { type Job, PgBoss } from 'pg-boss'
import type { EngineAdapter, Workflow } from '../engine-adapter.ts'
import type { ScenarioName } from '../scenario.ts'
import { performStep } from '../step.ts'
import { type BodyEnds, createBodyEnds } from './body-ends.ts'
import { openCounting } from './counting.ts'

const queues = ['chain', 'item', 'sleep'] as const
const workersPerQueue = 10
const batchSize = 100
const bulk = 1_000
/** Of a chain only its last job has no next one. */
const completed = `
  select count(*) filter (where (data->>'last')::bool)::int as workflows, count(*) filter (where name <> 'sleep')::int as steps
  from pgboss.job where state = 'completed' and name in (${queues.map((queue) => `'${queue}'`).join()})`

interface Data {
  readonly id: string
  readonly step: number
  readonly steps: number
  readonly last: boolean
}

export const adapter: EngineAdapter = {
  openEngine: async ({ database }, scenario) => {
    const ends = createBodyEnds()
    const boss = await open(database, scenario, true)
    await work(boss, scenario, ends)
    const rows = await openCounting(database, completed)
    return {
      resolvesBeforeDurable: true,
      execute: async (workflow) => {
        const ended = ends.wait(workflow.id, workflow.type === 'fan' ? workflow.steps : 1)
        await send(boss, workflow)
        await ended
      },
      countCompleted: () => rows.count(),
      close: async () => {
        await rows.close()
        await boss.stop({ graceful: false })
      },
    }
  },
  openClient: async ({ database }, scenario) => {
    const boss = await open(database, scenario, false)
    const rows = await openCounting(database, completed)
    return {
      start: (workflow) => send(boss, workflow),
      startMany: async (workflows) => {
        for (let first = 0; first < workflows.length; first += bulk) {
          await boss.insert('chain', workflows.slice(first, first + bulk).map(({ id }) => ({ data: dataOf(id, 0, 1) })))
        }
      },
      countCompleted: () => rows.count(),
      close: async () => {
        await rows.close()
        await boss.stop({ graceful: false })
      },
    }
  },
  openWorker: async ({ database }, scenario) => {
    const boss = await open(database, scenario, true)
    await work(boss, scenario, createBodyEnds())
    return { close: () => boss.stop({ graceful: false }) }
  },
}

function notifies(scenario: ScenarioName): boolean {
  return scenario !== 'S6' && scenario !== 'idle' && scenario !== 'S2'
}

async function open(connectionString: string, scenario: ScenarioName, supervise: boolean): Promise<PgBoss> {
  const notify = notifies(scenario)
  const boss = new PgBoss({ connectionString, supervise, schedule: false, ...(notify ? { useListenNotify: true } : {}) })
  boss.on('error', (error: Error) => console.error(`pg-boss: ${error.message}`))
  await boss.start()
  for (const queue of queues) await boss.createQueue(queue, notify ? { notify } : {})
  return boss
}

async function work(boss: PgBoss, scenario: ScenarioName, ends: BodyEnds): Promise<void> {
  const options = { batchSize, pollingIntervalSeconds: 0.5, ...(notifies(scenario) ? { burstWhenBatchFull: true } : {}) }
  for (const queue of queues) {
    for (let worker = 0; worker < workersPerQueue; worker++) {
      await boss.work<Data>(queue, options, async (jobs) => Promise.all(jobs.map((job) => runJob(boss, queue, job, ends))))
    }
  }
}

async function runJob(boss: PgBoss, queue: (typeof queues)[number], { data }: Job<Data>, ends: BodyEnds): Promise<object> {
  const { id, step, steps } = data
  if (queue === 'sleep') {
    ends.ended(id)
    return { ok: true }
  }
  const result = performStep(id, step)
  if (queue === 'chain' && step + 1 < steps) await boss.send('chain', dataOf(id, step + 1, steps))
  else ends.ended(id)
  return result
}

async function send(boss: PgBoss, workflow: Workflow): Promise<void> {
  const { id } = workflow
  switch (workflow.type) {
    case 'chain':
      return void await boss.send('chain', dataOf(id, 0, workflow.steps))
    case 'fan': {
      const { steps } = workflow
      return void await boss.insert('item', Array.from({ length: steps }, (_, step) => ({ data: dataOf(id, step, steps) })))
    }
    case 'sleep':
      return void await boss.send('sleep', dataOf(id, 0, 1), { startAfter: Math.ceil(workflow.ms / 1_000) })
  }
}

function dataOf(id: string, step: number, steps: number): Data {
  return { id, step, steps, last: step + 1 === steps }
}
