import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, describe, test, type TestContext } from 'node:test'
import {
  CancellationScope, condition, defineQuery, defineSignal, log, proxyActivities, setHandler, sleep, uuid4, workflowInfo,
} from '@perdure/workflow'
import { noArguments, openQueryStage, told, type QueryStage } from '../../../test/query-stage.ts'
import { leaveRejectionsInWorkflows } from '../../../test/unhandled-context.ts'
import { taskQueue, type StageWorker } from '../../../test/worker-stage.ts'
import { installDeterministicGlobals } from '../../determinism/globals.ts'
import { runOutsideWorkflow } from '../../determinism/workflow-context.ts'
import type { QueryReply } from '../../ports/store.ts'
import { asRunId } from '../../protocol/ids.ts'

before(() => leaveRejectionsInWorkflows())
installDeterministicGlobals()

const { act } = proxyActivities<{ act(value: number): Promise<number> }>({ startToCloseTimeout: '1 minute' })
const open = defineSignal('open')
const drawn = defineQuery<string>('drawn')

/** What handlers of queries find in their workflow. */
interface Surroundings {
  /** With a timer that runs. */
  readonly scope: CancellationScope
  readonly timer: NodeJS.Timeout
  /** Workflow code that waits for it calls an activity. */
  readonly wake: () => void
  readonly values: readonly number[]
}

type Handler = (surroundings: Surroundings) => unknown
/** The answer, or what the refusal says. */
type Case = readonly [handler: Handler, expected: RegExp | { readonly answer: unknown }]

/** Something that workflow code must not wait for; it comes after every drain point of now. */
const foreign = (): Promise<void> => runOutsideWorkflow(() => new Promise((resolve) => void setImmediate(() => setImmediate(resolve))))
/** What late code of handlers came to. */
const late: string[] = []
let lateDone = Promise.withResolvers<void>()

async function tryLate(name: string, attempt: () => unknown): Promise<void> {
  await foreign()
  try {
    attempt()
    late.push(`${name} passed`)
  } catch {
    late.push(`${name} refused`)
  }
  if (late.length === 5) lateDone.resolve()
}

const thenName = ['th', 'en'].join('')
const notAtOnce = /waits for something\. A query answers at once/
const cases: Readonly<Record<string, Case>> = {
  lateClear: [({ timer }) => tryLate('clear', () => clearTimeout(timer)), notAtOnce],
  value: [({ values }) => values, { answer: [1, 2] }],
  nothing: [() => undefined, { answer: undefined }],
  asyncValue: [async ({ values }) => { await Promise.resolve(); return values }, { answer: [1, 2] }],
  manyMicrotasks: [async () => { for (let turn = 0; turn < 500; turn++) await Promise.resolve(); return 'there' }, { answer: 'there' }],
  thenable: [() => ({ [thenName]: (resolve: (value: string) => void) => resolve('then') }), { answer: 'then' }],
  conditionThatHolds: [async () => { await condition(() => true); return 'holds' }, { answer: 'holds' }],
  random: [() => [typeof uuid4(), typeof Math.random()], { answer: ['string', 'number'] }],
  time: [() => Date.now() >= workflowInfo().startTime.getTime(), { answer: true }],
  logging: [() => { log.info('asked for the log'); return 'logged' }, { answer: 'logged' }],
  ownScope: [async () => CancellationScope.nonCancellable(async () => 'shielded'), { answer: 'shielded' }],
  ownCancel: [() => { CancellationScope.current().cancel(); return 'cancelled' }, { answer: 'cancelled' }],
  throws: [() => { throw new Error('on purpose') }, /^on purpose$/],
  rejects: [async () => { await Promise.resolve(); throw new Error('later on purpose') }, /^later on purpose$/],
  throwsNoError: [() => { throw 'a text' as unknown as Error }, /^a text$/],
  unserialisable: [() => new Map(), /result of query 'unserialisable'/],
  neverSettles: [() => new Promise(() => undefined), notAtOnce],
  foreignAwait: [async () => { await foreign(); return 'too late' }, notAtOnce],
  throwsLate: [async () => { await foreign(); throw new Error('nobody hears it') }, notAtOnce],
  unhandled: [() => { void Promise.reject(new Error('nobody handles it')); return 1 }, /^nobody handles it$/],
  activity: [() => act(1), /activity 'act' was called; queries may only read/],
  activityAfterAwait: [async () => { await Promise.resolve(); return act(1) }, /activity 'act' was called/],
  activityNotAwaited: [() => { void act(1); return 1 }, /activity 'act' was called/],
  activityLater: [() => { void Promise.resolve().then(() => act(1)); return 1 }, /activity 'act' was called/],
  activityIgnored: [async () => { await Promise.race([act(1), Promise.resolve()]); return 1 }, /activity 'act' was called/],
  sleeps: [async () => { await sleep(5) }, /a timer was started/],
  setsTimeout: [() => { setTimeout(() => undefined, 5); return 1 }, /a timer was started/],
  waits: [async () => { await condition(() => false) }, /a condition was awaited/],
  waitsWithTimeout: [async () => { await condition(() => false, '1 second') }, /a timer was started/],
  setsSignalHandler: [() => { setHandler(open, () => undefined) }, /the handler of signal 'open' was set/],
  setsQueryHandler: [() => { try { setHandler(drawn, () => 'x') } catch { return 1 } return 2 }, /the handler of query 'drawn' was set/],
  fetches: [() => fetch('http://127.0.0.1:1/'), /fetch\(\) was used in workflow code/],
  cancelsScope: [({ scope }) => { scope.cancel() }, /cancel\(\) was called on a CancellationScope/],
  usesScope: [({ scope }) => scope.run(() => act(1)), /run\(\) was called on a CancellationScope/],
  scopeInScope: [({ scope }) => new CancellationScope({ parent: scope }).run(() => act(1)), /run\(\) was called on a CancellationScope/],
  wakes: [({ wake }) => { wake(); return 1 }, /workflow code was made to go on, and activity 'act' was called/],
  lateActivity: [() => tryLate('activity', () => void act(1)), notAtOnce],
  lateHandler: [() => tryLate('handler', () => setHandler(open, () => undefined)), notAtOnce],
  lateCancel: [({ scope }) => tryLate('cancel', () => scope.cancel()), notAtOnce],
  lateRun: [({ scope }) => tryLate('run', () => void scope.run(() => act(1))), notAtOnce],
}

async function probed(): Promise<unknown> {
  let isOpen = false
  let id = ''
  const scope = new CancellationScope()
  const waking = Promise.withResolvers<void>()
  const timer = setTimeout(() => undefined, 3_600_000)
  const surroundings: Surroundings = { scope, timer, wake: () => waking.resolve(), values: [1, 2] }
  for (const [name, [handler]] of Object.entries(cases)) setHandler(defineQuery(name), () => handler(surroundings))
  setHandler(drawn, () => id)
  setHandler(open, () => { isOpen = true })
  void scope.run(() => sleep('1 hour')).catch(() => undefined)
  void waking.promise.then(() => act(1))
  await act(6)
  await condition(() => isOpen)
  id = uuid4()
  await act(7)
  scope.cancel()
  await sleep(1)
  return { id, cancelled: scope.consideredCancelled }
}

interface Scene {
  readonly stage: QueryStage
  readonly worker: StageWorker
}

async function sceneOf(t: TestContext, maxCachedWorkflows: number): Promise<Scene> {
  const stage = openQueryStage(t, {
    workflows: { probed }, activities: { act: async (value: number) => value }, settings: { maxCachedWorkflows },
  })
  return { stage, worker: await stage.addWorker() }
}

function assertExpected(name: string, reply: QueryReply): void {
  const expected = cases[name]?.[1]
  assert.ok(expected !== undefined)
  if (!(expected instanceof RegExp)) {
    assert.deepEqual([name, told(reply)], [name, expected.answer])
  } else {
    assert.ok(reply.type === 'failed', `${name} was answered`)
    assert.deepEqual([name, reply.code], [name, 'QUERY_FAILED'])
    assert.match(reply.message, expected)
  }
}

type Place = 'owned' | 'asked elsewhere' | 'cold' | 'closed'

async function startProbed({ stage, worker }: Scene): Promise<{ readonly runId: string; finish(): Promise<unknown> }> {
  const handle = await worker.client.start('probed', { workflowId: randomUUID(), taskQueue })
  const runId = handle.runId ?? ''
  await stage.until(async () => (await stage.store.readHistory(asRunId(runId), 0, 10)).length === 1)
  return {
    runId,
    finish: async () => {
      await handle.signal(open)
      return handle.result()
    },
  }
}

async function typesOf(stage: QueryStage, runId: string): Promise<readonly string[]> {
  return (await stage.store.readHistory(asRunId(runId), 0, 100)).map((event) => event.type)
}

async function askAll({ stage, worker }: Scene, place: Place, runId: string): Promise<void> {
  const ask = async (name: string): Promise<QueryReply> => {
    if (place === 'asked elsewhere') return stage.answer(runId, name)
    return worker.worker.query(asRunId(runId), name, noArguments) ?? stage.answer(runId, name)
  }
  const askAtOnce = (names: readonly string[]) => Promise.all(names.map(async (name) => assertExpected(name, await ask(name))))
  late.length = 0
  lateDone = Promise.withResolvers()
  const names = Object.keys(cases).filter((name) => !name.startsWith('late'))
  await askAtOnce(Object.keys(cases).filter((name) => name.startsWith('late')))
  await lateDone.promise
  assert.deepEqual(late.toSorted(), ['activity passed', 'cancel refused', 'clear refused', 'handler refused', 'run refused'])
  await askAtOnce(names)
  // One after another too: what one leaves behind must not meet the next.
  for (const name of names) assertExpected(name, await ask(name))
}

describe('every way in which a handler may answer, or may not', () => {
  for (const place of ['owned', 'asked elsewhere', 'cold', 'closed'] satisfies readonly Place[]) {
    test(`${place}: it fails its query alone, and the execution goes on as if nobody had asked`, async (t) => {
      const scene = await sceneOf(t, place === 'cold' ? 0 : 1_000)
      const control = await startProbed(scene)
      await control.finish()
      const asked = await startProbed(scene)
      if (place !== 'closed') await askAll(scene, place, asked.runId)
      const result = await asked.finish() as { readonly id: string; readonly cancelled: boolean }
      if (place === 'closed') await askAll(scene, place, asked.runId)
      assert.equal(result.cancelled, true)
      assert.deepEqual(await typesOf(scene.stage, asked.runId), await typesOf(scene.stage, control.runId))
      const replayed = await scene.stage.answer(asked.runId, 'drawn')
      assert.equal(told(replayed), result.id)
      assert.deepEqual(scene.stage.logged.filter((line) => /held|failed|stopped/i.test(line)), [])
      assert.ok(scene.stage.logged.includes('info asked for the log'))
    })
  }
})
