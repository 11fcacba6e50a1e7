import type { Logger } from '../ports/logger.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import { decodeFailure } from '../protocol/failure-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import type { AttemptEnd } from '../protocol/attempt-end.ts'
import { activityFields } from './log-line.ts'

/** A line for each attempt that did not complete, with what follows; a cancelled one is no news. */
export function logAttempt(logger: Logger, task: ActivityTask, ended: AttemptEnd, now: number): void {
  const { activityType, attempt } = task
  const fields = activityFields(task)
  const what = `Activity '${activityType}' failed in attempt ${attempt}`
  if (ended.type === 'retry') {
    const seconds = Math.max(0, ended.availableAt - now) / 1_000
    logger.warn(`${what} and is tried again ${seconds === 0 ? 'at once' : `in ${seconds} s`}: ${messageOf(ended.lastFailure)}`, fields)
  } else if (ended.event.type === 'ActivityTaskFailed' || ended.event.type === 'ActivityTaskTimedOut') {
    logger.warn(`${what}, its last: ${messageOf(ended.event.failure)}`, fields)
  }
}

function messageOf(failure: Payload): string {
  const { message } = decodeFailure(failure)
  return message === '' ? 'it gave no message' : message
}
