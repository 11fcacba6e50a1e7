import assert from 'node:assert/strict'
import type { Engine, WorkflowHandle } from 'perdure'
import { condition, defineSignal, deprecatePatch, patched, proxyActivities, setHandler, sleep } from 'perdure/workflow'
import type * as activities from '../activities/steps.ts'
import { probe } from '../probe.ts'
import { until, type FunctionModule, type Scenario, type Stage } from '../stage.ts'
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

type Asks = 'patched' | 'deprecated' | 'nothing'

const step = defineSignal('step')

/** Asks for one patch in its first activation, and for another when it hears its first signal; ends at the second. */
function changing(atStart: Asks, later: Asks): FunctionModule {
  const ask = (how: Asks, patchId: string): void => {
    if (how === 'patched') patched(patchId)
    else if (how === 'deprecated') deprecatePatch(patchId)
  }
  return {
    changing: async (): Promise<string> => {
      let steps = 0
      setHandler(step, () => {
        steps++
        if (steps === 1) ask(later, 'later')
      })
      ask(atStart, 'at the start')
      await sleep(1)
      await condition(() => steps === 2)
      return 'done'
    },
  }
}

async function runsUnderBoth(stage: Stage, before: FunctionModule, after: FunctionModule): Promise<Engine> {
  const { id, openAnother } = stage
  const first = await openAnother({ workflows: before })
  const begun = await first.workflows.start('changing', { workflowId: id })
  await until(async () => (await begun.history()).some(({ eventType }) => eventType === 'TimerFired'))
  await begun.signal(step)
  await until(async () => (await begun.history()).some(({ eventType }) => eventType === 'WorkflowExecutionSignaled'))
  await first.stop()
  const second = await openAnother({ workflows: after })
  await second.workflows.getHandle(id).signal(step)
  return second
}

export const heldScenarios: readonly Scenario[] = [
  ...([['at the start', 'nothing', 'patched'], ['later', 'patched', 'nothing']] as const).map(([patchId, atStart, later]): Scenario => ({
    name: `an execution whose code does not ask any more for the patch that it took ${patchId} is held, and told what to do`,
    async run(_t, stage) {
      const wrong = await runsUnderBoth(stage, changing('patched', 'patched'), changing(atStart, later))
      const held = await heldReason(wrong.workflows.getHandle(stage.id))
      assert.equal(held.code, 'nondeterminism')
      assert.match(held.reason, new RegExp(`expected  patched\\('${patchId}'\\)`))
      assert.match(held.reason, new RegExp(`deprecatePatch\\('${patchId}'\\)`))
      await wrong.stop()
      const deprecating = await stage.openAnother({ workflows: changing('deprecated', 'deprecated') })
      assert.equal(await deprecating.workflows.getHandle(stage.id).result(), 'done')
    },
  })),
  {
    name: 'a patch that was taken as deprecated may vanish from the code',
    async run(_t, stage) {
      const second = await runsUnderBoth(stage, changing('deprecated', 'deprecated'), changing('nothing', 'nothing'))
      assert.equal(await second.workflows.getHandle(stage.id).result(), 'done')
    },
  },
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
      const { reason } = await heldReason(handle)
      assert.match(reason, /^nobody listens\n {2}at {8}rejectsUnhandled \(.*workflows.determinism\.ts:\d+:\d+\)$/)
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
