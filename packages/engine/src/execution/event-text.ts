/** Events as they are told in mismatches. */
import type { HistoryEvent } from '../protocol/event.ts'

export function describeEvent(event: HistoryEvent): string {
  switch (event.type) {
    case 'WorkflowExecutionSignaled':
      return `signal '${event.signalName}'`
    case 'WorkflowExecutionCancelRequested':
      return 'a cancel request'
    case 'WorkflowExecutionUpdateAccepted':
    case 'WorkflowExecutionUpdateCompleted':
      return `${event.type} of update '${'updateName' in event ? event.updateName : event.updateId}'`
    case 'PatchMarked':
      return `the mark of patch '${event.patchId}'`
    case 'TimerFired':
      return `TimerFired for command ${event.command}: timer of ${event.durationMs} ms`
    case 'WorkflowTaskStarted':
      return 'the call of the workflow function'
    case 'ChildWorkflowExecutionStarted':
    case 'StartChildWorkflowExecutionFailed':
    case 'ChildWorkflowExecutionClosed':
      return `${event.type} for command ${event.command}: child workflow '${event.workflowType}'`
    case 'ExternalWorkflowExecutionSignaled':
    case 'SignalExternalWorkflowExecutionFailed':
    case 'ExternalWorkflowExecutionCancelRequested':
    case 'RequestCancelExternalWorkflowExecutionFailed':
      return `${event.type} for command ${event.command}: workflow '${event.workflowId}'`
    default:
      return `${event.type} for command ${event.command}: activity '${event.activityType}'`
  }
}
