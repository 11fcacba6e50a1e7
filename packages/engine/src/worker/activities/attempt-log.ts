import { failuresOf } from '../../conversion/value-converter.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { AttemptEnd } from '../../protocol/attempt-end.ts'
import { shownFailure } from '../../protocol/failure-codec.ts'
import type { Payload } from '../../protocol/payload.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { activityFields } from '../log/log-line.ts'

/** A line for each attempt that did not complete, with what follows; a cancelled one is no news. */
export function logAttempt(context: Pick<WorkerContext, 'logger' | 'values'>, task: ActivityTask, ended: AttemptEnd, now: number): void {
  const { logger } = context
  const { activityType, attempt } = task
  const fields = activityFields(task)
  const what = `Activity '${activityType}' failed in attempt ${attempt}`
  if (ended.type === 'retry') {
    const seconds = Math.max(0, ended.availableAt - now) / 1_000
    const when = seconds === 0 ? 'at once' : `in ${seconds} s`
    logger.warn(`${what} and is tried again ${when}: ${messageOf(context, ended.lastFailure)}`, fields)
  } else if (ended.event.type === 'ActivityTaskFailed' || ended.event.type === 'ActivityTaskTimedOut') {
    logger.warn(`${what}, its last: ${messageOf(context, ended.event.failure)}`, fields)
  }
}

function messageOf(context: Pick<WorkerContext, 'values'>, failure: Payload): string {
  const { message } = shownFailure(failuresOf(context), failure)
  return message === '' ? 'it gave no message' : message
}
