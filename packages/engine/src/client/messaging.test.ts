import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { TerminatedFailure } from '@perdure/workflow'
import { clientStage, fakeWorker, type ClientStage } from '../../test/client-stage.ts'
import { busyRetryMsMax, busyRetryMsMin, busyWaitMs, queryTimeoutMs } from '../limits.ts'
import { StoreBusyError, StoreOutcomeUnknownError, StoreUnavailableError } from '../ports/store-error.ts'
import type { QueryAsked, QueryReply } from '../ports/store.ts'
import { decodeEvent } from '../protocol/event-codec.ts'
import type { PostOutcome } from '../protocol/inbox-message.ts'
import type { Payload } from '../protocol/payload.ts'
import { settled } from '../../test/manual-clock.ts'
import { QueryNotRegisteredError, WorkflowFailedError, WorkflowNotFoundError } from './errors.ts'

async function inboxOf({ store, claimAll }: ClientStage) {
  const incarnation = await claimAll()
  const unread = await store.readInbox(incarnation, [], 100)
  return unread.map((message) => decodeEvent(message.type, message.data))
}

suite('signals and cancel requests', () => {
  test('a signal lies in the inbox with name, arguments and sender, and others are told', async () => {
    const stage = clientStage()
    const handle = await stage.client.start('charge', { workflowId: 'w' })
    await handle.signal('approve', 'Ada', { level: 2 })
    await stage.client.signal('w', 'again')
    const owner = await stage.claimAll()
    const unread = await stage.store.readInbox(owner, [], 100)
    assert.deepEqual(unread.map((message) => decodeEvent(message.type, message.data)), [
      { type: 'WorkflowExecutionSignaled', signalName: 'approve', identity: 'tester', input: '["Ada",{"level":2}]' },
      { type: 'WorkflowExecutionSignaled', signalName: 'again', identity: 'tester', input: '[]' },
    ])
    assert.deepEqual(stage.published, ['queue', 'queue', 'queue'])
  })

  test('a run id may stand for the workflow id', async () => {
    const stage = clientStage()
    const { runId } = await stage.client.start('charge', { workflowId: 'w' })
    await stage.client.signal(runId, 'one')
    await stage.client.signal(runId.toUpperCase(), 'two')
    await stage.client.cancel(runId)
    assert.equal((await inboxOf(stage)).length, 3)
    await stage.client.terminate(runId, { reason: 'enough' })
    assert.equal((await stage.client.getStatus(runId)).status, 'TERMINATED')
  })

  test('the worker of the process gets the message at once', async () => {
    const fake = fakeWorker({ accepts: () => false })
    const { client } = clientStage({}, { localWorker: fake.worker })
    const handle = await client.start('charge', { workflowId: 'w' })
    await handle.signal('approve')
    assert.deepEqual(fake.calls, ['kick', 'deliver WorkflowExecutionSignaled'])
  })

  test('an unknown or closed execution takes no signal, and says which of the two it is', async () => {
    const { client } = clientStage()
    const unknown: unknown = await client.signal('nobody', 'approve').catch((error: unknown) => error)
    assert.ok(unknown instanceof WorkflowNotFoundError)
    assert.deepEqual([unknown.code, unknown.workflowId, unknown.runId], ['WORKFLOW_NOT_FOUND', 'nobody', undefined])
    const handle = await client.start('charge', { workflowId: 'w' })
    await handle.terminate()
    const message = /already completed: 'w' .* is closed and cannot get the signal 'approve'/
    await assert.rejects(handle.signal('approve'), { code: 'WORKFLOW_NOT_FOUND', message, runId: handle.runId })
  })

  test('cancelling a closed execution is accepted, an unknown one is not', async () => {
    const stage = clientStage()
    const handle = await stage.client.start('charge', { workflowId: 'w' })
    await handle.terminate()
    await handle.cancel('too late')
    await assert.rejects(stage.client.cancel('nobody'), { code: 'WORKFLOW_NOT_FOUND' })
  })

  test('a cancel request carries its reason', async () => {
    const stage = clientStage()
    await stage.client.start('charge', { workflowId: 'w' })
    await stage.client.cancel('w', { reason: 'out of stock' })
    await stage.client.cancel('w', 'too late')
    const request = { type: 'WorkflowExecutionCancelRequested', identity: 'tester' }
    assert.deepEqual(await inboxOf(stage), [{ ...request, reason: 'out of stock' }, { ...request, reason: 'too late' }])
  })

  test('a signal whose outcome is unknown is not sent twice', async () => {
    let posts = 0
    const stage = clientStage({
      post: () => {
        posts++
        return Promise.reject(new StoreOutcomeUnknownError('cut'))
      },
    })
    const message = /^Nobody knows whether the signal 'approve' to workflow 'w' was made: cut; look with describe\(\) or history\(\)/
    await assert.rejects(stage.client.signal('w', 'approve'), { code: 'STORE_OUTCOME_UNKNOWN', message })
    await assert.rejects(stage.client.cancel('w'), { code: 'STORE_OUTCOME_UNKNOWN', message: /the cancel request to workflow 'w'/ })
    assert.equal(posts, 2)
  })

  test('of a batch only what was busy is sent again', async () => {
    const sent: string[][] = []
    const stage = clientStage((memory) => ({
      post: async (messages) => {
        sent.push(messages.map((message) => message.workflowId))
        const isFirst = sent.length === 1
        return Promise.all(messages.map(async (message): Promise<PostOutcome> => {
          if (isFirst && message.workflowId === 'b') return { type: 'busy' }
          const [outcome] = await memory.post([message])
          return outcome ?? { type: 'not_found' }
        }))
      },
    }))
    for (const workflowId of ['a', 'b', 'c']) await stage.client.start('charge', { workflowId })
    const sending = ['a', 'b', 'c'].map((workflowId) => stage.client.signal(workflowId, 'approve'))
    await Promise.all([sending[0], sending[2]])
    await stage.clock.advance(busyRetryMsMin)
    await sending[1]
    assert.deepEqual(sent, [['a', 'b', 'c'], ['b']])
    assert.equal((await inboxOf(stage)).length, 3)
  })

  test('a message that stays busy is given up, and was not posted', async () => {
    const stage = clientStage({ post: async (messages) => messages.map(() => ({ type: 'busy' })) })
    await stage.client.start('charge', { workflowId: 'w' })
    const told = { code: 'STORE_BUSY', message: /signal 'approve' to workflow 'w' was not made/ }
    const sending = assert.rejects(stage.client.signal('w', 'approve'), told)
    await stage.clock.advance(busyWaitMs + busyRetryMsMax)
    await sending
    assert.deepEqual(await inboxOf(stage), [])
  })

  test('a signal to a busy database is sent again', async () => {
    let posts = 0
    const stage = clientStage((memory) => ({
      post: (messages) => (++posts < 3 ? Promise.reject(new StoreBusyError('locked')) : memory.post(messages)),
    }))
    await stage.client.start('charge', { workflowId: 'w' })
    const sending = stage.client.signal('w', 'approve')
    await stage.clock.advance(busyWaitMs)
    await sending
    assert.equal((await inboxOf(stage)).length, 1)
  })

  test('reserved, empty and missing names are refused', async () => {
    const { client } = clientStage()
    await assert.rejects(client.signal('w', '__perdure_pause'), { code: 'MESSAGE_NAME_RESERVED' })
    await assert.rejects(client.query('w', '__temporal_x'), { code: 'MESSAGE_NAME_RESERVED' })
    await assert.rejects(client.signal('w', ''), { code: 'ID_INVALID' })
    for (const given of [undefined, null, 7, {}, []] as never[]) {
      const message = /^signal\(\) .* in place of a signal; .*defineSignal/
      await assert.rejects(client.signal('w', given), { code: 'ID_INVALID', message })
    }
    const message = /^query\(\) was given undefined .*defineQuery/
    await assert.rejects(client.query('w', undefined as never), { code: 'ID_INVALID', message })
  })
})

suite('termination', () => {
  test('it closes the execution with its reason, tells who waits here, and others', async () => {
    const fake = fakeWorker({ accepts: () => false })
    const { client, published } = clientStage({}, { localWorker: fake.worker })
    const handle = await client.start('charge', { workflowId: 'w' })
    const result = handle.result().catch((error: unknown) => error)
    await settled()
    await handle.terminate('enough')
    const error = await result
    assert.ok(error instanceof WorkflowFailedError && error.cause instanceof TerminatedFailure)
    assert.equal(error.message, "Workflow 'charge' (w) was terminated: enough")
    assert.equal(error.cause.message, 'enough')
    assert.ok(fake.calls.includes(`forget ${handle.runId}`) && published.includes('closed'))
    await assert.rejects(handle.terminate(), { code: 'WORKFLOW_NOT_FOUND', message: /TERMINATED/ })
  })

  test('its reason may be passed alone, and wrong options are refused', async () => {
    const { client } = clientStage()
    const handle = await client.start('charge', { workflowId: 'w' })
    await assert.rejects(client.terminate('w', { resaon: 'x' } as never), { code: 'OPTIONS_INVALID', message: /did you mean 'reason'/ })
    await assert.rejects(client.terminate('w', 7 as never), { code: 'OPTIONS_INVALID', message: /options of terminate\(\) are 7/ })
    await assert.rejects(handle.terminate({ reason: 'x' } as never), { message: /reason is an object; give a text/ })
    await client.terminate('w', 'bye')
    assert.equal((await handle.describe()).failure?.message, 'bye')
  })

  test('one whose outcome is unknown is sent again and then counts as made', async () => {
    let asked = 0
    const { client, clock } = clientStage((memory) => ({
      terminate: async (request) => {
        const outcome = await memory.terminate(request)
        if (++asked === 1) throw new StoreOutcomeUnknownError('cut')
        return outcome
      },
    }))
    const handle = await client.start('charge', { workflowId: 'w' })
    const terminating = handle.terminate()
    await clock.advance(100)
    await terminating
    assert.equal((await handle.getStatus()).status, 'TERMINATED')
  })

  test('one whose outcome is unknown spares a run of the same id that was started since', async () => {
    let asked = 0
    const { client, clock } = clientStage((memory) => ({
      terminate: async (request) => {
        const outcome = await memory.terminate(request)
        if (++asked > 1) return outcome
        await client.start('charge', { workflowId: 'w' })
        throw new StoreOutcomeUnknownError('cut')
      },
    }))
    const handle = await client.start('charge', { workflowId: 'w' })
    const terminating = client.terminate('w')
    await clock.advance(100)
    await terminating
    assert.equal((await handle.getStatus()).status, 'TERMINATED')
    const current = await client.getStatus('w')
    assert.deepEqual([current.status, current.runId === handle.runId], ['RUNNING', false])
  })

  test('one that meets a run which closes by itself goes after the open run of the id, where no run was named', async () => {
    let next: { readonly runId: string } | undefined
    const stage = clientStage((memory) => ({
      terminate: async (request) => {
        if (next === undefined) {
          await stage.close(await stage.claimAll(), handle.runId, {})
          next = await stage.client.start('charge', { workflowId: 'w' })
        }
        return memory.terminate(request)
      },
    }))
    const handle = await stage.client.start('charge', { workflowId: 'w' })
    await stage.client.terminate('w')
    const statuses = [await handle.getStatus(), await stage.client.getStatus('w', next?.runId)].map(({ status }) => status)
    assert.deepEqual(statuses, ['COMPLETED', 'TERMINATED'])
  })

  test('one of a named run that closes by itself says so, and spares the open run of the id', async () => {
    const stage = clientStage((memory) => ({
      terminate: async (request) => {
        await stage.close(await stage.claimAll(), handle.runId, {})
        await stage.client.start('charge', { workflowId: 'w' })
        return memory.terminate(request)
      },
    }))
    const handle = await stage.client.start('charge', { workflowId: 'w' })
    await assert.rejects(handle.terminate(), { code: 'WORKFLOW_NOT_FOUND', message: /COMPLETED/, runId: handle.runId })
    assert.equal((await stage.client.getStatus('w')).status, 'RUNNING')
  })
})

suite('queries', () => {
  /** Answers every query of the store with `reply`. */
  const answering = (reply: QueryReply, asked: QueryAsked[] = []) => clientStage((memory) => ({
    askQuery: async (query) => {
      asked.push(query)
      await memory.askQuery(query)
      await memory.answerQuery(query.id, reply)
    },
  }))

  test('a query goes through the store with its arguments and its end, and workers are told', async () => {
    const asked: QueryAsked[] = []
    const { client, clock, published } = answering({ type: 'answered', result: '{"open":true}' as Payload }, asked)
    const handle = await client.start('charge', { workflowId: 'w' })
    assert.deepEqual(await handle.query('state', 7), { open: true })
    assert.deepEqual(asked.map(({ id: _id, ...query }) => query), [{
      namespace: 'default', runId: handle.runId, taskQueue: 'orders', name: 'state', args: '[7]', expiresAt: clock.now() + queryTimeoutMs,
    }])
    assert.ok(published.includes('query'))
  })

  test('a query of an execution that the worker of the process owns is answered from memory', async () => {
    const fake = fakeWorker({ accepts: () => false, query: async () => ({ type: 'answered', result: '1' as Payload }) })
    const { client } = clientStage({ askQuery: () => Promise.reject(new Error('asked')) }, { localWorker: fake.worker })
    const handle = await client.start('charge', { workflowId: 'w' })
    assert.deepEqual([await handle.query('state'), await client.query('w', 'state')], [1, 1])
  })

  test('an unknown query and one that throws are told apart by their code', async () => {
    const unknown = answering({ type: 'failed', code: 'QUERY_NOT_REGISTERED', message: "no handler 'state'" })
    await unknown.client.start('charge', { workflowId: 'w' })
    const missing: unknown = await unknown.client.query('w', 'state').catch((error: unknown) => error)
    assert.ok(missing instanceof QueryNotRegisteredError)
    assert.deepEqual([missing.code, missing.message], ['QUERY_NOT_REGISTERED', "no handler 'state'"])
    const broken = answering({ type: 'failed', code: 'ANYTHING', message: 'it broke' })
    await broken.client.start('charge', { workflowId: 'w' })
    const failed: unknown = await broken.client.query('w', 'state').catch((error: unknown) => error)
    assert.ok(failed instanceof QueryNotRegisteredError)
    assert.equal(failed.code, 'QUERY_FAILED')
    assert.match(failed.message, /'state'.*'w'.*it broke/)
  })

  test('a query without an answer ends, and says whether any worker serves the queue', async () => {
    const stage = clientStage()
    await stage.client.start('charge', { workflowId: 'w' })
    const nobody = { code: 'QUERY_TIMED_OUT', message: /no worker serves its task queue 'orders'/ }
    const alone = assert.rejects(stage.client.query('w', 'state'), nobody)
    await stage.clock.advance(queryTimeoutMs + 1)
    await alone
    await stage.claimAll()
    const served = assert.rejects(stage.client.query('w', 'state'), { code: 'QUERY_TIMED_OUT', message: /a worker serves.*\(w\)/ })
    await stage.clock.advance(queryTimeoutMs + 1)
    await served
    assert.deepEqual(stage.clock.pending, [])
  })

  test('a clock that was set back is set right before a query is put, and the waiting ends in time whatever becomes of it', async () => {
    const aheadMs = 3_600_000
    const stage = clientStage((memory) => ({ ping: async () => (await memory.ping()) + aheadMs }))
    await stage.client.start('charge', { workflowId: 'w' })
    const corrected: number[] = []
    stage.clock.correct = (storeNow?: number) => void corrected.push(storeNow ?? 0)
    const late = assert.rejects(stage.client.query('w', 'state'), { code: 'QUERY_TIMED_OUT' })
    await stage.clock.advance(0)
    assert.deepEqual(corrected, [stage.clock.now() + aheadMs])
    stage.clock.jump(-3_600_000)
    await stage.clock.advance(queryTimeoutMs + 1)
    await late
  })

  test('a hint makes the client look for the answer at once, and an outage does not end the waiting', async () => {
    let isAway = false
    const ids: string[] = []
    const { client, clock, store } = clientStage((memory) => ({
      askQuery: async (query) => {
        ids.push(query.id)
        await memory.askQuery(query)
      },
      takeReply: (id) => (isAway ? Promise.reject(new StoreUnavailableError('away')) : memory.takeReply(id)),
    }))
    await client.start('charge', { workflowId: 'w' })
    const answer = client.query('w', 'state')
    await clock.advance(1_000)
    isAway = true
    await clock.advance(1_000)
    isAway = false
    await store.answerQuery(ids[0] ?? '', { type: 'answered', result: '42' as Payload })
    client.onHint('query')
    assert.equal(await answer, 42)
    assert.deepEqual(clock.pending, [])
  })

  test('a query whose outcome is unknown is put again under another id', async () => {
    const asked: QueryAsked[] = []
    const stage = clientStage((memory) => ({
      askQuery: async (query) => {
        asked.push(query)
        await memory.askQuery(query)
        if (asked.length === 1) throw new StoreOutcomeUnknownError('cut')
        await memory.answerQuery(query.id, { type: 'answered', result: '7' as Payload })
      },
    }))
    await stage.client.start('charge', { workflowId: 'w' })
    const answer = stage.client.query('w', 'state')
    await stage.clock.advance(busyRetryMsMin)
    assert.equal(await answer, 7)
    assert.equal(new Set(asked.map((query) => query.id)).size, 2)
  })

  test('a query of an unknown execution is refused', async () => {
    const { client } = clientStage()
    await assert.rejects(client.query('nobody', 'state'), { code: 'WORKFLOW_NOT_FOUND' })
  })
})
