import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  ApplicationFailure, CancelledFailure, continueAsNew, ContinueAsNew, DeterminismViolationError, proxyActivities, Saga, type SagaOptions,
  sleep,
} from '@perdure/workflow'
import { FakeHost, installTestRuntime } from './fake-host.ts'

const { undoRoom, undoFlight } = proxyActivities<{ undoRoom(): Promise<string>; undoFlight(): Promise<string> }>({
  startToCloseTimeout: '1 minute',
})

let host: FakeHost
let done: string[]
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
  done = []
})

const noting = (name: string) => async (): Promise<string> => {
  done.push(name)
  return `${name} result`
}
const failing = (name: string) => async (): Promise<never> => {
  done.push(name)
  throw new Error(`${name} is gone`)
}

test('a saga that succeeds undoes nothing and gives its result', async () => {
  const result = await host.run(() => Saga.run(async (saga) => saga.step('room', noting('room'), noting('undo room'))))
  assert.equal(result, 'room result')
  assert.deepEqual(done, ['room'])
})

test('what was done is undone in reverse order, with the results of the steps, and the error is thrown again', async () => {
  const error = ApplicationFailure.nonRetryable('card refused')
  await assert.rejects(host.run(() => Saga.run(async (saga) => {
    for (const name of ['room', 'flight']) await saga.step(name, noting(name), async (result) => void done.push(`undo ${result}`))
    saga.addCompensation('payment', noting('undo payment'))
    throw error
  })), error)
  assert.deepEqual(done, ['room', 'flight', 'undo payment', 'undo flight result', 'undo room result'])
})

test('a step that failed is not undone, unless its compensation was added before', async () => {
  await assert.rejects(host.run(() => Saga.run(async (saga) => {
    saga.addCompensation('first', noting('undo first'))
    await saga.step('second', failing('second'), noting('undo second'))
  })), { message: 'second is gone' })
  assert.deepEqual(done, ['second', 'undo first'])
})

test('a step that is under way when another fails is waited for, and undone', async () => {
  const running = host.run(() => Saga.run(async (saga) => {
    await Promise.all([
      saga.step('room', () => sleep(5), noting('undo room')),
      saga.step('flight', failing('flight'), noting('undo flight')),
    ])
  }))
  const thrown = assert.rejects(running, { message: 'flight is gone' })
  await host.drain()
  assert.deepEqual(done, ['flight'])
  await host.complete('timer 5')
  await thrown
  assert.deepEqual(done, ['flight', 'undo room'])
})

test('compensations survive a cancellation of the workflow, before and while they run', async () => {
  const running = host.run(() => Saga.run(async (saga) => {
    saga.addCompensation('room', undoRoom)
    saga.addCompensation('flight', undoFlight)
    await sleep(1_000)
  }))
  const thrown = assert.rejects(running, CancelledFailure)
  host.rootScope.cancel()
  await host.drain()
  assert.deepEqual(host.asked, ['timer 1000', 'cancel timer 1000', 'undoFlight'])
  await host.complete('undoFlight', 'gone')
  assert.deepEqual(host.asked.slice(3), ['undoRoom'])
  await host.complete('undoRoom', 'gone')
  await thrown
})

test('best effort: one that fails is told in the log, the others run, and the first error stays', async () => {
  const outcomes = await host.run(async () => {
    const saga = new Saga()
    saga.addCompensation('room', noting('undo room'))
    saga.addCompensation('flight', failing('undo flight'))
    return [await saga.compensate(), await saga.compensate()]
  })
  assert.deepEqual(done, ['undo flight', 'undo room'])
  const [first, second] = outcomes
  assert.deepEqual(first?.map(({ name, status }) => `${name} ${status}`), ['flight failed', 'room undone'])
  assert.deepEqual(second, [], 'each runs once')
  assert.deepEqual(host.logged, [
    { level: 'ERROR', message: "Compensation 'flight' failed", attributes: { reason: 'undo flight is gone' } },
  ])
})

test('each compensation runs once, also when two ask for it at the same time', async () => {
  const undone: string[] = []
  const saga = new Saga()
  saga.addCompensation('a', async () => { await sleep(1); undone.push('a') })
  saga.addCompensation('b', async () => { await sleep(2); undone.push('b') })
  const running = host.run(() => Promise.all([saga.compensate(), saga.compensate()]))
  await host.drain()
  await host.complete('timer 2')
  await host.complete('timer 1')
  const [first, second] = await running
  assert.deepEqual(undone, ['b', 'a'])
  assert.deepEqual([first.map(({ name }) => name), second], [['b', 'a'], []])
})

test('strict: one that fails stops the others, and says which are left; they can be tried again', async () => {
  let isGone = true
  const saga = new Saga({ mode: 'strict' })
  saga.addCompensation('room', noting('undo room'))
  saga.addCompensation('flight', async () => isGone ? failing('undo flight')() : noting('undo flight')())
  saga.addCompensation('payment', noting('undo payment'))
  await assert.rejects(host.run(() => saga.compensate()), (error: ApplicationFailure) => {
    assert.equal(error.message, "Compensation 'flight' failed: undo flight is gone; not undone: flight, room")
    assert.deepEqual([error.type, error.nonRetryable, error.details], ['CompensationFailed', true, ['flight', 'room']])
    assert.equal(error.cause?.message, 'undo flight is gone')
    return true
  })
  isGone = false
  await host.run(() => saga.compensate())
  assert.deepEqual(done, ['undo payment', 'undo flight', 'undo flight', 'undo room'])
})

test('strict: the saga fails with the compensation', async () => {
  const run = (): Promise<void> => Saga.run(async (saga) => {
    saga.addCompensation('room', failing('undo room'))
    throw new Error('first')
  }, { mode: 'strict' })
  await assert.rejects(host.run(run), { type: 'CompensationFailed' })
})

test('continuing as new and mistakes in the code undo nothing', async () => {
  const mistake = new DeterminismViolationError('fetch')
  const ends: [() => Promise<never>, unknown][] = [
    [() => continueAsNew<() => Promise<void>>(), ContinueAsNew],
    [async () => { throw mistake }, DeterminismViolationError],
  ]
  for (const [end, thrown] of ends) {
    await assert.rejects(host.run(() => Saga.run(async (saga) => {
      saga.addCompensation('room', noting('undo room'))
      await end()
    })), thrown as typeof Error)
  }
  assert.deepEqual(done, [])
})

test('wrong options are refused', () => {
  const table: [unknown, RegExp][] = [
    [{ mode: 'loose' }, /mode is 'loose'; give one of best-effort, strict/], [{ moed: 'strict' }, /'moed'.*'mode'/],
  ]
  for (const [options, message] of table) assert.throws(() => new Saga(options as SagaOptions), { code: 'OPTIONS_INVALID', message })
})
