import assert from 'node:assert/strict'
import type { WorkflowHandle } from 'perdure'
import { proxyActivities, sleep } from 'perdure/workflow'
import type * as activities from '../activities/steps.ts'
import { probe } from '../probe.ts'
import { until, type FunctionModule, type Scenario } from '../stage.ts'
import * as determinism from '../workflows/determinism.ts'

/** Of the description that shows it: a moment later the execution may be tried again. */
async function heldReason(handle: Pick<WorkflowHandle, 'describe'>): Promise<{ readonly code: string; readonly reason: string }> {
  let described = await handle.describe()
  await until(async () => (described = await handle.describe()).held !== undefined)
  const { held, status } = described
  assert.equal(status, 'RUNNING')
  assert.ok(held !== undefined)
  return held
}

/** Code under the name of `versioned` that does something else than it did. */
const otherVersions: Readonly<Record<string, FunctionModule>> = {
  'another activity first': {
    versioned: async (key: string): Promise<string> => {
      const { note } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })
      await note(key, 'wrong')
      return 'wrong'
    },
  },
  'a timer first': {
    versioned: async (): Promise<string> => {
      await sleep('1 hour')
      return 'wrong'
    },
  },
  'nothing at all': { versioned: async (): Promise<string> => 'wrong' },
}

export const heldScenarios: readonly Scenario[] = [
  ...Object.entries(otherVersions).map(([what, workflows]): Scenario => ({
    name: `an execution whose code now does ${what} is held with a diff, and goes on with the right code`,
    async run(_t, { id, openAnother }) {
      const first = await openAnother()
      await first.workflows.start(determinism.versioned, { workflowId: id, args: [id] })
      await probe(id).noted('entered')
      await first.stop()
      probe(id).open() // there is an event for the wrong code to be run with

      const wrong = await openAnother({ workflows })
      const held = await heldReason(wrong.workflows.getHandle(id))
      assert.equal(held.code, 'nondeterminism')
      assert.match(held.reason, /expected .*greet/)
      assert.match(held.reason, /got /)
      await wrong.stop()
      assert.ok(!probe(id).notes.includes('wrong'))

      const right = await openAnother()
      const handle = right.workflows.getHandle(id)
      assert.equal(await handle.result(), 'Hello, you! gate')
      assert.equal((await handle.describe()).held, undefined)
    },
  })),
  {
    name: 'an execution of an unknown type is held, and runs when a worker that knows it comes',
    async run(_t, { id, engine, ownQueue, openAnother }) {
      const handle = await engine.workflows.start('greeting', { workflowId: id, taskQueue: ownQueue, args: ['Ada'] })
      await openAnother({ workflows: { greetings: async () => 'other' } })
      assert.equal((await handle.getStatus()).status, 'RUNNING')
      await openAnother()
      assert.equal(await handle.result(), 'Hello, Ada!')
    },
  },
  {
    name: 'an uncaught fetch holds the execution, and the reason can be read',
    async run(_t, { start }) {
      const handle = await start(determinism.fetches)
      const held = await heldReason(handle)
      assert.equal(held.code, 'determinism_violation')
      assert.match(held.reason, /fetch\(\)/)
      await handle.terminate()
    },
  },
  {
    name: 'awaiting what is no workflow API holds the execution, and the reason can be read',
    async run(_t, { start }) {
      const handle = await start(determinism.awaitsForeign)
      const held = await heldReason(handle)
      assert.equal(held.code, 'determinism_violation')
      assert.match(held.reason, /activity 'greet'/)
      await handle.terminate()
    },
  },
  {
    name: 'an unhandled rejection in workflow code holds the execution',
    async run(_t, { start }) {
      const handle = await start(determinism.rejectsUnhandled)
      assert.match((await heldReason(handle)).reason, /nobody listens/)
      await handle.terminate()
    },
  },
  {
    name: 'an activity that fails, or is cancelled, and that nobody awaits holds the execution',
    async run(_t, { id, engine, start }) {
      const failed = await start(determinism.leavesActivityAlone, id)
      assert.match((await heldReason(failed)).reason, /Activity task failed/)
      const cancelled = await engine.workflows.start(determinism.leavesCancelledAlone, { workflowId: `${id}-cancelled`, args: [id] })
      assert.match((await heldReason(cancelled)).reason, /Activity task cancelled/)
      await Promise.all([failed.terminate(), cancelled.terminate()])
    },
  },
  {
    name: 'a predicate that throws at a later look holds the execution or fails it, and is told',
    async run(_t, { start }) {
      const handle = await start(determinism.throwsInPredicate)
      const told = await Promise.race([
        handle.result().then(() => 'completed', (error: Error) => (error.cause as Error).message),
        heldReason(handle).then((held) => held.reason),
      ])
      assert.match(told, /predicate broke/)
      await handle.terminate().catch(() => undefined)
    },
  },
  {
    name: 'a held execution can be cancelled or terminated',
    async run(_t, { start }) {
      const handle = await start(determinism.awaitsForeign)
      await heldReason(handle)
      await handle.cancel()
      await handle.terminate('given up')
      assert.equal((await handle.getStatus()).status, 'TERMINATED')
    },
  },
]
