/** From the options of a start to the record that is stored. */
import { type Duration, type Headers, WorkflowIdReusePolicy } from '@perdure/workflow'
import { durationToMs, plainSearchAttributes, resolveRetryPolicy } from '@perdure/workflow/host'
import { type Fields, jsonValues, type ValueConverter } from '../conversion/value-converter.ts'
import type { Millis, RunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import { runExpiry } from '../protocol/run-expiry.ts'
import { encodeStartDetails, type StartDetails } from '../protocol/start-details.ts'
import type { IdConflictPolicy, StartLink, StartMessage, StartRecord } from '../protocol/transition.ts'
import { checkedId, oneOf, optionsInvalid, refuseUnknownKeys, shown } from './given-options.ts'
import { startKeys, startKeysNotYet, type AnyStartOptions, type StartSettings } from './start-options.ts'

const replacing = WorkflowIdReusePolicy.TERMINATE_IF_RUNNING
const reusePolicies = ['ALLOW_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY', 'REJECT_DUPLICATE', replacing] as const
const conflictPolicies: readonly IdConflictPolicy[] = ['FAIL', 'USE_EXISTING', 'TERMINATE_EXISTING']
const priorityDefault = 3
const priorityMax = 5

export interface StartFacts {
  readonly namespace: string
  readonly taskQueue: string
  readonly workflowType: string
  readonly runId: RunId
  readonly now: Millis
  /** Names the call in errors: start() or execute(). */
  readonly call: string
  /** Default: JSON. */
  readonly values?: ValueConverter | undefined
  /** Of interceptors. */
  readonly headers?: Headers
  /** In its inbox from the start. */
  readonly messages?: readonly StartMessage[]
}

/** @throws PerdureError OPTIONS_INVALID, ID_INVALID, DURATION_INVALID, SEARCH_ATTRIBUTES_INVALID, PAYLOAD_... */
export function startRecord(given: AnyStartOptions, facts: StartFacts): StartRecord {
  const { workflowType, runId, now, call } = facts
  const what = `workflow '${workflowType}'`
  refuseUnknownStartKeys(given, call)
  refuseCron(given, call)
  const { args = [], workflowId, taskQueue, startDelay } = given
  if (!Array.isArray(args)) {
    throw optionsInvalid(`The args of ${what} are of type ${typeof args}; pass an array of arguments, as in { args: [order] }`)
  }
  const wakeAt = startDelay === undefined ? now : now + durationToMs(startDelay, `startDelay of ${what}`)
  const record: StartRecord = {
    namespace: facts.namespace,
    workflowId: workflowId === undefined ? runId : checkedId(workflowId, 'workflowId'),
    runId,
    workflowType,
    taskQueue: taskQueue === undefined ? facts.taskQueue : checkedId(taskQueue, 'taskQueue'),
    priority: priorityOf(given.priority, call),
    input: (facts.values ?? jsonValues).encodeArguments(args, what),
    memo: encodedObject(given.memo, `memo of ${what}`, facts.values),
    searchAttributes: encodedObject(searchAttributesOf(given, call), `searchAttributes of ${what}`),
    startedAt: now,
    wakeAt,
    ...policiesOf(given),
    owned: false,
  }
  const link = linkOf(given, facts, wakeAt)
  return link === undefined ? record : { ...record, link }
}

/** Temporal's older name of a conflict policy is among the reuse policies; beside a conflict policy it is refused, as there. */
function policiesOf(
  { workflowIdReusePolicy, workflowIdConflictPolicy }: StartSettings,
): Pick<StartRecord, 'reusePolicy' | 'conflictPolicy'> {
  const conflictPolicy = oneOf(workflowIdConflictPolicy, conflictPolicies, 'workflowIdConflictPolicy')
  const reusePolicy = oneOf(currentName(workflowIdReusePolicy), reusePolicies, 'workflowIdReusePolicy') ?? 'ALLOW_DUPLICATE'
  if (reusePolicy !== replacing) return { reusePolicy, conflictPolicy: conflictPolicy ?? 'FAIL' }
  if (conflictPolicy === undefined) return { reusePolicy: 'ALLOW_DUPLICATE', conflictPolicy: 'TERMINATE_EXISTING' }
  throw optionsInvalid(
    `workflowIdReusePolicy is '${replacing}', and workflowIdConflictPolicy '${conflictPolicy}': leave the reuse policy out; ` +
      'TERMINATE_EXISTING is the conflict policy of that meaning',
  )
}

/** With this reuse policy a conflict policy must not be filled in. */
export function terminatesRunning({ workflowIdReusePolicy }: StartSettings): boolean {
  return currentName(workflowIdReusePolicy) === replacing
}

/** Temporal's deprecated names are accepted as texts too. */
function currentName(policy: unknown): unknown {
  if (typeof policy !== 'string' || !Object.hasOwn(WorkflowIdReusePolicy, policy)) return policy
  return WorkflowIdReusePolicy[policy as keyof typeof WorkflowIdReusePolicy]
}

/**
 * @param call as in "start()"
 * @throws PerdureError OPTIONS_INVALID
 */
export function refuseUnknownStartKeys(given: AnyStartOptions, call: string): void {
  refuseUnknownKeys(given, call === 'execute()' ? [...startKeys, 'timeout'] : startKeys, call, startKeysNotYet)
}

/** Most starts have none. */
function linkOf(given: StartSettings, { runId, now, call, headers, messages = [] }: StartFacts, wakeAt: Millis): StartLink | undefined {
  if (headers === undefined && messages.length === 0 && detailKeys.every((key) => given[key] === undefined)) return undefined
  const details = detailsOf(given, now, call)
  const text = encodeStartDetails(headers === undefined ? details : { ...details, headers })
  if (text === null && messages.length === 0) return undefined
  return { firstRunId: runId, parent: null, expiresAt: runExpiry(details, wakeAt), details: text, messages }
}

/** What `detailsOf` looks at. */
const detailKeys = [
  'retry', 'workflowExecutionTimeout', 'workflowRunTimeout', 'workflowTaskTimeout', 'staticSummary', 'staticDetails',
] as const satisfies readonly (keyof StartSettings)[]

function detailsOf(given: StartSettings, now: Millis, call: string): StartDetails {
  const executionTimeoutMs = timeoutOf(given.workflowExecutionTimeout, 'workflowExecutionTimeout', call)
  return {
    ...having('retry', given.retry === undefined ? undefined : resolveRetryPolicy(given.retry, { what: call, error: optionsInvalid })),
    ...having('executionTimeoutMs', executionTimeoutMs),
    ...having('runTimeoutMs', timeoutOf(given.workflowRunTimeout, 'workflowRunTimeout', call)),
    ...having('taskTimeoutMs', timeoutOf(given.workflowTaskTimeout, 'workflowTaskTimeout', call)),
    ...having('executionExpiresAt', executionTimeoutMs === undefined ? undefined : now + executionTimeoutMs),
    ...having('staticSummary', textOf(given.staticSummary, 'staticSummary', call)),
    ...having('staticDetails', textOf(given.staticDetails, 'staticDetails', call)),
  }
}

function having<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : { [key]: value } as { readonly [P in K]?: T }
}

function timeoutOf(given: Duration | undefined, option: string, call: string): number | undefined {
  if (given === undefined) return undefined
  const ms = durationToMs(given, `${option} of ${call}`)
  if (ms === 0) throw optionsInvalid(`The ${option} of ${call} is 0; give a longer time, or leave it out`)
  return ms
}

function textOf(given: string | undefined, option: string, call: string): string | undefined {
  if (given === undefined || typeof given === 'string') return given === '' ? undefined : given
  throw optionsInvalid(`The ${option} of ${call} is ${shown(given)}; give a text, or leave it out`)
}

/** Callers may be JavaScript, or come from Temporal. */
function refuseCron(given: AnyStartOptions & { readonly cronSchedule?: unknown }, call: string): void {
  if (given.cronSchedule === undefined || given.cronSchedule === '') return
  throw optionsInvalid(
    `${call} takes no cronSchedule (${shown(given.cronSchedule)}): use a schedule that starts the workflow, or let the ` +
      'workflow sleep and continue as new',
  )
}

/** There is nothing yet that an empty list could take away. */
function searchAttributesOf({ searchAttributes, typedSearchAttributes }: StartSettings, call: string): unknown {
  if (searchAttributes === undefined && typedSearchAttributes === undefined) return undefined
  const plain = plainSearchAttributes(searchAttributes, typedSearchAttributes, call)
  return Object.fromEntries(Object.entries(plain).filter(([, values]) => values.length > 0))
}

function priorityOf(given: StartSettings['priority'], call: string): number {
  if (typeof given === 'object' && given !== null) {
    refuseUnknownKeys(given, ['priorityKey'], `The priority of ${call}`, ['fairnessKey', 'fairnessWeight'])
  }
  const key = (typeof given === 'object' && given !== null ? given.priorityKey : given) ?? priorityDefault
  if (Number.isInteger(key) && key >= 1 && key <= priorityMax) return key
  throw optionsInvalid(`The priority of ${call} is ${shown(key)}; give a whole number from 1 (first) to ${priorityMax} (last)`)
}

function encodedObject(given: unknown, what: string, values: ValueConverter = jsonValues): Payload | null {
  if (given === undefined) return null
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return values.encodeFields(given as Fields, what)
  throw optionsInvalid(`The ${what} is ${Array.isArray(given) ? 'an array' : `of type ${typeof given}`}; pass an object`)
}
