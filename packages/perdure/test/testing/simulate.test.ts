import { type ActivityInterceptorsFactory, ApplicationFailure, PerdureError } from 'perdure'
import { sleep as sleepInActivity } from 'perdure/activity'
import { sleep, type WorkflowInterceptors } from 'perdure/workflow'
import { simulate, SimulationFailedError, type SimulateOptions } from 'perdure/testing'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Bank, confirm, confirmedTransfer, transfer } from './bank.ts'
import * as workflows from './workflows.ts'

const given = { id: 'transfer-1', from: 'ada', to: 'grace', amount: 7 }
const bank = { args: [given] as [typeof given], world: () => new Bank({ ada: 10, grace: 0 }), seeds: 20 }

async function failureOf(simulation: Promise<unknown>): Promise<SimulationFailedError> {
  try {
    await simulation
  } catch (error) {
    assert.ok(error instanceof SimulationFailedError, String(error))
    return error
  }
  return assert.fail('the simulation did not fail')
}

test('a workflow whose activities are safe to be made twice holds, with crashes around each commit and faults from seeds', async () => {
  const report = await simulate(transfer, {
    ...bank,
    activities: (world) => ({ ...world.careful() }),
    invariants: {
      'the transfer is done': ({ outcome }) => assert.equal(outcome.result, 'moved 7'),
      'no money is lost or made': ({ world }) => world.total() === 10 && world.accounts['grace'] === 7,
      'a day passes': ({ tookMs }) => tookMs >= 23 * 60 * 60_000,
      'attempts are counted': ({ calls }) => calls.every(({ attempt }) => attempt >= 1),
    },
  })
  assert.ok(report.commits >= 3)
  assert.deepEqual(report, { runs: 1 + 2 * report.commits + 20, commits: report.commits, calls: 2 })
})

test('an activity that is not safe to be made twice is found, with the one fault that is needed', async () => {
  const options: SimulateOptions<typeof transfer, Bank> = {
    ...bank, activities: (world) => ({ ...world.careless() }), invariants: { 'no money is lost': ({ world }) => world.total() === 10 },
  }
  const found = await failureOf(simulate(transfer, options))
  assert.deepEqual(found.faults, [{ type: 'crash', when: 'before', commit: 1, downMs: 100 }])
  assert.match(found.message, new RegExp([
    "^Workflow 'transfer' in a simulation: invariant 'no money is lost' does not hold \\(the execution is COMPLETED with 'moved 7'\\)",
    '  seed      1', '  fault     the worker crashes before commit 1; the next starts 100 ms later',
    '  attempts  withdraw #1, withdraw #2, deposit #1', '  again     reproduce: \\{ seed: 1, faults: .*\\}$',
  ].join('\n')))
  const again = await failureOf(simulate(transfer, { ...options, reproduce: found }))
  assert.equal(again.message, found.message)
})

test('what an invariant threw is the cause, and faults that are not needed are left out', async () => {
  const found = await failureOf(simulate(transfer, {
    ...bank, seeds: 30, faults: ['activityFails', 'activityIsSlow', 'clockJumps'],
    activities: (world) => ({ ...world.careless() }),
    invariants: { 'grace gets her money once': ({ world }) => assert.equal(world.accounts['grace'], 7, 'she has another amount') },
  }))
  assert.ok(found.cause instanceof assert.AssertionError)
  assert.equal(found.faults.length, 1)
  assert.match(found.message, /does not hold: she has another amount\n\n14 !== 7\n\n {2}seed {6}\d+, shrunk from \d faults to 1\n/)
  assert.match(found.message, /attempt 2 of an activity \('deposit'\) (fails after it has done its work|takes \d+ ms to answer)/)
})

test('messages that arrive twice are found where two people are needed', async () => {
  const options: SimulateOptions<typeof confirmedTransfer, Bank> = {
    ...bank, seeds: 60,
    activities: (world) => ({ ...world.careful() }),
    during: async ({ handle, sleep }) => {
      await handle.signal(confirm, 'ada')
      await sleep('2 days')
      await handle.signal(confirm, 'grace')
    },
    invariants: { 'two people confirmed': ({ outcome }) => outcome.result === 'ada and grace' },
  }
  const found = await failureOf(simulate(confirmedTransfer, { ...options, faults: ['messageIsRepeated'] }))
  assert.deepEqual(found.faults.map(({ type }) => type), ['messageIsRepeated'])
  await simulate(confirmedTransfer, { ...options, faults: ['crash', 'activityFails', 'activityIsSlow'], seeds: 10 })
})

test('activities see the time and the random numbers of the simulation, so that two runs of a seed are the same', async () => {
  const seen: string[] = []
  const options: SimulateOptions<typeof transfer, undefined> = {
    args: [given], seeds: [4], faults: ['activityFails'],
    activities: {
      withdraw: async () => {
        const before = Date.now()
        await new Promise((resolve) => setTimeout(resolve, 10_000))
        await pause(10_000)
        await sleepInActivity('10 seconds')
        seen.push([new Date().toISOString(), Date.now() - before, Math.random(), crypto.randomUUID()].join(' '))
      },
      deposit: async () => undefined,
    },
  }
  for (let run = 0; run < 2; run++) await simulate(transfer, { ...options, reproduce: { seed: 4, faults: [] } })
  const [one = '', other] = seen
  assert.equal(one, other)
  assert.match(one, /^2026-01-01T00:00:30.\d{3}Z 30000 0\.\d+ [0-9a-f-]{36}$/)
})

test('runs of a simulation do not see each other, also when two are made at once', async () => {
  const options = { ...bank, seeds: 5, invariants: { 'no money is lost': ({ world }: { world: Bank }) => world.total() === 10 } }
  const made = await Promise.all([
    simulate(transfer, { ...options, activities: (world) => ({ ...world.careful() }) }),
    simulate(transfer, { ...options, activities: (world) => ({ ...world.careful() }) }),
  ])
  assert.deepEqual(made[0], made[1])
})

test('an activity that keeps state between runs is told to be the reason', async () => {
  let runs = 0
  const found = await failureOf(simulate(transfer, {
    args: [given], seeds: 3, activities: { withdraw: () => undefined, deposit: () => void runs++ },
    invariants: { 'only the first three': () => runs !== 4 },
  }))
  assert.match(found.message, /Another run of the same seed went another way: .* Make what they share in `world`/)
})

test('a run that never ends, does not replay, calls what is not given, or waits for real things, is a failure that says so', async () => {
  const quietly = { seeds: 1, faults: [] }
  const stuck = await failureOf(simulate(workflows.waitingForEver, quietly))
  assert.match(stuck.message, /It never ends: it waits, and nothing is under way that would wake it\n {2}seed {6}1\n {2}fault {5}none/)
  const changing = await failureOf(simulate(workflows.counting, quietly))
  assert.match(changing.message, /Workflow 'counting' does something else when its history is replayed: [^]*expected {2}the result \d+/)
  const missing = await failureOf(simulate(workflows.order, { ...quietly, args: [1] }))
  assert.match(missing.message, /It calls activity 'charge', which is not among the activities given: there are none/)
  const mistyped = await failureOf(simulate(workflows.order, { ...quietly, args: [1], activities: { chrge: async () => 1 } }))
  assert.match(mistyped.message, /It calls activity 'charge', which is not among the activities given: chrge/)
  const real = await failureOf(simulate(workflows.order, {
    ...quietly, args: [1], activities: { charge: async () => readFile(import.meta.filename, 'utf8') },
  }))
  assert.match(real.message, /Activity 'charge' never returns: in a simulation an activity may wait for time/)
  const failing = await failureOf(simulate(workflows.approval, { ...quietly, during: () => { throw new Error('as it was told') } }))
  assert.match(failing.message, /What is done meanwhile failed: as it was told/)
})

test('a workflow that fails for good is an outcome like any other', async () => {
  await simulate(workflows.failing, {
    seeds: 3,
    invariants: {
      'it fails as it was told': ({ outcome, history }) => {
        assert.equal(outcome.status, 'FAILED')
        assert.ok(outcome.failure instanceof ApplicationFailure && outcome.failure.type === 'Told')
        assert.equal(history.at(-1)?.eventType, 'WorkflowExecutionFailed')
      },
    },
  })
})

test('interceptors stand around workflows and activities, on replay as well; errors hold a workflow as on the worker', async () => {
  const napping = (): WorkflowInterceptors => ({
    inbound: [{ execute: async (input, next) => { await sleep('1 hour'); return next(input) } }],
  })
  const telling: ActivityInterceptorsFactory = () => ({
    inbound: { execute: async (input, next) => `told: ${String(await next(input))}` },
  })
  await simulate(workflows.order, {
    args: [1], seeds: 3, activities: { charge: () => 'charged' }, interceptors: { workflow: [napping], activity: [telling] },
    invariants: {
      'it slept first': ({ tookMs }) => tookMs >= 3_600_000,
      'the activity was intercepted': ({ outcome }) => assert.equal(outcome.result, 'told: charged'),
    },
  })
  const mistaken = async (): Promise<void> => { throw new TypeError('a mistake') }
  const held = await failureOf(simulate(mistaken, { seeds: 1, faults: [], workflowFailureErrorTypes: {} }))
  assert.match(held.message, /It is held \(task_failure\): .*a mistake/)
})

test('bad input: each wrong option of a simulation is told', async () => {
  for (const [options, message] of [
    [{ seed: 7 }, /^simulate\(\): unknown option 'seed'; did you mean 'seeds'\?$/],
    [{ seeds: 0 }, /^simulate\(\): the option seeds is 0; give how many, from 1 on, or a list of whole numbers$/],
    [{ seeds: ['a'] }, /the option seeds is \["a"\]/],
    [{ seeds: 'ab' }, /the option seeds is "ab"; give how many/],
    [{ faults: ['crsh'] }, /^simulate\(\): there is no fault 'crsh'; did you mean 'crash'\?$/],
    [{ invariants: { sound: true } }, /^simulate\(\): the invariant 'sound' is a value of type boolean; give a function$/],
    [{ invariants: () => false }, /^simulate\(\): the option invariants is a value of type function; give an object of functions/],
    [{ invariants: [() => false] }, /^simulate\(\): the option invariants is a list; give an object of functions/],
    [{ reproduce: { seed: 1 } }, /^simulate\(\): the option reproduce is \{"seed":1\}; give what a failure told/],
    [{ reproduce: { seed: 1, faults: [{ type: 'crash', when: 'befor', commit: 1, downMs: 1 }] } }, /its 'when' is 'before' or 'after'$/],
    [{ reproduce: { seed: 1, faults: [{ type: 'crsh' }] } }, /: its type is one of crash, activityFails, /],
    [{ reproduce: { seed: 1, faults: [{ type: 'clockJumps', commit: 1, ms: 5, at: 2 }] } }, /has no 'at'; it has commit, ms$/],
    [{ reproduce: { seed: 1, faults: ['crash'] } }, /the fault "crash": it is no object$/],
    [{ world: {} }, /^simulate\(\): the option world is a value of type object; give a function$/],
    [null, /^simulate\(\): its options are null; give an object$/],
  ] as const) {
    await assert.rejects(simulate(workflows.failing, options as never), (error) => {
      return error instanceof PerdureError && error.code === 'SIMULATION_OPTIONS_INVALID' && message.test(error.message)
    }, String(message))
  }
  await assert.rejects(simulate('transfer' as never, {} as never), { code: 'SIMULATION_OPTIONS_INVALID' })
})
