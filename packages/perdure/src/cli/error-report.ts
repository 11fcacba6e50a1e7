/** How an error looks at the end of a command: one line, then what caused it. */
import { PerdureError, TemporalFailure } from '@perdure/workflow'
import { wordsOf } from './error-words.ts'
import { type FailureData, failureData, failureLines } from './failure-text.ts'
import { jsonText } from './json-text.ts'
import { FailedCommand } from './options.ts'
import { type OutputFormat, writeErr } from './output.ts'
import { colours, indented, printableLines } from './text.ts'

export function reportError(thrown: unknown, format: OutputFormat): void {
  const error = thrown instanceof FailedCommand ? thrown.cause : thrown
  const message = wordsOf(error, thrown instanceof FailedCommand ? thrown.options : undefined)
  if (format === 'text') writeErr(errorText(error, message))
  else writeErr(`${jsonText({ error: errorJson(error, message) }, format === 'json' ? 2 : 0)}\n`)
}

function errorText(error: unknown, message: string): string {
  const paint = colours(process.stderr)
  const [first = '', ...others] = printableLines(message).split('\n')
  const lines = [`${paint.red('error')} ${paint.bold(codeOf(error))}: ${first}`, ...others.map(indented)]
  const failure = failureBelow(error)
  if (failure !== undefined) lines.push(...failureLines(failure).map((line) => `  ${paint.dim('cause')} ${line}`))
  if (!(error instanceof PerdureError) && error instanceof Error) lines.push(indented(stackFrames(error)))
  return `${lines.join('\n').trimEnd()}\n`
}

/** Of the user's work; what a database driver said is in the message above already. */
function failureBelow(error: unknown): FailureData | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  // A failure converter may make any error of a failure.
  const isFailure = cause instanceof TemporalFailure || (error instanceof PerdureError && endedWith.has(error.code))
  return isFailure && cause instanceof Error ? failureData(cause) : undefined
}

const endedWith: ReadonlySet<string> = new Set(['WORKFLOW_FAILED', 'UPDATE_FAILED', 'UPDATE_REJECTED'])

function codeOf(error: unknown): string {
  return error instanceof PerdureError ? error.code : 'INTERNAL'
}

/** A defect of ours or of a user's file: where it happened matters. */
function stackFrames(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return frames.slice(0, framesShownMax).map((line) => line.trim()).join('\n')
}
const framesShownMax = 8

function errorJson(error: unknown, message: string): Readonly<Record<string, unknown>> {
  const ids = error instanceof PerdureError ? idsOf(error) : {}
  const cause = failureBelow(error)
  return { code: codeOf(error), message, ...ids, ...(cause === undefined ? {} : { cause }) }
}

function idsOf(error: PerdureError): Readonly<Record<string, unknown>> {
  const fields = error as PerdureError & Readonly<Record<string, unknown>>
  return Object.fromEntries(['workflowId', 'runId', 'workflowType', 'retryState', 'file', 'line', 'column'].flatMap((name) => {
    return typeof fields[name] === 'string' || typeof fields[name] === 'number' ? [[name, fields[name]]] : []
  }))
}
