/** Examples below the help of a command: what people copy first. */
import type { Command } from 'commander'

/** @param lines without the program's name */
export function withExamples(command: Command, ...lines: readonly string[]): Command {
  const heading = lines.length === 1 ? 'Example:' : 'Examples:'
  return command.addHelpText('after', ['', heading, ...lines.map((line) => `  $ npx perdure ${line}`)].join('\n'))
}
