/**
 * Payload codecs, for `dataConverter.payloadCodecs` of an engine: what is stored is encrypted, or compressed.
 *
 * @example
 * import { createEncryptionCodec, createGzipCodec } from 'perdure/codecs'
 */
export { createEncryptionCodec } from './codecs/encryption-codec.ts'
export type { EncryptionCodecOptions } from './codecs/encryption-codec.ts'
export { createGzipCodec } from './codecs/gzip-codec.ts'
export type { GzipCodecOptions } from './codecs/gzip-codec.ts'
export type { PayloadCodec } from '@perdure/engine'
export type { Payload } from '@perdure/workflow'
