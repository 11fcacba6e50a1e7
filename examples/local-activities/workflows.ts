import { proxyActivities, proxyLocalActivities } from 'perdure/workflow'
import type * as activities from './activities.ts'

/**
 * Run by the worker that has the workflow, never by another: they have no queue, no heartbeats, and no limits over all workers.
 * For what is quick and may be done again.
 */
const { priceOf } = proxyLocalActivities<typeof activities>({ startToCloseTimeout: '2 seconds' })
const { pay } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 seconds' })

export async function checkout(items: readonly string[]): Promise<string> {
  const prices = await Promise.all(items.map((item) => priceOf(item)))
  return pay(prices.reduce((sum, price) => sum + price, 0))
}
