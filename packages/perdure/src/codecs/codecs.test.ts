import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import type { Payload } from '@perdure/workflow'
import { createEncryptionCodec } from './encryption-codec.ts'
import { createGzipCodec } from './gzip-codec.ts'

const payload: Payload = {
  metadata: { encoding: Buffer.from('json/plain'), other: Uint8Array.of(0, 255) },
  data: new Uint8Array(Buffer.from('"secret"\n'.repeat(500))),
}
const same = (one: Payload | undefined, other: Payload) => {
  const hex = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('hex')
  const plain = ({ metadata, data }: Payload) => [Object.entries(metadata ?? {}).map(([name, value]) => [name, hex(value)]), hex(data)]
  assert.deepEqual(plain(one ?? {}), plain(other))
}
const encodingOf = (each: Payload | undefined) => Buffer.from(each?.metadata?.['encoding'] ?? []).toString()

suite('encryption', () => {
  const key = randomBytes(32)

  test('hides data and metadata, never twice the same way, and gives them back', async () => {
    const codec = createEncryptionCodec({ keyId: 'k1', keys: { k1: key } })
    const [first, second] = await codec.encode([payload, payload])
    assert.equal(encodingOf(first), 'binary/encrypted')
    assert.equal(Buffer.from(first?.metadata?.['encryption-key-id'] ?? []).toString(), 'k1')
    assert.ok(!Buffer.from(first?.data ?? []).includes('secret') && !Buffer.from(first?.data ?? []).includes('json/plain'))
    assert.notDeepEqual(first?.data, second?.data)
    for (const each of await codec.decode([first ?? {}, second ?? {}])) same(each, payload)
  })

  test('reads what older keys encrypted, and what was never encrypted', async () => {
    const old = createEncryptionCodec({ keyId: 'old', keys: { old: key } })
    const codec = createEncryptionCodec({ keyId: 'new', keys: { old: key, new: randomBytes(32) } })
    const [encrypted] = await old.encode([payload])
    const [decrypted, plain] = await codec.decode([encrypted ?? {}, payload])
    same(decrypted, payload)
    same(plain, payload)
  })

  test('asks for a key once, and again when that failed', async () => {
    const asked: string[] = []
    const codec = createEncryptionCodec({
      keyId: 'k1',
      keys: async (id) => {
        asked.push(id)
        if (asked.length === 1) throw new Error('away')
        return key
      },
    })
    await assert.rejects(codec.encode([payload]), /away/)
    await codec.encode([payload])
    await codec.encode([payload])
    assert.deepEqual(asked, ['k1', 'k1'])
  })

  test('refuses a key that is missing or too short, and what was changed or is of another key', async () => {
    const code = 'PAYLOAD_CODEC_FAILED'
    assert.throws(() => createEncryptionCodec({ keyId: 'k1', keys: {} }), { code, message: /key 'k1'.* is not there/ })
    const keys = { k1: key, old: randomBytes(16) }
    assert.throws(() => createEncryptionCodec({ keyId: 'k1', keys }), { code, message: /key 'old'.* has 16 bytes; give 32 bytes/ })
    assert.throws(() => createEncryptionCodec({ keyId: 'k1', keys: undefined as never }), { code, message: /keys .*are no object/ })
    assert.throws(() => createEncryptionCodec({ keyId: '', keys: {} }), { code })
    const asked = createEncryptionCodec({ keyId: 'k1', keys: () => randomBytes(16) })
    await assert.rejects(asked.encode([payload]), { code, message: /has 16 bytes/ })
    const other = createEncryptionCodec({ keyId: 'k2', keys: { k2: key } })
    await assert.rejects(other.decode(await createEncryptionCodec({ keyId: 'k1', keys: { k1: key } }).encode([payload])), { code })
    const codec = createEncryptionCodec({ keyId: 'k1', keys: { k1: key } })
    const [encrypted = {}] = await codec.encode([payload])
    const data = new Uint8Array(encrypted.data ?? [])
    data[20] = (data[20] ?? 0) ^ 1
    await assert.rejects(codec.decode([{ ...encrypted, data }]))
    await assert.rejects(createEncryptionCodec({ keyId: 'k1', keys: { k1: randomBytes(32) } }).decode([encrypted]))
  })
})

suite('compression', () => {
  test('makes large payloads smaller, leaves small and random ones alone, and gives all back', async () => {
    const codec = createGzipCodec()
    const small: Payload = { metadata: { encoding: Buffer.from('json/plain') }, data: new Uint8Array(Buffer.from('1')) }
    const random: Payload = { metadata: { encoding: Buffer.from('binary/plain') }, data: new Uint8Array(randomBytes(5_000)) }
    const encoded = await codec.encode([payload, small, random])
    assert.deepEqual(encoded.map(encodingOf), ['binary/gzip', 'json/plain', 'binary/plain'])
    assert.ok((encoded[0]?.data?.length ?? Infinity) < 500)
    const decoded = await codec.decode(encoded)
    for (const [index, each] of [payload, small, random].entries()) same(decoded[index], each)
  })

  test('has a limit below which nothing is compressed', async () => {
    const [encoded] = await createGzipCodec({ minimumBytes: 10_000 }).encode([payload])
    assert.equal(encodingOf(encoded), 'json/plain')
  })
})
