import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectError } from './database-error.ts'

const refused = (fields: object) => {
  const error = Object.assign(new Error('refused'), { severity: 'FATAL', ...fields })
  return connectError(error, 'db:5432/shop').message
}

test('a connection that was refused is told with what to do', () => {
  const table: [object, RegExp][] = [
    [{ code: '28000', routine: 'ProcessStartupPacket' }, /Name a user in the connection string/],
    [{ code: '28000', routine: 'ClientAuthentication' }, /see its pg_hba\.conf/], [{ code: '28P01' }, /Correct user name and password/],
    [{ code: '3D000' }, /Create the database/], [{ code: 'ECONNREFUSED' }, /Start the server/], [{ code: 'ETIMEDOUT' }, /firewall/],
    [{}, /Check that the server runs/],
  ]
  for (const [fields, remedy] of table) assert.match(refused(fields), remedy)
})
