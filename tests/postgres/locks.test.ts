/** Who waits for whom, forced through two connections: a transaction of one is held open while the other goes on. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { StoreBusyError } from '@perdure/engine'
import type { CommitBatch, Serving, StartRecord, Transition } from '@perdure/engine'
import type { Client } from 'pg'
import { commitStatement, commitValues, ordered } from '../../packages/postgres/src/statements/commit.ts'
import { completed, event, leaseMs, transition } from '../conformance/arena.ts'
import { openStage, type Stage, uniqueName, untilWaiting } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage('locks')
})
after(() => stage.dispose())

/** A commit on a connection of our own, so that its transaction can be held open. */
async function commitOn(client: Client, worker: Serving, transitions: readonly Transition[], starts: readonly StartRecord[] = []) {
  const batch: CommitBatch = { incarnation: worker.incarnation, starts, transitions }
  const { rows } = await client.query(commitStatement.text, commitValues(ordered(batch), starts.map(() => null)))
  return rows[0] as Record<string, unknown>
}

/** A sender that has sent and not yet committed. */
async function sending(start: StartRecord): Promise<Client> {
  const sender = await stage.connect()
  await sender.query('begin')
  await sender.query('insert into perdure.inbox (run_id, namespace, task_queue, type, data) values ($1, $2, $3, $4, $5)',
    [start.runId, start.namespace, start.taskQueue, 'WorkflowSignaled', '"sent"'])
  return sender
}

const to = (start: StartRecord) => ({ namespace: start.namespace, workflowId: start.workflowId, runId: null, type: 'S', data: '"late"' })

describe('a message that is on its way when its execution closes or is released', () => {
  test('a close meets the lock of the sender and is refused, then finds the message', async () => {
    const { arena } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const sender = await sending(start)
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)], close: completed }), 'locked')
    assert.deepEqual(await stage.store.readHistory(start.runId, 0, 10), [])
    await sender.query('commit')
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)], close: completed }), 'unread')
    assert.deepEqual(await arena.unread(worker, start), ['"sent"'])
  })

  test('a release meets the lock of the sender, writes the rest and keeps the execution', async () => {
    const { arena } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const sender = await sending(start)
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)], release: { wakeAt: null, held: null } }), 'kept')
    assert.equal((await stage.store.readHistory(start.runId, 0, 10)).length, 1)
    await sender.query('commit')
    assert.equal(await arena.transit(worker, start.runId, { release: { wakeAt: null, held: null } }), 'kept')
    assert.deepEqual(await arena.unread(worker, start), ['"sent"'])
  })

  test('a plain append passes the sender', async () => {
    const { arena } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const sender = await sending(start)
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)] }), 'ok')
    await sender.query('rollback')
  })

  test('a refused close does not hold up its neighbours', async () => {
    const { arena } = stage
    const worker = await arena.worker()
    const [told, quiet] = [await arena.started(worker), await arena.started(worker)]
    const sender = await sending(told)
    const { transitions } = await arena.commit(worker, {
      transitions: [transition(told.runId, { close: completed }), transition(quiet.runId, { close: completed })],
    })
    assert.deepEqual(transitions, ['locked', 'ok'])
    await sender.query('rollback')
  })
})

describe('a message that is sent while its execution closes or is released', () => {
  test('the sender is busy while the close is under way, and then told that the execution is closed', async () => {
    const { arena, store } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const owner = await stage.connect()
    await owner.query('begin')
    await commitOn(owner, worker, [transition(start.runId, { close: completed })])
    assert.deepEqual(await store.post([to(start)]), [{ type: 'busy' }])
    await owner.query('commit')
    assert.deepEqual(await store.post([to(start)]), [{ type: 'closed', runId: start.runId }])
  })

  test('the sender is busy while a close is under way that is undone, and then its message arrives once', async () => {
    const { arena, store } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const owner = await stage.connect()
    await owner.query('begin')
    await commitOn(owner, worker, [transition(start.runId, { close: completed })])
    assert.deepEqual(await store.post([to(start)]), [{ type: 'busy' }])
    await owner.query('rollback')
    assert.equal((await store.post([to(start)]))[0]?.type, 'posted')
    assert.deepEqual(await arena.unread(worker, start), ['"late"'])
  })

  test('while a close starts the workflow id again the sender is busy, and then its message goes to the new run', async () => {
    const { arena, store } = stage
    const worker = await arena.worker()
    const old = await arena.started(worker)
    const next = arena.start({ owned: true, workflowId: old.workflowId, startedAt: 2_000 })
    const owner = await stage.connect()
    await owner.query('begin')
    await commitOn(owner, worker, [transition(old.runId, { close: completed })], [next])
    assert.deepEqual(await store.post([to(old)]), [{ type: 'busy' }])
    await owner.query('commit')
    const outcome = await arena.post(to(old))
    assert.deepEqual([outcome.type, outcome.type === 'posted' && outcome.runId], ['posted', next.runId])
  })

  test('the sender is busy while the release is under way, and then its message wakes the execution', async () => {
    const { arena, store } = stage
    const worker = await arena.worker({ taskQueues: [uniqueName('q')] })
    const start = await arena.started(worker, { taskQueue: worker.taskQueues[0] ?? '' })
    const owner = await stage.connect()
    await owner.query('begin')
    await commitOn(owner, worker, [transition(start.runId, { release: { wakeAt: null, held: null } })])
    assert.deepEqual(await store.post([to(start)]), [{ type: 'busy' }])
    await owner.query('commit')
    assert.equal((await store.post([to(start)]))[0]?.type, 'posted')
    const [claimed] = await arena.claim(worker)
    assert.deepEqual(claimed?.inbox.map(message => message.data), ['"late"'])
  })

  test('a terminate waits for the commit of the owner, which is not lost', async () => {
    const { arena, admin, store } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const owner = await stage.connect()
    await owner.query('begin')
    await commitOn(owner, worker, [transition(start.runId, { events: [event(1)] })])
    const terminated = store.terminate({ ...start, failure: completed.result, at: 5_000 })
    await untilWaiting(admin, 'perdure work')
    await owner.query('commit')
    assert.equal((await terminated).type, 'terminated')
    assert.equal((await store.readHistory(start.runId, 0, 10)).length, 1)
  })

  test('a terminate that waits too long says that it is busy, and changed nothing', async () => {
    const { arena, store } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const owner = await stage.connect()
    await owner.query('begin')
    await commitOn(owner, worker, [transition(start.runId, { events: [event(1)] })])
    await assert.rejects(store.terminate({ ...start, failure: completed.result, at: 5_000 }), StoreBusyError)
    await owner.query('commit')
    assert.equal((await arena.get(start)).status, 'RUNNING')
  })
})

describe('locks of others', () => {
  test('a transition whose row somebody holds is locked, and its neighbours are written', async () => {
    const { arena } = stage
    const worker = await arena.worker()
    const [theirs, free] = [await arena.started(worker), await arena.started(worker)]
    const other = await stage.connect()
    await other.query('begin')
    await other.query('select 1 from perdure.executions where run_id = $1 for update', [theirs.runId])
    const transitions = [theirs, free].map(({ runId }) => transition(runId, { events: [event(1)] }))
    assert.deepEqual((await arena.commit(worker, { transitions })).transitions, ['locked', 'ok'])
    await other.query('rollback')
    assert.equal(await arena.transit(worker, theirs.runId, { events: [event(1)] }), 'ok')
  })

  test('a workflow id that an open transaction holds makes its start busy and no other', async () => {
    const { arena } = stage
    const worker = await arena.worker()
    const held = arena.start({ owned: true })
    const other = await stage.connect()
    await other.query('begin')
    await commitOn(other, worker, [], [held])
    const starts = Array.from({ length: 50 }, (_, index) => arena.start(index === 20 ? { workflowId: held.workflowId } : {}))
    const types = async () => (await arena.commit(null, { starts })).starts.map(outcome => outcome.type)
    const expected = (first: string) => starts.map((_, index) => (index === 20 ? 'busy' : first))
    assert.deepEqual(await types(), expected('started'))
    assert.deepEqual(await types(), expected('exists'))
    await other.query('commit')
    const [after] = (await arena.commit(null, { starts: starts.slice(20, 21) })).starts
    assert.deepEqual(after, { type: 'exists', runId: held.runId, status: 'RUNNING' })
  })

  test('an id is started once its holder has given it up', async () => {
    const { arena } = stage
    const worker = await arena.worker()
    const held = arena.start({ owned: true })
    const other = await stage.connect()
    await other.query('begin')
    await commitOn(other, worker, [], [held])
    const wanted = arena.start({ workflowId: held.workflowId })
    assert.deepEqual((await arena.commit(null, { starts: [wanted] })).starts, [{ type: 'busy' }])
    await other.query('rollback')
    assert.deepEqual((await arena.commit(null, { starts: [wanted] })).starts, [{ type: 'started' }])
  })

  test('a start that terminates the open run waits for its owner briefly, then is busy', async () => {
    const { arena } = stage
    const worker = await arena.worker()
    const open = await arena.started(worker)
    const owner = await stage.connect()
    await owner.query('begin')
    await commitOn(owner, worker, [transition(open.runId, { events: [event(1)] })])
    const next = arena.start({ workflowId: open.workflowId, conflictPolicy: 'TERMINATE_EXISTING' })
    const [bystander, refused] = (await arena.commit(null, { starts: [arena.start(), next] })).starts
    assert.deepEqual([bystander?.type, refused?.type], ['started', 'busy'])
    await owner.query('commit')
    assert.deepEqual((await arena.commit(null, { starts: [next] })).starts, [{ type: 'started' }])
  })

  test('the reuse policy sees a run that closed while the start waited for its id', async () => {
    const { arena, admin } = stage
    const worker = await arena.worker()
    const first = arena.start({ owned: true })
    const owner = await stage.connect()
    await owner.query('begin')
    await commitOn(owner, worker, [transition(first.runId, { close: completed })], [first])
    const again = arena.start({ workflowId: first.workflowId, reusePolicy: 'REJECT_DUPLICATE' })
    const committed = arena.commit(null, { starts: [again] })
    await untilWaiting(admin, 'perdure commit')
    await owner.query('commit')
    assert.deepEqual((await committed).starts, [{ type: 'exists', runId: first.runId, status: 'COMPLETED' }])
  })
})

describe('death', () => {
  test('a takeover waits for the commit of its victim, which is whole, and then fences it', async () => {
    const { arena, admin, store } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const victim = await stage.connect()
    await victim.query('begin')
    await commitOn(victim, worker, [transition(start.runId, { events: [event(1)] })])
    const taken = arena.kill(worker)
    await untilWaiting(admin, 'perdure work')
    await victim.query('commit')
    assert.equal(await taken, true)
    assert.equal((await store.readHistory(start.runId, 0, 10)).length, 1)
    assert.equal((await commitOn(victim, worker, [transition(start.runId, { events: [event(2)] })]))['fenced'], true)
  })

  test('a commit that comes while its worker is taken over is fenced', async () => {
    const { arena, admin, store } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const observer = await stage.connect()
    await observer.query('begin')
    await observer.query('select perdure.bury_v1($1, null, null, 0, 5000, 5)', [worker.incarnation])
    const victim = await stage.connect('victim')
    const late = commitOn(victim, worker, [transition(start.runId, { events: [event(1)] })])
    await untilWaiting(admin, 'victim')
    await observer.query('commit')
    assert.equal((await late)['fenced'], true)
    assert.deepEqual(await store.readHistory(start.runId, 0, 10), [])
  })

  test('heartbeats pass a commit in flight', async () => {
    const { arena, store } = stage
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const owner = await stage.connect()
    await owner.query('begin')
    await commitOn(owner, worker, [transition(start.runId, { events: [event(1)] })])
    assert.equal((await store.tick(worker, leaseMs)).alive, true)
    await owner.query('rollback')
  })

  const request = { now: 10_000, limit: 10, suspectLimit: 10 }
  const claims: readonly (readonly [what: string, claim: (worker: Serving) => Promise<number>])[] = [
    ['executions', async worker => (await stage.store.claim({ ...worker, ...request })).length],
    ['tasks', async worker => (await stage.store.claimTasks(worker, 10_000, 10)).tasks.length],
  ]
  for (const [what, claim] of claims) {
    test(`a dead worker claims no ${what} while its death is not yet committed`, async () => {
      const { arena, admin } = stage
      const queue = uniqueName('q')
      const [worker, owner] = [await arena.worker({ taskQueues: [queue] }), await arena.worker()]
      await arena.started(null, { taskQueue: queue })
      const start = await arena.started(owner)
      await arena.transit(owner, start.runId, { tasks: [arena.task(start, 1, { taskQueue: queue })] })
      const observer = await stage.connect()
      await observer.query('begin')
      await observer.query('select perdure.bury_v1($1, null, null, 0, 5000, 5)', [worker.incarnation])
      const claimed = claim(worker)
      await Promise.race([untilWaiting(admin, 'perdure work'), claimed])
      await observer.query('commit')
      assert.equal(await claimed, 0)
    })
  }
})

test('the end of a task and the close of its execution wait for each other in one order, not in a circle', async () => {
  const { arena, admin, store } = stage
  const worker = await arena.worker()
  const start = await arena.started(worker)
  await arena.transit(worker, start.runId, { tasks: [arena.task(start, 1)] })
  const end = { runId: start.runId, command: 1, attempt: 1, outcome: { type: 'post', eventType: 'E', data: '"r"' } } as const
  const owner = await stage.connect()
  await owner.query('begin')
  await commitOn(owner, worker, [transition(start.runId, { close: completed })])
  const ended = store.endTasks([end])
  await untilWaiting(admin, 'perdure work')
  await owner.query('commit')
  assert.deepEqual(await ended, [false])
  assert.deepEqual(await store.readTasks(start.runId), [])
})

test('two that set different limits of a new queue at once both have their way', async () => {
  const name = uniqueName('queue')
  const [first, second] = [await stage.connect(), await stage.connect('second limit')]
  const set = (client: Client, ...given: readonly unknown[]) => (
    client.query('select perdure.set_queue_limits_v1($1, $2, $3, $4, $5, $6)', ['default', name, ...given]))
  await first.query('begin')
  await set(first, true, 5, false, null)
  const setting = set(second, false, null, true, 3)
  await untilWaiting(stage.admin, 'second limit')
  await first.query('commit')
  await setting
  const { limits } = await stage.store.describeQueue('default', name)
  assert.deepEqual(limits, { activitiesPerSecond: 5, maxConcurrentActivities: 3 })
  const { rows } = await stage.admin.query<{ tokens: number }>('select tokens from perdure.queues where name = $1', [name])
  assert.equal(rows[0]?.tokens, 1)
})
