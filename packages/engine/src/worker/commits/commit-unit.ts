/** Units: what will be written for one execution by the next commit, with what waits for it. */
import type { RunId } from '../../protocol/ids.ts'
import { startBytes, textBytes } from '../../protocol/start-size.ts'
import type { Transition } from '../../protocol/transition.ts'
import type { CommitUnit, OwnedExecution } from './owned-execution.ts'

export function commitUnit(owned: OwnedExecution): CommitUnit {
  return {
    owned, queued: false, lockedTries: 0, start: undefined, events: [], consumed: [], tasks: [], cancelTasks: [],
    close: null, release: null, resetTakeovers: false, outgoing: [], updates: [], upsert: undefined,
    causes: [], retries: [], effects: [], undo: [],
  }
}

export function unitTransition(unit: CommitUnit): Transition {
  const runId: RunId = unit.owned.runId
  const { events, consumed, tasks, cancelTasks, close, release, resetTakeovers, outgoing, updates, upsert } = unit
  const transition: Transition = { runId, events, consumed, tasks, cancelTasks, close, release, resetTakeovers }
  if (outgoing.length === 0 && updates.length === 0 && upsert === undefined) return transition
  return { ...transition, outgoing, updates, ...(upsert === undefined ? {} : { upsert }) }
}

/** More than the start of an execution whose first activation failed. */
export function showsActivation({ events, tasks, outgoing, updates, upsert }: CommitUnit): boolean {
  return events.length + tasks.length + outgoing.length + updates.length > 0 || upsert !== undefined
}

/** Puts a refused unit back in front of what gathered since. */
export function mergeUnits(older: CommitUnit, newer: CommitUnit): CommitUnit {
  const joined = commitUnit(older.owned)
  joined.start = older.start ?? newer.start
  for (const unit of [older, newer]) {
    joined.events.push(...unit.events)
    joined.consumed.push(...unit.consumed)
    joined.tasks.push(...unit.tasks)
    joined.cancelTasks.push(...unit.cancelTasks)
    joined.outgoing.push(...unit.outgoing)
    joined.updates.push(...unit.updates)
    if (unit.upsert !== undefined) joined.upsert = { ...joined.upsert, ...unit.upsert }
    joined.causes.push(...unit.causes)
    joined.retries.push(...unit.retries)
    joined.effects.push(...unit.effects)
    joined.undo.push(...unit.undo)
    joined.resetTakeovers ||= unit.resetTakeovers
    joined.close = unit.close ?? joined.close
    joined.release = unit.release ?? joined.release
  }
  return joined
}

/** Of all texts that are sent: what a child is started with is in its start and in both answers, of which the store takes one. */
export function unitBytes({ start, events, tasks, outgoing, updates, upsert, close, release }: CommitUnit): number {
  let bytes = 200 + (start === undefined ? 0 : startBytes(start.record))
  for (const { data } of events) bytes += textBytes(data)
  for (const { input, options, lastFailure, heartbeatDetails } of tasks) {
    bytes += 400 + textBytes(input) + textBytes(options) + textBytes(lastFailure) + textBytes(heartbeatDetails)
  }
  for (const request of outgoing) {
    bytes += 200 + textBytes(request.done.data) + textBytes(request.refused.data)
    bytes += request.type === 'start' ? startBytes(request.start) : textBytes(request.message.data)
  }
  for (const { result, failure } of updates) bytes += 100 + textBytes(result) + textBytes(failure)
  if (upsert !== undefined) bytes += textBytes(upsert.memo) + textBytes(upsert.searchAttributes) + textBytes(upsert.details)
  if (close !== null) {
    bytes += textBytes(close.result) + textBytes(close.failure) + (close.next === undefined ? 0 : startBytes(close.next))
  }
  return bytes + textBytes(release?.held?.reason)
}
