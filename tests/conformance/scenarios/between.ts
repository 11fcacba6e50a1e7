/** What one execution asks of others with an answer, next runs, messages of a start, and expiry. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreRejectedError } from '@perdure/engine'
import type { ExecutionRecord, MessageTarget, OutgoingMessage, OutgoingStart, OverduePlace, StartRecord } from '@perdure/engine'
import { Arena, completed, event, type Harness, linked, newRunId, payload, transition } from '../arena.ts'

export function betweenScenarios(harness: Harness): void {
  outgoingStarts(harness)
  outgoingMessages(harness)
  heldTargets(harness)
  nextRuns(harness)
  startMessages(harness)
  expiry(harness)
  expiryPages(harness)
  upserts(harness)
}

const answers = (n: number) => ({ done: { type: 'Done', data: `{"n":${n}}` }, refused: { type: 'Refused', data: `{"n":${n}}` } })

function asksToStart(start: StartRecord, n = 1): OutgoingStart {
  return { type: 'start', command: n, start, ...answers(n) }
}

function says(to: Partial<MessageTarget> & Pick<MessageTarget, 'namespace' | 'workflowId'>, n = 1): OutgoingMessage {
  const message = { type: 'Hello', data: `"${n}"` }
  return { type: 'message', command: n, to: { runId: null, firstRunId: null, ...to }, message, ...answers(n) }
}

async function inbox(arena: Arena, { runId }: StartRecord): Promise<readonly string[]> {
  return (await arena.store.readMessages(runId, 100)).map(({ type, data }) => `${type} ${data}`)
}

function outgoingStarts(harness: Harness): void {
  test('a child is started with the events that asked for it, and the answer is in the inbox of who asked', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const parent = await arena.started(worker)
    const link = linked({ parent: { runId: parent.runId, command: 1, closePolicy: 'TERMINATE' } })
    const [owned, unowned] = [arena.start({ owned: true, link }), arena.start({ link })]
    const outgoing = [asksToStart(owned, 1), asksToStart(unowned, 2)]
    const outcome = await arena.store.commit({
      incarnation: worker.incarnation, starts: [], transitions: [transition(parent.runId, { events: [event(1)], outgoing })],
    })
    assert.ok(outcome.type === 'committed')
    assert.deepEqual([...outcome.outgoing ?? []], [[parent.runId, ['done', 'done']]])
    assert.deepEqual([(await arena.get(owned)).owner, (await arena.get(unowned)).owner], [worker.incarnation, null])
    assert.deepEqual((await arena.get(owned)).parent, link.parent)
    assert.deepEqual(await inbox(arena, parent), ['Done {"n":1}', 'Done {"n":2}'])
  })

  test('a child whose id is taken is refused, one that was started before is done, and neither starts anything', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [parent, taken, mine] = [await arena.started(worker), await arena.started(null), await arena.started(null)]
    const refused = arena.start({ workflowId: taken.workflowId, link: linked({ messages: [{ type: 'T', data: '', updateId: 'u' }] }) })
    const asked = await arena.ask(worker, parent.runId, [asksToStart(refused, 1), asksToStart(mine, 2)])
    assert.deepEqual(asked, ['refused', 'done'])
    assert.deepEqual(await inbox(arena, parent), ['Refused {"n":1}', 'Done {"n":2}'])
    assert.equal(await arena.store.getExecution(arena.namespace, null, refused.runId), undefined)
    assert.deepEqual(await arena.store.readUpdates([{ runId: refused.runId, updateId: 'u' }]), [])
  })

  test('of two children of one id in one commit the first wins', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [one, other] = [await arena.started(worker), await arena.started(worker)]
    const first = arena.start()
    const outcome = await arena.store.commit({
      incarnation: worker.incarnation, starts: [], transitions: [
        transition(one.runId, { outgoing: [asksToStart(first)] }),
        transition(other.runId, { outgoing: [asksToStart(arena.start({ workflowId: first.workflowId }))] }),
      ],
    })
    assert.ok(outcome.type === 'committed')
    assert.deepEqual(new Map(outcome.outgoing), new Map([[one.runId, ['done']], [other.runId, ['refused']]]))
  })

  test('a transition that is lost asks nothing of others', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [theirs, to] = [await arena.started(null), await arena.started(worker)]
    const child = arena.start()
    const outcome = await arena.store.commit({
      incarnation: worker.incarnation, starts: [],
      transitions: [transition(theirs.runId, { outgoing: [asksToStart(child), says(to, 2)] })],
    })
    assert.deepEqual(outcome, { type: 'committed', starts: [], transitions: ['lost'], outgoing: new Map() })
    assert.equal(await arena.store.getExecution(arena.namespace, null, child.runId), undefined)
    assert.deepEqual([await inbox(arena, theirs), await inbox(arena, to)], [[], []])
  })

  test('a transition with requests that closes or releases, and a child that would terminate another, are rejected', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { runId } = await arena.started(worker)
    const to = await arena.started(worker)
    const illegal = [
      transition(runId, { outgoing: [says(to)], close: completed }),
      transition(runId, { outgoing: [says(to)], release: { wakeAt: null, held: null } }),
      transition(runId, { outgoing: [asksToStart(arena.start({ conflictPolicy: 'TERMINATE_EXISTING' }))] }),
    ]
    for (const one of illegal) {
      await assert.rejects(arena.store.commit({ incarnation: worker.incarnation, starts: [], transitions: [one] }), StoreRejectedError)
    }
    assert.deepEqual(await inbox(arena, to), [])
  })
}

function outgoingMessages(harness: Harness): void {
  test('messages reach the open run of an id, one run exactly, a run of the chain, and the sender itself', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [from, to] = [await arena.started(worker), await arena.started(null)]
    const { namespace, workflowId, runId } = to
    const asked = await arena.ask(worker, from.runId, [
      says({ namespace, workflowId }, 1), says({ namespace, workflowId, runId }, 2), says({ namespace, workflowId, firstRunId: runId }, 3),
      says(from, 4),
    ])
    assert.deepEqual(asked, ['done', 'done', 'done', 'done'])
    assert.deepEqual(await inbox(arena, to), ['Hello "1"', 'Hello "2"', 'Hello "3"'])
    assert.deepEqual(await inbox(arena, from), ['Hello "4"', 'Done {"n":1}', 'Done {"n":2}', 'Done {"n":3}', 'Done {"n":4}'])
  })

  test('messages to nobody, to a closed run, to another chain and to another id of the run are refused', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [from, closed, open] = [await arena.started(worker), await arena.started(worker), await arena.started(null)]
    await arena.transit(worker, closed.runId, { close: completed })
    const { namespace } = arena
    const asked = await arena.ask(worker, from.runId, [
      says({ namespace, workflowId: 'nobody' }, 1), says({ namespace, workflowId: closed.workflowId }, 2), says(closed, 3),
      says({ namespace, workflowId: open.workflowId, firstRunId: newRunId() }, 4),
      says({ namespace, workflowId: 'another', runId: open.runId }, 5),
      says({ namespace: `${namespace}-2`, workflowId: open.workflowId }, 6),
    ])
    assert.deepEqual(asked, Array(6).fill('refused'))
    assert.deepEqual(await inbox(arena, open), [])
    assert.deepEqual(await inbox(arena, from), [1, 2, 3, 4, 5, 6].map(n => `Refused {"n":${n}}`))
  })

  test('a message that a closed execution needs no more is done where one is there, and refused where none is', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [from, closed, open] = [await arena.started(worker), await arena.started(worker), await arena.started(null)]
    await arena.transit(worker, closed.runId, { close: completed })
    const { namespace, workflowId, runId } = closed
    const asks = (to: Parameters<typeof says>[0], n: number): OutgoingMessage => ({ ...says(to, n), closedIsDone: true })
    const asked = await arena.ask(worker, from.runId, [
      asks({ namespace, workflowId }, 1), asks({ namespace, workflowId, runId }, 2), asks({ namespace, workflowId, firstRunId: runId }, 3),
      asks({ namespace, workflowId: open.workflowId }, 4),
      asks({ namespace, workflowId: 'nobody' }, 5), asks({ namespace, workflowId, runId: newRunId() }, 6),
      asks({ namespace, workflowId: 'another', runId }, 7), asks({ namespace: `${namespace}-2`, workflowId, runId }, 8),
      asks({ namespace, workflowId, firstRunId: newRunId() }, 9),
      asks({ namespace, workflowId: open.workflowId, firstRunId: newRunId() }, 10),
    ])
    assert.deepEqual(asked, [...Array(4).fill('done'), ...Array(6).fill('refused')])
    assert.deepEqual(await inbox(arena, open), ['Hello "4"'])
    assert.deepEqual(await inbox(arena, closed), [])
  })

  test('a message finds the child that is started beside it', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const from = await arena.started(worker)
    const child = arena.start({ owned: true })
    const { namespace, workflowId } = child
    assert.deepEqual(await arena.ask(worker, from.runId, [says({ namespace, workflowId }, 1), asksToStart(child, 2)]), ['done', 'done'])
    assert.deepEqual(await inbox(arena, child), ['Hello "1"'])
  })

  test('a message to an execution that closes in the same commit is refused, one that is released is kept', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [from, closing, released] = [await arena.started(worker), await arena.started(worker), await arena.started(worker)]
    const { transitions } = await arena.commit(worker, {
      transitions: [
        transition(released.runId, { release: { wakeAt: 77, held: null } }), transition(closing.runId, { close: completed }),
        transition(from.runId, { outgoing: [says(closing, 1), says(released, 2)] }),
      ],
    })
    assert.deepEqual(transitions, ['kept', 'ok', 'ok'])
    assert.deepEqual(await inbox(arena, from), ['Refused {"n":1}', 'Done {"n":2}'])
    assert.deepEqual([(await arena.get(released)).owner, await inbox(arena, released)], [worker.incarnation, ['Hello "2"']])
  })
}

function heldTargets(harness: Harness): void {
  test('a target that somebody holds is busy: nothing of that request is written, and all else is', async t => {
    const arena = new Arena(harness())
    if (arena.holdRow === undefined) return t.skip('this store has no locks of rows')
    const worker = await arena.worker()
    const [from, held, free] = [await arena.started(worker), await arena.started(null), await arena.started(null)]
    const letGo = await arena.holdRow(held.runId)
    assert.deepEqual(await arena.ask(worker, from.runId, [says(held, 1), says(free, 2)], { events: [event(1)] }), ['busy', 'done'])
    await letGo()
    assert.deepEqual(await inbox(arena, from), ['Done {"n":2}'])
    assert.equal((await arena.store.readHistory(from.runId, 0, 10)).length, 1)
    assert.deepEqual(await arena.ask(worker, from.runId, [says(held, 1)]), ['done'])
    assert.deepEqual(await inbox(arena, held), ['Hello "1"'])
  })
}

function nextRuns(harness: Harness): void {
  test('the next run has the id of the one that closes, which is free for it alone', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const first = await arena.started(worker)
    const { workflowId } = first
    const next = arena.start({ workflowId, owned: true, reusePolicy: 'REJECT_DUPLICATE', link: linked({ firstRunId: first.runId }) })
    const other = arena.start({ workflowId })
    const outcome = await arena.commit(worker, {
      starts: [other], transitions: [transition(first.runId, { close: { ...completed, status: 'CONTINUED_AS_NEW', next } })],
    })
    assert.deepEqual(outcome, { starts: [{ type: 'exists', runId: next.runId, status: 'RUNNING' }], transitions: ['ok'] })
    const record = await arena.get(next)
    assert.deepEqual([record.status, record.owner, record.firstRunId], ['RUNNING', worker.incarnation, first.runId])
    assert.equal(await arena.transit(worker, next.runId, { events: [event(1)] }), 'ok')
  })

  test('a run that starts and goes on in one commit leaves the next run open', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const first = arena.start({ owned: true })
    const next = arena.start({ workflowId: first.workflowId })
    const outcome = await arena.commit(worker, {
      starts: [first], transitions: [transition(first.runId, { close: { ...completed, status: 'CONTINUED_AS_NEW', next } })],
    })
    assert.deepEqual(outcome, { starts: [{ type: 'started' }], transitions: ['ok'] })
    assert.deepEqual([(await arena.get(first)).status, (await arena.get(next)).status], ['CONTINUED_AS_NEW', 'RUNNING'])
  })

  test('a close that is refused starts no next run', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const first = await arena.started(worker)
    await arena.signal(first)
    const next = arena.start({ workflowId: first.workflowId })
    assert.equal(await arena.transit(worker, first.runId, { close: { ...completed, next } }), 'unread')
    assert.equal(await arena.store.getExecution(arena.namespace, null, next.runId), undefined)
  })

  test('a run that exists already cannot be the next: the batch is rejected', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [first, other] = [await arena.started(worker), await arena.started(null)]
    const transitions = [transition(first.runId, { close: { ...completed, next: { ...other, workflowId: first.workflowId } } })]
    await assert.rejects(arena.store.commit({ incarnation: worker.incarnation, starts: [], transitions }), StoreRejectedError)
    assert.equal((await arena.get(first)).status, 'RUNNING')
  })

  test('a timeout from outside starts the next run of the run that it names', async () => {
    const arena = new Arena(harness())
    const first = await arena.started(null)
    const { namespace, workflowId, runId } = first
    const next = arena.start({ workflowId })
    const request = { namespace, workflowId, failure: payload('late'), at: 5, status: 'TIMED_OUT', result: payload('next'), next } as const
    await assert.rejects(arena.store.terminate({ ...request, runId: null }), StoreRejectedError)
    assert.deepEqual(await arena.store.terminate({ ...request, runId }), { type: 'terminated', runId })
    assert.deepEqual([(await arena.get(first)).status, (await arena.get(next)).status], ['TIMED_OUT', 'RUNNING'])
    const { result, failure } = await arena.get(first)
    assert.deepEqual([result, failure], [payload('next'), payload('late')])
    assert.deepEqual(await arena.store.terminate({ ...request, runId }), { type: 'closed', runId, status: 'TIMED_OUT' })
  })
}

function startMessages(harness: Harness): void {
  const messages = [{ type: 'Signal', data: '"1"', updateId: null }, { type: 'Update', data: '"2"', updateId: 'u' }]

  test('messages of a start are in its inbox, and updates among them are known', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(null, { link: linked({ messages }) })
    const [claimed] = await arena.claim(worker)
    assert.deepEqual(claimed?.inbox.map(({ type, data }) => `${type} ${data}`), ['Signal "1"', 'Update "2"'])
    const [state] = await arena.store.readUpdates([{ runId: start.runId, updateId: 'u' }])
    assert.deepEqual(state, { runId: start.runId, updateId: 'u', stage: 'admitted', result: null, failure: null, isOpen: true })
  })

  test('messages of a start that is refused are nowhere', async () => {
    const arena = new Arena(harness())
    const { workflowId, runId } = await arena.started(null)
    const refused = arena.start({ workflowId, link: linked({ messages }) })
    const { starts } = await arena.commit(null, { starts: [refused] })
    assert.deepEqual(starts, [{ type: 'exists', runId, status: 'RUNNING' }])
    assert.deepEqual([await arena.store.readMessages(runId, 9), await arena.store.readMessages(refused.runId, 9)], [[], []])
  })

  test('a run that starts with a message and closes or is released in the same commit is not', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [closing, released] = [1, 2].map(() => arena.start({ owned: true, link: linked({ messages }) }))
    assert.ok(closing !== undefined && released !== undefined)
    const outcome = await arena.commit(worker, {
      starts: [closing, released],
      transitions: [transition(closing.runId, { close: completed }), transition(released.runId, { release: { wakeAt: 5, held: null } })],
    })
    assert.deepEqual(outcome, { starts: [{ type: 'started' }, { type: 'started' }], transitions: ['unread', 'kept'] })
    assert.deepEqual([(await arena.get(closing)).status, (await arena.get(released)).owner], ['RUNNING', worker.incarnation])
  })
}

function expiry(harness: Harness): void {
  test('the tick tells the earliest expiry of the namespace, and overdue executions come oldest first, owned or not', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    assert.equal((await arena.store.tick(worker, 5_000)).expiresAt, null)
    const [late, early, next] = [
      await arena.started(worker, { link: linked({ expiresAt: 300 }) }), await arena.started(null, { link: linked({ expiresAt: 200 }) }),
      await arena.started(null, { link: linked({ expiresAt: 400 }) }),
    ]
    await arena.started(null)
    assert.equal((await arena.store.tick(worker, 5_000)).expiresAt, 200)
    const overdue = async (now: number, limit: number) => (
      (await arena.store.overdueExecutions(arena.namespace, now, limit)).map(one => one.runId))
    assert.deepEqual(await overdue(300, 10), [early.runId, late.runId])
    assert.deepEqual(await overdue(400, 1), [early.runId])
    assert.deepEqual(await arena.store.overdueExecutions(arena.namespace, 200, 10), [await arena.get(early)])
    await arena.transit(worker, late.runId, { close: completed })
    const { namespace, workflowId, runId } = early
    await arena.store.terminate({ namespace, workflowId, runId, status: 'TIMED_OUT', failure: payload('late'), at: 5 })
    assert.deepEqual([await overdue(1_000, 10), (await arena.store.tick(worker, 5_000)).expiresAt], [[next.runId], 400])
  })
}

function expiryPages(harness: Harness): void {
  test('overdue executions come page by page, each once, also where many are due at the same time', async () => {
    const arena = new Arena(harness())
    const starts: StartRecord[] = []
    for (const expiresAt of [300, 200, 200, 200, 100, 200, 400]) starts.push(await arena.started(null, { link: linked({ expiresAt }) }))
    const ranked = starts.map(({ runId, link }) => ({ runId, expiresAt: link?.expiresAt ?? 0 })).filter(({ expiresAt }) => expiresAt <= 300)
    ranked.sort((a, b) => a.expiresAt - b.expiresAt || (a.runId < b.runId ? -1 : 1))
    const seen: Pick<ExecutionRecord, 'runId' | 'expiresAt'>[] = []
    for (let after: OverduePlace | undefined; ;) {
      const page = await arena.store.overdueExecutions(arena.namespace, 300, 2, after)
      seen.push(...page.map(({ runId, expiresAt }) => ({ runId, expiresAt })))
      const last = seen.at(-1)
      if (page.length < 2 || typeof last?.expiresAt !== 'number') break
      after = { runId: last.runId, expiresAt: last.expiresAt }
    }
    assert.deepEqual(seen, ranked)
  })
}

function upserts(harness: Harness): void {
  test('memo, search attributes and details are replaced where they are given, and stay where they are not, also at a close', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker, { memo: payload({ a: 1 }), searchAttributes: payload({ b: 2 }) })
    const columns = async () => {
      const { memo, searchAttributes, details } = await arena.get(start)
      return [memo, searchAttributes, details]
    }
    await arena.transit(worker, start.runId, { upsert: { memo: payload({ a: 3 }), details: payload({ d: 5 }) } })
    assert.deepEqual(await columns(), [payload({ a: 3 }), payload({ b: 2 }), payload({ d: 5 })])
    await arena.transit(worker, start.runId, { upsert: { searchAttributes: payload({ c: 4 }) }, close: completed })
    assert.deepEqual(await columns(), [payload({ a: 3 }), payload({ c: 4 }), payload({ d: 5 })])
    assert.equal(await arena.transit(worker, start.runId, { upsert: { memo: payload(0) } }), 'lost')
    assert.deepEqual(await columns(), [payload({ a: 3 }), payload({ c: 4 }), payload({ d: 5 })])
  })
}
