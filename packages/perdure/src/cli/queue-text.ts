/** Task queues as text: a row of a list, and the description of one. */
import type { TaskQueueDescription } from '@perdure/engine'
import { colours, counted, facts, fittingTable, indented, printable, shortDuration, terminalColumns, wrapped } from './text.ts'
import { workerTable } from './worker-text.ts'

export function queueTable(queues: readonly TaskQueueDescription[], columns = terminalColumns()): string {
  const rows = queues.map(({ taskQueue, workers, executions, activities, limits }) => [
    printable(taskQueue), String(workers.length), String(executions.waiting), String(activities.waiting + activities.delayed),
    String(activities.running), limitsText(limits) ?? '-',
  ])
  const headings = ['TASK QUEUE', 'WORKERS', 'EXECUTIONS', 'ACTIVITIES', 'RUNNING', 'LIMITS']
  const problems = queues.flatMap((queue) => queue.problems)
  return [fittingTable(headings, rows, columns), ...(problems.length === 0 ? [] : ['', problemsText(problems, columns)])].join('\n')
}

export function queueText(queue: TaskQueueDescription, now: Date, columns = terminalColumns()): string {
  const { taskQueue, namespace, limits, workers, executions, activities, problems } = queue
  const main = facts([
    ['Task queue', printable(taskQueue)],
    ['Namespace', printable(namespace)],
    ['Limits', limitsText(limits) ?? 'none over all workers'],
    ['Used', limits.activitiesPerSecond === null ? undefined : `${rateText(queue.activitiesPerSecondUsed ?? 0)} activities a second`],
    ['Executions', waitText(executions, now)],
    ['Activities', [waitText(activities, now), `${activities.running} running`, `${activities.delayed} between attempts`].join(', ')],
    ['Workers', workers.length === 0 ? 'none' : undefined],
  ], columns)
  const types = activities.types.map((each) => [
    printable(each.activityType), String(each.waiting), sinceText(each.waitingSince, now), String(each.delayed), each.served ? 'yes' : 'no',
  ])
  const typeHeadings = ['TYPE', 'WAITING', 'SINCE', 'DELAYED', 'SERVED']
  const parts = [
    main,
    problems.length === 0 ? '' : problemsText(problems, columns),
    types.length === 0 ? '' : section('Waiting activities', fittingTable(typeHeadings, types, columns)),
    workers.length === 0 ? '' : section('Workers', workerTable(workers, now, columns === undefined ? undefined : columns - 2)),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function problemsText(problems: readonly string[], columns: number | undefined): string {
  const paint = colours()
  const lines = problems.map((each) => wrapped(printable(each), columns === undefined ? undefined : columns - 2))
  return section(counted(problems.length, 'problem'), paint.yellow(lines.join('\n')))
}

function section(title: string, body: string): string {
  return `${colours().bold(title)}\n${indented(body)}`
}

function limitsText({ activitiesPerSecond, maxConcurrentActivities }: TaskQueueDescription['limits']): string | undefined {
  const parts = [
    ...(activitiesPerSecond === null ? [] : [`${activitiesPerSecond} activities/s`]),
    ...(maxConcurrentActivities === null ? [] : [`${maxConcurrentActivities} at once`]),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

function waitText({ waiting, waitingSince }: TaskQueueDescription['executions'], now: Date): string {
  return waitingSince === undefined ? `${waiting} waiting` : `${waiting} waiting, since ${sinceText(waitingSince, now)}`
}

function sinceText(time: Date | undefined, now: Date): string {
  return time === undefined ? '' : shortDuration(now.getTime() - time.getTime())
}

function rateText(rate: number): string {
  return String(Math.round(rate * 10) / 10)
}
