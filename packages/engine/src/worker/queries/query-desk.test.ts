import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, describe, test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from '@perdure/workflow'
import { noArguments, openQueryStage, told, type QueryStage } from '../../../test/query-stage.ts'
import { leaveRejectionsInWorkflows } from '../../../test/unhandled-context.ts'
import { taskQueue, type StageWorker } from '../../../test/worker-stage.ts'
import { installDeterministicGlobals } from '../../determinism/globals.ts'
import { queriesPendingMax, queryReplaysMax } from '../../limits.ts'
import { StoreBusyError, StoreOutcomeUnknownError, StoreRejectedError, StoreUnavailableError } from '../../ports/store-error.ts'
import type { QueryReply } from '../../ports/store.ts'
import { asRunId } from '../../protocol/ids.ts'

installDeterministicGlobals()
before(() => leaveRejectionsInWorkflows())

const open = defineSignal('open')
const at = defineQuery<string>('at')

/** Its state changes with the signal; it ends with the second one. */
async function opened(): Promise<string> {
  let opens = 0
  setHandler(at, () => `opened ${opens} times`)
  setHandler(open, () => { opens++ })
  await condition(() => opens === 2)
  return 'done'
}

async function brief(): Promise<string> {
  setHandler(at, () => 'over')
  return 'done'
}

const wake = defineQuery<void>('wake')
const { act } = proxyActivities<{ act(): Promise<string> }>({ startToCloseTimeout: '1 minute' })

const clear = defineQuery<void>('clear')

/** A query can withdraw its timer. */
async function timed(): Promise<string> {
  const fired = Promise.withResolvers<string>()
  const timer = setTimeout(() => fired.resolve('fired'), 1_000)
  setHandler(clear, () => { clearTimeout(timer) })
  setHandler(at, () => 'waiting')
  return fired.promise
}

/** A query can set its main function going. */
async function wakeable(): Promise<string> {
  const woken = Promise.withResolvers<string>()
  let isOpen = false
  setHandler(wake, () => { woken.resolve('a query') })
  setHandler(at, () => 'waiting')
  setHandler(open, () => { isOpen = true })
  const by = await Promise.race([woken.promise, condition(() => isOpen).then(() => 'a signal')])
  return `${await act()} after ${by}`
}

interface Scene extends StageWorker {
  readonly stage: QueryStage
}

async function sceneOf(t: TestContext): Promise<Scene> {
  const stage = openQueryStage(t, { workflows: { opened, brief, timed, wakeable }, activities: { act: async () => 'acted' } })
  return { stage, ...await stage.addWorker() }
}

/** At rest, and durable. */
async function startOpened({ stage, client }: Scene, workflow = 'opened'): Promise<string> {
  const handle = await client.start(workflow, { workflowId: randomUUID(), taskQueue })
  const runId = handle.runId ?? ''
  await stage.until(() => stage.commits.some(({ batch }) => batch.starts.some((start) => start.runId === runId)))
  return runId
}

async function startBrief({ client }: Scene): Promise<string> {
  const handle = await client.start('brief', { workflowId: randomUUID(), taskQueue })
  await handle.result()
  return handle.runId ?? ''
}

function askHere({ worker }: Scene, runId: string, name = 'at'): Promise<QueryReply> {
  return worker.query(asRunId(runId), name, noArguments) ?? assert.fail('not owned here')
}

/** From now on commits of this run wait; those of others pass. */
function holdCommits(stage: QueryStage, runId: string): { readonly held: Promise<void>; readonly release: () => void } {
  const gate = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  stage.onCommit = async (batch, forward) => {
    if (batch.transitions.some((transition) => transition.runId === runId)) {
      held.resolve()
      await gate.promise
    }
    return forward(batch)
  }
  return { held: held.promise, release: () => gate.resolve() }
}

/** From now on reading this history waits. */
function holdHistory(t: TestContext, stage: QueryStage, runId: string): { readonly held: Promise<void>; readonly release: () => void } {
  const gate = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  t.after(() => gate.resolve())
  const { readHistory } = stage.store
  stage.store.readHistory = async (run, afterSeq, limit) => {
    if (run === runId) {
      held.resolve()
      await gate.promise
    }
    return readHistory(run, afterSeq, limit)
  }
  return { held: held.promise, release: () => gate.resolve() }
}

test('an execution at rest is answered from memory: nothing of it is read from the store', async (t) => {
  const scene = await sceneOf(t)
  const runId = await startOpened(scene)
  const { store } = scene.stage
  for (const method of ['getExecution', 'readHistory'] as const) store[method] = async () => assert.fail(`${method} was called`)
  assert.equal(told(await askHere(scene, runId)), 'opened 0 times')
  assert.equal(told(await scene.stage.answer(runId, 'at')), 'opened 0 times')
})

test('an answer that saw uncommitted state waits for its commit (I3)', async (t) => {
  const scene = await sceneOf(t)
  const { stage, client } = scene
  const runId = await startOpened(scene)
  const { held, release } = holdCommits(stage, runId)
  await client.getHandle(runId).signal(open)
  await held
  const order: string[] = []
  const here = askHere(scene, runId).then((reply) => { order.push('answered'); return reply })
  const there = await stage.ask(runId, 'at')
  const other = await startBriefElsewhere(scene)
  assert.equal(told(await stage.answer(other, 'at')), 'over')
  order.push('released')
  release()
  assert.deepEqual([told(await here), told(await stage.reply(there))], ['opened 1 times', 'opened 1 times'])
  assert.deepEqual(order, ['released', 'answered'])
})

/** Closed by another worker, so that no commit of the first is needed. */
async function startBriefElsewhere({ stage }: Scene): Promise<string> {
  const { client, worker } = await stage.addWorker({ identity: 'other' })
  const hold = stage.onCommit
  stage.onCommit = (batch, forward) => forward(batch)
  const handle = await client.start('brief', { workflowId: randomUUID(), taskQueue })
  await handle.result()
  stage.onCommit = hold
  await worker.stop()
  return handle.runId ?? ''
}

test('an execution that a query set going fails that query, and goes on from its history', async (t) => {
  const scene = await sceneOf(t)
  const { stage, client } = scene
  const runId = await startOpened(scene, 'wakeable')
  for (const asked of ['here', 'elsewhere', 'here']) {
    const reply = asked === 'here' ? await askHere(scene, runId, 'wake') : await stage.answer(runId, 'wake')
    assert.match(String(told(reply)), /^QUERY_FAILED: .*workflow code was made to go on, and activity 'act' was called/)
    assert.equal(told(await askHere(scene, runId)), 'waiting')
  }
  const handle = client.getHandle(runId)
  await handle.signal(open)
  assert.equal(await handle.result(), 'acted after a signal')
  assert.deepEqual(stage.logged.filter((line) => line.startsWith('warn')), [])
})

test('a timer that a query withdraws fires all the same', async (t) => {
  const scene = await sceneOf(t)
  const { stage, client } = scene
  const runId = await startOpened(scene, 'timed')
  for (let asks = 0; asks < 2; asks++) {
    assert.match(String(told(await askHere(scene, runId, 'clear'))), /^QUERY_FAILED: .*queries may only read/)
    assert.equal(told(await askHere(scene, runId)), 'waiting')
  }
  assert.equal(await client.getHandle(runId).result(), 'fired')
  assert.deepEqual(stage.logged.filter((line) => line.startsWith('warn')), [])
})

describe('queries that take long hold up no others', () => {
  test('one waits for its commit, one for its history, one for its reply to be stored', async (t) => {
    const scene = await sceneOf(t)
    const { stage, client } = scene
    const closed = await startBrief(scene)
    const slow = await startBrief(scene)
    const uncommitted = await startOpened(scene)
    const commits = holdCommits(stage, uncommitted)
    const histories = holdHistory(t, stage, slow)
    await client.getHandle(uncommitted).signal(open)
    await commits.held
    const waiting = [await stage.ask(uncommitted, 'at'), await stage.ask(slow, 'at')]
    await histories.held
    const { answerQuery } = stage.store
    const storing = Promise.withResolvers<void>()
    const stuck = await stage.ask(closed, 'at')
    const reached = Promise.withResolvers<void>()
    stage.store.answerQuery = async (id, reply) => {
      if (id === stuck) {
        reached.resolve()
        await storing.promise
      }
      return answerQuery(id, reply)
    }
    await reached.promise
    const others = await Promise.all(Array.from({ length: 50 }, () => stage.answer(closed, 'at')))
    assert.ok(others.every((reply) => told(reply) === 'over'))
    for (const id of [...waiting, stuck]) assert.equal(await stage.store.takeReply(id), undefined)
    commits.release()
    histories.release()
    storing.resolve()
    const replies = await Promise.all([...waiting, stuck].map((id) => stage.reply(id)))
    assert.deepEqual(replies.map(told), ['opened 1 times', 'over', 'over'])
  })

  test('more than may be pending at once are all answered, and few histories are read at a time', async (t) => {
    const scene = await sceneOf(t)
    const { stage } = scene
    const runId = await startBrief(scene)
    const { readHistory, claimQueries } = stage.store
    let reading = 0
    let most = 0
    let pending = 0
    stage.store.readHistory = async (...args) => {
      most = Math.max(most, ++reading)
      try { return await readHistory(...args) } finally { reading-- }
    }
    let mostPending = 0
    stage.store.claimQueries = async (serving, now, limit) => {
      mostPending = Math.max(mostPending, limit + pending)
      const queries = await claimQueries(serving, now, limit)
      pending += queries.length
      return queries
    }
    const { answerQuery } = stage.store
    stage.store.answerQuery = async (...args) => { await answerQuery(...args); pending-- }
    await scene.worker.stop()
    const ids = await Promise.all(Array.from({ length: queriesPendingMax * 2 + 100 }, () => stage.ask(runId, 'at')))
    await stage.addWorker({ tickMs: 60_000 }) // it looks once
    const replies: QueryReply[] = []
    for (const id of ids) replies.push(await stage.reply(id))
    assert.ok(replies.every((reply) => told(reply) === 'over'))
    assert.ok(most > 1 && most <= queryReplaysMax, `${most} at once`)
    assert.equal(mostPending, queriesPendingMax)
  })
})

describe('answers that cannot be stored', () => {
  const errors = {
    away: () => new StoreUnavailableError('away'), busy: () => new StoreBusyError('busy'),
    unknown: () => new StoreOutcomeUnknownError('broke'),
    rejected: () => new StoreRejectedError('text has a character that cannot be stored'), bug: () => new TypeError('a defect'),
  } as const
  type ErrorName = keyof typeof errors
  const fate = fc.array(fc.constantFrom<ErrorName>('away', 'busy', 'unknown'), { maxLength: 2 }).chain((passing) => (
    fc.constantFrom<readonly ErrorName[]>([], [], ['rejected'], ['bug']).map((last) => [...passing, ...last])))

  test('are sent again; what the store will never take fails its query alone, and every query gets its answer', async (t) => {
    const scene = await sceneOf(t)
    const { stage } = scene
    const runId = await startBrief(scene)
    const { answerQuery } = stage.store
    const left = new Map<string, ErrorName[]>()
    stage.store.answerQuery = async (id, reply) => {
      const next = left.get(id)?.shift()
      // Its outcome is unknown because it was made.
      if (next === 'unknown') await answerQuery(id, reply)
      if (next !== undefined) throw errors[next]()
      return answerQuery(id, reply)
    }
    await fc.assert(fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 8 }), async (fates) => {
      const asked = await Promise.all(fates.map(async (fails) => {
        const id = await stage.ask(runId, 'at')
        left.set(id, [...fails])
        return { id, fails }
      }))
      for (const { id, fails } of asked) {
        const last = fails.at(-1)
        const isStored = !fails.includes('unknown') && (last === 'rejected' || last === 'bug')
        const expected = isStored ? `QUERY_FAILED: The answer cannot be stored: ${errors[last]().message}` : 'over'
        assert.equal(told(await stage.reply(id)), expected)
      }
    }), { numRuns: 8 })
  })

  test('a claim that fails is made again', async (t) => {
    const scene = await sceneOf(t)
    const { stage } = scene
    const runId = await startBrief(scene)
    const { claimQueries } = stage.store
    let fails = 3
    stage.store.claimQueries = async (...args) => {
      if (fails-- > 0) throw errors.away()
      return claimQueries(...args)
    }
    assert.equal(told(await stage.answer(runId, 'at')), 'over')
    assert.ok(fails < 0)
  })
})

test('a query that expired while it was being answered gets no answer', async (t) => {
  const scene = await sceneOf(t)
  const { stage } = scene
  const [slow, quick] = [await startBrief(scene), await startBrief(scene)]
  const { held, release } = holdHistory(t, stage, slow)
  const { answerQuery } = stage.store
  const answered: string[] = []
  stage.store.answerQuery = async (id, reply) => { answered.push(id); await answerQuery(id, reply) }
  const expired = await stage.ask(slow, 'at', 5_000)
  await held
  let isAhead = false
  stage.onLook = (look) => { isAhead ||= look.now > Date.now() + 50_000 }
  stage.aheadMs = 60_000
  await stage.until(() => isAhead)
  release()
  const after = [await stage.ask(slow, 'at'), await stage.ask(quick, 'at')]
  for (const id of after) assert.equal(told(await stage.reply(id)), 'over')
  assert.deepEqual(answered.toSorted(), after.toSorted())
  assert.equal(answered.includes(expired), false)
})

test('queries that expired make room for others', async (t) => {
  const scene = await sceneOf(t)
  const { stage, client } = scene
  const [uncommitted, other] = [await startOpened(scene), await startOpened(scene)]
  const { held, release } = holdCommits(stage, uncommitted)
  t.after(release)
  await client.getHandle(uncommitted).signal(open)
  await held
  await Promise.all(Array.from({ length: queriesPendingMax }, () => stage.ask(uncommitted, 'at', 700)))
  assert.equal(told(await stage.answer(other, 'at')), 'opened 0 times')
})

test('a worker that stops waits for no query; who asked in its process is answered from what is durable', async (t) => {
  const scene = await sceneOf(t)
  const { stage, client, worker } = scene
  const closed = await startBrief(scene)
  const runId = await startOpened(scene)
  const { held, release } = holdCommits(stage, runId)
  t.after(release)
  await client.getHandle(runId).signal(open)
  await held
  const here = askHere(scene, runId)
  const there = await stage.ask(runId, 'at')
  // Asked later, so both wait for the commit when it is answered.
  assert.equal(told(await stage.answer(closed, 'at')), 'over')
  await worker.stop()
  assert.equal(told(await here), 'opened 1 times')
  assert.equal(await stage.store.takeReply(there), undefined)
  release()
  await stage.addWorker()
  assert.equal(told(await stage.reply(there)), 'opened 1 times')
})

test('an unknown query is refused with those that there are, an unknown execution by its run id', async (t) => {
  const scene = await sceneOf(t)
  const { stage } = scene
  const [closed, running] = [await startBrief(scene), await startOpened(scene)]
  for (const runId of [closed, running]) {
    assert.match(String(told(await stage.answer(runId, 'att'))), /^QUERY_NOT_REGISTERED: .*'att'\. It answers: at; did you mean 'at'/)
  }
  stage.store.getExecution = async () => undefined
  assert.equal(told(await stage.answer(closed, 'at')), `WORKFLOW_NOT_FOUND: There is no execution with run id ${closed}`)
})
