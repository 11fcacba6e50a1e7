/** `perdure workflow ...`: one group of commands, in files by what they do. */
import type { Command } from 'commander'
import { addExportCommand } from './workflow-export.ts'
import { addListCommands } from './workflow-list.ts'
import { addMessageCommands } from './workflow-messages.ts'
import { addReadCommands } from './workflow-reads.ts'
import { addResultCommand } from './workflow-result.ts'
import { addStartCommands } from './workflow-start.ts'
import { addStartManyCommand } from './workflow-start-many.ts'

export function addWorkflowCommands(program: Command): void {
  const workflow = program.command('workflow').description('start executions, look at them, talk to them')
  addStartCommands(workflow)
  addStartManyCommand(workflow)
  addListCommands(workflow)
  addReadCommands(workflow)
  addExportCommand(workflow)
  addResultCommand(workflow)
  addMessageCommands(workflow)
}
