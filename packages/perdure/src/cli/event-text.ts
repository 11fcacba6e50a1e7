/** A history as a table for people. */
import type { HistoryEventView } from '@perdure/engine'
import { failureLines } from './failure-text.ts'
import {
  colours, fitted, localDay, localTime, preciseClock, preciseTime, printable, shown, table, terminalColumns,
} from './text.ts'

export function historyTable(events: readonly HistoryEventView[], columns = terminalColumns()): string {
  const widest = events.reduce((most, event) => Math.max(most, event.eventType.length), 'TYPE'.length)
  const [heading, timeOf] = times(events, columns)
  const width = Math.max(heading.length, ...events.slice(0, 1).map((event) => timeOf(event.eventTime).length))
  const taken = Math.max('ID'.length, String(events.at(-1)?.eventId ?? 0).length) + width + widest + 3 * columnGap
  const rows = events.map((event) => [
    String(event.eventId), timeOf(event.eventTime), paintedType(event.eventType), fitted(detailsText(event.attributes), taken, columns),
  ])
  return table(['ID', heading, 'TYPE', 'DETAILS'], rows)
}
const columnGap = 2

/** Where there is little room, the heading has the day; of a history of several days each event has it, without the year. */
function times(events: readonly HistoryEventView[], columns: number | undefined): readonly [string, (time: Date) => string] {
  const [first, last] = [events.at(0)?.eventTime, events.at(-1)?.eventTime]
  if (columns === undefined || columns >= columnsForDates || first === undefined || last === undefined) return ['TIME', preciseTime]
  if (localDay(first) === localDay(last)) return [localDay(first), preciseClock]
  return [String(first.getFullYear()), (time) => localTime(time).slice('2026-'.length)]
}
const columnsForDates = 100

/** One event for who follows a history. */
export function eventLine({ eventTime, eventType, attributes }: HistoryEventView, columns = terminalColumns()): string {
  const begin = `${preciseClock(eventTime)}  ${paintedType(eventType)}${' '.repeat(Math.max(0, typeColumns - eventType.length))}`
  const details = fitted(detailsText(attributes), '10:21:04.250'.length + typeColumns + 2 * columnGap, columns)
  return `${begin}  ${details}`.trimEnd() + '\n'
}
const typeColumns = 'WorkflowExecutionCancelRequested'.length

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
