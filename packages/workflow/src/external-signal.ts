/** Signals from a workflow to another execution. */
import { type CancellationScope, rejected, scopeOf } from './cancellation-scope.ts'
import type { WorkflowTarget } from './host.ts'
import { composeInterceptors, nextSeq, outboundOf } from './interceptor-composition.ts'
import type { Next, SignalWorkflowInput, WorkflowOutboundCallsInterceptor } from './interceptors.ts'
import { type SignalDefinition, signalNameOf } from './message-definition.ts'
import { invalidOption, otherCall, refuseUnknownOptions } from './option-checks.ts'

export interface SignalTarget {
  readonly type: 'child' | 'external'
  readonly target: WorkflowTarget
}

/** Resolves when the other execution has the signal; rejects when there is none, and when the scope is cancelled before. */
export function signalIn(
  scope: CancellationScope, to: SignalTarget, def: SignalDefinition<unknown[]> | string, args: readonly unknown[],
): Promise<void> {
  const { target } = to
  const signalName = signalNameOf(def, to.type === 'child' ? 'signal() of a child workflow' : 'signal() of an external workflow')
  const outbound = outboundOf(scope.host, 'signalWorkflow')
  if (outbound === undefined) return signalNow(scope, target, { signalName, args, headers: {} })
  const first: Next<WorkflowOutboundCallsInterceptor, 'signalWorkflow'> = (input) =>
    signalNow(scopeOf('signal()'), targetOf(input, target), input)
  const seen: SignalWorkflowInput['target'] = to.type === 'child'
    ? { type: 'child', childWorkflowId: target.workflowId }
    : { type: 'external', workflowExecution: target }
  const input: SignalWorkflowInput = { seq: nextSeq(scope.host, 'signal'), signalName, args: [...args], headers: {}, target: seen }
  return composeInterceptors(outbound, 'signalWorkflow', first)(input)
}

/**
 * The arguments among the options of `signalWithOptions`.
 * @throws PerdureError OPTIONS_INVALID
 */
export function signalArgs(options: unknown, type: SignalTarget['type']): readonly unknown[] {
  const call = otherCall(`signalWithOptions() of ${type === 'child' ? 'a child' : 'an external'} workflow`)
  if (typeof options !== 'object' || options === null) {
    throw invalidOption(call, `they are ${String(options)}; pass an object, as in { args: [item] }, or use signal()`)
  }
  refuseUnknownOptions(options, ['args'], call, ['typeInfo'])
  const { args = [] } = options as { readonly args?: unknown }
  if (Array.isArray(args)) return args
  throw invalidOption(call, 'args is no list; give the arguments as a list')
}

/** An interceptor may send it elsewhere. */
function targetOf({ target }: SignalWorkflowInput, asked: WorkflowTarget): WorkflowTarget {
  if (target.type === 'external') return target.workflowExecution
  return target.childWorkflowId === asked.workflowId ? asked : { workflowId: target.childWorkflowId }
}

function signalNow(
  scope: CancellationScope, target: WorkflowTarget,
  { signalName, args, headers }: Pick<SignalWorkflowInput, 'signalName' | 'headers'> & { readonly args: readonly unknown[] },
): Promise<void> {
  if (scope.consideredCancelled) return rejected(scope)
  try {
    const sent = Object.keys(headers).length === 0 ? undefined : headers
    const { command, settled } = scope.host.signalExternal(target, signalName, args, sent)
    if (scope.cancellable) scope.add({ type: 'signal', command })
    return settled
  } catch (error) {
    return Promise.reject(error)
  }
}
