/** Options of updates, and the handle of one. */
import type { Duration } from '@perdure/workflow'
import { optionsInvalid, oneOf } from './given-options.ts'
import type { AwaitedStage } from './update-waiters.ts'

export interface UpdateOptions {
  /** Unique within the run; asking again with the same id gives the same update. Default: a UUID. */
  readonly updateId?: string
  /** Bounds the waiting, not the update. Default: none. */
  readonly timeout?: Duration
}

export interface UpdateResultOptions {
  /** Bounds the waiting, not the update. Default: none. */
  readonly timeout?: Duration
}

/** An update that was asked for. */
export interface WorkflowUpdateHandle<Ret = unknown> {
  readonly updateId: string
  readonly workflowId: string
  /** Undefined: of the run that is open when the result is asked for, or else the one that was started last. */
  readonly workflowRunId: string | undefined
  /**
   * Waits for the end of the handler; gives what it returned, as JSON has it.
   * @throws WorkflowUpdateFailedError (rejected, or its handler failed: see `cause`), WorkflowUpdateRPCTimeoutOrCancelledError,
   * WorkflowNotFoundError
   */
  result(options?: UpdateResultOptions): Promise<Ret>
}

const stages: readonly AwaitedStage[] = ['ACCEPTED', 'COMPLETED']

/** @throws PerdureError OPTIONS_INVALID */
export function updateOptionsWithStage<T extends { readonly waitForStage: AwaitedStage }>(given: T, call: string): T {
  const stage = oneOf((given as Partial<T> | undefined)?.waitForStage, stages, `The waitForStage of ${call}`)
  if (stage === undefined) throw optionsInvalid(`${call} needs a waitForStage: 'ACCEPTED' or 'COMPLETED'`)
  return given
}
