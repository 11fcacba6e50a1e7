/** Where values lie on an axis, and which values are written beside it. */
export interface Axis {
  readonly ticks: readonly number[]
  /** From 0 to 1. */
  place(value: number): number
}

/** From zero to a round number above the largest value. */
export function linearAxis(values: readonly number[]): Axis {
  const largest = Math.max(...values, Number.MIN_VALUE)
  const step = roundStep(largest / 4)
  const top = Math.ceil(largest / step) * step
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => Number((index * step).toPrecision(12)))
  return { ticks, place: (value) => value / top }
}

/** With a tick at each value; equal ratios are equally far apart. */
export function logarithmicAxis(values: readonly number[]): Axis {
  const ticks = [...new Set(values)].sort((a, b) => a - b)
  const [low = 1] = ticks
  const high = ticks.at(-1) ?? low
  const width = Math.log(high / low)
  return { ticks, place: (value) => (width === 0 ? 0.5 : Math.log(value / low) / width) }
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}

/** 1,500,000 as 1.5 M. */
export function shortNumber(value: number): string {
  const [divisor, suffix] = value >= 1e6 ? [1e6, ' M'] : value >= 10_000 ? [1e3, ' k'] : [1, '']
  return `${Number((value / divisor).toPrecision(3)).toLocaleString('en')}${suffix}`
}
