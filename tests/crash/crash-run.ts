/**
 * Kills worker processes (-9) at random moments while workflows run, and checks afterwards that nothing was lost,
 * changed or done twice. Three workers serve one database; the oldest is killed, a new one started, ten times at least, and until
 * a step that may run only once was cut off.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import type { EventRecord, Store } from '@perdure/engine'
import { asRunId } from '@perdure/engine'
import { Engine, type WorkflowHandle } from 'perdure'
import type { StepLine } from './activities.ts'
import { checkPrefix, checkSteps } from './checks.ts'
import { createRandom } from '../../packages/testing/src/simulation/random-numbers.ts'
import { sized } from '../workers/test-share.ts'
import { WorkerChild } from './worker-child.ts'
import { tenSteps, type TenSteps } from './workflows.ts'

export interface CrashHome {
  readonly database: string
  /** A store of our own on the same database, to read histories as they are stored. */
  readonly store: Store
  dispose(): Promise<void>
}

const kills = sized({ all: 20, share: 10 })
/** Of those that were meant to hit work under way, on a machine that is slow to kill too. */
const killsMax = 60
const workflowsPerKill = 10
const workersAtOnce = 3
/** Shorter than any of the workflows takes. */
const pauseMsMax = 300
const hungAfterMs = 2 * 60_000

export function crashTest(name: string, connect: (folder: string) => Promise<CrashHome>): void {
  test(`${kills} kills of workers on ${name}, or some more, lose, change and repeat nothing`, { timeout: hungAfterMs }, async (t) => {
    const seed = Number(process.env['PERDURE_SEED'] ?? Date.now() % 1_000_000)
    t.diagnostic(`PERDURE_SEED=${seed}`)
    const folder = mkdtempSync(join(tmpdir(), 'perdure-crash-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const home = await connect(folder)
    const logFile = join(folder, 'steps.log')
    const producer = await Engine.open({ database: home.database, worker: false })
    const workers = new WorkerProcesses(home.database, logFile)
    t.after(async () => {
      const { executions } = await producer.workflows.list({ status: 'running' })
      for (const { workflowId } of executions) t.diagnostic(JSON.stringify(await producer.workflows.describe(workflowId)))
      await workers.stop()
      await producer.stop()
      await home.dispose()
    })

    const { handles, snapshots } = await killAndGoOn(producer, workers, home.store, createRandom(seed))
    const results = await Promise.all(handles.map((handle) => handle.result() as Promise<TenSteps>))
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as StepLine)

    assert.equal(await producer.workflows.count({ status: 'completed' }), handles.length)
    await checkHistories(home.store, handles, snapshots)
    for (const [index, handle] of handles.entries()) {
      const result = results[index]
      assert.ok(result !== undefined)
      checkSteps(result, lines.filter((line) => line.runId === handle.runId))
    }
    checkRun(results, lines)
  })
}

type Snapshot = ReadonlyMap<string, readonly EventRecord[]>

/** Starts workflows in waves, and kills a worker in each, having read all histories just before. */
async function killAndGoOn(
  producer: Engine, workers: WorkerProcesses, store: Store, random: () => number,
): Promise<{ readonly handles: readonly WorkflowHandle[]; readonly snapshots: readonly Snapshot[] }> {
  const handles: WorkflowHandle[] = []
  const snapshots: Snapshot[] = []
  for (let started = 0; started < workersAtOnce; started++) workers.add()
  let hits = 0
  for (let kill = 1; kill <= killsMax && (hits < kills || !hasLost(snapshots.at(-1))); kill++) {
    await workers.oldestIsReady()
    for (let start = 1; start <= workflowsPerKill; start++) {
      handles.push(await producer.workflows.start(tenSteps, { workflowId: `order-${kill}-${start}` }))
    }
    await pause(random() * pauseMsMax)
    if (await producer.workflows.count({ status: 'running' }) > 0) hits++
    snapshots.push(await readHistories(store, handles))
    await workers.killOldest()
    workers.add()
  }
  assert.ok(hits >= kills, `only ${hits} kills hit work under way`)
  return { handles, snapshots }
}

/** A step that may run only once was cut off, and its execution has heard of it. */
function hasLost(snapshot: Snapshot | undefined): boolean {
  return [...(snapshot ?? new Map()).values()].flat().some((event: EventRecord) => event.type === 'ActivityTaskTimedOut')
}

async function readHistories(store: Store, handles: readonly WorkflowHandle[]): Promise<Snapshot> {
  const histories = new Map<string, readonly EventRecord[]>()
  for (const { runId } of handles) histories.set(runId, await store.readHistory(asRunId(runId), 0, 1_000))
  return histories
}

/** What was recorded before a kill is the beginning of what is recorded at the end. */
async function checkHistories(store: Store, handles: readonly WorkflowHandle[], snapshots: readonly Snapshot[]): Promise<void> {
  const final = await readHistories(store, handles)
  for (const snapshot of snapshots) {
    for (const [runId, before] of snapshot) checkPrefix(before, final.get(runId) ?? [])
  }
}

/** The run has shown what it is for. */
function checkRun(results: readonly TenSteps[], lines: readonly StepLine[]): void {
  const pidsOf = Map.groupBy(lines, (line) => line.runId)
  const moved = [...pidsOf.values()].filter((run) => new Set(run.map((line) => line.pid)).size > 1)
  assert.ok(moved.length > 0, 'workers took over from one another')
  assert.ok(lines.some((line) => line.attempt > 1), 'steps that were cut off ran again')
  assert.ok(results.some((result) => result.once === 'lost'), 'a step that may run once was cut off')
  assert.ok(results.some((result) => result.once === 'completed'))
}

class WorkerProcesses {
  readonly #database: string
  readonly #logFile: string
  #alive: WorkerChild[] = []

  constructor(database: string, logFile: string) {
    this.#database = database
    this.#logFile = logFile
  }

  add(): void {
    this.#alive.push(new WorkerChild(this.#database, this.#logFile))
  }

  async oldestIsReady(): Promise<void> {
    await this.#alive[0]?.ready
  }

  async killOldest(): Promise<void> {
    await this.#alive.shift()?.kill()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#alive.splice(0).map((worker) => worker.kill()))
  }
}
