/** What activityInfo() says of an attempt. */
import type { RetryPolicy } from '@perdure/workflow'
import type { ActivityInfo, ResolvedRetryPolicy } from '@perdure/workflow/host'
import type { ValueConverter } from '../../conversion/value-converter.ts'
import { decodeActivityOptions } from '../../protocol/activity-options-codec.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import { encodeTaskToken } from '../../protocol/task-token.ts'

export function attemptInfo(task: ActivityTask, values: ValueConverter, onToken: () => void): ActivityInfo {
  const options = decodeActivityOptions(task.options)
  const facts = {
    activityId: task.activityId, activityType: task.activityType, attempt: task.attempt, taskQueue: task.taskQueue,
    isLocal: options.local === true, inWorkflow: true, namespace: task.namespace, activityNamespace: task.namespace,
    retryPolicy: retryPolicyOf(options.retry),
    workflowExecution: { workflowId: task.workflowId, runId: task.runId },
    workflowType: task.workflowType, workflowNamespace: task.namespace,
    scheduledTimestampMs: task.scheduledAt, currentAttemptScheduledTimestampMs: task.availableAt,
    startToCloseTimeoutMs: options.startToCloseMs ?? options.scheduleToCloseMs ?? 0,
    scheduleToCloseTimeoutMs: options.scheduleToCloseMs ?? 0, priority: { priorityKey: task.priority },
    ...(options.heartbeatMs === undefined ? {} : { heartbeatTimeoutMs: options.heartbeatMs }),
    heartbeatDetails: task.heartbeatDetails === null ? undefined : values.decode(task.heartbeatDetails),
  }
  return Object.assign(new TokenOnDemand(task, onToken), facts)
}

function retryPolicyOf(resolved: ResolvedRetryPolicy): RetryPolicy {
  const { initialMs, coefficient, maximumMs, maximumAttempts, nonRetryableErrorTypes } = resolved
  return {
    initialInterval: initialMs, backoffCoefficient: coefficient, maximumInterval: maximumMs, maximumAttempts, nonRetryableErrorTypes,
  }
}

/** Hidden, for info is logged and returned: bytes are no JSON, and nobody else is to have the token unasked. */
class TokenOnDemand {
  readonly #task: ActivityTask
  readonly #onToken: () => void

  constructor(task: ActivityTask, onToken: () => void) {
    this.#task = task
    this.#onToken = onToken
  }

  get taskToken(): Uint8Array {
    this.#onToken()
    return encodeTaskToken(this.#task)
  }

  get base64TaskToken(): string {
    return Buffer.from(this.taskToken).toString('base64')
  }
}
