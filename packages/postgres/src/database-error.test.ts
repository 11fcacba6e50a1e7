import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreBusyError, StoreOutcomeUnknownError, StoreRejectedError, StoreUnavailableError } from '@perdure/engine'
import { connectError, statementError } from './database-error.ts'
import { isBroken } from './sql-state.ts'

const refused = (fields: object) => {
  const error = Object.assign(new Error('refused'), { severity: 'FATAL', ...fields })
  return connectError(error, 'db:5432/shop').message
}

test('a connection that was refused is told with what to do', () => {
  const table: [object, RegExp][] = [
    [{ code: '28000', routine: 'ProcessStartupPacket' }, /Name a user in the connection string/],
    [{ code: '28000', routine: 'ClientAuthentication' }, /see its pg_hba\.conf/], [{ code: '28P01' }, /Correct user name and password/],
    [{ code: '3D000' }, /Create the database/], [{ code: 'ECONNREFUSED' }, /Start the server/], [{ code: 'ETIMEDOUT' }, /firewall/],
    [{}, /Check that the server runs/], [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, /sslrootcert=<file>/],
    [{ message: 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string' }, /set PGPASSWORD/],
    [{ code: 'ENOENT', syscall: 'open' }, /correct sslrootcert/], [{ code: 'EMFILE', syscall: 'open' }, /ulimit -n/],
    [{ code: 'ENOENT', syscall: 'connect' }, /no such socket/],
    [{ message: 'The server does not support SSL connections' }, /Take sslmode out/],
  ]
  for (const [fields, remedy] of table) assert.match(refused(fields), remedy)
})

const failed = (code: string, message: string, writes: boolean) =>
  statementError(Object.assign(new Error(message), { severity: 'FATAL', code }), 'db:6432/shop', writes)

test('what a pooler did not pass on did not happen, and is told with what to do', () => {
  const table: [string, string, RegExp][] = [
    ['08P01', 'query_wait_timeout', /default_pool_size/], ['08P01', 'pgbouncer cannot connect to server', /log of the pooler/],
    ['08P01', 'server login has been failing, try again later (server_login_retry)', /log of the pooler/],
    ['26000', 'prepared statement "commit_v1" does not exist', /\?pooler=transaction/],
    ['42P05', 'prepared statement "commit_v1" already exists', /\?pooler=transaction/],
  ]
  for (const [code, message, remedy] of table) {
    const told = failed(code, message, true)
    assert.ok(told instanceof StoreUnavailableError)
    assert.match(told.message, remedy)
  }
})

test('whether a write took effect whose connection to the server broke behind the pooler is not known', () => {
  for (const [code, message] of [['08P01', 'server conn crashed?'], ['25P03', 'idle in transaction']] as const) {
    assert.ok(failed(code, message, true) instanceof StoreOutcomeUnknownError)
    assert.ok(failed(code, message, false) instanceof StoreUnavailableError)
  }
})

test('a pooler that lets nobody in is told with what to do', () => {
  assert.match(refused({ code: '08P01', message: 'no more connections allowed (max_client_conn)' }), /max_client_conn of the pooler/)
  assert.match(refused({ code: '08P01', message: 'unsupported startup parameter: options' }), /ignore_startup_parameters/)
})

test('a statement that the server cut short changed nothing and is tried again; what the data is to blame for is refused', () => {
  const said = (code: string, severity: string) => Object.assign(new Error('refused'), { code, severity })
  const table = [
    ['57014', 'ERROR', StoreBusyError], ['55P03', 'ERROR', StoreBusyError], ['40P01', 'ERROR', StoreBusyError],
    ['53200', 'ERROR', StoreUnavailableError], ['22021', 'ERROR', StoreRejectedError], ['54000', 'ERROR', StoreRejectedError],
    ['57P01', 'FATAL', StoreOutcomeUnknownError], ['25P04', 'FATAL', StoreOutcomeUnknownError],
  ] as const
  for (const [code, severity, kind] of table) {
    const error = said(code, severity)
    assert.ok(statementError(error, 'db:5432/shop', true) instanceof kind, code)
    assert.equal(isBroken(error), severity !== 'ERROR', code)
  }
  assert.ok(statementError(said('25P04', 'FATAL'), 'db:5432/shop', false) instanceof StoreUnavailableError)
})
