import { PerdureError } from '../error.ts'

export interface Mismatch {
  /** Position of the event in the history, from 1. */
  readonly seq: number
  readonly expected: string
  readonly got: string
  /** Where the code issued the command that does not fit, when known. */
  readonly location?: string | undefined
}

/** The code does not do what the recorded history says it did. The execution is held, never failed, and nothing is changed. */
export class NondeterminismError extends PerdureError {
  readonly mismatch: Mismatch
  constructor(mismatch: Mismatch) {
    const place = mismatch.location === undefined ? '' : `\n  at        ${mismatch.location}`
    super(
      'NONDETERMINISM',
      `The workflow code does not fit its history at event ${mismatch.seq}\n` +
        `  expected  ${mismatch.expected}\n  got       ${mismatch.got}${place}\n` +
        '  Put back the code that made this history, or keep the old path for executions that began on it; ' +
        'the execution goes on by itself then.',
    )
    this.mismatch = mismatch
  }
}
