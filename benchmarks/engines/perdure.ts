/** Perdure through its public facade, with defaults. */
import { Engine } from 'perdure'
import type { EngineAdapter, Target, Workflow } from '../engine-adapter.ts'
import * as activities from '../perdure/activities.ts'
import * as workflows from '../perdure/workflows.ts'
import { openRowCounter } from './perdure-rows.ts'

export const perdure: EngineAdapter = {
  openEngine: async (target) => {
    const engine = await openWorking(target)
    const rows = await openRowCounter(target)
    return {
      execute: async (workflow) => {
        const handle = await start(engine, workflow)
        requireResult(workflow, await handle.result())
      },
      countCompleted: () => rows.count(),
      close: async () => {
        await rows.close()
        await engine.stop()
      },
    }
  },
  openClient: async (target) => {
    const engine = await Engine.open({ database: target.database, worker: false })
    const rows = await openRowCounter(target)
    return {
      start: async (workflow) => void await start(engine, workflow),
      startMany: async (all) => {
        const starts = all.map((each) => {
          if (each.type !== 'chain') throw new Error(`there is no ${each.type} in bulk in this benchmark`)
          return { workflowId: each.id, args: [each.id, each.steps] as [string, number] }
        })
        const outcomes = await engine.workflows.startMany(workflows.chain, starts)
        const failed = outcomes.find((outcome) => outcome.status !== 'started')
        if (failed !== undefined) throw new Error(`${failed.workflowId ?? 'a workflow'} was not started: ${failed.status}`)
      },
      countCompleted: () => rows.count(),
      close: async () => {
        await rows.close()
        await engine.stop()
      },
    }
  },
  openWorker: async (target) => {
    const engine = await openWorking(target)
    return { close: () => engine.stop() }
  },
}

async function openWorking(target: Target): Promise<Engine> {
  const engine = await Engine.open({ database: target.database })
  engine.workflows.register(workflows)
  engine.activities.register(activities)
  await engine.start()
  return engine
}

function start({ workflows: client }: Engine, workflow: Workflow) {
  const workflowId = workflow.id
  switch (workflow.type) {
    case 'chain':
      return client.start(workflows.chain, { workflowId, args: [workflow.id, workflow.steps] })
    case 'fan':
      return client.start(workflows.fan, { workflowId, args: [workflow.id, workflow.steps] })
    case 'sleep':
      return client.start(workflows.sleep, { workflowId, args: [workflow.ms] })
  }
}

function requireResult(workflow: Workflow, result: Awaited<ReturnType<(typeof workflows)[keyof typeof workflows]>>): void {
  const isRight = workflow.type === 'chain' ? typeof result === 'object' && result.step === workflow.steps - 1
    : workflow.type === 'fan' ? result === workflow.steps : result === true
  if (!isRight) throw new Error(`${workflow.id} returned ${JSON.stringify(result)}`)
}
