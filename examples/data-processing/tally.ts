/** What became of records: of a batch, of the batches so far, of the whole dataset. */
export interface Tally {
  readonly processed: number
  readonly failed: number
  /** How often, by what was wrong. */
  readonly problems: Readonly<Record<string, number>>
  readonly revenueCents: Readonly<Record<string, number>>
}

export const emptyTally: Tally = { processed: 0, failed: 0, problems: {}, revenueCents: {} }

export function sumOf(one: Tally, other: Tally): Tally {
  return {
    processed: one.processed + other.processed,
    failed: one.failed + other.failed,
    problems: sumsOf(one.problems, other.problems),
    revenueCents: sumsOf(one.revenueCents, other.revenueCents),
  }
}

function sumsOf(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): Record<string, number> {
  const sums = { ...one }
  for (const [name, count] of Object.entries(other)) sums[name] = (sums[name] ?? 0) + count
  return sums
}
