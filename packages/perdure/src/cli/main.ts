/** The program `perdure`: what its commands have in common, and how a run of it ends. */
import { readFileSync } from 'node:fs'
import { Command, CommanderError, type Help, Option } from 'commander'
import { didYouMean } from '@perdure/workflow/host'
import { addCompletionCommand } from './completion.ts'
import { addDevCommand } from './dev.ts'
import { addDoctorCommand } from './doctor.ts'
import { CliError, ToldAlready } from './cli-error.ts'
import { reportError } from './error-report.ts'
import { addInitCommand } from './init.ts'
import { addMigrateCommand } from './migrate.ts'
import { addNamespaceCommands } from './namespace.ts'
import { mistypedOption } from './mistyped-option.ts'
import { FailedCommand } from './options.ts'
import { hasColours, isOutputFormat, type OutputFormat, outputFormats, stopQuietlyOnBrokenPipe, writeOut } from './output.ts'
import { addReplayCommand } from './replay.ts'
import { addTaskQueueCommands } from './task-queue.ts'
import { colours, printable } from './text.ts'
import { quietExperiments } from './warnings.ts'
import { addWorkerCommands } from './worker.ts'
import { addWorkflowCommands } from './workflow.ts'

/** Runs with the arguments of this process, and ends it: a timer or a socket in a user's file does not keep it alive. */
export async function runFromShell(): Promise<never> {
  stopQuietlyOnBrokenPipe()
  quietExperiments()
  const code = await main(process.argv.slice(2))
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => {
    stream.write('', resolve)
  })))
  process.exit(code)
}

/** @returns the exit code: 0; after an error, which was printed, 1; after a question that was left with Ctrl-C, 130 */
export async function main(args: readonly string[]): Promise<number> {
  const program = createProgram()
  try {
    const words = helpAsOption(program, args)
    refuseUnknownCommand(program, words)
    await program.parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError && saidAlready.has(error.code)) return error.exitCode
    const cause = error instanceof FailedCommand ? error.cause : error
    if (cause instanceof ToldAlready) return cause.exitCode
    const ofOptions = error instanceof CommanderError && optionErrors.has(error.code) ? mistypedOption(program, args) : undefined
    reportError(error instanceof CommanderError ? usageError(ofOptions ?? error) : error, formatIn(args))
    return cause instanceof CliError ? cause.exitCode : 1
  }
}

/** `help workflow start` is `workflow start --help`: Commander's own knows one level, and prints what it has for any other word. */
function helpAsOption(program: Command, args: readonly string[]): readonly string[] {
  const isGroup = program.commands.some((each) => each.name() === args[0] && each.commands.length > 0)
  const at = args[0] === 'help' ? 0 : isGroup && args[1] === 'help' ? 1 : -1
  return at === -1 ? args : [...args.slice(0, at), ...args.slice(at + 1).filter((word) => word !== 'help'), '--help']
}

/** Commander prints the help of the group above for any word that stands before --help. */
function refuseUnknownCommand(program: Command, args: readonly string[]): void {
  if (!args.some((each) => each === '--help' || each === '-h')) return
  let group = program
  for (const word of args) {
    if (word.startsWith('-')) return
    const found = group.commands.find((command) => command.name() === word)
    if (found === undefined) throw unknownCommand(word, group.commands.map((command) => command.name()))
    if (found.commands.length === 0) return
    group = found
  }
}

function unknownCommand(word: string, names: readonly string[]): CommanderError {
  const hint = didYouMean(word, names).replace(/^; did you mean '(.*)'\?$/, ' (Did you mean $1?)')
  return new CommanderError(1, 'commander.unknownCommand', `error: unknown command '${word}'${hint}`)
}

const optionErrors = new Set(['commander.unknownOption', 'commander.missingMandatoryOptionValue'])

/** Help was printed in place of an error, or because it was asked for. */
const saidAlready = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

export function createProgram(): Command {
  const program = new Command('perdure')
  program
    .description('Durable workflows for TypeScript, on a SQLite file or a PostgreSQL database.')
    .exitOverride()
    .configureOutput({ writeOut, outputError: () => {}, getOutHasColors: () => hasColours(process.stdout) })
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => colours().bold(title), optionDescription: describeOption })
    .showSuggestionAfterError()
    .option('--config <file>', 'configuration; else $PERDURE_CONFIG, ./perdure.yaml')
    .option('-d, --database <file|url>', 'SQLite file or postgres:// URL; else $PERDURE_URL, $DATABASE_URL, configuration, ./perdure.db')
    .option('-n, --namespace <name>', 'namespace (default: default)')
    .option('--engine-options <file>', 'module that exports dataConverter, interceptors or workflowFailureErrorTypes; else configuration')
    .addOption(outputOption())
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .addHelpText('after', `
Start here:
  $ npx perdure init shop                     make a project
  $ npx perdure dev                           run the workflows of this folder
  $ npx perdure workflow execute --type greet -i '"World"'
  $ npx perdure workflow list
  $ npx perdure workflow start --help         options of one command`)
  addInitCommand(program)
  addDevCommand(program)
  addWorkflowCommands(program)
  addReplayCommand(program)
  addWorkerCommands(program)
  addTaskQueueCommands(program)
  addNamespaceCommands(program)
  addMigrateCommand(program)
  addDoctorCommand(program)
  addCompletionCommand(program)
  program.helpCommand('help [command]', 'show help of a command')
  return program
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

function outputOption(): Option {
  return new Option('-o, --output <format>', 'text, json (one document) or jsonl (an object a line)').choices(outputFormats).default('text')
}

/** Choices stand in the description already. */
function describeOption(this: Help | void, option: Option): string {
  const value = option.defaultValue as unknown
  return typeof value === 'string' || typeof value === 'number' ? `${option.description} (default: ${value})` : option.description
}

/** Commander writes "error: ..." and puts a suggestion on a second line. */
function usageError(error: CommanderError): CliError {
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  const hint = /did you mean/i.test(message) ? '' : elsewhere(message)
  return new CliError('USAGE_INVALID', printable(message.replace(/\.$/, '')) + hint)
}

/** `perdure list` is a habit of other programs. */
function elsewhere(message: string): string {
  const [, name] = /^unknown command '(.+)'$/.exec(message) ?? []
  const group = createProgram().commands.find((each) => each.commands.some((one) => one.name() === name))
  return group === undefined || name === undefined ? '; --help shows what there is' : ` (Did you mean ${group.name()} ${name}?)`
}

/** The command line may be wrong as a whole, so the format is looked up in it by hand. */
function formatIn(args: readonly string[]): OutputFormat {
  for (const [index, argument] of args.entries()) {
    const [, attached] = /^(?:--output=|-o=?)(.+)$/.exec(argument) ?? []
    const given = argument === '-o' || argument === '--output' ? args[index + 1] : attached
    if (given !== undefined && isOutputFormat(given)) return given
  }
  return 'text'
}
