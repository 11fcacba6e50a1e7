import { scopeOf, sleepIn } from './cancellation-scope.ts'
import { type Duration, timerMs } from './duration.ts'
import { currentScopeOrNone, type LogLevel } from './host.ts'
import type { WorkflowInfo } from './workflow-info.ts'

/** Waits durably; at least 1 ms, also for zero and negative numbers. Rejects with a CancelledFailure when its scope is cancelled. */
export function sleep(ms: Duration): Promise<void> {
  return sleepIn(scopeOf('sleep()'), timerMs(ms, 'sleep()'))
}

/** Facts about the running execution. */
export function workflowInfo(): WorkflowInfo {
  return scopeOf('workflowInfo()').host.info()
}

/** A random UUID (version 4), the same one on every replay. Predictable from the run id: no secret. */
export function uuid4(): string {
  return scopeOf('uuid4()').host.uuid4()
}

/** True while workflow code runs. */
export function inWorkflowContext(): boolean {
  return currentScopeOrNone() !== undefined
}

export type LogAttributes = Readonly<Record<string, unknown>>
export interface WorkflowLogger {
  trace(message: string, attributes?: LogAttributes): void
  debug(message: string, attributes?: LogAttributes): void
  info(message: string, attributes?: LogAttributes): void
  warn(message: string, attributes?: LogAttributes): void
  error(message: string, attributes?: LogAttributes): void
}

/** Writes to the engine's log, once: never on replay. */
export const log: WorkflowLogger = {
  trace: logAt('TRACE'),
  debug: logAt('DEBUG'),
  info: logAt('INFO'),
  warn: logAt('WARN'),
  error: logAt('ERROR'),
}

function logAt(level: LogLevel): (message: string, attributes?: LogAttributes) => void {
  const called = `log.${level.toLowerCase()}()`
  return (message, attributes) => scopeOf(called).host.log(level, message, attributes)
}
