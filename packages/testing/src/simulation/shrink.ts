/**
 * Makes a list that fails as short as can be found: leaves out ever smaller parts of it for as long as it still fails.
 * @see https://www.debuggingbook.org/html/DeltaDebugger.html
 */
export async function shrunk<T>(failing: readonly T[], fails: (part: readonly T[]) => Promise<boolean>): Promise<readonly T[]> {
  let current = failing
  for (let size = Math.max(1, current.length >> 1); current.length > 0;) {
    let left = false
    for (let from = 0; from < current.length;) {
      const rest = [...current.slice(0, from), ...current.slice(from + size)]
      if (await fails(rest)) {
        current = rest
        left = true
      } else from += size
    }
    if (left) continue
    if (size === 1) break
    size = size >> 1
  }
  return current
}
