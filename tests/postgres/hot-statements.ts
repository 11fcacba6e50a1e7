/**
 * Every statement of the package is in one of two lists: the hot ones, which run all the time or hold locks that others need,
 * with work that takes each of their branches; and the cold ones, with the reason why nobody waits for them. Plans and lock order
 * of the hot ones are tested (plans.test.ts, lock-order.test.ts).
 */
import assert from 'node:assert/strict'
import type { RunId, Serving, Transition } from '@perdure/engine'
import { Committer } from '../../packages/postgres/src/committer.ts'
import type { Database } from '../../packages/postgres/src/statement.ts'
import { answerQuery } from '../../packages/postgres/src/statements/answer-query.ts'
import { retireWorker, takeOver } from '../../packages/postgres/src/statements/bury-worker.ts'
import { cancelledTasks } from '../../packages/postgres/src/statements/cancelled-tasks.ts'
import { claim } from '../../packages/postgres/src/statements/claim.ts'
import { claimQueries } from '../../packages/postgres/src/statements/claim-queries.ts'
import { claimTasks } from '../../packages/postgres/src/statements/claim-tasks.ts'
import { endTasks } from '../../packages/postgres/src/statements/end-tasks.ts'
import { expiredTasks } from '../../packages/postgres/src/statements/expired-tasks.ts'
import { getExecution } from '../../packages/postgres/src/statements/get-execution.ts'
import { heartbeatTasks } from '../../packages/postgres/src/statements/heartbeat-tasks.ts'
import { listExecutions } from '../../packages/postgres/src/statements/list-executions.ts'
import { overdueExecutions } from '../../packages/postgres/src/statements/overdue-executions.ts'
import { post } from '../../packages/postgres/src/statements/post.ts'
import { readClosed } from '../../packages/postgres/src/statements/read-closed.ts'
import { readHistory } from '../../packages/postgres/src/statements/read-history.ts'
import { readInbox } from '../../packages/postgres/src/statements/read-inbox.ts'
import { readMessages } from '../../packages/postgres/src/statements/read-messages.ts'
import { readTasks } from '../../packages/postgres/src/statements/read-tasks.ts'
import { readUpdates } from '../../packages/postgres/src/statements/read-updates.ts'
import { requestUpdates } from '../../packages/postgres/src/statements/request-updates.ts'
import { takeReply } from '../../packages/postgres/src/statements/take-reply.ts'
import { terminate } from '../../packages/postgres/src/statements/terminate.ts'
import { tick } from '../../packages/postgres/src/statements/tick.ts'
import { type Arena, completed, event, linked, payload, transition } from '../conformance/arena.ts'
import type { Crowd } from './crowd.ts'

export type Work = (database: Database, made: Crowd, arena: Arena) => Promise<unknown>

export interface HotStatement {
  /** Of packages/postgres/src/statements. */
  readonly file: string
  /** What it does, and in which of its branches. */
  readonly what: string
  /** Rows that it may read of a table, whatever the table holds. */
  readonly rowsMax: number
  readonly work: Work
  /** It waits for the first row it locks, and passes by all others that are locked. */
  readonly waitsForOne?: boolean
}

export const coldStatements: Readonly<Record<string, string>> = {
  'ask-query.ts': 'inserts one row, and reads none',
  'create-namespace.ts': 'asked by people; one row of a small table',
  'get-namespace.ts': 'once for each process that is opened; a primary key',
  'list-namespaces.ts': 'asked by people; a small table',
  'describe-queue.ts': 'asked by people; locks nothing; its counts are bounded',
  'list-queues.ts': 'asked by people; locks nothing',
  'list-workers.ts': 'asked by people; locks nothing; a small table',
  'ping.ts': 'reads no table',
  'register-worker.ts': 'once for each start of a worker; inserts, and deletes what died a week ago',
  'set-queue-limits.ts': 'asked by people; the lock of one row of a queue (locks.test.ts)',
}

export function hotStatements(): readonly HotStatement[] {
  return [...commits(), ...calls(), ...betweenExecutions(), ...tasks(), ...reads()]
}

function commits(): readonly HotStatement[] {
  const send = (database: Database, worker: Serving, batch: Parameters<Arena['commit']>[1]) => (
    new Committer(database).commit({ incarnation: worker.incarnation, starts: batch.starts ?? [], transitions: batch.transitions ?? [] }))
  const commit = async (database: Database, worker: Serving, batch: Parameters<Arena['commit']>[1], expected = 'ok', start = 'started') => {
    const outcome = await send(database, worker, batch)
    assert.ok(outcome.type === 'committed')
    const { starts, transitions } = outcome
    assert.deepEqual([...starts.filter(one => one.type !== start), ...transitions.filter(one => one !== expected)], [])
  }
  const each = (runs: readonly RunId[], overrides: Partial<Transition>) => ({ transitions: runs.map(run => transition(run, overrides)) })
  const held = { code: 'task_failure', reason: 'broken', buildId: 'b', count: 1, spent: false } as const
  const branches: readonly (readonly [string, number, Work])[] = [
    ['one event', 5, (database, { me, runs }) => commit(database, me, each(runs.slice(0, 1), { events: [event(6)] }))],
    ['50 events', 60, (database, { me, runs }) => commit(database, me, each(runs.slice(100, 150), { events: [event(6)] }))],
    ['50 releases', 60, (database, { me, runs }) =>
      commit(database, me, each(runs.slice(200, 250), { release: { wakeAt: null, held: null } }))],
    ['20 releases of held executions', 60, (database, { me, runs }) =>
      commit(database, me, each(runs.slice(250, 270), { release: { wakeAt: 5, held } }))],
    ['50 closes', 60, (database, { me, runs }) =>
      commit(database, me, each(runs.slice(300, 350), { close: completed, events: [event(6)] }))],
    ['20 closes that find a message', 60, (database, { me, runs }) =>
      commit(database, me, each(runs.slice(-20), { close: completed }), 'unread')],
    ['20 releases that find a message', 60, (database, { me, runs }) =>
      commit(database, me, each(runs.slice(-20), { release: { wakeAt: null, held: null } }), 'kept')],
    ['20 transitions that consume their messages', 60, async (database, { me, runs }) => {
      const text = 'select m.run_id, m.id from perdure.inbox m where m.run_id = any($1::uuid[])'
      const found = await database.run<{ run_id: RunId; id: number }>({ name: '', text, writes: false }, [runs.slice(-40, -20)])
      await commit(database, me, { transitions: found.map(({ run_id, id }) => transition(run_id, { events: [event(6)], consumed: [id] })) })
    }],
    ['20 transitions of another owner', 60, async (database, { runs }, arena) => {
      const other = await arena.worker()
      await commit(database, other, each(runs.slice(350, 370), { events: [event(6)] }), 'lost')
    }],
    ['50 starts with their closes', 60, (database, { me }, arena) => {
      const starts = Array.from({ length: 50 }, () => arena.start({ owned: true, startedAt: 99_000_000 }))
      return commit(database, me, { starts, transitions: starts.map(({ runId }) => transition(runId, { close: completed })) })
    }],
    ['a start of an id that is taken', 10, (database, { me }, arena) =>
      commit(database, me, { starts: [arena.start({ workflowId: 'open-7' })] }, 'ok', 'exists')],
    ['a start that asks for closed runs', 10, (database, { me }, arena) =>
      commit(database, me, { starts: [arena.start({ reusePolicy: 'REJECT_DUPLICATE' })] })],
    ['a start that terminates the open run', 10, (database, { me }, arena) =>
      commit(database, me, { starts: [arena.start({ workflowId: 'open-3', conflictPolicy: 'TERMINATE_EXISTING' })] })],
    ['a start that is sent again with its close', 10, async (database, { me, runs }, arena) => {
      const run = runs[380] as RunId
      const outcome = await send(database, me, {
        starts: [arena.start({ owned: true, runId: run })], transitions: [transition(run, { close: completed })],
      })
      assert.deepEqual(outcome, { type: 'committed', starts: [{ type: 'exists', runId: run, status: 'COMPLETED' }], transitions: ['ok'] })
    }],
    ['task writes', 10, (database, { me, runs }, arena) => {
      const run = runs[400] as RunId
      const writes = { tasks: [arena.task(arena.start({ runId: run }), 2)], cancelTasks: [2], resetTakeovers: true }
      return commit(database, me, each([run], writes))
    }],
    ...rareBranches(commit),
  ]
  return branches.map(([what, rowsMax, work]) => ({ file: 'commit.ts', what: `a commit of ${what}`, rowsMax, work }))
}

type Commit = (database: Database, worker: Serving, batch: Parameters<Arena['commit']>[1]) => Promise<void>

/** What few batches have (decision 0005). */
function rareBranches(commit: Commit): readonly (readonly [string, number, Work])[] {
  const children = { ...completed, hasChildren: true }
  return [
    ['five closes of children', 60, (database, { me, runs }) =>
      commit(database, me, { transitions: runs.slice(442, 447).map(runId => transition(runId, { close: completed })) })],
    ['a close that ends twenty children', 60, (database, { me, runs }) =>
      commit(database, me, { transitions: [transition(runs[440] as RunId, { close: children })] })],
    ['a close with a next run', 10, (database, { me, runs }, arena) => {
      const close = { ...completed, next: arena.start({ owned: true }) }
      return commit(database, me, { transitions: [transition(runs[394] as RunId, { close })] })
    }],
    ['starts with links', 20, (database, { me, runs }, arena) => {
      const parent = { runId: runs[395] as RunId, command: 1, closePolicy: 'TERMINATE' } as const
      const messages = [{ type: 'S', data: '1', updateId: null }, { type: 'U', data: '1', updateId: 'u' }]
      const starts = [1, 2, 3].map(() => arena.start({ owned: true, link: linked({ parent, expiresAt: 99_000_000, messages }) }))
      return commit(database, me, { starts })
    }],
    ['requests to others', 20, (database, { me, runs }, arena) => {
      const answer = { done: { type: 'D', data: '' }, refused: { type: 'R', data: '' } }
      const says = (workflowId: string) => ({
        type: 'message' as const, command: 1, message: { type: 'S', data: '' }, ...answer,
        to: { namespace: arena.namespace, workflowId, runId: null, firstRunId: null },
      })
      const starts = [1, 2].map(command => ({ type: 'start' as const, command, start: arena.start({ owned: true }), ...answer }))
      const outgoing = [...starts, says('open-9'), says('open-8'), says('nobody')]
      return commit(database, me, { transitions: [transition(runs[396] as RunId, { events: [event(6)], outgoing })] })
    }],
    ['updates and new values of columns', 20, (database, { me, runs }) => {
      const updates = ['u2', 'u1', 'new'].map(updateId => ({ updateId, stage: 'completed' as const, result: payload(1), failure: null }))
      const upsert = { memo: payload({}) }
      const written = { events: [event(6)], updates, upsert }
      return commit(database, me, { transitions: runs.slice(390, 393).map(runId => transition(runId, written)) })
    }],
  ]
}

const idOf = (namespace: string, workflowId: string) => ({ namespace, workflowId, runId: null })

function calls(): readonly HotStatement[] {
  const now = 20_000_000
  return [
    { file: 'tick.ts', what: 'a tick', rowsMax: 1_600, work: (database, { me }) => tick(database, me) },
    {
      file: 'claim.ts', what: 'a claim that finds nothing due', rowsMax: 60,
      work: (database, { me }) => claim(database, { ...me, now: 9_000_000, limit: 100, suspectLimit: 1 }),
    },
    {
      file: 'claim.ts', what: 'a claim of 20', rowsMax: 120,
      work: async (database, { me }) => {
        assert.equal((await claim(database, { ...me, now, limit: 20, suspectLimit: 1 })).length, 20)
      },
    },
    {
      file: 'claim.ts', what: 'a claim of executions with messages, and of held ones', rowsMax: 120,
      work: async (database, { me }) => {
        const request = { ...me, taskQueues: ['woken'], now: 9_000_000, limit: 20, suspectLimit: 1 }
        assert.equal((await claim(database, request)).length, 10)
      },
    },
    {
      file: 'post.ts', what: 'a post by workflow id', rowsMax: 5,
      work: async (database, _made, arena) => {
        const [posted] = await post(database, [{ ...idOf(arena.namespace, 'open-4'), type: 'S', data: '1' }])
        assert.equal(posted?.type, 'posted')
      },
    },
    {
      file: 'post.ts', what: 'posts to three runs', rowsMax: 5,
      work: async (database, { runs }, arena) => {
        const text = 'select x.run_id, x.workflow_id from perdure.executions x where x.run_id = any($1::uuid[]) order by x.run_id desc'
        const found = await database.run<{ run_id: RunId; workflow_id: string }>({ name: '', text, writes: false }, [runs.slice(1, 4)])
        await post(database, found.map(({ run_id: runId, workflow_id: workflowId }) => (
          { namespace: arena.namespace, workflowId, runId, type: 'S', data: '1' })))
      },
    },
    {
      file: 'terminate.ts', what: 'a terminate', rowsMax: 5,
      work: (database, _made, arena) => terminate(database, { ...idOf(arena.namespace, 'open-5'), failure: payload('x'), at: 99_000_000 }),
    },
    {
      file: 'bury-worker.ts', what: 'a takeover', rowsMax: 10_000,
      work: async (database, made, arena) => {
        const renewedAt = await arena.renewedAt(made.me.incarnation)
        assert.equal(await takeOver(database, { incarnation: made.me.incarnation, renewedAt }, 5_000, 1), true)
      },
    },
    {
      file: 'bury-worker.ts', what: 'a worker that leaves', rowsMax: 10_000,
      work: (database, { other }) => retireWorker(database, other, 1),
    },
  ]
}

function betweenExecutions(): readonly HotStatement[] {
  return [
    {
      file: 'terminate.ts', what: 'a terminate of a parent of twenty', rowsMax: 60, waitsForOne: true,
      work: async (database, { runs }, arena) => {
        const text = 'select x.workflow_id from perdure.executions x where x.run_id = $1::uuid'
        const [found] = await database.run<{ workflow_id: string }>({ name: '', text, writes: false }, [runs[441] as RunId])
        const workflowId = found?.workflow_id ?? ''
        const outcome = await terminate(database, { ...idOf(arena.namespace, workflowId), failure: payload('x'), at: 99_000_000 })
        assert.equal(outcome.type, 'terminated')
      },
    },
    {
      file: 'request-updates.ts', what: 'requests for three updates', rowsMax: 10,
      work: async (database, _made, { namespace }) => {
        const message = { type: 'U', data: '' }
        const ask = (workflowId: string, updateId: string) => ({ ...idOf(namespace, workflowId), updateId, message })
        const outcomes = await requestUpdates(database, [ask('open-9', 'u3'), ask('open-4', 'new'), ask('open-4', 'u1')])
        assert.deepEqual(outcomes.map(({ type }) => type), ['requested', 'requested', 'requested'])
      },
    },
  ]
}

function tasks(): readonly HotStatement[] {
  const now = 20_000_000
  const ended = (runs: readonly RunId[], outcome: Parameters<typeof endTasks>[1][number]['outcome']) => (
    runs.toReversed().map(runId => ({ runId, command: 1, attempt: 1, outcome })))
  const end = (what: string, from: number, outcome: Parameters<typeof ended>[1], expected: boolean): HotStatement => ({
    file: 'end-tasks.ts', what, rowsMax: 5,
    work: async (database, { runs }) => {
      assert.deepEqual(await endTasks(database, ended(runs.slice(from, from + 3), outcome)), [expected, expected, expected])
    },
  })
  return [
    {
      file: 'claim-tasks.ts', what: 'a claim of tasks', rowsMax: 120,
      work: async (database, { me }) => {
        assert.equal((await claimTasks(database, me, now, 20)).tasks.length, 20)
      },
    },
    {
      file: 'claim-tasks.ts', what: 'a claim of tasks of a queue with limits', rowsMax: 120,
      work: async (database, { me }) => {
        assert.equal((await claimTasks(database, { ...me, taskQueues: ['limited'] }, now, 20)).tasks.length, 10)
      },
    },
    end('the ends of three tasks', 2, { type: 'post', eventType: 'E', data: '1' }, true),
    end('three retries', 6, { type: 'retry', availableAt: 1, deadlineAt: null, lastFailure: null, heartbeatDetails: null }, true),
    end('the ends of three tasks that wait', 10, { type: 'post', eventType: 'E', data: '1', onlyWaiting: true }, true),
    end('three tasks left to somebody outside', 14, { type: 'leave', deadlineAt: null, heartbeatDetails: null }, true),
    {
      file: 'end-tasks.ts', what: 'an end, a retry and a task left to somebody outside', rowsMax: 5,
      work: async (database, { runs }) => {
        const outcomes = [
          { type: 'post', eventType: 'E', data: '1' }, { type: 'leave', deadlineAt: null, heartbeatDetails: null },
          { type: 'retry', availableAt: 1, deadlineAt: null, lastFailure: null, heartbeatDetails: null },
        ] as const
        const ends = runs.slice(17, 20).toSorted().flatMap((runId, index) => (
          outcomes[index] === undefined ? [] : [{ runId, command: 1, attempt: 1, outcome: outcomes[index] }]))
        assert.deepEqual(await endTasks(database, ends), [true, true, true])
      },
    },
    {
      file: 'heartbeat-tasks.ts', what: 'three heartbeats', rowsMax: 5,
      work: async (database, { runs }) => {
        const beats = runs.slice(20, 23).map(runId => ({ runId, command: 1, attempt: 1, details: payload(1), now: 1, deadlineAt: 5 }))
        assert.deepEqual(await heartbeatTasks(database, beats), ['ok', 'ok', 'ok'])
      },
    },
    {
      file: 'cancelled-tasks.ts', what: 'the look for tasks to stop', rowsMax: 30,
      work: (database, { me }) => cancelledTasks(database, me.incarnation),
    },
    {
      file: 'expired-tasks.ts', what: 'the look for expired tasks', rowsMax: 5,
      work: (database, _made, arena) => expiredTasks(database, arena.namespace, 99, 100),
    },
    {
      file: 'read-tasks.ts', what: 'the tasks of a run', rowsMax: 5,
      work: (database, { runs }) => readTasks(database, runs[5] as RunId),
    },
  ]
}

function reads(): readonly HotStatement[] {
  const list = (what: string, rowsMax: number, request: Partial<Parameters<typeof listExecutions>[1]>): HotStatement => ({
    file: 'list-executions.ts', what, rowsMax,
    work: (database, { runs }, { namespace }) => {
      const after = request.after === undefined ? null : { startedAt: 3_000, runId: runs[7] as RunId }
      return listExecutions(database, { namespace, limit: 50, ...request, after })
    },
  })
  const of = (made: Crowd, index: number) => made.runs[index] as RunId
  const statements: readonly (readonly [file: string, what: string, rowsMax: number, work: Work])[] = [
    ['read-inbox.ts', 'reading the inbox of an owner', 1_600, (database, { me }) => readInbox(database, me.incarnation, [1, 2, 3], 100)],
    ['read-messages.ts', 'the messages of a run', 5, (database, made) => readMessages(database, of(made, 495), 100)],
    ['read-updates.ts', 'the states of two updates', 5, async (database, made) => {
      const keys = [{ runId: of(made, 5), updateId: 'u2' }, { runId: of(made, 6), updateId: 'u1' }]
      assert.equal((await readUpdates(database, keys)).length, 2)
    }],
    ['overdue-executions.ts', 'the look for executions past their timeouts', 10, async (database, _made, { namespace }) => {
      assert.equal((await overdueExecutions(database, namespace, 90_000_005, 100)).length, 5)
    }],
    ['read-history.ts', 'a page of history', 5, (database, made) => readHistory(database, of(made, 5), 0, 100)],
    ['get-execution.ts', 'an execution by workflow id', 5, (database, _made, { namespace }) =>
      getExecution(database, namespace, 'closed-7', null)],
    ['get-execution.ts', 'an execution by run', 5, (database, made, arena) => getExecution(database, arena.namespace, 'x', of(made, 6))],
    ['read-closed.ts', 'outcomes of 20 runs', 25, (database, { runs }) => readClosed(database, runs.slice(0, 20))],
    ['claim-queries.ts', 'a claim of queries that finds none', 20, (database, { other, me }) =>
      claimQueries(database, { ...me, incarnation: other, taskQueues: ['none'] }, 1, 10)],
    ['claim-queries.ts', 'a claim of queries', 20, async (database, { me }) => {
      assert.equal((await claimQueries(database, me, 1, 10)).length, 6)
    }],
    ['answer-query.ts', 'an answer', 5, (database, made) => answerQuery(database, of(made, 54), { type: 'answered', result: payload(1) })],
    ['take-reply.ts', 'taking a reply', 5, async (database, made) => {
      assert.equal((await takeReply(database, of(made, 58)))?.type, 'answered')
    }],
  ]
  return [
    ...statements.map(([file, what, rowsMax, work]) => ({ file, what, rowsMax, work })),
    list('the first page of a list', 60, {}),
    list('a later page of a list', 60, { after: { startedAt: 3_000, runId: '' as RunId } }),
    list('a list by a prefix of the workflow id', 120, { workflowIdPrefix: 'closed-59', limit: 200 }),
  ]
}
