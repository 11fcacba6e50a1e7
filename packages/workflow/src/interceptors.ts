/**
 * What may stand around calls from and to a workflow. Names and shapes are those of Temporal's TypeScript SDK; an
 * interceptor calls `next(input)` with what it got, or with something else.
 */
import type { ActivityOptions, LocalActivityOptions } from './activity-options.ts'
import type { ChildWorkflowOptionsWithDefaults } from './child-workflow-options.ts'
import type { ContinueAsNewOptions } from './continue-as-new-options.ts'
import type { MetricTags } from './metric.ts'
import type { Headers } from './payload.ts'

/** What an interceptor calls to go on: its own method without the last parameter. */
export type Next<IF, FN extends keyof IF> = (...args: WithoutLast<Required<IF>[FN]>) => ResultOf<Required<IF>[FN]>

type WithoutLast<F> = F extends (...args: [...infer Given, infer _Next]) => unknown ? Given : never
type ResultOf<F> = F extends (...args: never[]) => infer R ? R : never

/** Makes the interceptors of one execution; called in its context, before its workflow function. */
export type WorkflowInterceptorsFactory = () => WorkflowInterceptors

export interface WorkflowInterceptors {
  readonly inbound?: readonly WorkflowInboundCallsInterceptor[]
  readonly outbound?: readonly WorkflowOutboundCallsInterceptor[]
  /** Accepted, never called: what happens inside of the engine has another form here. */
  readonly internals?: readonly WorkflowInternalsInterceptor[]
}

/** Around what is called in a workflow from outside. */
export interface WorkflowInboundCallsInterceptor {
  execute?: (input: WorkflowExecuteInput, next: Next<WorkflowInboundCallsInterceptor, 'execute'>) => Promise<unknown>
  handleUpdate?: (input: UpdateInput, next: Next<WorkflowInboundCallsInterceptor, 'handleUpdate'>) => Promise<unknown>
  validateUpdate?: (input: UpdateInput, next: Next<WorkflowInboundCallsInterceptor, 'validateUpdate'>) => void
  handleSignal?: (input: SignalInput, next: Next<WorkflowInboundCallsInterceptor, 'handleSignal'>) => Promise<void>
  handleQuery?: (input: QueryInput, next: Next<WorkflowInboundCallsInterceptor, 'handleQuery'>) => Promise<unknown>
}

export interface WorkflowExecuteInput {
  readonly args: unknown[]
  readonly headers: Headers
}
export interface UpdateInput {
  readonly updateId: string
  readonly name: string
  readonly args: unknown[]
  readonly headers: Headers
}
export interface SignalInput {
  readonly signalName: string
  readonly args: unknown[]
  readonly headers: Headers
}
export interface QueryInput {
  readonly queryId: string
  readonly queryName: string
  readonly args: unknown[]
  readonly headers: Headers
}

/** Around what a workflow calls. */
export interface WorkflowOutboundCallsInterceptor {
  startTimer?: (input: TimerInput, next: Next<WorkflowOutboundCallsInterceptor, 'startTimer'>) => Promise<void>
  scheduleActivity?: (input: ActivityInput, next: Next<WorkflowOutboundCallsInterceptor, 'scheduleActivity'>) => Promise<unknown>
  scheduleLocalActivity?: (
    input: LocalActivityInput, next: Next<WorkflowOutboundCallsInterceptor, 'scheduleLocalActivity'>,
  ) => Promise<unknown>
  /** Gives two promises: of the run id, when the child has started; and of its result. */
  startChildWorkflowExecution?: (
    input: StartChildWorkflowExecutionInput, next: Next<WorkflowOutboundCallsInterceptor, 'startChildWorkflowExecution'>,
  ) => Promise<[Promise<string>, Promise<unknown>]>
  signalWorkflow?: (input: SignalWorkflowInput, next: Next<WorkflowOutboundCallsInterceptor, 'signalWorkflow'>) => Promise<void>
  continueAsNew?: (input: ContinueAsNewInput, next: Next<WorkflowOutboundCallsInterceptor, 'continueAsNew'>) => Promise<never>
  /** What it returns is added to each line of the workflow's log. */
  getLogAttributes?: (
    input: GetLogAttributesInput, next: Next<WorkflowOutboundCallsInterceptor, 'getLogAttributes'>,
  ) => Record<string, unknown>
  /** What it returns is added to each value of the workflow's metrics. */
  getMetricTags?: (input: GetMetricTagsInput, next: Next<WorkflowOutboundCallsInterceptor, 'getMetricTags'>) => MetricTags
}

export interface TimerOptions {
  /** One line for people. */
  readonly summary?: string
}
/** `seq` counts the calls of its kind in the execution, from 1. */
export interface TimerInput {
  readonly durationMs: number
  readonly seq: number
  readonly options?: TimerOptions
}
export interface ActivityInput {
  readonly activityType: string
  readonly args: unknown[]
  readonly options: ActivityOptions
  readonly headers: Headers
  readonly seq: number
}
export interface LocalActivityInput {
  readonly activityType: string
  readonly args: unknown[]
  readonly options: LocalActivityOptions
  readonly headers: Headers
  readonly seq: number
  /** Always 1: further attempts are the engine's. */
  readonly attempt: number
}
export interface StartChildWorkflowExecutionInput {
  readonly workflowType: string
  readonly options: ChildWorkflowOptionsWithDefaults
  readonly headers: Headers
  readonly seq: number
}
export interface SignalWorkflowInput {
  readonly seq: number
  readonly signalName: string
  readonly args: unknown[]
  readonly headers: Headers
  readonly target:
    | { readonly type: 'external'; readonly workflowExecution: { readonly workflowId: string; readonly runId?: string } }
    | { readonly type: 'child'; readonly childWorkflowId: string }
}
export interface ContinueAsNewInput {
  readonly args: unknown[]
  readonly headers: Headers
  readonly options: ContinueAsNewInputOptions
}
export type ContinueAsNewInputOptions = ContinueAsNewOptions & Required<Pick<ContinueAsNewOptions, 'workflowType'>>
export type GetLogAttributesInput = Record<string, unknown>
export type GetMetricTagsInput = MetricTags

/** Accepted, never called. */
export interface WorkflowInternalsInterceptor {
  activate?(input: ActivateInput, next: Next<WorkflowInternalsInterceptor, 'activate'>): void
  concludeActivation?(
    input: ConcludeActivationInput, next: Next<WorkflowInternalsInterceptor, 'concludeActivation'>,
  ): ConcludeActivationOutput
  dispose?(input: DisposeInput, next: Next<WorkflowInternalsInterceptor, 'dispose'>): void
}
export interface ActivateInput {
  readonly activation: object
  readonly batchIndex: number
}
export type DisposeInput = object
export interface ConcludeActivationInput {
  readonly commands: readonly object[]
}
export type ConcludeActivationOutput = ConcludeActivationInput
