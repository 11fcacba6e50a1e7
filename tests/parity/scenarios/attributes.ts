import { outcomeOf } from '../described-error.ts'
import type { Scenario, StartSetup } from '../stage.ts'

const code = 'attributes'

function plain(name: string, type: string, args: readonly unknown[] = [], setup: StartSetup = {}): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { ...setup, args })
      const result = await outcomeOf(handle.result())
      const { memo, searchAttributes } = await handle.describe()
      return { result, memo, searchAttributes, events: await handle.events() }
    },
  }
}

export const attributeScenarios: readonly Scenario[] = [
  plain('a memo is changed', 'memo', [[{ a: 2, b: [3] }, { a: null }]], { memo: { a: 1, c: 'kept' } }),
  plain('a memo is changed that was not given', 'memo', [[{ a: { deep: true } }]]),
  {
    name: 'a memo is changed by nothing', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('memo', { args: [[{}]] })
      const end = await Promise.race([outcomeOf(handle.result()), handle.stuck().then((stuck) => ({ stuck }))])
      await handle.terminate().catch(() => {})
      return end
    },
  },
  plain('search attributes are changed', 'plainAttributes', [], { searchAttributes: { ParityKeyword: ['given'], ParityInt: [1] } }),
  plain('typed search attributes are changed', 'typedAttributes', [], { searchAttributes: { ParityKeyword: ['given'], ParityInt: [1] } }),
  plain('the current details', 'details'),
  ...(['at once', 'later', 'too late'] as const).map((how): Scenario => ({
    name: `what the next attempt begins with, when the first changed it and failed (${how})`, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('changesAndFails', {
        args: [how], memo: { a: 1, c: 'kept' }, searchAttributes: { ParityKeyword: ['given'] },
        ...(how === 'too late' ? { workflowRunTimeout: 4_000 } : {}), retry: { maximumAttempts: 5, initialInterval: 1 },
      })
      const result = await outcomeOf(handle.result())
      const first = await stage.getHandle(stage.id, handle.runId).describe()
      return { result, first, last: await stage.getHandle(stage.id).describe() }
    },
  })),
]
