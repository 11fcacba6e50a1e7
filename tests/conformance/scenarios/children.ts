/** Children: what their closes tell the parent, and what the parent's close does to them. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { cancelRequestedByParent, childClosed, terminatedByParent, terminateRequestedByParent } from '@perdure/engine'
import type { ClosedChild, ParentClosePolicy, Serving, StartRecord } from '@perdure/engine'
import { Arena, completed, event, type Harness, linked, payload, transition } from '../arena.ts'

const gone = { status: 'TERMINATED', result: null, failure: payload('gone') } as const

export function childScenarios(harness: Harness): void {
  tells(harness)
  policies(harness)
  heldRows(harness)
}

async function family(arena: Arena, worker: Serving, closePolicy: ParentClosePolicy = 'TERMINATE') {
  const parent = await arena.started(worker)
  const child = await childOf(arena, worker, parent, closePolicy)
  return { parent, child }
}

async function childOf(arena: Arena, worker: Serving | null, parent: StartRecord, closePolicy: ParentClosePolicy): Promise<StartRecord> {
  const link = linked({ parent: { runId: parent.runId, command: 7, closePolicy } })
  return arena.started(worker, { link: { ...link, firstRunId: parent.runId }, workflowId: `child "ü" ${randomUUID()}` })
}

type Outcome = Pick<ClosedChild, 'status' | 'result' | 'failure'>

function closedText({ workflowId, runId, workflowType }: StartRecord, outcome: Outcome): string {
  return childClosed({ command: 7, workflowId, runId, workflowType, ...outcome }).data
}

function tells(harness: Harness): void {
  test('a start with a link holds its parent, its first run, its expiry and its details', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const parent = await arena.started(worker)
    const link = {
      firstRunId: parent.runId, parent: { runId: parent.runId, command: 7, closePolicy: 'ABANDON' }, expiresAt: 90_000,
      details: payload({ n: 'é🙂"\'\\\n' }), messages: [],
    } as const
    const child = await arena.started(null, { link })
    const record = await arena.get(child)
    const { firstRunId, parent: linkedTo, expiresAt, details } = record
    assert.deepEqual({ firstRunId, parent: linkedTo, expiresAt, details, messages: [] }, link)
    const claimed = (await arena.claim(worker)).find(one => one.execution.runId === child.runId)?.execution
    assert.deepEqual([claimed?.parent, claimed?.expiresAt, claimed?.details], [link.parent, 90_000, link.details])
    const listed = await arena.store.listExecutions({ namespace: arena.namespace, limit: 10, after: null })
    assert.deepEqual(listed.find(one => one.runId === child.runId)?.parent, link.parent)
  })

  test('a child that closes tells its parent, in the same commit', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    assert.equal(await arena.transit(worker, child.runId, { events: [event(1)], close: completed }), 'ok')
    const [message, ...others] = await arena.store.readMessages(parent.runId, 10)
    assert.deepEqual([message?.type, message?.data, others], ['ChildWorkflowExecutionClosed', closedText(child, completed), []])
  })

  test('a child that is terminated, or timed out, or replaced, tells its parent too', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const parent = await arena.started(worker)
    const [terminated, late, replaced] = [
      await childOf(arena, null, parent, 'ABANDON'), await childOf(arena, worker, parent, 'ABANDON'),
      await childOf(arena, worker, parent, 'ABANDON'),
    ]
    const { namespace } = arena
    await arena.store.terminate({ namespace, workflowId: terminated.workflowId, runId: null, failure: payload('gone'), at: 5 })
    await arena.store.terminate(
      { namespace, workflowId: late.workflowId, runId: late.runId, status: 'TIMED_OUT', failure: payload('late'), at: 6 })
    assert.deepEqual([(await arena.get(terminated)).status, (await arena.get(late)).status], ['TERMINATED', 'TIMED_OUT'])
    await arena.started(null, { workflowId: replaced.workflowId, conflictPolicy: 'TERMINATE_EXISTING' })
    const messages = (await arena.store.readMessages(parent.runId, 10)).map(({ data }) => data)
    assert.deepEqual(messages.slice(0, 2), [
      closedText(terminated, gone), closedText(late, { status: 'TIMED_OUT', result: null, failure: payload('late') }),
    ])
    assert.match(messages[2] ?? '', /^\{"command":7,.*"status":"TERMINATED"\}\n\n\{"message":"terminated by a new start/)
  })

  test('a child that goes on in a next run tells nothing, and the next run tells when it closes', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    const next = arena.start({ workflowId: child.workflowId, owned: true, ...(child.link === undefined ? {} : { link: child.link }) })
    const close = { ...completed, status: 'CONTINUED_AS_NEW', next } as const
    assert.equal(await arena.transit(worker, child.runId, { close }), 'ok')
    assert.deepEqual(await arena.store.readMessages(parent.runId, 10), [])
    const record = await arena.get(next)
    assert.deepEqual([record.status, record.owner, record.firstRunId], ['RUNNING', worker.incarnation, parent.runId])
    assert.equal(await arena.transit(worker, next.runId, { close: completed }), 'ok')
    assert.equal((await arena.store.readMessages(parent.runId, 10)).length, 1)
  })

  test('a parent that is released in the same commit is kept, a held one is released all the same', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [one, other] = [await family(arena, worker), await family(arena, worker)]
    const held = { code: 'task_failure', reason: 'broken', buildId: 'b', count: 1, spent: false } as const
    const { transitions } = await arena.commit(worker, {
      transitions: [
        transition(one.parent.runId, { events: [event(1)], release: { wakeAt: null, held: null } }),
        transition(other.parent.runId, { release: { wakeAt: null, held } }),
        transition(one.child.runId, { close: completed }), transition(other.child.runId, { close: completed }),
      ],
    })
    assert.deepEqual(transitions, ['kept', 'ok', 'ok', 'ok'])
    assert.deepEqual([(await arena.get(one.parent)).owner, (await arena.get(other.parent)).owner], [worker.incarnation, null])
    assert.equal((await arena.store.readHistory(one.parent.runId, 0, 10)).length, 1)
    assert.equal((await arena.store.readMessages(other.parent.runId, 10)).length, 1)
  })

  test('a parent that closes in the same commit, or has closed, hears nothing', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker, 'ABANDON')
    const second = await childOf(arena, worker, parent, 'ABANDON')
    const both = [transition(parent.runId, { close: { ...completed, hasChildren: true } }), transition(child.runId, { close: completed })]
    assert.deepEqual((await arena.commit(worker, { transitions: both })).transitions, ['ok', 'ok'])
    assert.equal(await arena.transit(worker, second.runId, { close: completed }), 'ok')
    assert.deepEqual(await arena.store.readMessages(parent.runId, 10), [])
  })

  test('a close that is refused tells nobody', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    await arena.signal(child)
    assert.equal(await arena.transit(worker, child.runId, { close: completed }), 'unread')
    assert.deepEqual(await arena.store.readMessages(parent.runId, 10), [])
  })

  test('a run that starts and closes in one commit tells its parent', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const parent = await arena.started(worker)
    const link = linked({ parent: { runId: parent.runId, command: 7, closePolicy: 'TERMINATE' } })
    const child = arena.start({ owned: true, link })
    const outcome = await arena.commit(worker, { starts: [child], transitions: [transition(child.runId, { close: completed })] })
    assert.deepEqual(outcome, { starts: [{ type: 'started' }], transitions: ['ok'] })
    assert.deepEqual((await arena.store.readMessages(parent.runId, 10)).map(({ data }) => data), [closedText(child, completed)])
  })

  test('a child that closes wakes a parent that nobody owns', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    await arena.transit(worker, parent.runId, { release: { wakeAt: null, held: null } })
    assert.deepEqual(await arena.claim(worker), [])
    await arena.transit(worker, child.runId, { close: completed })
    const [claimed] = await arena.claim(worker)
    assert.deepEqual([claimed?.execution.runId, claimed?.inbox.length], [parent.runId, 1])
  })
}

function policies(harness: Harness): void {
  test('a close ends open children by their policies, and theirs in turn', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const parent = await arena.started(worker)
    const [ended, asked, left] = [
      await childOf(arena, worker, parent, 'TERMINATE'), await childOf(arena, null, parent, 'REQUEST_CANCEL'),
      await childOf(arena, worker, parent, 'ABANDON'),
    ]
    const [grandchild, cousin] = [await childOf(arena, null, ended, 'TERMINATE'), await childOf(arena, null, left, 'TERMINATE')]
    await arena.signal(ended)
    await arena.transit(worker, ended.runId, { tasks: [arena.task(ended, 1)] })
    assert.equal(await arena.transit(worker, parent.runId, { close: { ...completed, hasChildren: true } }), 'ok')
    const statuses = await Promise.all([ended, asked, left, grandchild, cousin].map(async start => (await arena.get(start)).status))
    assert.deepEqual(statuses, ['TERMINATED', 'RUNNING', 'RUNNING', 'TERMINATED', 'RUNNING'])
    for (const one of [await arena.get(ended), await arena.get(grandchild)]) {
      assert.deepEqual([one.failure, one.closedAt, one.owner], [terminatedByParent, completed.at, null])
    }
    assert.deepEqual([await arena.store.readTasks(ended.runId), await arena.store.readMessages(ended.runId, 10)], [[], []])
    const [message] = await arena.store.readMessages(asked.runId, 10)
    assert.deepEqual([message?.type, message?.data], [cancelRequestedByParent.type, cancelRequestedByParent.data])
  })

  test('a run that goes on in a next one while its family ends in the same commit is followed by one that has ended too', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    const left = await childOf(arena, null, parent, 'ABANDON')
    const relatives = [
      await childOf(arena, worker, child, 'TERMINATE'), await childOf(arena, worker, child, 'REQUEST_CANCEL'),
      await childOf(arena, worker, child, 'ABANDON'), await childOf(arena, worker, parent, 'TERMINATE'),
      await childOf(arena, worker, parent, 'REQUEST_CANCEL'), await childOf(arena, worker, left, 'TERMINATE'),
    ]
    const going = relatives.map(({ runId, workflowId, link }, index) => {
      const next = arena.start({ workflowId, owned: index % 2 === 0, ...(link === undefined ? {} : { link }) })
      return { next, transition: transition(runId, { close: { ...completed, status: 'CONTINUED_AS_NEW', next } }) }
    })
    const { transitions } = await arena.commit(worker, {
      transitions: [
        transition(parent.runId, { close: { ...completed, at: 99, hasChildren: true } }), ...going.map((each) => each.transition),
      ],
    })
    assert.deepEqual(transitions, Array(7).fill('ok'))
    const nexts = await Promise.all(going.map(({ next }) => arena.get(next)))
    assert.deepEqual(nexts.map(({ status }) => status), ['TERMINATED', 'RUNNING', 'RUNNING', 'TERMINATED', 'RUNNING', 'RUNNING'])
    for (const one of nexts.filter(({ status }) => status === 'TERMINATED')) {
      assert.deepEqual([one.failure, one.closedAt, one.owner, one.wakeAt], [terminatedByParent, 99, null, null])
    }
    const messages = await Promise.all(going.map(({ next }) => arena.store.readMessages(next.runId, 10)))
    assert.deepEqual(messages.map((each) => each.map(({ type }) => type)),
      [[], [cancelRequestedByParent.type], [], [], [cancelRequestedByParent.type], []])
  })

  test('a close that does not say it has children looks for none', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    await arena.transit(worker, parent.runId, { close: completed })
    assert.equal((await arena.get(child)).status, 'RUNNING')
  })

  test('a parent that is terminated ends its children without being asked to', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    const { namespace, workflowId } = parent
    await arena.store.terminate({ namespace, workflowId, runId: null, failure: payload('gone'), at: 44 })
    assert.deepEqual([(await arena.get(child)).status, (await arena.get(child)).closedAt], ['TERMINATED', 44])
  })

  test('a transition of a child that its parent ends in the same commit is lost; one that closes closes as it wants', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    const [closing, released] = [await childOf(arena, worker, parent, 'TERMINATE'), await childOf(arena, worker, parent, 'TERMINATE')]
    const { transitions } = await arena.commit(worker, {
      transitions: [
        transition(child.runId, { events: [event(1)] }), transition(closing.runId, { close: completed }),
        transition(released.runId, { release: { wakeAt: 5, held: null } }),
        transition(parent.runId, { close: { ...completed, hasChildren: true } }),
      ],
    })
    assert.deepEqual(transitions, ['lost', 'ok', 'lost', 'ok'])
    const statuses = await Promise.all([child, closing, released].map(async start => (await arena.get(start)).status))
    assert.deepEqual(statuses, ['TERMINATED', 'COMPLETED', 'TERMINATED'])
    assert.deepEqual(await arena.store.readHistory(child.runId, 0, 10), [])
  })

  test('a child asked to cancel while it is released in the same commit is kept', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker, 'REQUEST_CANCEL')
    const { transitions } = await arena.commit(worker, {
      transitions: [
        transition(child.runId, { release: { wakeAt: 5, held: null } }),
        transition(parent.runId, { close: { ...completed, hasChildren: true } }),
      ],
    })
    assert.deepEqual(transitions, ['kept', 'ok'])
  })
}

function heldRows(harness: Harness): void {
  test('a close whose parent somebody holds is locked alone, and told once when it is sent again', async t => {
    const arena = new Arena(harness())
    if (arena.holdRow === undefined) return t.skip('this store has no locks of rows')
    const worker = await arena.worker()
    const [one, other] = [await family(arena, worker), await family(arena, worker)]
    const letGo = await arena.holdRow(one.parent.runId)
    const both = [one, other].map(({ child }) => transition(child.runId, { events: [event(1)], close: completed }))
    assert.deepEqual((await arena.commit(worker, { transitions: both })).transitions, ['locked', 'ok'])
    assert.equal((await arena.get(one.child)).status, 'RUNNING')
    await letGo()
    assert.deepEqual((await arena.commit(worker, { transitions: both })).transitions, ['ok', 'lost'])
    assert.equal((await arena.store.readMessages(one.parent.runId, 10)).length, 1)
  })

  test('a child whose row somebody holds makes the close of its parent locked, and nothing of its family is ended', async t => {
    const arena = new Arena(harness())
    if (arena.holdRow === undefined) return t.skip('this store has no locks of rows')
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    const [second, grandchild] = [await childOf(arena, worker, parent, 'TERMINATE'), await childOf(arena, worker, child, 'REQUEST_CANCEL')]
    for (const held of [child, grandchild]) {
      const letGo = await arena.holdRow(held.runId)
      assert.equal(await arena.transit(worker, parent.runId, { close: { ...completed, hasChildren: true } }), 'locked')
      await letGo()
      assert.deepEqual([(await arena.get(second)).status, (await arena.get(child)).status], ['RUNNING', 'RUNNING'])
    }
    assert.equal(await arena.transit(worker, parent.runId, { close: { ...completed, hasChildren: true } }), 'ok')
    assert.equal((await arena.get(child)).status, 'TERMINATED')
  })

  test('a child whose row a sender holds is asked to end, as its lock is not free', async t => {
    const arena = new Arena(harness())
    if (arena.shareRow === undefined) return t.skip('this store has no locks of rows')
    const worker = await arena.worker()
    const { parent, child } = await family(arena, worker)
    const letGo = await arena.shareRow(child.runId)
    assert.equal(await arena.transit(worker, parent.runId, { close: { ...completed, hasChildren: true } }), 'ok')
    await letGo()
    assert.equal((await arena.get(child)).status, 'RUNNING')
    const [message] = await arena.store.readMessages(child.runId, 10)
    assert.deepEqual([message?.type, message?.data], [terminateRequestedByParent.type, terminateRequestedByParent.data])
  })
}
