/** Options that several commands take, with the names of Temporal's CLI, and how their values are read. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { didYouMean, durationToMs } from '@perdure/workflow/host'
import type { OutputFormat } from './output.ts'

export interface GlobalOptions {
  readonly database?: string
  readonly namespace: string
  readonly output: OutputFormat
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

/** What a command does, given its own options and the global ones. */
export function runs<T extends GlobalOptions>(command: Command, action: (options: T) => Promise<void>): void {
  command.action(async (_own: unknown, self: Command) => {
    await action(self.optsWithGlobals<T>())
  })
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

/** One of the choices, in any case, with or without its underscores: `TIMED_OUT`, `TimedOut`, `timed-out`. */
export function oneOf<T extends string>(choices: readonly T[], aliases: Readonly<Record<string, T>> = {}): (text: string) => T {
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
