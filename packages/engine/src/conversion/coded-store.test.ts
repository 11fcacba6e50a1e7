import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { defaultPayloadConverter } from '@perdure/workflow'
import type { createMemoryStore } from '@perdure/testing'
import { clientStage, fakeWorker } from '../../test/client-stage.ts'
import type { Logger } from '../ports/logger.ts'
import type { RunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import type { EventRecord, Transition } from '../protocol/transition.ts'
import { codedStore } from './coded-store.ts'
import { inTransition } from './payload-places.ts'
import { decodeAll, encodeAll, encodedPayload, type PayloadCodec } from './payload-codec.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

/** Hides bytes by another one, and says so. */
function hiding(key: number, name = 'binary/hidden'): PayloadCodec {
  const hidden = (bytes: Uint8Array | null | undefined) => (bytes ?? new Uint8Array()).map((byte) => byte ^ key)
  return {
    encode: async (payloads) => payloads.map(({ metadata, data }) => ({
      metadata: { ...metadata, encoding: utf8(name), [`in ${name}`]: metadata?.['encoding'] ?? new Uint8Array() }, data: hidden(data),
    })),
    decode: async (payloads) => payloads.map((payload) => {
      if (Buffer.from(payload.metadata?.['encoding'] ?? []).toString() !== name) return payload
      const { [`in ${name}`]: encoding = new Uint8Array(), ...metadata } = payload.metadata ?? {}
      return { metadata: { ...metadata, encoding }, data: hidden(payload.data) }
    }),
  }
}

const failing: PayloadCodec = {
  encode: async () => { throw new Error('the key service is away') },
  decode: async () => { throw new Error('the key service is away') },
}

function loggerTo(lines: string[]): Logger {
  const write = (message: string) => void lines.push(message)
  return { debug: write, info: write, warn: write, error: write }
}

const unowned = fakeWorker({ accepts: () => false }).worker

test('codecs encode from the last to the first, decode the other way round, and a result is stored with its name and size', async () => {
  const codecs = [hiding(1, 'outer'), hiding(2, 'inner')]
  const texts = ['{"a":1}', '7'] as Payload[]
  const stored = await encodeAll(codecs, texts)
  assert.deepEqual(stored.map(encodedPayload), [{ encoding: 'outer', bytes: 7 }, { encoding: 'outer', bytes: 1 }])
  assert.ok(stored.every((text) => text.startsWith(':') && !text.includes('\n')))
  assert.deepEqual(await decodeAll(codecs, stored), texts)
  assert.equal(encodedPayload('{"a":1}' as Payload), undefined)
})

test('a codec that gives another number of payloads is refused', async () => {
  const losing: PayloadCodec = { encode: async () => [], decode: async () => [] }
  await assert.rejects(encodeAll([losing], ['1' as Payload]), { code: 'PAYLOAD_CODEC_FAILED', message: /0 payloads of 1/ })
})

suite('a store behind codecs', () => {
  /** A client on it, and what the database holds. */
  function codedStage(codecs: readonly PayloadCodec[], lines: string[] = []) {
    const trace = { trace: defaultPayloadConverter.toPayload('secret') }
    let database: ReturnType<typeof createMemoryStore> | undefined
    const stage = clientStage((memory) => {
      database = memory
      return codedMethods(codedStore(memory, codecs, loggerTo(lines)))
    }, {
      localWorker: unowned,
      interceptors: [{
        startWithDetails: (input, next) => next({ ...input, headers: trace }), signal: (input, next) => next({ ...input, headers: trace }),
      }],
    })
    return { ...stage, database: database ?? assert.fail() }
  }

  test('holds nothing that was passed, and gives all of it back', async () => {
    const { client, database, store, claimAll, close, clock } = codedStage([hiding(7)])
    const handle = await client.start('charge', {
      workflowId: 'w', args: ['secret'], memo: { note: 'secret' }, searchAttributes: { Region: ['eu'] }, staticSummary: 'secret',
    })
    await handle.signal('go', 'secret')
    const kept = await database.getExecution('default', 'w', null)
    const [message] = await database.readMessages(handle.runId as RunId, 1)
    assert.doesNotMatch(JSON.stringify([kept, message]), /secret|InNlY3JldCI/, 'neither as text nor in base64')
    assert.match(message?.data ?? '', /"signalName":"go"/, 'names stay readable')
    assert.equal(kept?.searchAttributes, '{"Region":["eu"]}', 'search attributes are searched by')
    const found = await client.describe('w')
    assert.deepEqual([found.input, found.memo, found.staticSummary], [['secret'], { note: 'secret' }, 'secret'])
    const [read] = await store.readMessages(handle.runId as RunId, 1)
    assert.match(read?.data ?? '', /"headers":\{"trace":\{.*\n\["secret"\]$/)
    const other = await client.start('charge', { workflowId: 'v' })
    await close(await claimAll(), other.runId, { result: (await encodeAll([hiding(7)], ['"secret"' as Payload]))[0] as Payload })
    const result = other.result()
    await clock.advance(1_000)
    assert.equal(await result, 'secret')
  })

  test('reads what was stored without codecs', async () => {
    const { client, database } = codedStage([hiding(7)])
    const plain = clientStage(codedMethods(database), { localWorker: unowned })
    await plain.client.start('charge', { workflowId: 'old', args: [1] })
    assert.deepEqual((await client.describe('old')).input, [1])
  })

  test('stores nothing when a codec fails, as if the database were away', async () => {
    const { client, database, clock } = codedStage([failing])
    const refused = assert.rejects(client.start('charge', { workflowId: 'w' }), {
      code: 'STORE_UNAVAILABLE', message: /payload codec failed.*key service is away/,
    })
    await clock.advance(60_000)
    await refused
    assert.equal(await database.getExecution('default', 'w', null), undefined)
  })

  test('refuses a payload that no codec takes, and takes the others', async () => {
    const { encode, decode } = hiding(7)
    const picky: PayloadCodec = {
      encode: async (payloads) => {
        if (payloads.some(({ data }) => Buffer.from(data ?? []).includes('unspeakable'))) throw new Error('not this one')
        return encode(payloads)
      },
      decode,
    }
    const { client, database } = codedStage([picky])
    await client.start('charge', { workflowId: 'w', args: ['fine'] })
    await assert.rejects(client.start('charge', { workflowId: 'v', args: ['unspeakable'] }), {
      code: 'STORE_REJECTED', message: /refuses a payload.*not this one.*dataConverter/,
    })
    assert.equal(await database.getExecution('default', 'v', null), undefined)
  })

  test('encodes what the code of an execution has changed, and what is kept of its start for that', () => {
    const upsert = { memo: 'a' as Payload, searchAttributes: 'b' as Payload, details: 'c' as Payload }
    const changed = inTransition({ ...emptyTransition, upsert }, (payload) => `:${payload}` as Payload)
    assert.deepEqual(changed.upsert, { memo: ':a', searchAttributes: 'b', details: ':c' })
    assert.equal('upsert' in inTransition(emptyTransition, (payload) => payload), false)
  })

  test('gives what cannot be decoded as it is stored, says why, and the rest all the same', async () => {
    const { client: writer, database } = codedStage([hiding(7)])
    await writer.start('charge', { workflowId: 'w', args: ['secret'] })
    const lines: string[] = []
    const other = clientStage(codedMethods(codedStore(database, [failing], loggerTo(lines))), { localWorker: unowned })
    const found = await other.client.describe('w')
    assert.deepEqual([found.workflowId, found.input], ['w', [{ encoded: 'binary/hidden', bytes: 10 }]])
    assert.match(lines[0] ?? '', /cannot be decoded: the key service is away/)
  })

  test('leaves events and messages without payloads as they are', async () => {
    const store = codedStore({ readHistory: async () => events } as never, [failing], loggerTo([]))
    const events: readonly EventRecord[] = [{ seq: 1, type: 'TimerFired', at: 1, data: '{"command":1}' }]
    assert.deepEqual(await store.readHistory('r' as RunId, 0, 1), events)
  })
})

const emptyTransition: Transition = {
  runId: 'r' as RunId, events: [], consumed: [], tasks: [], cancelTasks: [], close: null, release: null,
  resetTakeovers: false,
}

/** A proxy has no members to spread. */
function codedMethods(store: ReturnType<typeof createMemoryStore>): Partial<ReturnType<typeof createMemoryStore>> {
  return Object.fromEntries(Object.keys(store).map((name) => [name, store[name as keyof typeof store]]))
}
