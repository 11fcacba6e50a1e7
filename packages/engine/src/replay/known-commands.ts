import { PerdureError } from '../error.ts'
import type { Command } from '../execution/command.ts'

/** Commands that have a form in Temporal's histories here. */
export type KnownCommand = Extract<Command, { type: 'ScheduleActivity' | 'CancelActivity' | 'StartTimer' | 'CancelTimer' }>

/** @throws PerdureError HISTORY_UNREADABLE for what has none yet */
export function known(command: Command): KnownCommand {
  switch (command.type) {
    case 'ScheduleActivity':
    case 'CancelActivity':
    case 'StartTimer':
    case 'CancelTimer':
      return command
    default:
      throw new PerdureError('HISTORY_UNREADABLE', `${command.type} of a workflow has no form in Temporal's histories here`)
  }
}
