/** What a database or a user makes the default of its sessions does not change what our transactions see. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createPostgresStore } from '@perdure/postgres'
import type { Client } from 'pg'
import { Arena, completed, event } from '../conformance/arena.ts'
import { openStage, type Stage, untilWaiting } from './stage.ts'

let stage: Stage
let holder: Client

before(async () => {
  stage = await openStage('session_defaults')
  holder = await stage.connect('holder')
  await stage.admin.query(`do $$ begin
    execute format('alter database %I set default_transaction_isolation = %L', current_database(), 'repeatable read');
  end $$`)
})
after(() => stage.dispose())

describe('where transactions are repeatable read by default', () => {
  const ways = [
    { name: 'a connection', pooler: 'none', waits: 'perdure commit' },
    { name: 'a connection behind a pooler', pooler: 'transaction', waits: 'perdure' },
  ] as const
  for (const { name, pooler, waits } of ways) {
    test(`a message that is acknowledged while a close waits for its fence is not lost: ${name}`, async () => {
      const store = createPostgresStore({ connectionString: stage.connectionString, pooler })
      const unused = async () => {}
      try {
        await store.open()
        const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
        const worker = await arena.worker()
        const { namespace, workflowId, runId } = await arena.started(worker)
        await holder.query('begin')
        await holder.query('select 1 from perdure.workers where incarnation = $1 for update', [worker.incarnation])
        const closing = arena.transit(worker, runId, { events: [event(1)], close: completed })
        await untilWaiting(stage.admin, waits)
        const [posted] = await stage.store.post([{ namespace, workflowId, runId, type: 'WorkflowExecutionSignaled', data: '"kept"' }])
        assert.equal(posted?.type, 'posted')
        await holder.query('rollback')
        assert.equal(await closing, 'unread')
      } finally {
        await store.close()
      }
    })
  }
})
