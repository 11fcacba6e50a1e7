/** What a scenario works with, inside the process that is to die: an engine with a worker, a client beside it, and a journal. */
import { setTimeout as pause } from 'node:timers/promises'
import { Engine, type EngineOptions, type StartSettings } from 'perdure'
import { type StepActivities, createActivities } from './activities.ts'
import type { Journal } from './journal.ts'
import * as workflows from './workflows.ts'

export interface Stage {
  readonly database: string
  readonly journal: Journal
  /** Serves the queues `default` and `limited`. */
  readonly worker: Engine
  /** A producer with connections of its own, as another process has. */
  readonly client: Engine
  /** Another worker, that knows all workflows. */
  openAnother(tuning?: Tuning): Promise<Engine>
  start(
    by: Engine, workflow: keyof typeof workflows, workflowId: string, args?: readonly unknown[], options?: StartSettings,
  ): Promise<void>
  signal(by: Engine, workflowId: string, value: number): Promise<void>
  /** A value by an update, whose id is made of it. */
  update(by: Engine, workflowId: string, value: number): Promise<void>
  finish(workflowId: string): Promise<void>
  cancel(workflowId: string): Promise<void>
  terminate(workflowId: string): Promise<void>
  query(by: Engine, workflowId: string): Promise<void>
  /** How it ended, as the client is told. */
  result(workflowId: string): Promise<unknown>
  /** Waits until an attempt of the step has begun. */
  ran(workflowId: string, step: string): Promise<void>
}

export interface Tuning {
  readonly identity?: string
  readonly taskQueues?: readonly string[]
  readonly maxCachedWorkflows?: number
  readonly workflows?: Partial<typeof workflows>
  /** Gets its warnings and errors. */
  readonly warn?: (line: string) => void
}

const silent: NonNullable<EngineOptions['logger']> = { debug() {}, info() {}, warn() {}, error() {} }

export function openClient(database: string): Promise<Engine> {
  return Engine.open({ database, worker: false, logger: silent })
}

export async function openWorker(database: string, activities: StepActivities, tuning: Tuning = {}): Promise<Engine> {
  const { identity = 'under test', taskQueues = ['default', 'limited'], maxCachedWorkflows = 1_000, warn } = tuning
  const engine = await Engine.open({
    database, identity, logger: warn === undefined ? silent : { ...silent, warn, error: warn },
    worker: { taskQueues, tickMs: 50, maxCachedWorkflows, shutdownGraceTime: 100, buildId: 'crash-points' },
  })
  engine.workflows.register({ ...tuning.workflows ?? workflows })
  engine.activities.register({ ...activities })
  await engine.start()
  return engine
}

const passing = ['STORE_UNAVAILABLE', 'STORE_BUSY', 'STORE_OUTCOME_UNKNOWN']

/** The database was away, or its answer was lost. */
function isPassing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && passing.includes(String(error.code))
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** For what may be asked twice: until it is answered. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isPassing(error)) throw error
      await pause(20)
    }
  }
}

type Acts = Omit<Stage, 'database' | 'journal' | 'worker' | 'client' | 'openAnother' | 'ran'>

/** Each act is told before it is asked for, and again when it was acknowledged. */
export function actsOf(client: Engine, journal: Journal): Acts {
  return {
    start: async (by, workflow, workflowId, args = [], options = {}) => {
      journal.tell({ what: 'start asked', workflowId })
      if (options.workflowIdConflictPolicy === 'TERMINATE_EXISTING') journal.tell({ what: 'terminate asked', workflowId })
      let once: StartSettings = {}
      const { runId } = await patiently(async () => {
        const asked = by.workflows.start(workflow, { workflowId, args, ...options, ...once })
        // Nobody knows whether it was started: a second try finds the first.
        once = { workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'USE_EXISTING' }
        return asked.catch(async (error: unknown) => {
          if (!hasCode(error, 'WORKFLOW_ALREADY_STARTED')) throw error
          return { runId: (await client.workflows.describe(workflowId)).runId }
        })
      })
      journal.tell({ what: 'started', workflowId, runId })
    },
    signal: async (by, workflowId, value) => {
      journal.tell({ what: 'signal asked', workflowId, value })
      try {
        await by.workflows.signal(workflowId, workflows.give, value)
        journal.tell({ what: 'signal acknowledged', workflowId, value })
      } catch (error) {
        if (!isPassing(error)) throw error // told that it is not known: it may arrive, or not
      }
    },
    update: async (by, workflowId, value) => {
      journal.tell({ what: 'signal asked', workflowId, value })
      // Asked again under its id it is the same one.
      const answer = await patiently(() => (
        by.workflows.getHandle(workflowId).executeUpdate(workflows.add, { args: [value], updateId: `${value}` })
      )).catch((error: unknown) => {
        if (!hasCode(error, 'UPDATE_REJECTED')) throw error
        return 'rejected' as const
      })
      journal.tell({ what: answer === 'rejected' ? 'update rejected' : 'signal acknowledged', workflowId, value })
    },
    finish: workflowId => untilClosed(() => client.workflows.signal(workflowId, workflows.finish)),
    cancel: async workflowId => {
      journal.tell({ what: 'cancel asked', workflowId })
      await untilClosed(() => client.workflows.cancel(workflowId))
      journal.tell({ what: 'cancel acknowledged', workflowId })
    },
    terminate: async workflowId => {
      journal.tell({ what: 'terminate asked', workflowId })
      await untilClosed(() => client.workflows.terminate(workflowId))
      journal.tell({ what: 'terminate acknowledged', workflowId })
    },
    query: async (by, workflowId) => {
      await patiently(() => by.workflows.query(workflowId, workflows.given))
    },
    result: async workflowId => {
      const asked = patiently(() => client.workflows.getResult(workflowId))
      const result = await asked.catch((error: Error) => `${error.name}: ${error.message}`)
      journal.tell({ what: 'result', workflowId, result })
      return result
    },
  }
}

/** The first try may have had its way. */
async function untilClosed(ask: () => Promise<unknown>): Promise<void> {
  let tries = 0
  try {
    await patiently(() => {
      tries++
      return ask()
    })
  } catch (error) {
    if (tries === 1 || !hasCode(error, 'WORKFLOW_NOT_FOUND')) throw error
  }
}

export function openActivities(journal: Journal): { readonly activities: StepActivities; readonly ran: Stage['ran'] } {
  const told = new Set<string>()
  const waiting = new Map<string, () => void>()
  const key = (workflowId: string, step: string) => `${workflowId} ${step}`
  const listening: Journal = {
    tell: line => {
      journal.tell(line)
      if (line.what !== 'ran') return
      told.add(key(line.workflowId, line.step))
      waiting.get(key(line.workflowId, line.step))?.()
    },
  }
  return {
    activities: createActivities(listening),
    ran: async (workflowId, step) => {
      const name = key(workflowId, step)
      if (!told.has(name)) await new Promise<void>(resolve => waiting.set(name, resolve))
    },
  }
}
