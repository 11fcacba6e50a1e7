/** The unit that takes what an execution writes next, and what waits for it. */
import { gatheredMax } from '../../limits.ts'
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
 * More follows in the next turn, and a commit would keep this thread from it: one commit for many results of activities that end
 * together, not one each. A store that commits aside does so meanwhile.
 */
export function gathersOn({ store }: { readonly store: Pick<Store, 'commitsAside'> }, { unit, replay }: OwnedExecution): boolean {
  if (store.commitsAside === true || unit === undefined || unit.start !== undefined || replay !== undefined) return false
  return unit.events.length + unit.consumed.length < gatheredMax
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
