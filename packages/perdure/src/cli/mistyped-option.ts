/** Options that no command has: Commander tells of a required one that is missing before it tells of the one that was mistyped for it. */
import { type Command, CommanderError } from 'commander'
import { nearMatches } from '@perdure/workflow/host'

/** Undefined: every option is known. */
export function mistypedOption(program: Command, args: readonly string[]): CommanderError | undefined {
  const known = optionsOf(program, args)
  const end = args.indexOf('--')
  const words = args.slice(0, end === -1 ? args.length : end).map((word) => word.split('=')[0] ?? '')
  const unknown = words.find((word) => word.startsWith('--') && !known.includes(word))
  if (unknown === undefined) return undefined
  const [meant] = [...nearMatches(unknown, known), ...known.filter((option) => option.startsWith(unknown))]
  const hint = meant === undefined ? '' : ` (Did you mean ${meant}?)`
  return new CommanderError(1, 'commander.unknownOption', `error: unknown option '${unknown}'${hint}`)
}

/** Of the command that `args` name, and of the groups above it. */
function optionsOf(program: Command, args: readonly string[]): readonly string[] {
  const commands: Command[] = [program]
  for (const word of args) {
    const found = commands.at(-1)?.commands.find((command) => command.name() === word)
    if (found !== undefined) commands.push(found)
  }
  return ['--help', ...commands.flatMap(({ options }) => options.flatMap(({ long }) => long ?? []))]
}
