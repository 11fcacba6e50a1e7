import { scopeOf, sleepIn } from './cancellation-scope.ts'
import { type Duration, timerMs } from './duration.ts'
import { isError } from './failure.ts'
import { currentScopeOrNone, type LogLevel, type WorkflowHost } from './host.ts'
import { composeInterceptors, outboundOf } from './interceptor-composition.ts'
import type { TimerOptions } from './interceptors.ts'
import { invalidOption, memoOption, workflowCall } from './option-checks.ts'
import { PerdureError } from './perdure-error.ts'
import { currentRandom } from './random-stream.ts'
import { plainSearchAttributes, type SearchAttributes, type SearchAttributeUpdatePair } from './search-attributes.ts'
import { checkTimerOptions } from './timer-options.ts'
import { updateInfoStorage } from './update-context.ts'
import type { WorkflowInfo } from './workflow-info.ts'

/** Waits durably; at least 1 ms, also for zero and negative numbers. Rejects with a CancelledFailure when its scope is cancelled. */
export function sleep(ms: Duration, options?: TimerOptions): Promise<void> {
  return sleepIn(scopeOf('sleep()'), timerMs(ms, 'sleep()'), checkTimerOptions(options, 'sleep()'))
}

/** Facts about the running execution. */
export function workflowInfo(): WorkflowInfo {
  return scopeOf('workflowInfo()').host.info()
}

/**
 * A random UUID (version 4), the same one on every replay. Predictable from the run id: no secret. Outside of workflow code
 * any random one, as on Temporal.
 */
export function uuid4(): string {
  const scope = currentScopeOrNone()
  return scope === undefined ? crypto.randomUUID() : currentRandom(scope.host).uuid4()
}

/** True while workflow code runs. */
export function inWorkflowContext(): boolean {
  return currentScopeOrNone() !== undefined
}

/**
 * Is this execution to run the code after a change? True in executions that reach the call for the first time with the
 * change deployed, false in those that passed it before. Each id gives one answer per execution, for ever.
 * @example if (patched('ship-with-tracking')) await shipTracked(order); else await ship(order)
 * @throws PerdureError PATCH_INVALID
 * @see https://docs.temporal.io/develop/typescript/versioning#patching
 */
export function patched(patchId: string): boolean {
  return patch(patchId, 'patched()', false)
}

/**
 * Says that no execution runs the code before the change any more: in place of `patched`, until none that called it is open.
 * @throws PerdureError PATCH_INVALID
 */
export function deprecatePatch(patchId: string): void {
  patch(patchId, 'deprecatePatch()', true)
}

function patch(patchId: string, called: string, deprecated: boolean): boolean {
  const { host } = scopeOf(called)
  if (typeof patchId === 'string' && patchId !== '') return host.patched(patchId, deprecated)
  const example = `${called.slice(0, -1)}'ship-with-tracking')`
  throw new PerdureError('PATCH_INVALID', `${called} was given no id; give a text that names the change, as in ${example}`)
}

/**
 * Sets search attributes of the execution; others stay. Of pairs, null takes one away; of lists, an empty one.
 * @example upsertSearchAttributes([{ key: region, value: 'eu' }])
 * @throws PerdureError SEARCH_ATTRIBUTES_INVALID
 */
export function upsertSearchAttributes(searchAttributes: SearchAttributes | readonly SearchAttributeUpdatePair[]): void {
  const called = 'upsertSearchAttributes()'
  const { host } = scopeOf(called)
  const kept = Array.isArray(searchAttributes)
    ? plainSearchAttributes(undefined, searchAttributes as readonly SearchAttributeUpdatePair[], called)
    // Undefined is refused as other values that are no object are.
    : plainSearchAttributes((searchAttributes ?? null) as SearchAttributes, undefined, called)
  host.upsertSearchAttributes(kept)
}

/**
 * Sets members of the execution's memo; others stay, null and undefined take one away.
 * @throws PerdureError WORKFLOW_OPTIONS_INVALID
 */
export function upsertMemo(memo: Record<string, unknown>): void {
  const { host } = scopeOf('upsertMemo()')
  const call = workflowCall('upsertMemo()')
  const checked = memoOption(memo, call)
  if (checked === undefined) throw invalidOption(call, 'memo is no object; give values by name')
  host.upsertMemo(Object.fromEntries(Object.entries(checked).map(([key, value]) => [key, value ?? null])))
}

/** What `setCurrentDetails` was given last; empty before. */
export function getCurrentDetails(): string {
  return scopeOf('getCurrentDetails()').host.currentDetails()
}

/** Says how far the execution is, for people: it is shown with it, and in the answer to `workflowMetadataQuery`. */
export function setCurrentDetails(details: string): void {
  const { host } = scopeOf('setCurrentDetails()')
  if (typeof details !== 'string') throw invalidOption(workflowCall('setCurrentDetails()'), 'details is no text')
  host.setCurrentDetails(details)
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
  return (message, attributes) => {
    const { host } = scopeOf(called)
    host.log(level, message, lineAttributes(host, attributes))
  }
}

/** With the update whose handler writes it, and what interceptors add; the ids that they are given, the engine adds by itself. */
function lineAttributes(host: WorkflowHost, given: LogAttributes | undefined): LogAttributes | undefined {
  const update = updateInfoStorage.getStore()
  const outbound = outboundOf(host, 'getLogAttributes')
  if (update === undefined && outbound === undefined) return given
  const own = isError(given) ? { error: given } : given
  const ofUpdate = update === undefined ? {} : { updateId: update.id, updateName: update.name }
  if (outbound === undefined) return { ...ofUpdate, ...own }
  const { namespace, taskQueue, workflowId, runId, workflowType } = host.info()
  const attributesOf = composeInterceptors(outbound, 'getLogAttributes', (input) => input)
  return { ...attributesOf({ namespace, taskQueue, workflowId, runId, workflowType, ...ofUpdate }), ...own }
}
