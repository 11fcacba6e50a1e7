/** Workflows that a workflow starts: executions of their own, which end by a policy when their parent does. */
import { rejected, scopeOf } from './cancellation-scope.ts'
import { resolveChildOptions } from './child-workflow-options-resolver.ts'
import {
  ChildWorkflowCancellationType, type ChildWorkflowOptions, type ChildWorkflowOptionsWithDefaults,
} from './child-workflow-options.ts'
import { signalArgs, signalIn } from './external-signal.ts'
import { composeInterceptors, nextSeq, outboundOf } from './interceptor-composition.ts'
import type { Next, StartChildWorkflowExecutionInput, WorkflowOutboundCallsInterceptor } from './interceptors.ts'
import type { SignalDefinition } from './message-definition.ts'
import { checkWorkflowType, workflowCall } from './option-checks.ts'
import { currentRandom } from './random-stream.ts'
import {
  type WithWorkflowArgs, type Workflow, type WorkflowResultType, type WorkflowReturnType, workflowTypeOf,
} from './workflow-definition.ts'

export interface WorkflowSignalOptions<Args extends unknown[] = []> {
  readonly args?: Args
}
export interface WorkflowQueryOptions<Args extends unknown[] = []> {
  readonly args?: Args
}

/** What handles of executions have in common, wherever they come from. */
export interface BaseWorkflowHandle<T extends Workflow> {
  /** Rejects with the failure of the execution. */
  result(): Promise<WorkflowResultType<T>>
  /** Resolves when the execution has the signal. */
  signal<Args extends unknown[] = [], Name extends string = string>(
    def: SignalDefinition<Args, Name> | string, ...args: Args
  ): Promise<void>
  signalWithOptions<Args extends unknown[] = []>(signalName: string, options: WorkflowSignalOptions<Args>): Promise<void>
  readonly workflowId: string
}

/** A child that has started. To cancel it, cancel the scope that it was started in. */
export interface ChildWorkflowHandle<T extends Workflow> extends BaseWorkflowHandle<T> {
  /** Of its first run: it may continue as new, or be retried. */
  readonly firstExecutionRunId: string
}

/**
 * Starts a child; resolves when it has started.
 * @example
 * const child = await startChild(settleInvoice, { workflowId: `invoice-${id}`, args: [id] })
 * await child.result()
 * @throws PerdureError WORKFLOW_TYPE_INVALID, WORKFLOW_OPTIONS_INVALID · WorkflowExecutionAlreadyStartedError · ChildWorkflowFailure
 * @see https://docs.temporal.io/child-workflows
 */
export function startChild<T extends Workflow>(
  workflowType: string, options: WithWorkflowArgs<T, ChildWorkflowOptions>,
): Promise<ChildWorkflowHandle<T>>
export function startChild<T extends Workflow>(
  workflowFunc: T, options: WithWorkflowArgs<T, ChildWorkflowOptions>,
): Promise<ChildWorkflowHandle<T>>
export function startChild<T extends () => Promise<unknown>>(workflowType: string): Promise<ChildWorkflowHandle<T>>
export function startChild<T extends () => Promise<unknown>>(workflowFunc: T): Promise<ChildWorkflowHandle<T>>
export async function startChild<T extends Workflow>(
  workflowTypeOrFunc: string | T, options?: GivenOptions,
): Promise<ChildWorkflowHandle<T>> {
  const asked = childAsked(workflowTypeOrFunc, 'startChild()', options)
  const { workflowId } = asked.options
  const [started, completed] = await start(asked)
  const firstExecutionRunId = await started
  const target = { workflowId, firstRunId: firstExecutionRunId }
  const signal = async (def: SignalDefinition<unknown[]> | string, args: readonly unknown[]): Promise<void> =>
    signalIn(scopeOf('signal() of a child workflow'), { type: 'child', target }, def, args)
  return {
    workflowId,
    firstExecutionRunId,
    result: async () => completed as Promise<WorkflowResultType<T>>,
    signal: (def: SignalDefinition<unknown[]> | string, ...args: unknown[]) => signal(def, args),
    signalWithOptions: async (signalName, options) => signal(signalName, signalArgs(options, 'child')),
  }
}

/**
 * Starts a child and waits for its result.
 * @throws PerdureError WORKFLOW_TYPE_INVALID, WORKFLOW_OPTIONS_INVALID · WorkflowExecutionAlreadyStartedError · ChildWorkflowFailure
 * @see https://docs.temporal.io/child-workflows
 */
export function executeChild<T extends Workflow>(
  workflowType: string, options: WithWorkflowArgs<T, ChildWorkflowOptions>,
): Promise<WorkflowResultType<T>>
export function executeChild<T extends Workflow>(
  workflowFunc: T, options: WithWorkflowArgs<T, ChildWorkflowOptions>,
): Promise<WorkflowResultType<T>>
export function executeChild<T extends () => WorkflowReturnType>(workflowType: string): Promise<WorkflowResultType<T>>
export function executeChild<T extends () => WorkflowReturnType>(workflowFunc: T): Promise<WorkflowResultType<T>>
export async function executeChild<T extends Workflow>(
  workflowTypeOrFunc: string | T, options?: GivenOptions,
): Promise<WorkflowResultType<T>> {
  const [, completed] = await start(childAsked(workflowTypeOrFunc, 'executeChild()', options))
  return completed as Promise<WorkflowResultType<T>>
}

type GivenOptions = ChildWorkflowOptions & { readonly args?: readonly unknown[] }

/** Options of a child with an id, a cancellation type and arguments: what interceptors get. */
function withDefaults({ args = [], workflowId, ...rest }: GivenOptions): ChildWorkflowOptionsWithDefaults {
  return {
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    ...rest,
    workflowId: workflowId ?? currentRandom(scopeOf('startChild()').host).uuid4(),
    args: [...args],
  }
}

type ChildAsked = Pick<StartChildWorkflowExecutionInput, 'workflowType' | 'options'>

function childAsked(workflowTypeOrFunc: unknown, called: string, options: GivenOptions = {}): ChildAsked {
  scopeOf(called)
  const workflowType = workflowTypeOf(workflowTypeOrFunc, called)
  const call = workflowCall(`${called} of '${workflowType}'`)
  checkWorkflowType(workflowType, call)
  resolveChildOptions(options, call.what)
  return { workflowType, options: withDefaults(options) }
}

type ChildPromises = [started: Promise<string>, completed: Promise<unknown>]

async function start(asked: ChildAsked): Promise<ChildPromises> {
  const { host } = scopeOf('startChild()')
  const outbound = outboundOf(host, 'startChildWorkflowExecution')
  const input: StartChildWorkflowExecutionInput = { ...asked, headers: {}, seq: 0 }
  if (outbound === undefined) return startNow(input)
  const first: Next<WorkflowOutboundCallsInterceptor, 'startChildWorkflowExecution'> = async (given) => startNow(given)
  return composeInterceptors(outbound, 'startChildWorkflowExecution', first)({ ...input, seq: nextSeq(host, 'child') })
}

function startNow({ workflowType, options, headers }: StartChildWorkflowExecutionInput): ChildPromises {
  const scope = scopeOf('startChild()')
  if (scope.consideredCancelled) return handledOf([rejected(scope), rejected(scope)])
  checkWorkflowType(workflowType, workflowCall('startChildWorkflowExecution() of an interceptor'))
  const resolved = resolveChildOptions(options, `child '${workflowType}'`)
  const withHeaders = Object.keys(headers).length === 0 ? resolved : { ...resolved, headers }
  const { command, started, completed } = scope.host.startChild({ workflowType, args: options.args, options: withHeaders })
  if (scope.cancellable) scope.add({ type: 'child', command })
  return handledOf([started, completed])
}

/** Both may be left alone: a child that nobody waits for is no unhandled rejection. */
function handledOf(promises: ChildPromises): ChildPromises {
  for (const promise of promises) promise.catch(() => undefined)
  return promises
}
