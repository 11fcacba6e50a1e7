/** How fast a backlog is drained, from looks at it while it is; the first is taken when the workers are ready. */
export interface Sample {
  /** Since the workers are ready. */
  readonly seconds: number
  readonly completed: number
}

/**
 * Workflows per second between the first look that saw one completed and the last: an engine's first look for work is left out. Of a
 * drain too short for two such looks the time since the look before counts. Undefined: it was over before the first look.
 */
export function drainRate(samples: readonly Sample[]): number | undefined {
  const seen = samples.findIndex((sample) => sample.completed > 0)
  const last = samples.at(-1)
  if (seen === -1 || last === undefined) return 0
  const from = samples[seen] === last ? samples[seen - 1] : samples[seen]
  return from === undefined ? undefined : (last.completed - from.completed) / (last.seconds - from.seconds)
}

const lookMsMin = 5
const lookMsMax = 500

/** Of the time between two looks. */
const lookShareMax = 0.1

/** Of the time since one was completed: a short drain is looked at more often than a long one, and both are told as exactly. */
const pauseShare = 0.05

/**
 * Looks cost the database time (the last one took `lookMs`), so they are rare; one falls close to the expected end, and the next ones
 * after it follow soon.
 */
export function nextLookMs(samples: readonly Sample[], all: number, lookMs: number): number {
  const { seconds, completed } = samples.at(-1) ?? { seconds: 0, completed: 0 }
  const since = samples.find((sample) => sample.completed > 0)?.seconds ?? seconds
  const usual = Math.max(lookMsMin, lookMs / lookShareMax, Math.min(lookMsMax, (seconds - since) * 1_000 * pauseShare))
  const rate = drainRate(samples) ?? 0
  return rate === 0 ? usual : Math.min(usual, Math.max(lookMsMin, lookMs, ((all - completed) / rate) * 1_000))
}
