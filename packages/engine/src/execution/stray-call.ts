import { DeterminismViolationError } from '@perdure/workflow'

/** Workflow code did something outside of an activation. */
export function strayCall(workflowType: string, what: string): DeterminismViolationError {
  return new DeterminismViolationError(
    `In workflow '${workflowType}' ${what} after awaiting something that is not a workflow API ` +
      '(for example crypto.subtle, timers/promises or a stream). Workflow code may await only activities, timers, conditions, signals ' +
      'and promises made from them: move the foreign call into an activity.',
  )
}
