/** Finds executions by workflow id, or by the run id in its place. */
import type { Store } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { asRunId, isRunId, type RunId } from '../protocol/ids.ts'
import { WorkflowNotFoundError } from './errors.ts'
import { checkedId, optionsInvalid, shown } from './given-options.ts'
import { lastOfChain } from './run-chain.ts'

/** Which execution is meant: one run exactly, or else the open one, or else the one started last. */
export interface Target {
  readonly workflowId: string
  readonly runId: RunId | null
  /** The run named, or else the one that its chain has come to: by continuing as new, or by retries. */
  readonly follows?: boolean
}

export function targetOf(workflowId: string, runId: string | undefined): Target {
  checkedId(workflowId, 'workflowId')
  return runId === undefined ? { workflowId, runId: null } : { workflowId, runId: checkedRunId(workflowId, runId, 'runId') }
}

export function checkedRunId(workflowId: string, runId: unknown, what: string): RunId {
  if (typeof runId === 'string' && isRunId(runId)) return asRunId(runId.toLowerCase())
  throw optionsInvalid(`The ${what} of workflow ${shown(workflowId)} is ${shown(runId)}; give the UUID that start() returned`)
}

export async function findExecution(store: Store, namespace: string, target: Target): Promise<ExecutionRecord | undefined> {
  const found = await findNamed(store, namespace, target)
  return found === undefined || target.follows !== true ? found : lastOfChain(store, found)
}

async function findNamed(store: Store, namespace: string, target: Target): Promise<ExecutionRecord | undefined> {
  const { workflowId, runId } = target
  const found = await store.getExecution(namespace, workflowId, runId)
  if (found !== undefined || !isRunId(workflowId)) return found
  const named = asRunId(workflowId.toLowerCase())
  return runId === null || runId === named ? store.getExecution(namespace, null, named) : undefined
}

/** @throws WorkflowNotFoundError */
export async function requireExecution(store: Store, namespace: string, target: Target): Promise<ExecutionRecord> {
  const found = await findExecution(store, namespace, target)
  if (found === undefined) throw notFound(target, namespace)
  return found
}

export function notFound({ workflowId, runId }: Target, namespace: string): WorkflowNotFoundError {
  const run = runId === null ? '' : ` with run ${runId}`
  return new WorkflowNotFoundError(
    `Workflow execution not found: there is no '${workflowId}'${run} in namespace '${namespace}'; look at the id, the namespace and the ` +
      'database of this client',
    workflowId, runId ?? undefined,
  )
}

/** @param what could not be done, and what to do, as in "it cannot be terminated" */
export function alreadyClosed({ workflowId, runId }: { workflowId: string; runId: RunId }, what: string): WorkflowNotFoundError {
  return new WorkflowNotFoundError(`Workflow execution already completed: '${workflowId}' (run ${runId}) ${what}`, workflowId, runId)
}
