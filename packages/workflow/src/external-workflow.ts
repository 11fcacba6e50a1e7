import { type CancellationScope, rejected, scopeOf, type WaitingOperation } from './cancellation-scope.ts'
import type { WorkflowSignalOptions } from './child-workflow.ts'
import { signalArgs, signalIn } from './external-signal.ts'
import type { WorkflowTarget } from './host.ts'
import { idProblem, idRemedy } from './id-problem.ts'
import type { SignalDefinition } from './message-definition.ts'
import { PerdureError } from './perdure-error.ts'

/** Another execution, of the same namespace; whether it exists is seen when it is called. */
export interface ExternalWorkflowHandle {
  /** Resolves when the execution has the signal; rejects when there is none that is open. */
  signal<Args extends unknown[] = [], Name extends string = string>(
    def: SignalDefinition<Args, Name> | string, ...args: Args
  ): Promise<void>
  signalWithOptions<Args extends unknown[] = []>(signalName: string, options: WorkflowSignalOptions<Args>): Promise<void>
  /** Resolves when the execution has the request; rejects when there is none. */
  cancel(): Promise<void>
  readonly workflowId: string
  readonly runId?: string
}

/**
 * Another execution by its id; of a run id that run alone.
 * @example await getExternalWorkflowHandle('order-7').signal(approve, 'Ann')
 * @throws PerdureError ID_INVALID, NOT_IN_WORKFLOW
 */
export function getExternalWorkflowHandle(workflowId: string, runId?: string): ExternalWorkflowHandle {
  scopeOf('getExternalWorkflowHandle()')
  requireId(workflowId, 'workflow id')
  if (runId !== undefined) requireId(runId, 'run id')
  const target: WorkflowTarget = { workflowId, ...(runId === undefined ? {} : { runId }) }
  const signal = async (def: SignalDefinition<unknown[]> | string, args: readonly unknown[]): Promise<void> =>
    signalIn(scopeOf('signal() of an external workflow'), { type: 'external', target }, def, args)
  return {
    ...target,
    signal: (def: SignalDefinition<unknown[]> | string, ...args: unknown[]) => signal(def, args),
    signalWithOptions: async (signalName: string, options: unknown) => signal(signalName, signalArgs(options, 'external')),
    cancel: async () => cancelIn(scopeOf('cancel() of an external workflow'), target),
  } as ExternalWorkflowHandle
}

/** A request that is under way is not withdrawn when the scope is cancelled: only nobody waits for its answer any more. */
function cancelIn(scope: CancellationScope, target: WorkflowTarget): Promise<void> {
  if (scope.consideredCancelled) return rejected(scope)
  const { settled } = scope.host.cancelExternal(target)
  if (!scope.cancellable) return settled
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const operation: WaitingOperation = { type: 'waiting', ended: false, cancel: reject }
  scope.add(operation)
  settled.then(() => {
    operation.ended = true
    resolve()
  }, (error: unknown) => {
    operation.ended = true
    reject(error)
  })
  return promise
}

function requireId(id: unknown, what: string): void {
  const problem = typeof id === 'string' && id !== '' ? idProblem(id) : undefined
  const named = `The ${what} of getExternalWorkflowHandle()`
  if (problem !== undefined) throw new PerdureError('ID_INVALID', `${named} ${problem}; ${idRemedy}`)
  if (typeof id === 'string' && id !== '') return
  const given = id === '' ? 'an empty text' : id === undefined || id === null ? String(id) : `a value of type ${typeof id}`
  throw new PerdureError('ID_INVALID', `getExternalWorkflowHandle() was given ${given} as ${what}; give a text`)
}
