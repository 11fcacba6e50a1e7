import type { CommonWorkflowOptions } from './workflow-options.ts'

/** What a cancelled scope does to a child that was started in it, and when the child is reported cancelled. */
export const ChildWorkflowCancellationType = {
  /** Leave it running and report it cancelled at once. */
  ABANDON: 'ABANDON',
  /** Request its cancellation and report it cancelled at once. */
  TRY_CANCEL: 'TRY_CANCEL',
  /** Request its cancellation and report it cancelled when the child has the request. */
  WAIT_CANCELLATION_REQUESTED: 'WAIT_CANCELLATION_REQUESTED',
  /** Request its cancellation and wait for how it ends. The default. */
  WAIT_CANCELLATION_COMPLETED: 'WAIT_CANCELLATION_COMPLETED',
} as const
export type ChildWorkflowCancellationType = (typeof ChildWorkflowCancellationType)[keyof typeof ChildWorkflowCancellationType]

/**
 * What happens to an open child when its parent closes.
 * @see https://docs.temporal.io/parent-close-policy
 */
export const ParentClosePolicy = {
  /** It is terminated. The default. */
  TERMINATE: 'TERMINATE',
  /** Nothing. */
  ABANDON: 'ABANDON',
  /** Its cancellation is requested. */
  REQUEST_CANCEL: 'REQUEST_CANCEL',
  /** @deprecated Leave the option out. */
  PARENT_CLOSE_POLICY_UNSPECIFIED: undefined,
  /** @deprecated */
  PARENT_CLOSE_POLICY_TERMINATE: 'TERMINATE',
  /** @deprecated */
  PARENT_CLOSE_POLICY_ABANDON: 'ABANDON',
  /** @deprecated */
  PARENT_CLOSE_POLICY_REQUEST_CANCEL: 'REQUEST_CANCEL',
} as const
export type ParentClosePolicy = (typeof ParentClosePolicy)[keyof typeof ParentClosePolicy]

export interface ChildWorkflowOptions extends Omit<CommonWorkflowOptions, 'workflowIdConflictPolicy'> {
  /** Default: a random one. A name of the business makes sure that there is one child for it. */
  readonly workflowId?: string
  /** Default: the parent's. */
  readonly taskQueue?: string
  /** Default WAIT_CANCELLATION_COMPLETED. */
  readonly cancellationType?: ChildWorkflowCancellationType
  /** Default TERMINATE. */
  readonly parentClosePolicy?: ParentClosePolicy
}

export type RequiredChildWorkflowOptions = Required<Pick<ChildWorkflowOptions, 'workflowId' | 'cancellationType'>> & {
  args: unknown[]
}
export type ChildWorkflowOptionsWithDefaults = ChildWorkflowOptions & RequiredChildWorkflowOptions
