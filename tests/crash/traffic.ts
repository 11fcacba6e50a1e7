/**
 * Workflows of all shapes, started and signalled through outages, and what must hold of them at the end. Whoever harms
 * workers, connections and servers meanwhile is somebody else.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { asRunId, type EventRecord, type Store } from '@perdure/engine'
import { type Engine, PerdureError, WorkflowExecutionAlreadyStartedError } from 'perdure'
import type { StepLine } from './activities.ts'
import { checkMixed, checkPrefix, checkSteps } from './checks.ts'
import { childrenOfFamily, type MixedResult, noteSignal, signalsWanted } from './mixed-workflows.ts'
import type { TenSteps } from './workflows.ts'

const shapes = ['tenSteps', 'fanOut', 'signalled', 'timed', 'racing', 'family'] as const
type Shape = (typeof shapes)[number]

/** Errors that say that the database is away, is held by others, or that nobody knows whether it was done. */
const passing: readonly string[] = ['STORE_UNAVAILABLE', 'STORE_BUSY', 'STORE_OUTCOME_UNKNOWN']
const retryMs = 50
const historyMax = 1_000

interface Given {
  readonly producer: Engine
  /** A store of our own on the same database. */
  readonly store: Store
  readonly logFile: string
  readonly random: () => number
  /** At least. */
  readonly workflows: number
  /** So many are open at once. */
  readonly openMax: number
}

interface Started {
  readonly workflowId: string
  readonly shape: Shape
  readonly runId: string
  /** How often each note was sent: more than once where nobody knew what became of it. */
  readonly sent: Map<string, number>
}

export interface Tally {
  readonly workflows: number
  readonly steps: number
  /** Executions of steps beyond the first of each. */
  readonly repeated: number
}

export class Traffic {
  readonly #given: Given
  readonly #all: Started[] = []
  readonly #ended: Promise<void>[] = []
  readonly #results = new Map<string, MixedResult | TenSteps>()
  readonly #before: ReadonlyMap<string, readonly EventRecord[]>[] = []
  #open = 0
  #refused = 0
  #enough = false
  #isOver = false
  #stopped = false

  constructor(given: Given) {
    this.#given = given
  }

  /** Starts at least so many, and others until it is enough; resolves when all have ended. */
  async run(): Promise<void> {
    const { workflows, openMax } = this.#given
    for (let number = 0; (number < workflows || !this.#enough) && !this.#stopped; number++) {
      while (this.#open >= openMax) await pause(5)
      this.#open++
      const ended = this.#one(`order-${number}`, shapes[number % shapes.length] ?? 'fanOut').finally(() => { this.#open-- })
      ended.catch(() => undefined) // told when all are awaited
      this.#ended.push(ended)
    }
    await Promise.all(this.#ended)
    this.#isOver = true
  }

  /** All have ended. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Calls so far that found the database away, or never heard what became of them. */
  get refused(): number {
    return this.#refused
  }

  /** Processes that ran steps so far. */
  get pids(): ReadonlySet<number> {
    return new Set(this.#lines().map(({ pid }) => pid))
  }

  /** The harm is done. */
  enough(): void {
    this.#enough = true
  }

  stop(): void {
    this.#stopped = true
  }

  /** What is recorded now must be the beginning of what is recorded at the end. Of some, where there are many. */
  async remember(most = 20): Promise<void> {
    const histories = new Map<string, readonly EventRecord[]>()
    for (const { runId } of this.#all.slice(-most)) {
      histories.set(runId, await this.#patiently(() => this.#given.store.readHistory(asRunId(runId), 0, historyMax)))
    }
    this.#before.push(histories)
  }

  /** Throws unless every workflow ended with the results of its last steps, nothing recorded was lost, and nothing is left over. */
  async check(): Promise<Tally> {
    const { store, producer } = this.#given
    const workflows = this.#all.length
    const lines = this.#lines()
    const ofRun = Map.groupBy(lines, ({ runId }) => runId)
    const ofFamily = Map.groupBy(lines, ({ workflowId }) => workflowId)
    const executions = workflows + childrenOfFamily * this.#all.filter(({ shape }) => shape === 'family').length
    assert.equal(await producer.workflows.count({ status: 'completed' }), executions)
    assert.equal(await producer.workflows.count(), executions)
    for (const { workflowId, runId, shape, sent } of this.#all) {
      const result = this.#results.get(workflowId)
      // Steps of a family are its children's.
      const own = (shape === 'family' ? ofFamily.get(workflowId) : ofRun.get(runId)) ?? []
      if (shape === 'tenSteps') checkSteps(result as TenSteps, own)
      else checkMixed(result as MixedResult, own, sent)
      const final = await store.readHistory(asRunId(runId), 0, historyMax)
      for (const before of this.#before) checkPrefix(before.get(runId) ?? [], final)
      assert.deepEqual(await store.readTasks(asRunId(runId)), [], `tasks of ${workflowId} are left over`)
      assert.deepEqual(await store.readMessages(asRunId(runId), 1), [], `messages of ${workflowId} are left over`)
    }
    const steps = new Set(lines.map(({ runId, step }) => `${runId} ${step}`)).size
    return { workflows, steps, repeated: lines.length - steps }
  }

  /** Who is open still, for a run that hangs. */
  async unfinished(): Promise<string[]> {
    const { producer } = this.#given
    const open = this.#all.filter(({ workflowId }) => !this.#results.has(workflowId))
    return Promise.all(open.slice(0, 5).map(async ({ workflowId }) => JSON.stringify(await producer.workflows.describe(workflowId))))
  }

  /** A last line may be in the middle of being written; before the first step there is no file. */
  #lines(): StepLine[] {
    const { logFile } = this.#given
    if (!existsSync(logFile)) return []
    return readFileSync(logFile, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as StepLine)
  }

  async #one(workflowId: string, shape: Shape): Promise<void> {
    const { producer } = this.#given
    const runId = await this.#start(workflowId, shape)
    const started: Started = { workflowId, shape, runId, sent: new Map() }
    this.#all.push(started)
    const isSignalled = shape === 'signalled' || shape === 'racing'
    const [result] = await Promise.all([
      this.#patiently(() => producer.workflows.getResult<MixedResult | TenSteps>(workflowId)),
      isSignalled ? this.#signal(started) : undefined,
    ])
    this.#results.set(workflowId, result)
  }

  async #start(workflowId: string, shape: Shape): Promise<string> {
    const { producer } = this.#given
    return this.#patiently(async () => {
      try {
        return (await producer.workflows.start(shape, { workflowId })).runId
      } catch (error) {
        // An earlier try went through.
        if (error instanceof WorkflowExecutionAlreadyStartedError) return error.runId
        throw error
      }
    })
  }

  async #signal({ workflowId, sent }: Started): Promise<void> {
    const { producer, random } = this.#given
    for (let number = 1; number <= signalsWanted; number++) {
      await pause(random() * 200)
      const note = `${workflowId} ${number}`
      await this.#patiently(async () => {
        sent.set(note, (sent.get(note) ?? 0) + 1)
        await producer.workflows.signal(workflowId, noteSignal, note)
      })
    }
  }

  async #patiently<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call()
      } catch (error) {
        if (this.#stopped || !(error instanceof PerdureError) || !passing.includes(error.code)) throw error
        this.#refused++
        await pause(retryMs)
      }
    }
  }
}
