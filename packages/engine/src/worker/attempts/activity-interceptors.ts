/** What may stand around activities: names and shapes are those of Temporal's TypeScript SDK. */
import type { Headers, MetricTags } from '@perdure/workflow'
import { Context, type LogAttributes } from '@perdure/workflow/activity'
import { checkMade } from '../../execution/made-interceptors.ts'
import { intercepted } from '../../protocol/intercepted.ts'

/** Makes the interceptors of one attempt; called in its context, before its function. */
export type ActivityInterceptorsFactory = (context: Context) => ActivityInterceptors

export interface ActivityInterceptors {
  readonly inbound?: ActivityInboundCallsInterceptor
  readonly outbound?: ActivityOutboundCallsInterceptor
}

export interface ActivityExecuteInput {
  readonly args: unknown[]
  readonly headers: Headers
}

/** Around the function of the activity. */
export interface ActivityInboundCallsInterceptor {
  execute?(input: ActivityExecuteInput, next: (input: ActivityExecuteInput) => Promise<unknown>): Promise<unknown>
}

/** Around what the function writes. */
export interface ActivityOutboundCallsInterceptor {
  /** What it returns is added to each line of the activity's log. */
  getLogAttributes?(
    input: Record<string, unknown>, next: (input: Record<string, unknown>) => Record<string, unknown>,
  ): Record<string, unknown>
  /** What it returns is added to each value of the activity's metrics. */
  getMetricTags?(input: MetricTags, next: (input: MetricTags) => MetricTags): MetricTags
}

/** The interceptors of one attempt, in the order of their factories: the first is the outermost. */
export interface AttemptInterceptors {
  execute(input: ActivityExecuteInput, fn: (...args: unknown[]) => unknown): Promise<unknown>
  logAttributes(attributes: LogAttributes): LogAttributes
  metricTags(tags: MetricTags): MetricTags
}

/** Called within the attempt's context. What a factory throws fails the attempt. */
export function attemptInterceptors(factories: readonly ActivityInterceptorsFactory[]): AttemptInterceptors {
  const context = Context.current()
  const made = factories.map((factory) => {
    const interceptors = factory(context)
    checkMade(interceptors, 'activities', ['inbound', 'outbound'], true)
    return interceptors
  })
  const inbound = made.flatMap((each) => each.inbound ?? [])
  const outbound = made.flatMap((each) => each.outbound ?? [])
  return {
    execute: (input, fn) => intercepted(inbound, 'execute', async ({ args }) => fn(...args))(input),
    logAttributes: (attributes) => intercepted(outbound, 'getLogAttributes', (all) => all)({ ...attributes }),
    metricTags: (tags) => intercepted(outbound, 'getMetricTags', (all) => all)({ ...tags }),
  }
}
