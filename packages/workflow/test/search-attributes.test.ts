import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  defineSearchAttributeKey, type SearchAttributes, SearchAttributeType, TypedSearchAttributes, upsertSearchAttributes,
} from '@perdure/workflow'
import { plainSearchAttributes } from '@perdure/workflow/host'
import { FakeHost, installTestRuntime } from './fake-host.ts'

const region = defineSearchAttributeKey('Region', SearchAttributeType.KEYWORD)
const note = defineSearchAttributeKey('Note', 'TEXT')
const items = defineSearchAttributeKey('Items', SearchAttributeType.INT)
const price = defineSearchAttributeKey('Price', SearchAttributeType.DOUBLE)
const urgent = defineSearchAttributeKey('Urgent', SearchAttributeType.BOOL)
const due = defineSearchAttributeKey('Due', SearchAttributeType.DATETIME)
const tags = defineSearchAttributeKey('Tags', SearchAttributeType.KEYWORD_LIST)
const date = new Date('2026-11-21T10:00:00.000Z')
const pairs = [
  { key: region, value: 'eu' }, { key: note, value: 'by bike' }, { key: items, value: 3 }, { key: price, value: 9.5 },
  { key: urgent, value: true }, { key: due, value: date }, { key: tags, value: ['a', 'b'] },
]

let host: FakeHost
beforeEach(() => {
  installTestRuntime()
  host = new FakeHost()
})

test('typed search attributes are read by their keys', () => {
  const typed = new TypedSearchAttributes(pairs)
  const value: Date | undefined = typed.get(due)
  assert.deepEqual(value, date)
  assert.deepEqual([typed.get(region), typed.get(items), typed.get(tags), typed.get(urgent)], ['eu', 3, ['a', 'b'], true])
  assert.equal(typed.get(defineSearchAttributeKey('Region', 'INT')), undefined)
  assert.equal(typed.get(defineSearchAttributeKey('Other', 'INT')), undefined)
  assert.deepEqual(typed.getAll(), pairs)
  assert.deepEqual(JSON.parse(JSON.stringify(typed))[0], { key: { name: 'Region', type: 'KEYWORD' }, value: 'eu' })
})

test('updateCopy sets and takes away in a copy', () => {
  const typed = new TypedSearchAttributes([{ key: region, value: 'eu' }, { key: items, value: 3 }])
  const copy = typed.updateCopy([{ key: region, value: null }, { key: items, value: 4 }, { key: note, value: 'x' }])
  assert.deepEqual([copy.get(region), copy.get(items), copy.get(note)], [undefined, 4, 'x'])
  assert.deepEqual([typed.get(region), typed.get(items), typed.get(note)], ['eu', 3, undefined])
})

test('what an execution has is read as the type of the key, whatever it looks like', () => {
  const stored = plainSearchAttributes(undefined, pairs, 'a test')
  const read = TypedSearchAttributes.fromPlain(JSON.parse(JSON.stringify(stored)) as object as Record<string, unknown>)
  for (const { key, value } of pairs) assert.deepEqual(read.get(key), value)
  const dated = TypedSearchAttributes.fromPlain({ Region: [date.toISOString()], Tags: ['one'], Plain: 'no list' })
  assert.equal(dated.get(region), date.toISOString())
  assert.deepEqual(dated.get(tags), ['one'])
  assert.equal(dated.get(defineSearchAttributeKey('Plain', 'TEXT')), 'no list')
  assert.deepEqual(dated.getAll().map(({ key }) => key.type), ['DATETIME', 'TEXT', 'TEXT'])
  assert.deepEqual(plainSearchAttributes(undefined, dated, 'a test'), { Region: [date.toISOString()], Tags: ['one'], Plain: ['no list'] })
})

test('typed ones win over plain ones of the same name', () => {
  assert.deepEqual(plainSearchAttributes({ Region: ['us'], Due: [date] }, [{ key: region, value: 'eu' }], 'a test'), {
    Region: ['eu'], Due: [date.toISOString()],
  })
})

test('upserting gives the host lists; null, undefined and empty lists take one away', async () => {
  await host.run(async () => {
    upsertSearchAttributes([{ key: region, value: 'eu' }, { key: due, value: date }, { key: items, value: null }])
    upsertSearchAttributes({ Region: ['us'], Note: [], Urgent: undefined })
  })
  assert.deepEqual(host.changes, [
    ['upsertSearchAttributes', { Region: ['eu'], Due: [date.toISOString()], Items: [] }],
    ['upsertSearchAttributes', { Region: ['us'], Note: [], Urgent: [] }],
  ])
})

test('wrong keys and values are refused', async () => {
  const upsert = (given: unknown) => () => upsertSearchAttributes(given as SearchAttributes)
  const table: [() => unknown, RegExp][] = [
    [() => defineSearchAttributeKey('', 'INT'), /a key has no name/],
    [() => defineSearchAttributeKey('Region', 'STRING' as 'TEXT'), /type of key 'Region' is STRING; give one of TEXT, KEYWORD/],
    [() => new TypedSearchAttributes([{ key: items, value: 1.5 }]), /'Items' is no whole number/],
    [() => new TypedSearchAttributes([{ key: due, value: new Date('x') }]), /'Due' is no valid Date/],
    [() => new TypedSearchAttributes([{ key: items, value: 1 }, { key: items, value: 2 }]), /'Items' comes twice/],
    [upsert(null), /are no object/], [upsert('x'), /are no object/],
    [upsert({ Region: 'eu' }), /'Region' is no list/], [upsert({ Region: [{}] }), /'Region' is no list/],
    [upsert([{ key: tags, value: 'a' }]), /'Tags' is no list of texts/], [upsert([undefined]), /undefined is given in place of a pair/],
    [() => plainSearchAttributes(undefined, {} as [], 'a test'), /typed ones are no list of pairs/],
  ]
  await host.run(async () => {
    for (const [call, message] of table) assert.throws(call, { code: 'SEARCH_ATTRIBUTES_INVALID', message })
  })
  assert.deepEqual(host.changes, [])
})
