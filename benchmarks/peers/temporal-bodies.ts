/** The workflows, whichever way their steps are run. */
import { sleep as pause } from '@temporalio/workflow'

export interface Activities {
  step(id: string, index: number): Promise<object>
}

export function workflowsOf(step: Activities['step']) {
  return {
    chain: async (id: string, steps: number): Promise<number> => {
      for (let index = 0; index < steps; index++) await step(id, index)
      return steps
    },
    fan: async (id: string, steps: number): Promise<number> => {
      const results = await Promise.all(Array.from({ length: steps }, (_, index) => step(id, index)))
      return results.length
    },
    sleep: async (_id: string, ms: number): Promise<number> => {
      await pause(ms)
      return ms
    },
  }
}
