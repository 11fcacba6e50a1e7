import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { TerminatedFailure } from '@perdure/workflow'
import { clientStage, fakeWorker, queue } from '../../test/client-stage.ts'
import { busyWaitMs } from '../limits.ts'
import { StoreBusyError, StoreOutcomeUnknownError, StoreUnavailableError } from '../ports/store-error.ts'
import type { Store } from '../ports/store.ts'
import type { CommitBatch, StartRecord } from '../protocol/transition.ts'
import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from './errors.ts'

async function charge(amount: number): Promise<number> {
  return amount
}

const registryOf = (...names: string[]) => ({
  workflow: (name: string) => (names.includes(name) ? charge : undefined),
  workflowTypes: () => names,
})

suite('starting through the store', () => {
  test('a start is a row that no worker owns, with its arguments, and other processes are told', async () => {
    const { client, store, clock, published } = clientStage()
    const handle = await client.start(charge, { workflowId: 'w', args: [5], memo: { note: 'x' }, priority: { priorityKey: 1 } })
    const record = await store.getExecution('default', 'w', null)
    assert.ok(record !== undefined)
    assert.deepEqual(
      [record.runId, record.workflowType, record.taskQueue, record.input, record.memo, record.priority, record.owner, record.wakeAt],
      [handle.runId, 'charge', queue, '[5]', '{"note":"x"}', 1, null, clock.now()],
    )
    assert.deepEqual(published, ['queue'])
  })

  test('what is unknown in a priority is refused', async () => {
    const { client } = clientStage()
    const start = (priority: object) => client.start(charge, { workflowId: 'w', args: [5], priority })
    await assert.rejects(start({ priorityKey: 1, fairnessKey: 'x' }), {
      code: 'OPTIONS_INVALID', message: /^The priority of start\(\).* knows no option 'fairnessKey'; Temporal has it, Perdure does not yet/,
    })
    await assert.rejects(start({ priorityKy: 1 }), { code: 'OPTIONS_INVALID', message: /did you mean 'priorityKey'\?/ })
  })

  test('an id that is open is refused with the run that holds it, or given, or taken over, as the conflict policy says', async () => {
    const { client, store } = clientStage()
    const first = await client.start('charge', { workflowId: 'w' })
    const refused: unknown = await client.start('charge', { workflowId: 'w' }).catch((error: unknown) => error)
    assert.ok(refused instanceof WorkflowExecutionAlreadyStartedError)
    const { code, workflowId, workflowType, runId } = refused
    assert.deepEqual([code, workflowId, workflowType, runId], ['WORKFLOW_ALREADY_STARTED', 'w', 'charge', first.runId])
    const same = await client.start('charge', { workflowId: 'w', workflowIdConflictPolicy: 'USE_EXISTING' })
    assert.equal(same.runId, first.runId)
    const other = await client.start('charge', { workflowId: 'w', workflowIdConflictPolicy: 'TERMINATE_EXISTING' })
    assert.notEqual(other.runId, first.runId)
    await assert.rejects(first.result(), (error: Error) => error instanceof WorkflowFailedError && error.cause instanceof TerminatedFailure)
    assert.equal((await store.getExecution('default', 'w', null))?.runId, other.runId)
  })

  test('an id that the reuse policy keeps is refused with the status of the run that used it', async () => {
    const { client } = clientStage()
    await (await client.start('charge', { workflowId: 'w' })).terminate()
    const again = client.start('charge', { workflowId: 'w', workflowIdReusePolicy: 'REJECT_DUPLICATE' })
    await assert.rejects(again, { code: 'WORKFLOW_ALREADY_STARTED', message: /TERMINATED.*REJECT_DUPLICATE/ })
  })

  test('a start whose outcome is unknown is sent again, and is made once', async () => {
    let commits = 0
    const { client, store, clock } = clientStage((memory) => ({
      commit: async (batch: CommitBatch) => {
        const outcome = await memory.commit(batch)
        if (++commits === 1) throw new StoreOutcomeUnknownError('cut')
        return outcome
      },
    }))
    const starting = client.start('charge', { workflowId: 'w' })
    await clock.advance(100)
    assert.equal((await starting).runId, (await store.getExecution('default', 'w', null))?.runId)
    assert.equal(commits, 2)
    assert.equal(await client.count(), 1)
  })

  test('an unknown outcome stays what is told when the database goes away', async () => {
    let commits = 0
    const { client, clock } = clientStage({
      commit: async () => {
        throw ++commits === 1 ? new StoreOutcomeUnknownError('cut') : new StoreUnavailableError('away')
      },
    })
    const starting = assert.rejects(client.start('charge'), { code: 'STORE_OUTCOME_UNKNOWN' })
    await clock.advance(busyWaitMs + 1_000)
    await starting
  })

  test('a client fails at once when the database is away', async () => {
    const { client, clock } = clientStage({ commit: () => Promise.reject(new StoreUnavailableError('away')) })
    await assert.rejects(client.start('charge'), { code: 'STORE_UNAVAILABLE' })
    assert.deepEqual(clock.pending, [])
  })

  test('a busy id or database is tried again, for a while', async () => {
    let commits = 0
    const busyTwice = (memory: Store): Partial<Store> => ({
      commit: async (batch) => {
        commits++
        if (commits === 1) throw new StoreBusyError('locked')
        return commits === 2 ? { type: 'committed', starts: [{ type: 'busy' }], transitions: [] } : memory.commit(batch)
      },
    })
    const { client, clock } = clientStage(busyTwice)
    const starting = client.start('charge', { workflowId: 'w' })
    await clock.advance(100)
    assert.equal((await starting).workflowId, 'w')
    assert.equal(commits, 3)

    const stuck = clientStage({ commit: () => Promise.reject(new StoreBusyError('locked')) })
    const failing = assert.rejects(stuck.client.start('charge', { workflowId: 'w' }), { code: 'STORE_BUSY', message: /'w'/ })
    await stuck.clock.advance(busyWaitMs + 1_000)
    await failing
  })

  test('many starts at once share commits', async () => {
    const sizes: number[] = []
    const { client } = clientStage((memory) => ({
      commit: (batch) => {
        sizes.push(batch.starts.length)
        return memory.commit(batch)
      },
    }))
    await Promise.all(Array.from({ length: 50 }, () => client.start('charge')))
    assert.deepEqual(sizes, [50])
  })
})

suite('starting with a worker in the process', () => {
  const started = (overrides: Parameters<typeof fakeWorker>[0] = {}) => {
    const records: StartRecord[] = []
    const fake = fakeWorker({
      startExecution: async (record) => {
        records.push(record)
        return { type: 'started' }
      },
      ...overrides,
    })
    return { records, fake, ...clientStage({}, { localWorker: fake.worker, servedTaskQueues: [queue], registry: registryOf('charge') }) }
  }

  test('a start is owned by it when it has room', async () => {
    const { client, records, store } = started()
    const handle = await client.start(charge, { workflowId: 'w', args: [5] })
    assert.deepEqual(records.map((record) => [record.workflowId, record.runId, record.owned]), [['w', handle.runId, true]])
    assert.equal(await store.getExecution('default', 'w', null), undefined)
  })

  test('a start with a delay, or in place of another one, goes through the store', async () => {
    const { client, records, store, clock } = started()
    await client.start(charge, { workflowId: 'later', args: [5], startDelay: '1 hour' })
    await client.start(charge, { workflowId: 'instead', args: [5], workflowIdConflictPolicy: 'TERMINATE_EXISTING' })
    assert.deepEqual(records, [])
    assert.equal((await store.getExecution('default', 'later', null))?.wakeAt, clock.now() + 3_600_000)
    assert.equal((await store.getExecution('default', 'instead', null))?.owner, null)
  })

  test('a start that the worker could not make goes through the store under the same run id', async () => {
    for (const error of [new StoreUnavailableError('between'), new StoreOutcomeUnknownError('cut'), new StoreBusyError('locked')]) {
      const runs: string[] = []
      const { client, store, fake } = started({
        startExecution: (record) => {
          runs.push(record.runId)
          return Promise.reject(error)
        },
      })
      const handle = await client.start(charge, { workflowId: 'w', args: [5] })
      assert.deepEqual([handle.runId, (await store.getExecution('default', 'w', null))?.runId], [runs[0], runs[0]])
      assert.deepEqual(fake.calls, ['kick'])
    }
  })

  test('a start of which the worker does not know whether it was made stays unknown when the database goes away', async () => {
    const fake = fakeWorker({ startExecution: () => Promise.reject(new StoreOutcomeUnknownError('cut')) })
    const { client, clock } = clientStage(
      { commit: () => Promise.reject(new StoreUnavailableError('away')) },
      { localWorker: fake.worker, servedTaskQueues: [queue], registry: registryOf('charge') },
    )
    const starting = assert.rejects(client.start('charge', { args: [5] }), { code: 'STORE_OUTCOME_UNKNOWN' })
    await clock.advance(busyWaitMs + 1_000)
    await starting
  })

  test('a run that is terminated by another start is forgotten by the worker', async () => {
    const { client, fake } = started({ accepts: () => false })
    const first = await client.start(charge, { workflowId: 'w', args: [1] })
    await client.start(charge, { workflowId: 'w', args: [2], workflowIdConflictPolicy: 'TERMINATE_EXISTING' })
    assert.ok(fake.calls.includes(`forget ${first.runId}`))
  })

  test('an unknown name is refused with near matches where this worker serves the queue, and accepted elsewhere', async () => {
    const { client } = started()
    const unknown = { code: 'WORKFLOW_NOT_REGISTERED', message: /'chrage'.*did you mean 'charge'/ }
    await assert.rejects(client.start('chrage', { args: [5] }), unknown)
    await assert.rejects(client.start('chrage'), { message: /which serves the task queue 'orders' .*; did you mean 'charge'\?$/ })
    await assert.rejects(client.start('refund'), { message: /; it has charge\. Register it: .*register\(\{ refund \}\)$/ })
    await assert.rejects(client.start('re-fund'), { message: /register\(\{ 're-fund': fn \}\)$/ })
    assert.ok(await client.start('chrage', { args: [5], taskQueue: 'elsewhere' }))
  })

  test('a function goes by the name under which it was registered', async () => {
    const { client, records } = (() => {
      const records: StartRecord[] = []
      const fake = fakeWorker({
        startExecution: async (record) => {
          records.push(record)
          return { type: 'started' }
        },
      })
      return { records, ...clientStage({}, { localWorker: fake.worker, servedTaskQueues: [queue], registry: registryOf('payment') }) }
    })()
    await client.start(charge, { args: [5] })
    assert.deepEqual(records.map((record) => record.workflowType), ['payment'])
  })
})

test('wrong options and ids are refused before anything is sent', async () => {
  const { client } = clientStage({ commit: () => Promise.reject(new Error('sent')) })
  const wrong = (options: object, code: string, message: RegExp) =>
    assert.rejects(client.start('charge', options as never), { code, message })
  await wrong({ workflowID: 'x' }, 'OPTIONS_INVALID', /did you mean 'workflowId'/)
  await wrong({ args: 5 }, 'OPTIONS_INVALID', /array/)
  await wrong({ workflowIdConflictPolicy: 'FIAL' }, 'OPTIONS_INVALID', /did you mean 'FAIL'/)
  await wrong({ priority: 9 }, 'OPTIONS_INVALID', /from 1/)
  await wrong({ memo: [1] }, 'OPTIONS_INVALID', /array/)
  await wrong({ workflowId: '' }, 'ID_INVALID', /empty/)
  await wrong({ workflowId: 'a\0' }, 'ID_INVALID', /NUL/)
  await wrong({ workflowId: '\ud800' }, 'ID_INVALID', /Unicode/)
  await wrong({ startDelay: 'soon' }, 'DURATION_INVALID', /startDelay/)
  await wrong({ args: [new Map()] }, 'PAYLOAD_NOT_SERIALISABLE', /Map/)
  await wrong({ requestEagerStart: true }, 'OPTIONS_INVALID', /'requestEagerStart'; Temporal has it, Perdure does not yet/)
  await wrong({ workflowRunTimeout: 0 }, 'OPTIONS_INVALID', /workflowRunTimeout of start\(\) is 0/)
  await wrong({ workflowExecutionTimeout: 'soon' }, 'DURATION_INVALID', /workflowExecutionTimeout of start\(\)/)
  await wrong({ retry: { maximumAttempts: -1 } }, 'OPTIONS_INVALID', /start\(\): retry.maximumAttempts is -1/)
  await wrong({ retry: { maxAttempts: 2 } }, 'OPTIONS_INVALID', /'maxAttempts' in the retry policy of start\(\).*maximumAttempts/)
  await wrong({ cronSchedule: '0 * * * *' }, 'OPTIONS_INVALID', /no cronSchedule.*schedule/)
  await wrong({ staticSummary: 7 }, 'OPTIONS_INVALID', /staticSummary of start\(\) is 7/)
  await wrong({ typedSearchAttributes: 7 }, 'SEARCH_ATTRIBUTES_INVALID', /start\(\).* no list of pairs/)
  const key = { name: 'Amount', type: 'INT' }
  await wrong({ typedSearchAttributes: [{ key, value: 1.5 }] }, 'SEARCH_ATTRIBUTES_INVALID', /the value of 'Amount' is no whole number/)
  for (const given of [null, 7, 'order-7', ['order-7']] as object[]) {
    await wrong(given, 'OPTIONS_INVALID', /options of start\(\) are .*pass an object/)
  }
})

test('what is no workflow is refused by name, with what to pass', async () => {
  const { client } = clientStage({ commit: () => Promise.reject(new Error('sent')) })
  const code = 'WORKFLOW_NOT_REGISTERED'
  const message = /^start\(\) was given undefined .* in place of a workflow; pass the function or its name/
  await assert.rejects(client.start(undefined as never), { code, message })
  await assert.rejects(client.execute({} as never), { code, message: /^execute\(\) was given an object/ })
  await assert.rejects(client.start(async () => undefined), { code, message: /has no name and is not registered/ })
})

test('the handle of a start says whether it started a run or joined one', async () => {
  const { client } = clientStage()
  const first = await client.start('charge', { workflowId: 'w' })
  const second = await client.start('charge', { workflowId: 'w', workflowIdConflictPolicy: 'USE_EXISTING' })
  assert.deepEqual([first.started, first.firstExecutionRunId], [true, first.runId])
  assert.deepEqual([second.started, second.runId, second.firstExecutionRunId], [false, first.runId, first.runId])
  const third = await client.start('charge', { workflowId: 'w', workflowIdConflictPolicy: 'TERMINATE_EXISTING' })
  assert.deepEqual([third.started, third.runId === first.runId], [true, false])
})

test('the older reuse policy TERMINATE_IF_RUNNING ends the open run, of a start and of one with a signal', async () => {
  const { client } = clientStage()
  const workflowIdReusePolicy = 'TERMINATE_IF_RUNNING'
  const first = await client.start('charge', { workflowId: 'w' })
  const second = await client.start('charge', { workflowId: 'w', workflowIdReusePolicy })
  const third = await client.signalWithStart('charge', { workflowId: 'w', workflowIdReusePolicy, signal: 'go' })
  assert.equal(new Set([first.runId, second.runId, third.signaledRunId]).size, 3)
  for (const ended of [first, second]) {
    await assert.rejects(ended.result(), (error: Error) => error instanceof WorkflowFailedError && error.cause instanceof TerminatedFailure)
  }
})
