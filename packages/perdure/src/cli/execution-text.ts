/** Executions as text: rows of a list, and the description of one. */
import type { ExecutionDescription, ExecutionSummary, HeldDescription, PendingActivity, PendingTimer } from '@perdure/engine'
import { failureLines } from './failure-text.ts'
import {
  colours, facts, fitted, indented, localTime, paintedStatus, printable, printableLines, shortDuration, shown, table,
} from './text.ts'

/** An execution that is held is open and makes no progress: that matters more than RUNNING. */
export function shownStatus({ status, held }: Pick<ExecutionSummary, 'status' | 'held'>): string {
  return held === undefined ? status : 'HELD'
}

export function executionTable(executions: readonly ExecutionSummary[], now: Date): string {
  const rows = executions.map((each) => [
    paintedStatus(shownStatus(each)), printable(each.workflowId), printable(each.workflowType), printable(each.taskQueue),
    localTime(each.startTime), age(each, now),
  ])
  return table(['STATUS', 'WORKFLOW ID', 'TYPE', 'TASK QUEUE', 'STARTED', 'TOOK'], rows)
}

export function age({ startTime, closeTime }: Pick<ExecutionSummary, 'startTime' | 'closeTime'>, now: Date): string {
  return shortDuration((closeTime ?? now).getTime() - startTime.getTime())
}

export function descriptionText(execution: ExecutionDescription, now: Date): string {
  const sections = [
    mainFacts(execution, now), heldText(execution.held), pendingText(execution.pendingActivities, now),
    timersText(execution.pendingTimers, now),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function mainFacts(execution: ExecutionDescription, now: Date): string {
  const { workflowId, runId, workflowType, taskQueue, startTime, closeTime, failure, input, memo, searchAttributes } = execution
  return facts([
    ['Workflow ID', printable(workflowId)],
    ['Run ID', runId],
    ['Type', printable(workflowType)],
    ['Task queue', printable(taskQueue)],
    ['Status', statusText(execution)],
    ['Started', `${localTime(startTime)} (${shortDuration(now.getTime() - startTime.getTime())} ago)`],
    ['Closed', closeTime === undefined ? undefined : `${localTime(closeTime)}, after ${age(execution, now)}`],
    ['Waits for', closeTime === undefined ? waitsFor(execution, now) : undefined],
    ['Input', input.length === 0 ? undefined : input.map(json).join(', ')],
    ['Result', execution.status === 'COMPLETED' ? json(execution.result ?? null) : undefined],
    ['Failure', failure === undefined ? undefined : failureLines(failure).join('\n')],
    ['Memo', memo === undefined ? undefined : json(memo)],
    ['Search attributes', searchAttributes === undefined ? undefined : json(searchAttributes)],
  ])
}

function statusText({ status, held }: ExecutionDescription): string {
  const painted = paintedStatus(status)
  return held === undefined ? painted : `${painted}, ${paintedStatus('HELD')} (${held.code})`
}

function waitsFor(execution: ExecutionDescription, now: Date): string {
  const { held, pendingActivities, pendingConditions = 0, wakeTime, owned, taskQueue } = execution
  if (held !== undefined) return 'other code, or its next try (see below)'
  const parts: string[] = []
  if (pendingActivities.length > 0) parts.push(pendingActivities.length === 1 ? 'an activity' : `${pendingActivities.length} activities`)
  if (pendingConditions > 0) parts.push(pendingConditions === 1 ? 'a condition' : `${pendingConditions} conditions`)
  const dueMs = wakeTime === undefined ? undefined : wakeTime.getTime() - now.getTime()
  if (wakeTime !== undefined && dueMs !== undefined && dueMs > 0) parts.push(`the time: ${localTime(wakeTime)}, in ${shortDuration(dueMs)}`)
  else if (owned && parts.length === 0) parts.push('its worker, which keeps it in memory until something comes')
  else if (wakeTime !== undefined && !owned) parts.push(`a worker that serves the task queue ${printable(taskQueue)}`)
  return parts.length === 0 ? 'a message: a signal, or a cancellation' : parts.join(' and ')
}

function heldText(held: HeldDescription | undefined): string {
  if (held === undefined) return ''
  const tries = held.count > 1 ? `, ${held.count} times in a row` : ''
  return `${colours().bold(`Held: ${held.code}${tries}`)}\n${indented(printableLines(held.reason))}`
}

function pendingText(activities: readonly PendingActivity[], now: Date): string {
  if (activities.length === 0) return ''
  const rows = activities.map((each) => [
    printable(each.activityType), printable(each.activityId), each.state, attemptText(each), nextText(each, now),
    fitted(failureLines(each.lastFailure).join(' < '), pendingColumns),
  ])
  const headings = ['TYPE', 'ID', 'STATE', 'ATTEMPT', 'NEXT', 'LAST FAILURE']
  return `${colours().bold('Pending activities')}\n${indented(table(headings, rows))}`
}

function timersText(timers: readonly PendingTimer[] = [], now: Date): string {
  if (timers.length === 0) return ''
  const rows = timers.map(({ startTime, fireTime }) => [
    localTime(startTime), localTime(fireTime), `in ${shortDuration(Math.max(0, fireTime.getTime() - now.getTime()))}`,
  ])
  return `${colours().bold('Pending timers')}\n${indented(table(['STARTED', 'FIRES', ''], rows))}`
}

/** What the columns before the last failure take, about. */
const pendingColumns = 64

function attemptText({ attempt, maximumAttempts }: PendingActivity): string {
  return maximumAttempts === 0 ? String(attempt) : `${attempt} of ${maximumAttempts}`
}

function nextText({ nextAttemptTime, lastStartedTime }: PendingActivity, now: Date): string {
  if (nextAttemptTime !== undefined) {
    const ms = nextAttemptTime.getTime() - now.getTime()
    return ms > 0 ? `in ${shortDuration(ms)}` : 'now'
  }
  return lastStartedTime === undefined ? '' : `runs since ${shortDuration(now.getTime() - lastStartedTime.getTime())}`
}

function json(value: unknown): string {
  return fitted(shown(value), labelColumns)
}
const labelColumns = 20
