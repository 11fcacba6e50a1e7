/**
 * Tests with several worker processes on one database. Workflows run in the process of the test, on a queue of their own
 * (`workflows`); their activities run in other processes: one serves the queue `activities` for all scenarios, the others
 * belong to the scenario that adds them.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Engine, type EngineOptions, type ExecutionDescription, type Logger, type WorkflowHandle } from 'perdure'
import { AttemptLog } from './attempt-log.ts'
import type { Home, OpenHome } from './homes.ts'
import { takesAll } from './test-share.ts'
import { WorkerProcess, type WorkerSetup } from './worker-processes.ts'
import * as workflows from './workflows.ts'

type WorkflowFunction = (...args: never[]) => Promise<unknown>

export interface Place {
  readonly home: OpenHome
  readonly database: string
  readonly folder: string
  readonly log: AttemptLog
  /** Runs all workflows of the queue `workflows`, and no activity. */
  readonly engine: Engine
  /** Unique in the suite: a scenario's workflow id, key and the beginning of the names of its queues. */
  readonly id: string
  /** What the engine of this process warned of. */
  readonly warnings: readonly string[]
  /** Serves the queue `activities`, for all scenarios. */
  readonly worker: WorkerProcess
  start<F extends WorkflowFunction>(workflow: F, ...args: Parameters<F>): Promise<WorkflowHandle>
  startAs<F extends WorkflowFunction>(workflowId: string, workflow: F, ...args: Parameters<F>): Promise<WorkflowHandle>
  /** A worker process; killed after the scenario. */
  add(setup: Partial<WorkerSetup> & Pick<WorkerSetup, 'taskQueues'>): WorkerProcess
  /** The same, serving already. */
  addReady(setup: Partial<WorkerSetup> & Pick<WorkerSetup, 'taskQueues'>): Promise<WorkerProcess>
  /** Another engine in this process; stopped after the scenario. */
  open(options: EngineOptions): Promise<Engine>
  /** Asks again until the execution is described so. */
  described(workflowId: string, holds: (description: ExecutionDescription) => boolean): Promise<ExecutionDescription>
}

export interface Topic {
  readonly name: string
  readonly scenarios: readonly Scenario[]
  /** Scenarios at once. */
  readonly atOnce: number
}

export interface Scenario {
  readonly name: string
  /** Left out of the share that runs beside everything else. */
  readonly isLong?: true
  run(t: TestContext, place: Place): Promise<void>
}

export const tickMs = 200
/** So long that nothing below is done by its end. */
export const leaseMs = 60_000

const hungAfterMs = 150_000
const pollMs = 20

export function workerSuite(home: Home, topics: readonly Topic[], { hints = true }: { readonly hints?: boolean } = {}): void {
  describe(`Workers on ${home.name}${hints ? '' : ', without hints'}`, () => {
    let ground: Ground | undefined
    const folder = mkdtempSync(join(tmpdir(), 'perdure-workers-'))
    before(async () => { ground = await openGround(home, folder, hints) })
    after(async () => {
      await ground?.engine.stop()
      await ground?.worker.kill()
      await ground?.home.close()
      rmSync(folder, { recursive: true, force: true })
    })
    for (const [number, { name, scenarios, atOnce }] of topics.entries()) {
      describe(name, { concurrency: atOnce }, () => {
        for (const [index, scenario] of scenarios.entries()) {
          if (scenario.isLong === true && !takesAll) continue
          test(scenario.name, { timeout: hungAfterMs }, async (t) => {
            assert.ok(ground !== undefined)
            await scenario.run(t, placeOf(t, ground, `scenario-${number + 1}-${index + 1}`))
          })
        }
      })
    }
  })
}

interface Ground {
  readonly home: OpenHome
  readonly database: string
  readonly folder: string
  readonly hints: boolean
  readonly engine: Engine
  readonly worker: WorkerProcess
  readonly log: AttemptLog
  readonly warnings: readonly string[]
}

async function openGround(home: Home, folder: string, hints: boolean): Promise<Ground> {
  const opened = await home.open()
  const database = await opened.createDatabase('workers')
  const worker = new WorkerProcess({ database, folder, hints, taskQueues: ['activities'], runs: 'activities', worker: { tickMs, leaseMs } })
  const warnings: string[] = []
  const logger = loggerInto(warnings)
  const engine = await Engine.open({ database, hints, logger, taskQueue: 'workflows', worker: { tickMs, leaseMs } })
  engine.workflows.register(workflows)
  try {
    await engine.start()
    await worker.ready
  } catch (error) {
    await Promise.all([engine.stop(), worker.kill()])
    await opened.close()
    throw error
  }
  return { home: opened, database, folder, hints, engine, worker, log: new AttemptLog(folder), warnings }
}

function loggerInto(warnings: string[]): Logger {
  return { debug() {}, info() {}, warn: (message) => void warnings.push(message), error() {} }
}

function placeOf(t: TestContext, ground: Ground, id: string): Place {
  const { engine, database, folder, hints } = ground
  const processes: WorkerProcess[] = []
  const engines: Engine[] = []
  t.after(async () => {
    if (!(t as TestContext & { readonly passed: boolean }).passed) await tellWhatIsKnown(t, ground, id)
    await Promise.all(engines.map((each) => each.stop()))
    await Promise.all(processes.map((each) => each.kill()))
  })
  const add: Place['add'] = ({ worker, ...setup }) => {
    const added = new WorkerProcess({ database, folder, hints, runs: 'activities', worker: { tickMs, leaseMs, ...worker }, ...setup })
    processes.push(added)
    return added
  }
  const startAs: Place['startAs'] = (workflowId, workflow, ...args) => engine.workflows.start(workflow, { workflowId, args })
  return {
    ...ground, id, add, startAs,
    start: (workflow, ...args) => startAs(id, workflow, ...args),
    addReady: async (setup) => {
      const added = add(setup)
      await added.ready
      return added
    },
    open: async (options) => {
      const opened = await Engine.open({ database, hints, logger: loggerInto([]), ...options })
      engines.push(opened)
      return opened
    },
    described: async (workflowId, holds) => {
      for (;;) {
        const description = await engine.workflows.describe(workflowId)
        if (holds(description)) return description
        await pause(pollMs)
      }
    },
  }
}

/** Of a scenario that failed or hung: what its activities told, and where its executions stand. */
async function tellWhatIsKnown(t: TestContext, { engine, log }: Ground, id: string): Promise<void> {
  t.diagnostic(`now: ${Date.now()}`)
  const isOurs = (workflowId: string): boolean => workflowId === id || workflowId.startsWith(`${id} `)
  for (const line of log.read().filter(({ workflowId }) => isOurs(workflowId)).slice(-100)) t.diagnostic(JSON.stringify(line))
  const { executions } = await engine.workflows.list({ workflowIdPrefix: id, status: 'running' })
  for (const { workflowId } of executions.filter((each) => isOurs(each.workflowId)).slice(0, 20)) {
    t.diagnostic(JSON.stringify(await engine.workflows.describe(workflowId)))
  }
}
