/**
 * Replays a history of Temporal against workflow code of ours, as its SDK would: what a workflow task takes in is applied as one
 * batch, and what the code then asks for must be what the task recorded.
 */
import type { Command } from '../execution/command.ts'
import type { LiveExecution } from '../execution/live-execution.ts'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { CommandNumber } from '../protocol/ids.ts'
import type { WorkflowFunction } from '../registry.ts'
import { createLive, type LiveOptions } from '../worker/executions/live-factory.ts'
import { type ActivationBegin, replayInTurns } from '../worker/turns/replay-turns.ts'
import { checkCommands, describeEvent } from './command-check.ts'
import type { HistoryEventRead } from './history-events.ts'
import { LocalActivityReplay } from './local-activity-replay.ts'
import { applyEvent, jobsOf } from './temporal-jobs.ts'
import { TemporalSequences } from './temporal-sequences.ts'
import { updateOf } from './temporal-messages.ts'
import { recordOf } from './temporal-start.ts'
import { type WorkflowTask, workflowTasks } from './workflow-tasks.ts'

type Code = Pick<LiveOptions, 'interceptors' | 'failureErrorTypes' | 'values'>

/**
 * Nothing is written and no activity runs.
 * @param workflowId the history has it only since servers of version 1.21
 * @throws NondeterminismError with the place in the code; HistoryFileError; what the code makes it fail with
 */
export async function replayTemporalHistory(
  events: readonly HistoryEventRead[], fn: WorkflowFunction, workflowId: string, code: Code = {},
): Promise<void> {
  const tasks = workflowTasks(events)
  const [first] = events
  if (first === undefined) return
  const record = recordOf(first, tasks[0]?.at ?? first.at, workflowId)
  try {
    await replayTasks(tasks, { record, fn, ...code })
  } catch (error) {
    if (!(error instanceof NondeterminismError)) throw error
    // Once more, slowly, for the place.
    await replayTasks(tasks, { record, fn, ...code, captureLocations: true })
    throw error
  }
}

async function replayTasks(tasks: readonly WorkflowTask[], options: Omit<LiveOptions, 'wallClock' | 'onStray'>): Promise<void> {
  const sequences = new TemporalSequences()
  const patches = new Set<string>()
  const byEvent = new Map<number, CommandNumber>()
  const live = createLive({
    ...options, wallClock: Date.now, onStray: () => undefined,
    onPassedOver: (kind, pending) => sequences.passOver(kind, pending), onPatched: (patchId) => void patches.add(patchId),
    onUpdateHandler: () => batching.applyUpdates(),
  })
  live.replaying = true
  const commands: Command[] = []
  const locals = new LocalActivityReplay(live, sequences)
  const batching = new Batching(live, byEvent, locals)
  const numbers = { sequences, patches, byEvent, locals: new Map(), isBackoff: locals.isBackoff }
  const activations = function* (): Generator<ActivationBegin> {
    for (const task of tasks) {
      yield* batching.activationsOf(task)
      // All of its commands have been issued.
      checkCommands(task, commands.splice(0), live, numbers)
    }
  }
  await replayInTurns(live, activations(), (issued) => void commands.push(...issued))
}

/** What workflow tasks take in, as batches. */
class Batching {
  readonly #live: LiveExecution
  readonly #byEvent: ReadonlyMap<number, CommandNumber>
  readonly #locals: LocalActivityReplay
  /** Of the batch before: jobs that are applied together are one activation. */
  #activation = 0
  /** Updates of the task that wait for their handler. */
  #updates: (readonly [HistoryEventRead, WorkflowTask])[] = []

  constructor(live: LiveExecution, byEvent: ReadonlyMap<number, CommandNumber>, locals: LocalActivityReplay) {
    this.#live = live
    this.#byEvent = byEvent
    this.#locals = locals
  }

  /** @throws NondeterminismError where a task took in what the code does not wait for */
  * activationsOf(task: WorkflowTask): Generator<ActivationBegin> {
    this.#locals.begin(task)
    for (const batch of this.#batchesOf(task)) {
      yield () => {
        this.#activation = this.#live.activation
        batch()
      }
    }
    while (this.#locals.isNext) yield () => this.#locals.apply(task)
    this.#locals.refuseLeft()
    this.#refuseUnheard()
  }

  #batchesOf(task: WorkflowTask): readonly ActivationBegin[] {
    const { patches, signals, updates, others } = jobsOf(task)
    const isFirst = others.some(({ type }) => type === 'WorkflowExecutionStarted')
    const mark = (): void => {
      for (const patchId of patches) this.#live.calls.patches.mark(patchId)
    }
    const all = (): void => {
      mark()
      this.#applyAll(signals, task)
      this.#hear(updates, task)
      this.#applyAll(others, task)
      this.#locals.apply(task)
      if (isFirst) begin(this.#live, task)
    }
    if (isFirst || task.isSingleBatch || signals.length === 0) return [all]
    const rest = (): void => {
      this.#hear(updates, task)
      this.#applyAll(others, task)
      this.#locals.apply(task)
    }
    return [() => { mark(); this.#applyAll(signals, task) }, rest]
  }

  /** Those whose handler is set, in their order. */
  applyUpdates(): void {
    const heard = this.#updates.filter(([event]) => hasHandler(this.#live, event))
    if (heard.length === 0) return
    this.#updates = this.#updates.filter((each) => !heard.includes(each))
    for (const [event, task] of heard) this.#applyAll([event], task)
  }

  /** A task accepted an update that the code does not hear. */
  #refuseUnheard(): void {
    const [unheard] = this.#updates
    if (unheard === undefined) return
    const [event] = unheard
    throw new NondeterminismError({ seq: event.id, expected: describeEvent(event), got: 'the code has set no handler for it' })
  }

  #hear(updates: readonly HistoryEventRead[], task: WorkflowTask): void {
    this.#updates.push(...updates.map((event) => [event, task] as const))
    this.applyUpdates()
  }

  #applyAll(events: readonly HistoryEventRead[], task: WorkflowTask): void {
    for (const event of events) {
      this.#locals.noteFired(event)
      const { activation } = this.#live
      this.#live.activation = this.#activation
      // Of a batch, conditions are looked at after each job; after the last one, whoever drives the execution looks.
      if (applyEvent(this.#live, event, task, this.#byEvent)) while (this.#live.hasMore()) this.#live.settleMore()
      else this.#live.activation = activation
    }
  }
}

function hasHandler(live: LiveExecution, event: HistoryEventRead): boolean {
  const { updateName, input } = updateOf(event.id, event.attributes)
  return live.calls.handlers.update({ name: updateName, input, headers: undefined }) !== undefined
}

function begin(live: LiveExecution, task: WorkflowTask): void {
  live.history.set(task.startedEventId, task.historyBytes)
  live.begin()
}

export function workflowTypeIn(events: readonly HistoryEventRead[]): string {
  return (events[0]?.attributes['workflowType'] as { readonly name?: string } | undefined)?.name ?? ''
}
