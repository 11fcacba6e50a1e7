/** Which commands of an activation leave an event on Temporal, and in which order. Pure. */
import type { Command } from '../execution/command.ts'
import { known, type KnownCommand } from './known-commands.ts'

/** What was begun and withdrawn in the same activation never gets there, nor does the cancellation of what is abandoned. */
export function recordedCommands(given: readonly Command[]): readonly KnownCommand[] {
  const commands = given.map(known)
  const begun = new Set<number>()
  const withdrawn = new Set<number>()
  for (const { type, command } of commands) {
    if (type === 'ScheduleActivity' || type === 'StartTimer') begun.add(command)
    else if (begun.has(command)) withdrawn.add(command)
  }
  return commands.filter((each) => !withdrawn.has(each.command) && !(each.type === 'CancelActivity' && each.abandon))
}
