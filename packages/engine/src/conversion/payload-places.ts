/**
 * Where the payloads are in what goes to a store and comes from it. Each function gives the same thing with every payload
 * replaced by what `map` gives for it, asked in the same order each time. Pure.
 *
 * Search attributes are left as they are: lists are to find executions by them. So are the names of things, ids and times.
 */
import type { ActivityTask, TaskEnd } from '../protocol/activity-task.ts'
import type { ExecutionRecord, Held, HeldCode } from '../protocol/execution-record.ts'
import type { Payload } from '../protocol/payload.ts'
import type { Close, MessageText, Outgoing, StartRecord, Transition, UpdateChange } from '../protocol/transition.ts'
import { encodedPayload, isEncoded } from './payload-codec.ts'

export type MapPayload = (payload: Payload) => Payload

type Nullable = Payload | null

/** Their reasons have names in them and nothing that was passed: whoever has no codec is to read them. */
const heldForNames: ReadonlySet<HeldCode> = new Set(['unknown_workflow_type', 'crash_loop'])

export function inStart(start: StartRecord, map: MapPayload): StartRecord {
  const { input, memo, link } = start
  const mapped = { ...start, input: map(input), memo: orNull(memo, map) }
  if (link === undefined) return mapped
  return { ...mapped, link: { ...link, details: orNull(link.details, map), messages: link.messages.map((each) => inText(each, map)) } }
}

export function inExecution(execution: ExecutionRecord, map: MapPayload): ExecutionRecord {
  const { input, result, failure, memo, details, held } = execution
  return {
    ...execution, input: map(input), result: orNull(result, map), failure: orNull(failure, map), memo: orNull(memo, map),
    details: orNull(details, map), held: held === null ? null : inHeld(held, map),
  }
}

export function inTask(task: ActivityTask, map: MapPayload): ActivityTask {
  const { input, options, lastFailure, heartbeatDetails } = task
  return {
    ...task, input: map(input), options: map(options), lastFailure: orNull(lastFailure, map),
    heartbeatDetails: orNull(heartbeatDetails, map),
  }
}

export function inTaskEnd(end: TaskEnd, map: MapPayload): TaskEnd {
  const { outcome } = end
  switch (outcome.type) {
    case 'post':
      return { ...end, outcome: inText(outcome, map) }
    case 'retry':
      return {
        ...end,
        outcome: {
          ...outcome, lastFailure: orNull(outcome.lastFailure, map), heartbeatDetails: orNull(outcome.heartbeatDetails, map),
        },
      }
    case 'leave':
      return { ...end, outcome: { ...outcome, heartbeatDetails: orNull(outcome.heartbeatDetails, map) } }
    default:
      return outcome satisfies never
  }
}

export function inTransition(transition: Transition, map: MapPayload): Transition {
  const { events, tasks, close, release, outgoing, updates, upsert } = transition
  return {
    ...transition,
    events: events.map((each) => inText(each, map)),
    tasks: tasks.map((each) => inTask(each, map)),
    close: close === null ? null : inClose(close, map),
    release: release === null || release.held === null ? release : { ...release, held: inHeld(release.held, map) },
    ...(outgoing === undefined ? {} : { outgoing: outgoing.map((each) => inOutgoing(each, map)) }),
    ...(updates === undefined ? {} : { updates: updates.map((each) => inOutcome(each, map)) }),
    ...(upsert === undefined ? {} : { upsert: inUpsert(upsert, map) }),
  }
}

function inUpsert(upsert: NonNullable<Transition['upsert']>, map: MapPayload): NonNullable<Transition['upsert']> {
  const { memo, details } = upsert
  return { ...upsert, ...(memo === undefined ? {} : { memo: map(memo) }), ...(details === undefined ? {} : { details: map(details) }) }
}

export function inClose(close: Close, map: MapPayload): Close {
  const { next } = close
  const closed = inOutcome(close, map)
  return next === undefined ? closed : { ...closed, next: inStart(next, map) }
}

export function inOutcome<T extends Pick<UpdateChange, 'result' | 'failure'>>(outcome: T, map: MapPayload): T {
  return { ...outcome, result: orNull(outcome.result, map), failure: orNull(outcome.failure, map) }
}

/** An event, or a message: the payloads are its lines after the first, and the headers are in the first. */
export function inText<T extends { readonly data: string }>(event: T, map: MapPayload): T {
  const [attributes, ...payloads] = event.data.split('\n') as [string, ...Payload[]]
  const first = attributes.includes('"headers":') ? withHeaders(attributes, map) : attributes
  return { ...event, data: [first, ...payloads.map((each) => each === '' ? each : map(each))].join('\n') }
}

/** A question: its arguments, and on a second line its headers. */
export function inQuery(args: Payload, map: MapPayload): Payload {
  return args.split('\n').map((line) => map(line as Payload)).join('\n') as Payload
}

export function orNull(payload: Nullable, map: MapPayload): Nullable {
  return payload === null ? null : map(payload)
}

/** A sentence for people, of a column that holds plain text. */
export function inSentence(text: string, map: MapPayload): string {
  const mapped = map(encodedPayload(text as Payload) === undefined ? JSON.stringify(text) as Payload : text as Payload)
  return isEncoded(mapped) ? mapped : JSON.parse(mapped) as string
}

function inHeld(held: Held, map: MapPayload): Held {
  return heldForNames.has(held.code) ? held : { ...held, reason: inSentence(held.reason, map) }
}

function inOutgoing(outgoing: Outgoing, map: MapPayload): Outgoing {
  const answers = { done: inMessage(outgoing.done, map), refused: inMessage(outgoing.refused, map) }
  return outgoing.type === 'start'
    ? { ...outgoing, ...answers, start: inStart(outgoing.start, map) }
    : { ...outgoing, ...answers, message: inMessage(outgoing.message, map) }
}

function inMessage(message: MessageText, map: MapPayload): MessageText {
  return inText(message, map)
}

/** Headers are an object; mapped ones that are no JSON any more are kept as a text. */
function withHeaders(attributes: string, map: MapPayload): string {
  const { headers, ...rest } = JSON.parse(attributes) as { readonly headers?: unknown }
  if (headers === undefined) return attributes
  const mapped = map(typeof headers === 'string' ? headers as Payload : JSON.stringify(headers) as Payload)
  return JSON.stringify({ ...rest, headers: mapped.startsWith(':') ? mapped : JSON.parse(mapped) as unknown })
}
