/// <reference lib="esnext.disposable" preserve="true" />
/**
 * An engine in a test: in memory, on virtual time, with activities that can be mocked; what it ran is replayed at the end.
 * What it is made of is in test-stage.ts and packages/testing; the engine is the real one.
 */
import type { ActivityFunction } from '@perdure/engine'
import type { Duration } from '@perdure/workflow'
import { durationToMs } from '@perdure/workflow/host'
import type { Engine } from '../engine.ts'
import type { FunctionModule, Workflows } from '../registration.ts'
import { ActivityMocks, type ActivityCall, type ActivityMocksOf } from './activity-mocks.ts'
import { functionsByName } from './function-module.ts'
import { watchedClient } from './test-client.ts'
import { checkedTestOptions, testOptionsInvalid, type CheckedTestOptions, type TestEnvironmentOptions } from './test-options.ts'
import { openStage, type TestStage } from './test-stage.ts'

/** Mocks, and what was called. */
export interface TestActivities<A> {
  /**
   * Puts functions in the place of activities, from now on and until `restore`.
   * @throws PerdureError ACTIVITY_MOCK_UNKNOWN when there is no such activity
   * @example env.activities.mock({ charge: async (amount) => `paid ${amount}` })
   */
  mock(mocks: ActivityMocksOf<A>): void
  /** The real activities again; of those named, or all. */
  restore(...names: (keyof A & string)[]): void
  /** Attempts that began, in their order; of one activity, or all. */
  calls(name?: keyof A & string): ActivityCall[]
}

/**
 * Runs workflows in a test. Time is virtual: while the test waits for a result and nothing runs, it jumps to the next timer.
 *
 * @example
 * await using env = await TestEnvironment.create({ workflows, activities })
 * env.activities.mock({ sendMail: async () => undefined })
 * await env.workflows.execute(workflows.reminder, { workflowId: 'reminder-1', args: ['ada'] }) // sleeps for 30 days
 */
export class TestEnvironment<A = FunctionModule> {
  /** The engine, started; its calls of workflows are watched as those of `workflows` are. */
  readonly engine: Engine
  /** As `engine.workflows`. While a result is awaited, time is skipped; while anything else is asked, it is not. */
  readonly workflows: Workflows
  readonly activities: TestActivities<A>
  readonly #stage: TestStage
  readonly #options: CheckedTestOptions<A>
  #closing: Promise<void> | undefined

  private constructor(options: CheckedTestOptions<A>, stage: TestStage, mocks: ActivityMocks) {
    this.#options = options
    this.#stage = stage
    const { engine } = stage
    const workflows = watchedClient(engine.workflows, stage)
    this.workflows = workflows
    this.engine = withWorkflows(engine, workflows)
    this.activities = {
      mock: (given) => {
        this.#requireOpen()
        mocks.mock(given)
      },
      restore: (...names) => mocks.restore(names),
      calls: (name) => mocks.calls(name),
    }
  }

  /**
   * Opens an environment, whose engine is started.
   * @throws PerdureError TEST_OPTIONS_INVALID
   * @example const env = await TestEnvironment.create({ workflows, activities, startTime: new Date('2026-01-01') })
   */
  static async create<A = FunctionModule>(given: TestEnvironmentOptions<A> = {}): Promise<TestEnvironment<A>> {
    const options = checkedTestOptions(given)
    requireRealImmediates()
    const { activities } = options as TestEnvironmentOptions<object>
    const where = 'activities of TestEnvironment.create()'
    const real = activities === undefined ? undefined : functionsByName<ActivityFunction>(activities, where)
    const mocks = new ActivityMocks(real)
    const stage = await openStage(options, mocks)
    if (options.workflows !== undefined) stage.engine.workflows.register(options.workflows)
    await stage.engine.start()
    return new TestEnvironment(options, stage, mocks)
  }

  /** As `create`; the name that Temporal has for it. */
  static createTimeSkipping<A = FunctionModule>(options: TestEnvironmentOptions<A> = {}): Promise<TestEnvironment<A>> {
    return TestEnvironment.create(options)
  }

  /** As `create`, in real time: `env.sleep` takes as long as it says. */
  static createLocal<A = FunctionModule>(options: TestEnvironmentOptions<A> = {}): Promise<TestEnvironment<A>> {
    return TestEnvironment.create({ ...options, timeSkipping: false })
  }

  /** As Temporal's: `env.client.workflow` is `env.workflows`. */
  get client(): { readonly workflow: Workflows } {
    return { workflow: this.workflows }
  }

  /** Virtual time, in milliseconds since 1970: what Date.now() says in a workflow. */
  currentTimeMs(): number {
    return this.#stage.clock.now()
  }

  /**
   * Lets virtual time pass, and all happen that is due meanwhile. In a mocked activity: it takes so long, in no time.
   * @example await env.sleep('1 day')
   */
  async sleep(duration: Duration): Promise<void> {
    this.#requireOpen()
    await this.#stage.sleep(durationToMs(duration, 'env.sleep()'))
  }

  /**
   * Skips time until something of the test's own has happened, as when a result is awaited.
   * @example await env.skipTimeUntil(mailSent.promise)
   */
  skipTimeUntil<T>(happening: Promise<T>): Promise<T> {
    this.#requireOpen()
    return this.#stage.awaited(happening)
  }

  /**
   * Stops the engine; then the history of every execution is replayed against the code. Works twice.
   * @throws PerdureError NONDETERMINISM when the code does something else than it did
   */
  teardown(): Promise<void> {
    this.#closing ??= this.#stage.close(this.#options.replay ?? true)
    return this.#closing
  }

  /** As `teardown`. */
  close(): Promise<void> {
    return this.teardown()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.teardown()
  }

  #requireOpen(): void {
    const closed = this.#stage.closed()
    if (closed !== undefined) throw closed
  }
}

/** Those of @sinonjs/fake-timers, which vitest and jest take, name their clock. */
function requireRealImmediates(): void {
  if (!('clock' in globalThis.setImmediate)) return
  throw testOptionsInvalid('Fake timers are switched on, and the engine needs the real setImmediate: switch them off, TestEnvironment '
    + 'skips time by itself; or let them fake only what is named, as with { toFake: [\'Date\'] }')
}

/** The same engine, whose calls of workflows are watched. */
function withWorkflows(engine: Engine, workflows: Workflows): Engine {
  return new Proxy(engine, {
    get: (target, name) => {
      if (name === 'workflows') return workflows
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? (member as (...args: unknown[]) => unknown).bind(target) : member
    },
  })
}
