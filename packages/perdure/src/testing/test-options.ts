/** Options of a test environment, checked. */
import { PerdureError, type Logger } from '@perdure/engine'
import { unknownOptionHint } from '@perdure/workflow/host'
import { isPostgres, type DataConverter, type Interceptors, type WorkerOptions } from '../engine-options.ts'
import type { FunctionModule } from '../registration.ts'

export interface TestEnvironmentOptions<A = FunctionModule> {
  /** The module of workflows, or an object of them by name. More can be registered later: `env.workflows.register`. */
  readonly workflows?: FunctionModule
  /** The real activities: a module, or an object of functions by name. What is mocked takes their place. */
  readonly activities?: A
  /** Default: in memory. Or SQLite: the path of a file, or ':memory:'. */
  readonly database?: string
  /** Virtual time at the beginning. Default: now. */
  readonly startTime?: Date | number | string
  /** True: time moves by `env.sleep` alone, and stands still while results are awaited. Default false. */
  readonly autoTimeSkippingDisabled?: boolean
  /** False: time is that of the world, and never jumps. Default true. */
  readonly timeSkipping?: boolean
  /** Queues that are served; the first is that of starts which name none. Default ['default']. */
  readonly taskQueues?: readonly string[]
  /** False: histories are not replayed when the environment is closed. Default true. */
  readonly replay?: boolean
  /** As of a worker: which errors fail a workflow. Default { '*': ['Error'] }: every error; {}: as on Temporal. */
  readonly workflowFailureErrorTypes?: NonNullable<WorkerOptions['workflowFailureErrorTypes']>
  /** As of Engine.open(); those of workflows are there too when histories are replayed. */
  readonly interceptors?: Interceptors
  /** As of Engine.open(). */
  readonly dataConverter?: DataConverter
  /** Gets what the engine logs. Default: nobody does. */
  readonly logger?: Logger
}

export interface CheckedTestOptions<A> extends TestEnvironmentOptions<A> {
  readonly startAt: number
  readonly taskQueues: readonly [string, ...string[]]
}

const kinds: Readonly<Record<keyof TestEnvironmentOptions, 'object' | 'string' | 'boolean' | undefined>> = {
  workflows: 'object', activities: 'object', database: 'string', startTime: undefined, autoTimeSkippingDisabled: 'boolean',
  timeSkipping: 'boolean', taskQueues: 'object', replay: 'boolean', logger: 'object', interceptors: 'object', dataConverter: 'object',
  workflowFailureErrorTypes: 'object',
}

const where = 'TestEnvironment.create()'

/** @throws PerdureError TEST_OPTIONS_INVALID */
export function checkedTestOptions<A>(given: TestEnvironmentOptions<A>): CheckedTestOptions<A> {
  if (typeof given !== 'object' || given === null) {
    throw testOptionsInvalid(`${where} was given ${String(given)}; give an object`)
  }
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(kinds, key)) {
      throw testOptionsInvalid(`Unknown option '${key}' of ${where}${unknownOptionHint(key, Object.keys(kinds))}`)
    }
    const kind = kinds[key as keyof typeof kinds]
    if (value === undefined || kind === undefined) continue
    if (typeof value !== kind || value === null) {
      throw testOptionsInvalid(`The option ${key} of ${where} is ${String(value)}; give ${described[kind]}`)
    }
  }
  if (given.database !== undefined && isPostgres(given.database)) {
    const remedy = 'leave `database` out, or give the path of a file'
    throw testOptionsInvalid(`A TestEnvironment runs in memory or on SQLite, not on PostgreSQL: ${remedy}`)
  }
  return { ...given, startAt: startOf(given.startTime), taskQueues: queuesOf(given.taskQueues) }
}

const described = { object: 'an object', string: 'a text', boolean: 'true or false' }

function startOf(given: Date | number | string | undefined): number {
  if (given === undefined) return Date.now()
  const at = new Date(given).getTime()
  if (Number.isNaN(at)) throw testOptionsInvalid(`The option startTime of ${where} is ${String(given)}, which is no time; give a Date`)
  return at
}

function queuesOf(given: readonly string[] = ['default']): readonly [string, ...string[]] {
  const [first, ...others] = Array.isArray(given) ? given : []
  if (typeof first !== 'string') throw testOptionsInvalid(`The option taskQueues of ${where} has no name in it; give a list of names`)
  return [first, ...others]
}

export function testOptionsInvalid(message: string): PerdureError {
  return new PerdureError('TEST_OPTIONS_INVALID', message)
}
