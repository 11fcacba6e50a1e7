/** How an error looks at the end of a command: one line, then what caused it. */
import { PerdureError, TemporalFailure } from '@perdure/workflow'
import { type FailureData, failureData, failureLines } from './failure-text.ts'
import { type OutputFormat, writeErr } from './output.ts'
import { colours, indented, printableLines } from './text.ts'

export function reportError(error: unknown, format: OutputFormat): void {
  if (format === 'text') writeErr(errorText(error))
  else writeErr(`${JSON.stringify({ error: errorJson(error) }, null, format === 'json' ? 2 : 0)}\n`)
}

function errorText(error: unknown): string {
  const paint = colours(process.stderr)
  const [first = '', ...others] = printableLines(messageOf(error)).split('\n')
  const lines = [`${paint.red('error')} ${paint.bold(codeOf(error))}: ${first}`, ...others.map(indented)]
  const failure = failureBelow(error)
  if (failure !== undefined) lines.push(...failureLines(failure).map((line) => `  ${paint.dim('cause')} ${line}`))
  if (!(error instanceof PerdureError) && error instanceof Error) lines.push(indented(stackFrames(error)))
  return `${lines.join('\n').trimEnd()}\n`
}

/** Of the user's work; what a database driver said is in the message above already. */
function failureBelow(error: unknown): FailureData | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof TemporalFailure ? failureData(cause) : undefined
}

function codeOf(error: unknown): string {
  return error instanceof PerdureError ? error.code : 'INTERNAL'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A defect of ours or of a user's file: where it happened matters. */
function stackFrames(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return frames.slice(0, framesShownMax).map((line) => line.trim()).join('\n')
}
const framesShownMax = 8

function errorJson(error: unknown): Readonly<Record<string, unknown>> {
  const ids = error instanceof PerdureError ? idsOf(error) : {}
  const cause = failureBelow(error)
  return { code: codeOf(error), message: messageOf(error), ...ids, ...(cause === undefined ? {} : { cause }) }
}

function idsOf(error: PerdureError): Readonly<Record<string, unknown>> {
  const fields = error as PerdureError & Readonly<Record<string, unknown>>
  return Object.fromEntries(['workflowId', 'runId', 'workflowType', 'retryState', 'file', 'line', 'column'].flatMap((name) => {
    return typeof fields[name] === 'string' || typeof fields[name] === 'number' ? [[name, fields[name]]] : []
  }))
}
