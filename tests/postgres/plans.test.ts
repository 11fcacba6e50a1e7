/**
 * Plans of the statements that run all the time. Each must read by an index, and no more rows than its work has, whether
 * the tables were never analyzed, analyzed while they were nearly empty, or analyzed full.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { RunId, Serving } from '@perdure/engine'
import { Committer } from '../../packages/postgres/src/committer.ts'
import type { Database } from '../../packages/postgres/src/statement.ts'
import { takeOver } from '../../packages/postgres/src/statements/bury-worker.ts'
import { cancelledTasks } from '../../packages/postgres/src/statements/cancelled-tasks.ts'
import { claim } from '../../packages/postgres/src/statements/claim.ts'
import { claimQueries } from '../../packages/postgres/src/statements/claim-queries.ts'
import { claimTasks } from '../../packages/postgres/src/statements/claim-tasks.ts'
import { endTasks } from '../../packages/postgres/src/statements/end-tasks.ts'
import { expiredTasks } from '../../packages/postgres/src/statements/expired-tasks.ts'
import { getExecution } from '../../packages/postgres/src/statements/get-execution.ts'
import { heartbeatTasks } from '../../packages/postgres/src/statements/heartbeat-tasks.ts'
import { listExecutions } from '../../packages/postgres/src/statements/list-executions.ts'
import { post } from '../../packages/postgres/src/statements/post.ts'
import { readClosed } from '../../packages/postgres/src/statements/read-closed.ts'
import { readHistory } from '../../packages/postgres/src/statements/read-history.ts'
import { readInbox } from '../../packages/postgres/src/statements/read-inbox.ts'
import { readTasks } from '../../packages/postgres/src/statements/read-tasks.ts'
import { terminate } from '../../packages/postgres/src/statements/terminate.ts'
import { tick } from '../../packages/postgres/src/statements/tick.ts'
import { type Arena, completed, event, payload, transition } from '../conformance/arena.ts'
import { type ExplainedDatabase, explainedDatabase, type Scan } from './explained-database.ts'
import { openStage, type Stage } from './stage.ts'

const hotTables = ['executions', 'history', 'inbox', 'activity_tasks']
const sizes = { open: 3_000, closed: 6_000, unowned: 4_000 }

interface Crowd {
  readonly me: Serving
  /** Open executions of mine. */
  readonly runs: readonly RunId[]
}

/** Thousands of rows of every kind in one namespace, made by plain statements, so that nothing of ours planned on the way. */
async function crowd({ admin, arena, store }: Stage): Promise<Crowd> {
  const { namespace, queue } = arena
  const me = await arena.worker()
  const other = await store.registerWorker(arena.registration())
  const owner = `case when n % 2 = 0 then ${me.incarnation} else ${other.incarnation} end`
  const columns = 'run_id, first_run_id, namespace, workflow_id, workflow_type, task_queue, priority, input, started_at'
  const values = (prefix: string) => `r, r, '${namespace}', '${prefix}' || n, 'order', '${queue}', 1 + n % 5, '[]', n`
  const from = (count: number) => `from (select n, gen_random_uuid() as r from generate_series(1, ${count}) n) s`
  await admin.query(`insert into perdure.executions (${columns}, owner, claimed_at, first_task_at)
    select ${values('open-')}, ${owner}, n, n ${from(sizes.open)}`)
  await admin.query(`insert into perdure.executions (${columns}, status, closed_at)
    select ${values('closed-')}, 'COMPLETED', n ${from(sizes.closed)}`)
  await admin.query(`insert into perdure.executions (${columns}, wake_at)
    select ${values('sleeping-')}, 10000000 + n ${from(sizes.unowned)}`)
  await admin.query(`insert into perdure.history (run_id, seq, at, type, data)
    select x.run_id, s, s, 'TimerFired', '{}' from perdure.executions x cross join generate_series(1, 5) s where x.owner is not null
    on conflict do nothing`)
  await admin.query(`insert into perdure.activity_tasks (run_id, command, namespace, workflow_id, workflow_type, task_queue, activity_type,
      activity_id, priority, attempt, scheduled_at, available_at, input, options)
    select x.run_id, 1, x.namespace, x.workflow_id, 'order', '${queue}', 'charge', '1', x.priority, 1, 1, 10000000, '[]', '{}'
    from perdure.executions x where x.owner is not null
    on conflict do nothing`)
  const mine = await admin.query<{ run_id: RunId }>(
    'select run_id from perdure.executions where owner = $1 order by started_at limit 500', [me.incarnation])
  return { me, runs: mine.rows.map(row => row.run_id) }
}

const states: readonly (readonly [string, (stage: Stage) => Promise<Crowd>])[] = [
  ['never analyzed', crowd],
  ['analyzed while nearly empty', async stage => {
    const worker = await stage.arena.worker()
    const start = await stage.arena.started(worker)
    await stage.arena.transit(worker, start.runId, { events: [event(1)], tasks: [stage.arena.task(start, 1)] })
    await stage.arena.signal(start)
    await stage.admin.query('vacuum analyze')
    return crowd(stage)
  }],
  ['analyzed full', async stage => {
    const made = await crowd(stage)
    await stage.admin.query('vacuum analyze')
    return made
  }],
]

for (const [state, fill] of states) {
  describe(`tables ${state}`, () => {
    let stage: Stage
    let explained: ExplainedDatabase
    let made: Crowd
    before(async () => {
      stage = await openStage('plans')
      explained = await explainedDatabase(await stage.connect())
      made = await fill(stage)
    })
    after(() => stage.dispose())
    for (const [what, rowsMax, work] of hotStatements()) {
      test(`${what} reads at most ${rowsMax} rows of a table, by indexes`, async () => {
        judge(await explained.scansOf(database => work(database, made, stage.arena)), rowsMax)
      })
    }
  })
}

function judge(scans: readonly Scan[], rowsMax: number): void {
  assert.ok(scans.length > 0, 'no plan was told')
  for (const scan of scans.filter(each => hotTables.includes(each.table))) {
    const story = JSON.stringify(scan)
    assert.ok(scan.kind !== 'Seq Scan', `a sequential scan: ${story}`)
    assert.ok(scan.rows <= rowsMax, `too many rows: ${story}`)
    // The inbox holds what is unread at the moment; who looks for messages to unowned executions begins there.
    assert.ok(scan.hasCondition || scan.table === 'inbox', `an index read from end to end: ${story}`)
  }
}

type Work = (database: Database, made: Crowd, arena: Arena) => Promise<unknown>

function hotStatements(): readonly (readonly [string, number, Work])[] {
  return [...commits(), ...calls()]
}

function commits(): readonly (readonly [string, number, Work])[] {
  const commit = async (database: Database, worker: Serving, batch: Parameters<Arena['commit']>[1]) => {
    const { starts = [], transitions = [] } = batch
    const outcome = await new Committer(database).commit({ incarnation: worker.incarnation, starts, transitions })
    assert.ok(outcome.type === 'committed')
    assert.deepEqual([...outcome.starts.filter(one => one.type !== 'started'), ...outcome.transitions.filter(one => one !== 'ok')], [])
  }
  return [
    ['a commit of one event', 5, (database, { me, runs }) =>
      commit(database, me, { transitions: [transition(runs[0] as RunId, { events: [event(6)] })] })],
    ['a commit of 50 events', 60, (database, { me, runs }) =>
      commit(database, me, { transitions: runs.slice(100, 150).map(run => transition(run, { events: [event(6)] })) })],
    ['a commit of 50 releases', 60, (database, { me, runs }) =>
      commit(database, me, { transitions: runs.slice(200, 250).map(run => transition(run, { release: { wakeAt: null, held: null } })) })],
    ['a commit of 50 closes', 60, (database, { me, runs }) =>
      commit(database, me, { transitions: runs.slice(300, 350).map(run => transition(run, { close: completed, events: [event(6)] })) })],
    ['a commit of 50 starts with their closes', 60, (database, { me }, arena) => {
      const starts = Array.from({ length: 50 }, () => arena.start({ owned: true, startedAt: 99_000_000 }))
      return commit(database, me, { starts, transitions: starts.map(({ runId }) => transition(runId, { close: completed })) })
    }],
    ['a start that asks for closed runs', 10, (database, { me }, arena) =>
      commit(database, me, { starts: [arena.start({ reusePolicy: 'REJECT_DUPLICATE' })] })],
    ['a start that terminates the open run', 10, (database, { me }, arena) =>
      commit(database, me, { starts: [arena.start({ workflowId: 'open-3', conflictPolicy: 'TERMINATE_EXISTING' })] })],
    ['task writes', 10, (database, { me, runs }, arena) => {
      const run = runs[400] as RunId
      const task = { ...arena.task(arena.start({ runId: run }), 2) }
      const writes = { tasks: [task], dropTasks: [1], cancelTasks: [2], resetTakeovers: true }
      return commit(database, me, { transitions: [transition(run, writes)] })
    }],
  ]
}

function calls(): readonly (readonly [string, number, Work])[] {
  const first = ({ runs }: Crowd, index: number) => runs[index] as RunId
  const idOf = (namespace: string, workflowId: string) => ({ namespace, workflowId, runId: null })
  return [
    ['a tick', 1_600, (database, { me }) => tick(database, me)],
    ['a claim that finds nothing due', 60, (database, { me }) =>
      claim(database, { ...me, now: 9_000_000, limit: 100, suspectLimit: 1 })],
    ['a claim of 20', 120, async (database, { me }) => {
      const claimed = await claim(database, { ...me, now: 20_000_000, limit: 20, suspectLimit: 1 })
      assert.equal(claimed.length, 20)
    }],
    ['a post by workflow id', 5, async (database, _made, arena) => {
      const [posted] = await post(database, [{ ...idOf(arena.namespace, 'open-4'), type: 'S', data: '1' }])
      assert.equal(posted?.type, 'posted')
    }],
    ['a post to one run', 5, async (database, made, arena) => {
      const run = first(made, 1)
      const text = 'select workflow_id from perdure.executions where run_id = $1'
      const [row] = await database.run<{ workflow_id: string }>({ name: '', text, writes: false }, [run])
      await post(database, [{ namespace: arena.namespace, workflowId: row?.workflow_id ?? '', runId: run, type: 'S', data: '1' }])
    }],
    ['reading the inbox of an owner', 1_600, (database, { me }) => readInbox(database, me.incarnation, [1, 2, 3], 100)],
    ['a terminate', 5, (database, _made, arena) =>
      terminate(database, { ...idOf(arena.namespace, 'open-5'), failure: payload('x'), at: 99_000_000 })],
    ['a claim of tasks', 120, async (database, { me }) => {
      assert.equal((await claimTasks(database, me, 20_000_000, 20)).tasks.length, 20)
    }],
    ['the end of a task', 5, (database, made) => endTasks(database, [
      { runId: first(made, 2), command: 1, attempt: 1, outcome: { type: 'post', eventType: 'E', data: '1' } },
      {
        runId: first(made, 3), command: 1, attempt: 1,
        outcome: { type: 'retry', availableAt: 1, deadlineAt: null, lastFailure: null, heartbeatDetails: null },
      },
    ])],
    ['a heartbeat', 5, (database, made) => heartbeatTasks(database, [
      { runId: first(made, 4), command: 1, attempt: 1, details: payload(1), now: 1, deadlineAt: 5 },
    ])],
    ['the look for tasks to stop', 30, (database, { me }) => cancelledTasks(database, me.incarnation)],
    ['the look for expired tasks', 5, (database, _made, arena) => expiredTasks(database, arena.namespace, 99, 100)],
    ['a page of history', 5, (database, made) => readHistory(database, first(made, 5), 0, 100)],
    ['the tasks of a run', 5, (database, made) => readTasks(database, first(made, 5))],
    ['an execution by workflow id', 5, (database, _made, arena) => getExecution(database, arena.namespace, 'closed-7', null)],
    ['an execution by run', 5, (database, made, arena) => getExecution(database, arena.namespace, 'x', first(made, 6))],
    ['outcomes of 20 runs', 25, (database, { runs }) => readClosed(database, runs.slice(0, 20))],
    ['the first page of a list', 60, (database, _made, arena) =>
      listExecutions(database, { namespace: arena.namespace, limit: 50, after: null })],
    ['a later page of a list', 60, (database, made, arena) =>
      listExecutions(database, { namespace: arena.namespace, limit: 50, after: { startedAt: 3_000, runId: first(made, 7) } })],
    ['a list by a prefix of the workflow id', 120, (database, _made, arena) =>
      listExecutions(database, { namespace: arena.namespace, workflowIdPrefix: 'closed-59', limit: 200, after: null })],
    ['a claim of queries', 5, (database, { me }) => claimQueries(database, me, 1, 10)],
    ['a takeover', 10_000, async (database, made, arena) => {
      const renewedAt = await arena.renewedAt(made.me.incarnation)
      assert.equal(await takeOver(database, { incarnation: made.me.incarnation, renewedAt }, 5_000, 1), true)
    }],
  ]
}
