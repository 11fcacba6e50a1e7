/** Options that starting a workflow and starting a child have in common. */
import type { RetryPolicy } from './activity-options.ts'
import type { Duration } from './duration.ts'
import type { SearchAttributePair, SearchAttributes, TypedSearchAttributes } from './search-attributes.ts'
import type { Priority } from './workflow-priority.ts'

/** May a workflow id be used again after its execution has closed? */
export const WorkflowIdReusePolicy = {
  /** Always. The default. */
  ALLOW_DUPLICATE: 'ALLOW_DUPLICATE',
  /** Unless the last execution completed. */
  ALLOW_DUPLICATE_FAILED_ONLY: 'ALLOW_DUPLICATE_FAILED_ONLY',
  /** Never. */
  REJECT_DUPLICATE: 'REJECT_DUPLICATE',
  /** @deprecated Use the conflict policy TERMINATE_EXISTING. */
  TERMINATE_IF_RUNNING: 'TERMINATE_IF_RUNNING',
  /** @deprecated Leave the option out. */
  WORKFLOW_ID_REUSE_POLICY_UNSPECIFIED: undefined,
  /** @deprecated */
  WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE: 'ALLOW_DUPLICATE',
  /** @deprecated */
  WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY: 'ALLOW_DUPLICATE_FAILED_ONLY',
  /** @deprecated */
  WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE: 'REJECT_DUPLICATE',
  /** @deprecated */
  WORKFLOW_ID_REUSE_POLICY_TERMINATE_IF_RUNNING: 'TERMINATE_IF_RUNNING',
} as const
export type WorkflowIdReusePolicy = (typeof WorkflowIdReusePolicy)[keyof typeof WorkflowIdReusePolicy]

/** What happens when an open execution has the workflow id. */
export const WorkflowIdConflictPolicy = {
  /** The start fails. The default. */
  FAIL: 'FAIL',
  /** Whoever starts gets the open one. */
  USE_EXISTING: 'USE_EXISTING',
  /** The open one is terminated. */
  TERMINATE_EXISTING: 'TERMINATE_EXISTING',
} as const
export type WorkflowIdConflictPolicy = (typeof WorkflowIdConflictPolicy)[keyof typeof WorkflowIdConflictPolicy]

export interface BaseWorkflowOptions {
  readonly workflowIdReusePolicy?: WorkflowIdReusePolicy
  readonly workflowIdConflictPolicy?: WorkflowIdConflictPolicy
  /** How a failed execution is run again, as a new run. Default: it is not. */
  readonly retry?: RetryPolicy
  /** Refused: let the workflow sleep and continue as new. */
  readonly cronSchedule?: string
  /** Shown with the execution, not searchable. */
  readonly memo?: Readonly<Record<string, unknown>>
  /** Typed ones are preferred; they win over these. */
  readonly searchAttributes?: SearchAttributes
  readonly typedSearchAttributes?: readonly SearchAttributePair[] | TypedSearchAttributes
  /** One line for people. */
  readonly staticSummary?: string
  /** More lines for people. */
  readonly staticDetails?: string
  readonly priority?: Priority
}

export interface WorkflowDurationOptions {
  /** How long one run may take; then it is closed as timed out. Default: any time. */
  readonly workflowRunTimeout?: Duration
  /** How long all runs together may take: retries, and what continues as new. Default: any time. */
  readonly workflowExecutionTimeout?: Duration
  /** Kept and shown; a task has no timeout here. */
  readonly workflowTaskTimeout?: Duration
}

export type CommonWorkflowOptions = BaseWorkflowOptions & WorkflowDurationOptions
