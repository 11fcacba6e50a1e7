/** S5: a backlog is started while no worker runs, half of it in bulk where the engine can, and then drained by a worker process. */
import { setTimeout as delay } from 'node:timers/promises'
import { drainRate, nextLookMs, type Sample } from './drain-rate.ts'
import type { EngineAdapter, EngineName, StartingClient, Target, Workflow } from './engine-adapter.ts'
import { runLoad } from './load.ts'
import type { Measured } from './measured.ts'
import { backlogSecondsMax, drainSecondsMax, type Scenario } from './scenario.ts'
import { startWorkerProcess, type Work } from './worker-process.ts'

interface Given {
  readonly engine: EngineName
  readonly adapter: EngineAdapter
  readonly target: Target
  readonly scenario: Scenario
}

const settleMs = 1_000

export async function measureBacklog({ engine, adapter, target, scenario }: Given): Promise<Measured> {
  const client = await adapter.openClient(target, scenario.name)
  const oneByOne = client.startMany === undefined ? scenario.workflows : Math.ceil(scenario.workflows / 2)
  const single = await startOneByOne(client, { ...scenario, workflows: oneByOne })
  const bulk = client.startMany === undefined ? undefined : await startInBulk(client, 'bulk', scenario.workflows - oneByOne)
  const started = single.workflows + (bulk?.workflows ?? 0)
  await delay(settleMs)
  const before = await client.countCompleted()
  if (before.workflows !== 0) throw new Error(`${before.workflows} workflows are completed before a worker runs`)
  const samples = await drain(client, { engine, target, scenario: scenario.name }, started)
  const completed = samples.at(-1)?.completed ?? 0
  if (completed > started) throw new Error(`${completed} workflows are completed, where ${started} were started`)
  await client.close()
  const rates = { start: single.workflows / single.seconds, ...(bulk === undefined ? {} : { startMany: bulk.workflows / bulk.seconds }) }
  const rate = drainRate(samples)
  return { readings: [{ ...rates, ...(rate === undefined ? {} : { drain: rate }), backlog: started }], workflows: completed }
}

interface Started {
  readonly workflows: number
  readonly seconds: number
}

function startOneByOne(client: StartingClient, { workflows, inFlight, steps }: Scenario): Promise<Started> {
  let made = 0
  const next = (): Workflow => ({ type: 'chain', id: `one-${made++}`, steps })
  return runLoad({ workflows, inFlight, secondsMax: backlogSecondsMax, next, execute: (workflow) => client.start(workflow) })
}

/** One-step workflows, by one call. */
export async function startInBulk(client: StartingClient, name: string, workflows: number): Promise<Started> {
  const all = Array.from({ length: workflows }, (_, index): Workflow => ({ type: 'chain', id: `${name}-${index}`, steps: 1 }))
  const from = performance.now()
  await client.startMany?.(all)
  return { workflows, seconds: (performance.now() - from) / 1_000 }
}

/** By so many worker processes, until all are completed or the time is over, which begins when all workers are ready. */
export async function drain(client: StartingClient, work: Work, all: number, workerCount = 1): Promise<Sample[]> {
  const workers = await Promise.all(Array.from({ length: workerCount }, () => startWorkerProcess(work)))
  const from = performance.now()
  const samples: Sample[] = []
  try {
    for (;;) {
      const asked = performance.now()
      const { workflows: completed } = await client.countCompleted()
      const seconds = (performance.now() - from) / 1_000
      samples.push({ seconds, completed })
      if (completed >= all || seconds >= drainSecondsMax) return samples
      await delay(nextLookMs(samples, all, performance.now() - asked))
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.kill9()))
  }
}
