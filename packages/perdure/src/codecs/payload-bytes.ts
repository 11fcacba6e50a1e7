/** A payload with its metadata as bytes: a line of JSON with the metadata in base64, then the data as it is. */
import type { Payload } from '@perdure/workflow'

const lineEnd = 10

export function payloadBytes({ metadata, data }: Payload): Buffer {
  const texts = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')])
  return Buffer.concat([Buffer.from(`${JSON.stringify(Object.fromEntries(texts))}\n`), data ?? new Uint8Array()])
}

export function payloadOf(bytes: Buffer): Payload {
  const end = bytes.indexOf(lineEnd)
  const texts = JSON.parse(bytes.subarray(0, end).toString()) as Readonly<Record<string, string>>
  const metadata = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, new Uint8Array(Buffer.from(text, 'base64'))]))
  return { metadata, data: new Uint8Array(bytes.subarray(end + 1)) }
}
