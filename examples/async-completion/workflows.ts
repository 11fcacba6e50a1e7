import { ActivityFailure, proxyActivities } from 'perdure/workflow'
import type { createActivities } from './activities.ts'

const { sign } = proxyActivities<ReturnType<typeof createActivities>>({ startToCloseTimeout: '7 days', retry: { maximumAttempts: 1 } })

export async function contract(paper: string): Promise<string> {
  try {
    return `${paper}: ${await sign(paper)}`
  } catch (error) {
    if (error instanceof ActivityFailure) return `${paper}: not signed, ${error.cause?.message}`
    throw error
  }
}
