import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import * as fc from 'fast-check'
import { bigintArray, intArray, textArray, uuidArray } from '../../packages/postgres/src/binary-array.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage('arrays')
})
after(() => stage.dispose())

/** What PostgreSQL understood, as JSON, so that nothing of the driver's own decoding is between. */
async function understood(type: string, buffer: Buffer | null): Promise<unknown> {
  const { rows } = await stage.admin.query<{ list: unknown }>(`select to_json($1::${type}[]) as list`, [buffer])
  return rows[0]?.list
}

const isWorthSending = (values: readonly unknown[]) => values.some(value => value !== null)
/** PostgreSQL has no character zero; a lone half of a surrogate pair has no UTF-8. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map(value => value.replaceAll('\0', '').toWellFormed())

test('texts arrive as they were, nulls and all', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.option(text), { minLength: 1, maxLength: 20 }).filter(isWorthSending), async values => {
    assert.deepEqual(await understood('text', textArray(values)), values)
  }), { numRuns: 200 })
})

test('long texts arrive as they were', async () => {
  const values = ['', 'x'.repeat(1_024), 'é'.repeat(1_025), '🙂'.repeat(5_000), '{"quoted":"\\"\\\\"}', 'NULL', 'a,b', '{', '\n']
  assert.deepEqual(await understood('text', textArray(values)), values)
})

test('integers arrive as they were, at their limits too', async () => {
  const values = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), null]
  assert.deepEqual(await understood('int', intArray(values)), values)
})

test('big integers arrive as they were, at the limits of a safe number too', async () => {
  const values = [0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 32, 2 ** 32 - 1, -(2 ** 32), Date.now(), null]
  assert.deepEqual(await understood('bigint', bigintArray(values)), values)
  await fc.assert(fc.asyncProperty(fc.array(fc.maxSafeInteger(), { minLength: 1 }), async numbers => {
    assert.deepEqual(await understood('bigint', bigintArray(numbers)), numbers)
  }), { numRuns: 100 })
})

test('UUIDs arrive as they were, in either case', async () => {
  const values = Array.from({ length: 50 }, () => randomUUID())
  const mixed = values.map((value, index) => (index % 2 === 0 ? value : value.toUpperCase()))
  assert.deepEqual(await understood('uuid', uuidArray(mixed)), values)
})

test('what is no UUID is refused before it is sent', () => {
  const uuid = '0192f1a0-7b3c-7def-8123-456789abcdef'
  assert.equal(uuidArray([uuid])?.toString('hex').endsWith(uuid.replaceAll('-', '')), true)
  const broken = [uuid.replace('c', 'g'), uuid.replace('c', 'é'), uuid.replace('-', '0'), uuid.replace('0', '-'), `${uuid}0`, uuid.slice(1)]
  for (const id of ['order-7', '', ...broken]) assert.throws(() => uuidArray([id]), { message: `"${id}" is not a UUID` })
})

test('a list without a value is null', () => {
  for (const list of [uuidArray([]), textArray([]), textArray([null]), intArray([null, null]), bigintArray([])]) assert.equal(list, null)
})
