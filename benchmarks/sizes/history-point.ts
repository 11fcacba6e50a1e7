/** A long history: how fast it fills, and how soon a worker that does not know the execution goes on with it. */
import { setTimeout as delay } from 'node:timers/promises'
import { Engine } from 'perdure'
import type { Target } from '../engine-adapter.ts'
import { openRowCounter } from '../engines/perdure-rows.ts'
import * as activities from './activities.ts'
import type { Point, PointFigures } from './point.ts'
import * as workflows from './workflows.ts'

const workflowId = 'long'
const settleMs = 1_000
const fillSecondsMax = 300

export async function historyPoint({ x: events, target }: Point): Promise<PointFigures> {
  const first = await open(target)
  const from = performance.now()
  await first.workflows.start(workflows.long, { workflowId, args: [workflowId, events] })
  await awaitSteps(target, events)
  const fillSeconds = (performance.now() - from) / 1_000
  await first.stop()
  const second = await open(target)
  await delay(settleMs)
  const signalled = performance.now()
  const handle = second.workflows.getHandle<typeof workflows.long>(workflowId)
  await handle.signal(workflows.goOn)
  const steps = await handle.result()
  const replaySeconds = (performance.now() - signalled) / 1_000
  await second.stop()
  if (steps !== events) throw new Error(`${workflowId} returned ${String(steps)}, where ${events} is expected`)
  return { values: { replay: [replaySeconds], fill: [events / fillSeconds] } }
}

async function open({ database }: Target): Promise<Engine> {
  const engine = await Engine.open({ database })
  engine.workflows.register({ long: workflows.long })
  engine.activities.register(activities)
  await engine.start()
  return engine
}

async function awaitSteps(target: Target, steps: number): Promise<void> {
  const rows = await openRowCounter(target)
  const until = performance.now() + fillSecondsMax * 1_000
  try {
    while ((await rows.count()).steps !== steps) {
      if (performance.now() > until) throw new Error(`${steps} steps did not end in ${fillSecondsMax} s`)
      await delay(20)
    }
  } finally {
    await rows.close()
  }
}
