/** How fast a backlog is drained, from looks at it while it is. */
export interface Sample {
  readonly seconds: number
  readonly completed: number
}

/**
 * Workflows per second between the first look that saw one completed and the last: the start of the process is left out. Of a
 * drain too short for two such looks all of the time counts.
 */
export function drainRate(samples: readonly Sample[]): number {
  const first = samples.find((sample) => sample.completed > 0)
  const last = samples.at(-1)
  if (first === undefined || last === undefined) return 0
  if (first === last) return last.completed / last.seconds
  return (last.completed - first.completed) / (last.seconds - first.seconds)
}

const lookMsMax = 500
const lookMsMin = 20

/** Of the time between two looks. */
const lookShareMax = 0.1

/** Looks cost the database time (the last one took `lookMs`), so they are rare, and one falls close to the expected end. */
export function nextLookMs(samples: readonly Sample[], all: number, lookMs: number): number {
  const rate = drainRate(samples)
  const left = all - (samples.at(-1)?.completed ?? 0)
  return rate === 0 ? lookMsMax / 5 : Math.min(Math.max(lookMsMax, lookMs / lookShareMax), Math.max(lookMsMin, (left / rate) * 1_000))
}
