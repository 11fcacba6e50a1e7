/** What an execution does next: settle, begin, replay, or apply an input. */
import type { LiveExecution } from '../../execution/live-execution.ts'
import { historyBytesMax, historyEventsMax } from '../../limits.ts'
import { decodeEvent, decodeMessage, encodeEvent } from '../../protocol/event-codec.ts'
import {
  isActivityEnd, isJoined, isMessage, isRequest, type HistoryEvent, type Joined, type WorkflowExecutionUpdateRequested,
} from '../../protocol/event.ts'
import { recordedFailure } from '../../protocol/failure-codec.ts'
import type { InboxMessage } from '../../protocol/inbox-message.ts'
import type { EventRecord } from '../../protocol/transition.ts'
import { addInOrder, nextMessage } from '../commits/input-order.ts'
import { appendEvent, asInput, openUnit } from '../commits/open-unit.ts'
import type { CommitUnit, Input, OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'

/** All that a step needs: it does no I/O. */
type Timed = Pick<WorkerContext, 'clock'>

/** One step; the activation loop lets microtasks run afterwards. What workflow code throws here is kept as its task failure. */
export function stepExecution(context: Timed, owned: OwnedExecution): boolean {
  const { live } = owned
  if (live === undefined || live.taskFailure !== undefined) return false
  try {
    if (owned.settling) {
      owned.settling = false
      live.settleMore()
      return true
    }
    if (!owned.begun) {
      owned.begun = true
      beginExecution(context, owned, live)
      return true
    }
    if (owned.replay !== undefined && owned.replay.next < owned.replay.events.length) return replayNext(owned)
    if (closeWaits(owned)) return false
    const input = nextInput(context, owned)
    if (input === undefined) return false
    const before = owned.seq
    owned.activation = { from: before, inputs: [] }
    noteRest(owned)
    applyInput(context, owned, input)
    if (isMessage(input.event)) joinMessages(context, owned, before)
    return true
  } catch (error) {
    live.fail(error)
    return true
  }
}

/** The activation before this moment is over: where it had nothing to write, it is durable as it is. */
export function noteRest(owned: OwnedExecution): void {
  if (owned.unit === undefined && owned.sent === undefined) owned.fresh = false
}

/**
 * Signals and updates that are there before the workflow function is called for the first time come before it, as in the first
 * activation of Temporal: each runs as soon as its handler is set. A history tells it by its WorkflowTaskStarted.
 * Whoever takes over an execution without a history cannot know whether it had been called: there, signals follow the call.
 */
function beginExecution(context: Timed, owned: OwnedExecution, live: LiveExecution): void {
  const { replay } = owned
  live.replaying = replay !== undefined
  if (replay === undefined || replay.events.length === 0) owned.activation = { from: owned.seq, inputs: [] }
  else {
    const before = eventsBeforeCall(replay.events)
    while (replay.next < before) replayNext(owned)
    if (replay.events[before - 1]?.type !== 'WorkflowTaskStarted') live.begin()
    return
  }
  const isRepeated = owned.inputs.some(({ event }) => event.type === 'WorkflowTaskStarted')
  owned.inputs = owned.inputs.filter(({ event }) => event.type !== 'WorkflowTaskStarted')
  const early = replay === undefined || isRepeated ? owned.inputs.filter(isEarly) : []
  if (early.length === 0) return live.begin()
  owned.replay = undefined
  live.replaying = false
  const areEarly = new Set(early)
  owned.inputs = owned.inputs.filter((input) => !areEarly.has(input))
  for (const input of early) keepOrApply(context, owned, live, input)
  applyInput(context, owned, asInput({ type: 'WorkflowTaskStarted' }))
}

const mayPrecedeCall: ReadonlySet<string> = new Set(['WorkflowExecutionSignaled', 'WorkflowExecutionUpdateAccepted', 'PatchMarked'])

/**
 * How many events stand before the workflow function is called: marks of the patches that it asks for at once, and messages up to a
 * WorkflowTaskStarted, which is counted. Nothing else does, so a long history is not searched.
 */
export function eventsBeforeCall(events: readonly EventRecord[]): number {
  const first = events.findIndex(({ type }) => !mayPrecedeCall.has(type))
  if (events[first]?.type === 'WorkflowTaskStarted') return first + 1
  const marks = events.findIndex((event) => event.type !== 'PatchMarked' || !isStartMark(event))
  return marks === -1 ? events.length : marks
}

function isStartMark({ type, data }: EventRecord): boolean {
  const event = decodeEvent(type, data)
  return event.type === 'PatchMarked' && event.atStart
}

function isEarly({ event, unreadable }: Input): boolean {
  return unreadable === undefined && (event.type === 'WorkflowExecutionSignaled' || event.type === 'WorkflowExecutionUpdateRequested')
}

/** An update becomes an event when its handler is set, in front of the call (early-updates.ts). */
function keepOrApply(context: Timed, owned: OwnedExecution, live: LiveExecution, input: Input): void {
  if (input.event.type !== 'WorkflowExecutionUpdateRequested') return applyInput(context, owned, input)
  const unit = openUnit(owned)
  owned.activation?.inputs.push(input)
  consume(unit, input)
  live.keepUpdate(input.event)
}

/**
 * Its code has ended, and what it asked of others is under way. What comes meanwhile stays in the inbox until the close: an answer
 * that were dropped by an earlier commit would be missing where the close never comes to be, and its request be repeated.
 */
export function closeWaits({ live, asking }: OwnedExecution): boolean {
  return live?.outcome !== undefined && asking > 0
}

/** Hands a message over once, whichever way it came. */
export function deliverMessage(owned: OwnedExecution, message: InboxMessage): boolean {
  if (owned.phase === 'gone' || owned.known.has(message.id) || owned.done.has(message.id)) return false
  owned.known.add(message.id)
  addInOrder(owned.inputs, readInput(message))
  return true
}

function readInput({ id, type, data }: InboxMessage): Input {
  try {
    return { event: decodeMessage(type, data), data, inboxId: id, unreadable: undefined }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const unreadable = new Error(`Message ${id} in the inbox cannot be read: ${why}`, { cause: error })
    return { event: { type: 'WorkflowExecutionCancelRequested', reason: '', identity: '' }, data, inboxId: id, unreadable }
  }
}

/** Timers that are due become inputs, once, earliest first, then in the order in which they were started. */
function takeDueTimers({ inputs, live }: OwnedExecution, now: number): void {
  for (const { command, durationMs, startedAt } of live?.pending.takeDueTimers(now) ?? []) {
    inputs.push(asInput({ type: 'TimerFired', command, durationMs, startedAt }))
  }
}

/**
 * Messages that are here already are applied together with the first: their handlers begin before the code goes on that waited.
 * @param before last event in front of the first; a rejected update leaves none that could be joined
 */
function joinMessages(context: Timed, owned: OwnedExecution, before: number): void {
  for (;;) {
    const input = nextMessage(owned.inputs)
    if (input === undefined || owned.live?.taskFailure !== undefined || input.unreadable !== undefined) return
    if (input.event.type === 'WorkflowExecutionTerminateRequested') return
    owned.inputs.shift()
    applyInput(context, owned, input, owned.seq > before)
  }
}

function replayNext(owned: OwnedExecution): true {
  applyStored(owned)
  while (owned.live?.taskFailure === undefined && isNextJoined(owned)) applyStored(owned)
  return true
}

function isNextJoined({ replay }: OwnedExecution): boolean {
  const event = replay?.events[replay.next]
  return event !== undefined && isJoinedRecord(event)
}

/** Behind the last event that was applied together with the one at `from`. */
export function activationEnd(events: readonly EventRecord[], from: number): number {
  let end = from + 1
  for (let next = events[end]; next !== undefined && isJoinedRecord(next); next = events[end]) end++
  return end
}

/** Looked for in the text first: most events are no messages, and need not be decoded twice. */
export function isJoinedRecord({ type, data }: EventRecord): boolean {
  return data.includes('"joined":true') && isJoined(decodeEvent(type, data))
}

function applyStored(owned: OwnedExecution): void {
  const { replay, live } = owned
  const event = replay?.events[replay.next]
  if (replay === undefined || event === undefined || live === undefined) return
  replay.next++
  owned.seq = event.seq
  owned.lastAt = event.at
  owned.bytes += event.data.length
  const decoded = decodeEvent(event.type, event.data)
  if (decoded.type === 'WorkflowExecutionUpdateCompleted') replay.completed.delete(decoded.updateId)
  live.apply(decoded, event.at, event.data.length)
}

function nextInput(context: Timed, owned: OwnedExecution): Input | undefined {
  if (owned.timerAt !== null && owned.timerAt <= context.clock.now()) takeDueTimers(owned, context.clock.now())
  for (;;) {
    const input = owned.inputs.shift()
    if (input === undefined || isRequest(input.event) || owned.live?.accepts(input.event) === true) return input
    // Nobody waits for it any more, which may never become durable: the code that runs then may wait for it.
    if (input.inboxId !== undefined) consume(openUnit(owned), input)
    else if (isActivityEnd(input.event)) for (const unit of [owned.sent, owned.unit]) unit?.causes.push(input)
  }
}

function applyInput(context: Timed, owned: OwnedExecution, input: Input, joined = false): void {
  if (input.unreadable !== undefined) throw input.unreadable
  owned.activation?.inputs.push(input)
  const { event } = input
  if (!isRequest(event)) {
    if (!joined) return applyEvent(context, owned, input, event, input.data ?? encodeEvent(event))
    const told = { ...event, joined: true } as Joined
    return applyEvent(context, owned, input, told, encodeEvent(told))
  }
  if (event.type === 'WorkflowExecutionUpdateRequested') return applyUpdate(context, owned, input, event, joined)
  openUnit(owned).causes.push(input)
  if (owned.live !== undefined) owned.live.outcome = { type: 'terminated', reason: event.reason, inboxId: input.inboxId }
}

function applyEvent(context: Timed, owned: OwnedExecution, input: Input, event: HistoryEvent, data: string): void {
  const at = Math.max(owned.lastAt, context.clock.now())
  const unit = openUnit(owned)
  appendEvent(owned, event.type, at, data)
  consume(unit, input)
  owned.live?.apply(event, at, data.length)
}

/** It is taken in by this unit, or again when the unit will never be durable. */
function consume(unit: CommitUnit, input: Input): void {
  unit.causes.push(input)
  if (input.inboxId !== undefined) unit.consumed.push(input.inboxId)
}

/** A rejected update leaves the history as it is; whoever asked is told by the row of the update. */
function applyUpdate(
  context: Timed, owned: OwnedExecution, input: Input, request: WorkflowExecutionUpdateRequested, joined: boolean,
): void {
  const { updateId } = request
  const { live } = owned
  const unit = openUnit(owned)
  const rejection = live?.rejection(request)
  if (live !== undefined && rejection !== undefined) {
    consume(unit, input)
    unit.updates.push({ updateId, stage: 'rejected', result: null, failure: recordedFailure(live.values.failures, rejection) })
    return
  }
  unit.updates.push({ updateId, stage: 'accepted', result: null, failure: null })
  const event: HistoryEvent = { ...request, type: 'WorkflowExecutionUpdateAccepted', ...(joined ? { joined } : {}) }
  applyEvent(context, owned, input, event, encodeEvent(event))
}

export function historyIsFull(owned: OwnedExecution): boolean {
  return owned.seq >= historyEventsMax || owned.bytes >= historyBytesMax
}
