/** Interceptors of client calls, in Temporal's shape: each may look at the input, change it, and call the next. */
import type { Headers } from '@perdure/workflow'
import type { ExecutionDescription } from './description.ts'
import type { AnyStartOptions } from './start-options.ts'
import type { UpdateOptions } from './update-options.ts'

export interface InterceptedExecution {
  readonly workflowId: string
  readonly runId?: string
}

/** The options of a start, complete with id and arguments. */
export type InterceptedStartOptions = AnyStartOptions & { readonly workflowId: string; readonly args: readonly unknown[] }

export interface WorkflowStartInput {
  readonly workflowType: string
  readonly headers: Headers
  readonly options: InterceptedStartOptions
}

export interface WorkflowStartOutput {
  readonly runId: string
  /** The worker of this process runs it. */
  readonly eagerlyStarted: boolean
}

export interface WorkflowSignalInput {
  readonly signalName: string
  readonly args: readonly unknown[]
  readonly workflowExecution: InterceptedExecution
  /** Only an execution of the chain that began with this run. */
  readonly firstExecutionRunId?: string
  readonly headers: Headers
}

export interface WorkflowSignalWithStartInput {
  readonly workflowType: string
  readonly signalName: string
  readonly signalArgs: readonly unknown[]
  readonly headers: Headers
  readonly options: InterceptedStartOptions
}

export interface WorkflowQueryInput {
  readonly queryType: string
  readonly args: readonly unknown[]
  readonly workflowExecution: InterceptedExecution
  readonly firstExecutionRunId?: string
  readonly queryRejectCondition?: QueryRejectCondition
  readonly headers: Headers
}

/** Which executions a query is refused of: none, all that are not open, or those that closed otherwise than by completing. */
export type QueryRejectCondition = 'NONE' | 'NOT_OPEN' | 'NOT_COMPLETED_CLEANLY'

export interface WorkflowStartUpdateInput {
  readonly updateName: string
  readonly args: readonly unknown[]
  readonly workflowExecution: InterceptedExecution
  readonly firstExecutionRunId?: string
  readonly headers: Headers
  readonly options: UpdateOptions
}

export interface WorkflowStartUpdateOutput {
  readonly updateId: string
  readonly workflowRunId: string
}

export interface WorkflowStartUpdateWithStartInput {
  readonly workflowType: string
  readonly workflowStartOptions: InterceptedStartOptions
  readonly workflowStartHeaders: Headers
  readonly updateName: string
  readonly updateArgs: readonly unknown[]
  readonly updateOptions: UpdateOptions
  readonly updateHeaders: Headers
}

export interface WorkflowStartUpdateWithStartOutput {
  readonly workflowExecution: Required<InterceptedExecution>
  readonly updateId: string
}

export interface WorkflowTerminateInput {
  readonly workflowExecution: InterceptedExecution
  readonly reason?: string
  readonly firstExecutionRunId?: string
}

export interface WorkflowCancelInput {
  readonly workflowExecution: InterceptedExecution
  readonly reason?: string
  readonly firstExecutionRunId?: string
}

export interface WorkflowDescribeInput {
  readonly workflowExecution: InterceptedExecution
  readonly firstExecutionRunId?: string
}

/** Any of these; what is not there is passed over. The first of a list is the outermost. */
export interface WorkflowClientInterceptor {
  /** Of start, execute, startMany and schedule; the run id comes back. Where `startWithDetails` is there too, that is called instead. */
  start?(input: WorkflowStartInput, next: (input: WorkflowStartInput) => Promise<string>): Promise<string>
  startWithDetails?(
    input: WorkflowStartInput, next: (input: WorkflowStartInput) => Promise<WorkflowStartOutput>,
  ): Promise<WorkflowStartOutput>
  signal?(input: WorkflowSignalInput, next: (input: WorkflowSignalInput) => Promise<void>): Promise<void>
  /** The run id of what was signalled comes back. */
  signalWithStart?(
    input: WorkflowSignalWithStartInput, next: (input: WorkflowSignalWithStartInput) => Promise<string>,
  ): Promise<string>
  query?(input: WorkflowQueryInput, next: (input: WorkflowQueryInput) => Promise<unknown>): Promise<unknown>
  startUpdate?(
    input: WorkflowStartUpdateInput, next: (input: WorkflowStartUpdateInput) => Promise<WorkflowStartUpdateOutput>,
  ): Promise<WorkflowStartUpdateOutput>
  startUpdateWithStart?(
    input: WorkflowStartUpdateWithStartInput,
    next: (input: WorkflowStartUpdateWithStartInput) => Promise<WorkflowStartUpdateWithStartOutput>,
  ): Promise<WorkflowStartUpdateWithStartOutput>
  terminate?(input: WorkflowTerminateInput, next: (input: WorkflowTerminateInput) => Promise<void>): Promise<void>
  cancel?(input: WorkflowCancelInput, next: (input: WorkflowCancelInput) => Promise<void>): Promise<void>
  describe?(
    input: WorkflowDescribeInput, next: (input: WorkflowDescribeInput) => Promise<ExecutionDescription>,
  ): Promise<ExecutionDescription>
}

/** Temporal has two methods for a start; the one without details is called as if it had them. Undefined: it has neither. */
export function withStartDetails(interceptor: WorkflowClientInterceptor): WorkflowClientInterceptor | undefined {
  const { start, startWithDetails } = interceptor
  if (startWithDetails !== undefined) return interceptor
  if (start === undefined) return undefined
  return {
    startWithDetails: async (input, next) => {
      let eagerlyStarted = false
      const runId = await start.call(interceptor, input, async (given) => {
        const output = await next(given)
        eagerlyStarted = output.eagerlyStarted
        return output.runId
      })
      return { runId, eagerlyStarted }
    },
  }
}
