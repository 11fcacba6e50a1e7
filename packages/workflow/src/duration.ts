import { PerdureError } from './perdure-error.ts'

/**
 * Milliseconds, or a number with a unit: '100ms', '30 seconds', '1.5h', '2 days', '1 week'.
 *
 * As on Temporal the compiler knows the units, so that it refuses '5 parsecs'. A text that is put together or read
 * somewhere is checked when it is used: pass it `as Duration`.
 */
export type Duration = number | DurationText

type DurationText = `${number}` | `${number}${UnitInAnyCase}` | `${number} ${UnitInAnyCase}`
type UnitInAnyCase = Unit | Capitalize<Unit> | Uppercase<Unit>
type Unit =
  | 'ms' | 'msec' | 'msecs' | 'millisecond' | 'milliseconds' | 's' | 'sec' | 'secs' | 'second' | 'seconds'
  | 'm' | 'min' | 'mins' | 'minute' | 'minutes' | 'h' | 'hr' | 'hrs' | 'hour' | 'hours' | 'd' | 'day' | 'days'
  | 'w' | 'week' | 'weeks' | 'y' | 'yr' | 'yrs' | 'year' | 'years'

const millisecond = 1
const second = 1_000 * millisecond
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const milliseconds: Readonly<Record<Unit, number>> = {
  ms: millisecond, msec: millisecond, msecs: millisecond, millisecond, milliseconds: millisecond,
  s: second, sec: second, secs: second, second, seconds: second,
  m: minute, min: minute, mins: minute, minute, minutes: minute,
  h: hour, hr: hour, hrs: hour, hour, hours: hour,
  d: day, day, days: day,
  w: 7 * day, week: 7 * day, weeks: 7 * day,
  y: 365.25 * day, yr: 365.25 * day, yrs: 365.25 * day, year: 365.25 * day, years: 365.25 * day,
}
const units: ReadonlyMap<string, number> = new Map(Object.entries(milliseconds))

/** 100,000 years: with it added to any time of now, a time can still be stored as a whole number and shown as a Date. */
export const durationMsMax = 100_000 * milliseconds.y

const pattern = /^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-z]*)\s*$/i

/**
 * A duration in whole milliseconds (rounded; above zero at least 1).
 * @param what names the option in errors, as in "startToCloseTimeout of activity 'charge'"
 * @throws PerdureError DURATION_INVALID
 */
export function durationToMs(value: number | string, what: string): number {
  const ms = signedMs(value, what)
  if (ms < 0) throw invalid(value, what, 'is negative')
  return ms
}

/** As durationToMs, but for timers, which last at least 1 ms: what is negative or zero becomes 1. */
export function timerMs(value: number | string, what: string): number {
  return Math.max(1, signedMs(value, what))
}

/** As durationToMs, but negative ones too. */
export function signedMs(value: number | string, what: string): number {
  const ms = typeof value === 'number' ? value : parseText(value, what)
  if (Number.isNaN(ms)) throw invalid(value, what, 'is not a number')
  if (Math.abs(ms) > durationMsMax) throw invalid(value, what, 'is too long (more than 100,000 years)')
  return ms > 0 && ms < 1 ? 1 : Math.round(ms)
}

function parseText(value: unknown, what: string): number {
  if (typeof value !== 'string') throw invalid(value, what, `is ${value === null ? 'null' : `of type ${typeof value}`}`)
  if (value.trim() === '') throw invalid(value, what, 'is empty')
  const [, amount, unit = ''] = pattern.exec(value) ?? []
  if (amount === undefined) throw invalid(value, what, 'is no number with a unit')
  const factor = unit === '' ? millisecond : units.get(unit.toLowerCase())
  if (factor === undefined) throw invalid(value, what, `has the unknown unit '${unit}'`)
  return Number(amount) * factor
}

function invalid(value: unknown, what: string, problem: string): PerdureError {
  const shown = typeof value === 'string' ? `'${value.slice(0, 100)}'` : String(value)
  const wrong = value === undefined ? 'none was given' : `${shown} ${problem}`
  return new PerdureError(
    'DURATION_INVALID',
    `Wrong duration for ${what}: ${wrong}; give milliseconds as a number, or a number with a unit such as '500ms', ` +
      "'30 seconds', '1.5h' or '2 days'",
  )
}
