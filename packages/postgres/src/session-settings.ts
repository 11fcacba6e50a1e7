/**
 * Settings that our statements need, and a way to have them for one statement alone.
 *
 * Small tables with old statistics must not bring sequential scans and hash joins into plans that are kept for hours
 * while the tables grow: every statement of this package has an index to use. Planning again for each list of values took
 * a third of a commit's time and chose the same plans: generic ones. Just-in-time compilation costs more than any of
 * them. Sent as a statement because poolers refuse unknown start-up options.
 *
 * Read committed, whatever is the default of the database or the user: what was locked is looked at by a later snapshot than that
 * of the lock. With one snapshot for the whole transaction a close does not see a message that came while it waited for its fence.
 */
import type { Client, QueryConfig, QueryResultRow } from 'pg'
import { openTransactionMs } from './limits.ts'

export function sessionSettings(lockTimeoutMs: number): string {
  return settings({ lock_timeout: `${lockTimeoutMs}`, default_transaction_isolation: 'read committed' }, false)
}

/** Begins a transaction with settings that end with it. The server ends it, and its locks, when nothing more comes. */
export function beginWithSettings(lockTimeoutMs: number): string {
  const waits = { lock_timeout: `${lockTimeoutMs}`, idle_in_transaction_session_timeout: `${openTransactionMs}` }
  return `begin isolation level read committed; ${settings(waits, true)}`
}

function settings(waits: Readonly<Record<string, string>>, isLocal: boolean): string {
  const values: Readonly<Record<string, string>> = {
    ...waits, enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off', jit: 'off', plan_cache_mode: 'force_generic_plan',
  }
  return `select ${Object.entries(values).map(([name, value]) => `set_config('${name}', '${value}', ${isLocal})`).join(', ')}`
}

/**
 * For a client with `pipeline: true`: the statement in a transaction of its own. All is sent at once, so it costs one round
 * trip; nothing stays behind on the connection to the server, whoever gets it next.
 */
export async function inTransaction<Row extends QueryResultRow>(
  client: Client, lockTimeoutMs: number, query: QueryConfig,
): Promise<readonly Row[]> {
  const sent = [client.query(beginWithSettings(lockTimeoutMs)), client.query<Row>(query), client.query('commit')] as const
  const [begun, asked, ended] = await Promise.allSettled(sent)
  // The first to fail says why; what followed it was refused for that alone.
  if (begun.status === 'rejected') throw begun.reason
  if (asked.status === 'rejected') throw asked.reason
  if (ended.status === 'rejected') throw ended.reason
  return asked.value.rows
}
