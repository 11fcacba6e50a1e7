/**
 * Holds executions whose code cannot go on. What it has come to rest with is written; the activation that failed is as if it had
 * not been, as on Temporal: what it took in is taken in by the next try, which runs new code and may take the way of a patch.
 */
import { DeterminismViolationError } from '@perdure/workflow'
import { registeredHint } from '@perdure/workflow/host'
import { NondeterminismError } from '../../execution/nondeterminism-error.ts'
import { heldRetryMsMax, heldRetryMsMin } from '../../limits.ts'
import { decodeEvent } from '../../protocol/event-codec.ts'
import type { Held, HeldCode } from '../../protocol/execution-record.ts'
import type { EventRecord, Release } from '../../protocol/transition.ts'
import { userPlace } from '../../protocol/user-stack.ts'
import type { ActivityDesk } from '../activities/activity-desk.ts'
import { isFact } from '../activities/task-record.ts'
import { commitUnit, mergeUnits, showsActivation } from '../commits/commit-unit.ts'
import { openUnit } from '../commits/open-unit.ts'
import type { Activation, CommitUnit, OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { executionFields } from '../log/log-line.ts'
import { forgetLive, takeUnit } from './execution-outcomes.ts'
import { readHistory } from './history-reader.ts'
import { keepEnds } from './kept-ends.ts'
import { codeOf } from './live-factory.ts'
import { replayReadOnly } from './read-only-replay.ts'

interface Reason {
  readonly code: HeldCode
  readonly text: string
}

export class ExecutionHolder {
  readonly #context: WorkerContext
  readonly #desk: ActivityDesk
  /** Executions whose very hold the store refused. */
  readonly #refused = new WeakSet<OwnedExecution>()

  constructor(context: WorkerContext, desk: ActivityDesk) {
    this.#context = context
    this.#desk = desk
  }

  hold(owned: OwnedExecution, error: Error): void {
    if (owned.phase !== 'open' || owned.holdFailure !== undefined) return
    this.#hold(owned, error, async () => {
      const located = error instanceof NondeterminismError ? await this.#locate(owned, error) : error
      return { code: heldCode(located), text: reasonOf(located) }
    })
  }

  holdUnknownType(owned: OwnedExecution): void {
    const { registry, settings } = this.#context
    const { workflowType, taskQueue } = owned.record
    const text = `No workflow '${workflowType}' is registered with worker ${settings.identity} of task queue '${taskQueue}'` +
      `${registeredHint(workflowType, registry.workflowTypes())} It goes on when a worker that has it starts.`
    this.#hold(owned, new Error('unknown workflow type'), async () => ({ code: 'unknown_workflow_type', text }))
  }

  /** The store will never take what this execution wants to write: nothing of it is written but the hold. */
  holdRejected(unit: CommitUnit, error: Error): void {
    const { owned } = unit
    if (owned.phase === 'gone') return
    if (unit.release !== null && owned.holdFailure !== undefined) return this.#holdBarely(unit, unit.release, error)
    const gathered = takeUnit(this.#context, owned)
    const dropped = gathered === undefined ? [unit] : [unit, gathered]
    owned.inputs.unshift(...dropped.flatMap((each) => each.causes))
    owned.spent ||= dropped.some((each) => each.retries.length > 0 || each.tasks.some(isFact))
    this.#hold(owned, error, async () => ({ code: 'commit_rejected', text: error.message }))
  }

  #hold(owned: OwnedExecution, failure: Error, findReason: () => Promise<Reason>): void {
    owned.holdFailure = failure
    owned.phase = 'loading'
    const { activation } = owned
    forgetLive(owned)
    this.#keepFacts(owned, activation)
    this.#context.background('holding an execution', async () => {
      const reason = await findReason()
      await keepEnds(this.#context, owned, () => this.#release(owned, reason))
    })
  }

  /**
   * Facts stay: events, retries, and what is told of updates, for events and consumed messages stand for it. Commands go: the code
   * runs again from the history. What the failed activation was run from goes back to the inputs, and from there to the inbox.
   */
  #keepFacts(owned: OwnedExecution, failed: Activation | undefined): void {
    const gathered = takeUnit(this.#context, owned)
    if (failed !== undefined) owned.inputs.unshift(...failed.inputs)
    if (gathered === undefined) return
    const facts = failed === undefined ? gathered : withoutActivation(gathered, failed)
    const kept = commitUnit(owned)
    kept.start = gathered.start
    kept.events.push(...facts.events)
    kept.consumed.push(...facts.consumed)
    kept.updates.push(...facts.updates)
    kept.causes.push(...facts.causes)
    kept.tasks.push(...gathered.tasks.filter(isFact), ...gathered.retries)
    const later: CommitUnit | undefined = owned.unit
    if (later !== undefined) this.#context.commits.remove(later)
    owned.unit = later === undefined ? kept : mergeUnits(kept, later)
    this.#context.commits.add(owned.unit)
  }

  #release(owned: OwnedExecution, reason: Reason): void {
    const { clock, commits, logger, serving } = this.#context
    owned.phase = 'open'
    this.#desk.makeAllVisible(owned)
    owned.phase = 'leaving'
    const count = (owned.record.held?.count ?? 0) + 1
    const pauseMs = Math.min(heldRetryMsMax, heldRetryMsMin * 2 ** (count - 1))
    const held: Held = { code: reason.code, reason: reason.text, buildId: serving().buildId, count, spent: owned.spent }
    const unit = openUnit(owned)
    const wakeAt = reason.code === 'unknown_workflow_type' ? null : clock.now() + pauseMs
    const isUnbegun = owned.fresh && [owned.sent, unit].every((each) => each === undefined || !showsActivation(each))
    unit.release = { held, wakeAt, ...(isUnbegun ? { unbegun: true } : {}) }
    owned.inputs = []
    commits.add(unit)
    const fields = { ...executionFields(owned.record), heldTimes: count }
    logger.warn(`Workflow '${owned.record.workflowType}' is held (${reason.code}): ${reason.text}`, fields)
  }

  /** The hold itself was refused: once more with nothing else, later if need be. Until then the execution rests here. */
  #holdBarely(refused: CommitUnit, { held, unbegun }: Release, error: Error): void {
    const { owned } = refused
    const { clock, commits } = this.#context
    const text = `The database refuses what this execution wants to write, and refused the reason too: ${error.name}`
    const send = (): void => {
      if (owned.phase !== 'leaving') return
      // A retry that came meanwhile is left to the takeover of spent attempts: the store takes nothing else of this execution.
      while (takeUnit(this.#context, owned) !== undefined);
      const unit = commitUnit(owned)
      unit.release = {
        wakeAt: clock.now() + heldRetryMsMax, ...(unbegun === true ? { unbegun } : {}),
        held: { code: 'commit_rejected', reason: text, buildId: held?.buildId ?? '', count: held?.count ?? 1, spent: true },
      }
      owned.unit = unit
      commits.add(unit)
    }
    if (this.#refused.has(owned)) clock.timer(heldRetryMsMax, send)
    else send()
    this.#refused.add(owned)
  }

  /** The same replay once more, slowly, to say where in the code the command came from. */
  async #locate(owned: OwnedExecution, error: NondeterminismError): Promise<Error> {
    const { registry, store, clock } = this.#context
    const fn = registry.workflow(owned.record.workflowType)
    if (fn === undefined) return error
    try {
      const events = await readHistory(store, owned.runId)
      const code = codeOf(this.#context)
      await replayReadOnly({ record: owned.record, fn, wallClock: () => clock.now(), captureLocations: true, ...code }, events)
      return error
    } catch (located) {
      return located instanceof NondeterminismError ? located : error
    }
  }
}

type Facts = Pick<CommitUnit, 'events' | 'consumed' | 'updates' | 'causes'>

/** What earlier activations came to. Units of an activation wait for its end, so nothing of this one is on its way. */
function withoutActivation({ events, consumed, updates, causes }: CommitUnit, { from, inputs }: Activation): Facts {
  const given = new Set(inputs)
  const messages = new Set(inputs.map(({ inboxId }) => inboxId))
  const requested = new Set(inputs.map(({ event }) => event.type === 'WorkflowExecutionUpdateRequested' ? event.updateId : undefined))
  const completed = new Set(events.filter(({ seq }) => seq > from).map(completedUpdate))
  return {
    events: events.filter(({ seq }) => seq <= from),
    consumed: consumed.filter((id) => !messages.has(id)),
    updates: updates.filter(({ updateId, stage }) => !requested.has(updateId) && !(stage === 'completed' && completed.has(updateId))),
    causes: causes.filter((cause) => !given.has(cause)),
  }
}

function completedUpdate({ type, data }: EventRecord): string | undefined {
  if (type !== 'WorkflowExecutionUpdateCompleted') return undefined
  const event = decodeEvent(type, data)
  return event.type === type ? event.updateId : undefined
}

/** With its place, as a nondeterminism has it. */
function reasonOf(error: Error): string {
  const place = error instanceof NondeterminismError ? undefined : userPlace(error)
  return place === undefined ? error.message : `${error.message}\n  at        ${place}`
}

function heldCode(error: Error): HeldCode {
  if (error instanceof NondeterminismError) return 'nondeterminism'
  return error instanceof DeterminismViolationError ? 'determinism_violation' : 'task_failure'
}
