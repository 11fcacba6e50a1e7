/**
 * Poolers that give each transaction another connection to the server (PgBouncer with pool_mode=transaction, and their
 * like). What a session keeps is lost there, or met by a stranger: prepared statements, settings, LISTEN, session locks.
 * So behind one of them nothing of the kind is used; see docs/postgres.md.
 *
 * Found out by looking, unless the connection string says it: `?pooler=transaction` or `?pooler=none`. `?direct=host:port` names
 * a way past it, for the one connection of hints and the one of the process lock.
 */
import type { Client } from 'pg'
import { StoreUnavailableError } from '@perdure/engine'
import { answered, ended } from './answer.ts'
import { firstConnectTimeoutMs, poolerLooks } from './limits.ts'
import type { Pooler, PoolerGiven } from './pooler-kind.ts'

/** The same for all: a pooler tells the server the name again whenever it gives a connection to somebody of another name. */
export const pooledName = 'perdure'

export interface ReadConnectionString {
  /** For the driver: without the parameters. */
  readonly connectionString: string
  readonly pooler: PoolerGiven | undefined
  /** Leads to the server itself. */
  readonly direct: string | undefined
}

export function readConnectionString(given: string): ReadConnectionString {
  const at = given.indexOf('?')
  if (at < 0) return { connectionString: given, pooler: undefined, direct: undefined }
  const parts = given.slice(at + 1).split('&')
  const valueOf = (name: string) => parts.findLast(part => part.startsWith(`${name}=`))?.slice(name.length + 1)
  const rest = parts.filter(part => !/^(pooler|direct)=/.test(part)).join('&')
  const connectionString = given.slice(0, at) + (rest === '' ? '' : `?${rest}`)
  return { connectionString, pooler: poolerOf(valueOf('pooler')), direct: directOf(valueOf('direct'), connectionString) }
}

function poolerOf(given: string | undefined): PoolerGiven | undefined {
  if (given === undefined || given === 'transaction' || given === 'none') return given
  const shown = /^[\w-]{0,30}$/.test(given) ? given : '...'
  throw new StoreUnavailableError(`The connection string says pooler=${shown}, which is not known: `
    + 'write pooler=transaction behind a pooler in transaction mode, pooler=none where there is no such pooler, or leave it out')
}

/** host, host:port, or a whole URL that is percent-encoded. */
function directOf(given: string | undefined, connectionString: string): string | undefined {
  if (given === undefined) return undefined
  const invalid = () => new StoreUnavailableError('The parameter direct of the connection string cannot be read: write direct=host:5432, '
    + "or a whole percent-encoded URL, as encodeURIComponent('postgres://user:password@host:5432/database') makes it")
  try {
    const decoded = decodeURIComponent(given)
    if (/^postgres(ql)?:\/\/./i.test(decoded)) return decoded
    const [, host, port = '5432'] = /^([\w.-]+|\[[\da-f:]+\])(?::(\d+))?$/i.exec(decoded) ?? []
    if (host === undefined) throw invalid()
    const url = new URL(connectionString)
    url.host = host
    url.port = port
    return url.href
  } catch {
    throw invalid() // an error of the driver or of URL shows the password
  }
}

/** What is known of the way to one server. */
export class Route {
  #pooler: Pooler | undefined
  #looking: Promise<Pooler | undefined> | undefined

  constructor(given: PoolerGiven | undefined) {
    if (given === undefined) return
    this.#pooler = given === 'none' ? undefined : given
    this.#looking = Promise.resolve(this.#pooler)
  }

  /** Undefined also while nobody has looked. */
  get pooler(): Pooler | undefined {
    return this.#pooler
  }

  /** Looks, with a connection on which nothing ran yet; once, and again only after a look that failed. */
  async find(client: Client, connect: () => Promise<Client>): Promise<Pooler | undefined> {
    const looking = this.#looking ??= detectPooler(client, connect)
    try {
      this.#pooler = await looking
      return this.#pooler
    } catch (error) {
      if (this.#looking === looking) this.#looking = undefined
      throw error
    }
  }
}

/**
 * A server gives a new connection the number of the process that serves it, for cancelling; a pooler makes up another,
 * since it does not know yet which process will serve. Where they differ there is a pooler, and two of its connections
 * show of which kind: as long as each has a process of its own, it gives whole sessions, which are as good as connections.
 */
export async function detectPooler(client: Client, connect: () => Promise<Client>): Promise<Pooler | undefined> {
  const first = await processOf(client)
  if (first === (client as { processID?: number }).processID) return undefined
  const other = await connect()
  try {
    const second = await processOf(other)
    // A pooler gives the connection that was used last, or one after the other: three questions are no multiple of any number
    // but one, so the first look shows either. The others are for poolers that are busy at the moment.
    for (let look = 0; look < poolerLooks; look++) {
      if (first === second) return 'transaction'
      for (const [asked, before] of [[client, first], [client, first], [other, second]] as const) {
        if (await processOf(asked) !== before) return 'transaction'
      }
    }
    return undefined
  } finally {
    void ended(other)
  }
}

async function processOf(client: Client): Promise<number> {
  const ask = () => client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const { rows } = await answered(client, ask, firstConnectTimeoutMs)
  return rows[0]?.pid ?? 0
}
