/** What a replay came to, for people and for programs. */
import { PerdureError } from '@perdure/workflow'
import type { Mismatch, NondeterminismError, OpenReplayResult, ReplayResult } from '@perdure/engine'
import { wordsOf } from './error-words.ts'
import type { GlobalOptions } from './options.ts'
import { fromHere } from './stack-frames.ts'
import { colours, counted, indented, printable, printableLines } from './text.ts'

export interface Replayed {
  readonly ok: boolean
  readonly file?: string
  readonly workflowId?: string
  readonly runId?: string
  readonly workflowType?: string
  readonly error?: ReplayedError
}

interface ReplayedError {
  readonly code: string
  readonly message: string
  /** Number of the event that does not fit. */
  readonly event?: number
  readonly expected?: string
  readonly got?: string
  /** Of the code. */
  readonly location?: string
}

export function replayedOf(
  result: ReplayResult & Partial<OpenReplayResult>, { file }: { readonly file?: string }, options: GlobalOptions,
): Replayed {
  const { workflowId, runId, workflowType, error } = result
  return {
    ok: error === undefined,
    ...(file === undefined ? {} : { file }), ...(workflowId === '' ? {} : { workflowId }), ...(runId === '' ? {} : { runId }),
    ...(workflowType === '' ? {} : { workflowType }), ...(error === undefined ? {} : { error: errorOf(error, options) }),
  }
}

function errorOf(error: Error, options: GlobalOptions): ReplayedError {
  const message = wordsOf(error, options)
  if (!(error instanceof PerdureError)) return { code: 'TASK_FAILURE', message }
  const mismatch = (error as Partial<NondeterminismError>).mismatch
  return { code: error.code, message, ...(mismatch === undefined ? {} : mismatchOf(mismatch)) }
}

function mismatchOf({ seq, expected, got, location }: Mismatch): Partial<ReplayedError> {
  return { event: seq, expected, got, ...(location === undefined ? {} : { location: placeOf(location) }) }
}

/** Files of this folder by their relative paths. */
function placeOf(location: string): string {
  return location.replace(/(?:file:\/\/)?(\/[^\s():]+)/, (_, path: string) => fromHere(path))
}

export function replayedText({ file, workflowId, workflowType, runId, error }: Replayed): string {
  if (error === undefined) return ''
  const paint = colours(process.stderr)
  const { code, message, event, expected, got, location } = error
  const known = [workflowId, workflowType, runId === undefined ? undefined : `run ${runId}`].filter((each) => each !== undefined)
  const which = [...(file === undefined ? [] : [file]), ...known].map(printable).join('  ')
  const told = event === undefined ? indented(printableLines(message)) : [
    `  event     ${event}`, `  expected  ${printable(expected ?? '')}`, `  got       ${printable(got ?? '')}`,
    ...(location === undefined ? [] : [`  at        ${printable(location)}`]),
  ].join('\n')
  return `${paint.red('FAIL')}  ${which}\n${event === undefined ? `  ${paint.bold(code)}\n` : ''}${told}\n`
}

export function summaryText({ replayed, failed }: { readonly replayed: number; readonly failed: number }): string {
  const paint = colours()
  if (replayed === 0) return 'No execution is open: nothing was replayed'
  const histories = counted(replayed, 'history', 'histories')
  if (failed === 0) return paint.green(`${histories} replayed: the code does what ${replayed === 1 ? 'it says' : 'they say'}`)
  return paint.red(`${histories} replayed, ${failed} failed`)
}
