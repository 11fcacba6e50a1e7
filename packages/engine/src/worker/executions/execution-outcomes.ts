/**
 * What follows a commit: effects, leaving, closing; or what follows its refusal: rebuild, send again, give up.
 * A refused close is rebuilt with the unread message first, so a signal that was acknowledged is never lost to a close.
 */
import { causesLine } from '../../client/causes-line.ts'
import { failuresOf } from '../../conversion/value-converter.ts'
import { lockedRetryMs, lockedRetryMsMax } from '../../limits.ts'
import type { ClosedStatus } from '../../protocol/execution-record.ts'
import { shownFailure } from '../../protocol/failure-codec.ts'
import type { Payload } from '../../protocol/payload.ts'
import type { OutgoingOutcome, StartOutcome, TransitionOutcome, UpdateChange } from '../../protocol/transition.ts'
import type { ActivityDesk } from '../activities/activity-desk.ts'
import { isFact } from '../activities/task-record.ts'
import { mergeUnits, showsActivation } from '../commits/commit-unit.ts'
import { inOrder } from '../commits/input-order.ts'
import { sendUnit } from '../commits/open-unit.ts'
import { type CommitUnit, isIdle, type OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { executionFields } from '../log/log-line.ts'
import type { InboxReader } from './inbox-reader.ts'
import { asked } from './outgoing-requests.ts'

export class ExecutionOutcomes {
  readonly #context: WorkerContext
  readonly #desk: ActivityDesk
  readonly #inbox: InboxReader

  constructor(context: WorkerContext, desk: ActivityDesk, inbox: InboxReader) {
    this.#context = context
    this.#desk = desk
    this.#inbox = inbox
  }

  settle(
    unit: CommitUnit, outcome: TransitionOutcome, start: StartOutcome | undefined, outgoing?: readonly OutgoingOutcome[],
  ): void {
    if (start !== undefined && start.type !== 'started') {
      undoUnit(unit)
      this.drop(unit.owned, 'its start was refused')
      unit.start?.settle(start)
      return
    }
    switch (outcome) {
      case 'ok':
      case 'kept':
        this.#durable(unit, outcome, outgoing)
        if (start !== undefined) unit.start?.settle(start)
        return
      case 'lost':
        undoUnit(unit)
        this.drop(unit.owned, 'the execution was closed or taken over')
        if (start !== undefined) unit.start?.settle(start)
        return
      case 'unread':
        this.#context.background('reading a message before a close', () => this.rebuild(unit.owned, unit))
        return
      case 'locked':
        this.#sendAgain(unit)
        return
      default:
        outcome satisfies never
    }
  }

  /** It is no longer ours: nothing about it is written any more. */
  drop(owned: OwnedExecution, reason: string): void {
    if (owned.phase === 'gone') return
    while (takeUnit(this.#context, owned) !== undefined);
    this.#leave(owned)
    this.#desk.disown(owned, reason)
  }

  /**
   * The code is run again from the history, with what had led to the refused close and the messages that it had not read. All that
   * was taken in is kept here: where somebody ends the execution meanwhile, the store has none of it any more.
   */
  async rebuild(owned: OwnedExecution, refused: CommitUnit): Promise<void> {
    owned.refused = refused
    // First: undoing it may end an attempt, which then gets a row for the next.
    for (const task of refused.tasks) if (!isFact(task)) owned.rows.delete(task.command)
    undoUnit(refused)
    await this.#readAndRun(owned, refused)
  }

  async #readAndRun(owned: OwnedExecution, refused: CommitUnit): Promise<void> {
    try {
      await this.#inbox.read()
    } catch (error) {
      const again = (): void => this.#context.background('reading a message before a close', () => this.#readAndRun(owned, refused))
      if (owned.phase !== 'gone') this.#context.clock.timer(rebuildRetryMs, again)
      throw error
    }
    owned.refused = undefined
    if (owned.phase === 'gone') return
    const again = [...refused.causes, ...owned.inputs]
    const messages = again.filter((input) => input.inboxId !== undefined).sort((one, other) => (one.inboxId ?? 0) - (other.inboxId ?? 0))
    owned.inputs = inOrder([...messages, ...again.filter((input) => input.inboxId === undefined)])
    forgetLive(owned)
    owned.phase = 'open'
    const lasting = [...refused.tasks.filter(isFact), ...refused.retries]
    if (lasting.length > 0) {
      for (const task of lasting) this.#desk.writeRow(owned, task)
      sendUnit(this.#context, owned)
    }
    this.#context.loop.wake(owned)
  }

  #durable(unit: CommitUnit, outcome: 'ok' | 'kept', outgoing: readonly OutgoingOutcome[] | undefined): void {
    const { owned } = unit
    if (unit.outgoing.length > 0) asked(this.#context, owned, unit.outgoing, outgoing)
    for (const change of furthest(unit.updates)) this.#context.emitUpdated({ runId: owned.runId, isOpen: unit.close === null, ...change })
    owned.storedSeq = unit.events.at(-1)?.seq ?? owned.storedSeq
    if (owned.holdFailure === undefined || showsActivation(unit)) owned.fresh = false
    for (const id of unit.consumed) {
      owned.known.delete(id)
      owned.done.add(id)
    }
    for (const effect of unit.effects) effect()
    if (unit.close !== null) {
      const { status, result, failure, next, hasChildren } = unit.close
      this.#closed(owned, { status, result, failure })
      if (next?.owned === true) this.#context.adopt(next)
      else if (next !== undefined) this.#context.kickClaimAt(next.wakeAt)
      if (hasChildren === true || (owned.record.parent !== null && next === undefined)) this.#tellRelatives()
    } else if (unit.release !== null && outcome === 'ok') this.#released(owned, unit.release.wakeAt)
    else if (unit.release !== null) {
      owned.phase = 'open'
      if (owned.holdFailure !== undefined) {
        const done = { events: [], consumed: [], tasks: [], outgoing: [], updates: [], upsert: undefined, effects: [], undo: [] }
        return this.#sendAgain({ ...unit, ...done, start: undefined })
      }
      this.#context.kickInbox()
      // The message that kept it here wakes one that is not in memory.
      if (owned.live !== undefined || owned.inputs.length > 0 || this.#timerIsDue(owned)) this.#context.loop.wake(owned)
    } else if (owned.live === undefined) this.#wakeSleeper(owned)
  }

  /** Its code is not in memory: there is something for it to do, or it has come to rest, and leaves once it is back. */
  #wakeSleeper(owned: OwnedExecution): void {
    if (owned.wanted || owned.inputs.length > 0 || this.#timerIsDue(owned) || isIdle(owned)) this.#context.loop.wake(owned)
  }

  /** Its alarm may have rung while the commit was under way, when the history could not be read. */
  #timerIsDue(owned: OwnedExecution): boolean {
    return owned.timerAt !== null && owned.timerAt <= this.#context.clock.now()
  }

  /** The commit of a close has written to its parent, or to its children. */
  #tellRelatives(): void {
    const { kickInbox, kickClaim, notifier } = this.#context
    kickInbox()
    kickClaim()
    notifier?.publish('queue')
  }

  #closed(owned: OwnedExecution, end: { status: ClosedStatus; result: CommitClose; failure: CommitClose }): void {
    this.#leave(owned)
    this.#desk.dismiss(owned)
    if (end.failure !== null && end.status === 'FAILED') this.#logFailure(owned, end.failure)
    this.#context.emitClosed({ runId: owned.runId, ...end })
    if (this.#context.closesAwaited()) this.#context.notifier?.publish('closed')
  }

  #logFailure({ record }: OwnedExecution, failure: Payload): void {
    const why = causesLine(shownFailure(failuresOf(this.#context), failure))
    this.#context.logger.warn(`Workflow '${record.workflowType}' failed: ${why}`, executionFields(record))
  }

  #released(owned: OwnedExecution, wakeAt: number | null): void {
    this.#leave(owned)
    this.#desk.disown(owned, 'the execution was released')
    if (wakeAt !== null || owned.inputs.length > 0) this.#context.kickClaimAt(owned.inputs.length > 0 ? 0 : wakeAt ?? 0)
  }

  #leave(owned: OwnedExecution): void {
    owned.phase = 'gone'
    owned.stopTimer?.()
    owned.stopTimer = undefined
    for (const giveBack of owned.places.values()) giveBack()
    const wasFull = this.#isFull(owned.record.taskQueue)
    this.#context.executions.remove(owned)
    owned.live = undefined
    if (wasFull) this.#context.kickClaim()
  }

  #isFull(taskQueue: string): boolean {
    const { executions, settings } = this.#context
    const limit = settings.queues.get(taskQueue)?.maxConcurrentWorkflows ?? Number.POSITIVE_INFINITY
    return executions.taken >= settings.maxConcurrentWorkflows || executions.countOf(taskQueue) >= limit
  }

  /** A sender holds the row for a moment: the same unit once more, in front of what gathered since. */
  #sendAgain(unit: CommitUnit): void {
    const { owned } = unit
    const { clock, commits } = this.#context
    if (owned.phase === 'gone') return undoUnit(unit)
    if (owned.unit !== undefined) commits.remove(owned.unit)
    const merged = owned.unit === undefined ? unit : mergeUnits(unit, owned.unit)
    // It is held, and its release goes with no request: whoever takes it up asks again.
    if (owned.holdFailure !== undefined) merged.outgoing.length = 0
    owned.unit = merged
    if (merged.release !== null) owned.phase = 'leaving'
    const pauseMs = Math.min(lockedRetryMs * 2 ** unit.lockedTries, lockedRetryMsMax)
    merged.lockedTries = unit.lockedTries + 1
    clock.timer(pauseMs, () => {
      if (owned.unit === merged) commits.add(merged)
    })
  }
}

const rebuildRetryMs = 500

type CommitClose = NonNullable<CommitUnit['close']>['result']

/** What gathered will not be sent. Undoing it may end an attempt, which then opens a unit of its own: not the one that is gone. */
export function takeUnit({ commits }: WorkerContext, owned: OwnedExecution): CommitUnit | undefined {
  const { unit } = owned
  if (unit === undefined) return undefined
  commits.remove(unit)
  owned.unit = undefined
  undoUnit(unit)
  return unit
}

/** Attempts that end by it, and nobody waits for any more, are noted in it: they are spent all the same (I10). */
export function undoUnit(unit: CommitUnit): void {
  const { owned } = unit
  const { refused } = owned
  owned.refused = unit
  for (const undo of unit.undo.splice(0)) undo()
  owned.refused = refused
}

/** Its code leaves memory; what it owns (running activities, inputs) stays. */
export function forgetLive(owned: OwnedExecution): void {
  owned.live = undefined
  owned.begun = false
  owned.settling = false
  owned.activation = undefined
  owned.replay = undefined
}

/** How far each update came: one that completes in the unit that closes its execution was not left open by the close. */
function furthest(changes: readonly UpdateChange[]): readonly UpdateChange[] {
  return changes.length < 2 ? changes : [...new Map(changes.map((change) => [change.updateId, change])).values()]
}
