/** The unit that takes what an execution writes next, and what waits for it. */
import { gatheredBytesMax, gatheredMax } from '../../limits.ts'
import type { Store } from '../../ports/store.ts'
import type { HistoryEvent, InboxRequest } from '../../protocol/event.ts'
import { commitUnit } from './commit-unit.ts'
import type { GroupCommit } from './group-commit.ts'
import type { CommitUnit, Input, OwnedExecution } from './owned-execution.ts'

/** The unit that takes what this execution writes next. `sendUnit` follows, at once or at the end of the activation. */
export function openUnit(owned: OwnedExecution): CommitUnit {
  owned.unit ??= commitUnit(owned)
  return owned.unit
}

/** The gathered unit joins the next commit; in the middle of an activation its end will send it. */
export function sendUnit({ commits }: { readonly commits: GroupCommit }, owned: OwnedExecution): void {
  if (owned.unit !== undefined && !owned.settling && owned.live?.activating !== true) commits.add(owned.unit)
}

/**
 * More is here for the next turn, and a commit would keep this thread from it: one commit for many results of activities that end
 * together, not one each. A store that commits aside does so meanwhile. With nothing here it would be at rest, to be asked and to
 * leave memory, and what it wrote would be under way nowhere. What waits for the commit (an activity, a child, the end of an update, a
 * line of a log) goes at once.
 */
export function gathersOn({ store }: { readonly store: Pick<Store, 'commitsAside'> }, { unit, replay, inputs }: OwnedExecution): boolean {
  if (store.commitsAside === true || unit === undefined || unit.start !== undefined || replay !== undefined) return false
  if (inputs.length === 0 || unit.effects.length + unit.outgoing.length + unit.updates.length > 0) return false
  const bytes = unit.events.reduce((sum, { data }) => sum + data.length, 0)
  return unit.events.length + unit.consumed.length < gatheredMax && bytes < gatheredBytesMax
}

/** Runs `effect` once all that was collected so far is durable, or `undo` when it never will be. */
export function afterCommit(owned: OwnedExecution, effect: () => void, undo?: () => void): void {
  const carrier = owned.unit ?? owned.sent
  if (carrier === undefined) return effect()
  carrier.effects.push(effect)
  if (undo !== undefined) carrier.undo.push(undo)
}

export function asInput(event: HistoryEvent | InboxRequest): Input {
  return { event, data: undefined, inboxId: undefined, unreadable: undefined }
}

/** Adds an event to what the next commit writes. */
export function appendEvent(owned: OwnedExecution, type: string, at: number, data: string): void {
  owned.seq++
  owned.bytes += data.length
  owned.lastAt = at
  openUnit(owned).events.push({ seq: owned.seq, type, at, data })
}
