/**
 * After an activation has come to rest: turns what workflow code asked for into a unit and its effects.
 * Effects wait for the commit (I3); when there is nothing to write and nothing under way, they run at once, because
 * their cause is durable already.
 */
import { ApplicationFailure } from '@perdure/workflow'
import { failuresOf } from '../../conversion/value-converter.ts'
import type { Command, ScheduleActivity } from '../../execution/command.ts'
import type { LiveExecution } from '../../execution/live-execution.ts'
import { SeldomSet } from '../../execution/seldom.ts'
import { attemptEnd } from '../../protocol/attempt-end.ts'
import { isActivityEnd } from '../../protocol/event.ts'
import type { ActivityDesk } from '../activities/activity-desk.ts'
import { retriedTask, scheduledTask } from '../activities/task-record.ts'
import { nextMessage } from '../commits/input-order.ts'
import { afterCommit, asInput, openUnit } from '../commits/open-unit.ts'
import type { OwnedExecution, Replay } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { executionFields, writeLine } from '../log/log-line.ts'
import { closeOf } from './close-of-execution.ts'
import { closeWaits, historyIsFull } from './execution-steps.ts'
import { askForChild, askOther } from './outgoing-requests.ts'
import { completeUpdate, markPatches, repeatRequests, settleEarlyUpdates, upsert } from './replayed-commands.ts'
import { noteActivation } from './takeover-count.ts'

/** True: there is more to step. A task failure is the caller's to handle. What cannot be carried out is one: it stops nobody else. */
export function collectExecution(context: WorkerContext, desk: ActivityDesk, owned: OwnedExecution): boolean {
  const { live } = owned
  if (live === undefined) return false
  try {
    return collect(context, desk, owned, live)
  } catch (error) {
    live.fail(error)
    return false
  }
}

function collect(context: WorkerContext, desk: ActivityDesk, owned: OwnedExecution, live: LiveExecution): boolean {
  if (live.taskFailure === undefined) markPatches(owned, live)
  if (live.hasMore()) {
    owned.settling = true
    return true
  }
  if (live.taskFailure !== undefined) return false
  settleEarlyUpdates(owned, live)
  if (owned.replay !== undefined) {
    if (owned.replay.next < owned.replay.events.length) {
      noteReplayed(owned.replay, live.takeCommands())
      return true
    }
    if (!endsReplay(owned, live)) return false
    finishReplay(context, desk, owned)
  } else {
    // Messages that are here already belong to this activation: what they cancel is never begun.
    if (!closeWaits(owned) && nextMessage(owned.inputs) !== undefined) return true
    for (const line of live.takeLogs()) afterCommit(owned, () => writeLine(context.logger, line, executionFields(owned.record)))
    for (const measurement of live.takeMeasurements()) afterCommit(owned, () => context.measure?.(measurement, owned.record))
    carryOutAll(context, desk, owned, live.takeCommands())
  }
  armTimer(context, owned)
  if (live.outcome === undefined && historyIsFull(owned)) {
    const message = `The history has ${owned.seq} events and ${owned.bytes} bytes: its limit is reached. Continue as new earlier.`
    live.outcome = { type: 'failed', error: ApplicationFailure.nonRetryable(message, 'HistoryLimitExceeded') }
  }
  if (live.outcome !== undefined) {
    // What it asks of others is carried out first: the close follows when it is (docs/decisions/0005-between-executions.md).
    if (closeWaits(owned)) return false
    // Messages that are here already are part of what the execution has seen; the close would be refused without them.
    if (owned.inputs.some((input) => input.inboxId !== undefined)) return true
    closeExecution(context, owned, live)
    return false
  }
  noteActivation(context, owned)
  return owned.inputs.length > 0 || (owned.timerAt !== null && owned.timerAt <= context.clock.now())
}

function endsReplay(owned: OwnedExecution, live: LiveExecution): boolean {
  try {
    live.calls.endPatches(owned.seq)
    return true
  } catch (error) {
    live.fail(error)
    return false
  }
}

/** The earliest timer decides when this execution is woken by itself. */
export function armTimer(context: WorkerContext, owned: OwnedExecution): void {
  const earliest = owned.live?.pending.earliestTimer() ?? null
  // One that has rung and is due is in hand; it may not be due any more, where the clock was set back before the code went on.
  if (earliest === owned.timerAt && (owned.stopTimer !== undefined || earliest === null || earliest <= context.clock.now())) return
  owned.stopTimer?.()
  owned.stopTimer = undefined
  owned.timerAt = earliest
  if (earliest === null) return
  const arm = (waitMsMax: number): void => {
    owned.stopTimer = context.clock.timer(Math.max(0, Math.min(waitMsMax, earliest - context.clock.now())), () => {
      // Too early: the clock was set back, and the next tick may correct it.
      if (context.clock.now() < earliest) return arm(context.settings.tickMs)
      owned.stopTimer = undefined
      context.loop.wake(owned)
    })
  }
  arm(Number.POSITIVE_INFINITY)
}

function closeExecution(context: WorkerContext, owned: OwnedExecution, live: LiveExecution): void {
  const { outcome } = live
  if (outcome === undefined) return
  // As on Temporal, nobody is told so of one that failed: nobody could have waited for them.
  for (const line of outcome.type === 'failed' ? [] : live.handlerRuns.unfinished()) {
    afterCommit(owned, () => context.logger.warn(line, executionFields(owned.record)))
  }
  const unit = openUnit(owned)
  unit.close = closeOf(context, owned, live, outcome)
  if (outcome.type === 'terminated' && outcome.inboxId !== undefined) unit.consumed.push(outcome.inboxId)
  owned.phase = 'closing'
}

function carryOutAll(context: WorkerContext, desk: ActivityDesk, owned: OwnedExecution, commands: readonly Command[]): void {
  if (commands.length === 0) return
  const cancelled = new SeldomSet<number>()
  for (const command of commands) if (command.type === 'CancelActivity' && !command.abandon) cancelled.add(command.command)
  for (const command of commands) {
    if (command.type !== 'ScheduleActivity' || !cancelled.has(command.command)) carryOut(context, desk, owned, command)
  }
}

function carryOut(context: WorkerContext, desk: ActivityDesk, owned: OwnedExecution, command: Command): void {
  switch (command.type) {
    case 'ScheduleActivity':
      scheduleActivity(context, desk, owned, command)
      return
    case 'CancelActivity':
      if (!command.abandon) cancelActivity(desk, owned, command.command)
      return
    case 'StartTimer':
    case 'CancelTimer':
      return
    case 'StartChildWorkflow':
      return askForChild(context, owned, command.child)
    case 'AskExternalWorkflow':
      return askOther(owned, command.request)
    case 'UpsertMemo':
      return upsert(owned, { memo: command.memo })
    case 'UpsertSearchAttributes':
      return upsert(owned, { searchAttributes: command.searchAttributes })
    case 'CompleteUpdate':
      return completeUpdate(owned, command)
    default:
      command satisfies never
  }
}

/** Here, without a row, if this worker serves the queue, knows the activity and has a free slot; otherwise as a row. */
function scheduleActivity(context: WorkerContext, desk: ActivityDesk, owned: OwnedExecution, schedule: ScheduleActivity): void {
  const task = scheduledTask(owned.record, schedule)
  if (owned.live?.outcome !== undefined) return
  if (desk.canRunLocally(task)) {
    const capacity = context.activityCapacity
    // An attempt without a row counts as spent when its worker dies (I10): the only one there is does not wait for a slot.
    const isOnlyAttempt = schedule.options.retry.maximumAttempts === 1
    if (isOnlyAttempt ? capacity.tryTake(task.taskQueue) : capacity.isFreeSoon(task.taskQueue)) {
      owned.starting++
      const begin = (): void => {
        owned.starting--
        if (isOnlyAttempt) desk.runLocal(owned, task)
        else desk.awaitSlot(owned, task)
      }
      afterCommit(owned, begin, () => { owned.starting--; if (isOnlyAttempt) capacity.giveBackUnused(task.taskQueue) })
      return
    }
  }
  desk.writeRow(owned, desk.withReason(task))
}

function cancelActivity(desk: ActivityDesk, owned: OwnedExecution, command: number): void {
  const waits = owned.live?.pending.activities.has(command) === true &&
    owned.live.pending.activities.get(command)?.options.cancellationType === 'WAIT_CANCELLATION_COMPLETED'
  if (owned.rows.has(command)) openUnit(owned).cancelTasks.push(command)
  // The cancellation counts once it is durable (I3): a commit that is refused cancels nothing.
  const settle = (): void => void owned.cancelling.delete(command)
  owned.cancelling.add(command)
  afterCommit(owned, () => {
    settle()
    owned.cancelled.add(command)
    if (!desk.cancel(owned, command, waits)) owned.cancelled.delete(command) // its code left memory: the replay repeats it
  }, settle)
}

/** Commands of the replayed part are done already; what still waits must be running, have a row, or be taken up again. */
function finishReplay(context: WorkerContext, desk: ActivityDesk, owned: OwnedExecution): void {
  const { live, replay } = owned
  if (live === undefined || replay === undefined) return
  owned.replay = undefined
  live.replaying = false
  noteReplayed(replay, live.takeCommands())
  const { spent } = owned
  owned.spent = false
  const ended = new SeldomSet<number>()
  for (const { event } of owned.inputs) if (isActivityEnd(event)) ended.add(event.command)
  for (const activity of live.pending.activities.values()) {
    if (owned.running.has(activity.command) || owned.waiting.has(activity.command) || ended.has(activity.command)) continue
    const row = owned.rows.get(activity.command)
    if (row !== undefined) {
      if (row === activity.activityType) continue
      live.fail(live.mismatch(`a scheduled activity '${row}' for command ${activity.command}`, activity.command))
      return
    }
    // Code that has ended by what is durable waits for nothing more; what it did wait for may have been read and dropped.
    if (activity.cancelRequested || live.outcome !== undefined) continue
    if (!spent) {
      scheduleActivity(context, desk, owned, { ...activity, type: 'ScheduleActivity' })
      continue
    }
    // I10: attempt 1 was spent by the worker that died.
    owned.doubtful.add(activity.command)
    const task = scheduledTask(owned.record, activity)
    const attempt = attemptEnd({ type: 'lost' }, {
      task, startedAt: task.scheduledAt, cancelRequested: false, details: null, now: context.clock.now(),
      failures: failuresOf(context),
    })
    if (attempt.type === 'event') owned.inputs.push(asInput(attempt.event))
    else desk.writeRow(owned, retriedTask(task, attempt.availableAt, attempt.lastFailure, null))
  }
  repeatCancellations(desk, owned, replay.cancelled, ended)
  repeatRequests(context, owned, replay)
}

/** What was scheduled in an earlier activation is not cancelled in its turn: each has its own commands. */
function noteReplayed(replay: Replay, commands: readonly Command[]): void {
  for (const command of commands) {
    if (command.type === 'CancelActivity' && !command.abandon) replay.cancelled.add(command.command)
    else if (command.type === 'CompleteUpdate') replay.completed.set(command.updateId, command)
    else if (command.type === 'UpsertMemo' || command.type === 'UpsertSearchAttributes') replay.upserted = true
  }
}

/** The event that led to a cancellation may be durable without it: repeating it is harmless. */
function repeatCancellations(
  desk: ActivityDesk, owned: OwnedExecution, cancelled: Iterable<number>, ended: Pick<Set<number>, 'has'>,
): void {
  const pending = owned.live?.pending.activities
  for (const command of cancelled) {
    const isOpen = owned.rows.has(command) || owned.running.has(command) || owned.waiting.has(command) || pending?.has(command) === true
    if (isOpen && !ended.has(command) && !owned.cancelled.has(command)) cancelActivity(desk, owned, command)
  }
}
