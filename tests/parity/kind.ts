/** What somebody was given, as plain data: bytes may come as a subclass in one place, and as another there. */
export function kindOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value)
  return value instanceof Uint8Array ? `${value.constructor.name} of ${value.join()}` : value.constructor.name
}
