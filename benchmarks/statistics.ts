/** The value below which the share `p` of all lies (nearest rank). */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]
  if (value === undefined) throw new RangeError('no percentile of nothing')
  return value
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** Where a null stands for what did not happen in time, which is later than all that did. */
export function medianOrNever(values: readonly (number | null)[]): number | null {
  const found = median(values.map((value) => value ?? Infinity))
  return found === Infinity ? null : found
}
