import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { CancellationScope, condition, defineQuery, defineSignal, log, proxyActivities, setHandler, sleep, uuid4 } from '@perdure/workflow'
import type { ExecutionDriver } from '../../test/execution-driver.ts'
import { runLive } from '../../test/random-events.ts'
import { randomProgram, workflowOf } from '../../test/random-program.ts'
import { installDeterministicGlobals } from '../determinism/globals.ts'
import type { WorkflowFunction } from '../registry.ts'
import { drained } from '../worker/turns/drain-point.ts'
import type { QueryEnd } from './query-run.ts'

installDeterministicGlobals()

const { tried } = proxyActivities<{ tried(place: string): Promise<number> }>({ startToCloseTimeout: '1 minute' })
const signal = defineSignal('signal')

/** What handlers try, and whether they are answered. */
const handlers: Readonly<Record<string, readonly [handler: () => unknown, isAnswered: boolean]>> = {
  draw: [() => [uuid4(), Math.random(), Date.now()], true],
  drawLater: [async () => { await Promise.resolve(); log.info('drawn'); return uuid4() }, true],
  call: [() => tried('query'), false],
  callUnawaited: [() => { void tried('query'); return 1 }, false],
  callLater: [async () => { await Promise.resolve(); return tried('query') }, false],
  sleep: [async () => { await sleep(5) }, false],
  wait: [() => condition(() => false), false],
  scope: [() => CancellationScope.withTimeout(5, async () => sleep(9)), false],
  cancel: [() => { CancellationScope.current().cancel() }, true],
  handle: [() => { setHandler(signal, () => undefined) }, false],
  endless: [() => new Promise(() => undefined), false],
}

function withQueries(fn: WorkflowFunction): WorkflowFunction {
  return async () => {
    for (const [name, [handler]] of Object.entries(handlers)) setHandler(defineQuery(name), handler)
    return fn()
  }
}

function ask({ live }: ExecutionDriver, name: string): Promise<QueryEnd> {
  return drained(() => live.beginQuery(name, []), (query) => live.endQuery(query))
}

test('whatever queries try, and whenever, an execution goes on as one that nobody asked (E4)', async () => {
  const choices = fc.array(fc.nat(209), { minLength: 3, maxLength: 12 })
  await fc.assert(fc.asyncProperty(randomProgram, choices, fc.infiniteStream(fc.constantFrom(...Object.keys(handlers))),
    async (program, chosen, names) => {
      const fn = withQueries(workflowOf(program))
      const unasked = await runLive(fn, chosen)
      const asked = await runLive(fn, chosen, async (driver) => {
        const before = driver.state()
        for (let asks = 0; asks < 3; asks++) {
          const name = names.next().value
          assert.deepEqual([name, (await ask(driver, name)).type], [name, handlers[name]?.[1] === true ? 'answered' : 'failed'])
        }
        assert.equal(driver.state(), before)
        assert.deepEqual([driver.live.takeCommands(), driver.live.taskFailure, driver.strays], [[], unasked.driver.live.taskFailure, []])
      })
      assert.deepEqual(asked.states, unasked.states)
      assert.deepEqual(asked.driver.events.map(({ type }) => type), unasked.driver.events.map(({ type }) => type))
      assert.deepEqual(asked.driver.live.takeLogs().filter((line) => line.message === 'drawn'), [])
    }), { numRuns: 150 })
})

test('a query draws the same numbers wherever it is asked, and others than the workflow', async () => {
  const fn = withQueries(async () => uuid4())
  const ends = await Promise.all([1, 2].map(async () => {
    const { driver } = await runLive(fn, [])
    return [await ask(driver, 'drawLater'), driver.live.outcome] as const
  }))
  assert.deepEqual(ends[0], ends[1])
  const [end, outcome] = ends[0] ?? []
  assert.ok(end?.type === 'answered' && outcome?.type === 'completed')
  assert.notEqual(end.result, outcome.result)
})

test('workflow code that a query sets going is stopped, and told of', async () => {
  const wake = defineQuery('wake')
  const attempts: Readonly<Record<string, () => unknown>> = {
    'activity \'tried\' was called': () => tried('woken'), 'a timer was started': () => sleep(5),
    'a condition was awaited': () => condition(() => false), 'the workflow ended': () => undefined,
    threw: async () => { throw new Error('woken') },
  }
  for (const [what, attempt] of Object.entries(attempts)) {
    const waking = Promise.withResolvers<void>()
    const { driver } = await runLive(async () => {
      setHandler(wake, () => waking.resolve())
      await waking.promise
      await attempt()
    }, [])
    const before = driver.state()
    const stirred = await drained(() => driver.live.beginQuery('wake', []), (query) => {
      const end = driver.live.endQuery(query)
      assert.ok(end.type === 'failed')
      const expected = what === 'threw' ? 'the workflow ended' : what
      assert.ok(end.message.includes(`workflow code was made to go on, and ${expected}`), end.message)
      return query.hasStirred
    })
    assert.deepEqual([stirred, driver.state(), driver.strays], [true, before, []])
  }
})

test('after a query, workflow code that awaits something foreign is told of as before (E1)', async () => {
  const foreign = Promise.withResolvers<void>()
  const { driver } = await runLive(withQueries(async () => { await foreign.promise; await sleep(5) }), [])
  for (const name of Object.keys(handlers)) await ask(driver, name)
  foreign.resolve()
  await drained(() => undefined, () => undefined)
  assert.deepEqual(driver.strays.map(({ message }) => /a timer was started after awaiting something/.test(message)), [true])
})

test('a message that is very long is cut', async () => {
  const { driver } = await runLive(async () => {
    setHandler(defineQuery('long'), () => { throw new Error('x'.repeat(1_000_000)) })
    await condition(() => false)
  }, [])
  const end = await ask(driver, 'long')
  assert.ok(end.type === 'failed' && end.message.length < 100_000)
})
