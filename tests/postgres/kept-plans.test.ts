/** Plans are kept for as long as a connection lives: one that was made while the tables were small must be right when they are not. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { asRunId } from '@perdure/engine'
import type { Serving } from '@perdure/engine'
import { Committer } from '../../packages/postgres/src/committer.ts'
import type { Database } from '../../packages/postgres/src/statement.ts'
import { completed, event, transition } from '../conformance/arena.ts'
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
