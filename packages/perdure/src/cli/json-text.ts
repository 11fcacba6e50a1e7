/** Any value as JSON, also what a payload converter read and JSON has not: a command that has an answer prints it. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value ?? null, printableValue, indent)
}

function printableValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Map) return [...value]
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
  return value instanceof Set ? [...value] : value
}
