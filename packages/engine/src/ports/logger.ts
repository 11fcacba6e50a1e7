type Attributes = Readonly<Record<string, unknown>>

/**
 * Where the engine, and `log` of workflows and activities, write. `console` is one, and what implements Temporal's Logger.
 *
 * Lines about an execution carry workflowId, runId, workflowType and attempt, those about an activity also activityType and
 * activityId. A line of workflow code is written once, when what led to it is durable; never on replay.
 */
export interface Logger {
  /** Without it, traces are written as debug. */
  trace?(message: string, attributes?: Attributes): void
  debug(message: string, attributes?: Attributes): void
  info(message: string, attributes?: Attributes): void
  warn(message: string, attributes?: Attributes): void
  error(message: string, attributes?: Attributes): void
}
