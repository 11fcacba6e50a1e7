/** How an error looks at the end of a command: one line, then what caused it. */
import { PerdureError } from '@perdure/engine'
import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, TemporalFailure, TimeoutFailure } from '@perdure/workflow'
import { type OutputFormat, writeErr } from './output.ts'
import { colours, indented, printable, printableLines, shown } from './text.ts'

export function reportError(error: unknown, format: OutputFormat): void {
  if (format === 'text') writeErr(errorText(error))
  else writeErr(`${JSON.stringify({ error: errorJson(error) }, null, format === 'json' ? 2 : 0)}\n`)
}

function errorText(error: unknown): string {
  const paint = colours(process.stderr)
  const [first = '', ...others] = printableLines(messageOf(error)).split('\n')
  const lines = [`${paint.red('error')} ${paint.bold(codeOf(error))}: ${first}`, ...others.map(indented)]
  for (const cause of failuresBelow(error)) lines.push(`  ${paint.dim('cause')} ${failureText(cause)}`)
  if (!(error instanceof PerdureError) && error instanceof Error) lines.push(indented(stackFrames(error)))
  return `${lines.filter((line) => line !== '').join('\n')}\n`
}

/** A failure on one line: `ApplicationFailure CardDeclined: card declined`. */
export function failureText(failure: Error): string {
  return `${printable(kindOf(failure))}: ${printable(failure.message)}${detailsOf(failure)}`
}

function kindOf(failure: Error): string {
  const name = failure.constructor.name
  if (failure instanceof ApplicationFailure) return isSaying(failure.type) ? `${name} ${failure.type}` : name
  if (failure instanceof ActivityFailure) return `${name} ${failure.activityType} (${failure.retryState})`
  if (failure instanceof ChildWorkflowFailure) return `${name} ${failure.workflowType} (${failure.retryState})`
  return failure instanceof TimeoutFailure ? `${name} ${failure.timeoutType}` : name
}

function isSaying(type: string | null | undefined): type is string {
  return type !== undefined && type !== null && type !== '' && type !== 'Error'
}

function detailsOf(failure: Error): string {
  const details = failure instanceof ApplicationFailure ? failure.details : undefined
  return details === undefined || details === null || details.length === 0 ? '' : ` ${shown(details)}`
}

/** Failures of the user's work among the causes; what the database driver said is in the message above already. */
function failuresBelow(error: unknown): Error[] {
  const found: Error[] = []
  let current = causeOf(error)
  while (current instanceof TemporalFailure && found.length < causesShownMax) {
    found.push(current)
    current = causeOf(current)
  }
  return found
}
const causesShownMax = 20

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}

function codeOf(error: unknown): string {
  return error instanceof PerdureError ? error.code : 'INTERNAL'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A defect of ours or of a user's file: where it happened matters. */
function stackFrames(error: Error): string {
  return (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at ')).slice(0, 8).map((line) => line.trim()).join('\n')
}

function errorJson(error: unknown): Readonly<Record<string, unknown>> {
  const ids = error instanceof PerdureError ? idsOf(error) : {}
  const cause = failuresBelow(error)[0]
  return { code: codeOf(error), message: messageOf(error), ...ids, ...(cause === undefined ? {} : { cause: failureJson(cause) }) }
}

function idsOf(error: PerdureError): Readonly<Record<string, unknown>> {
  const fields = error as PerdureError & Readonly<Record<string, unknown>>
  return Object.fromEntries(['workflowId', 'runId', 'workflowType', 'retryState'].flatMap((name) => {
    return typeof fields[name] === 'string' ? [[name, fields[name]]] : []
  }))
}

/** A failure as plain data, its chain of causes included. */
export function failureJson(failure: Error, depth = 0): Readonly<Record<string, unknown>> {
  const { name: _name, ...fields } = { ...failure } as Readonly<Record<string, unknown>>
  const cause = depth < causesShownMax && failure.cause instanceof Error ? failureJson(failure.cause, depth + 1) : undefined
  return { kind: failure.constructor.name, message: failure.message, ...given(fields), ...(cause === undefined ? {} : { cause }) }
}

function given(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
}
