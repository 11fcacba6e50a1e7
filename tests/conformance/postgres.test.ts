import { createPostgresStore } from '@perdure/postgres'
import { Client } from 'pg'
import { openTestServer } from '../support/postgres-cluster.ts'
import { makeStrict } from '../support/strict-schema.ts'
import { storeConformance } from './store-conformance.ts'

storeConformance('postgres', async () => {
  const server = await openTestServer()
  const connectionString = await server.createDatabase('conformance')
  const store = createPostgresStore({ connectionString })
  await store.open()
  await makeStrict(connectionString)
  const admin = new Client({ connectionString })
  await admin.connect()
  const hold = async (runId: string, lock: string) => {
    const holder = new Client({ connectionString })
    await holder.connect()
    await holder.query('begin')
    const { rowCount } = await holder.query(`select 1 from perdure.executions where run_id = $1 for ${lock}`, [runId])
    if (rowCount !== 1) throw new Error(`no row of run ${runId} to hold`)
    return async () => {
      await holder.query('rollback')
      await holder.end()
    }
  }
  let other: ReturnType<typeof createPostgresStore> | undefined
  return {
    store,
    second: async () => {
      if (other !== undefined) return other
      other = createPostgresStore({ connectionString })
      await other.open()
      return other
    },
    async ageWorker(serving, ms) {
      const aged = 'perdure.clock_ms() - $2::bigint'
      const text = `update perdure.workers set renewed_at = ${aged}, ticked_at = ${aged} where incarnation = $1`
      await admin.query(text, [serving.incarnation, ms])
    },
    async ageQueue(namespace, taskQueue, ms) {
      const text = 'update perdure.queues set counted_at = counted_at - $3 where namespace = $1 and name = $2'
      await admin.query(text, [namespace, taskQueue, ms])
    },
    holdRow: runId => hold(runId, 'update'),
    shareRow: runId => hold(runId, 'key share'),
    dispose: async () => {
      await Promise.all([store.close(), other?.close(), admin.end()])
      await server.stop()
    },
  }
})
