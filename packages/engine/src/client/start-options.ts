/** Options of a start, and the record that they become. */
import { type Duration } from '@perdure/workflow'
import { durationMsMax, durationToMs } from '@perdure/workflow/host'
import type { Millis, RunId } from '../protocol/ids.ts'
import { encodeArguments, encodePayload } from '../protocol/payload-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import type { IdConflictPolicy, IdReusePolicy, StartRecord } from '../protocol/transition.ts'
import type { WorkflowFunction } from '../registry.ts'
import { checkedId, oneOf, optionsInvalid, refuseUnknownKeys, shown } from './given-options.ts'

/** What a workflow called by its name may be. */
export type UntypedWorkflow = (...args: unknown[]) => Promise<unknown>

export interface StartSettings {
  /** Unique among the open executions of the namespace. Default: a UUID. */
  readonly workflowId?: string
  /** Default: that of the engine. */
  readonly taskQueue?: string
  /** May the id of a closed execution be used again? Default ALLOW_DUPLICATE. */
  readonly workflowIdReusePolicy?: IdReusePolicy
  /** What if an open execution has the id? Default FAIL. */
  readonly workflowIdConflictPolicy?: IdConflictPolicy
  /** JSON values for people, shown by describe. */
  readonly memo?: Readonly<Record<string, unknown>>
  /** JSON values, shown by describe. Lists do not filter by them yet. */
  readonly searchAttributes?: Readonly<Record<string, unknown>>
  /** 1 (first) to 5 (last); default 3. */
  readonly priority?: number | { readonly priorityKey?: number }
  /** The workflow's code runs only after so long. */
  readonly startDelay?: Duration
}

export interface ExecuteSettings {
  /** Bounds the waiting, not the execution. Default: none. */
  readonly timeout?: Duration
}

/** Options with the arguments of a workflow. */
export type StartOptions<T extends WorkflowFunction = WorkflowFunction> = StartSettings & {
  /** The arguments of the workflow: JSON values. */
  readonly args: Parameters<T> | Readonly<Parameters<T>>
}

/** When the code runs: after a delay, or at a time. */
export type ScheduledStartOptions<Options extends AnyStartOptions> = Omit<Options, 'startDelay'> & (
  | { readonly delay: Duration; readonly at?: undefined }
  | { readonly at: Date; readonly delay?: undefined }
)

/** A workflow that runs without arguments: they may be left out. */
export type WorkflowWithoutArguments = () => Promise<unknown>

export type AnyStartOptions = StartSettings & { readonly args?: readonly unknown[] }

const knownKeys = [
  'workflowId', 'taskQueue', 'args', 'workflowIdReusePolicy', 'workflowIdConflictPolicy', 'memo', 'searchAttributes', 'priority',
  'startDelay',
]
const keysNotYet = [
  'workflowExecutionTimeout', 'workflowRunTimeout', 'workflowTaskTimeout', 'retry', 'cronSchedule', 'followRuns', 'typedSearchAttributes',
  'staticSummary', 'staticDetails', 'versioningOverride', 'requestEagerStart',
]
const reusePolicies: readonly IdReusePolicy[] = ['ALLOW_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY', 'REJECT_DUPLICATE']
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
}

/** @throws PerdureError OPTIONS_INVALID, ID_INVALID, DURATION_INVALID, PAYLOAD_... */
export function startRecord(given: AnyStartOptions, facts: StartFacts): StartRecord {
  const { workflowType, runId, now, call } = facts
  const what = `workflow '${workflowType}'`
  refuseUnknownKeys(given, call === 'execute()' ? [...knownKeys, 'timeout'] : knownKeys, call, keysNotYet)
  const { args = [], workflowId, taskQueue, startDelay } = given
  if (!Array.isArray(args)) {
    throw optionsInvalid(`The args of ${what} are of type ${typeof args}; pass an array of arguments, as in { args: [order] }`)
  }
  return {
    namespace: facts.namespace,
    workflowId: workflowId === undefined ? runId : checkedId(workflowId, 'workflowId'),
    runId,
    workflowType,
    taskQueue: taskQueue === undefined ? facts.taskQueue : checkedId(taskQueue, 'taskQueue'),
    priority: priorityOf(given.priority, call),
    input: encodeArguments(args, what),
    memo: encodedObject(given.memo, `memo of ${what}`),
    searchAttributes: encodedObject(given.searchAttributes, `searchAttributes of ${what}`),
    startedAt: now,
    wakeAt: startDelay === undefined ? now : now + durationToMs(startDelay, `startDelay of ${what}`),
    reusePolicy: oneOf(given.workflowIdReusePolicy, reusePolicies, 'workflowIdReusePolicy') ?? 'ALLOW_DUPLICATE',
    conflictPolicy: oneOf(given.workflowIdConflictPolicy, conflictPolicies, 'workflowIdConflictPolicy') ?? 'FAIL',
    owned: false,
  }
}

/** @throws PerdureError OPTIONS_INVALID unless exactly one of `delay` and `at` is given; DURATION_INVALID */
export function delayedStart({ delay, at, ...options }: ScheduledStartOptions<AnyStartOptions>, now: Millis): AnyStartOptions {
  const remedy = "give either delay: '24 hours' or at: new Date(...)"
  if ('startDelay' in options) throw optionsInvalid(`schedule() knows no option 'startDelay': ${remedy}`)
  refuseUnknownKeys(options, [...knownKeys.filter((key) => key !== 'startDelay'), 'delay', 'at'], 'schedule()', keysNotYet)
  if (delay !== undefined && at !== undefined) throw optionsInvalid(`schedule() has a delay and a time: ${remedy}`)
  if (delay !== undefined) return { ...options, startDelay: durationToMs(delay, 'delay of schedule()') }
  if (at instanceof Date && !Number.isNaN(at.getTime())) {
    const startDelay = Math.max(0, at.getTime() - now)
    if (startDelay <= durationMsMax) return { ...options, startDelay }
    throw optionsInvalid(`The at of schedule() is ${at.toISOString()}, more than 100,000 years from now: give an earlier time`)
  }
  const problem = at === undefined ? 'schedule() has neither a delay nor a time' : `The at of schedule() is ${shown(at)}`
  throw optionsInvalid(`${problem}: ${remedy}`)
}

function priorityOf(given: StartSettings['priority'], call: string): number {
  const key = (typeof given === 'object' && given !== null ? given.priorityKey : given) ?? priorityDefault
  if (Number.isInteger(key) && key >= 1 && key <= priorityMax) return key
  throw optionsInvalid(`The priority of ${call} is ${shown(key)}; give a whole number from 1 (first) to ${priorityMax} (last)`)
}

function encodedObject(given: unknown, what: string): Payload | null {
  if (given === undefined) return null
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return encodePayload(given, what)
  throw optionsInvalid(`The ${what} is ${Array.isArray(given) ? 'an array' : `of type ${typeof given}`}; pass an object`)
}
