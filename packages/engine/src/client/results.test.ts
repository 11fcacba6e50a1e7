import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { CancelledFailure, TimeoutFailure } from '@perdure/workflow'
import { clientStage, fakeWorker } from '../../test/client-stage.ts'
import { settled } from '../../test/manual-clock.ts'
import { PerdureError } from '../error.ts'
import {
  recentCloseCharactersMax, recentClosesMax, resultLocalPollMs, resultLongPollMs, resultPollMsMax, resultUnavailableMsMax,
} from '../limits.ts'
import { StoreCorruptError, StoreUnavailableError } from '../ports/store-error.ts'
import { encodeFailure } from '../protocol/failure-codec.ts'
import { asRunId, type RunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import { WorkflowFailedError } from './errors.ts'

suite('waiting for executions that others run', () => {
  test('a close is seen soon, and nothing runs when nobody waits', async () => {
    const stage = clientStage()
    const handle = await stage.client.start('charge', { workflowId: 'w' })
    assert.deepEqual(stage.clock.pending, [])
    const result = handle.result()
    const owner = await stage.claimAll()
    await stage.clock.advance(50)
    await stage.close(owner, handle.runId, { result: '{"ok":true}' as Payload })
    await stage.clock.advance(2 * 50)
    assert.deepEqual(await result, { ok: true })
    assert.deepEqual(stage.clock.pending, [])
    assert.deepEqual(await stage.client.getResult('w'), { ok: true })
  })

  test('waiting asks ever more rarely, for all runs together', async () => {
    const asked: number[] = []
    const { client, clock } = clientStage((memory) => ({
      readClosed: (runIds) => {
        asked.push(runIds.length)
        return memory.readClosed(runIds)
      },
    }))
    const handles = await Promise.all(Array.from({ length: 5 }, () => client.start('charge')))
    for (const handle of handles) void handle.result().catch(() => undefined)
    await clock.advance(10_000)
    const early = asked.length
    assert.ok(asked.every((runs) => runs === 5))
    assert.ok(early <= 10_000 / resultPollMsMax + 8, `${early} questions in ten seconds`)
    await clock.advance(10_000)
    assert.ok(asked.length - early <= 10_000 / resultLongPollMs + 1, `${asked.length - early} questions in the next ten`)
    await client.stop(new PerdureError('ENGINE_STOPPED', 'stopped'))
    assert.deepEqual(clock.pending, [])
  })

  test('a clock that is set back an hour keeps neither the looks nor the hints', async () => {
    for (const hinted of [false, true]) {
      const stage = clientStage()
      const handle = await stage.client.start('charge')
      const result = handle.result()
      const owner = await stage.claimAll()
      await stage.clock.advance(1_000)
      stage.clock.jump(-3_600_000)
      await stage.close(owner, handle.runId, {})
      if (hinted) stage.client.onHint('closed')
      await stage.clock.advance(resultUnavailableMsMax)
      assert.equal(await Promise.race([result, settled().then(() => 'waits')]), 'done')
    }
  })

  test('a hint makes it ask at once', async () => {
    const stage = clientStage()
    const handle = await stage.client.start('charge')
    const result = handle.result()
    const owner = await stage.claimAll()
    await stage.clock.advance(5_000)
    await stage.close(owner, handle.runId, {})
    stage.client.onHint('queue')
    await settled()
    assert.ok((stage.clock.pending[0] ?? 0) > 10)
    stage.client.onHint('closed')
    await stage.clock.advance(0)
    assert.equal(await result, 'done')
  })

  test('the timeout bounds the waiting, and several wait for one run', async () => {
    const stage = clientStage()
    const handle = await stage.client.start('charge', { workflowId: 'w' })
    const timedOut = { code: 'RESULT_TIMEOUT', workflowId: 'w', runId: handle.runId, message: /'w'.*100 ms/ }
    const late = assert.rejects(handle.result({ timeout: 100 }), timedOut)
    const patient = stage.client.getResult('w', { timeout: '1 hour' })
    await stage.clock.advance(150)
    await late
    await stage.close(await stage.claimAll(), handle.runId, {})
    await stage.clock.advance(1_000)
    assert.equal(await patient, 'done')
    assert.deepEqual(stage.clock.pending, [])
    assert.equal((await stage.client.getStatus('w')).status, 'COMPLETED')
  })

  test('wrong options of a wait are refused', async () => {
    const { client } = clientStage()
    const handle = await client.start('charge', { workflowId: 'w' })
    await assert.rejects(handle.result({ timeOut: 5 } as never), { code: 'OPTIONS_INVALID', message: /did you mean 'timeout'/ })
    await assert.rejects(client.getResult('w', '5 seconds' as never), { code: 'OPTIONS_INVALID', message: /getResult\(\) are '5 seconds'/ })
  })

  test('a timeout that nobody else shares ends the asking', async () => {
    const { client, clock } = clientStage()
    const handle = await client.start('charge')
    const late = assert.rejects(handle.result({ timeout: 100 }), { code: 'RESULT_TIMEOUT' })
    await clock.advance(100)
    await late
    await clock.advance(resultPollMsMax)
    assert.deepEqual(clock.pending, [])
  })

  test('while the database is away the waiting goes on, with one warning', async () => {
    let isAway = false
    const stage = clientStage((memory) => ({
      readClosed: (runIds) => (isAway ? Promise.reject(new StoreUnavailableError('cannot reach it')) : memory.readClosed(runIds)),
    }))
    const handle = await stage.client.start('charge')
    const result = handle.result()
    await stage.clock.advance(100)
    isAway = true
    await stage.clock.advance(60_000)
    assert.equal(stage.logged.length, 1)
    isAway = false
    await stage.close(await stage.claimAll(), handle.runId, {})
    await stage.clock.advance(6_000)
    assert.equal(await result, 'done')
  })

  test('an error that does not pass is told to who waits', async () => {
    const { client, clock } = clientStage({ readClosed: () => Promise.reject(new StoreCorruptError('damaged')) })
    const handle = await client.start('charge')
    const result = assert.rejects(handle.result(), { code: 'STORE_CORRUPT' })
    await clock.advance(100)
    await result
    assert.deepEqual(clock.pending, [])
  })
})

suite('waiting for executions that the worker of this process runs', () => {
  const local = (readClosed: (runIds: readonly RunId[]) => void = () => {}) => {
    const fake = fakeWorker()
    const stage = clientStage((memory) => ({
      readClosed: (runIds) => {
        readClosed(runIds)
        return memory.readClosed(runIds)
      },
    }), { localWorker: fake.worker })
    const closed = (runId: string, result: string) =>
      fake.emit({ runId: asRunId(runId), status: 'COMPLETED', result: result as Payload, failure: null })
    return { ...stage, ...fake, closed }
  }

  test('its word is enough, whether it comes before the waiting or after', async () => {
    const { client, clock, closed } = local(() => assert.fail('the store was asked'))
    const first = await client.start('charge')
    closed(first.runId, '1')
    assert.equal(await first.result(), 1)
    const second = await client.start('charge')
    const result = second.result()
    await clock.advance(resultLocalPollMs - 1)
    closed(second.runId, '2')
    assert.equal(await result, 2)
    assert.deepEqual(clock.pending, [])
  })

  test('a result too large to be remembered, and one that was forgotten, come from the store', async () => {
    const stage = clientStage()
    const serves = { taskQueues: [], workflowTypes: [], activityTypes: [] }
    const registration = { namespace: 'default', identity: 'w', buildId: 'b', ...serves, leaseMs: 60_000 }
    const { incarnation } = await stage.store.registerWorker(registration)
    const owned = fakeWorker({
      startExecution: async (record) => {
        const outcome = await stage.store.commit({ incarnation, starts: [record], transitions: [] })
        return outcome.type === 'committed' && outcome.starts[0] !== undefined ? outcome.starts[0] : { type: 'busy' }
      },
    })
    const { client, clock } = clientStage(stage.store, { localWorker: owned.worker })
    const result = JSON.stringify('x'.repeat(recentCloseCharactersMax)) as Payload
    const large = await client.start('charge')
    await stage.close(incarnation, large.runId, { result })
    owned.emit({ runId: asRunId(large.runId), status: 'COMPLETED', result, failure: null })
    const waiting = large.result()
    await clock.advance(0)
    assert.equal((await waiting as string).length, recentCloseCharactersMax)

    const forgotten = await client.start('charge')
    await stage.close(incarnation, forgotten.runId, {})
    owned.emit({ runId: asRunId(forgotten.runId), status: 'COMPLETED', result: '"done"' as Payload, failure: null })
    for (let index = 0; index < recentClosesMax; index++) {
      owned.emit({ runId: asRunId(`other ${index}`), status: 'COMPLETED', result: null, failure: null })
    }
    const late = forgotten.result()
    await clock.advance(resultLocalPollMs)
    assert.equal(await late, 'done')
  })

  test('the store is asked rarely, for the case that the execution went elsewhere', async () => {
    const asked: number[] = []
    const { client, clock } = local((runIds) => void asked.push(runIds.length))
    const handle = await client.start('charge')
    void handle.result().catch(() => undefined)
    await clock.advance(10_000)
    assert.ok(asked.length >= 5 && asked.length <= 14, `${asked.length} questions`)
    await client.stop(new PerdureError('ENGINE_STOPPED', 'stopped'))
  })

  test('after stop nobody listens, and whoever waits is told', async () => {
    const { client, listeners } = local()
    const handle = await client.start('charge')
    const result = assert.rejects(handle.result(), { code: 'ENGINE_STOPPED' })
    await client.stop(new PerdureError('ENGINE_STOPPED', 'stopped'))
    await result
    assert.equal(listeners.size, 0)
    await assert.rejects(client.start('charge'), { code: 'ENGINE_STOPPED' })
    await assert.rejects(handle.result(), { code: 'ENGINE_STOPPED' })
  })
})

suite('how an execution ended', () => {
  const endings = [
    ['CANCELLED', null, 'was cancelled', CancelledFailure],
    ['CANCELLED', encodeFailure(new CancelledFailure('stopped')), 'was cancelled: stopped', CancelledFailure],
    ['CANCELLED', encodeFailure(new Error('stopped')), 'was cancelled: stopped', CancelledFailure],
    ['TIMED_OUT', null, 'timed out', TimeoutFailure],
    ['FAILED', encodeFailure(new TypeError('no amount')), 'failed: no amount', Error],
    ['FAILED', encodeFailure(new CancelledFailure('Workflow cancelled')), 'failed: cancelled by its own code', CancelledFailure],
    ['FAILED', null, 'failed: no failure was recorded', Error],
  ] as const

  for (const [status, failure, word, cause] of endings) {
    test(`${status} with ${failure === null ? 'no failure' : 'a failure'} is told as ${word}`, async () => {
      const stage = clientStage()
      const handle = await stage.client.start('charge', { workflowId: 'w' })
      await stage.close(await stage.claimAll(), handle.runId, { status, result: null, failure })
      const error: unknown = await handle.result().catch((thrown: unknown) => thrown)
      assert.ok(error instanceof WorkflowFailedError)
      assert.ok(error.cause instanceof cause)
      assert.equal(error.message, `Workflow 'charge' (w) ${word}`)
      assert.deepEqual([error.workflowId, error.runId], ['w', handle.runId])
    })
  }
})
