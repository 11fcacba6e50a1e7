import { PerdureError } from '@perdure/workflow'
import type { Position } from './yaml-tree.ts'

/** A thing that is wrong with a configuration. */
export interface Problem {
  readonly type: 'unknown key' | 'invalid value' | 'unset variable'
  /** As in `worker.max_concurrent_activities`. */
  readonly key: string
  readonly message: string
  /** In the file; undefined: it came from the environment. */
  readonly at: Position | undefined
}

export interface ConfigurationErrorOptions extends ErrorOptions {
  readonly file?: string
  readonly at?: Position | undefined
  readonly problems?: readonly Problem[]
}

/** A configuration that cannot be used. Line and column are counted from 1, and those of the first problem. */
export class ConfigurationError extends PerdureError {
  readonly file: string | undefined
  readonly line: number | undefined
  readonly column: number | undefined
  /** All that is wrong, in the order of the file; the message has a line for each. */
  readonly problems: readonly Problem[]

  constructor(code: string, message: string, { file, at, problems = [], ...options }: ConfigurationErrorOptions = {}) {
    super(code, message, options)
    this.file = file
    this.line = at?.line
    this.column = at?.column
    this.problems = problems
  }
}

/** @param file as it is shown; undefined: there is none */
export function errorOf(problems: readonly [Problem, ...Problem[]], file: string | undefined): ConfigurationError {
  const [{ type, at }] = problems
  const message = problems.map((problem) => `${placeOf(file, problem.at)}${problem.message}`).join('\n')
  return new ConfigurationError(
    type === 'unknown key' ? 'CONFIG_KEY_UNKNOWN' : type === 'unset variable' ? 'CONFIG_VARIABLE_UNSET' : 'CONFIG_VALUE_INVALID',
    message,
    { problems, at, ...(file === undefined || at === undefined ? {} : { file }) },
  )
}

/** `perdure.yaml:4:3: `, as editors and terminals understand it. */
function placeOf(file: string | undefined, at: Position | undefined): string {
  return file === undefined || at === undefined ? '' : `${file}:${at.line}:${at.column}: `
}

/** What every call of an engine fails with that is switched off. */
export function disabledError({ sourceOf }: { sourceOf(key: string): string | undefined }): PerdureError {
  const where = sourceOf('enabled') ?? 'the configuration'
  return new PerdureError('ENGINE_DISABLED', `The engine is disabled: 'enabled' is false in ${where}; set it to true, or leave it out`)
}
