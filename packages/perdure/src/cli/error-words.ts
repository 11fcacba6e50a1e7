/**
 * Errors of engine and stores in the words of who typed a command: options by their flags, calls by the commands that make
 * them, the database by its name. The one place, by code; what it does not know is told as it came.
 */
import { resolve } from 'node:path'
import { PerdureError } from '@perdure/workflow'
import { databaseOf } from './connection.ts'
import { nextCommand, quoted } from './next-command.ts'
import type { GlobalOptions } from './options.ts'
import { printable } from './text.ts'

type Words = (message: string, error: PerdureError, options: GlobalOptions) => string

const words: Readonly<Record<string, Words>> = {
  RESULT_TIMEOUT: (message, error, options) => {
    const id = idOf(error, options)
    const [wait, look] = [nextCommand(options, 'workflow result -w', id), nextCommand(options, 'workflow describe -w', id)]
    return withWorker(message)
      .replace('wait again with getResult(), or look at it with describe()', () => `wait again: ${wait}, or look at it: ${look}`)
      .replace('describe() has the whole reason', () => `${look} has the whole reason`)
      .replace('its result can be awaited again with getResult()', () => `wait again: ${wait}`)
  },
  UPDATE_TIMED_OUT: (message, error, options) => {
    const [look, workers] = [nextCommand(options, 'workflow describe -w', idOf(error, options)), nextCommand(options, 'worker list')]
    return `${upTo(message, '; it goes on')}; it goes on: look at it with ${look}, and at who serves its queue with ${workers}`
  },
  QUERY_TIMED_OUT: (message) => withWorker(message),
  WORKFLOW_ALREADY_STARTED: (message) => {
    const told = message.replace('the workflowIdReusePolicy', '--id-reuse-policy')
    if (told.includes('; choose another workflowId, or a workflowIdConflictPolicy')) {
      return `${upTo(told, '; choose')}; choose another id with -w, or --id-conflict-policy USE_EXISTING or TERMINATE_EXISTING`
    }
    return `${upTo(told, '; choose')}; choose another id with -w, or --id-reuse-policy ALLOW_DUPLICATE`
  },
  WORKFLOW_NOT_FOUND: (message, error, options) => {
    if (!message.includes('; look at')) {
      const look = nextCommand(options, 'workflow describe -w', idOf(error, options))
      return message.replace(/getStatus\(\) says how it ended$/, () => `${look} says how it ended`)
    }
    return `${upTo(message, '; look at')} of ${databaseText(options)}; what there is: ${nextCommand(options, 'workflow list')}`
  },
  OPTIONS_INVALID: (message, error, options) => {
    const look = nextCommand(options, 'workflow describe -w', idOf(error, options))
    return flagged(message).replace('the UUID that start() returned', () => `the run id that this shows: ${look}`)
  },
  ID_INVALID: (message) => flagged(message),
  ENGINE_OPTIONS_INVALID: (message, _error, { engineOptions }) => {
    const isInCode = engineOptions !== undefined && /\b(dataConverter|interceptors|workflowFailureErrorTypes)\b/.test(message)
    return isInCode ? `${engineOptions}: ${message}` : flagged(message)
  },
  PAYLOAD_UNREADABLE: (message, _error, options) => message.replace('(see the option dataConverter)', () => converterHint(options)),
  HISTORY_PAYLOAD_UNSUPPORTED: (message, _error, options) => {
    return message.replace('(the option dataConverter of runReplayHistory())', () => converterHint(options))
  },
  CURSOR_INVALID: (message) => message.replace(/list\(\) returned; .*$/, 'a list printed; begin again without --cursor'),
  NAMESPACE_NOT_FOUND: (message, _error, options) => {
    const [, name = ''] = / has no namespace '([^']+)'/.exec(message) ?? []
    const create = nextCommand(options, 'namespace create', name).replace(/ -n \S+$/, '')
    return message.replace(/ Create it with .*$/, () => ` Create it: ${create}`)
  },
  QUEUE_LIMITS_INVALID: (message) => message
    .replace(/^The limit (\w+)/, (_all, name: string) => flagOf(name)).replace('null for no limit', 'none for no limit'),
  STORE_OUTCOME_UNKNOWN: (message) => message.replace('describe() or history()', '`perdure workflow describe` or `show`'),
  SCHEMA_MISSING: (message, _error, options) => `${upTo(message, ': name')} (${databaseOf(options).from}): ${migration(options)}`,
  SCHEMA_TOO_OLD: (message, _error, options) => `${upTo(message, ': migrate')}: ${nextCommand(options, 'migrate')} brings it up to date`,
}

export function wordsOf(error: unknown, options: GlobalOptions | undefined): string {
  const message = error instanceof Error ? error.message : String(error)
  const said = error instanceof PerdureError ? words[error.code] : undefined
  return said === undefined || options === undefined ? message : said(message, error as PerdureError, options)
}

function converterHint({ engineOptions }: GlobalOptions): string {
  if (engineOptions !== undefined) return `(see the dataConverter of ${engineOptions})`
  return '(--engine-options <file>: a module that exports the dataConverter)'
}

function withWorker(message: string): string {
  return message.replace(/start one that has the workflow '.*?'/, (remedy) => `${remedy} (npx perdure dev, or npx perdure worker start)`)
}

function migration(options: GlobalOptions): string {
  return `name another with --database, or make them there: ${nextCommand(options, 'migrate')}`
}

/** The ids that it names may hold anything: only the last place counts. */
function upTo(message: string, end: string): string {
  const at = message.lastIndexOf(end)
  return at === -1 ? message : message.slice(0, at)
}

function idOf(error: PerdureError, options: GlobalOptions): string {
  const ids = [error, options].map((each) => (each as { readonly workflowId?: unknown }).workflowId)
  const workflowId = ids.find((each) => typeof each === 'string')
  return workflowId === undefined ? '<workflow-id>' : quoted(workflowId)
}

/** `workflowId` and `The option namespace of Engine.open()` as flags: `--workflow-id`, `--namespace`. */
function flagged(message: string): string {
  return message
    .replace(/^The option (\w+) of (?:Engine\.open\(\)|the worker(?: of Engine\.open\(\))?)/, (_all, name: string) => flagOf(name))
    .replace(/^The (workflowId|runId|taskQueue|workflow type|name of the (?:signal|query))\b/, (_all, name: string) => flagOf(name))
}

function flagOf(name: string): string {
  const known: Readonly<Record<string, string>> = { 'workflow type': 'type', 'taskQueues': 'task-queue' }
  const flag = name.startsWith('name of') ? 'name' : known[name] ?? name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return `--${flag}`
}

/** Without a password. */
function databaseText(options: GlobalOptions): string {
  const { name, isFile } = databaseOf(options)
  if (isFile) return printable(resolve(name))
  if (!URL.canParse(name)) return 'the database'
  const { host, pathname } = new URL(name)
  return printable(`${host}${pathname}`)
}
