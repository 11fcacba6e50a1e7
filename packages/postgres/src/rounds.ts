/**
 * Set statements change a row once, whatever their list says of it. A list that names a task twice is played in rounds:
 * each names a task once, in lock order, and the first of a task comes in the first round.
 */
export interface Placed<T> {
  readonly item: T
  /** In the list that was given. */
  readonly place: number
}

interface TaskKey {
  readonly runId: string
  readonly command: number
}

export function rounds<T extends TaskKey>(items: readonly T[]): readonly Placed<T>[][] {
  const found: Placed<T>[][] = []
  const seen = new Map<string, number>()
  for (const [place, item] of items.entries()) {
    const key = `${item.runId}:${item.command}`
    const round = seen.get(key) ?? 0
    seen.set(key, round + 1)
    const list = found[round] ?? []
    found[round] = list
    list.push({ item, place })
  }
  for (const round of found) round.sort((a, b) => lockOrder(a.item, b.item))
  return found
}

function lockOrder(a: TaskKey, b: TaskKey): number {
  if (a.runId === b.runId) return a.command - b.command
  return a.runId < b.runId ? -1 : 1
}
