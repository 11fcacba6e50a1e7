import assert from 'node:assert/strict'
import { probe } from '../probe.ts'
import type { Scenario } from '../stage.ts'
import * as retries from '../workflows/retries.ts'

export const timeoutScenarios: readonly Scenario[] = [
  {
    name: 'an attempt that takes longer than start-to-close has timed out',
    async run(_t, { id, start }) {
      const handle = await start(retries.timedOut, id, { startToCloseTimeout: 40, retry: { maximumAttempts: 1 } })
      assert.deepEqual(await handle.result(), {
        retryState: 'MAXIMUM_ATTEMPTS_REACHED', timeoutType: 'START_TO_CLOSE', lastHeartbeatDetails: null,
      })
      assert.deepEqual(probe(id).notes, ['attempt 1'])
    },
  },
  {
    name: 'an attempt that timed out is tried again',
    async run(_t, { id, start }) {
      const handle = await start(retries.hung, id, 2, { startToCloseTimeout: 200, retry: { initialInterval: 1 } })
      const attempt = await handle.result() as number
      assert.ok(attempt >= 2)
      assert.deepEqual(probe(id).notes.slice(0, 2), ['attempt 1', 'attempt 2'])
    },
  },
  {
    name: 'what an attempt returns after it timed out is not counted',
    async run(_t, { id, start }) {
      const handle = await start(retries.timedOut, id, { startToCloseTimeout: 40, retry: { maximumAttempts: 1 } })
      await handle.result()
      probe(id).open()
      const events = await handle.history()
      assert.equal(events.filter((event) => event.eventType.startsWith('ActivityTask')).at(-1)?.eventType, 'ActivityTaskTimedOut')
    },
  },
  {
    name: 'an activity that nobody starts in time has timed out by schedule-to-start and is not retried',
    async run(_t, { id, start, ownQueue }) {
      const options = { taskQueue: ownQueue, scheduleToStartTimeout: 60, startToCloseTimeout: '1 minute' } as const
      assert.deepEqual(await (await start(retries.timedOut, id, options)).result(), {
        retryState: 'TIMEOUT', timeoutType: 'SCHEDULE_TO_START', lastHeartbeatDetails: null,
      })
      assert.deepEqual(probe(id).notes, [])
    },
  },
  {
    name: 'an activity that nobody starts before schedule-to-close was not started in time, as on Temporal, and is not retried',
    async run(_t, { id, start, ownQueue }) {
      assert.deepEqual(await (await start(retries.timedOut, id, { taskQueue: ownQueue, scheduleToCloseTimeout: 60 })).result(), {
        retryState: 'TIMEOUT', timeoutType: 'SCHEDULE_TO_START', lastHeartbeatDetails: null,
      })
    },
  },
  {
    name: 'schedule-to-close ends all attempts, also one that runs',
    async run(_t, { id, start }) {
      const handle = await start(retries.timedOut, id, { scheduleToCloseTimeout: 1_000, retry: { initialInterval: 1 } })
      const timeout = await handle.result() as { readonly timeoutType: string }
      assert.equal(timeout.timeoutType, 'SCHEDULE_TO_CLOSE')
      assert.deepEqual(probe(id).notes, ['attempt 1'])
    },
  },
  {
    name: 'an activity that falls silent has timed out, and its next attempt knows how far it was',
    async run(_t, { id, start }) {
      assert.deepEqual(await (await start(retries.silent, id, 3)).result(), { page: 3 })
    },
  },
  {
    name: 'a heartbeat timeout carries the details of the last heartbeat',
    async run(_t, { id, start }) {
      assert.deepEqual(await (await start(retries.silentOnce, id, 4)).result(), {
        retryState: 'MAXIMUM_ATTEMPTS_REACHED', timeoutType: 'HEARTBEAT', lastHeartbeatDetails: { page: 4 },
      })
    },
  },
  {
    name: 'heartbeat details outlive an attempt without heartbeats',
    async run(_t, { start }) {
      assert.deepEqual(await (await start(retries.remembered, 5)).result(), { page: 5 })
    },
  },
  {
    name: 'an activity that sends heartbeats may take longer than its heartbeat timeout',
    async run(_t, { start }) {
      assert.equal(await (await start(retries.beating, 45)).result(), 1)
    },
  },
]
