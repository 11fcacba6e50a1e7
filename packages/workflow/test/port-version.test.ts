import assert from 'node:assert/strict'
import { test } from 'node:test'
import { portVersion, runtimeOf } from '../src/port-version.ts'

test('a runtime is found when it was registered by a copy with the same ports', () => {
  assert.equal(runtimeOf({ runtime: 'engine', portVersion }), 'engine')
  assert.equal(runtimeOf(undefined), undefined)
})

test('a runtime of a copy with other ports, newer or older, is refused', () => {
  for (const other of [portVersion + 1, portVersion - 1]) {
    const found = () => runtimeOf({ runtime: 'engine', portVersion: other })
    assert.throws(found, { code: 'VERSIONS_MIXED', message: /npm ls @perdure\/workflow/ })
  }
})
