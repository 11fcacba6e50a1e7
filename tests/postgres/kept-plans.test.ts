/** Plans are kept for as long as a connection lives: one that was made while the tables were small must be right when they are not. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { asRunId } from '@perdure/engine'
import type { Serving } from '@perdure/engine'
import { Committer } from '../../packages/postgres/src/committer.ts'
import type { Database } from '../../packages/postgres/src/statement.ts'
import { retireWorker } from '../../packages/postgres/src/statements/bury-worker.ts'
import { claim } from '../../packages/postgres/src/statements/claim.ts'
import { tick } from '../../packages/postgres/src/statements/tick.ts'
import { completed, event, transition } from '../conformance/arena.ts'
import { addressed } from './crowd.ts'
import { type ExplainedDatabase, explainedDatabase } from './explained-database.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage('kept_plans')
})
after(() => stage.dispose())

/** Executions owned by the worker when a connection makes its plans. */
const sizes = [0, 60, 150, 300, 600, 1_200]
const sizeMax = 5_000

/** What a plan is made for: something of every list that a commit locks. */
async function commitOfEveryKind(database: Database, worker: Serving): Promise<void> {
  const starts = await Promise.all(Array.from({ length: 3 }, () => stage.arena.started(worker)))
  const [plain, released, closed] = starts.map(({ runId }) => asRunId(runId))
  assert.ok(plain !== undefined && released !== undefined && closed !== undefined)
  const outcome = await new Committer(database).commit({
    incarnation: worker.incarnation, starts: [], transitions: [
      transition(plain, { events: [event(1)] }), transition(released, { release: { wakeAt: 9_000_000, held: null } }),
      transition(closed, { close: completed }),
    ],
  })
  assert.deepEqual(outcome, { type: 'committed', starts: [], transitions: ['ok', 'ok', 'ok'] })
}

async function ownedUpTo(worker: Serving, count: number): Promise<void> {
  await stage.admin.query(`
    insert into perdure.executions (run_id, first_run_id, namespace, workflow_id, workflow_type, task_queue, priority, input, started_at,
      owner, claimed_at, first_task_at)
    select r, r, $2, r::text, 'order', 'q', 3, '[]', 1, $1, 1, 1 from (
      select gen_random_uuid() as r
      from generate_series(1, $3 - (select count(*) from perdure.executions x where x.owner = $1))) s`,
  [worker.incarnation, stage.arena.namespace, count])
}

test('a commit reads what it writes and no more, whatever the number of owned executions its plan was made at', async () => {
  // Statistics are none of the plans' business here: without them the planner goes by the number of pages.
  await stage.admin.query('alter table perdure.executions set (autovacuum_enabled = off)')
  const worker = await stage.arena.worker()
  const connections: ExplainedDatabase[] = []
  for (const size of sizes) {
    await ownedUpTo(worker, size)
    const database = await explainedDatabase(await stage.connect())
    await commitOfEveryKind(database, worker)
    connections.push(database)
  }
  await ownedUpTo(worker, sizeMax)
  for (const [index, database] of connections.entries()) {
    const scans = await database.scansOf(inner => commitOfEveryKind(inner, worker))
    const read = Math.max(...scans.filter(scan => scan.table === 'executions').map(scan => scan.rows))
    assert.ok(read <= 3, `a plan made at ${sizes[index]} owned executions read ${read} rows at ${sizeMax}`)
  }
})

/** Executions with messages: of a served queue, owned by another; of other queues, when each plan was made and when they were counted. */
const withMessages = [
  { served: 1, others: [1, 3, 100, 300], countedAt: 3 },
  { served: 2_000, others: [0], countedAt: 0 },
] as const

for (const { served, others, countedAt } of withMessages) {
  const plans = `plans made at ${served} of its executions and ${others.join(', ')} of other queues`
  test(`a worker looks for messages in the queues that it serves and reads none that are not for it: ${plans}`, async () => {
    await stage.admin.query('alter table perdure.inbox set (autovacuum_enabled = off)')
    await stage.admin.query('truncate perdure.inbox')
    const worker = await stage.arena.worker({ taskQueues: ['kept', 'other'] })
    await addressed(stage, 'kept', served, (await stage.arena.worker()).incarnation)
    const look = async (database: Database) => {
      assert.equal((await tick(database, worker)).claimAt, null)
      assert.deepEqual(await claim(database, { ...worker, now: 1, limit: 10, suspectLimit: 1 }), [])
    }
    const connections: ExplainedDatabase[] = []
    for (const size of others) {
      await addressed(stage, 'deserted', size)
      // Once: plans that were made before are made anew.
      if (size === countedAt) await stage.admin.query('vacuum analyze')
      const database = await explainedDatabase(await stage.connect())
      await look(database)
      connections.push(database)
    }
    await addressed(stage, 'deserted', sizeMax)
    for (const [index, database] of connections.entries()) {
      const scans = (await database.scansOf(look)).filter(scan => scan.table === 'inbox')
      const story = `the plan made at ${others[index]}: ${JSON.stringify(scans)}`
      assert.ok(scans.length > 0 && scans.every(scan => scan.hasCondition && scan.rows === 0), story)
    }
  })
}

test('messages that woke an execution, which then was held, are not looked at again', async () => {
  const { arena } = stage
  const worker = await arena.worker({ taskQueues: ['fallen'] })
  const start = await arena.started(worker, { taskQueue: 'fallen' })
  await arena.transit(worker, start.runId, { release: { wakeAt: null, held: null } })
  await arena.signal(start)
  const request = { ...worker, now: 1, limit: 10, suspectLimit: 1 }
  assert.equal((await arena.claim(worker)).length, 1)
  const held = { code: 'task_failure', reason: 'r', buildId: worker.buildId, count: 1, spent: false } as const
  assert.equal(await arena.transit(worker, start.runId, { release: { wakeAt: 90_000, held } }), 'ok')
  const database = await explainedDatabase(await stage.connect())
  const scans = await database.scansOf(async inner => {
    assert.equal((await tick(inner, worker)).claimAt, 90_000)
    assert.deepEqual(await claim(inner, request), [])
  })
  const read = scans.filter(scan => scan.table === 'inbox')
  assert.ok(read.length > 0 && read.every(scan => scan.rows === 0), JSON.stringify(read))
})

for (const state of ['vacuum analyze', 'analyze perdure.inbox']) {
  test(`a claim and a takeover mark the messages of what they take, and read no others: plans made when ${state} saw none`, async () => {
    const { arena, admin } = stage
    await admin.query('alter table perdure.inbox set (autovacuum_enabled = off)')
    await addressed(stage, 'deserted', 1_000)
    await admin.query('delete from perdure.inbox')
    await admin.query(state)
    const database = await explainedDatabase(await stage.connect())
    const round = async (inner: Database, signals: boolean) => {
      const worker = await arena.worker({ taskQueues: ['marked'] })
      const start = await arena.started(worker, { taskQueue: 'marked' })
      await arena.transit(worker, start.runId, { release: { wakeAt: 1, held: null } })
      if (signals) await arena.signal(start)
      assert.equal((await claim(inner, { ...worker, now: 9e12, limit: 10, suspectLimit: 1 })).length, 1)
      await retireWorker(inner, worker.incarnation, 4_711)
      await admin.query('delete from perdure.executions where run_id = $1', [start.runId])
    }
    await round(database, false)
    await addressed(stage, 'deserted', sizeMax)
    const read = (await database.scansOf((inner) => round(inner, true))).filter((scan) => scan.table === 'inbox')
    assert.ok(read.length > 0 && read.every((scan) => scan.hasCondition && scan.rows <= 3), JSON.stringify(read))
  })
}
