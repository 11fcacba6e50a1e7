/** Flags that say how an execution is started, beyond its type, id, queue and arguments; named as in Temporal's CLI. */
import type { StartSettings } from '@perdure/engine'
import type { RetryPolicy, SearchAttributes } from '@perdure/workflow'
import { type Command, InvalidArgumentError } from 'commander'
import { addPolicyOptions, duration, numberAbove, policiesOf, type PolicyOptions, wholeNumber } from './options.ts'

export interface StartFlags extends PolicyOptions {
  readonly startDelay?: number
  readonly executionTimeout?: number
  readonly runTimeout?: number
  readonly taskTimeout?: number
  readonly memo?: Readonly<Record<string, unknown>>
  readonly searchAttribute?: Readonly<Record<string, unknown>>
  readonly priorityKey?: number
  readonly retryMaximumAttempts?: number
  readonly retryInitialInterval?: number
  readonly retryMaximumInterval?: number
  readonly retryBackoffCoefficient?: number
  readonly retryNonRetryableType?: readonly string[]
  readonly staticSummary?: string
  readonly staticDetails?: string
}

export function addStartFlags(command: Command): Command {
  return addPolicyOptions(command)
    .option('--start-delay <duration>', "wait before it first runs, as in '30s'", duration('--start-delay'))
    .option('--execution-timeout <duration>', 'end the execution with all its runs after it', duration('--execution-timeout'))
    .option('--run-timeout <duration>', 'end a run after it', duration('--run-timeout'))
    .option('--task-timeout <duration>', 'kept and shown; turns of workflow code have no timeout', duration('--task-timeout'))
    .option('--retry-maximum-attempts <count>', 'run it again when it fails, so often in all; 0: without end', wholeNumber(0, 1_000_000))
    .option('--retry-initial-interval <duration>', 'pause before the second run (default: 1s)', duration('--retry-initial-interval'))
    .option('--retry-maximum-interval <duration>', 'longest pause (default: 100 times the first)', duration('--retry-maximum-interval'))
    .option('--retry-backoff-coefficient <number>', 'each pause is so many times the one before (default: 2)', numberAbove(0))
    .option('--retry-non-retryable-type <name>', 'a failure type after which it is not run again; repeat it for more', several)
    .option('--memo <pair>', 'name=json: a value shown by describe; repeat it for more', member('--memo'))
    .option('--search-attribute <pair>', 'name=json: a search attribute; repeat it for more', member('--search-attribute'))
    .option('--priority-key <number>', '1 (first) to 5 (last) (default: 3)', wholeNumber(1, 5))
    .option('--static-summary <text>', 'one line for people')
    .option('--static-details <text>', 'some lines for people')
}

export function startSettingsOf(flags: StartFlags): StartSettings {
  const { startDelay, executionTimeout, runTimeout, taskTimeout, memo, searchAttribute, priorityKey, staticSummary, staticDetails } = flags
  return present({
    ...policiesOf(flags), startDelay, memo, staticSummary, staticDetails, retry: retryOf(flags), priority: priorityKey,
    workflowExecutionTimeout: executionTimeout, workflowRunTimeout: runTimeout, workflowTaskTimeout: taskTimeout,
    searchAttributes: searchAttribute === undefined ? undefined : listsOf(searchAttribute),
  })
}

/** One flag of it is enough. */
function retryOf(flags: StartFlags): RetryPolicy | undefined {
  const policy = present<RetryPolicy>({
    maximumAttempts: flags.retryMaximumAttempts, initialInterval: flags.retryInitialInterval, maximumInterval: flags.retryMaximumInterval,
    backoffCoefficient: flags.retryBackoffCoefficient, nonRetryableErrorTypes: flags.retryNonRetryableType,
  })
  return Object.keys(policy).length === 0 ? undefined : policy
}

/** One value is a list of one, as for Temporal's CLI. */
function listsOf(attributes: Members): SearchAttributes {
  const lists = Object.entries(attributes).map(([name, value]) => [name, Array.isArray(value) ? value : [value]])
  return Object.fromEntries(lists) as SearchAttributes
}

function present<T extends object>(given: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T
}

function several(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text]
}

type Members = Readonly<Record<string, unknown>>

function member(flag: string): (text: string, previous?: Members) => Members {
  return (text, previous = {}) => {
    const [, name, json] = /^([^=]+)=(.*)$/s.exec(text) ?? []
    if (name === undefined || json === undefined) throw new InvalidArgumentError(`Write it as name=json: ${flag} 'customer="Ada"'.`)
    try {
      return { ...previous, [name]: JSON.parse(json) as unknown }
    } catch {
      throw new InvalidArgumentError(`The value of ${name} is not JSON; a text needs quotes of its own: ${flag} '${name}="text"'.`)
    }
  }
}
