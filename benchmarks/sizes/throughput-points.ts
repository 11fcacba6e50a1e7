/** Points that are S1 or S2 with another size: how many in flight, how large the payload. */
import { Engine } from 'perdure'
import type { RunningEngine } from '../engine-adapter.ts'
import { perdure } from '../engines/perdure.ts'
import { openRowCounter } from '../engines/perdure-rows.ts'
import { scenarioOf } from '../scenario.ts'
import { measureThroughput } from '../throughput.ts'
import * as activities from './activities.ts'
import type { Point, PointFigures } from './point.ts'
import * as workflows from './workflows.ts'

/** Bytes that all workflows of a run carry, so that large payloads do not take for ever. */
const runBytes = 200e6
const workflowsMax = 5_000
/** Large payloads: fewer at once, or the process holds gigabytes. */
const flightBytesMax = 50e6

export async function inFlightPoint({ x, target, share }: Point): Promise<PointFigures> {
  const engine = await perdure.openEngine(target, 'S1')
  const scenario = scenarioOf('S1', { quick: false, share })
  const workflowCount = Math.max(scenario.workflows, x)
  const { readings } = await measureThroughput(engine, { ...scenario, inFlight: x, workflows: workflowCount })
  await engine.close()
  return { values: { rate: readings.map((reading) => reading['rate'] ?? 0) } }
}

export async function payloadPoint({ x: bytes, target, share }: Point): Promise<PointFigures> {
  const engine = await Engine.open({ database: target.database })
  engine.workflows.register(workflows)
  engine.activities.register(activities)
  await engine.start()
  const rows = await openRowCounter(target)
  const payload = 'x'.repeat(bytes)
  const running: RunningEngine = {
    execute: async ({ id }) => {
      const result = await engine.workflows.execute(workflows.carry, { workflowId: id, args: [payload] })
      if (result.length !== bytes) throw new Error(`${id} returned ${result.length} characters, where ${bytes} are expected`)
    },
    countCompleted: () => rows.count(),
    close: () => Promise.resolve(),
  }
  const scenario = scenarioOf('S2', { quick: false, share })
  const amounts = {
    workflows: Math.ceil(Math.min(workflowsMax, runBytes / bytes) * share),
    warmUpWorkflows: Math.ceil(Math.min(200, flightBytesMax / bytes) * share),
    inFlight: Math.max(1, Math.min(scenario.inFlight, Math.floor(flightBytesMax / bytes))),
  }
  const { readings } = await measureThroughput(running, { ...scenario, ...amounts })
  await rows.close()
  await engine.stop()
  const rate = readings.map((reading) => reading['rate'] ?? 0)
  return { values: { rate, volume: rate.map((each) => (each * bytes) / 1e6) } }
}
