import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import * as crypto from 'node:crypto'
import { test } from 'node:test'
import { inWorkflowContext, sleep, uuid4 } from '@perdure/workflow'
import { FakeHost } from '../../../workflow/test/fake-host.ts'
import { contextOfUnhandled } from '../../test/unhandled-context.ts'

const builtIn = {
  Date, now: Date.now, prototype: Date.prototype, descriptors: Object.getOwnPropertyDescriptors(Date), setTimeout, random: Math.random,
}

const { installDeterministicGlobals } = await import('./globals.ts')
const { currentHost, currentScope, runInScope, runOutsideWorkflow } = await import('./workflow-context.ts')
installDeterministicGlobals()

const started = new FakeHost().time
/** Runs as workflow code of a new host. */
function inWorkflow<T>(fn: (host: FakeHost) => T): T {
  const host = new FakeHost()
  return runInScope(host.rootScope, () => fn(host))
}

test('installing twice changes nothing, also from a copy of the module', async () => {
  const { Date: installed, setTimeout: timeout } = globalThis
  installDeterministicGlobals()
  const copyPath = new URL('./globals.ts?copy', import.meta.url).href
  const copy = await import(copyPath) as { installDeterministicGlobals: () => void }
  assert.notEqual(copy.installDeterministicGlobals, installDeterministicGlobals)
  copy.installDeterministicGlobals()
  assert.equal(Date, installed)
  assert.equal(setTimeout, timeout)
})

test('outside of workflows Date is what it was', () => {
  assert.equal(Date.prototype, builtIn.prototype)
  assert.equal(Date.prototype.constructor, Date)
  assert.deepEqual([Date.name, Date.length], ['Date', 7])
  assert.deepEqual(Object.keys(Object.getOwnPropertyDescriptors(Date)).sort(), Object.keys(builtIn.descriptors).sort())
  assert.deepEqual([Date.parse, Date.UTC], [builtIn.Date.parse, builtIn.Date.UTC])
  assert.ok(Math.abs(Date.now() - builtIn.now()) < 10_000)
  assert.ok(Math.abs(new Date().getTime() - builtIn.now()) < 10_000)
  assert.ok(new Date() instanceof Date && new Date() instanceof builtIn.Date && new builtIn.Date() instanceof Date)
  assert.equal(typeof Date(), 'string')
  assert.deepEqual(structuredClone(new Date(7)), new builtIn.Date(7))
  assert.equal(Object.prototype.toString.call(new Date()), '[object Date]')
})

test('every form of new Date() is as before, inside workflows too', () => {
  const forms = (make: DateConstructor): Date[] => [
    new make(5), new make('2020-02-03'), new make(new Date(9)), new make(2020, 1), new make(2020, 1, 3, 4, 5, 6, 7), new make(Number.NaN),
    Reflect.construct(make, [8]),
  ]
  assert.deepEqual(forms(Date), forms(builtIn.Date))
  assert.deepEqual(inWorkflow(() => forms(Date)), forms(builtIn.Date))
})

test('Date can be extended', () => {
  class Deadline extends Date {
    isOver(): boolean {
      return this.getTime() < Date.now()
    }
  }
  const past = new Deadline(5)
  assert.ok(past instanceof Deadline && past instanceof Date && past.isOver())
  assert.equal(Object.getPrototypeOf(past), Deadline.prototype)
  assert.equal(inWorkflow(() => new Deadline().getTime()), started)
})

test('inside a workflow now is workflow time, however it is asked for', () => {
  inWorkflow((host) => {
    host.time += 5
    const at = started + 5
    assert.deepEqual([Date.now(), new Date().getTime(), new builtIn.Date(0).getTime()], [at, at, 0])
    assert.equal(Date(), new Date(at).toString())
    assert.equal(builtIn.Date.now(), at)
    const { now } = Date
    assert.equal(now(), at)
    assert.equal(new (new Date(0).constructor as DateConstructor)().getTime(), at)
    assert.equal(performance.now(), 5)
  })
})

test('random numbers and ids come from the host inside a workflow, and from the platform outside', () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4/
  assert.notEqual(Math.random(), Math.random())
  assert.notEqual(globalThis.crypto.randomUUID(), crypto.randomUUID())
  assert.match(crypto.randomUUID({ disableEntropyCache: true }), uuid)
  assert.equal(crypto.randomBytes(4).length, 4)
  assert.ok(performance.now() < 1e9)
  inWorkflow(() => {
    assert.deepEqual([Math.random(), Math.random()], [0.375, 0.75])
    assert.match(uuid4(), /1$/)
    assert.match(globalThis.crypto.randomUUID(), /2$/)
    assert.match(crypto.randomUUID(), /3$/)
  })
  const bytes = (): Uint8Array => inWorkflow(() => globalThis.crypto.getRandomValues(new Uint8Array(8)))
  assert.deepEqual(bytes(), bytes())
  const words = inWorkflow(() => crypto.getRandomValues(new Uint32Array(2)))
  assert.deepEqual(new Uint8Array(words.buffer), bytes())
  const floats = new Float64Array(1) as unknown as Uint8Array
  assert.throws(() => inWorkflow(() => globalThis.crypto.getRandomValues(floats)), { name: 'TypeMismatchError' })
})

test('what workflow code awaits stays in its context, what runs outside of it does not', async () => {
  const other = new AsyncLocalStorage<string>()
  await inWorkflow(async (host) => {
    await Promise.resolve()
    assert.equal(currentHost(), host)
    await other.run('inner', async () => {
      await Promise.resolve()
      assert.equal(Date.now(), started)
      assert.equal(other.getStore(), 'inner')
    })
    runOutsideWorkflow(() => {
      assert.equal(currentScope(), undefined)
      assert.equal(inWorkflowContext(), false)
      assert.ok(Date.now() > started)
    })
    await runOutsideWorkflow(async () => {
      await Promise.resolve()
      assert.equal(currentHost(), undefined)
    })
    assert.equal(currentHost(), host)
    assert.equal(Date.now(), started)
  })
  assert.equal(runOutsideWorkflow(() => 7), 7)
})

test('two executions at the same time each see their own time', async () => {
  const times = await Promise.all([1, 2, 3].map((offset) => inWorkflow(async (host) => {
    host.time += offset
    await Promise.resolve()
    return Date.now() - started
  })))
  assert.deepEqual(times, [1, 2, 3])
})

test('workflow functions find their host through the context', async () => {
  await inWorkflow(async (host) => {
    void sleep('1 minute')
    assert.deepEqual(host.asked, ['timer 60000'])
  })
})

test('an unhandled rejection of workflow code is seen in the context of its workflow', async () => {
  const context = contextOfUnhandled()
  const host = inWorkflow((running) => {
    void Promise.resolve().then(() => { throw new Error('nobody listens') })
    return running
  })
  assert.equal(await context, host)
})
