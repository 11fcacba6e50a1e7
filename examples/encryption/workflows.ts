import { proxyActivities } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { diagnose } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

/** Knows nothing of encryption: values are decoded before the code sees them. */
export async function visit(complaint: string): Promise<string> {
  return diagnose(complaint)
}
