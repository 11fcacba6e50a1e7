/** Which commands of an activation leave an event on Temporal, and in which order. Pure. */
import type { Command, ScheduleActivity } from '../execution/command.ts'
import type { CommandNumber } from '../protocol/ids.ts'

/** Local activities that the code has called. */
export type LocalActivityCalls = Map<CommandNumber, ScheduleActivity>

/**
 * What was begun and withdrawn in the same activation never gets there, nor does the cancellation of what is abandoned. That a
 * local activity was called does not, and of its cancellation a marker tells.
 * @param locals of this execution so far; those of `commands` are added
 */
export function recordedCommands(commands: readonly Command[], locals: LocalActivityCalls): readonly Command[] {
  const begun = new Set<number>()
  const withdrawn = new Set<number>()
  for (const command of commands) {
    const { type } = command
    if (type === 'ScheduleActivity' && command.options.local === true) locals.set(command.command, command)
    if (type === 'ScheduleActivity' || type === 'StartTimer') begun.add(command.command)
    else if ((type === 'CancelActivity' || type === 'CancelTimer') && begun.has(command.command)) withdrawn.add(command.command)
  }
  return commands.filter((each) => {
    if (each.type === 'ScheduleActivity' && locals.has(each.command)) return false
    if (each.type === 'CancelActivity' && locals.has(each.command)) return true
    if (each.type === 'CancelActivity' && each.abandon) return false
    return !('command' in each && withdrawn.has(each.command))
  })
}
