/** Executions as text: rows of a list, and the description of one. */
import type { ExecutionDescription, ExecutionSummary, HeldDescription, PendingActivity, PendingChild, PendingTimer } from '@perdure/engine'
import { failureLines, failureLinesWithPlaces, isPlainCancellation } from './failure-text.ts'
import {
  clockTime, colours, cut, facts, fitted, indented, localDay, localTime, paintedStatus, printable, printableLines, shortDuration, shown,
  table, terminalColumns, widthOf,
} from './text.ts'

/** An execution that is held is open and makes no progress: that matters more than RUNNING. */
export function shownStatus({ status, held }: Pick<ExecutionSummary, 'status' | 'held'>): string {
  return held === undefined ? status : 'HELD'
}

export function executionTable(executions: readonly ExecutionSummary[], now: Date, columns = terminalColumns()): string {
  const all: readonly Column[] = [
    ['STATUS', (each) => paintedStatus(shownStatus(each))],
    ['WORKFLOW ID', (each) => printable(each.workflowId)],
    ['TYPE', (each) => printable(each.workflowType)],
    ['TASK QUEUE', (each) => printable(each.taskQueue)],
    ['STARTED', (each) => localTime(each.startTime)],
    ['TOOK', (each) => age(each, now)],
  ]
  const dateless = all.map((column): Column => (column[0] === 'STARTED' ? [column[0], (each) => nearTime(each.startTime, now)] : column))
  const queueless = dateless.filter(([heading]) => heading !== 'TASK QUEUE')
  const layout = [all, dateless, queueless].find((each) => columns === undefined || widthOfTable(each, executions) <= columns)
  return tableOf(layout ?? withShortTypes(queueless, executions, columns ?? 0), executions)
}

type Column = readonly [heading: string, cell: (execution: ExecutionSummary) => string]

function tableOf(columns: readonly Column[], executions: readonly ExecutionSummary[]): string {
  return table(columns.map(([heading]) => heading), executions.map((each) => columns.map(([, cell]) => cell(each))))
}

function widthOfTable(columns: readonly Column[], executions: readonly ExecutionSummary[]): number {
  const widths = columns.map(([heading, cell]) => {
    return executions.reduce((most, each) => Math.max(most, widthOf(cell(each))), heading.length)
  })
  return widths.reduce((sum, width) => sum + width, columnGap * (columns.length - 1))
}
const columnGap = 2

/** Ids stay whole: they are there to be copied. */
function withShortTypes(columns: readonly Column[], executions: readonly ExecutionSummary[], room: number): readonly Column[] {
  const over = widthOfTable(columns, executions) - room
  const widest = executions.reduce((most, each) => Math.max(most, each.workflowType.length), 0)
  const left = Math.max(typeColumnsMin, widest - over)
  return columns.map((column) => (column[0] === 'TYPE' ? [column[0], (each) => cut(printable(each.workflowType), left)] : column))
}
const typeColumnsMin = 8

/** Of today without the day, of other days without year and seconds. */
function nearTime(time: Date, now: Date): string {
  return localDay(time) === localDay(now) ? clockTime(time) : localTime(time).slice('2026-'.length, -':00'.length)
}

export function age({ startTime, closeTime }: Pick<ExecutionSummary, 'startTime' | 'closeTime'>, now: Date): string {
  return shortDuration((closeTime ?? now).getTime() - startTime.getTime())
}

/** As `workflow describe` shows an execution: with what somebody asked of it. */
export interface DescribedExecution extends ExecutionDescription {
  readonly cancelRequested?: { readonly time: Date; readonly reason: string }
}

export function descriptionText(execution: DescribedExecution, now: Date): string {
  const { held, pendingActivities, pendingTimers, pendingChildren } = execution
  const sections = [
    mainFacts(execution, now), heldText(held), pendingText(pendingActivities, now), timersText(pendingTimers, now),
    childrenText(pendingChildren, now),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function mainFacts(execution: DescribedExecution, now: Date): string {
  const { workflowId, runId, workflowType, taskQueue, startTime, closeTime, cancelRequested, failure, input } = execution
  const { memo, searchAttributes, problem } = execution
  return facts([
    ['Workflow ID', printable(workflowId)],
    ['Run ID', runId],
    ['Type', printable(workflowType)],
    ['Task queue', printable(taskQueue)],
    ['Summary', execution.staticSummary === undefined ? undefined : printable(execution.staticSummary)],
    ['Details', execution.staticDetails === undefined ? undefined : printableLines(execution.staticDetails)],
    ['Parent', parentText(execution)],
    ['Status', statusText(execution)],
    ['Attempt', attemptsText(execution)],
    ['Started', `${localTime(startTime)} (${shortDuration(now.getTime() - startTime.getTime())} ago)`],
    ['Closed', closeTime === undefined ? undefined : `${localTime(closeTime)}, after ${age(execution, now)}`],
    ['Times out', closeTime === undefined ? expiryText(execution, now) : undefined],
    ['Cancel requested', cancelRequested === undefined ? undefined : cancelText(cancelRequested)],
    ['Waits for', closeTime === undefined ? waitsFor(execution, now) : undefined],
    ['Problem', problem],
    ['No handler for', unhandledText(execution.unhandledSignals)],
    ['Input', input.length === 0 ? undefined : input.map(json).join(', ')],
    ['Result', execution.status === 'COMPLETED' ? json(execution.result ?? null) : undefined],
    ['Failure', failure === undefined || isPlainCancellation(failure) ? undefined : failureLinesWithPlaces(failure).join('\n')],
    ['Memo', memo === undefined ? undefined : json(memo)],
    ['Search attributes', searchAttributes === undefined ? undefined : json(searchAttributes)],
  ])
}

function parentText({ parentExecution }: ExecutionDescription): string | undefined {
  return parentExecution === undefined ? undefined : `${printable(parentExecution.workflowId)} (run ${parentExecution.runId})`
}

/** Of a workflow that is retried. */
function attemptsText({ attempt, retryPolicy, firstRunId }: ExecutionDescription): string | undefined {
  if (attempt === 1 && retryPolicy === undefined) return undefined
  const maximum = retryPolicy === undefined || retryPolicy.maximumAttempts === 0 ? '' : ` of ${retryPolicy.maximumAttempts}`
  return `${attempt}${maximum}${attempt === 1 ? '' : `; first run ${firstRunId}`}`
}

function expiryText({ timeouts: { expirationTime } }: ExecutionDescription, now: Date): string | undefined {
  if (expirationTime === undefined) return undefined
  const leftMs = expirationTime.getTime() - now.getTime()
  if (leftMs >= 0) return `${localTime(expirationTime)}, in ${shortDuration(leftMs)}`
  return `since ${localTime(expirationTime)}, ${shortDuration(-leftMs)} ago: a worker that serves its queue ends it`
}

function unhandledText(signals: ExecutionDescription['unhandledSignals'] = {}): string | undefined {
  const texts = Object.entries(signals).map(([name, count]) => `signal ${printable(name)}${count === 1 ? '' : ` (${count} times)`}`)
  return texts.length === 0 ? undefined : `${texts.join(', ')}: kept until its code sets one`
}

function statusText({ status, held }: ExecutionDescription): string {
  const painted = paintedStatus(status)
  return held === undefined ? painted : `${painted}, ${paintedStatus('HELD')} (${held.code})`
}

function cancelText({ time, reason }: NonNullable<DescribedExecution['cancelRequested']>): string {
  return reason === '' ? localTime(time) : `${localTime(time)}: ${printable(reason)}`
}

export function waitsFor(execution: ExecutionDescription, now: Date): string {
  const { held, pendingActivities, pendingChildren = [], pendingConditions = 0, wakeTime, owned, taskQueue } = execution
  if (held !== undefined) return 'other code, or its next try (see below)'
  const parts: string[] = []
  if (pendingActivities.length > 0) parts.push(pendingActivities.length === 1 ? 'an activity' : `${pendingActivities.length} activities`)
  if (pendingChildren.length > 0) parts.push(pendingChildren.length === 1 ? 'a child' : `${pendingChildren.length} children`)
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
  ])
  const [headings = '', ...lines] = table(['TYPE', 'ID', 'STATE', 'ATTEMPT', 'NEXT'], rows).split('\n')
  const whole = lines.flatMap((line, index) => [line, ...pendingDetails(activities[index])])
  return `${colours().bold('Pending activities')}\n${indented([headings, ...whole].join('\n'))}`
}

function pendingDetails(activity: PendingActivity | undefined): string[] {
  const paint = colours()
  const failure = failureLines(activity?.lastFailure).join(' < ')
  const heartbeat = activity?.heartbeatDetails
  return [
    ...(activity?.summary === undefined ? [] : [`  ${paint.dim('summary')}       ${fitted(printable(activity.summary), detailColumns)}`]),
    ...(failure === '' ? [] : [`  ${paint.dim('last failure')}  ${fitted(failure, detailColumns)}`]),
    ...(heartbeat === undefined ? [] : [`  ${paint.dim('heartbeat')}     ${fitted(shown(heartbeat), detailColumns)}`]),
  ]
}
const detailColumns = 18
const timerColumns = 60

function timersText(timers: readonly PendingTimer[] = [], now: Date): string {
  if (timers.length === 0) return ''
  const rows = timers.map(({ startTime, fireTime, summary = '' }) => [
    localTime(startTime), localTime(fireTime), `in ${shortDuration(Math.max(0, fireTime.getTime() - now.getTime()))}`,
    fitted(printable(summary), timerColumns),
  ])
  return `${colours().bold('Pending timers')}\n${indented(table(['STARTED', 'FIRES', '', ''], rows))}`
}

function childrenText(children: readonly PendingChild[] = [], now: Date): string {
  if (children.length === 0) return ''
  const rows = children.slice(0, childrenShownMax).map(({ workflowType, workflowId, runId, initiatedTime, cancelRequested }) => {
    const state = cancelRequested ? 'CANCEL_REQUESTED' : runId === undefined ? 'STARTS' : 'STARTED'
    return [printable(workflowType), printable(workflowId), state, `${shortDuration(now.getTime() - initiatedTime.getTime())} ago`]
  })
  const more = children.length > rows.length ? `\n... and ${children.length - rows.length} more` : ''
  return `${colours().bold('Pending children')}\n${indented(table(['TYPE', 'WORKFLOW ID', 'STATE', 'ASKED FOR'], rows) + more)}`
}
const childrenShownMax = 20

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
