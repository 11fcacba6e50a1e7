/** What a test environment is made of: an engine on a watched store and on virtual time, and whatever decides when time moves. */
import { defaultNamespace, PerdureError, type Logger, type Registry, type Store, type ValueConverter, type Worker } from '@perdure/engine'
import { callersClock, checkReplays, createMemoryStore, TestClock, TimeDriver, watchedStore, type WatchedStore } from '@perdure/testing'
import { Context } from '@perdure/workflow/activity'
import { Engine } from '../engine.ts'
import type { Interceptors, WorkerOptions } from '../engine-options.ts'
import { runningAttempt, type ActivityMocks, type RunningAttempt } from './activity-mocks.ts'
import type { CallWatch } from './test-client.ts'
import type { CheckedTestOptions } from './test-options.ts'
import { Troubles } from './troubles.ts'
import { waitingText } from './waiting-text.ts'

export interface TestStage extends CallWatch {
  readonly engine: Engine
  readonly clock: TestClock
  readonly sleep: (ms: number) => Promise<void>
  readonly close: (replay: boolean) => Promise<void>
}

interface StageParts {
  readonly engine: Engine
  readonly registry: Registry
  readonly worker: Worker | undefined
  /** With payloads as workflow code sees them. */
  readonly store: Store
  /** Below it; closed when it has been looked at. */
  readonly plainStore: Store
  readonly watched: WatchedStore
  readonly clock: TestClock
  readonly mocks: ActivityMocks
  readonly troubles: Troubles
  readonly interceptors: Interceptors
  readonly values: ValueConverter | undefined
  readonly workflowFailureErrorTypes?: WorkerOptions['workflowFailureErrorTypes']
  /** Whether time may jump, and whether it does so where env.sleep does not ask for it. */
  readonly skips: { readonly atAll: boolean; readonly unasked: boolean }
}

/** Real time that passes before the test is told that what it waits for does not come by itself. */
const stuckToldMs = 2_000
/** How long activities that run may take to end when the environment is closed. */
const graceMs = 100

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export async function openStage(options: CheckedTestOptions<unknown>, mocks: ActivityMocks): Promise<TestStage> {
  const { startAt, taskQueues, logger = silent, database } = options
  const clock = new TestClock(startAt)
  const store = await storeOf(database, clock)
  const watched = watchedStore(store)
  const { workflowFailureErrorTypes } = options
  const failing = workflowFailureErrorTypes === undefined ? {} : { workflowFailureErrorTypes }
  const worker = { taskQueues, shutdownGraceTime: graceMs, ...failing }
  const { interceptors = {}, dataConverter = {} } = options
  const engineOptions = { store: watched.store, logger, taskQueue: taskQueues[0], identity: 'test', worker, interceptors, dataConverter }
  const opened = await Engine.openOn(engineOptions, clock, callersClock(clock))
  const skips = { atAll: options.timeSkipping !== false, unasked: options.autoTimeSkippingDisabled !== true }
  const troubles = new Troubles({ registry: opened.registry, taskQueues })
  const stage = new Stage({ ...opened, plainStore: store, watched, clock, mocks, troubles, skips, interceptors, ...failing })
  watched.listen({
    onCall: () => stage.poke(),
    onCommit: (batch, outcome) => {
      troubles.noteCommit(batch, outcome)
      stage.happened()
    },
  })
  mocks.attach({ register: (name, fn) => opened.registry.registerActivity(name, fn), onEnd: () => stage.happened() })
  return stage
}

async function storeOf(database: string | undefined, clock: TestClock): Promise<Store> {
  const now = (): number => clock.now()
  if (database === undefined) return createMemoryStore({ now })
  const { createSqliteStore } = await import('@perdure/sqlite')
  return createSqliteStore({ file: database, now })
}

class Stage implements TestStage {
  readonly engine: Engine
  readonly clock: TestClock
  readonly #parts: StageParts
  readonly #driver: TimeDriver
  /** Calls under way that need no time. */
  #asked = 0
  /** Calls under way that may take time. */
  readonly #waiting = new Set<Promise<unknown>>()
  #isClosed = false
  #isStopped = false
  #stuckTimer: ReturnType<typeof setTimeout> | undefined
  /** Since the last result was asked for, the test was told that it waits for what does not come by itself. */
  #isTold = false

  constructor(parts: StageParts) {
    this.#parts = parts
    this.engine = parts.engine
    this.clock = parts.clock
    const { worker, watched, mocks, troubles, skips } = parts
    this.#driver = new TimeDriver({
      clock: parts.clock, isReal: !skips.atAll,
      atRest: () => (this.#isStopped || worker?.status().atRest === true) && watched.calls() === 0 && this.#asked === 0,
      activitiesRunning: () => Math.max(0, (worker?.status().activities ?? 0) - mocks.sleeping),
      wanted: () => (this.#waiting.size > 0 && skips.unasked) || this.#isClosed,
      onRest: () => troubles.tell(),
      onStuck: () => this.#noteStuck(),
    })
  }

  poke(): void {
    this.#driver.poke()
  }

  happened(): void {
    clearTimeout(this.#stuckTimer)
    this.#driver.happened()
  }

  readonly closed = (): PerdureError | undefined => this.#isClosed ? closedError('; create another, for each test one') : undefined

  readonly asked = (): () => void => {
    this.#asked++
    this.happened()
    return () => {
      this.#asked--
      this.happened()
    }
  }

  readonly awaited = <T>(waiting: Promise<T>): Promise<T> => {
    // An activity that awaits a result does nothing else, and time may pass meanwhile.
    const attempt = runningAttempt()
    const wake = attempt === undefined ? undefined : this.#pause(attempt)
    const watched = this.#parts.troubles.watch(waiting).finally(() => {
      wake?.()
      this.#waiting.delete(watched)
      clearTimeout(this.#stuckTimer)
    })
    this.#waiting.add(watched)
    this.#isTold = false
    this.happened()
    return watched
  }

  readonly sleep = async (ms: number): Promise<void> => {
    const attempt = runningAttempt()
    if (attempt === undefined) return this.#driver.sleep(ms)
    await this.#sleepInActivity(ms, attempt)
  }

  readonly close = async (replay: boolean): Promise<void> => {
    this.#isClosed = true
    clearTimeout(this.#stuckTimer)
    // Whoever still waits is told, and need not listen.
    for (const waiting of this.#waiting) waiting.catch(() => undefined)
    const { engine, store, plainStore, registry, interceptors, values, troubles, workflowFailureErrorTypes } = this.#parts
    troubles.refuse(closedError(' while this was awaited: await it before, as in `return await env.workflows.execute(...)`'))
    this.happened()
    await engine.stop()
    this.#isStopped = true
    this.#driver.stop()
    try {
      const code = { interceptors: interceptors.workflow, values, failureErrorTypes: workflowFailureErrorTypes }
      if (replay) await checkReplays(store, defaultNamespace, registry, code, (runId) => !troubles.wasTold(runId))
    } finally {
      await plainStore.close()
    }
  }

  /** The attempt does nothing but sleep meanwhile; it wakes when it is asked to stop. */
  async #sleepInActivity(ms: number, attempt: RunningAttempt): Promise<void> {
    const wake = this.#pause(attempt)
    try {
      await Promise.race([this.#driver.sleep(ms), Context.current().cancelled])
    } finally {
      wake()
    }
  }

  /** Returns what ends it. */
  #pause(attempt: RunningAttempt): () => void {
    const { cancellationSignal } = Context.current()
    attempt.sleeps++
    attempt.isOver = () => cancellationSignal.aborted && String(cancellationSignal.reason).includes('TIMED_OUT')
    return () => {
      attempt.sleeps--
      this.happened()
    }
  }

  #noteStuck(): void {
    clearTimeout(this.#stuckTimer)
    if (this.#isClosed || this.#isTold) return
    this.#stuckTimer = setTimeout(() => {
      const end = this.asked()
      this.#isTold = true
      void waitingText(this.engine.workflows).then((text) => console.warn(text), () => undefined).finally(end)
    }, stuckToldMs)
  }
}

function closedError(more: string): PerdureError {
  return new PerdureError('TEST_ENVIRONMENT_CLOSED', `This TestEnvironment was closed by teardown()${more}`)
}
