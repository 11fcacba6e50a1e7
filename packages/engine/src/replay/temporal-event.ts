/**
 * Histories in Temporal's form: the JSON of its protobuf messages, as `temporal workflow show --output json` and
 * `historyToJSON` print it. Pure.
 */
import type { Millis } from '../protocol/ids.ts'

export interface TemporalHistory {
  readonly events: readonly TemporalEvent[]
}

/** Beside these members one whose name ends in `EventAttributes`. Numbers of 64 bits are texts. */
export interface TemporalEvent {
  readonly eventId: string
  /** ISO 8601. */
  readonly eventTime: string
  /** As in EVENT_TYPE_TIMER_STARTED. */
  readonly eventType: string
  readonly [member: string]: unknown
}

export type Attributes = Readonly<Record<string, unknown>>

/** 'TimerStarted' to 'EVENT_TYPE_TIMER_STARTED'. */
export function enumName(prefix: string, name: string): string {
  return `${prefix}_${name.replace(/(?<=.)[A-Z]/g, '_$&').toUpperCase()}`
}

/** 'EVENT_TYPE_TIMER_STARTED', and 'TimerStarted' as older tools wrote it, to 'TimerStarted'. */
export function typeName(eventType: string): string {
  if (!eventType.startsWith('EVENT_TYPE_')) return eventType
  return eventType.slice('EVENT_TYPE_'.length).toLowerCase().replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** Name of the member with the attributes. */
export function attributesName(type: string): string {
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventAttributes`
}

export function timeText(at: Millis): string {
  return new Date(at).toISOString()
}

/** As in '1.500s'. */
export function durationText(ms: number): string {
  const rest = ms % 1_000
  return rest === 0 ? `${ms / 1_000}s` : `${Math.floor(ms / 1_000)}.${String(rest).padStart(3, '0')}s`
}

/** Without the members that are undefined. */
export function given(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
