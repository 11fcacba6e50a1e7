/** Workflows that are started and signalled from SQL, in transactions of their callers: from psql and from node-postgres. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import { idBytesMax, idCharactersMax, payloadBytesMax } from '@perdure/engine'
import type { Client, DatabaseError } from 'pg'
import { Engine, type PerdureError } from 'perdure'
import { CancellationScope, condition, defineSignal, executeChild, proxyActivities, setHandler } from 'perdure/workflow'
import { findBinaries, isExecutable } from '../support/postgres-cluster.ts'
import { openStage, type Stage, uniqueName, untilTrue, untilWaiting } from './stage.ts'

const told = defineSignal<unknown[]>('told')
const { gated } = proxyActivities<{ gated(): Promise<string> }>({ startToCloseTimeout: '1 minute' })

async function echo(...args: unknown[]): Promise<unknown> {
  return args
}

async function listening(): Promise<unknown> {
  let heard: unknown
  setHandler(told, (...args: unknown[]) => { heard = args })
  await condition(() => heard !== undefined)
  return heard
}

async function gate(): Promise<unknown> {
  const heard: unknown[] = []
  setHandler(told, (...args: unknown[]) => { heard.push(...args) })
  return [await gated(), heard]
}

async function cancelsChild(workflowId: string): Promise<unknown> {
  const scope = new CancellationScope()
  setHandler(told, () => scope.cancel())
  return await scope.run(() => executeChild(listening, { workflowId, cancellationType: 'WAIT_CANCELLATION_COMPLETED' }))
}

let stage: Stage
let engine: Engine
let gates: PromiseWithResolvers<string>[] = []
before(async () => {
  stage = await openStage('callers')
  engine = await Engine.open({ database: stage.connectionString, logger: silent })
  engine.workflows.register({ echo, listening, gate, cancelsChild })
  engine.activities.register({
    gated: () => {
      const opened = Promise.withResolvers<string>()
      gates.push(opened)
      return opened.promise
    },
  })
  await engine.start()
})
after(async () => {
  await engine.stop()
  await stage.dispose()
})

const silent = { trace: () => undefined, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

interface Started {
  readonly workflow_id: string
  readonly run_id: string
  readonly started: boolean
}

async function start(client: Client, parameters: string, values: readonly unknown[] = []): Promise<Started> {
  const { rows } = await client.query<Started>(`select * from perdure.start_workflow(${parameters})`, [...values])
  const [row] = rows
  assert.ok(row !== undefined && rows.length === 1)
  return row
}

async function refusalOf(work: Promise<unknown>): Promise<{ code: string; state: string | undefined; error: DatabaseError }> {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown as DatabaseError)
  assert.ok(error !== undefined, 'it was not refused')
  return { code: error.detail?.split(' ')[0] ?? '', state: error.code, error }
}

async function isKnown(workflowId: string): Promise<boolean> {
  return (await stage.store.getExecution('default', workflowId, null)) !== undefined
}

describe('a start in the caller\'s transaction', () => {
  test('is there when it commits and a worker runs it; rolled back, nothing was started', async () => {
    const client = await stage.connect()
    await client.query('create table orders (id text primary key)')
    for (const [id, end] of [['kept', 'commit'], ['dropped', 'rollback']] as const) {
      await client.query('begin')
      await client.query('insert into orders values ($1)', [id])
      assert.deepEqual((await start(client, `'echo', input => $1, workflow_id => $2`, [JSON.stringify([{ id }, 7]), id])).started, true)
      assert.equal(await isKnown(id), false, 'nobody sees it before the commit')
      await client.query(end)
    }
    assert.deepEqual(await engine.workflows.getHandle('kept').result(), [{ id: 'kept' }, 7])
    assert.equal(await isKnown('dropped'), false)
    assert.deepEqual((await client.query('select id from orders')).rows, [{ id: 'kept' }])
  })

  test('without an id gets its run id, a UUID of version 7 that has the time of the start', async () => {
    const before = Date.now()
    const { workflow_id: workflowId, run_id: runId } = await start(stage.admin, `'echo'`)
    assert.equal(workflowId, runId)
    assert.match(runId, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const at = Number.parseInt(runId.replaceAll('-', '').slice(0, 12), 16)
    assert.ok(at >= before - 1_000 && at <= Date.now() + 1_000)
    assert.deepEqual(await engine.workflows.getHandle(workflowId).result(), [])
    const { rows } = await stage.admin.query('select count(distinct s.run_id)::int as runs from generate_series(1, 100) n, '
      + `lateral perdure.start_workflow('echo', jsonb_build_array(n)) s`)
    assert.deepEqual(rows, [{ runs: 100 }])
  })

  test('keeps its queue, priority, memo and attributes, and waits for its delay', async () => {
    const id = uniqueName('delayed')
    await start(stage.admin, `'echo', workflow_id => $1, task_queue => 'nobody', priority => 5, memo => '{"who": "ann"}',
      search_attributes => '{"n": [1], "none": []}', start_delay => '2 hours'`, [id])
    const described = await engine.workflows.getHandle(id).describe()
    assert.deepEqual([described.taskQueue, described.memo, described.status], ['nobody', { who: 'ann' }, 'RUNNING'])
    const record = await stage.store.getExecution('default', id, null)
    assert.ok(record !== undefined)
    assert.deepEqual([record.priority, record.searchAttributes, (record.wakeAt ?? 0) - record.startedAt], [5, '{"n": [1]}', 7_200_000])
  })

  test('is found by policy as a client would find it', async () => {
    const id = uniqueName('policy')
    const first = await start(stage.admin, `'listening', workflow_id => $1`, [id])
    const running = await refusalOf(start(stage.admin, `'listening', workflow_id => $1`, [id]))
    assert.deepEqual([running.code, running.state], ['WORKFLOW_ALREADY_STARTED', 'PD006'])
    assert.ok(running.error.detail?.endsWith(` run ${first.run_id}`))
    assert.deepEqual(await start(stage.admin, `'listening', workflow_id => $1, id_conflict_policy => 'USE_EXISTING'`, [id]),
      { workflow_id: id, run_id: first.run_id, started: false })
    await stage.admin.query(`select perdure.signal_workflow($1, 'told', '[1]')`, [id])
    assert.deepEqual(await engine.workflows.getHandle(id).result(), [1])
    for (const policy of ['REJECT_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY']) {
      const used = await refusalOf(start(stage.admin, `'echo', workflow_id => $1, id_reuse_policy => $2`, [id, policy]))
      assert.deepEqual([used.code, used.error.message.includes('(COMPLETED)')], ['WORKFLOW_ALREADY_STARTED', true])
    }
    assert.equal((await start(stage.admin, `'echo', workflow_id => $1`, [id])).started, true)
  })
})

describe('a signal in the caller\'s transaction', () => {
  test('is heard when it commits, and not when it is rolled back', async () => {
    const id = uniqueName('signalled')
    const { run_id: runId } = await start(stage.admin, `'listening', workflow_id => $1`, [id])
    const client = await stage.connect()
    for (const [value, end] of [[1, 'rollback'], [2, 'commit']] as const) {
      await client.query('begin')
      const { rows } = await client.query(`select perdure.signal_workflow($1, 'told', input => jsonb_build_array($2::int, 'more')) as run`,
        [id, value])
      assert.deepEqual(rows, [{ run: runId }])
      await client.query(end)
    }
    assert.deepEqual(await engine.workflows.getHandle(id).result(), [2, 'more'])
    const heard = (await engine.workflows.history(id)).filter((event) => event.eventType === 'WorkflowExecutionSignaled')
    assert.match(JSON.stringify(heard), /^[^]*"identity":"sql postgres"[^]*$/)
  })

  test('reaches an execution that the same transaction starts', async () => {
    const client = await stage.connect()
    await client.query('begin')
    const { workflow_id: id } = await start(client, `'listening'`)
    await client.query(`select perdure.signal_workflow($1, 'told', '["early"]', identity => 'shop')`, [id])
    await client.query('commit')
    assert.deepEqual(await engine.workflows.getHandle(id).result(), ['early'])
  })

  test('finds its execution by workflow id, by run id, and by both', async () => {
    for (const parameters of ['$1', '$2', '$1, run_id => $2::uuid']) {
      const { workflow_id: id, run_id: runId } = await start(stage.admin, `'listening', workflow_id => $1`, [uniqueName('found')])
      const named = parameters.replace('$1', `'${id}'`).replace('$2', `'${runId}'`).replace(',', `, 'told', '[3]',`)
      await stage.admin.query(`select perdure.signal_workflow(${named.includes('told') ? named : `${named}, 'told', '[3]'`})`)
      assert.deepEqual(await engine.workflows.getHandle(id).result(), [3])
    }
  })

  test('to an unknown or a closed execution is refused, and says which', async () => {
    const { workflow_id: id, run_id: runId } = await start(stage.admin, `'echo', workflow_id => $1`, [uniqueName('closed')])
    await engine.workflows.getHandle(id).result()
    const signal = (parameters: string, values: readonly unknown[] = []): Promise<unknown> =>
      stage.admin.query(`select perdure.signal_workflow(${parameters})`, [...values])
    const closed = await refusalOf(signal(`$1, 'told'`, [id]))
    assert.deepEqual([closed.code, closed.state], ['WORKFLOW_NOT_FOUND', 'PD007'])
    assert.equal(closed.error.message,
      `Workflow execution already completed: '${id}' (run ${runId}) is closed (COMPLETED) and cannot get the signal 'told'`)
    for (const parameters of [`'nobody', 'told'`, `gen_random_uuid()::text, 'told'`, `'${id}', 'told', run_id => gen_random_uuid()`]) {
      const unknown = await refusalOf(signal(parameters))
      assert.deepEqual([unknown.code, unknown.state], ['WORKFLOW_NOT_FOUND', 'PD007'])
      assert.match(unknown.error.message, /there is no '.*' in namespace 'default'$|there is no '.*' with run .* in namespace 'default'$/)
    }
  })
})

const long = (characters: number): string => 'x'.repeat(characters)
/** Quotes, commas and brackets included, as many bytes as may be. */
const payload = (bytes: number): string => JSON.stringify([long(bytes - 4)])

const refused: readonly (readonly [what: string, call: string, values: readonly unknown[], state: string, options?: object])[] = [
  ['an empty workflow id', `start_workflow('echo', workflow_id => '')`, [], 'PD002', { workflowId: '' }],
  ['a long workflow id', `start_workflow('echo', workflow_id => $1)`, [long(idCharactersMax + 1)], 'PD002',
    { workflowId: long(idCharactersMax + 1) }],
  ['a workflow id of characters that count twice', `start_workflow('echo', workflow_id => $1)`, ['😀'.repeat(idCharactersMax / 2 + 1)],
    'PD002', { workflowId: '😀'.repeat(idCharactersMax / 2 + 1) }],
  ['a workflow id of too many bytes', `start_workflow('echo', workflow_id => $1)`, ['漢'.repeat(idBytesMax / 3 + 1)],
    'PD002', { workflowId: '漢'.repeat(idBytesMax / 3 + 1) }],
  ['an empty task queue', `start_workflow('echo', task_queue => '')`, [], 'PD002', { taskQueue: '' }],
  ['no task queue', `start_workflow('echo', task_queue => null)`, [], 'PD002'],
  ['no workflow type', `start_workflow(null)`, [], 'PD002'],
  ['an unknown namespace', `start_workflow('echo', namespace => 'nowhere')`, [], 'PD005'],
  ['an argument that is no array', `start_workflow('echo', '{"a": 1}')`, [], 'PD001', { args: { a: 1 } }],
  ['no input', `start_workflow('echo', null)`, [], 'PD001'],
  ['a large input', `start_workflow('echo', $1::jsonb)`, [payload(payloadBytesMax + 1)], 'PD004',
    { args: JSON.parse(payload(payloadBytesMax + 1)) as unknown }],
  ['a memo that is no object', `start_workflow('echo', memo => '[1]')`, [], 'PD001', { memo: [1] }],
  ['search attributes that are no object', `start_workflow('echo', search_attributes => '1')`, [], 'PD009', { searchAttributes: 1 }],
  ['a search attribute that is no list', `start_workflow('echo', search_attributes => '{"Region": "eu"}')`, [], 'PD009',
    { searchAttributes: { Region: 'eu' } }],
  ['a search attribute with an object in it', `start_workflow('echo', search_attributes => '{"Region": [{}]}')`, [], 'PD009',
    { searchAttributes: { Region: [{}] } }],
  ['an unknown reuse policy', `start_workflow('echo', id_reuse_policy => 'NEVER')`, [], 'PD001', { workflowIdReusePolicy: 'NEVER' }],
  ['an unknown conflict policy', `start_workflow('echo', id_conflict_policy => 'x')`, [], 'PD001', { workflowIdConflictPolicy: 'x' }],
  ['a termination', `start_workflow('echo', id_conflict_policy => 'TERMINATE_EXISTING')`, [], 'PD001'],
  ['a priority of 6', `start_workflow('echo', priority => 6)`, [], 'PD001', { priority: 6 }],
  ['a negative delay', `start_workflow('echo', start_delay => '-1 second')`, [], 'PD008', { startDelay: -1_000 }],
  ['a delay without end', `start_workflow('echo', start_delay => '200000 years')`, [], 'PD008'],
  ['a reserved signal', `signal_workflow('w', '__perdure_x')`, [], 'PD003'],
  ['a signal without a name', `signal_workflow('w', '')`, [], 'PD002'],
  ['a large signal', `signal_workflow('w', 's', $1::jsonb)`, [payload(payloadBytesMax + 1)], 'PD004'],
  ['a signal in an unknown namespace', `signal_workflow('w', 's', namespace => 'nowhere')`, [], 'PD005'],
]

describe('what is refused', () => {
  for (const [what, call, values, state, options] of refused) {
    test(`${what}: with a code, a hint, and as the client refuses it`, async () => {
      const refusal = await refusalOf(stage.admin.query(`select perdure.${call}`, [...values]))
      assert.deepEqual([refusal.state, refusal.error.hint === undefined], [state, false], refusal.error.message)
      if (options === undefined) return
      const client = await engine.workflows.start('echo', options).then(() => undefined, (error: unknown) => error as PerdureError)
      assert.equal(refusal.code, client?.code)
    })
  }

  test('what is just within the limits is not', async () => {
    await start(stage.admin, `'echo', $1::jsonb, workflow_id => $2`, [payload(payloadBytesMax), long(idCharactersMax)])
    await start(stage.admin, `'echo', workflow_id => $1`, ['😀'.repeat(idCharactersMax / 2)])
    assert.equal(((await engine.workflows.getHandle(long(idCharactersMax)).result()) as string[])[0]?.length, payloadBytesMax - 4)
  })

  test('calls of a role that was not granted them; granted, it needs no right on a table', async () => {
    const role = `perdure_caller_${process.pid}`
    const guest = await stage.connect()
    await guest.query(`create role ${role}; grant usage on schema perdure to ${role}; set role ${role}`)
    try {
      const call = `select * from perdure.start_workflow('echo')`
      assert.equal((await refusalOf(guest.query(call))).state, '42501')
      await stage.admin.query(`grant execute on function perdure.start_workflow, perdure.signal_workflow to ${role}`)
      const { rows } = await guest.query<Started>(call)
      assert.equal((await refusalOf(guest.query('select 1 from perdure.executions'))).state, '42501')
      assert.deepEqual(await engine.workflows.getHandle(rows[0]?.workflow_id ?? '').result(), [])
    } finally {
      await guest.query('reset role')
      await stage.admin.query(`drop owned by ${role}; drop role ${role}`)
    }
  })
})

describe('a transaction that stays open', () => {
  test('and has signalled an execution keeps that one from closing, and no other; the signal comes before the close', async () => {
    gates = []
    for (const [end, heard] of [['commit', ['in time']], ['rollback', []]] as const) {
      const { workflow_id: id, run_id: runId } = await start(stage.admin, `'gate'`)
      await until(() => gates.length > 0)
      const caller = await stage.connect()
      await caller.query('begin')
      await caller.query(`select perdure.signal_workflow($1, 'told', '["in time"]')`, [id])
      const opened = gates.shift()
      opened?.resolve('opened')
      const others = await Promise.all(Array.from({ length: 50 }, () => engine.workflows.execute(echo, { args: ['other'] })))
      assert.equal(others.length, 50)
      assert.equal((await stage.store.getExecution('default', id, null))?.status, 'RUNNING')
      await caller.query(end)
      assert.deepEqual(await engine.workflows.getHandle(id, runId).result(), ['opened', heard])
    }
  })

  test('and has started a workflow id makes others wait for that id as long as they say, and no longer', async () => {
    const id = uniqueName('wanted')
    const [first, second] = [await stage.connect('first'), await stage.connect('second')]
    for (const [end, expected] of [['commit', false], ['rollback', true]] as const) {
      const wanted = `${id} ${end}`
      await first.query('begin')
      await start(first, `'listening', workflow_id => $1`, [wanted])
      await second.query(`set lock_timeout = '50ms'`)
      const busy = await refusalOf(start(second, `'echo', workflow_id => $1`, [wanted]))
      assert.equal(busy.state, '55P03')
      await second.query('reset lock_timeout')
      const waits = start(second, `'echo', workflow_id => $1, id_conflict_policy => 'USE_EXISTING'`, [wanted])
      await untilWaiting(stage.admin, 'second')
      assert.deepEqual(await engine.workflows.execute(echo, { args: ['meanwhile'] }), ['meanwhile'])
      await first.query(end)
      assert.equal((await waits).started, expected)
      assert.deepEqual((await second.query('show lock_timeout')).rows, [{ lock_timeout: '0' }])
    }
  })

  test('and has started a workflow id lets no cancellation overtake the start of a child with that id', async () => {
    for (const end of ['rollback', 'commit'] as const) {
      const id = uniqueName('child')
      const caller = await stage.connect()
      await caller.query('begin')
      await start(caller, `'listening', workflow_id => $1`, [id])
      const parent = await engine.workflows.start(cancelsChild, { args: [id] })
      await parent.signal(told)
      await until(async () => (await parent.history()).some(({ eventType }) => eventType === 'WorkflowExecutionSignaled'))
      await caller.query(end)
      await assert.rejects(parent.result())
      const { status } = await engine.workflows.describe(id)
      assert.equal(status, end === 'rollback' ? 'CANCELLED' : 'RUNNING', 'the cancellation was for the child alone')
    }
  })

  test('may be serializable', async () => {
    const client = await stage.connect()
    await client.query('begin isolation level serializable')
    const { workflow_id: id } = await start(client, `'listening'`)
    await client.query(`select perdure.signal_workflow($1, 'told', '[5]')`, [id])
    await client.query('commit')
    assert.deepEqual(await engine.workflows.getHandle(id).result(), [5])
  })
})

describe('hints', () => {
  async function hintsOf(t: TestContext, work: (client: Client) => Promise<unknown>, schema = 'perdure'): Promise<string[]> {
    const [listener, client] = [await stage.connect(), await stage.connect()]
    const heard: string[] = []
    listener.on('notification', ({ payload: topic = '', processId }) => {
      if (processId === (client as Client & { processID: number }).processID) heard.push(topic)
    })
    await listener.query(`listen "${schema.replaceAll('"', '""')}"`)
    t.after(() => listener.query('unlisten *'))
    await work(client)
    await listener.query('select 1') // what was sent before comes before its answer
    return heard
  }

  test('go out with the commit if they are asked for, and not otherwise', async (t) => {
    assert.deepEqual(await hintsOf(t, (client) => start(client, `'echo'`)), [])
    assert.deepEqual(await hintsOf(t, (client) => start(client, `'echo', notify => true`)), ['queue'])
    assert.deepEqual(await hintsOf(t, async (client) => {
      const { workflow_id: id } = await start(client, `'listening'`)
      await client.query(`select perdure.signal_workflow($1, 'told', '[1]', notify => true)`, [id])
      await client.query('select perdure.notify_workers()')
    }), ['queue', 'queue'])
  })

  test('and everything else are of the schema that was named', async (t) => {
    const schema = 'other "one"'
    const store = await stage.another(schema)
    const call = `select * from "other ""one""".start_workflow('echo', workflow_id => 'there', notify => true)`
    assert.deepEqual(await hintsOf(t, (client) => client.query(call), schema), ['queue'])
    assert.equal((await store.getExecution('default', 'there', null))?.status, 'RUNNING')
    assert.equal(await isKnown('there'), false)
  })
})

describe('psql', () => {
  const psql = join(findBinaries(), 'psql')
  const skip = isExecutable(psql) ? false : 'there is no psql next to the server'
  const run = (script: string): string[] => {
    const ran = spawnSync(psql, ['-X', '-A', '-t', '-q', '-d', stage.connectionString], { input: script, encoding: 'utf8' })
    assert.equal(ran.error, undefined)
    return [...ran.stdout.trim().split('\n'), ...ran.stderr.trim().split('\n')].filter((line) => line !== '')
  }

  test('starts and signals in its transactions', { skip }, async () => {
    const lines = run(`begin;
      select started from perdure.start_workflow('echo', '["psql"]', workflow_id => 'from-psql');
      rollback;
      begin;
      select workflow_id, started from perdure.start_workflow('listening', workflow_id => 'from-psql');
      select perdure.signal_workflow('from-psql', 'told', '["psql", {"n": 1}]') is not null;
      commit;`)
    assert.deepEqual(lines, ['t', 'from-psql|t', 't'])
    assert.deepEqual(await engine.workflows.getHandle('from-psql').result(), ['psql', { n: 1 }])
  })

  test('shows what is wrong and what to do', { skip }, () => {
    const lines = run(`select perdure.start_workflow('echo', '{"order": 7}');`)
    assert.match(lines[0] ?? '', /^ERROR: {2}The input of workflow 'echo' is a JSON object$/)
    assert.match(lines.join('\n'), /DETAIL: {2}OPTIONS_INVALID\nHINT: {2}Pass a JSON array of arguments, such as '\[\{"order": 7\}\]'/)
  })
})

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await untilTrue(stage.admin, 'select true as yes')
}
