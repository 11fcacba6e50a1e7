/**
 * Commands whose trace is an event or a column: marks of patches, completed updates, memo and search attributes. After a
 * replay they are compared with what is there, and what is missing is written.
 */
import type { CompleteUpdate } from '../../execution/command.ts'
import type { LiveExecution } from '../../execution/live-execution.ts'
import { NondeterminismError } from '../../execution/nondeterminism-error.ts'
import { SeldomSet } from '../../execution/seldom.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import type { HistoryEvent, PatchMarked } from '../../protocol/event.ts'
import { recordedFailure } from '../../protocol/failure-codec.ts'
import type { Payload } from '../../protocol/payload.ts'
import { decodeStartDetails, encodeStartDetails } from '../../protocol/start-details.ts'
import type { EventRecord } from '../../protocol/transition.ts'
import { appendEvent, openUnit } from '../commits/open-unit.ts'
import type { OwnedExecution, Replay } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { isJoinedRecord } from './execution-steps.ts'
import { askForChild, askOther } from './outgoing-requests.ts'
import { visibleOf } from './visible-payloads.ts'

/**
 * Patches of the activation that has come to rest, in front of the event that it applied: whoever replays knows of them
 * before the code asks. Those of the call of the workflow function stand in front of everything.
 */
export function markPatches(owned: OwnedExecution, live: LiveExecution): void {
  const patches = live.takePatches()
  if (patches.length === 0) return
  if (owned.replay !== undefined && owned.replay.events.length > 0) {
    const expected = `no new patch, as the history has it`
    return live.fail(new NondeterminismError({ seq: owned.seq, expected, got: `patch '${patches[0]?.patchId}' was asked for` }))
  }
  const { events } = openUnit(owned)
  const isStart = live.activation === 0 || events.at(-1)?.type === 'WorkflowTaskStarted'
  let place = isStart ? 0 : events.length - 1
  for (let event = events[place]; event !== undefined && isJoinedRecord(event); event = events[place]) place--
  const marks = patches.map(({ patchId, deprecated }) => {
    const mark: PatchMarked = { type: 'PatchMarked', patchId, deprecated, atStart: isStart }
    return { type: mark.type, data: encodeEvent(mark) }
  })
  for (const { data } of marks) live.history.addLate(data.length)
  insertEvents(owned, place, marks)
}

/**
 * Updates that were there before the workflow function was called, when its first activation is over: those that were accepted
 * stand in front of the call, so that a replay has them when their handlers are set.
 */
export function settleEarlyUpdates(owned: OwnedExecution, live: LiveExecution): void {
  const verdicts = live.takeEarlyVerdicts()
  if (verdicts.length === 0) return
  const unit = openUnit(owned)
  for (const { update: { isAccepted: _, ...update }, error } of verdicts) {
    const { updateId } = update
    if (error !== undefined) {
      unit.updates.push({ updateId, stage: 'rejected', result: null, failure: recordedFailure(live.values.failures, error) })
      continue
    }
    unit.updates.push({ updateId, stage: 'accepted', result: null, failure: null })
    const event: HistoryEvent = { ...update, type: 'WorkflowExecutionUpdateAccepted' }
    const data = encodeEvent(event)
    const place = unit.events.findIndex(({ type }) => type === 'WorkflowTaskStarted')
    insertEvents(owned, place, [{ type: event.type, data }])
    live.history.addLate(data.length)
  }
}

/** In front of an event of what the next commit writes. */
function insertEvents(owned: OwnedExecution, place: number, inserted: readonly { readonly type: string; readonly data: string }[]): void {
  const { events } = openUnit(owned)
  const behind = events.splice(place)
  const first = owned.seq - behind.length
  const at = behind[0]?.at ?? owned.lastAt
  inserted.forEach(({ type, data }, index) => {
    owned.bytes += data.length
    events.push({ seq: first + index + 1, type, at, data })
  })
  owned.seq += inserted.length
  events.push(...behind.map((event): EventRecord => ({ ...event, seq: event.seq + inserted.length })))
}

export function completeUpdate(owned: OwnedExecution, { updateId, result, failure }: CompleteUpdate): void {
  const data = encodeEvent({ type: 'WorkflowExecutionUpdateCompleted', updateId, result, failure })
  appendEvent(owned, 'WorkflowExecutionUpdateCompleted', owned.lastAt, data)
  owned.live?.history.addLate(data.length)
  openUnit(owned).updates.push({ updateId, stage: 'completed', result, failure })
}

/** The values at the start are kept in the details, because a replay begins with them. */
export function upsert(owned: OwnedExecution, changes: { readonly memo?: Payload; readonly searchAttributes?: Payload }): void {
  const { record } = owned
  const unit = openUnit(owned)
  const details = decodeStartDetails(record.details)
  const { startedWith = { memo: record.memo, searchAttributes: record.searchAttributes } } = details
  const kept = encodeStartDetails({ ...details, startedWith })
  unit.upsert = { ...unit.upsert, ...changes, ...(kept === null ? {} : { details: kept }) }
}

/** What the code has asked for and nothing shows: the commit that was to carry it out never was. */
export function repeatRequests(context: WorkerContext, owned: OwnedExecution, replay: Replay): void {
  const { live } = owned
  if (live === undefined) return
  const answered = new SeldomSet<number>()
  for (const { event } of owned.inputs) if ('command' in event) answered.add(event.command)
  for (const child of live.calls.pendingChildren) {
    if (child.runId === undefined && !answered.has(child.command)) askForChild(context, owned, child)
  }
  for (const request of live.calls.pendingRequests) {
    if (!answered.has(request.command)) askOther(owned, request)
  }
  for (const update of replay.completed.values()) completeUpdate(owned, update)
  if (!replay.upserted) return
  const { memo, searchAttributes } = visibleOf(owned.record, live)
  upsert(owned, { ...(memo === null ? {} : { memo }), ...(searchAttributes === null ? {} : { searchAttributes }) })
}
