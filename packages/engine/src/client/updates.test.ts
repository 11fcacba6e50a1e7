import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ApplicationFailure } from '@perdure/workflow'
import { clientStage, fakeWorker, queue } from '../../test/client-stage.ts'
import { settled } from '../../test/manual-clock.ts'
import { resultUnavailableMsMax } from '../limits.ts'
import { StoreOutcomeUnknownError, StoreUnavailableError } from '../ports/store-error.ts'
import type { Store, UpdateRequest, UpdateState } from '../ports/store.ts'
import { encodeFailure } from '../protocol/failure-codec.ts'
import type { RunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import type { CommitBatch, StartRecord } from '../protocol/transition.ts'
import { WorkflowUpdateFailedError } from './errors.ts'
import { WithStartWorkflowOperation } from './with-start.ts'

/** A store whose updates a test moves by hand. */
function stage(replaced: (store: Store) => Partial<Store> = () => ({}), worker = fakeWorker()) {
  const updates = new Map<string, UpdateState>()
  const requests: UpdateRequest[] = []
  const move = (updateId: string, change: Partial<UpdateState>): UpdateState => {
    const state = { ...updates.get(updateId) as UpdateState, ...change }
    updates.set(updateId, state)
    return state
  }
  const made = clientStage((memory) => ({
    requestUpdates: async (given) => Promise.all(given.map(async (request) => {
      requests.push(request)
      const known = updates.get(request.updateId)
      if (known !== undefined) return { type: 'known' as const, runId: known.runId, state: known }
      const execution = await memory.getExecution(request.namespace, request.workflowId, request.runId)
      if (execution === undefined) return { type: 'not_found' as const }
      if (execution.status !== 'RUNNING') return { type: 'closed' as const, runId: execution.runId }
      const { runId } = execution
      updates.set(request.updateId, { runId, updateId: request.updateId, stage: 'admitted', result: null, failure: null, isOpen: true })
      return { type: 'requested' as const, runId }
    })),
    readUpdates: async (keys) => keys.flatMap(({ updateId }) => updates.get(updateId) ?? []),
    ...replaced(memory),
  }), { localWorker: worker.worker })
  return { ...made, worker, updates, requests, move }
}

const failureOf = (message: string) => encodeFailure(ApplicationFailure.create({ message, type: 'No' }))
const unowned = fakeWorker({ accepts: () => false })

suite('updates', () => {
  test('an update is sent with its id, name, arguments and sender, and its result awaited', async () => {
    const { client, requests, move, clock, published, worker } = stage(undefined, unowned)
    const handle = await client.start('charge', { workflowId: 'w' })
    const result = handle.executeUpdate<number, [number]>('add', { args: [2], updateId: 'u1' })
    await clock.advance(5)
    assert.deepEqual(requests.map(({ message, ...rest }) => ({ ...rest, ...message })), [{
      namespace: 'default', workflowId: 'w', runId: handle.runId, updateId: 'u1', type: 'WorkflowExecutionUpdateRequested',
      data: '{"updateId":"u1","updateName":"add","identity":"tester"}\n[2]',
    }])
    assert.ok(published.includes('queue') && worker.calls.includes('kick'), 'whoever runs it is told')
    move('u1', { stage: 'completed', result: '7' as Payload })
    await clock.advance(1_000)
    assert.equal(await result, 7)
  })

  test('a started update is handed out when it is accepted, and its result later', async () => {
    const { client, move, clock } = stage(undefined, unowned)
    const handle = await client.start('charge', { workflowId: 'w' })
    const starting = handle.startUpdate('add', { waitForStage: 'ACCEPTED', updateId: 'u1' })
    await clock.advance(5)
    move('u1', { stage: 'accepted' })
    await clock.advance(1_000)
    const update = await starting
    assert.deepEqual([update.updateId, update.workflowId, update.workflowRunId], ['u1', 'w', handle.runId])
    const result = update.result()
    await clock.advance(1_000)
    move('u1', { stage: 'completed', result: '"done"' as Payload })
    await clock.advance(1_000)
    assert.equal(await result, 'done')
    const again = client.getHandle('w').getUpdateHandle('u1').result()
    await clock.advance(10)
    assert.equal(await again, 'done')
  })

  test('the worker of the same process tells at once', async () => {
    let tell: (state: UpdateState) => void = () => undefined
    const local = fakeWorker({ accepts: () => false, onUpdated: (listener) => { tell = listener; return () => undefined } })
    const { client, move, clock } = stage(undefined, local)
    const handle = await client.start('charge', { workflowId: 'w' })
    const result = handle.executeUpdate('add', { updateId: 'u1' })
    await clock.advance(0)
    tell(move('u1', { stage: 'completed', result: '1' as Payload }))
    assert.equal(await result, 1)
  })

  test('one that is asked for twice is the same one, and an unknown outcome is settled by asking again', async () => {
    let asked = 0
    const cut = (request: NonNullable<Store['requestUpdates']>): NonNullable<Store['requestUpdates']> => async (given) => {
      const outcomes = await request(given)
      if (++asked === 1) throw new StoreOutcomeUnknownError('cut')
      return outcomes
    }
    const { client, store, move, requests, clock } = stage(undefined, unowned)
    Object.assign(store, { requestUpdates: cut(store.requestUpdates ?? assert.fail()) })
    const handle = await client.start('charge', { workflowId: 'w' })
    const first = handle.startUpdate('add', { waitForStage: 'ACCEPTED', updateId: 'u1' })
    await clock.advance(1_000)
    move('u1', { stage: 'completed', result: '1' as Payload })
    await clock.advance(1_000)
    assert.equal(await (await first).result(), 1)
    assert.equal(await handle.executeUpdate('add', { updateId: 'u1' }), 1)
    assert.equal(requests.length, 3)
  })

  test('whether one was made is unknown where the answer was lost, and the run that may have had it is closed', async () => {
    let asked = 0
    const lost = (request: NonNullable<Store['requestUpdates']>): NonNullable<Store['requestUpdates']> => async (given) => {
      if (++asked === 1) throw new StoreOutcomeUnknownError('cut')
      return request(given)
    }
    const { client, store, clock } = stage(undefined, unowned)
    Object.assign(store, { requestUpdates: lost(store.requestUpdates ?? assert.fail()) })
    const { runId } = await client.start('charge', { workflowId: 'w' })
    const updated = client.getHandle('w').executeUpdate('add', { updateId: 'u1' })
    const sameRun = client.getHandle('w', runId).executeUpdate('add', { updateId: 'u2' })
    await store.terminate({ namespace: 'default', workflowId: 'w', runId: null, failure: failureOf('ended'), at: 1 })
    const refused = Promise.all([
      assert.rejects(updated, { name: 'StoreOutcomeUnknownError', message: /whether the update 'add' of workflow 'w' was made/ }),
      assert.rejects(sameRun, { name: 'WorkflowNotFoundError' }),
    ])
    await clock.advance(1_000)
    await refused
  })

  test('a rejected one fails when its result is asked for, with the failure of its validator', async () => {
    const { client, move, clock } = stage(undefined, unowned)
    const handle = await client.start('charge', { workflowId: 'w' })
    const starting = handle.startUpdate('add', { waitForStage: 'ACCEPTED', updateId: 'u1' })
    await clock.advance(5)
    move('u1', { stage: 'rejected', failure: failureOf('too much') })
    await clock.advance(1_000)
    const error: unknown = await (await starting).result().catch((thrown: unknown) => thrown)
    assert.ok(error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
    assert.equal(error.code, 'UPDATE_REJECTED')
    assert.match(error.message, /Update 'add' of workflow 'w' was rejected: .*too much/)
  })

  const ends: readonly (readonly [string, Partial<UpdateState>, object])[] = [
    ['whose handler failed', { stage: 'completed', failure: failureOf('broken') }, { code: 'UPDATE_FAILED', message: /failed: .*broken/ }],
    ['accepted by an execution that ended before it', { stage: 'accepted', isOpen: false }, {
      code: 'UPDATE_FAILED', message: /Workflow completed before the Update completed/,
    }],
    ['never accepted by an execution that ended', { isOpen: false }, { code: 'WORKFLOW_NOT_FOUND', message: /closed before it accepted/ }],
  ]
  for (const [what, change, expected] of ends) {
    test(`an update ${what} is an error`, async () => {
      const { client, move, clock } = stage(undefined, unowned)
      const handle = await client.start('charge', { workflowId: 'w' })
      const refused = assert.rejects(handle.executeUpdate('add', { updateId: 'u1' }), expected)
      await clock.advance(5)
      move('u1', change)
      await clock.advance(1_000)
      await refused
    })
  }

  test('a wait that is over says that the update goes on', async () => {
    const { client, clock } = stage(undefined, unowned)
    const handle = await client.start('charge', { workflowId: 'w' })
    const refused = assert.rejects(handle.executeUpdate('add', { updateId: 'u1', timeout: '1 second' }), {
      name: 'WorkflowUpdateRPCTimeoutOrCancelledError',
      code: 'UPDATE_TIMED_OUT', message: /not completed within 1000 ms.*getUpdateHandle\('u1'\)/,
    })
    await clock.advance(1_000)
    await refused
  })

  test('updates of what is not there, or is closed, or was never asked for, are refused, each with its code', async () => {
    const { client, clock, requests } = stage(undefined, unowned)
    const handle = await client.start('charge', { workflowId: 'w' })
    await assert.rejects(client.getHandle('x').executeUpdate('add'), { code: 'WORKFLOW_NOT_FOUND' })
    const unknown = assert.rejects(handle.getUpdateHandle('u9').result(), { code: 'UPDATE_NOT_FOUND', message: /no update 'u9'/ })
    await clock.advance(10)
    await unknown
    await handle.terminate()
    await assert.rejects(handle.executeUpdate('add'), { code: 'WORKFLOW_NOT_FOUND', message: /closed and cannot get the update 'add'/ })
    const before = requests.length
    await assert.rejects(handle.executeUpdate('__perdure_x'), { code: 'MESSAGE_NAME_RESERVED' })
    await assert.rejects(handle.executeUpdate(undefined as never), { code: 'ID_INVALID', message: /in place of an update/ })
    await assert.rejects(handle.executeUpdate('add', { args: 5 as never }), { code: 'OPTIONS_INVALID', message: /args of .* are 5/ })
    await assert.rejects(handle.startUpdate('add', {} as never), { code: 'OPTIONS_INVALID', message: /needs a waitForStage/ })
    await assert.rejects(handle.startUpdate('add', { waitForStage: 'ADMITTED' as never }), { code: 'OPTIONS_INVALID', message: /ACCEPTED/ })
    assert.equal(requests.length, before, 'nothing was sent')
  })

  test('a clock that is set back an hour keeps nobody waiting', async () => {
    const { client, move, clock } = stage(undefined, unowned)
    const handle = await client.start('charge', { workflowId: 'w' })
    const result = handle.executeUpdate<number, [number]>('add', { args: [2], updateId: 'u1' })
    await clock.advance(1_000)
    clock.jump(-3_600_000)
    move('u1', { stage: 'completed', result: '7' as Payload })
    await clock.advance(resultUnavailableMsMax + 1_000)
    assert.equal(await Promise.race([result, settled().then(() => 'still waiting')]), 7)
  })

  test('the waiting goes on while the database is away, and ends with the engine', async () => {
    let isAway = true
    const { client, clock, updates } = stage(() => ({
      readUpdates: async (keys) => {
        if (isAway) throw new StoreUnavailableError('away')
        return keys.flatMap(({ updateId }) => updates.get(updateId) ?? [])
      },
    }), unowned)
    const handle = await client.start('charge', { workflowId: 'w' })
    const result = handle.executeUpdate('add', { updateId: 'u1' })
    await clock.advance(1_000)
    isAway = false
    updates.set('u1', { ...updates.get('u1') as UpdateState, stage: 'completed', result: '3' as Payload })
    await clock.advance(2_000)
    assert.equal(await result, 3)
    const left = assert.rejects(handle.executeUpdate('add', { updateId: 'u2' }), /stopped/)
    await clock.advance(5)
    await client.stop(new StoreUnavailableError('stopped'))
    await left
  })
})

suite('starts with a message', () => {
  const startsOf = (replaced: (store: Store) => Partial<Store> = () => ({}), worker = unowned) => {
    const starts: StartRecord[] = []
    const made = stage((memory) => ({
      commit: async (batch: CommitBatch) => {
        starts.push(...batch.starts)
        return memory.commit(batch)
      },
      ...replaced(memory),
    }), worker)
    return { ...made, starts }
  }

  test('a start with a signal has it in its inbox from the start, and no worker owns it yet', async () => {
    const { client, starts } = startsOf(undefined, fakeWorker({ accepts: () => true }))
    const handle = await client.signalWithStart('charge', { workflowId: 'w', signal: 'go', signalArgs: [1] })
    assert.deepEqual(starts.map(({ owned, conflictPolicy, link }) => [owned, conflictPolicy, link?.messages]), [[false, 'USE_EXISTING', [
      { type: 'WorkflowExecutionSignaled', data: '{"signalName":"go","identity":"tester"}\n[1]', updateId: null },
    ]]])
    assert.deepEqual([handle.started, handle.signaledRunId], [true, handle.runId])
  })

  test('where one is open, it gets the signal', async () => {
    const { client, store } = startsOf()
    const first = await client.signalWithStart('charge', { workflowId: 'w', signal: 'go' })
    const second = await client.signalWithStart('charge', { workflowId: 'w', signal: 'more' })
    assert.deepEqual([second.started, second.signaledRunId], [false, first.runId])
    const messages = await store.readMessages(first.runId as RunId, 10)
    assert.ok(messages.some(({ data }) => data.includes('"more"')))
  })

  test('one that closes before it gets the signal is followed by a start', async () => {
    let closes = 1
    const { client, store } = startsOf((memory) => ({
      post: async (posts) => {
        if (closes-- > 0) await memory.terminate({ namespace: 'default', workflowId: 'w', runId: null, failure: '{}' as Payload, at: 1 })
        return memory.post(posts)
      },
    }))
    const first = await client.start('charge', { workflowId: 'w', taskQueue: queue })
    const second = await client.signalWithStart('charge', { workflowId: 'w', signal: 'go' })
    assert.notEqual(second.signaledRunId, first.runId)
    assert.equal((await store.getExecution('default', 'w', null))?.runId, second.runId)
  })

  test('an unknown outcome of the posting is told, and not repeated', async () => {
    let posts = 0
    const { client } = startsOf(() => ({
      post: async () => {
        posts++
        throw new StoreOutcomeUnknownError('cut')
      },
    }))
    await client.signalWithStart('charge', { workflowId: 'w', signal: 'go' })
    await assert.rejects(client.signalWithStart('charge', { workflowId: 'w', signal: 'more' }), StoreOutcomeUnknownError)
    assert.equal(posts, 1)
  })

  test('a start with an update has it in its inbox, with its id; where one is open, it is asked', async () => {
    const { client, starts, requests, updates, move, clock } = startsOf()
    const operationOf = () => new WithStartWorkflowOperation('charge', { workflowId: 'w', workflowIdConflictPolicy: 'USE_EXISTING' })
    const operation = operationOf()
    const result = client.executeUpdateWithStart('add', { args: [1], updateId: 'u1', startWorkflowOperation: operation })
    const handle = await operation.workflowHandle()
    assert.deepEqual(starts.map(({ link }) => link?.messages), [[{
      type: 'WorkflowExecutionUpdateRequested', updateId: 'u1', data: '{"updateId":"u1","updateName":"add","identity":"tester"}\n[1]',
    }]])
    const { runId } = handle
    updates.set('u1', { runId: runId as RunId, updateId: 'u1', stage: 'completed', result: '1' as Payload, failure: null, isOpen: true })
    await clock.advance(1_000)
    assert.equal(await result, 1)
    const second = client.startUpdateWithStart('add', { updateId: 'u2', startWorkflowOperation: operationOf(), waitForStage: 'ACCEPTED' })
    await clock.advance(5)
    assert.deepEqual(requests.map(({ updateId, runId: asked }) => [updateId, asked]), [['u2', runId]])
    move('u2', { stage: 'accepted' })
    await clock.advance(1_000)
    assert.equal((await second).workflowRunId, runId)
  })

  test('an operation is carried out once, needs a conflict policy, and fails with its start', async () => {
    const { client } = startsOf()
    await client.start('charge', { workflowId: 'w' })
    const taken = new WithStartWorkflowOperation('charge', { workflowId: 'w', workflowIdConflictPolicy: 'FAIL' })
    const started = { code: 'WORKFLOW_ALREADY_STARTED' }
    await assert.rejects(client.executeUpdateWithStart('add', { startWorkflowOperation: taken }), started)
    await assert.rejects(taken.workflowHandle(), started)
    const invalid = (startWorkflowOperation: unknown, message: RegExp) => {
      const update = client.executeUpdateWithStart('add', { startWorkflowOperation } as never)
      return assert.rejects(update, { code: 'OPTIONS_INVALID', message })
    }
    await invalid(taken, /was carried out already/)
    await invalid(undefined, /executeUpdateWithStart\(\) needs a startWorkflowOperation/)
    await invalid(new WithStartWorkflowOperation('charge', { workflowId: 'w' } as never), /needs a workflowIdConflictPolicy/)
  })
})
