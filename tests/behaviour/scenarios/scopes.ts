import assert from 'node:assert/strict'
import { CancelledFailure } from 'perdure/workflow'
import { probe } from '../probe.ts'
import { as, failureOf, type Scenario } from '../stage.ts'
import * as scopes from '../workflows/scopes.ts'

export const scopeScenarios: readonly Scenario[] = [
  {
    name: 'a scope with a timeout gives its result when it is in time',
    async run(_t, { start }) {
      assert.equal(await (await start(scopes.withTimeoutInTime)).result(), 'Hello, you!')
    },
  },
  {
    name: 'a scope with a timeout cancels what takes too long',
    async run(_t, { id, start }) {
      assert.equal(await (await start(scopes.withTimeoutTooLate, id)).result(), 'cancelled activity')
      await probe(id).noted('was c')
    },
  },
  {
    name: 'cancelling a scope reaches the scopes inside it, except shielded ones',
    async run(_t, { start }) {
      assert.deepEqual(await (await start(scopes.nested)).result(), ['cancelled', 'cancelled', 'done'])
    },
  },
  {
    name: 'cancelling an inner scope leaves the outer one alone',
    async run(_t, { start }) {
      assert.deepEqual(await (await start(scopes.innerAlone)).result(), ['cancelled', 'done'])
    },
  },
  {
    name: 'a cancellation that escapes from a scope fails a workflow that nobody cancelled',
    async run(_t, { start }) {
      const handle = await start(scopes.escaping)
      as(CancelledFailure, (await failureOf(handle.result())).cause)
      assert.equal((await handle.getStatus()).status, 'FAILED')
    },
  },
  {
    name: 'an activity cancelled in the turn that called it never runs and leaves no event',
    async run(_t, { start }) {
      const handle = await start(scopes.cancelledAtOnce)
      assert.equal(await handle.result(), 'ActivityFailure')
      assert.ok((await handle.history()).every((event) => !event.eventType.startsWith('ActivityTask')))
    },
  },
  {
    name: 'nothing is scheduled in a scope that was cancelled before',
    async run(_t, { start }) {
      const handle = await start(scopes.calledInCancelled)
      assert.equal(await handle.result(), 'cancelled')
      assert.ok((await handle.history()).every((event) => !event.eventType.startsWith('ActivityTask')))
    },
  },
]
