/**
 * Workers behind PgBouncer in transaction mode: there is no process lock, their leases alone tell who lives. One is killed,
 * one is frozen for longer than its lease and goes on, and the pooler itself goes away for longer than a lease.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { asRunId } from '@perdure/engine'
import type { EventRecord } from '@perdure/engine'
import { Engine, type WorkflowHandle } from 'perdure'
import { Client } from 'pg'
import { skipWithoutPgBouncer, startPgBouncer, type PgBouncer } from '../support/pgbouncer.ts'
import { openTestServer } from '../support/postgres-cluster.ts'
import type { StepLine } from './activities.ts'
import { checkPrefix, checkSteps } from './checks.ts'
import { WorkerChild } from './worker-child.ts'
import { tenSteps, type TenSteps } from './workflows.ts'

const leaseMs = 5_000
const tickMs = 1_000
const hungAfterMs = 90_000
const options = { timeout: hungAfterMs, ...skipWithoutPgBouncer() }

interface Home {
  readonly bouncer: PgBouncer
  /** To the server itself. */
  readonly admin: Client
  readonly producer: Engine
  /** Starts a worker process and waits until it serves. */
  addWorker(tickMs?: number): Promise<WorkerChild>
  lines(): readonly StepLine[]
}

async function openHome(t: TestContext): Promise<Home> {
  const ends: (() => Promise<unknown> | void)[] = []
  t.after(async () => {
    for (const end of ends.reverse()) await end()
  })
  const folder = mkdtempSync(join(tmpdir(), 'perdure-pooler-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  const server = await openTestServer()
  ends.push(() => server.stop())
  const direct = await server.createDatabase('pooler')
  const bouncer = await startPgBouncer(direct)
  ends.push(() => bouncer.stop())
  const database = bouncer.through(direct)
  const admin = new Client({ connectionString: direct })
  await admin.connect()
  ends.push(() => admin.end())
  const producer = await Engine.open({ database, worker: false })
  ends.push(() => producer.stop())
  const workers: WorkerChild[] = []
  ends.push(() => Promise.all(workers.map((worker) => worker.kill())))
  const logFile = join(folder, 'steps.log')
  return {
    bouncer, admin, producer,
    addWorker: async (tickMs) => {
      const worker = new WorkerChild(database, logFile, { tickMs })
      workers.push(worker)
      await worker.ready
      return worker
    },
    lines: () => {
      if (!existsSync(logFile)) return []
      return readFileSync(logFile, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as StepLine)
    },
  }
}

interface WorkerState {
  readonly incarnation: number
  readonly alive: boolean
  readonly renewed_at: number
  readonly now: number
}

/** All incarnations, the oldest first, by the clock of the server. */
async function workerStates(admin: Client): Promise<readonly WorkerState[]> {
  const { rows } = await admin.query<WorkerState>(`select incarnation::int, alive, renewed_at::float8, perdure.clock_ms()::float8 as now
    from perdure.workers order by incarnation`)
  return rows
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await pause(5)
  }
}

const startMany = (producer: Engine, count: number): Promise<WorkflowHandle[]> => Promise.all(
  Array.from({ length: count }, (_, index) => producer.workflows.start(tenSteps, { workflowId: `order-${index}` })))

type Histories = ReadonlyMap<string, readonly EventRecord[]>

async function readHistories(admin: Client): Promise<Histories> {
  const { rows } = await admin.query<EventRecord & { readonly run_id: string }>(
    'select run_id, seq::int, type, at::float8, data from perdure.history order by run_id, seq')
  return Map.groupBy(rows, (row) => row.run_id)
}

async function checkRuns(home: Home, handles: readonly WorkflowHandle[], before: Histories): Promise<void> {
  const results = await Promise.all(handles.map((handle) => handle.result() as Promise<TenSteps>))
  const after = await readHistories(home.admin)
  for (const [index, { runId }] of handles.entries()) {
    const result = results[index]
    assert.ok(result !== undefined)
    checkSteps(result, home.lines().filter((line) => line.runId === runId))
    checkPrefix(before.get(asRunId(runId)) ?? [], after.get(asRunId(runId)) ?? [])
  }
}

/** Two workers amid their work; the first is the one that began it. */
async function atWork(home: Home): Promise<{ readonly victim: WorkerChild; readonly handles: readonly WorkflowHandle[] }> {
  const workers = await Promise.all([home.addWorker(), home.addWorker()])
  const handles = await startMany(home.producer, 20)
  const victim = await until(() => {
    const [line, ...others] = home.lines()
    return others.length >= 10 ? workers.find((worker) => worker.pid === line?.pid) : undefined
  })
  return { victim, handles }
}

/** The run has shown what it is for. */
function checkMoved(home: Home, victim: WorkerChild): void {
  const runs = [...Map.groupBy(home.lines(), (line) => line.runId).values()]
  assert.ok(runs.some((lines) => lines[0]?.pid === victim.pid && lines.at(-1)?.pid !== victim.pid), 'nothing was taken over')
}

test('behind a pooler a killed worker is taken over when its lease has ended, not before, and nothing is lost', options, async (t) => {
  const home = await openHome(t)
  const { victim, handles } = await atWork(home)
  const before = await readHistories(home.admin)
  await victim.kill()
  const dead = await until(async () => (await workerStates(home.admin)).find((worker) => !worker.alive))
  t.diagnostic(`taken over ${dead.now - dead.renewed_at} ms after its last renewal`)
  assert.ok(dead.now > dead.renewed_at + leaseMs, 'taken over before its lease had ended')
  await checkRuns(home, handles, before)
  checkMoved(home, victim)
  assert.equal((await workerStates(home.admin)).length, 2, 'the other worker lived on')
})

test('behind a pooler a worker that was frozen for longer than its lease writes nothing when it goes on', options, async (t) => {
  const home = await openHome(t)
  const { victim, handles } = await atWork(home)
  victim.freeze()
  const before = await readHistories(home.admin)
  await checkRuns(home, handles, before)
  checkMoved(home, victim)
  const [histories, executions] = [await readHistories(home.admin), await readExecutions(home.admin)]
  victim.thaw()
  // It learns that it was buried, and starts over.
  await until(async () => ((await workerStates(home.admin)).length === 3 ? true : undefined))
  assert.equal((await workerStates(home.admin)).filter((worker) => !worker.alive).length, 1, 'it was buried, and the other lived on')
  assert.deepEqual(await readHistories(home.admin), histories)
  assert.deepEqual(await readExecutions(home.admin), executions)
})

test('idle workers whose pooler was away for longer than their leases live on, and work', options, async (t) => {
  const home = await openHome(t)
  const everyone = (holds: (worker: WorkerState) => boolean) =>
    until(async () => ((await workerStates(home.admin)).every(holds) ? true : undefined))
  // As in production: who looks twice gives the other a second to come back.
  await Promise.all([home.addWorker(tickMs), home.addWorker(tickMs)])
  await home.bouncer.kill9()
  await everyone((worker) => worker.now > worker.renewed_at + leaseMs)
  await home.bouncer.start()
  const { now } = (await workerStates(home.admin))[0] ?? assert.fail('no worker')
  await everyone((worker) => worker.renewed_at > now + 3 * tickMs)
  assert.deepEqual((await workerStates(home.admin)).map((worker) => worker.alive), [true, true])
  await checkRuns(home, await startMany(home.producer, 5), new Map())
})

async function readExecutions(admin: Client): Promise<readonly unknown[]> {
  return (await admin.query('select * from perdure.executions order by run_id')).rows
}
