/**
 * Takeovers in a row of one execution: when they count no more, and how long its worker takes up no other suspect beside it.
 * The count is for code and activities that kill their worker. An execution that only waits comes to rest right after its
 * takeover, and counts no longer then; else a few deaths of a worker would make suspects of all that it owned. One that rests
 * while an activity is pending that may be what killed its worker goes on counting until it writes an event.
 */
import { takeoversSuspect, takeoverWindowMs } from '../../limits.ts'
import type { Millis } from '../../protocol/ids.ts'
import { openUnit, sendUnit } from '../commits/open-unit.ts'
import { isIdle, type OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'

/**
 * The end of an activation: it gets on where it writes an event, but for that of an attempt that was lost with its worker, which every
 * takeover writes. An activity that is scheduled in its place may be what kills, as that was.
 */
export function noteActivation(context: WorkerContext, owned: OwnedExecution): void {
  if (owned.takeovers === 0 || owned.unit === undefined) return
  if (owned.unit.events.some(({ type }) => type !== 'ActivityTaskTimedOut')) reset(context, owned)
  else for (const { command } of owned.unit.tasks) owned.doubtful.add(command)
}

/** Its code has come to rest, and no attempt of it runs or begins here: its worker lives. */
export function noteRestOfSuspect(context: WorkerContext, owned: OwnedExecution): void {
  if (owned.takeovers === 0 || !isIdle(owned) || owned.running.size > 0 || owned.waiting.size > 0 || hasDoubtful(owned)) return
  reset(context, owned)
  sendUnit(context, owned)
}

/** While its code runs, and for a while after it was taken up, it is watched alone. */
export function isWatched(owned: OwnedExecution, now: Millis): boolean {
  if (owned.takeovers < takeoversSuspect) return false
  return now - owned.claimedAt < takeoverWindowMs || owned.ready || owned.phase === 'loading' || owned.live?.activating === true
}

/** Pending activities that were under way when its worker died, or in one of their attempts before. */
function hasDoubtful({ doubtful, live }: OwnedExecution): boolean {
  for (const command of doubtful) if (live === undefined || live.pending.activities.has(command)) return true
  return false
}

function reset(context: WorkerContext, owned: OwnedExecution): void {
  if (owned.unit?.resetTakeovers === true || owned.sent?.resetTakeovers === true) return
  const unit = openUnit(owned)
  unit.resetTakeovers = true
  unit.effects.push(() => {
    const wasSuspect = owned.takeovers >= takeoversSuspect
    owned.takeovers = 0
    if (wasSuspect) context.kickClaim()
  })
}
