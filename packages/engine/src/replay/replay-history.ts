/** Replays histories that were given, as files or objects, against workflow code: a gate before code is deployed. */
import type { PayloadConverter, WorkflowInterceptorsFactory } from '@perdure/workflow'
import { registeredHint } from '@perdure/workflow/host'
import { refuseUnknownKeys } from '../client/given-options.ts'
import type { FailureConverter } from '../conversion/failure-converter.ts'
import type { PayloadCodec } from '../conversion/payload-codec.ts'
import { valuesOf } from '../conversion/value-converter.ts'
import { installDeterministicGlobals } from '../determinism/globals.ts'
import type { WorkflowFailureErrorTypes } from '../execution/failure-rule.ts'
import type { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { WorkflowFunction } from '../registry.ts'
import { installUnhandledRejections } from '../worker/turns/unhandled-rejections.ts'
import { HistoryFileError } from './history-file-error.ts'
import { type HistoryEventRead, readHistoryEvents } from './history-events.ts'
import { withDecodedValues, withStoredValues } from './stored-values.ts'
import type { TemporalHistory } from './temporal-event.ts'
import { replayTemporalHistory, workflowTypeIn } from './temporal-replay.ts'
import { textOf } from './temporal-values.ts'

export interface ReplayOptions {
  /** Workflow functions by type, or a module that exports them. */
  readonly workflows: Readonly<Record<string, unknown>>
  /** As of Engine.open(): those that stood around the workflows when the history was made. */
  readonly interceptors?: { readonly workflow?: readonly WorkflowInterceptorsFactory[] }
  /** As of a worker: which errors fail a workflow. Default { '*': ['Error'] }: every error; {}: as on Temporal. */
  readonly workflowFailureErrorTypes?: WorkflowFailureErrorTypes
  /**
   * As of Engine.open(): what reads values that are no JSON, what makes errors of failures, and what decodes histories that came
   * encoded from elsewhere; those of `fetchHistory()` are decoded.
   */
  readonly dataConverter?: {
    readonly payloadConverter?: PayloadConverter
    readonly failureConverter?: FailureConverter
    readonly payloadCodecs?: readonly PayloadCodec[]
  }
}

const known: readonly (keyof ReplayOptions)[] = ['workflows', 'interceptors', 'workflowFailureErrorTypes', 'dataConverter']

export interface HistoryAndWorkflowId {
  /** Parsed, or as JSON. */
  readonly history: TemporalHistory | string
  /** By default the one in the history. */
  readonly workflowId?: string
}

export interface ReplayResult {
  readonly workflowId: string
  readonly runId: string
  readonly workflowType: string
  /** Absent: the code does what the history says. */
  readonly error?: ReplayError
}

/** NondeterminismError: the code does not fit. Others: it could not be replayed to its end. */
export type ReplayError = NondeterminismError | Error

/**
 * Replays one history; nothing is written and no activity runs.
 * @param history as `perdure workflow export` or `temporal workflow show --output json` write it: parsed, or the text
 * @param workflowId by default the one in the history; another one is refused
 * @throws NondeterminismError the code does not do what the history says; HistoryFileError (docs/errors.md); PerdureError OPTIONS_INVALID
 * @example await runReplayHistory({ workflows }, await readFile('order-7.json', 'utf8'))
 */
export async function runReplayHistory(options: ReplayOptions, history: TemporalHistory | string, workflowId?: string): Promise<void> {
  refuseUnknown(options, 'runReplayHistory()')
  await replayEvents(options, readHistoryEvents(history), workflowId)
}

function refuseUnknown(options: ReplayOptions, call: string): void {
  refuseUnknownKeys(options, known, call)
  const { dataConverter } = options
  if (dataConverter === undefined) return
  refuseUnknownKeys(dataConverter, ['payloadConverter', 'failureConverter', 'payloadCodecs'], `the dataConverter of ${call}`)
}

async function replayEvents(options: ReplayOptions, read: readonly HistoryEventRead[], workflowId: string | undefined): Promise<void> {
  const id = workflowIdOf(read, workflowId)
  installDeterministicGlobals()
  installUnhandledRejections()
  const { interceptors, workflowFailureErrorTypes: failureErrorTypes, dataConverter = {} } = options
  const code = { interceptors: interceptors?.workflow, failureErrorTypes, values: valuesOf(dataConverter) }
  const fn = functionOf(read, options)
  const events = await withDecodedValues(read, dataConverter.payloadCodecs ?? [])
  await replayTemporalHistory(dataConverter.payloadConverter === undefined ? events : withStoredValues(events), fn, id, code)
}

/**
 * Replays histories one after the other; what is wrong with one keeps none of the others from it.
 * @example for await (const { workflowId, error } of runReplayHistories({ workflows }, histories)) if (error) console.error(error)
 */
export async function* runReplayHistories(
  options: ReplayOptions, histories: Iterable<HistoryAndWorkflowId> | AsyncIterable<HistoryAndWorkflowId>,
): AsyncGenerator<ReplayResult, void> {
  refuseUnknown(options, 'runReplayHistories()')
  for await (const { history, workflowId } of histories) {
    let known = { workflowId: workflowId ?? '', runId: '', workflowType: '' }
    try {
      const events = readHistoryEvents(history)
      const { attributes = {} } = events[0] ?? {}
      const runId = textOf(attributes['originalExecutionRunId'])
      known = { workflowId: workflowId ?? textOf(attributes['workflowId']), runId, workflowType: workflowTypeIn(events) }
      await replayEvents(options, events, workflowId)
      yield known
    } catch (error) {
      yield { ...known, error: error instanceof Error ? error : new Error(String(error)) }
    }
  }
}

function workflowIdOf(events: readonly HistoryEventRead[], asked: string | undefined): string {
  const written = events[0]?.attributes['workflowId']
  const found = typeof written === 'string' && written !== '' ? written : undefined
  if (asked !== undefined && found !== undefined && asked !== found) {
    const message = `The history is of workflow '${found}', not of '${asked}'; give the file of that one`
    throw new HistoryFileError('HISTORY_OF_ANOTHER_WORKFLOW', message)
  }
  return asked ?? found ?? 'unknown'
}

/** As Temporal finds it: by the type, or else the default export. */
function functionOf(events: readonly HistoryEventRead[], { workflows }: ReplayOptions): WorkflowFunction {
  const type = workflowTypeIn(events)
  const found = workflows[type] ?? workflows['default']
  if (typeof found === 'function') return found as WorkflowFunction
  const names = Object.keys(workflows).filter((name) => typeof workflows[name] === 'function')
  throw new HistoryFileError(
    'HISTORY_OF_ANOTHER_WORKFLOW',
    `The history is of workflow type '${type}', which is not among the workflows given${registeredHint(type, names)} ` +
      'Give the file that exports it, or the history of another execution',
  )
}
