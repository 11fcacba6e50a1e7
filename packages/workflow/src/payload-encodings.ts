/** Names that payload converters are written with, as in Temporal's SDK: what a payload says of how its bytes are meant. */
export const METADATA_ENCODING_KEY = 'encoding'

export const encodingTypes = {
  METADATA_ENCODING_NULL: 'binary/null',
  METADATA_ENCODING_RAW: 'binary/plain',
  METADATA_ENCODING_JSON: 'json/plain',
  METADATA_ENCODING_PROTOBUF_JSON: 'json/protobuf',
  METADATA_ENCODING_PROTOBUF: 'binary/protobuf',
} as const

export type EncodingType = (typeof encodingTypes)[keyof typeof encodingTypes]

/** The same as bytes: metadata of payloads has no texts. */
export const encodingKeys: Readonly<Record<keyof typeof encodingTypes, Uint8Array>> = {
  METADATA_ENCODING_NULL: bytesOf(encodingTypes.METADATA_ENCODING_NULL),
  METADATA_ENCODING_RAW: bytesOf(encodingTypes.METADATA_ENCODING_RAW),
  METADATA_ENCODING_JSON: bytesOf(encodingTypes.METADATA_ENCODING_JSON),
  METADATA_ENCODING_PROTOBUF_JSON: bytesOf(encodingTypes.METADATA_ENCODING_PROTOBUF_JSON),
  METADATA_ENCODING_PROTOBUF: bytesOf(encodingTypes.METADATA_ENCODING_PROTOBUF),
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
