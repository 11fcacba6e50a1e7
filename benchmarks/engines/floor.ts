/**
 * The floor: no engine at all. Each workflow persists one row for each step, one after another (S4: side by side), and goes on
 * when its row is committed; rows that are ready at the same time go out in one insert (group commit, one statement under way
 * at a time). For latency (S3) it is two rows and two commits: no workflow with a step can have its start and its result
 * durable with fewer. A backlog (S5) is a row for each start; its worker takes a thousand at once and writes their steps.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineAdapter, Workflow } from '../engine-adapter.ts'
import { performStep } from '../step.ts'
import { type FloorTable, openFloorTable, type Row, startRow } from './floor-tables.ts'
import { groupCommit } from './group-commit.ts'

const atOnce = 1_000
const lookMs = 20

export const floor: EngineAdapter = {
  openEngine: async (target, scenario) => {
    const table = await openFloorTable(target)
    const persist = groupCommit<Row>((rows) => table.insert(rows))
    return {
      execute: async (workflow) => {
        if (scenario === 'S3') await persist(startOf(workflow))
        const steps = stepsOf(workflow)
        if (workflow.type === 'fan') await Promise.all(steps.map(persist))
        else for (const step of steps) await persist(step)
      },
      countCompleted: () => table.count(),
      close: () => table.close(),
    }
  },
  openClient: async (target) => {
    const table = await openFloorTable(target)
    return {
      start: groupCommitOf(table),
      startMany: async (workflows) => {
        const rows = workflows.map(startOf)
        for (let first = 0; first < rows.length; first += atOnce) await table.insert(rows.slice(first, first + atOnce))
      },
      countCompleted: () => table.count(),
      close: () => table.close(),
    }
  },
  openWorker: async (target) => {
    const table = await openFloorTable(target)
    const stopping = new AbortController()
    const ended = drain(table, stopping.signal)
    return {
      close: async () => {
        stopping.abort()
        await ended
        await table.close()
      },
    }
  },
}

function groupCommitOf(table: FloorTable): (workflow: Workflow) => Promise<void> {
  const persist = groupCommit<Row>((rows) => table.insert(rows))
  return (workflow) => persist(startOf(workflow))
}

async function drain(table: FloorTable, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const taken = await table.claim(atOnce)
    if (taken.length > 0) await table.insert(taken.map((id) => rowOf(id, 0)))
    else await delay(lookMs)
  }
}

function startOf({ id }: Workflow): Row {
  return { wf: id, step: startRow, output: '{}' }
}

function stepsOf(workflow: Workflow): Row[] {
  return workflow.type === 'sleep' ? [] : Array.from({ length: workflow.steps }, (_, step) => rowOf(workflow.id, step))
}

function rowOf(id: string, step: number): Row {
  return { wf: id, step, output: JSON.stringify(performStep(id, step)) }
}
