import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@perdure/workflow'
import { record, startedAt } from '../../../test/execution-driver.ts'
import { runLive } from '../../../test/random-events.ts'
import { randomProgram, workflowOf } from '../../../test/random-program.ts'
import { installDeterministicGlobals } from '../../determinism/globals.ts'
import type { LiveExecution } from '../../execution/live-execution.ts'
import { NondeterminismError } from '../../execution/nondeterminism-error.ts'
import type { EventRecord } from '../../protocol/transition.ts'
import type { WorkflowFunction } from '../../registry.ts'
import { replayReadOnly } from './read-only-replay.ts'

installDeterministicGlobals()

const { charge, ship } = proxyActivities<{ charge(): Promise<void>; ship(): Promise<void> }>({ startToCloseTimeout: '1 minute' })

function replay(fn: WorkflowFunction, events: readonly EventRecord[], captureLocations = false): Promise<LiveExecution> {
  return replayReadOnly({ record, fn, wallClock: () => startedAt, captureLocations }, events)
}

function pendingOf({ pending, outcome, cancelRequested, history }: LiveExecution): unknown {
  return {
    activities: [...pending.activities.values()].map(({ command, activityType, scheduledAt }) => [command, activityType, scheduledAt]),
    timers: [...pending.timers.values()].map(({ command, fireAt }) => [command, fireAt]),
    issued: pending.issued, outcome: outcome?.type, cancelRequested, historyLength: history.length,
  }
}

test('it comes to where the execution was, from any history', async () => {
  await fc.assert(fc.asyncProperty(randomProgram, fc.array(fc.nat(209), { maxLength: 12 }), async (program, choices) => {
    const { driver } = await runLive(workflowOf(program), choices)
    const replayed = await replay(workflowOf(program), driver.events)
    assert.deepEqual(pendingOf(replayed), pendingOf(driver.live))
    assert.deepEqual([replayed.activating, replayed.takeCommands(), replayed.takeLogs()], [false, [], []])
  }), { numRuns: 150 })
})

test('many replays at once do not meet', async () => {
  const { driver } = await runLive(async () => { await charge(); await sleep(5); await ship() }, [0, 0, 0])
  const replays = await Promise.all(Array.from({ length: 20 }, (_, length) => (
    replay(async () => { await charge(); await sleep(5); await ship() }, driver.events.slice(0, length % (driver.events.length + 1))))))
  const lengths = replays.map(({ history }) => history.length)
  assert.deepEqual(lengths, replays.map((_, length) => length % (driver.events.length + 1)))
})

describe('what stops a replay is thrown', () => {
  test('a mismatch, with the place in the code when asked for', async () => {
    const { driver } = await runLive(async () => { await charge(); await sleep(5) }, [0])
    const changed = async (): Promise<void> => { await ship() }
    for (const located of [true, false]) {
      const error = await replay(changed, driver.events, located).catch((thrown: unknown) => thrown)
      assert.ok(error instanceof NondeterminismError)
      assert.match(error.message, /activity 'charge'[^]*activity 'ship'/)
      assert.equal(/\n {2}at {8}/.test(error.message), located)
    }
  })

  test('a task failure, and nothing is applied after it', async () => {
    const seen: number[] = []
    const noted = defineSignal<[]>('signal')
    const events = (await runLive(async () => {
      setHandler(noted, () => undefined)
      await condition(() => false)
    }, [0, 0, 0])).driver.events
    assert.equal(events.length, 3)
    await assert.rejects(replay(async () => {
      setHandler(noted, () => { seen.push(seen.length) })
      await condition(() => { if (seen.length === 1) throw new Error('broken predicate'); return false })
    }, events), /broken predicate/)
    assert.deepEqual(seen, [0])
  })
})
