/** Those of `known` that are probably meant by `name`, best first: at most three, none when nothing is close. */
export function nearMatches(name: string, known: Iterable<string>): string[] {
  const wanted = name.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  const scored: { candidate: string; distance: number }[] = []
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase(), limit)
    if (distance <= limit) scored.push({ candidate, distance })
  }
  scored.sort((left, right) => left.distance - right.distance || (left.candidate < right.candidate ? -1 : 1))
  return scored.slice(0, 3).map((each) => each.candidate)
}

/** "; did you mean 'x' or 'y'?", or nothing when nothing is close. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearMatches(name, known)
  return near.length === 0 ? '' : `; did you mean ${near.map((each) => `'${each}'`).join(' or ')}?`
}

/** What to say of a name that is not among those registered: near matches, or those that are. A sentence's end. */
export function registeredHint(name: string, registered: readonly string[]): string {
  const near = didYouMean(name, registered)
  if (near !== '') return near
  if (registered.length === 0) return '; it has none at all.'
  const shown = registered.length > namesShownMax ? [...registered.slice(0, namesShownMax), '...'] : registered
  return `; it has ${shown.join(', ')}.`
}
const namesShownMax = 20

/**
 * What to say of an option that is not among `known`: near matches, or all that are known.
 * @param notYet names that Temporal has and Perdure does not: somebody who brings one along has not mistyped it
 */
export function unknownOptionHint(key: string, known: readonly string[], notYet: readonly string[] = []): string {
  if (notYet.includes(key)) return "; Temporal has it, Perdure does not yet: leave it out (README, 'What is not there yet')"
  return didYouMean(key, known) || `; known are ${known.join(', ')}`
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment); more than `limit` is not told apart. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1
  let before: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1]
      let best = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (swapped) best = Math.min(best, (before[column - 2] ?? 0) + 1)
      current.push(best)
    }
    before = previous
    previous = current
  }
  return previous[right.length] ?? limit + 1
}
