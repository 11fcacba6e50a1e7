/** Options that several commands take, with the names of Temporal's CLI, and how their values are read. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { StartSettings } from '@perdure/engine'
import { didYouMean, durationToMs } from '@perdure/workflow/host'
import { type Configuration, loadConfiguration } from '../config/configuration.ts'
import type { OutputFormat } from './output.ts'

export interface GlobalOptions {
  readonly config?: string
  readonly database?: string
  /** A module with what is code: engine-options-file.ts. Of the flag, else of the configuration. */
  readonly engineOptions?: string
  /** Of the flag, else of the configuration. */
  readonly namespace: string
  readonly output: OutputFormat
  /** Environment and file. Whoever has a flag for one of its settings lets the flag win. */
  readonly configuration: Configuration
}

export interface ExecutionOptions extends GlobalOptions {
  readonly workflowId: string
  readonly runId?: string
}

export interface InputOptions {
  readonly input: readonly string[]
  readonly inputFile?: string
}

export interface ModuleOptions {
  readonly workflows?: readonly string[]
  readonly activities?: readonly string[]
}

export type GivenOptions<T extends GlobalOptions> = Omit<T, 'namespace' | 'configuration'> & { readonly namespace?: string }

/** What a command failed with, on its way to the end of the program: its options say how to tell it. */
export class FailedCommand extends Error {
  readonly options: GlobalOptions
  constructor(cause: unknown, options: GlobalOptions) {
    super('a command failed', { cause })
    this.options = options
  }
}

/** What a command does, given its own options, the global ones and the configuration, and the words that are no options. */
export function runs<T extends GlobalOptions>(
  command: Command, action: (options: T, words: readonly string[]) => Promise<void>,
): void {
  command.action(async (...passed: readonly unknown[]) => {
    const self = passed.at(-1) as Command
    const options = await settled(givenOptions<T>(self))
    await action(options, self.args).catch((error: unknown) => {
      throw new FailedCommand(error, options)
    })
  })
}

/** Own options of a command and the global ones, as typed. */
export function givenOptions<T extends GlobalOptions>(command: Command): GivenOptions<T> {
  return command.optsWithGlobals<GivenOptions<T>>()
}

/** With the configuration. @throws ConfigurationError */
export async function settled<T extends GlobalOptions>(given: GivenOptions<T>): Promise<T> {
  const configuration = await loadConfiguration({ path: given.config })
  const namespace = given.namespace ?? configuration.settings.namespace ?? 'default'
  const engineOptions = given.engineOptions ?? configuration.settings.cli?.engine_options
  return { ...given, namespace, configuration, ...(engineOptions === undefined ? {} : { engineOptions }) } as unknown as T
}

export function addExecutionOptions(command: Command): Command {
  return command
    .requiredOption('-w, --workflow-id <id>', 'workflow id; a run id is understood too')
    .option('-r, --run-id <id>', 'run id (default: the open run, else the latest)')
}

export function addInputOptions(command: Command): Command {
  return command
    .option('-i, --input <json>', 'one argument as JSON; repeat it for more', collect, [])
    .option('--input-file <path>', 'JSON file with one argument; - reads stdin')
}

export function addModuleOptions(command: Command, where: string): Command {
  return command
    .option('--workflows <path...>', `files or folders with workflows${where}`)
    .option('--activities <path...>', `files or folders with activities${where}`)
}

export function nameOption(what: string): Option {
  return new Option('--name <name>', `name of the ${what}`).makeOptionMandatory()
}

export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value]
}

const reusePolicies = ['ALLOW_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY', 'REJECT_DUPLICATE'] as const
const conflictPolicies = ['FAIL', 'USE_EXISTING', 'TERMINATE_EXISTING'] as const

export interface PolicyOptions {
  readonly idReusePolicy?: (typeof reusePolicies)[number]
  readonly idConflictPolicy?: (typeof conflictPolicies)[number]
}

export function addPolicyOptions(command: Command): Command {
  return command
    .addOption(policy('--id-reuse-policy', 'when the id was used by a closed execution', reusePolicies))
    .addOption(policy('--id-conflict-policy', 'when the id is used by an open execution', conflictPolicies))
}

function policy<T extends string>(flag: string, when: string, choices: readonly T[]): Option {
  return choiceOption(`${flag} <policy>`, `${when}: ${choices.join(', ')}`, choices)
}

/** Its values are completed by shells, and read by oneOf. */
export function choiceOption<T extends string>(
  flags: string, description: string, choices: readonly T[], aliases: Readonly<Record<string, T>> = {},
): Option {
  const option = new Option(flags, description).argParser(oneOf(choices, aliases))
  option.argChoices = [...choices]
  return option
}

/** As an engine takes them. */
export function policiesOf({ idReusePolicy, idConflictPolicy }: PolicyOptions): StartSettings {
  return {
    ...(idReusePolicy === undefined ? {} : { workflowIdReusePolicy: idReusePolicy }),
    ...(idConflictPolicy === undefined ? {} : { workflowIdConflictPolicy: idConflictPolicy }),
  }
}

/** Queue of what is started: of the flag, else of the configuration. */
export function taskQueueOf({ taskQueue, configuration }: GlobalOptions & { readonly taskQueue?: string }): string {
  return taskQueue ?? configuration.settings.task_queue ?? 'default'
}

/** Milliseconds, from `500ms`, `30s`, `5 minutes`. */
export function duration(option: string): (text: string) => number {
  return (text) => durationToMs(text, option)
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text.trim()) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}

/** A number, or `none`, which takes a limit away. */
export function limit(read: (text: string) => number): (text: string) => number | 'none' {
  return (text) => (text.trim().toLowerCase() === 'none' ? 'none' : read(text))
}

export function numberAbove(bound: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && value > bound) return value
    throw new InvalidArgumentError(`It must be a number above ${bound}.`)
  }
}

/** One of the choices, in any case, with or without its underscores: `TIMED_OUT`, `TimedOut`, `timed-out`. */
function oneOf<T extends string>(choices: readonly T[], aliases: Readonly<Record<string, T>> = {}): (text: string) => T {
  return (text) => {
    const wanted = squeezed(text)
    const found = choices.find((choice) => squeezed(choice) === wanted) ?? aliases[wanted]
    if (found !== undefined) return found
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}${didYouMean(text, choices) || '.'}`)
  }
}

function squeezed(text: string): string {
  return text.toLowerCase().replace(/[_\s-]/g, '')
}
