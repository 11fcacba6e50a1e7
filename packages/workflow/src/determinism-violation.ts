import { alsoBrand, brandClass } from './class-brand.ts'
import { PerdureError } from './perdure-error.ts'

/** Workflow code used something whose outcome another run of the same code would not repeat. Says what, and what to do instead. */
export class DeterminismViolationError extends PerdureError {
  constructor(message: string, options?: ErrorOptions) {
    super('DETERMINISM_VIOLATION', message, options)
  }

  /** @example DeterminismViolationError.of('fetch()', 'call it in an activity') */
  static of(used: string, remedy: string): DeterminismViolationError {
    return new DeterminismViolationError(
      `${used} was used in workflow code, which must be deterministic: it is run again from its history after a crash or a ` +
        `restart, and must do the same again; ${remedy}`,
    )
  }
}
brandClass(DeterminismViolationError, 'DeterminismViolationError')
// As on Temporal, where it extends that class.
alsoBrand(DeterminismViolationError, 'WorkflowError')
