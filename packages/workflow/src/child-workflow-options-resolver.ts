import { type ChildWorkflowOptions, ChildWorkflowCancellationType, ParentClosePolicy } from './child-workflow-options.ts'
import type { ResolvedChildOptions } from './host.ts'
import {
  durationOption, given, idOption, invalidOption, memoOption, oneOfOption, priorityOption, refuseUnknownOptions, textOption, workflowCall,
} from './option-checks.ts'
import { resolveRetryPolicy } from './retry-policy-resolver.ts'
import { plainSearchAttributes } from './search-attributes.ts'
import { WorkflowIdReusePolicy } from './workflow-options.ts'

type Given = ChildWorkflowOptions & { readonly args?: readonly unknown[] }

/**
 * Checks the options of a child and fills in Temporal's defaults.
 * @param what names the call in errors, as in "startChild() of 'settle'"
 * @throws PerdureError WORKFLOW_OPTIONS_INVALID, SEARCH_ATTRIBUTES_INVALID, DURATION_INVALID
 */
export function resolveChildOptions(options: Given, what: string): ResolvedChildOptions {
  const call = workflowCall(what)
  if (typeof options !== 'object' || options === null) throw invalidOption(call, `they are ${String(options)}; pass an object, or nothing`)
  refuseUnknownOptions(options, optionKeys, call, optionKeysNotYet)
  if (options.args !== undefined && !Array.isArray(options.args)) throw invalidOption(call, 'args is no list; give the arguments as a list')
  const { searchAttributes: plain, typedSearchAttributes: typed } = options
  const searchAttributes = plain === undefined && typed === undefined ? undefined : plainSearchAttributes(plain, typed, what)
  const cancellationType = oneOfOption(options.cancellationType, ChildWorkflowCancellationType, 'cancellationType', call)
  const parentClosePolicy = oneOfOption(options.parentClosePolicy, ParentClosePolicy, 'parentClosePolicy', call)
  return {
    cancellationType: cancellationType ?? ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    parentClosePolicy: parentClosePolicy ?? ParentClosePolicy.TERMINATE,
    ...given('workflowId', idOption(options.workflowId, 'workflowId', call)),
    ...given('taskQueue', idOption(options.taskQueue, 'taskQueue', call)),
    ...given('workflowIdReusePolicy', oneOfOption(options.workflowIdReusePolicy, WorkflowIdReusePolicy, 'workflowIdReusePolicy', call)),
    ...given('executionTimeoutMs', durationOption(options.workflowExecutionTimeout, 'workflowExecutionTimeout', call)),
    ...given('runTimeoutMs', durationOption(options.workflowRunTimeout, 'workflowRunTimeout', call)),
    ...given('taskTimeoutMs', durationOption(options.workflowTaskTimeout, 'workflowTaskTimeout', call)),
    ...given('retry', options.retry && resolveRetryPolicy(options.retry, call)),
    ...given('memo', memoOption(options.memo, call)),
    ...given('searchAttributes', searchAttributes),
    ...given('priority', priorityOption(options.priority, call)),
    ...given('staticSummary', textOption(options.staticSummary, 'staticSummary', call)),
    ...given('staticDetails', textOption(options.staticDetails, 'staticDetails', call)),
  }
}

const optionKeys: readonly (keyof Given)[] = [
  'args', 'workflowId', 'taskQueue', 'cancellationType', 'parentClosePolicy', 'workflowIdReusePolicy', 'workflowExecutionTimeout',
  'workflowRunTimeout', 'workflowTaskTimeout', 'retry', 'memo', 'searchAttributes', 'typedSearchAttributes', 'priority',
  'staticSummary', 'staticDetails',
]
const optionKeysNotYet = ['typeInfo', 'versioningIntent', 'eventGroups', 'cronSchedule']
