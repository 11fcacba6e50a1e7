/** Limits of a task queue over all its workers: what began is counted by the activities themselves. */
import assert from 'node:assert/strict'
import type { LogLine } from '../attempt-log.ts'
import type { Place, Scenario } from '../worker-suite.ts'
import { flood } from '../workflows.ts'

const workers = 3
const perSecond = 50
const windowMs = 10_000
/** More than the window lets begin. */
const steps = perSecond * windowMs / 1_000 * 1.4

export const limitScenarios: readonly Scenario[] = [
  {
    name: `a rate of ${perSecond} a second over ${workers} workers, which run its workflows too, is kept within a tenth`,
    isLong: true,
    async run(t, place) {
      const { id, engine } = place
      await engine.taskQueues.setLimits(id, { activitiesPerSecond: perSecond })
      const begins = await beginsOfFlood(place, steps)
      const endAt = (begins[0]?.at ?? 0) + windowMs
      const inWindow = begins.filter(({ at }) => at < endAt)
      const wanted = perSecond * windowMs / 1_000
      const shares = [...Map.groupBy(inWindow, ({ pid }) => pid).values()].map((lines) => lines.length)
      t.diagnostic(`${inWindow.length} began in ${windowMs} ms, by worker ${shares.join(', ')}`)
      assert.ok(Math.abs(inWindow.length - wanted) <= wanted / 10, `${inWindow.length} activities began in ${windowMs} ms`)
      assert.equal(shares.length, workers)
      assert.ok(begins.every(({ attempt }) => attempt === 1))
    },
  },
  {
    name: `no more than 2 activities of a queue run at once over ${workers} workers, which run its workflows too`,
    isLong: true,
    async run(t, place) {
      const { id, log, engine } = place
      await engine.taskQueues.setLimits(id, { maxConcurrentActivities: 2 })
      const begins = await beginsOfFlood(place, 60)
      let [running, most] = [0, 0]
      for (const { event } of log.read().filter(({ workflowId }) => workflowId.startsWith(`${id} `))) {
        running += event === 'begin' ? 1 : -1
        most = Math.max(most, running)
      }
      t.diagnostic(`${new Set(begins.map(({ pid }) => pid)).size} workers took part`)
      assert.deepEqual([begins.length, running, most], [60, 0, 2])
    },
  },
  {
    name: 'a worker begins no more activities a second than its own rate allows, of other workers\' workflows too',
    isLong: true,
    async run(t, place) {
      const { id, log } = place
      await place.addReady({ taskQueues: [id], worker: { activitiesPerSecond: 20 } })
      const handle = await place.start(flood, id, 60, 1)
      await handle.result()
      const begins = log.read().filter(({ workflowId, event }) => workflowId === id && event === 'begin').map(({ at }) => at)
      const tookMs = Math.max(...begins) - Math.min(...begins)
      t.diagnostic(`${begins.length} began within ${tookMs} ms`)
      assert.equal(begins.length, 60)
      assert.ok(tookMs >= 0.9 * 1_000 * 60 / 20, `60 began within ${tookMs} ms`)
    },
  },
]

/** One execution in each worker's hand. */
async function beginsOfFlood(place: Place, total: number): Promise<readonly LogLine[]> {
  const { id, log, engine } = place
  const added = await Promise.all(Array.from({ length: workers }, () => place.addReady({ taskQueues: [id], runs: 'both' })))
  const ids = added.map((_, number) => `${id} flood-${number}`)
  await Promise.all(added.map((worker, number) => (
    worker.start({ workflow: 'flood', workflowId: ids[number] ?? '', args: [id, Math.ceil(total / workers), 10] }))))
  await Promise.all(ids.map((workflowId) => engine.workflows.getResult(workflowId)))
  return log.read().filter(({ workflowId, event }) => ids.includes(workflowId) && event === 'begin').sort((a, b) => a.at - b.at)
}
