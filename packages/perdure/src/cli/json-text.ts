/** Any value as JSON, also what a payload converter read and JSON has not: a command that has an answer prints it. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value ?? null, printableValue, indent)
}

function printableValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Map) return [...value]
  return value instanceof Set ? [...value] : value
}
