/** S1 to S4 and S6: workflows through one process that is worker and client, warm-up, then runs, each held against the database. */
import { setTimeout as delay } from 'node:timers/promises'
import { awaitCompleted } from './completion.ts'
import type { RunningEngine, Workflow } from './engine-adapter.ts'
import { type Load, runLoad, type Took } from './load.ts'
import type { Measured } from './measured.ts'
import type { Reading } from './metric.ts'
import { runSecondsMax, runSecondsMin, type Scenario, scenarioSecondsMax, waitSecondsMax } from './scenario.ts'
import { percentile } from './statistics.ts'

/** Between runs: what the last one left to the database's background is not measured in the next. */
const settleMs = 300

interface Executed extends Took {
  /** S3: start to end of each workflow, ms. */
  readonly latencies?: readonly number[]
}

export async function measureThroughput(engine: RunningEngine, scenario: Scenario): Promise<Measured> {
  const next = workflowsOf(scenario)
  await warmUp(engine, scenario, next)
  const readings: Reading[] = []
  let workflows = 0
  const from = performance.now()
  while (readings.length < scenario.runs && performance.now() - from < scenarioSecondsMax * 1_000) {
    await delay(settleMs)
    const took = await runOnce(engine, scenario, next)
    workflows += took.workflows
    readings.push(readingOf(scenario, took))
  }
  return { readings, workflows }
}

function workflowsOf({ name, steps, seconds }: Scenario): () => Workflow {
  let made = 0
  return () => {
    const id = `w${process.pid}-${made++}`
    if (name === 'S6') return { type: 'sleep', id, ms: seconds * 1_000 }
    return { type: name === 'S4' ? 'fan' : 'chain', id, steps }
  }
}

async function warmUp(engine: RunningEngine, scenario: Scenario, next: () => Workflow): Promise<void> {
  const { name, warmUpWorkflows, inFlight } = scenario
  const before = await engine.countCompleted()
  const made: Workflow[] = []
  const took = await runLoad({
    workflows: name === 'S4' ? 1 : warmUpWorkflows, inFlight, secondsMax: runSecondsMax, execute: (workflow) => engine.execute(workflow),
    next: () => {
      const workflow = next()
      made.push(workflow.type === 'sleep' ? { ...workflow, ms: 100 } : workflow)
      return made.at(-1) ?? workflow
    },
  })
  await awaitCompleted(engine, before, { workflows: took.workflows, steps: stepsOf(made) })
}

function stepsOf(workflows: readonly Workflow[]): number {
  return workflows.reduce((sum, workflow) => sum + (workflow.type === 'sleep' ? 0 : workflow.steps), 0)
}

async function runOnce(engine: RunningEngine, scenario: Scenario, next: () => Workflow): Promise<Executed> {
  const before = await engine.countCompleted()
  const from = performance.now()
  const took = await execute(engine, scenario, next)
  await awaitCompleted(engine, before, { workflows: took.workflows, steps: took.workflows * scenario.steps })
  return engine.resolvesBeforeDurable === true ? { ...took, seconds: (performance.now() - from) / 1_000 } : took
}

async function execute(engine: RunningEngine, scenario: Scenario, next: () => Workflow): Promise<Executed> {
  const { name, workflows, inFlight } = scenario
  const load = { workflows, inFlight, next, secondsMax: runSecondsMax, execute: (workflow: Workflow) => engine.execute(workflow) }
  switch (name) {
    case 'S3':
      return executeTimed(load, (workflow) => engine.executeForResult?.(workflow) ?? engine.execute(workflow))
    case 'S6':
      return runLoad({ ...load, inFlight: workflows, secondsMax: waitSecondsMax })
    case 'S1':
    case 'S2':
      return repeated(() => runLoad(load))
    default:
      return runLoad(load)
  }
}

async function executeTimed(load: Load, execute: Load['execute']): Promise<Executed> {
  const latencies: number[] = []
  const took = await runLoad({
    ...load,
    execute: async (workflow) => {
      const startedAt = performance.now()
      await execute(workflow)
      latencies.push(performance.now() - startedAt)
    },
  })
  return { ...took, latencies }
}

async function repeated(run: () => Promise<Took>): Promise<Took> {
  let seconds = 0
  let workflows = 0
  while (seconds < runSecondsMin) {
    const took = await run()
    seconds += took.seconds
    workflows += took.workflows
  }
  return { seconds, workflows }
}

function readingOf({ name, steps, seconds: slept }: Scenario, { seconds, workflows, latencies = [] }: Executed): Reading {
  switch (name) {
    case 'S3':
      return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) }
    case 'S4':
      return { time: seconds }
    case 'S6':
      return { over: seconds - slept, memory: process.resourceUsage().maxRSS / 1_024 }
    default:
      return { rate: (workflows * steps) / seconds }
  }
}
