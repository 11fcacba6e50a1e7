/**
 * No wake-up is lost: every way of telling an execution something (senders.ts), against everything that its row may go through
 * meanwhile, in both orders. The first of the two is stopped inside its statement, holding its locks; the second comes, and passes
 * by, is turned away, or waits, as the server's own tables say. Then the first goes on.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import type { OutgoingMessage, OutgoingStart, StartRecord, Store, TransitionOutcome } from '@perdure/engine'
import { completed, event, leaseMs, linked, payload, transition } from '../conformance/arena.ts'
import { HeldStatements } from './held-statements.ts'
import { orBusy, type Scene, sceneOf, type Sender, senderKinds, type Sent, signalFromSql } from './senders.ts'
import { openStage, type Stage, uniqueName } from './stage.ts'

let stage: Stage
let senders: Store
let held: HeldStatements

before(async () => {
  stage = await openStage('wake_ups')
  senders = await stage.another()
  held = await HeldStatements.on(stage)
  await stage.store.createNamespace({ name: stage.arena.namespace, description: '', retentionMs: null })
})
after(() => stage.dispose())
afterEach(() => held.reset())

/** After the end of every test. */
const later = Date.now() + 3_600_000

const scene = (sender?: Sender) => sceneOf(stage, senders, sender)

interface Act {
  readonly name: string
  run(scene: Scene): Promise<TransitionOutcome>
  /** While a sender holds its locks. */
  readonly refused: TransitionOutcome
  /** Afterwards, with the message unread. */
  readonly unread: TransitionOutcome
  /** What becomes of a message that comes after it. */
  readonly after: 'told' | 'closed'
}

const release = (wakeAt: number | null) => ({ worker, start }: Scene) =>
  stage.arena.transit(worker, start.runId, { release: { wakeAt, held: null } })

const acts: readonly Act[] = [
  {
    name: 'a close', refused: 'locked', unread: 'unread', after: 'closed',
    run: ({ worker, start }) => stage.arena.transit(worker, start.runId, { events: [event(2)], close: completed }),
  },
  {
    name: 'a close that goes on in a next run', refused: 'locked', unread: 'unread', after: 'closed',
    run: ({ worker, start }) => {
      const { workflowId, taskQueue, runId } = start
      // Delayed, so that it is not claimed here.
      const next = stage.arena.start({ workflowId, taskQueue, wakeAt: later, link: linked({ firstRunId: runId }) })
      return stage.arena.transit(worker, runId, { close: { ...completed, status: 'CONTINUED_AS_NEW', next } })
    },
  },
  { name: 'a release', refused: 'kept', unread: 'kept', after: 'told', run: release(null) },
  { name: 'a release until a timer', refused: 'kept', unread: 'kept', after: 'told', run: release(later) },
]

describe('a message first, and then', () => {
  for (const sender of senderKinds) {
    for (const act of acts) {
      test(`${act.name}: ${sender.name} is not passed over`, async () => {
        const made = await scene(sender)
        const { outcome: sent } = await held.stoppedAt('inbox', made.start.runId, () => sender.send(made))
        // The sender holds the execution's row, and nobody sees what it sends.
        assert.equal(await act.run(made), act.refused)
        await held.goOn()
        assert.equal(await sent, 'told')
        assert.equal(await act.run(made), act.unread)
        await checkUnread(made, sender.message)
      })
    }

    test(`a terminate: it waits for ${sender.name}, and ends both`, async () => {
      const made = await scene(sender)
      const { outcome: sent } = await held.stoppedAt('inbox', made.start.runId, () => sender.send(made))
      const first = terminate(made)
      await held.untilStopped(2, first)
      await held.goOn()
      assert.notEqual(await sent, 'busy')
      let ended = await first
      while (ended === 'busy') ended = await terminate(made)
      assert.equal(ended.type, 'terminated')
      assert.deepEqual(await stage.store.readMessages(made.start.runId, 10), [])
    })

    test(`a claim: it passes by, and finds the execution with ${sender.name} afterwards`, async () => {
      const made = await scene(sender)
      assert.equal(await release(1)(made), 'ok')
      const { outcome: sent } = await held.stoppedAt('inbox', made.start.runId, () => sender.send(made))
      assert.deepEqual(await stage.arena.claim(made.worker), [])
      await held.goOn()
      assert.equal(await sent, 'told')
      await checkWoken(made, [sender.message])
    })

    test(`a takeover: it frees the execution beside ${sender.name}, which wakes it`, async () => {
      const made = await scene(sender)
      const { outcome: sent } = await held.stoppedAt('inbox', made.start.runId, () => sender.send(made))
      assert.equal(await takenOver(made), true)
      await held.goOn()
      assert.equal(await sent, 'told')
      await checkTakenUp(made, [sender.message])
    })
  }
})

describe('first, and then a message:', () => {
  for (const sender of senderKinds) {
    for (const act of acts) {
      test(`${act.name}: ${sender.name} ${sender.meets === 'busy' ? 'is turned away' : 'waits'}, and then is ${act.after}`, async () => {
        const made = await scene(sender)
        const { outcome: acted } = await held.stoppedAt('executions', made.start.runId, () => act.run(made))
        assert.equal(await sentAfter(sender, made), act.after)
        assert.equal(await acted, 'ok')
        await checkWoken(made, act.after === 'told' ? [sender.message] : [])
      })
    }

    test(`a claim: ${sender.name} comes to the owner`, async () => {
      const made = await scene(sender)
      assert.equal(await release(1)(made), 'ok')
      const { outcome: claimed } = await held.stoppedAt('executions', made.start.runId, () => stage.arena.claim(made.worker))
      assert.equal(await sentAfter(sender, made), 'told')
      assert.deepEqual((await claimed).map(({ inbox }) => inbox), [[]])
      await checkUnread(made, sender.message)
    })

    test(`a takeover: ${sender.name} passes it, and wakes the execution`, async () => {
      const made = await scene(sender)
      const { outcome: taken } = await held.stoppedAt('executions', made.start.runId, () => takenOver(made))
      assert.equal(await sender.send(made), 'told')
      await held.goOn()
      assert.equal(await taken, true)
      await checkTakenUp(made, [sender.message])
    })
  }
})

describe('a signal from SQL in a transaction that stays open', () => {
  const ends = [['commit', ['WorkflowExecutionSignaled']], ['rollback', []]] as const
  for (const [end, messages] of ends) {
    for (const act of acts) {
      test(`${act.name} comes after it: refused until the ${end}`, async () => {
        const made = await scene()
        const caller = await calling()
        assert.equal(await signalFromSql(caller, made, null), 'told')
        assert.equal(await act.run(made), act.refused)
        await caller.query(end)
        assert.equal(await act.run(made), end === 'commit' ? act.unread : 'ok')
        if (end === 'commit') await checkUnread(made, ...messages)
        else await checkWoken(made, [])
      })
    }

    for (const act of acts.filter(({ after }) => after === 'told')) {
      test(`${act.name} comes first: nobody is woken before the ${end}`, async () => {
        const made = await scene()
        const { outcome: acted } = await held.stoppedAt('executions', made.start.runId, () => act.run(made))
        const caller = await calling()
        const sent = signalFromSql(caller, made, null)
        await held.untilStopped(2, sent)
        await held.goOn()
        assert.deepEqual([await acted, await sent], ['ok', 'told'])
        assert.deepEqual(await stage.arena.claim(made.worker, { now: Date.now() }), [])
        await caller.query(end)
        await checkWoken(made, messages)
      })
    }

    test(`a takeover frees the execution, which is claimed after the ${end}`, async () => {
      const made = await scene()
      const caller = await calling()
      assert.equal(await signalFromSql(caller, made, null), 'told')
      assert.equal(await takenOver(made), true)
      await caller.query(end)
      await checkTakenUp(made, messages)
    })
  }

  for (const act of acts) {
    test(`${act.name} that its snapshot does not see refuses it, and what it tells in another transaction is ${act.after}`, async () => {
      const made = await scene()
      const caller = await calling('begin isolation level repeatable read')
      await caller.query('select 1 from perdure.executions limit 1')
      assert.equal(await act.run(made), 'ok')
      await assert.rejects(signalFromSql(caller, made, null), { code: '40001' })
      await caller.query('rollback')
      assert.equal(await signalFromSql(caller, made, made.start.runId), act.after)
      await checkWoken(made, act.after === 'told' ? ['WorkflowExecutionSignaled'] : [])
    })
  }

  async function calling(begin = 'begin') {
    const caller = await stage.connect('caller')
    await caller.query(begin)
    return caller
  }
})

interface Asking {
  readonly name: string
  asks(scene: Scene): Omit<OutgoingMessage, keyof typeof answers> | Omit<OutgoingStart, keyof typeof answers>
  /** The types of all that it is told. */
  readonly messages: readonly string[]
}

const answers = { command: 1, done: { type: 'Done', data: '{}' }, refused: { type: 'Refused', data: '{}' } }
const hello = ({ namespace, workflowId }: StartRecord) =>
  ({ type: 'message', to: { namespace, workflowId, runId: null, firstRunId: null }, message: { type: 'Hello', data: '{}' } }) as const

const askings: readonly Asking[] = [
  { name: 'the answer of another', asks: ({ other }) => hello(other), messages: ['Done'] },
  { name: 'a message to itself', asks: ({ start }) => hello(start), messages: ['Hello', 'Done'] },
  {
    name: 'the answer to the start of a child', messages: ['Done'],
    asks: ({ start, other }) => {
      const link = linked({ parent: { runId: start.runId, command: 1, closePolicy: 'ABANDON' } })
      return { type: 'start', start: stage.arena.start({ link, taskQueue: other.taskQueue }) }
    },
  },
]

describe('what it is told by its own commit:', () => {
  for (const { name, asks, messages } of askings) {
    const ask = async (made: Scene) => {
      const { worker: { incarnation }, start: { runId } } = made
      const transitions = [transition(runId, { outgoing: [{ ...answers, ...asks(made) }] })]
      const outcome = await senders.commit({ incarnation, starts: [], transitions })
      return outcome.type === 'committed' ? outcome.transitions[0] : outcome.type
    }

    for (const act of acts) {
      test(`${name} first, and then ${act.name}: it is not passed over`, async () => {
        const made = await scene()
        const { outcome: sent } = await held.stoppedAt('inbox', made.start.runId, () => ask(made))
        assert.equal(await act.run(made), 'locked')
        await held.goOn()
        assert.equal(await sent, 'ok')
        assert.equal(await act.run(made), act.unread)
        await checkUnread(made, ...messages)
      })

      test(`${act.name} first, and then ${name}: the commit is turned away, and nobody is asked`, async () => {
        const made = await scene()
        const { outcome: acted } = await held.stoppedAt('executions', made.start.runId, () => act.run(made))
        assert.equal(await ask(made), 'locked')
        await held.goOn()
        assert.deepEqual([await acted, await ask(made)], ['ok', 'lost'])
        await checkWoken(made, [])
        assert.deepEqual(await stage.store.readMessages(made.other.runId, 10), [])
      })
    }

    test(`${name} first, and then a takeover: it waits for the commit, and the execution is claimed with it`, async () => {
      const made = await scene()
      const { outcome: sent } = await held.stoppedAt('inbox', made.start.runId, () => ask(made))
      const taken = takenOver(made)
      await held.untilStopped(2, taken)
      await held.goOn()
      assert.deepEqual([await sent, await taken], ['ok', true])
      await checkTakenUp(made, messages)
    })

    test(`a takeover first, and then ${name}: the commit waits, and is fenced`, async () => {
      const made = await scene()
      const { outcome: taken } = await held.stoppedAt('executions', made.start.runId, () => takenOver(made))
      const sent = ask(made)
      await held.untilStopped(2, sent)
      await held.goOn()
      assert.deepEqual([await taken, await sent], [true, 'fenced'])
      await checkTakenUp(made, [])
    })
  }
})

describe('a message that comes with the run itself', () => {
  interface Birth {
    readonly name: string
    readonly message: string
    begin(scene: Scene, born: StartRecord): Promise<unknown>
  }

  const births: readonly Birth[] = [
    {
      name: 'a signal with its start', message: 'WorkflowExecutionSignaledWithStart',
      begin: ({ worker }, born) => {
        const messages = [{ type: 'WorkflowExecutionSignaledWithStart', data: '{}', updateId: null }]
        return stage.arena.commit(worker, { starts: [{ ...born, link: linked({ messages }) }] }, senders)
      },
    },
    {
      name: 'the wish of a parent that closes with the run before it', message: 'WorkflowExecutionCancelRequested',
      begin: async ({ worker }, born) => {
        const parent = await stage.arena.started(worker, { taskQueue: born.taskQueue })
        const link = linked({ parent: { runId: parent.runId, command: 1, closePolicy: 'REQUEST_CANCEL' } })
        const child = await stage.arena.started(worker, { taskQueue: born.taskQueue, workflowId: born.workflowId, link })
        const next = { ...born, link: { ...link, firstRunId: child.runId } }
        return stage.arena.commit(worker, {
          transitions: [
            transition(parent.runId, { close: { ...completed, hasChildren: true } }),
            transition(child.runId, { close: { ...completed, next } }),
          ],
        }, senders)
      },
    },
  ]

  for (const birth of births) {
    for (const act of acts) {
      test(`${act.name} finds ${birth.name} as soon as it finds the run`, async () => {
        const { worker, ...others } = await scene()
        const born = stage.arena.start({ taskQueue: uniqueName('q'), owned: true })
        const made = { ...others, worker, start: born }
        const { outcome: begun } = await held.stoppedAt('inbox', born.runId, () => birth.begin(made, born))
        assert.equal(await act.run(made), 'lost')
        await held.goOn()
        await begun
        assert.equal(await act.run(made), act.unread)
        await checkUnread(made, birth.message)
      })
    }

    test(`a claim finds ${birth.name} as soon as it finds the run`, async () => {
      const { worker, ...others } = await scene()
      const made = { ...others, worker, start: stage.arena.start({ taskQueue: worker.taskQueues[0] ?? '' }) }
      const { outcome: begun } = await held.stoppedAt('inbox', made.start.runId, () => birth.begin(made, made.start))
      assert.deepEqual(await stage.arena.claim(worker), [])
      await held.goOn()
      await begun
      await checkWoken(made, [birth.message])
    })
  }
})

test('every statement that inserts a message was stopped at, with the message first', async () => {
  const inserts = String.raw`insert\s+into\s+\S*\minbox\M`
  const { rows } = await stage.admin.query<{ name: string; count: number }>(`
    select p.proname as name, (select count(*)::int from regexp_matches(p.prosrc, $1, 'gi')) as count from pg_proc p
    where p.pronamespace = 'perdure'::regnamespace and p.prosrc ~* $1`, [inserts])
  const sources = join(import.meta.dirname, '../../packages/postgres/src')
  const plain = globSync('**/*.ts', { cwd: sources, exclude: ['migrations/**', '**/*.test.ts'] })
    .flatMap((file) => readFileSync(join(sources, file), 'utf8').match(/insert\s+into\s+\S*\binbox\b/gi) ?? [])
  const written = Object.fromEntries(rows.map(({ name, count }) => [name, count]))
  assert.deepEqual(await held.insertsMet(), { ...written, 'no function': plain.length })
})

function terminate({ start }: Scene) {
  return orBusy(stage.store.terminate({ ...start, failure: payload('x'), at: 5_000 }))
}

async function takenOver({ worker }: Scene): Promise<boolean> {
  return stage.store.takeOver({ incarnation: worker.incarnation, renewedAt: await stage.arena.renewedAt(worker.incarnation) }, leaseMs)
}

/** Sends while another holds the row, lets that one go on, and sends again if it was turned away. */
async function sentAfter(sender: Sender, made: Scene): Promise<Sent> {
  const sent = sender.send(made)
  if (sender.meets === 'busy') assert.equal(await sent, 'busy')
  else await held.untilStopped(2, sent)
  await held.goOn()
  for (let outcome = await sent; ; outcome = await sender.send(made)) if (outcome !== 'busy') return outcome
}

/** The owner hears of it in its next tick, and reads it. */
async function checkUnread({ worker, start: { runId } }: Scene, ...types: readonly string[]): Promise<void> {
  assert.equal((await stage.store.tick(worker, leaseMs)).inbox, true)
  const messages = await stage.store.readInbox(worker.incarnation, [], 100)
  assert.deepEqual(messages.filter((message) => message.runId === runId).map(({ type }) => type), types)
}

/** What was told wakes whoever serves the execution; what was not has left nothing. */
async function checkWoken({ worker, start }: Scene, types: readonly string[]): Promise<void> {
  const { claimAt, now } = await stage.store.tick(worker, leaseMs)
  assert.equal(claimAt !== null && claimAt <= now, types.length > 0)
  const claimed = await stage.arena.claim(worker, { now })
  assert.deepEqual(claimed.flatMap(({ inbox }) => inbox.map(({ type }) => type)), types)
  if (types.length === 0) assert.deepEqual(await stage.store.readMessages(start.runId, 10), [])
}

/** Another worker claims it, with what it was told. */
async function checkTakenUp({ worker, start }: Scene, types: readonly string[]): Promise<void> {
  const next = await stage.arena.worker({ taskQueues: worker.taskQueues })
  const { claimAt, now } = await stage.store.tick(next, leaseMs)
  assert.ok(claimAt !== null && claimAt <= now)
  const claimed = (await stage.arena.claim(next, { now })).filter(({ execution }) => execution.runId === start.runId)
  assert.deepEqual(claimed.map(({ inbox }) => inbox.map(({ type }) => type)), [types])
}
