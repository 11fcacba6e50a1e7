/** Choices that follow from a seed. */
import { createRandom } from '../../packages/testing/src/simulation/random-numbers.ts'

export interface Random {
  /** From 0 to `below` - 1. */
  integer(below: number): number
  chance(of: number): boolean
  pick<T>(all: readonly T[]): T
  /** Each with its weight. */
  weighted<T>(all: readonly (readonly [weight: number, what: T])[]): T
}

export function choicesOf(seed: number): Random {
  const next = createRandom(seed)
  const integer = (below: number): number => Math.floor(next() * below)
  return {
    integer,
    chance: (of) => next() < of,
    pick: (all) => {
      const picked = all[integer(all.length)]
      if (picked === undefined) throw new Error('Nothing to choose from')
      return picked
    },
    weighted: (all) => {
      let at = next() * all.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, what] of all) if ((at -= weight) < 0) return what
      throw new Error('Nothing to choose from')
    },
  }
}
