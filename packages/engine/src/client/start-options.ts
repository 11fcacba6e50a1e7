/** Options of a start. start-record.ts makes the record of them. */
import type {
  Duration, RetryPolicy, SearchAttributePair, SearchAttributes, TypedSearchAttributes, WorkflowIdReusePolicy,
} from '@perdure/workflow'
import { durationMsMax, durationToMs } from '@perdure/workflow/host'
import type { Millis } from '../protocol/ids.ts'
import type { IdConflictPolicy, IdReusePolicy } from '../protocol/transition.ts'
import type { WorkflowFunction } from '../registry.ts'
import { optionsInvalid, refuseUnknownKeys, shown } from './given-options.ts'

/** What a workflow called by its name may be. */
export type UntypedWorkflow = (...args: unknown[]) => Promise<unknown>

export interface StartSettings {
  /** Unique among the open executions of the namespace. Default: a UUID. */
  readonly workflowId?: string
  /** Default: that of the engine. */
  readonly taskQueue?: string
  /** May the id of a closed execution be used again? Default ALLOW_DUPLICATE. */
  readonly workflowIdReusePolicy?: IdReusePolicy | WorkflowIdReusePolicy
  /** What if an open execution has the id? Default FAIL. */
  readonly workflowIdConflictPolicy?: IdConflictPolicy
  /** JSON values for people, shown by describe. */
  readonly memo?: Readonly<Record<string, unknown>>
  /** Lists of texts, numbers, booleans or Dates, also for one value; shown by describe. Lists do not filter by them yet. */
  readonly searchAttributes?: SearchAttributes
  /** The same as pairs of a key with its type and a value. */
  readonly typedSearchAttributes?: readonly SearchAttributePair[] | TypedSearchAttributes
  /** 1 (first) to 5 (last); default 3. */
  readonly priority?: number | { readonly priorityKey?: number }
  /** The workflow's code runs only after so long. */
  readonly startDelay?: Duration
  /** From this start to the end of the last run, with all retries and all runs that continue as new. Default: none. */
  readonly workflowExecutionTimeout?: Duration
  /** Of each run: from when its code may first run to its end. Default: none. */
  readonly workflowRunTimeout?: Duration
  /** Kept and shown; turns of workflow code have no timeout here. */
  readonly workflowTaskTimeout?: Duration
  /** When the workflow fails or a run of it times out, another run follows. Default: it is not retried. */
  readonly retry?: RetryPolicy
  /** One line for people, shown by describe. */
  readonly staticSummary?: string
  /** Some lines for people, shown by describe. */
  readonly staticDetails?: string
  /** Does `result()` of the handle, or `execute`, wait for the last run of the chain? Default true. */
  readonly followRuns?: boolean
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

/** Options of a workflow that runs without arguments, or with some that may be left out. */
export type StartOptionsWithoutArguments<T extends WorkflowWithoutArguments> = StartSettings & Partial<Pick<StartOptions<T>, 'args'>>

/** When the code runs: after a delay, or at a time. */
export type ScheduledStartOptions<Options extends AnyStartOptions> = Omit<Options, 'startDelay'> & (
  | { readonly delay: Duration; readonly at?: undefined }
  | { readonly at: Date; readonly delay?: undefined }
)

/** A workflow that runs without arguments: they may be left out. */
export type WorkflowWithoutArguments = () => Promise<unknown>

export type AnyStartOptions = StartSettings & { readonly args?: readonly unknown[] }

/** What a start may be given. */
export const startKeys: readonly string[] = [
  'workflowId', 'taskQueue', 'args', 'workflowIdReusePolicy', 'workflowIdConflictPolicy', 'memo', 'searchAttributes',
  'typedSearchAttributes', 'priority', 'startDelay', 'workflowExecutionTimeout', 'workflowRunTimeout', 'workflowTaskTimeout', 'retry',
  'staticSummary', 'staticDetails', 'followRuns', 'cronSchedule',
]
export const startKeysNotYet: readonly string[] = ['versioningOverride', 'requestEagerStart', 'typeInfo']

/** @throws PerdureError OPTIONS_INVALID unless exactly one of `delay` and `at` is given; DURATION_INVALID */
export function delayedStart({ delay, at, ...options }: ScheduledStartOptions<AnyStartOptions>, now: Millis): AnyStartOptions {
  const remedy = "give either delay: '24 hours' or at: new Date(...)"
  if ('startDelay' in options) throw optionsInvalid(`schedule() knows no option 'startDelay': ${remedy}`)
  refuseUnknownKeys(options, [...startKeys.filter((key) => key !== 'startDelay'), 'delay', 'at'], 'schedule()', startKeysNotYet)
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
