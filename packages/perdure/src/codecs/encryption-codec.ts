/** Encrypts payloads with AES-256-GCM. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { PerdureError, type PayloadCodec } from '@perdure/engine'
import type { Payload } from '@perdure/workflow'
import { payloadBytes, payloadOf } from './payload-bytes.ts'

export interface EncryptionCodecOptions {
  /** Names the key that new payloads are encrypted with. */
  readonly keyId: string
  /**
   * Keys of 32 bytes by their names, or where to get one. Keys that were in use before stay here, so that what they encrypted can
   * be read. A function is asked for each key once; when it fails, it is asked again.
   */
  readonly keys: Readonly<Record<string, Uint8Array>> | ((keyId: string) => Promise<Uint8Array> | Uint8Array)
}

const encoding = 'binary/encrypted'
const ivBytes = 12
const tagBytes = 16
const keyBytes = 32

/**
 * A codec that encrypts whole payloads, metadata included, with AES-256-GCM. The name of the key stands beside each, so that
 * keys can be changed: new payloads get the new key, old ones are read with theirs.
 * @throws PerdureError PAYLOAD_CODEC_FAILED when a key is missing or is not of 32 bytes
 * @example
 * const engine = await Engine.open({
 *   dataConverter: { payloadCodecs: [createEncryptionCodec({ keyId: '2026', keys: { '2026': key } })] },
 * })
 */
export function createEncryptionCodec({ keyId, keys }: EncryptionCodecOptions): PayloadCodec {
  if (typeof keyId !== 'string' || keyId === '') throw failed('The keyId of createEncryptionCodec() is no text; give the name of a key')
  checkKeys(keyId, keys)
  const known = new Map<string, Promise<Uint8Array>>()
  const keyOf = (id: string): Promise<Uint8Array> => {
    const found = known.get(id)
    if (found !== undefined) return found
    const asked = askedKey(keys, id)
    known.set(id, asked)
    asked.catch(() => known.delete(id))
    return asked
  }
  return {
    encode: async (payloads) => {
      const key = await keyOf(keyId)
      return payloads.map((payload) => encrypted(payload, keyId, key))
    },
    decode: async (payloads) => Promise.all(payloads.map(async (payload) => {
      if (nameOf(payload) !== encoding) return payload
      const id = Buffer.from(payload.metadata?.['encryption-key-id'] ?? new Uint8Array()).toString()
      return decrypted(payload, await keyOf(id))
    })),
  }
}

/** Those of a function are seen when they are asked for. */
function checkKeys(keyId: string, keys: EncryptionCodecOptions['keys']): void {
  if (typeof keys === 'function') return
  if (typeof keys !== 'object' || keys === null) {
    throw failed('The keys of createEncryptionCodec() are no object; give keys by their names, or a function that gets one')
  }
  for (const id of new Set([keyId, ...Object.keys(keys)])) checkedKey(id, Object.hasOwn(keys, id) ? keys[id] : undefined)
}

async function askedKey(keys: EncryptionCodecOptions['keys'], id: string): Promise<Uint8Array> {
  return checkedKey(id, typeof keys === 'function' ? await keys(id) : Object.hasOwn(keys, id) ? keys[id] : undefined)
}

function checkedKey(id: string, key: Uint8Array | undefined): Uint8Array {
  if (key?.length === keyBytes) return key
  const problem = key === undefined ? 'is not there' : `has ${key.length} bytes`
  throw failed(`The key '${id}' of the encryption codec ${problem}; give 32 bytes, as of randomBytes(32), and keep those of older payloads`)
}

function encrypted(payload: Payload, keyId: string, key: Uint8Array): Payload {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const data = Buffer.concat([iv, cipher.update(payloadBytes(payload)), cipher.final(), cipher.getAuthTag()])
  return { metadata: { encoding: Buffer.from(encoding), 'encryption-key-id': Buffer.from(keyId) }, data }
}

/** Fails when it was changed, or is of another key. */
function decrypted({ data }: Payload, key: Uint8Array): Payload {
  const bytes = Buffer.from(data ?? new Uint8Array())
  const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
  cipher.setAuthTag(bytes.subarray(-tagBytes))
  return payloadOf(Buffer.concat([cipher.update(bytes.subarray(ivBytes, -tagBytes)), cipher.final()]))
}

function nameOf({ metadata }: Payload): string {
  return Buffer.from(metadata?.['encoding'] ?? new Uint8Array()).toString()
}

function failed(message: string): PerdureError {
  return new PerdureError('PAYLOAD_CODEC_FAILED', message)
}
