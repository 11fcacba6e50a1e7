/** Counts what Perdure's tables hold, past the engine: through a connection of its own. */
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { Counts, Target } from '../engine-adapter.ts'

interface RowCounter {
  count(): Promise<Counts>
  close(): Promise<void>
}

const completed = "status = 'COMPLETED'"
const stepEnded = "type = 'ActivityTaskCompleted'"

export function openRowCounter({ store, database }: Target): Promise<RowCounter> {
  return store === 'postgres' ? openPostgres(database) : Promise.resolve(openSqlite(database))
}

async function openPostgres(connectionString: string): Promise<RowCounter> {
  const client = new Client({ connectionString })
  await client.connect()
  return {
    count: async () => {
      const counted = await client.query<Counts>(`
        select (select count(*)::int from perdure.executions where ${completed}) as workflows,
               (select count(*)::int from perdure.history where ${stepEnded}) as steps`)
      return counted.rows[0] ?? { workflows: 0, steps: 0 }
    },
    close: () => client.end(),
  }
}

function openSqlite(path: string): RowCounter {
  const database = new DatabaseSync(path, { readOnly: true })
  return {
    count: () => {
      const counted = database.prepare(`
        select (select count(*) from executions where ${completed}) as workflows,
               (select count(*) from history where ${stepEnded}) as steps`).get()
      return Promise.resolve({ workflows: Number(counted?.['workflows']), steps: Number(counted?.['steps']) })
    },
    close: () => Promise.resolve(database.close()),
  }
}
