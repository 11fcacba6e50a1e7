/** ResolvedActivityOptions as one line of JSON; whatever equals a default is left out, because it is part of every event. */
import type { ResolvedActivityOptions, ResolvedRetryPolicy } from '@perdure/workflow/host'
import { decodedOptionsMax } from '../limits.ts'
import { decodeHeaders, encodeHeaders, type StoredHeaders } from './headers.ts'
import type { Payload } from './payload.ts'

const defaultRetry: ResolvedRetryPolicy = {
  initialMs: 1_000, coefficient: 2, maximumMs: 100_000, maximumAttempts: 0, nonRetryableErrorTypes: [],
}

const encoded = new WeakMap<ResolvedActivityOptions, Payload>()

/** Options objects are made once per proxy, so their text is kept. */
export function encodeActivityOptions(options: ResolvedActivityOptions): Payload {
  const known = encoded.get(options)
  if (known !== undefined) return known
  const { retry, cancellationType, headers, ...rest } = options
  const stored: Record<string, unknown> = { ...rest }
  if (headers !== undefined) stored['headers'] = encodeHeaders(headers)
  if (cancellationType !== 'TRY_CANCEL') stored['cancellationType'] = cancellationType
  const changed = Object.entries(retry).filter(([name, value]) => {
    const standard = defaultRetry[name as keyof ResolvedRetryPolicy]
    return Array.isArray(value) ? value.length > 0 : value !== standard
  })
  if (changed.length > 0) stored['retry'] = Object.fromEntries(changed)
  const text = JSON.stringify(stored) as Payload
  encoded.set(options, text)
  return text
}

type StoredOptions = Omit<Partial<ResolvedActivityOptions>, 'headers'> & { readonly headers?: StoredHeaders }

/** The few texts of a program's proxies come again and again. */
const decoded = new Map<Payload, ResolvedActivityOptions>()

export function decodeActivityOptions(payload: Payload): ResolvedActivityOptions {
  const known = decoded.get(payload)
  if (known !== undefined) return known
  const { headers, ...stored } = JSON.parse(payload) as StoredOptions
  const options: ResolvedActivityOptions = {
    ...stored, cancellationType: stored.cancellationType ?? 'TRY_CANCEL', retry: { ...defaultRetry, ...stored.retry },
    ...(headers === undefined ? {} : { headers: decodeHeaders(headers) }),
  }
  if (decoded.size >= decodedOptionsMax) decoded.clear()
  decoded.set(payload, options)
  return options
}
