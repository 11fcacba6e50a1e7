/** Values of Temporal's JSON as ours: durations, times, members of enumerations. Pure. */

/** Texts and numbers; empty for what is neither. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** '1.5s' to 1500; undefined where there is none. */
export function durationMsOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const seconds = Number.parseFloat(text)
  return Number.isNaN(seconds) ? undefined : Math.round(seconds * 1_000)
}

/** 'RETRY_STATE_TIMEOUT', and 'Timeout' as older tools wrote it, to 'TIMEOUT'; undefined where it is not given. */
export function enumOf(value: unknown, prefix: string): string | undefined {
  if (typeof value !== 'string') return undefined
  const name = value.startsWith(`${prefix}_`) ? value.slice(prefix.length + 1) : value.replace(/(?<=.)[A-Z]/g, '_$&').toUpperCase()
  return name === 'UNSPECIFIED' ? undefined : name
}

/** Milliseconds; finer parts are cut off, as the SDK does. */
export function timeOf(text: string): number {
  return Date.parse(text)
}
