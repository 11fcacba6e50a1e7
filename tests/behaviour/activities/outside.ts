import { activityInfo, CompleteAsyncError, heartbeat } from 'perdure/activity'
import { probe } from '../probe.ts'

/** Leaves the attempt to the test, which finds its token in the notes. */
export async function leave(key: string): Promise<string> {
  probe(key).note(activityInfo().base64TaskToken)
  throw new CompleteAsyncError()
}

/** As leave(), with details of a heartbeat, and without having asked for its token. */
export async function leaveWithDetails(key: string): Promise<unknown> {
  const { attempt, heartbeatDetails } = activityInfo()
  if (attempt > 1) return heartbeatDetails
  heartbeat({ page: 1 })
  probe(key).note('left')
  throw new CompleteAsyncError()
}

/** Runs on after it gave its token away. */
export async function giveTokenAway(key: string): Promise<string> {
  probe(key).note(activityInfo().base64TaskToken)
  await probe(key).opened
  return 'from the function'
}
