import assert from 'node:assert/strict'
import { ActivityFailure } from 'perdure/workflow'
import { probe } from '../probe.ts'
import { as, failureOf, type Scenario } from '../stage.ts'
import * as races from '../workflows/races.ts'

export const raceScenarios: readonly Scenario[] = [
  {
    name: 'a timer wins against an activity that takes longer',
    async run(_t, { id, start }) {
      assert.equal(await (await start(races.timerWins, id)).result(), 'timer')
    },
  },
  {
    name: 'an activity wins against a timer that takes longer',
    async run(_t, { start }) {
      assert.equal(await (await start(races.activityWins)).result(), 'Hello, you!')
    },
  },
  {
    name: 'a signal wins against a timer that takes longer, and the timer against none',
    async run(_t, { id, engine }) {
      const { workflows } = engine
      const signalled = await workflows.start(races.signalOrTimer, { workflowId: id, args: [3_600_000] })
      await signalled.signal(races.hurry)
      assert.equal(await signalled.result(), 'signal')
      assert.equal(await workflows.execute(races.signalOrTimer, { workflowId: `${id}-timer`, args: [10] }), 'timer')
    },
  },
  {
    name: 'races between activities, timers and signals end the same way on every replay',
    async run(_t, { id, engine, cold }) {
      const { workflows } = engine
      const inTurn = await workflows.execute(races.racesInTurn, { workflowId: id, args: [cold ? 8 : 20] }) as string[]
      assert.equal(inTurn.length, cold ? 8 : 20)
      const storm = Array.from({ length: 20 }, async (_, index) => {
        const handle = await workflows.start(races.signalOrTimer, { workflowId: `${id}-${index}`, args: [index + 1] })
        await handle.signal(races.hurry).catch(() => undefined) // it may have ended by its timer
        const winner = await handle.result()
        assert.ok(['signal', 'timer'].includes(winner))
        const [first] = (await handle.history()).map((event) => event.eventType).filter((type) => /Signaled|TimerFired/.test(type))
        assert.equal(first, winner === 'signal' ? 'WorkflowExecutionSignaled' : 'TimerFired', 'log order decides')
      })
      await Promise.all(storm)
    },
  },
  {
    name: 'any gives the first success',
    async run(_t, { id, start }) {
      assert.equal(await (await start(races.firstSuccess, id)).result(), 'Hello, you!')
    },
  },
  {
    name: 'all fails with the first failure while others still run',
    async run(_t, { id, start }) {
      as(ActivityFailure, (await failureOf((await start(races.allMustSucceed, id)).result())).cause)
    },
  },
  {
    name: 'allSettled waits for all',
    async run(_t, { id, start }) {
      assert.deepEqual(await (await start(races.allSettled, id)).result(), ['fulfilled', 'rejected', 'fulfilled'])
    },
  },
  {
    name: 'the loser of a race may still be awaited',
    async run(_t, { id, start }) {
      const handle = await start(races.afterRace, id)
      await probe(id).noted('entered')
      probe(id).open()
      const [winner, greeting, slow] = await handle.result() as string[]
      assert.ok(winner === 'timer' || winner === 'slow')
      assert.deepEqual([greeting, slow], ['Hello, you!', 'slow'])
    },
  },
]
