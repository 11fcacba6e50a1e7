import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asIncarnation, StoreRejectedError, terminatedByStart } from '@perdure/engine'
import { Arena, completed, event, newRunId, payload, transition, type Harness } from '../arena.ts'

export function transitionScenarios(harness: Harness): void {
  appends(harness)
  refusals(harness)
  closes(harness)
  releases(harness)
  mixedBatches(harness)
  taskWrites(harness)
}

function appends(harness: Harness): void {
  test('appended events are read back in order and by page', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const events = [1, 2, 3, 4, 5].map(seq => event(seq, { type: `T${seq}`, data: JSON.stringify({ seq, text: 'é🙂' }) }))
    assert.equal(await arena.transit(worker, start.runId, { events: events.slice(0, 2) }), 'ok')
    assert.equal(await arena.transit(worker, start.runId, { events: events.slice(2) }), 'ok')
    assert.deepEqual(await arena.store.readHistory(start.runId, 0, 100), events)
    assert.deepEqual(await arena.store.readHistory(start.runId, 1, 2), events.slice(1, 3))
    assert.deepEqual(await arena.store.readHistory(start.runId, 5, 2), [])
  })

  test('a plain append neither looks at the inbox nor gives up the execution', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.signal(start, '"hello"')
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)] }), 'ok')
    assert.equal((await arena.get(start)).owner, worker.incarnation)
    assert.deepEqual(await arena.unread(worker, start), ['"hello"'])
  })

  test('consumed messages go, others and those of other executions stay', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [mine, other] = [await arena.started(worker), await arena.started(worker)]
    const [first, , foreign] = [await arena.signal(mine, '1'), await arena.signal(mine, '2'), await arena.signal(other, '3')]
    assert.equal(await arena.transit(worker, mine.runId, { events: [event(1)], consumed: [first, foreign] }), 'ok')
    assert.deepEqual(await arena.unread(worker, mine), ['2'])
    assert.deepEqual(await arena.unread(worker, other), ['3'])
  })

  test('a batch of a thousand transitions is one commit', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const starts = Array.from({ length: 1_000 }, () => arena.start({ owned: true }))
    const outcome = await arena.commit(worker, {
      starts, transitions: starts.map(start => transition(start.runId, { events: [event(1), event(2)] })),
    })
    assert.equal(outcome.transitions.every(one => one === 'ok'), true)
    assert.equal(outcome.starts.every(one => one.type === 'started'), true)
    const last = starts.at(-1)
    assert.ok(last !== undefined)
    assert.equal((await arena.store.readHistory(last.runId, 0, 10)).length, 2)
  })

  test('an empty batch is committed', async () => {
    const arena = new Arena(harness())
    assert.deepEqual(await arena.commit(await arena.worker(), {}), { starts: [], transitions: [] })
    assert.deepEqual(await arena.commit(null, {}), { starts: [], transitions: [] })
  })
}

function refusals(harness: Harness): void {
  test('a transition of an execution that another owns, nobody owns or nobody knows is lost and harms no neighbour', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const mine = await arena.started(worker)
    const [theirs, unowned] = [await arena.started(other), await arena.started(null)]
    const runs = [theirs.runId, mine.runId, unowned.runId, newRunId()]
    const transitions = runs.map(runId => transition(runId, { events: [event(1)], close: completed }))
    const outcome = await arena.commit(worker, { transitions })
    assert.deepEqual(outcome.transitions, ['lost', 'ok', 'lost', 'lost'])
    assert.deepEqual(await arena.store.readHistory(theirs.runId, 0, 10), [])
    assert.deepEqual([(await arena.get(theirs)).status, (await arena.get(mine)).status], ['RUNNING', 'COMPLETED'])
  })

  test('a transition of a closed execution is lost', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    assert.equal(await arena.transit(worker, start.runId, { close: completed }), 'ok')
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)] }), 'lost')
    assert.deepEqual(await arena.store.readHistory(start.runId, 0, 10), [])
  })

  test('a dead incarnation and one that never was are fenced, and nothing is written', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.store.retireWorker(worker.incarnation)
    for (const incarnation of [worker.incarnation, asIncarnation(2_000_000_000)]) {
      const transitions = [transition(start.runId, { events: [event(1)] })]
      assert.deepEqual(await arena.store.commit({ incarnation, starts: [], transitions }), { type: 'fenced' })
      assert.deepEqual(await arena.store.commit({ incarnation, starts: [], transitions: [] }), { type: 'fenced' })
    }
    assert.deepEqual(await arena.store.readHistory(start.runId, 0, 10), [])
  })

  test('an event number that exists rejects the batch, and nothing of it is written', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [good, bad, fresh] = [await arena.started(worker), await arena.started(worker), arena.start({ owned: true })]
    await arena.transit(worker, bad.runId, { events: [event(1), event(2)] })
    const transitions = [
      transition(good.runId, { events: [event(1)], tasks: [arena.task(good, 1)], close: completed }),
      transition(bad.runId, { events: [event(2)] }),
    ]
    await assert.rejects(arena.store.commit({ incarnation: worker.incarnation, starts: [fresh], transitions }), StoreRejectedError)
    assert.deepEqual(await arena.store.readHistory(good.runId, 0, 10), [])
    assert.equal((await arena.get(good)).status, 'RUNNING')
    assert.equal(await arena.store.getExecution(arena.namespace, fresh.workflowId, null), undefined)
    assert.equal(await arena.transit(worker, bad.runId, { events: [event(3)] }), 'ok')
  })

  test('two transitions of one run in a batch are rejected', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { runId } = await arena.started(worker)
    const transitions = [transition(runId, { events: [event(1)] }), transition(runId, { events: [event(2)] })]
    await assert.rejects(arena.store.commit({ incarnation: worker.incarnation, starts: [], transitions }), StoreRejectedError)
    assert.deepEqual(await arena.store.readHistory(runId, 0, 10), [])
  })

  test('a producer may not commit transitions', async () => {
    const arena = new Arena(harness())
    const { runId } = await arena.started(null)
    const transitions = [transition(runId, { events: [event(1)] })]
    await assert.rejects(arena.store.commit({ incarnation: null, starts: [], transitions }), StoreRejectedError)
    assert.deepEqual(await arena.store.readHistory(runId, 0, 10), [])
  })
}

function closes(harness: Harness): void {
  test('a close stores the outcome and frees everything', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { tasks: [arena.task(start, 1)] })
    const failure = payload({ message: 'no stock' })
    const close = { status: 'FAILED', result: null, failure, at: 7_777 } as const
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)], close }), 'ok')
    const record = await arena.get(start)
    assert.deepEqual(
      [record.status, record.result, record.failure, record.closedAt, record.owner, record.wakeAt, record.held],
      ['FAILED', null, failure, 7_777, null, null, null],
    )
    assert.deepEqual(await arena.store.readTasks(start.runId), [])
    assert.equal((await arena.store.readHistory(start.runId, 0, 10)).length, 1)
  })

  test('a close with an unread message is refused and nothing of it is written', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const read = await arena.signal(start, '1')
    await arena.signal(start, '2')
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)], consumed: [read], close: completed }), 'unread')
    assert.equal((await arena.get(start)).status, 'RUNNING')
    assert.deepEqual(await arena.store.readHistory(start.runId, 0, 10), [])
    assert.deepEqual(await arena.unread(worker, start), ['1', '2'])
  })

  test('messages that the close itself consumes do not count as unread', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const consumed = [await arena.signal(start, '1'), await arena.signal(start, '2')]
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1), event(2)], consumed, close: completed }), 'ok')
    assert.equal((await arena.get(start)).status, 'COMPLETED')
    assert.equal((await arena.store.tick(worker, 5_000)).inbox, false)
  })

  test('a refused close does not fail its neighbours', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [told, quiet] = [await arena.started(worker), await arena.started(worker)]
    await arena.signal(told)
    const { transitions } = await arena.commit(worker, {
      transitions: [transition(told.runId, { close: completed }), transition(quiet.runId, { close: completed })],
    })
    assert.deepEqual(transitions, ['unread', 'ok'])
  })
}

function releases(harness: Harness): void {
  test('a release gives up the execution until its wake time', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)], release: { wakeAt: 20_000, held: null } }), 'ok')
    const record = await arena.get(start)
    assert.deepEqual([record.status, record.owner, record.wakeAt, record.held], ['RUNNING', null, 20_000, null])
    assert.equal(await arena.transit(worker, start.runId, { events: [event(2)] }), 'lost')
  })

  test('a release with an unread message keeps the execution and writes all the rest', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const read = await arena.signal(start, '1')
    await arena.signal(start, '2')
    const outcome = await arena.transit(worker, start.runId, {
      events: [event(1)], consumed: [read], tasks: [arena.task(start, 4)], release: { wakeAt: 20_000, held: null },
    })
    assert.equal(outcome, 'kept')
    const record = await arena.get(start)
    assert.deepEqual([record.owner, record.wakeAt], [worker.incarnation, null])
    assert.equal((await arena.store.readHistory(start.runId, 0, 10)).length, 1)
    assert.equal((await arena.store.readTasks(start.runId)).length, 1)
    assert.deepEqual(await arena.unread(worker, start), ['2'])
  })

  test('a release that consumes the last message goes through', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const consumed = [await arena.signal(start)]
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)], consumed, release: { wakeAt: null, held: null } }), 'ok')
    assert.deepEqual([(await arena.get(start)).owner, (await arena.get(start)).wakeAt], [null, null])
    assert.deepEqual(await arena.claim(worker), [])
  })
}

function mixedBatches(harness: Harness): void {
  test('a start and its first events are one commit', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = arena.start({ owned: true })
    const outcome = await arena.commit(worker, {
      starts: [start], transitions: [transition(start.runId, { events: [event(1)], tasks: [arena.task(start, 1)] })],
    })
    assert.deepEqual(outcome, { starts: [{ type: 'started' }], transitions: ['ok'] })
    assert.equal((await arena.store.readTasks(start.runId)).length, 1)
  })

  test('a start and its close are one commit', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = arena.start({ owned: true })
    const outcome = await arena.commit(worker, {
      starts: [start], transitions: [transition(start.runId, { events: [event(1)], close: completed })],
    })
    assert.deepEqual(outcome, { starts: [{ type: 'started' }], transitions: ['ok'] })
    assert.deepEqual([(await arena.get(start)).status, (await arena.get(start)).result], ['COMPLETED', payload('done')])
    assert.equal((await arena.store.readHistory(start.runId, 0, 10)).length, 1)
  })

  test('a start and its release are one commit', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = arena.start({ owned: true })
    const transitions = [transition(start.runId, { events: [event(1)], release: { wakeAt: 30_000, held: null } })]
    assert.deepEqual(await arena.commit(worker, { starts: [start], transitions }), { starts: [{ type: 'started' }], transitions: ['ok'] })
    assert.deepEqual([(await arena.get(start)).owner, (await arena.get(start)).wakeAt], [null, 30_000])
  })

  test('closing a workflow id and starting it again are one commit', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const old = await arena.started(worker)
    const next = arena.start({ owned: true, workflowId: old.workflowId, startedAt: 2_000 })
    const outcome = await arena.commit(worker, {
      starts: [next],
      transitions: [transition(next.runId, { events: [event(1)] }), transition(old.runId, { events: [event(1)], close: completed })],
    })
    assert.deepEqual(outcome, { starts: [{ type: 'started' }], transitions: ['ok', 'ok'] })
    assert.deepEqual([(await arena.get(old)).status, (await arena.get(next)).status], ['COMPLETED', 'RUNNING'])
    assert.equal((await arena.store.getExecution(arena.namespace, old.workflowId, null))?.runId, next.runId)
  })

  test('a close that is refused leaves its id taken for a start of the same batch', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const old = await arena.started(worker)
    await arena.signal(old)
    const next = arena.start({ owned: true, workflowId: old.workflowId })
    const outcome = await arena.commit(worker, {
      starts: [next], transitions: [transition(old.runId, { close: completed }), transition(next.runId, { events: [event(1)] })],
    })
    assert.deepEqual(outcome, { starts: [{ type: 'exists', runId: old.runId, status: 'RUNNING' }], transitions: ['unread', 'lost'] })
  })

  test('a transition whose execution a start of the same batch terminates is lost', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const old = await arena.started(worker)
    const next = arena.start({ owned: true, workflowId: old.workflowId, conflictPolicy: 'TERMINATE_EXISTING' })
    const outcome = await arena.commit(worker, {
      starts: [next], transitions: [transition(old.runId, { events: [event(1)], tasks: [arena.task(old, 1)] })],
    })
    assert.deepEqual(outcome, { starts: [{ type: 'started' }], transitions: ['lost'] })
    assert.deepEqual([(await arena.get(old)).status, (await arena.get(old)).failure], ['TERMINATED', terminatedByStart])
    assert.deepEqual(await arena.store.readHistory(old.runId, 0, 10), [])
    assert.deepEqual(await arena.store.readTasks(old.runId), [])
  })
}

function taskWrites(harness: Harness): void {
  test('tasks are stored as given and in the order of their commands', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const tasks = [
      arena.task(start, 7, { worker: worker.incarnation, startedAt: 1_500, deadlineAt: 2_500, runMs: 1_000, closeBy: 90_000, attempt: 3 }),
      arena.task(start, 2, { lastFailure: payload({ message: 'x' }), heartbeatDetails: payload(5), priority: 1, lost: true }),
    ]
    await arena.transit(worker, start.runId, { tasks })
    assert.deepEqual(await arena.store.readTasks(start.runId), tasks.toReversed())
  })

  test('a task that exists for the command is left as it is', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { tasks: [arena.task(start, 1, { attempt: 4 })] })
    await arena.transit(worker, start.runId, { tasks: [arena.task(start, 1, { attempt: 1 }), arena.task(start, 2)] })
    assert.deepEqual((await arena.store.readTasks(start.runId)).map(task => [task.command, task.attempt]), [[1, 4], [2, 1]])
  })

  test('cancelled tasks are asked to stop whatever their attempt', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { tasks: [1, 2, 3].map(command => arena.task(start, command, { attempt: command })) })
    await arena.transit(worker, start.runId, { cancelTasks: [3, 8] })
    const tasks = await arena.store.readTasks(start.runId)
    assert.deepEqual(tasks.map(task => [task.command, task.cancelRequested]), [[1, false], [2, false], [3, true]])
  })

  test('a transition that closes leaves no task behind, even one of its own', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { tasks: [arena.task(start, 1)], close: completed })
    assert.deepEqual(await arena.store.readTasks(start.runId), [])
    assert.deepEqual(await arena.claimTasks(worker, 10_000, 10), [])
  })
}
