/** How often things go wrong; each seed has its own weather, and at the end of a simulation it is fair. */
import type { Random } from '../../packages/testing/src/simulation/random.ts'

export interface Weather {
  /** Latest arrival of a call or an answer in the usual case, and of those that are slow. */
  readonly latencyMs: number
  readonly slowMs: number
  readonly slow: number
  /** Of calls: fails before it has an effect; fails after, or before, and nobody knows which; the database is busy. */
  readonly unavailable: number
  readonly unknown: number
  readonly busy: number
  /** Of rows that a commit or a post wants: another holds them. */
  readonly contended: number
  /** Of batches with several transitions: refused as a whole. */
  readonly rejected: number
  /** Of transitions and starts that are sent alone: refused, as what the database can never take. */
  readonly rejectedAlone: number
  readonly hintLost: number
  readonly hintTwice: number
  /** Faults of processes: one in so many steps. */
  readonly stepsPerFault: number
  /** Of faults: which. */
  readonly faults: readonly FaultKind[]
}

export const kinds = ['crash', 'freeze', 'partition', 'jump', 'leave', 'lock lost'] as const
export type FaultKind = (typeof kinds)[number]

export const fairWeather: Weather = {
  latencyMs: 2, slowMs: 0, slow: 0, unavailable: 0, unknown: 0, busy: 0, contended: 0, rejected: 0, rejectedAlone: 0,
  hintLost: 0, hintTwice: 0,
  stepsPerFault: Infinity, faults: [],
}

export function drawWeather(random: Random): Weather {
  const sky = random.next()
  if (sky < 0.05) return fairWeather
  const rough = sky < 0.5 ? 0.2 : 1
  const often = (most: number): number => (random.chance(0.4) ? 0 : random.next() * most * rough)
  return {
    latencyMs: random.pick([0, 1, 5, 30]), slowMs: random.pick([50, 500, 8_000]), slow: often(0.1),
    unavailable: often(0.06), unknown: often(0.06), busy: often(0.06), contended: often(0.1), rejected: often(0.4),
    rejectedAlone: random.chance(0.7) ? 0 : often(0.1),
    hintLost: random.pick([0, 0.3, 1]), hintTwice: often(0.3),
    stepsPerFault: random.pick([20, 60, 200, 600, 2_000]),
    faults: random.chance(0.3) ? [random.pick(kinds)] : kinds,
  }
}
