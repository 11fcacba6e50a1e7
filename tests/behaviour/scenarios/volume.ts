import assert from 'node:assert/strict'
import type { Scenario } from '../stage.ts'
import * as steps from '../workflows/steps.ts'

export const volumeScenarios: readonly Scenario[] = [
  {
    name: 'a thousand activities of one workflow run in parallel (a hundred when every event replays)',
    async run(_t, { start, cold }) {
      const count = cold ? 100 : 1_000
      const handle = await start(steps.sumAtOnce, count)
      assert.equal(await handle.result(), (count * (count + 1)) / 2)
    },
  },
  {
    name: 'two hundred workflows run at once',
    async run(_t, { id, engine }) {
      const results = await Promise.all(Array.from({ length: 200 }, async (_, index) => {
        const handle = await engine.workflows.start(steps.sumInTurn, { workflowId: `${id}-${index}`, args: [[index, 1, 1]] })
        return handle.result()
      }))
      assert.deepEqual(results, Array.from({ length: 200 }, (_, index) => index + 2))
    },
  },
  {
    name: 'two hundred activities run in a row in one workflow (forty when every event replays)',
    async run(_t, { start, cold }) {
      const count = cold ? 40 : 200
      const handle = await start(steps.sumInTurn, Array.from({ length: count }, () => 1))
      assert.equal(await handle.result(), count)
    },
  },
]
