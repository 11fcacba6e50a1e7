/** What PostgreSQL and the network say, told as errors of the port. */
import {
  PerdureError, StoreBusyError, StoreCorruptError, StoreOutcomeUnknownError, StoreReadOnlyError, StoreRejectedError, StoreUnavailableError,
} from '@perdure/engine'
import { isBroken, stateOf } from './sql-state.ts'

/**
 * A lock was not to be had in time, or two transactions waited for each other: 55P03, 40P01, 40001. Or somebody cut the statement
 * short, such as a statement_timeout of the user: 57014; what it was about is not to blame.
 */
function isPassing(state: string | undefined): boolean {
  return state !== undefined && ['55P03', '40P01', '40001', '57014'].includes(state)
}

/** Nobody could connect; nothing was sent. */
export function connectError(error: unknown, location: string): PerdureError {
  if (error instanceof PerdureError) return error
  const remedy = remedyOf(error)
  return new StoreUnavailableError(`PostgreSQL at ${location} cannot be reached: ${reasonOf(error)}. ${remedy}`, { cause: error })
}

/** A statement failed after it was sent. */
export function statementError(error: unknown, location: string, writes: boolean): PerdureError {
  if (error instanceof PerdureError) return error
  const state = stateOf(error)
  const options = { cause: error }
  if (isRefusedByPooler(error)) {
    const what = `The pooler at ${location} did not pass on a statement: ${reasonOf(error)}`
    return new StoreUnavailableError(`${what}. ${remedyOf(error)}`, options)
  }
  if (isBroken(error)) {
    const what = `The connection to PostgreSQL at ${location} broke during a statement (${reasonOf(error)})`
    return writes
      ? new StoreOutcomeUnknownError(`${what}: whether it took effect is not known`, options)
      : new StoreUnavailableError(`${what}. ${remedyOfPooler(error) ?? 'It is made again at the next call.'}`, options)
  }
  const said = `PostgreSQL at ${location} refused: ${reasonOf(error)} (SQLSTATE ${state})`
  if (isPassing(state)) return new StoreBusyError(`${said}. Nothing was changed; try again.`, options)
  if (state === '25006') return new StoreReadOnlyError(`${said}. It is a standby or read-only: connect to the primary server.`, options)
  if (state === '42501') {
    return new StoreReadOnlyError(`${said}. Grant this user the rights, or connect as the owner of the schema.`, options)
  }
  if (state === 'XX001' || state === 'XX002') {
    return new StoreCorruptError(`${said}. Look at the server's log before anything else.`, options)
  }
  if (state === '26000' || state === '42P05') {
    const remedy = 'A pooler gives the connection to others too: say so by ?pooler=transaction at the end of the connection string.'
    return new StoreUnavailableError(`${said}. ${remedy}`, options)
  }
  // Resources that ran out, and the system below the server.
  if (state?.startsWith('53') === true || state?.startsWith('58') === true) {
    return new StoreUnavailableError(`${said}. ${remedyOf(error)}`, options)
  }
  return new StoreRejectedError(said, options)
}

/**
 * PgBouncer gave up before a server connection was found for it, so nothing was done. It tells all its own errors as
 * protocol violations, which are told apart by their texts alone.
 */
function isRefusedByPooler(error: unknown): boolean {
  return stateOf(error) === '08P01' && notPassedOn.test(reasonOf(error))
}

const notPassedOn = /^(query_wait_timeout|pgbouncer cannot connect to server|server login has been failing|client_login_timeout)/

const selfSigned = 'Name its authority (?sslmode=verify-full&sslrootcert=<file>), or take any certificate (?sslmode=no-verify).'

const remedies: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Start the server, or correct host and port of the connection string.',
  ENOTFOUND: 'The host name is not known: correct it in the connection string.',
  EAI_AGAIN: 'The host name could not be looked up: check the name and the network.',
  ETIMEDOUT: 'Check host, port and firewall.',
  ENOENT: 'There is no such socket: start the server, or correct the path in the connection string.',
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  '28P01': 'Correct user name and password of the connection string.',
  '28000': 'The server does not let this user in from here: see its pg_hba.conf.',
  '3D000': 'Create the database (createdb), or correct its name in the connection string.',
  '53300': 'Raise max_connections of the server, or run fewer processes against it.',
  '53100': 'Free disk space on the server.',
  '58030': "Look at the server's log and its disk.",
  '57P03': 'The server is starting or recovering: wait for it.',
}

/** What the driver says itself, without a code. */
const driverRemedies: readonly (readonly [RegExp, string])[] = [
  [/client password must be a (non-empty )?string/,
    'The server wants a password, and there is none: write postgres://user:password@host/database, or set PGPASSWORD.'],
  [/does not support SSL connections/, 'Take sslmode out of the connection string, or turn on SSL at the server.'],
]

const poolerRemedies: readonly (readonly [RegExp, string])[] = [
  [/^query_wait_timeout/, 'All its connections were in use for too long: raise default_pool_size.'],
  [/^(pgbouncer cannot connect|server login has been failing|client_login_timeout)/,
    'The server behind it is away: see the log of the pooler.'],
  [/^no more connections allowed/, 'Raise max_client_conn of the pooler.'],
  [/statement pooling mode/, 'Let the pooler pool transactions (pool_mode=transaction), or sessions.'],
  [/^unsupported startup parameter/, 'Take it out of the connection string, or name it in ignore_startup_parameters of the pooler.'],
]

function remedyOfPooler(error: unknown): string | undefined {
  const reason = stateOf(error) === '08P01' ? reasonOf(error) : ''
  return poolerRemedies.find(([pattern]) => pattern.test(reason))?.[1]
}

/** For a file of the connection string, such as a certificate, that could not be read; the driver fails for no others. */
export function remedyOfFile(error: unknown): string | undefined {
  const { syscall, code = '' } = error instanceof Error ? error as NodeJS.ErrnoException : {}
  if (syscall !== 'open' && code !== 'EISDIR') return undefined
  return ['EMFILE', 'ENFILE'].includes(code)
    ? 'Too many files are open: raise the limit (ulimit -n), or find what leaves them open.'
    : 'The connection string names a file that cannot be read: correct sslrootcert, sslcert or sslkey, or let this user read it.'
}

function remedyOf(error: unknown): string {
  const ofFile = remedyOfFile(error)
  if (ofFile !== undefined) return ofFile
  if (isWithoutUser(error)) return 'Name a user in the connection string, as in postgres://user:password@host/database, or set PGUSER.'
  const ofPooler = remedyOfPooler(error)
  if (ofPooler !== undefined) return ofPooler
  const state = stateOf(error) ?? (error instanceof Error && 'code' in error ? String(error.code) : '')
  const ofDriver = driverRemedies.find(([pattern]) => pattern.test(reasonOf(error)))?.[1]
  return ofDriver ?? remedies[state] ?? 'Check that the server runs and that the connection string is right.'
}

/** Its text depends on the language of the server, the routine that refuses does not. */
function isWithoutUser(error: unknown): boolean {
  return stateOf(error) === '28000' && (error as { readonly routine?: unknown }).routine === 'ProcessStartupPacket'
}

/** Several addresses refused make an AggregateError without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
