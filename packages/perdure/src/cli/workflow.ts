/** `perdure workflow ...`: one group of commands, in four files by what they do. */
import type { Command } from 'commander'
import { addMessageCommands } from './workflow-messages.ts'
import { addReadCommands } from './workflow-reads.ts'
import { addResultCommand } from './workflow-result.ts'
import { addStartCommands } from './workflow-start.ts'

export function addWorkflowCommands(program: Command): void {
  const workflow = program.command('workflow').description('start executions, look at them, talk to them')
  addStartCommands(workflow)
  addReadCommands(workflow)
  addResultCommand(workflow)
  addMessageCommands(workflow)
}
