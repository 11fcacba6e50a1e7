import { CancellationScope } from './cancellation-scope.ts'
import { PerdureError } from './perdure-error.ts'

/**
 * Calls `fn` for every item, for at most `limit` of them at a time, and gives the results in the order of the items. The
 * first that fails cancels those under way, no further one begins, and when all have ended its error is thrown.
 * @example const receipts = await mapConcurrently(orders, 5, (order) => charge(order))
 * @throws PerdureError OPTIONS_INVALID when the limit is no whole number from 1 on
 */
export async function mapConcurrently<T, R>(
  items: Iterable<T>, limit: number, fn: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new PerdureError('OPTIONS_INVALID', `mapConcurrently() was given ${String(limit)} as the limit; give a whole number from 1 on`)
  }
  const all = [...items]
  const scope = new CancellationScope()
  return scope.run(async () => {
    const results: R[] = []
    const failures: unknown[] = []
    const waiting = all.entries()
    const lane = async (): Promise<void> => {
      for (const [index, item] of waiting) {
        if (failures.length > 0) return
        try {
          results[index] = await fn(item, index)
        } catch (error) {
          failures.push(error)
          scope.cancel()
        }
      }
    }
    await Promise.all(Array.from({ length: Math.min(limit, all.length) }, lane))
    if (failures.length > 0) throw failures[0]
    return results
  })
}
