import { ApplicationFailure } from '@perdure/workflow'
import { failuresOf } from '../../conversion/value-converter.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { AttemptEnd } from '../../protocol/attempt-end.ts'
import { shownFailure } from '../../protocol/failure-codec.ts'
import type { Payload } from '../../protocol/payload.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { activityFields } from '../log/log-line.ts'

/** A line for each attempt that did not complete, with what follows; a cancelled one is no news, and what is BENIGN for those who look. */
export function logAttempt(context: Pick<WorkerContext, 'logger' | 'values'>, task: ActivityTask, ended: AttemptEnd, now: number): void {
  const { logger } = context
  const { activityType, attempt } = task
  const fields = activityFields(task)
  const what = `Activity '${activityType}' failed in attempt ${attempt}`
  const tell = (said: string, payload: Payload): void => {
    const failure = shownFailure(failuresOf(context), payload)
    const line = `${what}${said}: ${failure.message === '' ? 'it gave no message' : failure.message}`
    if (failure instanceof ApplicationFailure && failure.category === 'BENIGN') logger.debug(line, fields)
    else logger.warn(line, fields)
  }
  if (ended.type === 'retry') {
    const seconds = Math.max(0, ended.availableAt - now) / 1_000
    tell(` and is tried again ${seconds === 0 ? 'at once' : `in ${seconds} s`}`, ended.lastFailure)
  } else if (ended.event.type === 'ActivityTaskFailed' || ended.event.type === 'ActivityTaskTimedOut') {
    tell(', its last', ended.event.failure)
  }
}
