import { ActivityFailure, ApplicationFailure, proxyActivities, sleep, TimeoutFailure, workflowInfo } from 'perdure/workflow'
import type * as activities from './activities.ts'

// One attempt may take so long, and there is one.
const { hang } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 seconds', retry: { maximumAttempts: 1 } })
// All attempts together may take so long.
const { neverWorks } = proxyActivities<typeof activities>({ scheduleToCloseTimeout: '1 minute' })

export async function slowActivities(): Promise<readonly string[]> {
  const ends = await Promise.allSettled([hang(), neverWorks()])
  return ends.map((end) => {
    const cause = end.status === 'rejected' && end.reason instanceof ActivityFailure ? end.reason.cause : undefined
    return cause instanceof TimeoutFailure ? cause.timeoutType : `${cause?.message}`
  })
}

/** Fails twice; its retry policy runs it again. */
export async function third(): Promise<string> {
  const { attempt } = workflowInfo()
  if (attempt < 3) throw ApplicationFailure.create({ message: `attempt ${attempt} failed` })
  return `done in attempt ${attempt}`
}

export async function endless(): Promise<void> {
  await sleep('1000 days')
}
