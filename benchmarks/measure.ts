/** Runs one scenario on an engine: warm-up, then runs, each verified against the database. */
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Counts, RunningEngine } from './engine-adapter.ts'
import { runSecondsMin, runsPerScenario, type Scenario, warmUpWorkflows } from './scenario.ts'
import { percentile } from './statistics.ts'

/** Between runs: what the last one left to the database's background is not measured in the next. */
const settleMs = 300

export interface Measured {
  /** One value for each run, in the scenario's unit. */
  readonly runs: readonly number[]
  /** Timed workflows of all runs. */
  readonly workflows: number
  /** S3 alone. */
  readonly p99Ms?: number
}

export async function measure(engine: RunningEngine, scenario: Scenario): Promise<Measured> {
  let started = 0
  const nextId = () => `w${process.pid}-${started++}`
  await execute(engine, { ...scenario, workflows: warmUpWorkflows }, nextId)
  const runs: number[] = []
  const latencies: number[] = []
  for (let run = 0; run < runsPerScenario; run++) {
    await delay(settleMs)
    const before = await engine.countCompleted()
    const from = started
    const took = scenario.unit === 'ms' ? await execute(engine, scenario, nextId) : await executeForAWhile(engine, scenario, nextId)
    await verify(engine, before, started - from, scenario.steps)
    if (scenario.unit === 'ms') latencies.push(...took.latencies)
    runs.push(scenario.unit === 'ms' ? percentile(took.latencies, 0.5) : ((started - from) * scenario.steps) / took.seconds)
  }
  return { runs, workflows: started - warmUpWorkflows, ...(latencies.length === 0 ? {} : { p99Ms: percentile(latencies, 0.99) }) }
}

interface Took {
  readonly seconds: number
  /** Start to result of each workflow, ms. */
  readonly latencies: readonly number[]
}

async function executeForAWhile(engine: RunningEngine, scenario: Scenario, nextId: () => string): Promise<Took> {
  let seconds = 0
  while (seconds < runSecondsMin) seconds += (await execute(engine, scenario, nextId)).seconds
  return { seconds, latencies: [] }
}

/** Keeps `inFlight` workflows open until all are done. */
async function execute(engine: RunningEngine, { workflows, inFlight, steps }: Scenario, nextId: () => string): Promise<Took> {
  const latencies: number[] = []
  let left = workflows
  const from = performance.now()
  const lane = async () => {
    while (left-- > 0) {
      const startedAt = performance.now()
      await engine.execute(nextId(), steps)
      latencies.push(performance.now() - startedAt)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return { seconds: (performance.now() - from) / 1_000, latencies }
}

async function verify(engine: RunningEngine, before: Counts, workflows: number, steps: number): Promise<void> {
  const after = await engine.countCompleted()
  const done = { workflows: after.workflows - before.workflows, steps: after.steps - before.steps }
  if (done.workflows === workflows && done.steps === workflows * steps) return
  throw new Error(`the database holds ${done.workflows} completed workflows and ${done.steps} steps more than before the run, `
    + `where ${workflows} and ${workflows * steps} are expected`)
}
