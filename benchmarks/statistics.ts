/** The smallest value that the share `p` of all does not exceed (nearest rank). */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('no percentile of nothing')
  return value
}

/** Of an even number the mean of the two in the middle: who was too slow for a third run gets neither the better nor the worse. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [one, other] = [sorted[(values.length - 1) >> 1], sorted[values.length >> 1]]
  if (one === undefined || other === undefined) throw new RangeError('no median of nothing')
  return one === other ? one : (one + other) / 2
}

/** Where a null stands for what did not happen in time, which is later than all that did. */
export function medianOrNever(values: readonly (number | null)[]): number | null {
  const found = median(values.map((value) => value ?? Infinity))
  return found === Infinity ? null : found
}
