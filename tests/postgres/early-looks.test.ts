/**
 * A sender asks whether its message wakes the execution while it locks the row (packages/postgres/src/waking.ts), in a statement that
 * may have begun long before. PostgreSQL shows it the row as it was then, unless whoever changed it had locked it FOR UPDATE: what a
 * release or a claim does must not be missed.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Serving, StartRecord } from '@perdure/engine'
import type { Client } from 'pg'
import { wakes } from '../../packages/postgres/src/waking.ts'
import { payload } from '../conformance/arena.ts'
import { openStage, type Stage, uniqueName, untilWaiting } from './stage.ts'

const gate = 4_712
let stage: Stage
let [gatekeeper, sender]: Client[] = []
before(async () => {
  stage = await openStage('early_looks')
  ;[gatekeeper, sender] = [await stage.connect('gatekeeper'), await stage.connect('early sender')]
})
after(() => stage.dispose())
afterEach(() => gatekeeper?.query('select pg_advisory_unlock_all()'))

async function owned(): Promise<{ readonly worker: Serving; readonly start: StartRecord }> {
  const taskQueue = uniqueName('q')
  const worker = await stage.arena.worker({ taskQueues: [taskQueue] })
  return { worker, start: await stage.arena.started(worker, { taskQueue }) }
}

/** Looks, waits while the rest is done, and locks. */
async function isWaking({ runId }: StartRecord, between: () => Promise<void>): Promise<boolean | undefined> {
  await gatekeeper?.query('select pg_advisory_lock($1)', [gate])
  const looked = sender?.query<{ wakes: boolean }>(`
    select x.wakes from (select pg_advisory_xact_lock_shared(${gate})) s cross join lateral (
      select ${wakes('x', '\'WorkflowSignaled\'')} as wakes from perdure.executions x where x.run_id = $1
      order by x.run_id for key share skip locked) x`, [runId])
  await untilWaiting(stage.admin, 'early sender')
  await between()
  await gatekeeper?.query('select pg_advisory_unlock($1)', [gate])
  return (await looked)?.rows[0]?.wakes
}

const release = (wakeAt: number | null) => ({ release: { wakeAt, held: null } })

test('an execution that was released meanwhile is woken', async () => {
  const { worker, start } = await owned()
  assert.equal(await isWaking(start, async () => {
    assert.equal(await stage.arena.transit(worker, start.runId, release(null)), 'ok')
  }), true)
})

test('so is one to which something was written before the release, under a lesser lock', async () => {
  const { worker, start } = await owned()
  assert.equal(await isWaking(start, async () => {
    assert.equal(await stage.arena.transit(worker, start.runId, { upsert: { details: payload('x') } }), 'ok')
    assert.equal(await stage.arena.transit(worker, start.runId, release(null)), 'ok')
  }), true)
})

test('one that was claimed meanwhile is not: its owner reads its inbox', async () => {
  const { worker, start } = await owned()
  assert.equal(await stage.arena.transit(worker, start.runId, release(1)), 'ok')
  assert.equal(await isWaking(start, async () => {
    assert.equal((await stage.arena.claim(worker)).length, 1)
  }), false)
})
