import assert from 'node:assert/strict'
import { probe } from '../probe.ts'
import { until, type Scenario } from '../stage.ts'
import * as determinism from '../workflows/determinism.ts'

export const determinismScenarios: readonly Scenario[] = [
  {
    name: 'times, random numbers and ids are the same on every replay, also in another worker',
    async run(_t, { id, openAnother, ownQueue }) {
      const first = await openAnother()
      const handle = await first.workflows.start(determinism.draws, { workflowId: id })
      await until(async () => (await handle.query(determinism.drawn) as unknown[]).length === 3)
      const before = await handle.query(determinism.drawn)
      await first.stop()
      const second = await openAnother({ taskQueue: ownQueue })
      const again = second.workflows.getHandle(id)
      assert.deepEqual(await again.query(determinism.drawn), before)
      await again.signal(determinism.stop)
      assert.deepEqual(await again.result(), before)
      assert.deepEqual(await again.query(determinism.drawn), before, 'a closed execution is replayed the same way')
    },
  },
  {
    name: 'two executions do not draw the same numbers and ids',
    async run(_t, { id, engine }) {
      const draws = await Promise.all([1, 2].map(async (index) => {
        const handle = await engine.workflows.start(determinism.draws, { workflowId: `${id}-${index}` })
        await handle.signal(determinism.stop)
        return await handle.result() as readonly { readonly random: number; readonly uuid: string; readonly own: string }[]
      }))
      const all = draws.flat()
      assert.equal(all.length, 6)
      for (const key of ['random', 'uuid', 'own'] as const) assert.equal(new Set(all.map((drawn) => drawn[key])).size, 6, key)
      for (const { uuid } of all) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    },
  },
  {
    name: 'fetch in a workflow throws and says what to do instead',
    async run(_t, { start }) {
      const error = await (await start(determinism.fetchesAndCatches)).result() as Record<string, string>
      assert.deepEqual([error['name'], error['code']], ['DeterminismViolationError', 'DETERMINISM_VIOLATION'])
      assert.match(error['message'] ?? '', /fetch\(\).*activity/s)
    },
  },
  {
    name: 'outside of workflows everything is as it was while workflows run',
    async run(_t, { id, start }) {
      const handle = await start(determinism.versioned, id)
      await probe(id).noted('entered')
      const [first, second] = [Math.random(), Math.random()]
      assert.notEqual(first, second)
      const before = Date.now()
      await new Promise((resolve) => setTimeout(resolve, 5))
      assert.ok(Date.now() > before)
      probe(id).open()
      await handle.result()
    },
  },
]
