/** A history as a table for people. */
import type { HistoryEventView } from '@perdure/engine'
import { failureLines } from './failure-text.ts'
import { colours, fitted, preciseTime, printable, shown, table } from './text.ts'

export function historyTable(events: readonly HistoryEventView[]): string {
  const widest = Math.max(...events.map((event) => event.eventType.length), 0)
  const taken = String(events.length).length + preciseTime(new Date(0)).length + widest + 8
  const rows = events.map((event) => [
    String(event.eventId), preciseTime(event.eventTime), paintedType(event.eventType), fitted(detailsText(event.attributes), taken),
  ])
  return table(['ID', 'TIME', 'TYPE', 'DETAILS'], rows)
}

function paintedType(type: string): string {
  const paint = colours()
  if (/(Failed|TimedOut|Terminated)$/.test(type)) return paint.red(type)
  if (type.includes('Cancel')) return paint.yellow(type)
  return type.endsWith('Completed') ? paint.green(type) : printable(type)
}

/** What a reader looks for comes first; what is the same in every event of an execution is left to -o json. */
const first = ['activityType', 'signalName', 'workflowType', 'timerId', 'activityId', 'attempt', 'input', 'result', 'failure', 'reason']
const left = new Set([
  'taskQueue', 'retryPolicy', 'scheduledEventId', 'startedEventId', 'options', 'identity', 'namespace', 'workflowId', 'runId',
  'firstExecutionRunId', 'priority',
])

function detailsText(attributes: object): string {
  const given = Object.entries(attributes).filter(([name, value]) => !left.has(name) && !name.endsWith('TimeoutMs') && !isEmpty(value))
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length)
  return given.sort(([one], [other]) => rank(one) - rank(other)).map(([name, value]) => `${name}=${valueText(value)}`).join('  ')
}

function valueText(value: unknown): string {
  const failure = failureLines(value)
  if (failure.length > 0) return failure.join(' < ')
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string' && /^[\w.:@/-]+$/.test(value) ? value : shown(value)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}
