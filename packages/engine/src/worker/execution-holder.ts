/** Holds executions whose code cannot go on: what happened is written, what the code wanted is not, and the reason is visible. */
import { DeterminismViolationError } from '@perdure/workflow'
import { didYouMean } from '@perdure/workflow/host'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import { heldRetryMsMax, heldRetryMsMin } from '../limits.ts'
import type { Held, HeldCode } from '../protocol/execution-record.ts'
import { isActivityEnd } from '../protocol/event.ts'
import { encodeEvent } from '../protocol/event-codec.ts'
import type { ActivityDesk } from './activity-desk.ts'
import { commitUnit } from './commit-unit.ts'
import type { CommitUnit, OwnedExecution } from './owned-execution.ts'
import { forgetLive, undoUnit } from './execution-outcomes.ts'
import { readHistory } from './history-reader.ts'
import { replayReadOnly } from './read-only-replay.ts'
import type { WorkerContext } from './worker-context.ts'

export class ExecutionHolder {
  readonly #context: WorkerContext
  readonly #desk: ActivityDesk

  constructor(context: WorkerContext, desk: ActivityDesk) {
    this.#context = context
    this.#desk = desk
  }

  hold(owned: OwnedExecution, error: Error): void {
    if (owned.phase !== 'open' || owned.holdFailure !== undefined) return
    owned.holdFailure = error
    owned.phase = 'loading'
    this.#context.background('holding an execution', async () => {
      const located = error instanceof NondeterminismError ? await this.#locate(owned, error) : error
      if (owned.phase === 'loading') this.#release(owned, heldCode(located), located.message)
    })
  }

  /** The store will never take what this execution wants to write: nothing of it is written but the hold. */
  holdRejected(unit: CommitUnit, error: Error): void {
    const { owned } = unit
    if (owned.phase === 'gone' || owned.holdFailure !== undefined) return
    if (owned.unit !== undefined) this.#context.commits.remove(owned.unit)
    owned.unit = undefined
    owned.holdFailure = error
    this.#release(owned, 'commit_rejected', error.message)
  }

  holdUnknownType(owned: OwnedExecution): void {
    const { registry, settings } = this.#context
    const { workflowType, taskQueue } = owned.record
    owned.holdFailure = new Error('unknown workflow type')
    owned.phase = 'loading'
    const reason = `No workflow '${workflowType}' is registered with worker ${settings.identity} of task queue '${taskQueue}'` +
      `${didYouMean(workflowType, registry.workflowTypes()) || '.'} It goes on when a worker that has it starts.`
    this.#release(owned, 'unknown_workflow_type', reason)
  }

  /** Facts stay: events and retries of the unit that was gathering. Commands go: the code runs again from the history. */
  #release(owned: OwnedExecution, code: HeldCode, reason: string): void {
    const { clock, commits, logger, serving } = this.#context
    const gathered = owned.unit
    const unit = commitUnit(owned)
    if (gathered !== undefined) {
      commits.remove(gathered)
      undoUnit(gathered)
      unit.start = gathered.start
      unit.events.push(...gathered.events)
      unit.consumed.push(...gathered.consumed)
      unit.tasks.push(...gathered.tasks.filter((task) => task.attempt > 1))
    }
    owned.unit = unit
    owned.phase = 'open'
    this.#desk.makeAllVisible(owned)
    owned.phase = 'leaving'
    const count = (owned.record.held?.count ?? 0) + 1
    const pauseMs = Math.min(heldRetryMsMax, heldRetryMsMin * 2 ** (count - 1))
    const held: Held = { code, reason, buildId: serving().buildId, count }
    unit.release = { held, wakeAt: code === 'unknown_workflow_type' ? null : clock.now() + pauseMs }
    for (const input of owned.inputs) {
      if (input.inboxId !== undefined || !isActivityEnd(input.event)) continue
      const post = { namespace: owned.record.namespace, workflowId: owned.record.workflowId, runId: owned.runId, type: input.event.type }
      unit.effects.push(() => this.#context.background('keeping an activity result', async () => {
        await this.#context.store.post([{ ...post, data: encodeEvent(input.event) }])
      }))
    }
    owned.inputs = []
    forgetLive(owned)
    commits.add(unit)
    const { workflowId, runId, workflowType } = owned.record
    logger.warn(`Workflow '${workflowType}' is held (${code}): ${reason}`, { workflowId, runId, attempt: count })
  }

  /** The same replay once more, slowly, to say where in the code the command came from. */
  async #locate(owned: OwnedExecution, error: NondeterminismError): Promise<Error> {
    const { registry, store, clock } = this.#context
    const fn = registry.workflow(owned.record.workflowType)
    if (fn === undefined) return error
    try {
      const events = await readHistory(store, owned.runId)
      await replayReadOnly({ record: owned.record, fn, wallClock: () => clock.now(), captureLocations: true }, events)
      return error
    } catch (located) {
      return located instanceof NondeterminismError ? located : error
    }
  }
}

function heldCode(error: Error): HeldCode {
  if (error instanceof NondeterminismError) return 'nondeterminism'
  return error instanceof DeterminismViolationError ? 'determinism_violation' : 'task_failure'
}
