/** Attempts that were left to whoever has their token, by a worker that is gone when they are completed. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { PerdureError } from 'perdure'
import type { Scenario } from '../worker-suite.ts'
import { call, type CallOutcome } from '../workflows.ts'

const oneMinute = { startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } } as const
const completions = 6

export const completionScenarios: readonly Scenario[] = [
  {
    name: 'an attempt that was left outlives a worker that is killed; of all who complete it at once one counts, wrong tokens do nothing',
    isLong: true,
    async run(_t, place) {
      const { id, log, engine } = place
      const worker = await place.addReady({ taskQueues: [id], worker: { maxConcurrentActivities: 1 } })
      const handle = await place.start(call, 'leave', [id], { ...oneMinute, taskQueue: id })
      const token = String((await log.until(id, 'note'))[0]?.value)
      // Its worker ends attempts in their order: when this one has ended, the other is left.
      await (await place.startAs(`${id} next`, call, 'step', [`${id} next`, 1], { ...oneMinute, taskQueue: id })).result()
      await worker.kill()
      while ((await engine.workers.list()).some(({ taskQueues }) => taskQueues.includes(id))) await pause(20)

      assert.deepEqual(await outcomeOf(engine.activities.complete(token.slice(4), 'wrong')), 'TASK_TOKEN_INVALID')
      const another = await place.open({ worker: false })
      const outcomes = await Promise.all(Array.from({ length: completions }, (_, number) => (
        outcomeOf((number % 2 === 0 ? engine : another).activities.complete(token, `completion ${number}`)))))
      const counted = outcomes.indexOf('done')
      assert.deepEqual(outcomes.toSorted(), [...Array.from({ length: completions - 1 }, () => 'ACTIVITY_NOT_FOUND'), 'done'])
      assert.equal((await handle.result() as CallOutcome).result, `completion ${counted}`)
      assert.equal(await outcomeOf(another.activities.complete(token, 'late')), 'ACTIVITY_NOT_FOUND')
      assert.deepEqual(log.of(id).map(({ event, attempt }) => [event, attempt]), [['begin', 1], ['note', 1]])
    },
  },
]

async function outcomeOf(completion: Promise<void>): Promise<string> {
  try {
    await completion
    return 'done'
  } catch (error) {
    if (error instanceof PerdureError) return error.code
    throw error
  }
}
