import { proxyActivities } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { greet } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

/** Knows nothing of customers. */
export async function welcome(): Promise<string> {
  return greet()
}
