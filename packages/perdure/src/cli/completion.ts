/** `perdure completion`: a script for a shell. */
import { Argument, type Command } from 'commander'
import { bashScript } from './completion-bash.ts'
import { fishScript } from './completion-fish.ts'
import { completedCommands } from './completion-tree.ts'
import { zshScript } from './completion-zsh.ts'
import { withExamples } from './examples.ts'
import { writeOut } from './output.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

export function addCompletionCommand(program: Command): void {
  const completion = program.command('completion').description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(Object.keys(scripts)))
  withExamples(completion, 'completion bash > ~/.perdure.bash', 'completion fish | source')
  completion.action((shell: keyof typeof scripts) => {
    writeOut(scripts[shell](completedCommands(program)))
  })
}
