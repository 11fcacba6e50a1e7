import { activityInfo, ApplicationFailure } from 'perdure/activity'

const rates: Readonly<Record<string, number>> = { EUR: 0.92, JPY: 149.5 }

/** A service that answers from the third attempt on. */
export async function fetchRate(currency: string): Promise<number> {
  const { attempt } = activityInfo()
  console.log(`fetchRate ${currency}: attempt ${attempt}`)
  const rate = rates[currency]
  // Trying again would not help.
  if (rate === undefined) throw ApplicationFailure.nonRetryable(`nobody trades in ${currency}`, 'UnknownCurrency')
  if (attempt < 3) throw new Error('the service is busy')
  return rate
}
