/** One process of `npm run bench:waiting`: does its task, tells its parent, and ends. */
import { setTimeout as delay } from 'node:timers/promises'
import { Engine } from 'perdure'
import type { Target } from '../engine-adapter.ts'
import { perdure } from '../engines/perdure.ts'
import { measureIdle } from '../idle.ts'
import type { Reading } from '../metric.ts'
import * as workflows from '../perdure/workflows.ts'
import { scenarioOf } from '../scenario.ts'

export interface Task {
  /** hold: so many wait in memory. fill: so many wait in the database. idle: a worker with nothing to do. */
  readonly type: 'hold' | 'fill' | 'idle'
  readonly target: Target
  readonly workflows: number
  readonly seconds: number
  /** idle: where statements are counted, if they are. */
  readonly statistics?: string
}

/** All of them are started by then, and none is awake again. */
const sleepMs = 30 * 86_400_000
const atOnce = 10_000
/** After the last start: its commit, and whatever the engine does at rest. Shorter than it takes to let idle executions go. */
const restMs = 3_000

if (import.meta.main) {
  const reading = await perform(JSON.parse(process.argv[2] ?? '') as Task)
  process.send?.(reading, () => process.exit(0))
}

function perform(task: Task): Promise<Reading> {
  switch (task.type) {
    case 'hold':
      return hold(task)
    case 'fill':
      return fill(task)
    case 'idle':
      return idle(task)
  }
}

async function hold({ target, workflows: count }: Task): Promise<Reading> {
  const engine = await openEngine(target, count)
  const before = residentMiB()
  await startAll(engine, count)
  await delay(restMs)
  const held = (await engine.health()).executions
  if (held !== count) throw new Error(`${held} executions are in memory, where ${count} were to be held`)
  return { before, resident: residentMiB(), peak: process.resourceUsage().maxRSS / 1_024 }
}

/** With the cache as it is by default; what is in it is let go as the engine stops. */
async function fill({ target, workflows: count }: Task): Promise<Reading> {
  const engine = await openEngine(target)
  await startAll(engine, count)
  await engine.stop()
  return { waiting: count }
}

async function idle({ target, seconds, statistics }: Task): Promise<Reading> {
  const scenario = { ...scenarioOf('idle', { quick: false, share: 1 }), seconds, runs: 1 }
  const { readings } = await measureIdle({ adapter: perdure, target, scenario, statistics })
  return readings[0] ?? {}
}

async function openEngine(target: Target, maxCachedWorkflows?: number): Promise<Engine> {
  const cache = maxCachedWorkflows === undefined ? {} : { worker: { maxCachedWorkflows } }
  const engine = await Engine.open({ database: target.database, ...cache })
  engine.workflows.register(workflows)
  await engine.start()
  return engine
}

async function startAll(engine: Engine, count: number): Promise<void> {
  for (let from = 0; from < count; from += atOnce) {
    const starts = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => {
      return { workflowId: `w${from + index}`, args: [sleepMs] as [number] }
    })
    const outcomes = await engine.workflows.startMany(workflows.sleep, starts)
    const failed = outcomes.find((outcome) => outcome.status !== 'started')
    if (failed !== undefined) throw new Error(`${failed.workflowId ?? 'a workflow'} was not started: ${failed.status}`)
  }
}

function residentMiB(): number {
  return process.memoryUsage.rss() / 2 ** 20
}
