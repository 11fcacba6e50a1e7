import { type ContinueAsNewRequest, isError, type ResolvedActivityOptions } from '@perdure/workflow/host'
import type { CommandNumber, Millis } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import type { ExternalRequest, PendingChild } from './pending-commands.ts'

/** What workflow code asked for in one activation, in order. */
export type Command =
  | ScheduleActivity
  | { readonly type: 'CancelActivity'; readonly command: CommandNumber; readonly abandon: boolean }
  | { readonly type: 'StartTimer'; readonly command: CommandNumber; readonly durationMs: number; readonly summary?: string }
  | { readonly type: 'CancelTimer'; readonly command: CommandNumber }
  | { readonly type: 'StartChildWorkflow'; readonly command: CommandNumber; readonly child: PendingChild }
  | { readonly type: 'AskExternalWorkflow'; readonly command: CommandNumber; readonly request: ExternalRequest }
  | { readonly type: 'UpsertMemo'; readonly memo: Payload }
  | { readonly type: 'UpsertSearchAttributes'; readonly searchAttributes: Payload }
  | CompleteUpdate

export interface CompleteUpdate {
  readonly type: 'CompleteUpdate'
  readonly updateId: string
  readonly result: Payload | null
  readonly failure: Payload | null
}

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

/** @param onWithdrawn gets what is left out, and what stands beside it */
export function withoutCommand(
  commands: readonly Command[], command: CommandNumber, onWithdrawn?: (left: Command, others: readonly Command[]) => void,
): Command[] {
  const isOther = (issued: Command): boolean => !('command' in issued && issued.command === command)
  const others = commands.filter(isOther)
  if (onWithdrawn !== undefined) for (const issued of commands) if (!isOther(issued)) onWithdrawn(issued, others)
  return others
}

/** How workflow code ended. */
export type Outcome =
  | { readonly type: 'completed'; readonly result: Payload }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'cancelled'; readonly error: unknown }
  | { readonly type: 'continuedAsNew'; readonly request: ContinueAsNewRequest; readonly given: GivenPayloads }
  /** By the parent's close, whose message in the inbox the close consumes and nothing before it: until then it could be lost. */
  | { readonly type: 'terminated'; readonly reason: string; readonly inboxId: number | undefined }

/** What the next run is given. */
export interface GivenPayloads {
  readonly input: Payload
  /** Default: the memo of the start. */
  readonly memo?: Payload
}

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

/** What workflow code measured through its metric meter. */
export interface Measurement {
  readonly kind: 'counter' | 'histogram' | 'gauge'
  readonly name: string
  readonly unit: string | undefined
  readonly description: string | undefined
  readonly value: number
  readonly tags: Readonly<Record<string, string | number | boolean>>
}
