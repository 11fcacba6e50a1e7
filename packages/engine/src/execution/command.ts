import { isError, type ResolvedActivityOptions } from '@perdure/workflow/host'
import type { CommandNumber, Millis } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'

/** What workflow code asked for in one activation, in order. */
export type Command =
  | ScheduleActivity
  | { readonly type: 'CancelActivity'; readonly command: CommandNumber; readonly abandon: boolean }
  | { readonly type: 'StartTimer'; readonly command: CommandNumber; readonly fireAt: Millis }
  | { readonly type: 'CancelTimer'; readonly command: CommandNumber }

export interface ScheduleActivity {
  readonly type: 'ScheduleActivity'
  readonly command: CommandNumber
  readonly activityType: string
  readonly activityId: string
  readonly options: ResolvedActivityOptions
  readonly input: Payload
  /** Workflow time of the command. */
  readonly scheduledAt: Millis
}

/** How workflow code ended. */
export type Outcome =
  | { readonly type: 'completed'; readonly result: Payload }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'cancelled'; readonly error: unknown }

/** A line of user code. */
export interface LogLine {
  readonly level: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'
  readonly message: string
  readonly attributes: Readonly<Record<string, unknown>> | undefined
}

/**
 * The attributes are copied, since the line is written later. An error in their place, as in `log.error('why', error)`, becomes
 * one of them: a copy would lose its members.
 */
export function logLine(level: LogLine['level'], message: string, given: LogLine['attributes']): LogLine {
  if (given === undefined) return { level, message, attributes: undefined }
  return { level, message, attributes: isError(given) ? { error: given } : { ...given } }
}
