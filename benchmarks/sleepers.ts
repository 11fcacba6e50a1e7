/** S6: workflows that all sleep, in a process that is worker and client; where told, once more in a worker whose client is elsewhere. */
import { setTimeout as delay } from 'node:timers/promises'
import { awaitCompleted } from './completion.ts'
import type { EngineAdapter, EngineName, StartingClient, Target, Workflow } from './engine-adapter.ts'
import { runLoad } from './load.ts'
import type { Measured } from './measured.ts'
import { type Scenario, waitSecondsMax } from './scenario.ts'
import { measureThroughput } from './throughput.ts'
import { startWorkerProcess } from './worker-process.ts'

interface Given {
  readonly engine: EngineName
  readonly adapter: EngineAdapter
  readonly target: Target
  readonly scenario: Scenario
}

/** The others' queues let a worker have a hundred sleepers at a time. */
const tellsWorkerAlone: ReadonlySet<EngineName> = new Set(['perdure'])

export async function measureSleepers({ engine, adapter, target, scenario }: Given): Promise<Measured> {
  const running = await adapter.openEngine(target, scenario.name)
  const measured = await measureThroughput(running, { ...scenario, runs: 1 })
  await running.close()
  if (!tellsWorkerAlone.has(engine)) return measured
  const worker = await workerMiB({ engine, adapter, target, scenario })
  return { ...measured, readings: measured.readings.map((reading) => ({ ...reading, worker })) }
}

/** Most that the worker's process had resident. */
async function workerMiB({ engine, adapter, target, scenario }: Given): Promise<number> {
  const client = await adapter.openClient(target, scenario.name)
  const worker = await startWorkerProcess({ engine, target, scenario: scenario.name })
  try {
    await sleepAll(client, 'warm', scenario.warmUpWorkflows, 100)
    await sleepAll(client, 'alone', scenario.workflows, scenario.seconds * 1_000)
    return await worker.peakMiB()
  } finally {
    await worker.kill9()
    await client.close()
  }
}

/** All at once; resolves when all are completed. */
async function sleepAll(client: StartingClient, name: string, workflows: number, ms: number): Promise<void> {
  const before = await client.countCompleted()
  let made = 0
  const next = (): Workflow => ({ type: 'sleep', id: `${name}-${made++}`, ms })
  await runLoad({ workflows, inFlight: workflows, secondsMax: waitSecondsMax, next, execute: (workflow) => client.start(workflow) })
  await delay(ms)
  await awaitCompleted(client, before, { workflows, steps: 0 })
}
