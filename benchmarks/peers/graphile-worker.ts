/**
 * graphile-worker, a queue: no history, no results. A workflow of n steps is a chain of n jobs, each of which adds the next; a fan
 * is n jobs added at once; a sleep is a delayed job. Under load with the settings of its page on performance, otherwise defaults.
 */
import { Logger, makeWorkerUtils, run, type Runner, type RunnerOptions, type TaskList } from 'graphile-worker'
import type { EngineAdapter, Workflow } from '../engine-adapter.ts'
import type { ScenarioName } from '../scenario.ts'
import { performStep } from '../step.ts'
import { type BodyEnds, createBodyEnds } from './body-ends.ts'
import { openCounting } from './counting.ts'

const concurrency = 100
const bulk = 1_000
const remaining = 'select count(*)::int as workflows from graphile_worker._private_jobs'
const logger = new Logger(() => (level: string, message: string) => {
  if (level === 'error') console.error(message)
})

export const adapter: EngineAdapter = {
  openEngine: async ({ database }, scenario) => {
    const ends = createBodyEnds()
    const client = await openJobs(database)
    const runner = await startRunner(database, scenario, ends)
    return {
      resolvesBeforeDurable: true,
      execute: async (workflow) => {
        const ended = ends.wait(workflow.id, workflow.type === 'fan' ? workflow.steps : 1)
        await client.start(workflow)
        await ended
      },
      countCompleted: client.countCompleted,
      close: async () => {
        await runner.stop()
        await client.close()
      },
    }
  },
  openClient: (target) => openJobs(target.database),
  openWorker: async ({ database }, scenario) => {
    const runner = await startRunner(database, scenario, createBodyEnds())
    return { close: () => runner.stop() }
  },
}

/** Finished jobs are deleted: completed is what was started and is not there any more. */
async function openJobs(connectionString: string) {
  const jobs = await makeWorkerUtils({ connectionString, logger })
  await jobs.migrate()
  const rows = await openCounting(connectionString, remaining)
  let started = 0
  return {
    start: async (workflow: Workflow) => {
      started++
      const { id } = workflow
      if (workflow.type === 'fan') {
        await jobs.addJobs(Array.from({ length: workflow.steps }, (_, step) => ({ identifier: 'item', payload: { id, step } })))
      } else if (workflow.type === 'sleep') {
        await jobs.addJob('sleep', { id }, { runAt: new Date(Date.now() + workflow.ms) })
      } else {
        await jobs.addJob('chain', { id, step: 0, steps: workflow.steps })
      }
    },
    startMany: async (workflows: readonly Workflow[]) => {
      started += workflows.length
      for (let first = 0; first < workflows.length; first += bulk) {
        const some = workflows.slice(first, first + bulk)
        await jobs.addJobs(some.map((each) => ({ identifier: 'chain', payload: { id: each.id, step: 0, steps: 1 } })))
      }
    },
    countCompleted: async () => {
      const { workflows: left } = await rows.count()
      return { workflows: Math.max(0, started - left) } // of a fan, which has more jobs, nothing counts before all are done
    },
    close: async () => {
      await rows.close()
      await jobs.release()
    },
  }
}

function startRunner(connectionString: string, scenario: ScenarioName, ends: BodyEnds): Promise<Runner> {
  const taskList: TaskList = {
    chain: async (payload, { addJob }) => {
      const { id, step, steps } = payload as { id: string; step: number; steps: number }
      performStep(id, step)
      if (step + 1 < steps) await addJob('chain', { id, step: step + 1, steps })
      else ends.ended(id)
    },
    item: (payload) => {
      const { id, step } = payload as { id: string; step: number }
      performStep(id, step)
      ends.ended(id)
    },
    sleep: (payload) => ends.ended((payload as { id: string }).id),
  }
  const underLoad = ['S1', 'S2', 'S4', 'S5'].includes(scenario)
  const settings = underLoad ? tuned(connectionString, scenario) : { connectionString, concurrency }
  return run({ logger, noHandleSignals: true, taskList, ...settings })
}

/** The pause between fetches pays where they are full, in a backlog; elsewhere jobs would wait for it. */
function tuned(connectionString: string, scenario: ScenarioName): Partial<RunnerOptions> {
  const localQueue = { size: 500, ...(scenario === 'S5' ? { refetchDelay: { durationMs: 100 } } : {}) }
  const batches = { localQueue, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
  return { preset: { worker: { connectionString, maxPoolSize: 20, concurrentJobs: concurrency, ...batches } } }
}
