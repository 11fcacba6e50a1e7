import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { clientStage, fakeWorker, queue, type ClientStage } from '../../test/client-stage.ts'
import { idleWorkerWarnMs, resultPollMsMax, timeoutLookMs } from '../limits.ts'
import { StoreUnavailableError } from '../ports/store-error.ts'
import type { Release } from '../protocol/transition.ts'
import { asRunId } from '../protocol/ids.ts'

/** Its owner gives the execution up. */
async function release({ store, claimAll }: ClientStage, runId: string, given: Release): Promise<void> {
  await store.commit({
    incarnation: await claimAll(), starts: [],
    transitions: [{
      runId: asRunId(runId), events: [], consumed: [], tasks: [], cancelTasks: [], close: null, release: given,
      resetTakeovers: false,
    }],
  })
}

/** Waits 100 ms for the result, and gives the error. */
async function timedOut({ client, clock }: ClientStage): Promise<Error> {
  const waiting = client.getResult('w', { timeout: 100 }).then(() => assert.fail('it had a result'), (error: unknown) => error)
  await clock.advance(100)
  await clock.advance(10_000) // nobody answers what it waits for
  const error = await waiting
  assert.ok(error instanceof Error && 'code' in error && error.code === 'RESULT_TIMEOUT', String(error))
  return error
}

suite('the time of a wait is over', () => {
  test('an execution that a worker has goes on', async () => {
    const stage = clientStage()
    await stage.client.start('charge', { workflowId: 'w' })
    await stage.claimAll()
    assert.match((await timedOut(stage)).message, /'w' .* 100 ms; it goes on: wait again with getResult\(\)/)
    assert.deepEqual(stage.clock.pending, [])
  })

  test('one that is held says so, with the first line of the reason', async () => {
    const stage = clientStage()
    const { runId } = await stage.client.start('charge', { workflowId: 'w' })
    const reason = 'History and code differ at event 3.\nexpected: a timer'
    await release(stage, runId, { wakeAt: null, held: { code: 'nondeterminism', reason, buildId: 'b', count: 1, spent: false } })
    const { message } = await timedOut(stage)
    assert.match(message, /it is held \(nondeterminism\) and makes no progress: History and code differ at event 3; describe\(\)/)
    assert.ok(!message.includes('expected'))
  })

  test('one that no worker serves says so, and whether the worker of this engine was never started', async () => {
    const alone = clientStage()
    await alone.client.start('charge', { workflowId: 'w' })
    assert.match((await timedOut(alone)).message, /no worker serves its task queue 'orders': start one that has the workflow 'charge'/)
    const { worker } = fakeWorker({ accepts: () => false })
    const forgotten = clientStage({}, { localWorker: worker, servedTaskQueues: [queue], workerNotStarted: () => true })
    await forgotten.client.start('charge', { workflowId: 'w' })
    assert.match((await timedOut(forgotten)).message, /the worker of this engine was never started: call engine\.start\(\)/)
  })

  test('one whose worker died says so while nobody has taken it over, and so does its description', async () => {
    const stage = clientStage()
    await stage.client.start('charge', { workflowId: 'w' })
    await stage.claimAll()
    const problem = async () => {
      const description = stage.client.describe('w')
      await stage.clock.advance(10_000) // nobody answers what it waits for
      return (await description).problem
    }
    await stage.clock.advance(61_000)
    const orphaned = /no worker serves its task queue 'orders': start one that has the workflow 'charge'/
    assert.match((await timedOut(stage)).message, orphaned)
    assert.match(await problem() ?? '', orphaned)
    await stage.claimAll()
    assert.match((await timedOut(stage)).message, /it goes on/)
    assert.equal(await problem(), undefined)
  })

  test('one that ended at the last moment gives its result', async () => {
    const stage = clientStage({ readClosed: async () => [] })
    const { runId } = await stage.client.start('charge', { workflowId: 'w' })
    const result = stage.client.getResult('w', { timeout: resultPollMsMax })
    await stage.close(await stage.claimAll(), runId, {})
    await stage.clock.advance(resultPollMsMax)
    assert.equal(await result, 'done')
  })

  test('a database that is away or silent does not make the wait longer than a second', async () => {
    let look: () => Promise<never> = () => Promise.reject(new StoreUnavailableError('away'))
    let isAway = false
    const stage = clientStage((memory) => ({ getExecution: (...asked) => (isAway ? look() : memory.getExecution(...asked)) }))
    const handle = await stage.client.start('charge', { workflowId: 'w' })
    const waiting = async () => {
      isAway = false
      const late = assert.rejects(handle.result({ timeout: 100 }), { code: 'RESULT_TIMEOUT', message: /it goes on/ })
      await stage.clock.advance(50)
      isAway = true
      await stage.clock.advance(50)
      return { late }
    }
    await (await waiting()).late
    look = () => new Promise(() => undefined)
    const { late } = await waiting()
    await stage.clock.advance(timeoutLookMs)
    await late
    assert.deepEqual(stage.clock.pending, [])
  })
})

suite('a worker that was never started', () => {
  const waitingFor = async (parts: { readonly started: () => boolean }, ms = idleWorkerWarnMs) => {
    const { worker } = fakeWorker({ accepts: () => false })
    const stage = clientStage({}, { localWorker: worker, servedTaskQueues: [queue], workerNotStarted: () => !parts.started() })
    const handles = await Promise.all(['v', 'w'].map((workflowId) => stage.client.start('charge', { workflowId })))
    for (const handle of handles) void handle.result().catch(() => undefined)
    await stage.clock.advance(ms - 1)
    const early = [...stage.logged]
    return { stage, early, advance: () => stage.clock.advance(2) }
  }

  test('is warned of once while results are awaited', async () => {
    const { stage, early, advance } = await waitingFor({ started: () => false })
    assert.deepEqual(early, [])
    await advance()
    assert.equal(stage.logged.length, 1)
    assert.match(stage.logged[0] ?? '', /'[vw]' waits for a worker.*call engine\.start\(\).*worker: false/)
    void stage.client.getResult('w').catch(() => undefined)
    await stage.clock.advance(2 * idleWorkerWarnMs)
    assert.equal(stage.logged.length, 1)
  })

  test('is not warned of when it was started meanwhile, or when another one has the executions', async () => {
    let started = false
    const late = await waitingFor({ started: () => started })
    started = true
    await late.advance()
    assert.deepEqual(late.stage.logged, [])
    const elsewhere = await waitingFor({ started: () => false })
    await elsewhere.stage.claimAll()
    await elsewhere.advance()
    assert.deepEqual(elsewhere.stage.logged, [])
  })

  test('leaves no timer behind when the result comes', async () => {
    const { stage } = await waitingFor({ started: () => false }, 100)
    for (const workflowId of ['v', 'w']) await stage.client.terminate(workflowId)
    await stage.clock.advance(resultPollMsMax)
    assert.deepEqual(stage.clock.pending, [])
  })
})
