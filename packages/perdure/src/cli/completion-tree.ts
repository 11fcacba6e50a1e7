/**
 * What a shell can complete, read off the commands themselves. The scripts made of it hold all of it, so that no key press
 * waits for a program to start. (A library that does this, @bomb.sh/tab, starts the program at each and completes no files.)
 */
import type { Command, Option } from 'commander'

export interface CompletedCommand {
  /** Without the program: `workflow start`; empty: the program itself. */
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly CompletedOption[]
  /** Values of its first argument. */
  readonly words: readonly string[]
}

export interface CompletedOption {
  readonly flags: readonly string[]
  readonly description: string
  /** False: a flag without a value. `any`: nobody but the user knows. */
  readonly value: false | 'any' | 'file' | readonly string[]
}

export function completedCommands(program: Command): readonly CompletedCommand[] {
  return completed(program, '', program.options.map(completedOption))
}

function completed(command: Command, path: string, globals: readonly CompletedOption[]): readonly CompletedCommand[] {
  const children = command.commands.filter((each) => each.name() !== 'help')
  const own = path === '' ? [] : command.options.map(completedOption)
  const help: CompletedOption = { flags: ['-h', '--help'], description: 'show help', value: false }
  return [
    {
      path,
      commands: children.map((each) => ({ name: each.name(), description: each.description() })),
      options: [...own, ...globals, help],
      words: command.registeredArguments[0]?.argChoices ?? [],
    },
    ...children.flatMap((each) => completed(each, path === '' ? each.name() : `${path} ${each.name()}`, globals)),
  ]
}

function completedOption(option: Option): CompletedOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined)
  return { flags, description: option.description, value: valueOf(option) }
}

function valueOf({ flags, argChoices, required, optional }: Option): CompletedOption['value'] {
  if (argChoices !== undefined) return argChoices
  if (!required && !optional) return false
  return /<(path|file)\b/.test(flags) ? 'file' : 'any'
}

/** Options that mean the same in all commands, as flags do here. */
export function optionsByFlag(commands: readonly CompletedCommand[]): ReadonlyMap<string, CompletedOption> {
  return new Map(commands.flatMap(({ options }) => options.flatMap((option) => option.flags.map((flag) => [flag, option] as const))))
}

/** Flags of one kind of value, as a pattern of `case`: `-d|--database`. Empty: there is none. */
export function flagsWith(commands: readonly CompletedCommand[], fits: (value: CompletedOption['value']) => boolean): string {
  return [...optionsByFlag(commands)].filter(([, { value }]) => fits(value)).map(([flag]) => flag).join('|')
}

/** Choices of values, each with the flags that take them. */
export function choices(commands: readonly CompletedCommand[]): readonly (readonly [flags: string, words: readonly string[]])[] {
  const known = new Map<string, string[]>()
  for (const [flag, { value }] of optionsByFlag(commands)) {
    if (typeof value !== 'object') continue
    const words = value.join(' ')
    known.set(words, [...known.get(words) ?? [], flag])
  }
  return [...known].map(([words, flags]) => [flags.join('|'), words.split(' ')])
}
