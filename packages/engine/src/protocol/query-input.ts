/** What a query is asked with: a JSON array of arguments, and on a second line the headers, if there are any. */
import type { Headers } from '@perdure/workflow'
import { encodeHeaders, type StoredHeaders } from './headers.ts'
import type { Payload } from './payload.ts'

export function encodeQueryInput(args: Payload, headers: Headers | undefined): Payload {
  const stored = encodeHeaders(headers)
  return stored === undefined ? args : `${args}\n${JSON.stringify(stored)}` as Payload
}

export interface QueryInput {
  readonly args: Payload
  readonly headers: StoredHeaders | undefined
}

export function decodeQueryInput(text: Payload): QueryInput {
  const end = text.indexOf('\n')
  if (end === -1) return { args: text, headers: undefined }
  return { args: text.slice(0, end) as Payload, headers: JSON.parse(text.slice(end + 1)) as StoredHeaders }
}
