/** `perdure replay`: recorded histories against the code given. Ends with 1 when the code does not fit one of them. */
import { readFile } from 'node:fs/promises'
import type { ReplayOptions, ReplayResult } from '@perdure/engine'
import { didYouMean } from '@perdure/workflow/host'
import type { Command } from 'commander'
import { CliError, ToldAlready } from './cli-error.ts'
import { withReplayer } from './connection.ts'
import { optionsInCode } from './engine-options-file.ts'
import { withExamples } from './examples.ts'
import { loadModules, registerModules } from './load-modules.ts'
import { type GlobalOptions, runs } from './options.ts'
import { print, writeErr, writeOut } from './output.ts'
import { type Replayed, replayedOf, replayedText, summaryText } from './replay-text.ts'
import { statusLine } from './status-line.ts'

interface ReplayCommandOptions extends GlobalOptions {
  readonly workflows?: readonly string[]
  readonly open?: boolean
  readonly type?: string
}

export function addReplayCommand(program: Command): void {
  const replay = program.command('replay [history...]')
    .description('replay histories against the code given; ends with 1 when it does not do what they say')
    .option('--open', 'every open execution of the database, in place of files')
    .option('--workflows <path...>', 'files or folders with workflows (default: workflows.ts or the folder workflows, here or in src)')
    .option('--type <name>', 'with --open: only executions of this workflow type')
  withExamples(replay, 'replay order-7.json', 'replay histories/*.json --workflows src/workflows.ts -o json',
    'replay --open -d postgres://app@db.example/app')
  replay.addHelpText('after', `
Files are written by 'perdure workflow export', or by Temporal's
'temporal workflow show --output json'. Nothing is written to the database,
and no activity runs.`)
  runs<ReplayCommandOptions>(replay, replayAll)
}

async function replayAll(options: ReplayCommandOptions, files: readonly string[]): Promise<void> {
  const { open = false, type } = options
  if (open === files.length > 0) {
    const either = open ? '--open takes no files' : 'There is nothing to replay'
    throw new CliError('USAGE_INVALID', `${either}: name files with histories, or give --open for the open executions of the database`)
  }
  if (type !== undefined && !open) throw new CliError('USAGE_INVALID', '--type goes with --open: a file says its workflow type itself')
  // Before a history is looked at: files of workflows that cannot be loaded have an error of their own.
  const loaded = await loadModules({ ...options, activities: [] })
  if (type !== undefined) requireWorkflow(type, Object.keys(loaded.workflows.functions))
  const teller = tellerOf(options)
  if (!open) {
    const replaying = { workflows: loaded.workflows.functions, ...await optionsInCode(options) }
    for (const file of files) teller.tell(await replayFile(file, replaying, options))
    return teller.end()
  }
  await withReplayer(options, async (engine) => {
    registerModules(engine, loaded)
    const filter = type === undefined ? {} : { workflowType: type }
    teller.expect(await engine.workflows.count({ ...filter, status: 'RUNNING' }))
    for await (const result of engine.workflows.replayOpen(filter)) teller.tell(replayedOf(result, {}, options))
  })
  teller.end()
}

/** Of a mistyped one nothing would be replayed, and nothing fail. */
function requireWorkflow(type: string, known: readonly string[]): void {
  if (known.includes(type)) return
  const hint = didYouMean(type, known) || `: there are ${known.join(', ') || 'none'}`
  throw new CliError('USAGE_INVALID', `--type '${type}' is none of the workflows given${hint}`)
}

async function replayFile(file: string, replaying: ReplayOptions, options: GlobalOptions): Promise<Replayed> {
  const { runReplayHistories } = await import('@perdure/engine')
  const history = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code = '' } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder: name the files in it' : `cannot be read (${code})`
    return new CliError('HISTORY_FILE_NOT_FOUND', `The history ${file} ${why}`)
  })
  if (history instanceof Error) return replayedOf({ ...nothing, error: history }, { file }, options)
  let found: ReplayResult = nothing
  for await (const result of runReplayHistories(replaying, [{ history }])) found = result
  return replayedOf(found, { file }, options)
}

const nothing: ReplayResult = { workflowId: '', runId: '', workflowType: '' }

function tellerOf({ output }: ReplayCommandOptions) {
  const counts = { replayed: 0, failed: 0 }
  const results: Replayed[] = []
  const status = statusLine(output)
  let expected = 0
  const progress = () => `${counts.replayed}${expected === 0 ? '' : ` of ${expected}`} replayed, ${counts.failed} failed`
  return {
    expect: (count: number) => { expected = count },
    tell: (result: Replayed) => {
      counts.replayed++
      if (!result.ok) counts.failed++
      if (output === 'json') results.push(result)
      if (output === 'jsonl') writeOut(`${JSON.stringify(result)}\n`)
      if (output === 'text' && !result.ok) writeErr(replayedText(result))
      status.show(progress)
    },
    end: () => {
      status.clear()
      const ok = counts.failed === 0
      if (output !== 'jsonl') print(output, { value: { ok, ...counts, results }, text: () => summaryText(counts) })
      if (!ok) throw new ToldAlready(1)
    },
  }
}
