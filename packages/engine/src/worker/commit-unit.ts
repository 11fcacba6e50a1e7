/** What will be written for one execution by the next commit, with what waits for it. */
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { CommandNumber, RunId } from '../protocol/ids.ts'
import type { Close, EventRecord, Release, StartOutcome, StartRecord, Transition } from '../protocol/transition.ts'
import type { Input, OwnedExecution } from './owned-execution.ts'

export interface PendingStart {
  readonly record: StartRecord
  readonly settle: (outcome: StartOutcome) => void
  readonly reject: (error: Error) => void
}

export interface CommitUnit {
  readonly owned: OwnedExecution
  /** It waits for the next commit; it may still change until then. */
  queued: boolean
  start: PendingStart | undefined
  readonly events: EventRecord[]
  readonly consumed: number[]
  readonly tasks: ActivityTask[]
  readonly dropTasks: CommandNumber[]
  readonly cancelTasks: CommandNumber[]
  close: Close | null
  release: Release | null
  resetTakeovers: boolean
  /** The inputs that became `events`: applied again when a close is refused. */
  readonly causes: Input[]
  /** Run once it is durable (I3), in order. */
  readonly effects: (() => void)[]
  /** Run when it will never be durable, to give back what was reserved. */
  readonly undo: (() => void)[]
}

export function commitUnit(owned: OwnedExecution): CommitUnit {
  return {
    owned, queued: false, start: undefined, events: [], consumed: [], tasks: [], dropTasks: [], cancelTasks: [], close: null, release: null,
    resetTakeovers: false, causes: [], effects: [], undo: [],
  }
}

export function unitTransition(unit: CommitUnit): Transition {
  const runId: RunId = unit.owned.runId
  const { events, consumed, tasks, dropTasks, cancelTasks, close, release, resetTakeovers } = unit
  return { runId, events, consumed, tasks, dropTasks, cancelTasks, close, release, resetTakeovers }
}

/** Puts a refused unit back in front of what gathered since. */
export function mergeUnits(older: CommitUnit, newer: CommitUnit): CommitUnit {
  const joined = commitUnit(older.owned)
  joined.start = older.start ?? newer.start
  for (const unit of [older, newer]) {
    joined.events.push(...unit.events)
    joined.consumed.push(...unit.consumed)
    joined.tasks.push(...unit.tasks)
    joined.dropTasks.push(...unit.dropTasks)
    joined.cancelTasks.push(...unit.cancelTasks)
    joined.causes.push(...unit.causes)
    joined.effects.push(...unit.effects)
    joined.undo.push(...unit.undo)
    joined.resetTakeovers ||= unit.resetTakeovers
    joined.close = unit.close ?? joined.close
    joined.release = unit.release ?? joined.release
  }
  return joined
}

export function unitBytes(unit: CommitUnit): number {
  let bytes = 200 + (unit.start?.record.input.length ?? 0)
  for (const event of unit.events) bytes += event.data.length
  for (const task of unit.tasks) bytes += task.input.length
  return bytes + (unit.close?.result?.length ?? 0)
}
