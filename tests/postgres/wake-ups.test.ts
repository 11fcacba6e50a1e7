/**
 * No wake-up is lost: every way of telling an execution something, against everything that its row may go through meanwhile, in
 * both orders. The first of the two is stopped inside its statement, holding its locks (a trigger waits for a lock of ours); the
 * second comes, and passes by, is turned away, or waits, as the server's own tables say. Then the first goes on.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { StoreBusyError } from '@perdure/engine'
import type { PostOutcome, Serving, StartRecord, Store } from '@perdure/engine'
import type { Client } from 'pg'
import { completed, event, leaseMs, payload } from '../conformance/arena.ts'
import { openStage, type Stage, uniqueName } from './stage.ts'

let stage: Stage
/** A store of a process of its own: its statements wait on connections of their own. */
let senders: Store
/** Whoever holds this lock stops what the triggers stop. */
const gate = 4_711
let gatekeeper: Client

before(async () => {
  stage = await openStage('wake_ups')
  senders = await stage.another()
  gatekeeper = await stage.connect('gatekeeper')
  await stage.admin.query(`
    create table stops (run_id uuid, place text);
    create function stop_here() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from public.stops s where s.run_id = new.run_id and s.place = tg_table_name) then
        perform set_config('lock_timeout', '0', true);
        perform pg_advisory_xact_lock_shared(${gate});
      end if;
      return new;
    end $$;
    create trigger stop_here before insert on perdure.inbox for each row execute function stop_here();
    create trigger stop_here before update on perdure.executions for each row execute function stop_here();`)
})
after(() => stage.dispose())
afterEach(async () => {
  await gatekeeper.query('select pg_advisory_unlock_all()')
  await stage.admin.query('delete from stops')
})

interface Scene {
  readonly worker: Serving
  readonly start: StartRecord
}

/** An owned execution on a queue of its own, with a task that somebody may end. */
async function scene(): Promise<Scene> {
  const { arena } = stage
  const queue = uniqueName('q')
  const worker = await arena.worker({ taskQueues: [queue] })
  const start = await arena.started(worker, { taskQueue: queue })
  await arena.transit(worker, start.runId, { events: [event(1)], tasks: [arena.task(start, 7)] })
  return { worker, start }
}

interface Sender {
  readonly name: string
  /** Says whether the execution was told. */
  send(scene: Scene): Promise<'told' | 'closed' | 'busy'>
  /** What the owner finds. */
  readonly message: string
  /** It meets the lock of the execution: turned away, or made to wait. */
  readonly meets: 'busy' | 'waits'
}

const senderKinds: readonly Sender[] = [
  {
    name: 'a message of a client', message: '"sent"', meets: 'busy',
    send: async ({ start: { namespace, workflowId, runId } }) => {
      const [outcome] = await senders.post([{ namespace, workflowId, runId, type: 'WorkflowSignaled', data: '"sent"' }])
      return told(outcome)
    },
  },
  {
    name: 'the end of a task', message: '"ended"', meets: 'waits',
    send: async ({ start: { runId } }) => {
      const outcome = { type: 'post', eventType: 'ActivityTaskCompleted', data: '"ended"' } as const
      const ends = await orBusy(senders.endTasks([{ runId, command: 7, attempt: 1, outcome }]))
      if (ends === 'busy') return 'busy'
      return ends[0] === true ? 'told' : 'closed'
    },
  },
]

/** A lock is waited for so long and no longer; whoever sends then sends again. */
async function orBusy<T>(asked: Promise<T>): Promise<T | 'busy'> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof StoreBusyError) return 'busy'
    throw error
  }
}

function told(outcome: PostOutcome | undefined): 'told' | 'closed' | 'busy' {
  if (outcome?.type === 'posted') return 'told'
  return outcome?.type === 'busy' ? 'busy' : 'closed'
}

interface Act {
  readonly name: string
  run(scene: Scene): Promise<unknown>
  /** While a sender holds its locks. */
  readonly refused: unknown
  /** Afterwards, with the message unread; undefined: it then takes its course. */
  readonly unread: unknown
  /** What becomes of a message that comes after it. */
  readonly after: 'told' | 'closed'
}

const acts: readonly Act[] = [
  {
    name: 'a close', refused: 'locked', unread: 'unread', after: 'closed',
    run: ({ worker, start }) => stage.arena.transit(worker, start.runId, { events: [event(2)], close: completed }),
  },
  {
    name: 'a release', refused: 'kept', unread: 'kept', after: 'told',
    run: ({ worker, start }) => stage.arena.transit(worker, start.runId, { release: { wakeAt: null, held: null } }),
  },
  {
    name: 'a release until a timer', refused: 'kept', unread: 'kept', after: 'told',
    run: ({ worker, start }) => stage.arena.transit(worker, start.runId, { release: { wakeAt: 90_000_000, held: null } }),
  },
]

describe('a message first, and then', () => {
  for (const sender of senderKinds) {
    for (const act of acts) {
      test(`${act.name}: ${sender.name} is not passed over`, async () => {
        const made = await scene()
        const { outcome: sent } = await stoppedAt('inbox', made, () => sender.send(made))
        // The sender holds the execution's row, and nobody sees what it sends.
        assert.equal(await act.run(made), act.refused)
        await goOn()
        assert.equal(await sent, 'told')
        assert.equal(await act.run(made), act.unread)
        assert.deepEqual(await stage.arena.unread(made.worker, made.start), [sender.message])
      })
    }

    test(`a terminate: it waits for ${sender.name}, and ends both`, async () => {
      const made = await scene()
      const { outcome: sent } = await stoppedAt('inbox', made, () => sender.send(made))
      const terminate = () => orBusy(stage.store.terminate({ ...made.start, failure: payload('x'), at: 5_000 }))
      const first = terminate()
      await untilStopped(2, first)
      await goOn()
      assert.equal(await sent, 'told')
      let ended = await first
      while (ended === 'busy') ended = await terminate()
      assert.equal(ended.type, 'terminated')
      assert.deepEqual(await stage.store.readMessages(made.start.runId, 10), [])
    })

    test(`a claim: it passes by, and finds the execution with ${sender.name} afterwards`, async () => {
      const made = await scene()
      assert.equal(await stage.arena.transit(made.worker, made.start.runId, { release: { wakeAt: 1, held: null } }), 'ok')
      const { outcome: sent } = await stoppedAt('inbox', made, () => sender.send(made))
      assert.deepEqual(await stage.arena.claim(made.worker), [])
      await goOn()
      assert.equal(await sent, 'told')
      const [claimed] = await stage.arena.claim(made.worker)
      assert.deepEqual(claimed?.inbox.map(({ data }) => data), [sender.message])
    })

    test(`a takeover: it frees the execution beside ${sender.name}, which wakes it`, async () => {
      const made = await scene()
      const next = await stage.arena.worker({ taskQueues: made.worker.taskQueues })
      const { outcome: sent } = await stoppedAt('inbox', made, () => sender.send(made))
      assert.equal(await takenOver(made), true)
      await goOn()
      assert.equal(await sent, 'told')
      const [claimed] = await stage.arena.claim(next, { now: Date.now() + 60_000 })
      assert.deepEqual(claimed?.inbox.map(({ data }) => data), [sender.message])
    })
  }
})

describe('first, and then a message:', () => {
  for (const sender of senderKinds) {
    for (const act of acts) {
      test(`${act.name}: ${sender.name} ${sender.meets === 'busy' ? 'is turned away' : 'waits'}, and then is ${act.after}`, async () => {
        const made = await scene()
        const { outcome: acted } = await stoppedAt('executions', made, () => act.run(made))
        assert.equal(await sentAfter(sender, made), act.after)
        assert.equal(await acted, 'ok')
        await checkWoken(made, sender, act.after)
      })
    }

    test(`a claim: ${sender.name} comes to the owner`, async () => {
      const made = await scene()
      assert.equal(await stage.arena.transit(made.worker, made.start.runId, { release: { wakeAt: 1, held: null } }), 'ok')
      const { outcome: claimed } = await stoppedAt('executions', made, () => stage.arena.claim(made.worker))
      assert.equal(await sentAfter(sender, made), 'told')
      assert.deepEqual((await claimed).map(({ inbox }) => inbox), [[]])
      assert.deepEqual(await stage.arena.unread(made.worker, made.start), [sender.message])
    })

    test(`a takeover: ${sender.name} passes it, and wakes the execution`, async () => {
      const made = await scene()
      const next = await stage.arena.worker({ taskQueues: made.worker.taskQueues })
      const { outcome: taken } = await stoppedAt('executions', made, () => takenOver(made))
      assert.equal(await sender.send(made), 'told')
      await goOn()
      assert.equal(await taken, true)
      const [claimed] = await stage.arena.claim(next, { now: Date.now() + 60_000 })
      assert.deepEqual(claimed?.inbox.map(({ data }) => data), [sender.message])
    })
  }
})

async function takenOver({ worker }: Scene): Promise<boolean> {
  return stage.store.takeOver({ incarnation: worker.incarnation, renewedAt: await stage.arena.renewedAt(worker.incarnation) }, leaseMs)
}

/** Sends while another holds the row, lets that one go on, and sends again if it was turned away. */
async function sentAfter(sender: Sender, made: Scene): Promise<'told' | 'closed'> {
  const sent = sender.send(made)
  if (sender.meets === 'busy') assert.equal(await sent, 'busy')
  else await untilStopped(2, sent)
  await goOn()
  for (let outcome = await sent; ; outcome = await sender.send(made)) if (outcome !== 'busy') return outcome
}

/** What was told wakes whoever serves the execution; what was not has left nothing. */
async function checkWoken({ worker, start }: Scene, sender: Sender, outcome: 'told' | 'closed'): Promise<void> {
  const claimed = await stage.arena.claim(worker)
  const messages = claimed.flatMap(({ inbox }) => inbox.map(({ data }) => data))
  assert.deepEqual(messages, outcome === 'told' ? [sender.message] : [])
  if (outcome === 'closed') assert.deepEqual(await stage.store.readMessages(start.runId, 10), [])
}

interface Stopped<T> {
  readonly outcome: Promise<T>
}

/** Begins the work, and comes back when it is stopped at the table, its locks held; the gatekeeper lets it go on. */
async function stoppedAt<T>(place: 'inbox' | 'executions', { start }: Scene, work: () => Promise<T>): Promise<Stopped<T>> {
  await stage.admin.query('insert into stops values ($1, $2)', [start.runId, place])
  await gatekeeper.query('select pg_advisory_lock($1)', [gate])
  const outcome = work()
  await untilStopped(1)
  await stage.admin.query('delete from stops')
  return { outcome }
}

async function goOn(): Promise<void> {
  await gatekeeper.query('select pg_advisory_unlock($1)', [gate])
}

/** So many connections wait for a lock; or the last of them has waited for too long already. */
async function untilStopped(count: number, last: Promise<unknown> = Promise.race([])): Promise<void> {
  const text = `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  const over = last.then(() => true, () => true)
  const looked = async () => (await stage.admin.query<{ waiting: number }>(text)).rows[0]?.waiting === count
  while (!await Promise.race([looked(), over]));
}
