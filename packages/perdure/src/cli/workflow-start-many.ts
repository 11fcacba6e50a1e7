/** `workflow start-many`: starts from a file of JSON lines, or from a pipe; each line has an outcome of its own. */
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { UntypedWorkflow } from '@perdure/engine'
import { PerdureError } from '@perdure/workflow'
import type { Command } from 'commander'
import type { Engine } from '../engine.ts'
import { CliError, ToldAlready } from './cli-error.ts'
import { withNewClient } from './connection.ts'
import { withExamples } from './examples.ts'
import { type GlobalOptions, runs, taskQueueOf } from './options.ts'
import { print, writeErr, writeOut } from './output.ts'
import { unreadable } from './input.ts'
import { addStartFlags, type StartFlags, startSettingsOf } from './start-flags.ts'
import { type LineDefaults, lineStart } from './start-line.ts'
import { statusLine } from './status-line.ts'
import { colours, printable } from './text.ts'

interface StartManyOptions extends GlobalOptions, StartFlags {
  readonly inputFile?: string
  readonly type?: string
  readonly taskQueue?: string
}

interface Outcome {
  readonly line: number
  readonly status: 'started' | 'joined' | 'failed'
  readonly workflowId?: string
  readonly runId?: string
  readonly error?: { readonly code: string; readonly message: string }
}

export function addStartManyCommand(workflow: Command): void {
  const startMany = workflow.command('start-many').description('start an execution for each line of a file; lines are JSON objects')
    .option('--input-file <path>', 'file of JSON lines; - reads stdin (default: -)')
    .option('--type <name>', 'workflow type of lines that name none')
    .option('-t, --task-queue <name>', 'task queue of lines that name none (default: default)')
  withExamples(addStartFlags(startMany),
    'workflow start-many --input-file orders.jsonl --type order',
    'workflow start-many --type order -o jsonl < orders.jsonl')
  startMany.addHelpText('after', `
A line holds the options of one start, as in
  {"type": "order", "workflowId": "order-7", "args": [{"amount": 5}]}
and may have whatever options a start has: taskQueue, startDelay, retry,
workflowRunTimeout, memo, staticSummary, ... What it does not say, the flags
say. A line that cannot be started does not keep the others from it; the
command then ends with 1.`)
  runs<StartManyOptions>(startMany, async (options) => {
    const source = await sourceOf(options)
    // Made when they are read at once: lines that come before somebody iterates are lost.
    await withNewClient(options, (engine) => startLines(engine, options, createInterface({ input: source })))
  })
}

/** How many starts are under way at once; the engine puts them into few commits. */
const startsAtOnce = 500

/** @throws CliError INPUT_INVALID, STARTS_STOPPED; ToldAlready when some could not be started */
export async function startLines(
  engine: Pick<Engine, 'workflows'>, options: StartManyOptions, lines: AsyncIterable<string>,
): Promise<void> {
  const { type } = options
  const defaults: LineDefaults = { taskQueue: taskQueueOf(options), ...startSettingsOf(options), ...(type === undefined ? {} : { type }) }
  const teller = tellerOf(options)
  const underWay: Promise<void>[] = []
  let last: Promise<void> | undefined
  let number = 0
  for await (const line of lines) {
    number++
    if (line.trim() === '') continue
    if (last === undefined) refuseList(line)
    // Told in their order, and as soon as that allows: a pipe may be slow.
    last = Promise.all([outcomeOf(engine, number, line, defaults), last]).then(([outcome]) => teller.tell(outcome))
    underWay.push(last)
    if (underWay.length >= startsAtOnce) await underWay.shift()
    if (teller.whyStopped() !== undefined) break
  }
  await last
  teller.end()
}

/** A whole document would be as many failures as it has lines. */
function refuseList(line: string): void {
  if (!line.trimStart().startsWith('[')) return
  throw new CliError('INPUT_INVALID', 'The first line begins a JSON list: one object a line is wanted, as `jq -c .[]` makes of a list')
}

async function outcomeOf(engine: Pick<Engine, 'workflows'>, line: number, text: string, defaults: LineDefaults): Promise<Outcome> {
  let workflowId: string | undefined
  try {
    const { type, options } = lineStart(text, defaults)
    workflowId = options.workflowId
    const handle = await engine.workflows.start<UntypedWorkflow>(type, options)
    return { line, status: handle.started ? 'started' : 'joined', workflowId: handle.workflowId, runId: handle.runId }
  } catch (error) {
    if (!(error instanceof PerdureError)) throw error
    const { code, message } = error
    return { line, status: 'failed', ...(typeof workflowId === 'string' ? { workflowId } : {}), error: { code, message } }
  }
}

/** Of a database that is away, nothing more is asked. */
const stopping = new Set(['STORE_UNAVAILABLE', 'STORE_READ_ONLY', 'STORE_CORRUPT'])

function tellerOf({ output }: StartManyOptions) {
  const counts = { started: 0, joined: 0, failed: 0 }
  const outcomes: Outcome[] = []
  const status = statusLine(output)
  let stoppedAt: Outcome | undefined
  const summary = () => Object.entries(counts).filter(([name, count]) => count > 0 || name === 'started')
    .map(([name, count]) => `${count} ${name}`).join(', ')
  const tell = (outcome: Outcome) => {
    counts[outcome.status]++
    if (stopping.has(outcome.error?.code ?? '')) stoppedAt ??= outcome
    if (output === 'json') outcomes.push(outcome)
    if (output === 'jsonl') writeOut(`${JSON.stringify(outcome)}\n`)
    if (output === 'text' && outcome.error !== undefined) writeErr(failureText(outcome, outcome.error))
    status.show(() => summary())
  }
  const end = () => {
    status.clear()
    if (output !== 'jsonl') print(output, { value: { ...counts, outcomes }, text: summary })
    if (stoppedAt !== undefined) throw stopped(stoppedAt)
    if (counts.failed > 0) throw new ToldAlready(1)
  }
  return { tell, end, whyStopped: () => stoppedAt }
}

function failureText({ line, workflowId }: Outcome, { code, message }: NonNullable<Outcome['error']>): string {
  const id = workflowId === undefined ? '' : ` (${printable(workflowId)})`
  return `${colours(process.stderr).red(`line ${line}`)}${id} ${code}: ${printable(message)}\n`
}

function stopped({ line, error }: Outcome): CliError {
  return new CliError('STARTS_STOPPED', `Stopped at line ${line}, and read no further: ${error?.code ?? ''}, ${error?.message ?? ''}`)
}

async function sourceOf({ inputFile = '-' }: StartManyOptions): Promise<NodeJS.ReadableStream> {
  if (inputFile !== '-') {
    const file = await open(inputFile).catch((error: unknown) => {
      throw unreadable(inputFile, error)
    })
    return file.createReadStream()
  }
  if (!process.stdin.isTTY) return process.stdin
  throw new CliError('USAGE_INVALID', 'Nothing is piped into the command: name a file with --input-file')
}
