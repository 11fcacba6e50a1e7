import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseOptions } from './options.ts'

test('without options everything is measured in full', () => {
  assert.deepEqual(parseOptions([]), {
    quick: false, scenarios: ['S1', 'S2', 'S3'], engines: ['floor', 'dbos', 'perdure'], stores: ['postgres', 'sqlite'],
  })
})

test('lists are separated by commas', () => {
  assert.deepEqual(parseOptions(['--quick', '--json', 'a.json', '--scenario', 'S1, S3', '--engine=perdure', '--store', 'sqlite']), {
    quick: true, json: 'a.json', scenarios: ['S1', 'S3'], engines: ['perdure'], stores: ['sqlite'],
  })
})

test('an unknown name is refused with the known ones', () => {
  assert.throws(() => parseOptions(['--scenario', 'S9']), /--scenario: unknown "S9"; known: S1, S2, S3/)
  assert.throws(() => parseOptions(['--engine', 'dbso']), /unknown "dbso"/)
  assert.throws(() => parseOptions(['--fast']), /--fast/)
})
