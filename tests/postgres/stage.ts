/** What the tests of this folder stand on: a database of their own with the store's tables, and a second way into it. */
import { randomUUID } from 'node:crypto'
import type { Store } from '@perdure/engine'
import { createPostgresStore } from '@perdure/postgres'
import { Client } from 'pg'
import { Arena } from '../conformance/arena.ts'
import { openTestServer } from '../support/postgres-cluster.ts'

export interface Stage {
  readonly connectionString: string
  readonly store: Store
  readonly arena: Arena
  /** Outside of the store. */
  readonly admin: Client
  /** Another plain connection; closed with the stage. */
  connect(applicationName?: string): Promise<Client>
  /** Another store on the same data; closed with the stage. */
  another(schema?: string): Promise<Store>
  dispose(): Promise<void>
}

export async function openStage(name: string): Promise<Stage> {
  const server = await openTestServer()
  const connectionString = await server.createDatabase(name)
  const clients: Client[] = []
  const stores: Store[] = []
  const connect = async (applicationName = 'stage') => {
    const client = new Client({ connectionString, application_name: applicationName })
    client.on('error', () => undefined) // tests cut connections
    await client.connect()
    clients.push(client)
    return client
  }
  const another = async (schema = 'perdure') => {
    const store = createPostgresStore({ connectionString, schema })
    stores.push(store)
    await store.open()
    return store
  }
  const [store, admin] = [await another(), await connect('stage admin')]
  const unused = async () => {}
  return {
    connectionString, store, admin, connect, another,
    arena: new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused }),
    dispose: async () => {
      await Promise.all(stores.map(each => each.close()))
      await Promise.all(clients.map(each => each.end()))
      await server.stop()
    },
  }
}

/** Resolves when a connection of that name waits for a lock. Asks again and again: the server tells nobody. */
export async function untilWaiting(admin: Client, applicationName: string): Promise<void> {
  await untilTrue(admin, `select exists (select 1 from pg_stat_activity
    where application_name = $1 and datname = current_database() and wait_event_type = 'Lock') as yes`, [applicationName])
}

/** Resolves when the question is answered with yes. */
export async function untilTrue(admin: Client, question: string, values: readonly unknown[] = []): Promise<void> {
  for (;;) {
    const { rows } = await admin.query<{ yes: boolean }>(question, [...values])
    if (rows[0]?.yes === true) return
  }
}

export const uniqueName = (prefix: string) => `${prefix}-${randomUUID()}`
