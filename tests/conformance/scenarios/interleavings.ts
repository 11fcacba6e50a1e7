/** Two connections to the same data, as two processes have: both orders of a race must be legal, and nothing is lost or doubled. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Arena, completed, event, leaseMs, newRunId, payload, runIds, transition, type Harness } from '../arena.ts'

const rounds = 25

export function interleavingScenarios(harness: Harness): void {
  messages(harness)
  claims(harness)
  deaths(harness)
  starts(harness)
}

function messages(harness: Harness): void {
  test('a message from another connection before the close refuses it, after the close is told that it is closed', async () => {
    const arena = new Arena(harness())
    const [worker, second] = [await arena.worker(), await arena.second()]
    const start = await arena.started(worker)
    const id = await arena.signal(start, '1', second)
    assert.equal(await arena.transit(worker, start.runId, { close: completed }), 'unread')
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)], consumed: [id], close: completed }), 'ok')
    assert.deepEqual(await second.post([{ ...start, type: 'WorkflowSignaled', data: '2' }]), [{ type: 'closed', runId: start.runId }])
  })

  test('a message that races a close is either refused or unread: an acknowledged one is never lost', async () => {
    const arena = new Arena(harness())
    const [worker, second] = [await arena.worker(), await arena.second()]
    for (let round = 0; round < rounds; round++) {
      const start = await arena.started(worker)
      const post = () => arena.post({ ...start, type: 'WorkflowSignaled', data: '1' }, second)
      const close = () => arena.transit(worker, start.runId, { close: completed })
      const [told, closed] = round % 2 === 0
        ? await Promise.all([post(), close()])
        : (await Promise.all([close(), post()])).toReversed() as [Awaited<ReturnType<typeof post>>, Awaited<ReturnType<typeof close>>]
      const story = `${told.type} and ${closed}`
      if (told.type === 'posted') {
        assert.ok(closed === 'unread' || closed === 'locked', story)
        assert.deepEqual(await arena.unread(worker, start), ['1'])
      } else {
        assert.equal(story, 'closed and ok')
      }
    }
  })

  test('a message that races a release is either kept or wakes the execution', async () => {
    const arena = new Arena(harness())
    const [worker, second] = [await arena.worker(), await arena.second()]
    for (let round = 0; round < rounds; round++) {
      const start = await arena.started(worker)
      const post = arena.signal(start, '1', second)
      const released = await arena.transit(worker, start.runId, { release: { wakeAt: null, held: null } })
      await post
      if (released === 'ok') {
        assert.deepEqual(runIds(await arena.claim(worker)), [start.runId])
      } else {
        assert.equal(released, 'kept')
        assert.deepEqual(await arena.unread(worker, start), ['1'])
      }
    }
  })

  test('many senders on two connections lose no message and none arrives twice', async () => {
    const arena = new Arena(harness())
    const [worker, second] = [await arena.worker(), await arena.second()]
    const start = await arena.started(worker)
    const texts = Array.from({ length: 60 }, (_, index) => String(index))
    await Promise.all(texts.map((text, index) => arena.signal(start, text, index % 2 === 0 ? arena.store : second)))
    const arrived = await arena.unread(worker, start)
    assert.deepEqual(arrived.toSorted((a, b) => Number(a) - Number(b)), texts)
  })

  test('an owner that consumes while others send reads every message once', async () => {
    const arena = new Arena(harness())
    const [worker, second] = [await arena.worker(), await arena.second()]
    const start = await arena.started(worker)
    const sent = Promise.all(Array.from({ length: 40 }, (_, index) => arena.signal(start, String(index), second)))
    const read: string[] = []
    while (read.length < 40) {
      const unread = await arena.store.readInbox(worker.incarnation, [], 7)
      const events = unread.map((message, index) => event(read.length + index + 1, { data: message.data }))
      assert.equal(await arena.transit(worker, start.runId, { events, consumed: unread.map(message => message.id) }), 'ok')
      read.push(...unread.map(message => message.data))
    }
    await sent
    assert.equal(new Set(read).size, 40)
    assert.equal(await arena.transit(worker, start.runId, { close: completed }), 'ok')
  })
}

function claims(harness: Harness): void {
  test('two workers that claim at once share the executions, none twice', async () => {
    const arena = new Arena(harness())
    const [one, two, second] = [await arena.worker(), await arena.worker(), await arena.second()]
    const starts = Array.from({ length: 40 }, () => arena.start())
    await arena.commit(null, { starts })
    const claimed: string[] = []
    while (claimed.length < starts.length) {
      const both = await Promise.all([arena.claim(one, { limit: 5 }), arena.claim(two, { limit: 5 }, second)])
      assert.ok(both.flat().length > 0, `stopped at ${claimed.length}`)
      claimed.push(...runIds(both.flat()))
    }
    assert.deepEqual(claimed.toSorted(), starts.map(start => start.runId).toSorted())
  })

  test('two workers that claim tasks at once get each task once', async () => {
    const arena = new Arena(harness())
    const [one, two, second] = [await arena.worker(), await arena.worker(), await arena.second()]
    const start = await arena.started(one)
    await arena.transit(one, start.runId, { tasks: Array.from({ length: 30 }, (_, index) => arena.task(start, index + 1)) })
    const claimed: number[] = []
    while (claimed.length < 30) {
      const both = await Promise.all([arena.claimTasks(one, 5_000, 4), arena.claimTasks(two, 5_000, 4, second)])
      assert.ok(both.flat().length > 0, `stopped at ${claimed.length}`)
      claimed.push(...both.flat().map(task => task.command))
    }
    assert.equal(new Set(claimed).size, 30)
  })

  test('of two ends of one attempt one counts, whichever connection it comes from', async () => {
    const arena = new Arena(harness())
    const [worker, second] = [await arena.worker(), await arena.second()]
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { tasks: Array.from({ length: rounds }, (_, index) => arena.task(start, index + 1)) })
    for (let command = 1; command <= rounds; command++) {
      const end = (data: string) => ({ runId: start.runId, command, attempt: 1, outcome: { type: 'post', eventType: 'E', data } as const })
      const both = await Promise.all([arena.store.endTasks([end('a')]), second.endTasks([end('b')])])
      assert.deepEqual(both.flat().filter(Boolean), [true])
    }
    assert.equal((await arena.unread(worker, start)).length, rounds)
  })

  test('two connections that take one reply get it once', async () => {
    const arena = new Arena(harness())
    const second = await arena.second()
    const query = arena.query(await arena.started(null))
    await arena.store.askQuery(query)
    await second.answerQuery(query.id, { type: 'answered', result: payload(1) })
    const replies = await Promise.all([arena.store.takeReply(query.id), second.takeReply(query.id)])
    assert.equal(replies.filter(reply => reply !== undefined).length, 1)
  })
}

function deaths(harness: Harness): void {
  test('of two observers one takes over', async () => {
    const arena = new Arena(harness())
    const second = await arena.second()
    for (let round = 0; round < rounds; round++) {
      const worker = await arena.worker()
      const start = await arena.started(worker, { startedAt: await arena.store.ping() })
      const suspect = { incarnation: worker.incarnation, renewedAt: await arena.renewedAt(worker.incarnation) }
      const both = await Promise.all([arena.store.takeOver(suspect, leaseMs), second.takeOver(suspect, leaseMs)])
      assert.deepEqual(both.filter(Boolean), [true])
      assert.equal((await arena.get(start)).takeovers, 1)
    }
  })

  test('a commit that races the takeover of its worker is whole or fenced', async () => {
    const arena = new Arena(harness())
    const second = await arena.second()
    for (let round = 0; round < rounds; round++) {
      const worker = await arena.worker()
      const start = await arena.started(worker)
      const suspect = { incarnation: worker.incarnation, renewedAt: await arena.renewedAt(worker.incarnation) }
      const transitions = [transition(start.runId, { events: [event(1), event(2)] })]
      const batch = { incarnation: worker.incarnation, starts: [], transitions }
      const racers = [() => arena.store.commit(batch), () => second.takeOver(suspect, leaseMs)] as const
      const commit = round % 2 === 0 ? racers[0]() : undefined
      const taken = racers[1]()
      const outcome = await (commit ?? racers[0]())
      assert.equal(await taken, true)
      const events = await arena.store.readHistory(start.runId, 0, 10)
      assert.equal(events.length, outcome.type === 'committed' ? 2 : 0)
      assert.equal((await arena.store.commit(batch)).type, 'fenced')
      assert.equal((await arena.get(start)).owner, null)
    }
  })

  test('a terminate that races a close leaves one outcome', async () => {
    const arena = new Arena(harness())
    const [worker, second] = [await arena.worker(), await arena.second()]
    for (let round = 0; round < rounds; round++) {
      const start = await arena.started(worker)
      const [closed, terminated] = await Promise.all([
        arena.transit(worker, start.runId, { close: completed }),
        second.terminate({ ...start, failure: payload('stop'), at: 2_000 }),
      ])
      const { status } = await arena.get(start)
      const story = `${closed}, ${terminated.type}, ${status}`
      // locked: it met the other's lock, and would be lost at the next try.
      assert.ok(['ok, closed, COMPLETED', 'lost, terminated, TERMINATED', 'locked, terminated, TERMINATED'].includes(story), story)
    }
  })
}

function starts(harness: Harness): void {
  test('of many starts of one id on two connections one wins, and the others name it', async () => {
    const arena = new Arena(harness())
    const second = await arena.second()
    for (let round = 0; round < 8; round++) {
      const workflowId = `race-${round}`
      const racing = Array.from({ length: 6 }, () => arena.start({ workflowId, conflictPolicy: 'USE_EXISTING' }))
      const outcomes = await Promise.all(racing.map(async (start, index) => {
        const { starts } = await arena.commit(null, { starts: [start] }, index % 2 === 0 ? arena.store : second)
        return starts[0]
      }))
      const winner = await arena.store.getExecution(arena.namespace, workflowId, null)
      assert.ok(winner !== undefined)
      assert.equal(outcomes.filter(outcome => outcome?.type === 'started').length, 1)
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome?.type === 'started') assert.equal(racing[index]?.runId, winner.runId)
        else if (outcome?.type === 'exists') assert.equal(outcome.runId, winner.runId)
        else assert.equal(outcome?.type, 'busy')
      }
    }
  })

  test('what one connection committed the other sees', async () => {
    const arena = new Arena(harness())
    const [worker, second] = [await arena.worker(), await arena.second()]
    const start = arena.start({ owned: true, runId: newRunId() })
    const outcome = await arena.commit(worker, { starts: [start], transitions: [transition(start.runId, { events: [event(1)] })] }, second)
    assert.deepEqual(outcome, { starts: [{ type: 'started' }], transitions: ['ok'] })
    assert.equal((await arena.get(start)).owner, worker.incarnation)
    assert.equal((await arena.store.readHistory(start.runId, 0, 10)).length, 1)
  })
}
