/** The way past the pooler that a connection string names: that it leads to the server itself, and to the same one. */
import { randomInt } from 'node:crypto'
import { Client } from 'pg'
import { StoreUnavailableError } from '@perdure/engine'
import { answered, ended } from './answer.ts'
import { connectWithin } from './connecting.ts'
import { connectError } from './database-error.ts'
import { firstConnectTimeoutMs } from './limits.ts'
import { locationOf } from './location.ts'
import { detectPooler } from './pooler.ts'
import type { Database, Statement } from './statement.ts'

/** For this question alone. */
const lockClass = 1_347_571_780

const isFree: Statement = { name: '', writes: false, text: `select pg_try_advisory_xact_lock(${lockClass}, $1::int) as free` }

/** What counts is that a lock that is taken directly is seen through the pooler: of another server, or a standby, it is not. */
export async function requireDirect(direct: string, through: Database, location: string): Promise<void> {
  const where = locationOf(direct)
  const connect = () => connected(direct)
  let client: Client | undefined
  try {
    client = await connect()
    if (await detectPooler(client, connect) !== undefined) {
      throw new StoreUnavailableError(`The direct connection leads to a pooler in transaction mode, at ${where}: `
        + 'give the address of the server itself, or leave the parameter direct out of the connection string')
    }
    const key = randomInt(2 ** 31)
    const lock = client
    await answered(lock, () => lock.query('select pg_advisory_lock($1, $2)', [lockClass, key]))
    const [row] = await through.run<{ readonly free: boolean }>(isFree, [key])
    if (row?.free !== false) {
      throw new StoreUnavailableError(`The direct connection leads to another database, at ${where}, than the one behind ${location}: `
        + 'correct the parameter direct of the connection string')
    }
  } catch (error) {
    throw connectError(error, where)
  } finally {
    void ended(client)
  }
}

async function connected(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, application_name: 'perdure check', connectionTimeoutMillis: firstConnectTimeoutMs })
  client.on('error', () => undefined) // whoever asks on it is told
  await connectWithin(client, firstConnectTimeoutMs)
  return client
}
