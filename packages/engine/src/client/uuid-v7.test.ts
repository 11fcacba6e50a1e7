import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRunId } from '../protocol/ids.ts'
import { newRunId } from './uuid-v7.ts'

test('run ids are UUIDs of version 7 that begin with their time', () => {
  const now = 0x0123456789ab
  for (let count = 0; count < 1_000; count++) {
    const id = newRunId(now)
    assert.ok(isRunId(id), id)
    assert.match(id, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

test('run ids of later milliseconds sort behind those of earlier ones', () => {
  const ids = Array.from({ length: 500 }, (_, index) => newRunId(1_700_000_000_000 + index))
  assert.deepEqual(ids, ids.toSorted())
})

test('run ids of one millisecond sort in the order in which they were made', () => {
  const ids = Array.from({ length: 1_000 }, () => newRunId(1_700_000_001_000))
  assert.deepEqual(ids, ids.toSorted())
})

test('run ids of one millisecond differ', () => {
  const ids = Array.from({ length: 10_000 }, () => newRunId(1_700_000_000_000.7))
  assert.equal(new Set(ids).size, ids.length)
})
