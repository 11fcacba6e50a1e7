/** An attempt that sends a heartbeat and fails while a commit is under way: its row gathers in the next one, with what follows. */
import type { TestContext } from 'node:test'
import { proxyActivities } from '@perdure/workflow'
import { heartbeat } from '@perdure/workflow/activity'
import type { WorkflowHandle } from '../src/client/workflow-handle.ts'
import { openStage, type Stage } from './worker-stage.ts'

export const { first, flaky, go } = proxyActivities<Record<'first' | 'flaky' | 'go', () => Promise<void>>>({
  startToCloseTimeout: '1 minute', retry: { initialInterval: '1 hour' },
})

export interface GatheringRow {
  readonly stage: Stage
  /** Starts the workflow. The end of `first` is under way until `until`; meanwhile `flaky` fails, and then `go` ends. */
  run(until: Promise<void>): Promise<WorkflowHandle>
}

export function gatheringRow(t: TestContext, workflow: () => Promise<unknown>): GatheringRow {
  const gates = { first: Promise.withResolvers<void>(), flaky: Promise.withResolvers<void>(), go: Promise.withResolvers<void>() }
  const stage = openStage(t, {
    workflows: { w: workflow },
    activities: {
      first: () => gates.first.promise,
      flaky: async () => {
        await gates.flaky.promise
        heartbeat()
        throw new Error('not now')
      },
      go: () => gates.go.promise,
    },
  })
  const run = async (until: Promise<void>): Promise<WorkflowHandle> => {
    const inFlight = Promise.withResolvers<void>()
    const { client } = await stage.addWorker()
    const handle = await client.start('w', { workflowId: 'w' })
    stage.onCommit = async (batch, forward) => {
      if (batch.transitions.some(({ events }) => events.length === 1)) {
        inFlight.resolve()
        await until
        await new Promise(setImmediate)
      }
      return forward(batch)
    }
    gates.first.resolve()
    await inFlight.promise
    gates.flaky.resolve()
    await new Promise(setImmediate)
    gates.go.resolve()
    return handle
  }
  return { stage, run }
}
