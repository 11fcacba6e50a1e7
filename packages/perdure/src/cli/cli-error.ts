import { PerdureError } from '@perdure/workflow'

/** What the command line itself finds wrong: the message says what to type instead. */
export class CliError extends PerdureError {
  /** Of the program. */
  exitCode = 1
}

/** A command has printed what is wrong: only its exit code is left to tell. */
export class ToldAlready extends Error {
  readonly exitCode: number
  constructor(exitCode: number) {
    super('told already')
    this.exitCode = exitCode
  }
}
