/** An error as plain data: what code that catches it can see. Also used by workflows, so it stands on nothing. */

export interface DescribedError {
  readonly class: string
  readonly name: string
  readonly message: string
  readonly [field: string]: unknown
}

const fields = [
  'type', 'nonRetryable', 'category', 'details', 'retryState', 'activityType', 'workflowType', 'timeoutType', 'reason', 'code', 'started',
  'cause',
]

/** Whatever was thrown. */
export function describedError(error: unknown): DescribedError | { readonly thrown: unknown } {
  if (!isError(error)) return { thrown: error ?? null }
  const described: Record<string, unknown> = {
    class: error.constructor.name, name: error.name, message: error.message,
  }
  for (const field of fields) {
    const value = (error as unknown as Record<string, unknown>)[field]
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue
    described[field] = field === 'cause' ? describedError(value) : value
  }
  return described as DescribedError
}

/** Of the failure that caused the error, also where they are empty. */
export function detailsUnder(error: unknown): unknown {
  const { details } = (error as { readonly cause: { readonly details?: unknown } }).cause
  return details === undefined ? 'undefined' : details
}

/** What a promise came to. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return { value: await promise ?? null }
  } catch (error) {
    return { error: describedError(error) }
  }
}

/** Errors may be of another realm. */
function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'name' in value
}
