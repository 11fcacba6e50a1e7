import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import {
  CancellationScope, condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep, workflowInfo,
} from '@perdure/workflow'
import type { HistoryEvent } from '../protocol/event.ts'
import type { Payload } from '../protocol/payload.ts'
import { installDeterministicGlobals } from '../determinism/globals.ts'
import type { WorkflowFunction } from '../registry.ts'
import { ExecutionDriver, factsOf, startedAt } from '../../test/execution-driver.ts'
import { runLive } from '../../test/random-events.ts'
import { randomProgram, workflowOf } from '../../test/random-program.ts'
import { NondeterminismError } from './nondeterminism-error.ts'

installDeterministicGlobals()

const seen = new Map<string, number>()
const mark = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1)

test('replay from cold after every event gives the same commands, numbers and end as the live run (I6)', async () => {
  await fc.assert(fc.asyncProperty(randomProgram, fc.array(fc.nat(209), { minLength: 6, maxLength: 16 }), async (program, choices) => {
    const { driver, states, afterEnd } = await runLive(workflowOf(program), choices)
    mark(driver.live.outcome?.type ?? 'open')
    if (afterEnd > 1) mark('messages after the end')
    for (const event of driver.events) mark(event.type)
    for (let length = 0; length <= driver.events.length; length++) {
      const cold = new ExecutionDriver(workflowOf(program), { replaying: true })
      await cold.begin()
      for (const event of driver.events.slice(0, length)) await cold.applyRecord(event)
      assert.equal(cold.state(), states[length], `after ${length} of ${driver.events.length} events`)
      assert.deepEqual(cold.asked, driver.asked.slice(0, length + 1))
      assert.deepEqual(cold.strays, [])
    }
  }), { numRuns: 400 })
  for (const what of ['open', 'completed', 'failed', 'cancelled', 'TimerFired', 'WorkflowExecutionSignaled',
    'WorkflowExecutionCancelRequested', 'messages after the end',
    'ActivityTaskCompleted', 'ActivityTaskFailed', 'ActivityTaskCanceled']) {
    assert.ok((seen.get(what) ?? 0) > 0, `the programs never met ${what}: ${JSON.stringify([...seen])}`)
  }
})

test('that comparison notices code that asks whether it is replayed', async () => {
  const states = await Promise.all([false, true].map(async (replaying) => {
    const driver = new ExecutionDriver(async () => { await (workflowInfo().unsafe.isReplaying ? sleep(1) : sleep(2)) }, { replaying })
    await driver.begin()
    return driver.state()
  }))
  assert.notEqual(states[0], states[1])
})

const { charge, ship } = proxyActivities<{ charge(): Promise<void>; ship(): Promise<void> }>({ startToCloseTimeout: '1 minute' })

/** The history that `recorded` makes when its first activity completes, replayed by `changed`. */
async function replayedBy(changed: WorkflowFunction,
  recorded: WorkflowFunction = async () => { await charge(); await sleep(5) }): Promise<unknown> {
  const before = new ExecutionDriver(recorded, { replaying: false })
  await before.begin()
  await before.apply({ ...factsOf(before.live, 1), type: 'ActivityTaskCompleted', result: '' as Payload }, startedAt)
  const [timer] = before.live.pending.timers.values()
  if (timer !== undefined) {
    await before.apply({ type: 'TimerFired', command: timer.command, durationMs: timer.durationMs, startedAt: timer.startedAt },
      timer.fireAt)
  }
  const after = new ExecutionDriver(changed, { replaying: true, captureLocations: true })
  await after.begin()
  try {
    for (const event of before.events) await after.applyRecord(event)
    return undefined
  } catch (error) {
    return error
  }
}

describe('code that does not fit its history', () => {
  const cases: readonly { what: string; changed: WorkflowFunction; seq: number; expected: string; got: string }[] = [
    {
      what: 'another activity', changed: async () => { await ship(); await sleep(5) }, seq: 1,
      expected: "ActivityTaskCompleted for command 1: activity 'charge'", got: "command 1 is activity 'ship'",
    },
    {
      what: 'a timer in place of an activity', changed: async () => { await sleep(1) }, seq: 1,
      expected: "ActivityTaskCompleted for command 1: activity 'charge'", got: 'command 1 is timer',
    },
    {
      what: 'an activity in place of a timer', changed: async () => { await charge(); await ship() }, seq: 2,
      expected: 'TimerFired for command 2: timer of 5 ms', got: "command 2 is activity 'ship'",
    },
    {
      what: 'a missing command', changed: async () => { await charge(); await condition(() => false) }, seq: 2,
      expected: 'TimerFired for command 2: timer of 5 ms', got: 'the code issued only 1 command up to here',
    },
    {
      what: 'no command at all', changed: async () => { await condition(() => false) }, seq: 1,
      expected: "ActivityTaskCompleted for command 1: activity 'charge'", got: 'the code issued only 0 commands up to here',
    },
    {
      what: 'an early end', changed: async () => { await charge() }, seq: 2,
      expected: 'TimerFired for command 2: timer of 5 ms', got: 'the workflow had already ended',
    },
  ]
  for (const { what, changed, seq, expected, got } of cases) {
    test(`${what} is told with what was expected and what came`, async () => {
      const error = await replayedBy(changed)
      assert.ok(error instanceof NondeterminismError, String(error))
      assert.equal(error.code, 'NONDETERMINISM')
      assert.equal(error.mismatch.seq, seq)
      assert.equal(error.mismatch.expected, expected)
      assert.ok(error.mismatch.got.startsWith(got), error.mismatch.got)
      assert.ok(error.message.includes(`expected  ${expected}\n  got       ${got}`), error.message)
    })
  }

  test('the code that made the history replays it', async () => {
    assert.equal(await replayedBy(async () => { await charge(); await sleep(5) }), undefined)
  })

  test('a command that was settled before is named as such', async () => {
    const driver = new ExecutionDriver(async () => { await charge(); await sleep(5) }, { replaying: true })
    await driver.begin()
    const facts = factsOf(driver.live, 1)
    await driver.apply({ ...facts, type: 'ActivityTaskCompleted', result: '' as Payload }, startedAt)
    await assert.rejects(driver.apply({ ...facts, type: 'ActivityTaskCompleted', result: '' as Payload }, startedAt), /settled already/)
  })
})

describe('one execution in memory', () => {
  const note = defineSignal<[number]>('note')
  const signalled = (value: number): HistoryEvent => (
    { type: 'WorkflowExecutionSignaled', signalName: 'note', identity: 'i', input: `[${value}]` as Payload })

  test('signals without a handler are kept in order until one is set', async () => {
    const seen: number[] = []
    const driver = new ExecutionDriver(async () => {
      await sleep(1)
      setHandler(note, (value: number) => { seen.push(value) })
    }, { replaying: false })
    await driver.begin()
    for (const value of [1, 2, 3]) await driver.apply(signalled(value), startedAt)
    assert.deepEqual(seen, [])
    await driver.apply({ type: 'TimerFired', command: 1, durationMs: 1, startedAt }, startedAt + 1)
    assert.deepEqual(seen, [1, 2, 3])
  })

  test('a handler that sets another while signals wait: those that both take come in their order, as on Temporal', async () => {
    const seen: string[] = []
    const driver = new ExecutionDriver(async () => {
      await sleep(1)
      setHandler(note, (value: number) => {
        seen.push(`note ${value}`)
        setHandler(defineSignal<[number]>('other'), (other: number) => { seen.push(`other ${other}`) })
      })
      seen.push('set')
    }, { replaying: false })
    await driver.begin()
    for (const value of [1, 2]) await driver.apply(signalled(value), startedAt)
    await driver.apply({ type: 'WorkflowExecutionSignaled', signalName: 'other', identity: 'i', input: '[3]' as Payload }, startedAt)
    await driver.apply({ type: 'TimerFired', command: 1, durationMs: 1, startedAt }, startedAt + 1)
    assert.deepEqual(seen, ['note 1', 'note 2', 'other 3', 'set'])
  })

  test('workflow time is that of the event and never goes back', async () => {
    const times: number[] = []
    const driver = new ExecutionDriver(async () => {
      setHandler(note, () => { times.push(Date.now()) })
      times.push(Date.now())
      await condition(() => false)
    }, { replaying: false })
    await driver.begin()
    await driver.apply(signalled(1), startedAt + 50)
    await driver.apply(signalled(2), startedAt + 20)
    assert.deepEqual(times, [startedAt, startedAt + 50, startedAt + 50])
  })

  test('all conditions that hold wake, also when the first undoes what woke it', async () => {
    const woken: string[] = []
    let open = false
    const driver = new ExecutionDriver(async () => {
      setHandler(note, () => { open = true })
      const one = condition(() => open).then(() => { woken.push('one'); open = false })
      const two = condition(() => open).then(() => { woken.push('two') })
      await Promise.all([one, two])
    }, { replaying: false })
    await driver.begin()
    await driver.apply(signalled(1), startedAt)
    assert.deepEqual(woken, ['one', 'two'])
    assert.equal(driver.live.outcome?.type, 'completed')
  })

  test('an activity cancelled in the activation that scheduled it leaves no command', async () => {
    const driver = new ExecutionDriver(async () => {
      const scope = new CancellationScope()
      const call = scope.run(() => charge()).catch((error: unknown) => (error as Error).name)
      scope.cancel()
      return call
    }, { replaying: false })
    await driver.begin()
    assert.equal(driver.asked[0], '[]')
    const outcome = driver.live.outcome
    assert.equal(outcome?.type === 'completed' ? outcome.result : outcome, '"ActivityFailure"')
  })

  test('a predicate that throws is a failure of the task, which does not end the execution', async () => {
    let broken = false
    const driver = new ExecutionDriver(async () => {
      setHandler(note, () => { broken = true })
      await condition(() => { if (broken) throw new Error('broken predicate'); return false }).catch(() => 'caught')
    }, { replaying: false })
    await driver.begin()
    await driver.apply(signalled(1), startedAt)
    assert.equal(driver.live.taskFailure?.message, 'broken predicate')
    assert.equal(driver.live.outcome, undefined)
  })

  test('a command after awaiting something foreign is refused and told (E1)', async () => {
    const foreign = Promise.withResolvers<void>()
    const driver = new ExecutionDriver(async () => { await foreign.promise; await charge() }, { replaying: false })
    await driver.begin()
    foreign.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(driver.strays.length, 1)
    assert.match(driver.strays[0]?.message ?? '', /activity 'charge' was called after awaiting something that is not a workflow API/)
    assert.equal(driver.live.pending.issued, 0)
    assert.equal(driver.live.outcome, undefined)
  })

  test('a query handler may not issue commands', async () => {
    const driver = new ExecutionDriver(async () => {
      setHandler(defineQuery<unknown>('ask'), () => sleep(1))
      await condition(() => false)
    }, { replaying: false })
    await driver.begin()
    const query = driver.live.beginQuery('ask', [])
    await new Promise((resolve) => setImmediate(resolve))
    const end = driver.live.endQuery(query)
    assert.match(end.type === 'failed' ? end.message : end.result, /a timer was started; queries may only read/)
    assert.equal(driver.live.pending.issued, 0)
  })
})
