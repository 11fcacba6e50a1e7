import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreUnavailableError } from '@perdure/engine'
import { locationOf } from './location.ts'

test('host, port and database are shown, and nothing else', () => {
  const table = [
    ['postgres://app:secret@db.internal/shop', 'db.internal:5432/shop'], ['postgresql://app:p%40ss%23w@db:6543/shop', 'db:6543/shop'],
    ['postgres://app:p@ss@db/shop', 'db:5432/shop'], ['postgres://app@[::1]:5433/shop?sslmode=disable', '::1:5433/shop'],
    ['postgres://db/shop?user=me@corp&application_name=a@b', 'db:5432/shop'],
    ['postgres:///shop?host=/var/run/pg', '/var/run/pg:5432/shop'],
    ['postgres://app:50%@db/shop', 'db:5432/shop'], ['postgres://app:a%2Fb@db/shop', 'db:5432/shop'],
  ] as const
  for (const [connectionString, location] of table) assert.equal(locationOf(connectionString), location)
})

test('a password that is not percent-encoded is refused with the remedy, and no part of it is shown', () => {
  for (const password of ['p@hidden#w', 'hidden#w', 'hi@dd/en', '12/hidden', '12?hidden', 'hidden/', 'a?hidden#', '34?hidden&x']) {
    assert.throws(() => locationOf(`postgres://app:${password}@db/shop`), (error: Error) => {
      assert.ok(error instanceof StoreUnavailableError, password)
      assert.match(error.message, /percent-encoded/)
      assert.ok(!`${error.message}${String(error.cause)}`.includes('hidden'), error.message)
      return true
    }, password)
  }
})

test('what is no URL is refused without showing it', () => {
  for (const connectionString of ['postgres://me:hidden@[::/orders', 'postgres://me:hidden%ZZ@db:x/orders']) {
    assert.throws(() => locationOf(connectionString), (error: Error) => !`${error.message}${String(error.cause)}`.includes('hidden'))
  }
})

test('a certificate that cannot be read is told as such, without what stands where its file should be named', () => {
  const table = [
    ['sslrootcert=/nowhere', /ENOENT/], ['sslcert=/', /EISDIR/], ['sslkey=-----BEGIN%20KEY-----%0AMIIEhidden', /ENOENT/],
  ] as const
  for (const [setting, code] of table) {
    assert.throws(() => locationOf(`postgres://app:hidden@db/shop?${setting}`), (error: Error) => {
      assert.ok(error instanceof StoreUnavailableError)
      assert.match(error.message, code)
      assert.match(error.message, /correct sslrootcert, sslcert or sslkey/)
      assert.ok(!`${error.message}${String(error.cause)}`.includes('hidden'))
      return true
    })
  }
})
