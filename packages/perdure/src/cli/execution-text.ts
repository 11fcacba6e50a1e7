/** Executions as text: rows of a list, and the description of one. */
import { failureText } from './error-report.ts'
import {
  asDate, colours, facts, fitted, indented, localTime, paintedStatus, printable, printableLines, shortDuration, shown, table, type Time,
} from './text.ts'

/** What a list shows of an execution. */
export interface ListedExecution {
  readonly workflowId: string
  readonly runId: string
  readonly workflowType: string
  readonly taskQueue: string
  readonly status: string
  readonly startTime: Time
  readonly closeTime?: Time | null | undefined
  readonly held?: HeldReason | null | undefined
}

export interface HeldReason {
  readonly code: string
  readonly reason: string
  readonly count: number
}

export interface PendingActivityView {
  readonly activityId: string
  readonly activityType: string
  readonly state: string
  readonly attempt: number
  readonly maximumAttempts?: number | undefined
  readonly nextAttemptTime?: Time | null | undefined
  readonly lastStartedTime?: Time | null | undefined
  readonly lastFailure?: Error | null | undefined
}

export interface DescribedExecution extends ListedExecution {
  readonly pendingActivities: readonly PendingActivityView[]
  readonly input?: readonly unknown[] | undefined
  readonly result?: unknown
  readonly failure?: Error | null | undefined
  readonly memo?: unknown
  readonly searchAttributes?: unknown
  readonly historyLength?: number | undefined
  readonly wakeTime?: Time | null | undefined
}

/** As Temporal writes it: `timeout` is TIMED_OUT. */
export function statusName(status: string): string {
  return status === 'timeout' ? 'TIMED_OUT' : status.toUpperCase()
}

/** An execution that is held is open and makes no progress: that matters more than RUNNING. */
export function shownStatus({ status, held }: Pick<ListedExecution, 'status' | 'held'>): string {
  return held === undefined || held === null ? statusName(status) : 'HELD'
}

export function executionTable(executions: readonly ListedExecution[], now: Date): string {
  const rows = executions.map((each) => [
    paintedStatus(shownStatus(each)), printable(each.workflowId), printable(each.workflowType), printable(each.taskQueue),
    localTime(asDate(each.startTime)), age(each, now),
  ])
  return table(['STATUS', 'WORKFLOW ID', 'TYPE', 'TASK QUEUE', 'STARTED', 'TOOK'], rows)
}

export function age({ startTime, closeTime }: Pick<ListedExecution, 'startTime' | 'closeTime'>, now: Date): string {
  return shortDuration(asDate(closeTime ?? now).getTime() - asDate(startTime).getTime())
}

export function descriptionText(execution: DescribedExecution, now: Date): string {
  const sections = [mainFacts(execution, now), heldText(execution.held), pendingText(execution.pendingActivities, now)]
  return sections.filter((section) => section !== '').join('\n\n')
}

function mainFacts(execution: DescribedExecution, now: Date): string {
  const { workflowId, runId, workflowType, taskQueue, startTime, closeTime, failure, input, memo, searchAttributes } = execution
  const isOpen = closeTime === undefined || closeTime === null
  return facts([
    ['Workflow ID', printable(workflowId)],
    ['Run ID', runId],
    ['Type', printable(workflowType)],
    ['Task queue', printable(taskQueue)],
    ['Status', statusText(execution)],
    ['Started', `${localTime(asDate(startTime))} (${shortDuration(now.getTime() - asDate(startTime).getTime())} ago)`],
    ['Closed', isOpen ? undefined : `${localTime(asDate(closeTime))}, after ${age(execution, now)}`],
    ['Events', execution.historyLength === undefined ? undefined : String(execution.historyLength)],
    ['Input', input === undefined || input.length === 0 ? undefined : json(input.length === 1 ? input[0] : input)],
    ['Result', statusName(execution.status) === 'COMPLETED' ? json(execution.result ?? null) : undefined],
    ['Failure', isGiven(failure) ? failureChain(failure) : undefined],
    ['Memo', isEmpty(memo) ? undefined : json(memo)],
    ['Search attributes', isEmpty(searchAttributes) ? undefined : json(searchAttributes)],
    ['Waits for', isOpen ? waitsFor(execution, now) : undefined],
  ])
}

function statusText({ status, held }: DescribedExecution): string {
  const painted = paintedStatus(statusName(status))
  return isGiven(held) ? `${painted}, ${paintedStatus('HELD')} (${printable(held.code)})` : painted
}

function waitsFor({ held, pendingActivities, wakeTime }: DescribedExecution, now: Date): string {
  if (isGiven(held)) return 'other code, or the next try (see below)'
  const parts: string[] = []
  if (pendingActivities.length > 0) parts.push(pendingActivities.length === 1 ? 'an activity' : `${pendingActivities.length} activities`)
  if (isGiven(wakeTime)) {
    const ms = asDate(wakeTime).getTime() - now.getTime()
    parts.push(ms > 0 ? `a timer, due in ${shortDuration(ms)} (${localTime(asDate(wakeTime))})` : 'a worker that serves its task queue')
  }
  return parts.length === 0 ? 'a message (signal, cancellation), or its worker' : parts.join(' and ')
}

function heldText(held: HeldReason | null | undefined): string {
  if (!isGiven(held)) return ''
  const tries = held.count > 1 ? `, ${held.count} times in a row` : ''
  return `${colours().bold(`Held: ${printable(held.code)}${tries}`)}\n${indented(printableLines(held.reason))}`
}

function pendingText(activities: readonly PendingActivityView[], now: Date): string {
  if (activities.length === 0) return ''
  const rows = activities.map((each) => [
    printable(each.activityType), printable(each.activityId), each.state, attemptText(each), nextText(each, now),
    isGiven(each.lastFailure) ? fitted(failureText(each.lastFailure), 60) : '',
  ])
  const headings = ['TYPE', 'ID', 'STATE', 'ATTEMPT', 'NEXT', 'LAST FAILURE']
  return `${colours().bold('Pending activities')}\n${indented(table(headings, rows))}`
}

function attemptText({ attempt, maximumAttempts }: PendingActivityView): string {
  return maximumAttempts === undefined || maximumAttempts === 0 ? String(attempt) : `${attempt} of ${maximumAttempts}`
}

function nextText({ nextAttemptTime, lastStartedTime }: PendingActivityView, now: Date): string {
  if (isGiven(nextAttemptTime)) {
    const ms = asDate(nextAttemptTime).getTime() - now.getTime()
    return ms > 0 ? `in ${shortDuration(ms)}` : 'now'
  }
  return isGiven(lastStartedTime) ? `runs since ${shortDuration(now.getTime() - asDate(lastStartedTime).getTime())}` : ''
}

function failureChain(failure: Error): string {
  const lines: string[] = []
  for (let current: unknown = failure; current instanceof Error && lines.length < causesShownMax; current = current.cause) {
    lines.push(failureText(current))
  }
  return lines.join('\n')
}
const causesShownMax = 20

function json(value: unknown): string {
  return fitted(shown(value), 20)
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null
}

function isEmpty(value: unknown): boolean {
  return !isGiven(value) || (typeof value === 'object' && Object.keys(value as object).length === 0)
}
