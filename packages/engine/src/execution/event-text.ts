/** Events as they are told in mismatches. */
import type { HistoryEvent } from '../protocol/event.ts'

export function describeEvent(event: HistoryEvent): string {
  switch (event.type) {
    case 'WorkflowExecutionSignaled':
      return `signal '${event.signalName}'`
    case 'WorkflowExecutionCancelRequested':
      return 'a cancel request'
    case 'TimerFired':
      return `TimerFired for command ${event.command}: timer of ${event.durationMs} ms`
    case 'WorkflowTaskStarted':
      return 'the call of the workflow function'
    default:
      return `${event.type} for command ${event.command}: activity '${event.activityType}'`
  }
}
