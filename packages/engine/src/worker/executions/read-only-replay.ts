/** Brings an execution into memory only to look at it: for queries, for exports, and to find where a mismatch comes from. */
import type { Command } from '../../execution/command.ts'
import type { LiveExecution } from '../../execution/live-execution.ts'
import { decodeEvent, encodeEvent } from '../../protocol/event-codec.ts'
import { eventTypeOf, isMessageType, isRequestType, type TimerFired } from '../../protocol/event.ts'
import type { Millis } from '../../protocol/ids.ts'
import type { InboxMessage } from '../../protocol/inbox-message.ts'
import type { EventRecord } from '../../protocol/transition.ts'
import { type ActivationBegin, replayInTurns } from '../turns/replay-turns.ts'
import { activationEnd, eventsBeforeCall } from './execution-steps.ts'
import { createLive, type LiveOptions } from './live-factory.ts'

export type ReplayOptions = Omit<LiveOptions, 'onStray'>

/**
 * Throws what replay throws. Nothing is written and no activity runs.
 * @param ahead what will follow the history: it is applied as whoever runs the execution will apply it
 * @param onRest looks at it after each activation of the history; `applied` events of it were applied so far
 */
export async function replayReadOnly(
  options: ReplayOptions, events: readonly EventRecord[], { unread = [], dueTimers = false }: Ahead = {},
  onRest: (live: LiveExecution, applied: number, commands: readonly Command[]) => void = () => undefined,
): Promise<LiveExecution> {
  const live = createLive({ ...options, onStray: () => undefined })
  live.replaying = events.length > 0 || options.record.firstTaskAt !== null
  const now = Math.max(options.wallClock(), events.at(-1)?.at ?? 0)
  // A request becomes an event only when its owner has looked at it.
  const told = unread.filter(({ type }) => !isRequestType(type))
  const messages = told.map(({ type, data }, index): EventRecord => {
    return { seq: events.length + index + 1, type: eventTypeOf(type), data, at: now }
  })
  const early = options.record.firstTaskAt === null ? messages.filter(({ type }) => type === 'WorkflowExecutionSignaled') : []
  const later = messages.filter((each) => !early.includes(each))
  const before = eventsBeforeCall(events)
  let applied: number | undefined
  await replayInTurns(live, activationsOf(live, { early, events, before, later, dueAt: dueTimers ? now : -Infinity }), (commands) => {
    if (applied !== undefined && applied >= events.length) return
    applied = applied === undefined ? before : activationEnd(events, applied)
    onRest(live, applied, commands)
  })
  live.calls.endPatches(live.history.length)
  return live
}

export interface Ahead {
  readonly unread?: readonly InboxMessage[]
  /** Also the timers that are due by now. */
  readonly dueTimers?: boolean
}

interface Parts {
  readonly early: readonly EventRecord[]
  readonly events: readonly EventRecord[]
  /** How many events stand before the call of the workflow function. */
  readonly before: number
  readonly later: readonly EventRecord[]
  readonly dueAt: Millis
}

function* activationsOf(live: LiveExecution, { early, events, before, later, dueAt }: Parts): Generator<ActivationBegin> {
  const apply = ({ type, data, at }: EventRecord): void => live.apply(decodeEvent(type, data), at, data.length)
  yield () => {
    for (const event of [...early, ...events.slice(0, before)]) apply(event)
    if (events[before - 1]?.type !== 'WorkflowTaskStarted') live.begin()
  }
  for (let index = before; index < events.length;) {
    const from = index
    index = activationEnd(events, from)
    yield () => events.slice(from, index).forEach(apply)
  }
  live.replaying = false
  const heard = later.filter(({ type, data }) => live.accepts(decodeEvent(type, data)))
  const messages = heard.filter(({ type }) => isMessageType(type))
  if (messages.length > 0) yield () => messages.forEach(apply)
  for (const answer of heard.filter((each) => !messages.includes(each))) yield () => apply(answer)
  for (const { command, durationMs, startedAt } of live.pending.takeDueTimers(dueAt)) {
    const event: TimerFired = { type: 'TimerFired', command, durationMs, startedAt }
    if (live.accepts(event)) yield () => live.apply(event, dueAt, encodeEvent(event).length)
  }
}
