import { PerdureError } from '@perdure/workflow'

/** What the command line itself finds wrong: the message says what to type instead. */
export class CliError extends PerdureError {
  /** Of the program. */
  exitCode = 1
}
