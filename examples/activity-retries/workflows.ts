import { ActivityFailure, ApplicationFailure, proxyActivities } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { fetchRate } = proxyActivities<typeof activities>({
  startToCloseTimeout: '5 seconds',
  retry: { initialInterval: 5, backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 5 },
})

/** What an amount in dollars is worth; null where nobody trades in the currency. */
export async function convert(dollars: number, currency: string): Promise<number | null> {
  try {
    return dollars * await fetchRate(currency)
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : undefined
    if (cause instanceof ApplicationFailure && cause.type === 'UnknownCurrency') return null
    throw error
  }
}
