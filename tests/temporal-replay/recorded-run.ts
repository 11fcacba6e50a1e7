/** Runs a workflow of this folder on an engine in memory, and gives its history in Temporal's form. */
import { ApplicationFailure, CancelledFailure, sleep } from 'perdure/activity'
import { Engine, type WorkflowHandle } from 'perdure'
import type { TemporalHistory } from 'perdure/testing'
import * as workflows from './workflows.ts'

const lengthy = new Map<string, PromiseWithResolvers<void>>()

/** The lengthy activity of an order: whoever asks first makes it. */
export function lengthyOf(order: string): PromiseWithResolvers<void> {
  const known = lengthy.get(order) ?? Promise.withResolvers<void>()
  lengthy.set(order, known)
  return known
}

const activities = {
  lengthy: async (order: string) => lengthyOf(order).promise,
  charge: async (order: string, cents: number) => {
    if (cents === workflows.lastCharge) lengthyOf(order).resolve()
    return { receipt: `${order}: ${cents}` }
  },
  refund: async () => undefined,
  broken: async (order: string) => { throw ApplicationFailure.nonRetryable(`no such order: ${order}`) },
  slow: async () => {
    try {
      await sleep('1 hour')
    } catch (error) {
      throw error instanceof CancelledFailure ? new CancelledFailure('stopped', ['half done']) : error
    }
  },
}

export interface Run {
  readonly workflowId: string
  readonly history: TemporalHistory
}

/**
 * @param then what is done with the execution, until its history is as wanted
 * @param first the history of its first run, in place of the last
 */
export async function recordedRun(
  workflow: Exclude<keyof typeof workflows, 'lastCharge'>, args: readonly unknown[], then: (handle: WorkflowHandle) => Promise<unknown>,
  first = false,
): Promise<Run> {
  const engine = await Engine.open({ database: ':memory:' })
  try {
    engine.workflows.register(workflows)
    engine.activities.register(activities)
    await engine.start()
    const handle = await engine.workflows.start(workflow, { workflowId: workflow, args })
    await then(handle)
    const recorded = first ? engine.workflows.getHandle(workflow, handle.firstExecutionRunId) : handle
    return { workflowId: workflow, history: await recorded.fetchHistory() }
  } finally {
    await engine.stop()
  }
}

export async function untilEvent(handle: WorkflowHandle, eventType: string, count = 1): Promise<void> {
  for (;;) {
    const events = await handle.history()
    if (events.filter((event) => event.eventType === eventType).length >= count) return
  }
}
