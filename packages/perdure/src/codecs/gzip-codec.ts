/** Compresses payloads that get smaller by it. */
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { PayloadCodec } from '@perdure/engine'
import { payloadBytes, payloadOf } from './payload-bytes.ts'

export interface GzipCodecOptions {
  /** Smaller payloads are left as they are. Default 1,024. */
  readonly minimumBytes?: number
}

const encoding = 'binary/gzip'
const compress = promisify(gzip)
const decompress = promisify(gunzip)

/**
 * A codec that compresses payloads. Together with encryption it stands behind it in the list: the last codec encodes first, and
 * what is encrypted does not get smaller.
 * @example const codecs = [createEncryptionCodec({ keyId, keys }), createGzipCodec()]
 */
export function createGzipCodec({ minimumBytes = 1_024 }: GzipCodecOptions = {}): PayloadCodec {
  return {
    encode: (payloads) => Promise.all(payloads.map(async (payload) => {
      if ((payload.data?.length ?? 0) < minimumBytes) return payload
      const data = await compress(payloadBytes(payload))
      return data.length < (payload.data?.length ?? 0) ? { metadata: { encoding: Buffer.from(encoding) }, data } : payload
    })),
    decode: (payloads) => Promise.all(payloads.map(async (payload) => {
      const name = Buffer.from(payload.metadata?.['encoding'] ?? new Uint8Array()).toString()
      return name === encoding ? payloadOf(await decompress(payload.data ?? new Uint8Array())) : payload
    })),
  }
}
