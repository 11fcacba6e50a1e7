/** S7: two workers share workflows; the one that did more is killed at 40 %, and the other goes on with what it had. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineAdapter, EngineName, StartingClient, Target, Workflow } from './engine-adapter.ts'
import { runLoad } from './load.ts'
import type { Measured } from './measured.ts'
import { type Scenario, waitSecondsMax } from './scenario.ts'
import { readStepLog, type StepRun, stepLogLine, stepLogVariable } from './step-log.ts'
import { judgeTakeover } from './takeover-judgement.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts'

interface Given {
  readonly engine: EngineName
  readonly adapter: EngineAdapter
  readonly target: Target
  readonly scenario: Scenario
}

const killAtShare = 0.4
const settleMs = 1_500
const lookMs = 2
const startSecondsMax = 60

export async function measureTakeover({ engine, adapter, target, scenario }: Given): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-bench-steps-'))
  const log = join(folder, 'steps.log')
  writeFileSync(log, '')
  const client = await adapter.openClient(target, scenario.name)
  const work = { engine, target, scenario: scenario.name }
  const workers = await Promise.all([1, 2].map(() => startWorkerProcess(work, { [stepLogVariable]: log })))
  try {
    await delay(settleMs)
    const starting = startAll(client, scenario)
    const killed = await killBusiest(workers, log, scenario)
    await starting
    const seconds = await finish(client, scenario, killed.at)
    const judgement = judgeTakeover(readStepLog(log), killed)
    if (seconds !== null) requireAll(readStepLog(log), scenario)
    return { readings: [{ ...judgement, finish: seconds }], workflows: scenario.workflows }
  } finally {
    await Promise.all(workers.map((worker) => worker.kill9()))
    await client.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function startAll(client: StartingClient, { workflows, inFlight, steps }: Scenario): Promise<unknown> {
  let made = 0
  const next = (): Workflow => ({ type: 'chain', id: `w${made++}`, steps })
  return runLoad({ workflows, inFlight, secondsMax: startSecondsMax, next, execute: (workflow) => client.start(workflow) })
}

async function killBusiest(workers: readonly WorkerProcess[], log: string, scenario: Scenario): Promise<{ pid: number; at: number }> {
  const enough = scenario.workflows * scenario.steps * killAtShare
  const until = performance.now() + waitSecondsMax * 1_000
  const lineLength = stepLogLine({ at: performance.timeOrigin, pid: process.pid, wf: 'w100', step: 1 }).length
  while (statSync(log).size / lineLength < enough) {
    if (performance.now() > until) throw new Error(`${waitSecondsMax} s were not enough for ${enough} steps, the share before the kill`)
    await delay(lookMs)
  }
  const runs = readStepLog(log)
  const shareOf = ({ pid }: WorkerProcess) => runs.filter((run) => run.pid === pid).length
  const busiest = workers.toSorted((a, b) => shareOf(b) - shareOf(a))[0]
  if (busiest === undefined) throw new Error('there is no worker to kill')
  await busiest.kill9()
  return { pid: busiest.pid, at: performance.timeOrigin + performance.now() }
}

/** Seconds from the kill until all workflows are completed; null if that takes too long. */
async function finish(client: StartingClient, { workflows }: Scenario, killedAt: number): Promise<number | null> {
  for (;;) {
    const { workflows: completed } = await client.countCompleted()
    const seconds = (performance.timeOrigin + performance.now() - killedAt) / 1_000
    if (completed > workflows) throw new Error(`${completed} workflows are completed, where ${workflows} were started`)
    if (completed === workflows) return seconds
    if (seconds > waitSecondsMax) return null
    await delay(20)
  }
}

function requireAll(runs: readonly StepRun[], { workflows, steps }: Scenario): void {
  const ran = new Set(runs.map((run) => `${run.wf} ${run.step}`)).size
  if (ran === workflows * steps) return
  throw new Error(`all workflows are completed, but ${ran} steps ran, where ${workflows * steps} are expected`)
}
