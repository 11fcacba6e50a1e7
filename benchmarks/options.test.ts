import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from './engine-adapter.ts'
import { parseOptions } from './options.ts'
import { scenarioNames } from './scenario.ts'

test('without options everything is measured in full', () => {
  assert.deepEqual(parseOptions([]), {
    amounts: { quick: false, share: 1 }, scenarios: scenarioNames, engines: engineNames, stores: ['postgres', 'sqlite', 'own'],
  })
})

test('quick is three scenarios of the engines that are always there, unless others are named', () => {
  assert.deepEqual(parseOptions(['--quick']), {
    amounts: { quick: true, share: 1 }, scenarios: ['S1', 'S2', 'S3'], engines: ['floor', 'dbos', 'perdure'],
    stores: ['postgres', 'sqlite', 'own'],
  })
  const named = parseOptions(['--quick', '--scenario', 'S5', '--engine', 'restate'])
  assert.ok(named !== 'help')
  assert.deepEqual([named.scenarios, named.engines], [['S5'], ['restate']])
})

test('lists are separated by commas', () => {
  assert.deepEqual(parseOptions(['--quick', '--json', 'a.json', '--scenario', 'S3, S1', '--engine=perdure', '--store', 'sqlite']), {
    amounts: { quick: true, share: 1 }, json: 'a.json', scenarios: ['S1', 'S3'], engines: ['perdure'], stores: ['sqlite'],
  })
})

test('an unknown name is refused with the nearest known one and all of them', () => {
  assert.throws(() => parseOptions(['--scenario', 'S9']), /--scenario: unknown 'S9'; did you mean 'S1' or 'S2' or 'S3'\? Known: S1, S2, S3/)
  assert.throws(() => parseOptions(['--engine', 'dbso']), /unknown 'dbso'; did you mean 'dbos'\?/)
  assert.throws(() => parseOptions(['--engine', 'pgboss']), /did you mean 'pg-boss'\?/)
  assert.throws(() => parseOptions(['--engine', 'mysql']), /unknown 'mysql'\. Known: floor, /)
  assert.throws(() => parseOptions(['--fast']), /--fast/)
})

test('a share is a number above 0 and at most 1', () => {
  for (const share of ['0', '2', 'half', '-1']) assert.throws(() => parseOptions([`--share=${share}`]), /is not a number above 0/)
  const half = parseOptions(['--share', '0.5'])
  assert.ok(half !== 'help')
  assert.equal(half.amounts.share, 0.5)
})
