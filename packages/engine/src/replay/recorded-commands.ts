/** Which commands of an activation leave an event on Temporal, and in which order. Pure. */
import type { Command } from '../execution/command.ts'

/** What was begun and withdrawn in the same activation never gets there, nor does the cancellation of what is abandoned. */
export function recordedCommands(commands: readonly Command[]): readonly Command[] {
  const begun = new Set<number>()
  const withdrawn = new Set<number>()
  for (const command of commands) {
    const { type } = command
    if (type === 'ScheduleActivity' || type === 'StartTimer') begun.add(command.command)
    else if ((type === 'CancelActivity' || type === 'CancelTimer') && begun.has(command.command)) withdrawn.add(command.command)
  }
  return commands.filter((each) => {
    if (each.type === 'CancelActivity' && each.abandon) return false
    return !('command' in each && withdrawn.has(each.command))
  })
}
