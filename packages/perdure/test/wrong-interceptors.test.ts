/** Factories of interceptors that throw, or return something else: nothing of it is passed over, and no execution fails by it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Engine, type Interceptors } from 'perdure'
import { proxyActivities } from 'perdure/workflow'

const { weigh } = proxyActivities<{ weigh(): Promise<number> }>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

async function weighing(): Promise<number> {
  return weigh()
}

async function started(database: string, interceptors: Interceptors): Promise<Engine> {
  const engine = await Engine.open({ database, interceptors, logger: quiet })
  engine.workflows.register({ weighing })
  engine.activities.register({ weigh: async () => 7 })
  await engine.start()
  return engine
}

class Tracing {
  async execute(): Promise<void> {}
}

const ofWorkflows: readonly (readonly [what: string, factory: unknown, reason: RegExp])[] = [
  ['throws', () => { throw new Error('no trace') }, /^no trace/],
  ['is async', async () => ({ inbound: [] }), /returned a promise; it is not async: it returns \{ inbound: \[\.\.\.\]/],
  ['returns nothing', () => undefined, /returned undefined; it returns/],
  ['has a name mistyped', () => ({ inbond: [] }), /returned something with 'inbond'; did you mean 'inbound'\?/],
  ['has a name mistyped beside one that is not', () => ({ inbound: [], outbond: [] }), /'outbond'; did you mean 'outbound'\?/],
  ['returns an interceptor itself', () => new Tracing(), /returned an object without inbound or outbound or internals; it returns/],
  ['has no lists', () => ({ inbound: {} }), /returned something else as 'inbound' than a list of objects/],
  ['has a function in a list', () => ({ outbound: [() => undefined] }), /something else as 'outbound' than a list of objects/],
]

for (const [what, factory, reason] of ofWorkflows) {
  test(`where a factory of workflows ${what}, executions are held, and go on with a mended one`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'perdure-interceptors-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const database = join(folder, 'a.db')
    const wrong = await started(database, { workflow: [factory as never] })
    const handle = await wrong.workflows.start(weighing, { workflowId: 'w' })
    let held = (await handle.describe()).held
    while (held === undefined) held = (await handle.describe()).held
    assert.match(held.reason, reason)
    await wrong.stop()
    const mended = await started(database, { workflow: [() => ({ inbound: [], outbound: [], internals: [] })] })
    assert.equal(await mended.workflows.getResult('w'), 7)
    await mended.stop()
  })
}

const ofActivities: readonly (readonly [what: string, factory: unknown, message: RegExp])[] = [
  ['is async', async () => ({ inbound: {} }), /interceptors of activities returned a promise/],
  ['has a name mistyped', () => ({ inboud: {} }), /'inboud'; did you mean 'inbound'\?/],
  ['has a list', () => ({ inbound: [] }), /something else as 'inbound' than an object/],
]

for (const [what, factory, message] of ofActivities) {
  test(`where a factory of activities ${what}, the attempt fails`, async () => {
    const engine = await started(':memory:', { activity: [factory as never] })
    await assert.rejects(engine.workflows.execute(weighing, { workflowId: 'w' }), { code: 'WORKFLOW_FAILED', message })
    await engine.stop()
  })
}

test('what a factory returns may be an object of a class, with fields of its own', async () => {
  const seen: string[] = []
  class Tracer {
    readonly #name: string
    readonly tracerName = 'shop'
    readonly inbound: object
    constructor(name: string, inbound: (seen: (what: string) => void) => object) {
      this.#name = name
      this.inbound = inbound((what) => void seen.push(`${this.#name} ${what}`))
    }
  }
  const execute = (what: string) => (see: (what: string) => void) => ({
    execute: async (input: unknown, next: (given: unknown) => Promise<unknown>) => {
      see(what)
      return next(input)
    },
  })
  const engine = await started(':memory:', {
    workflow: [() => new Tracer('a', (see) => [execute('workflow')(see)]) as never],
    activity: [() => new Tracer('b', execute('activity'))],
  })
  assert.equal(await engine.workflows.execute(weighing, { workflowId: 'w' }), 7)
  assert.deepEqual(seen, ['a workflow', 'b activity'])
  await engine.stop()
})
