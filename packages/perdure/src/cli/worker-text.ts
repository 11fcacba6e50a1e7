/** Workers as a table. */
import type { WorkerDescription } from '@perdure/engine'
import { colours, counted, fittingTable, printable, shortDuration, terminalColumns } from './text.ts'

export function workerTable(workers: readonly WorkerDescription[], now: Date, columns = terminalColumns()): string {
  const rows = workers.map((each) => [
    stateText(each), printable(each.identity), printable(each.taskQueues.join(', ')), typesText(each),
    shortDuration(now.getTime() - each.startTime.getTime()), `${shortDuration(now.getTime() - each.lastSeenTime.getTime())} ago`,
  ])
  return fittingTable(['STATE', 'IDENTITY', 'TASK QUEUES', 'SERVES', 'UP', 'SEEN'], rows, columns)
}

/** Dead, and nobody has taken over its work yet. */
function stateText({ alive }: WorkerDescription): string {
  return alive ? colours().green('alive') : colours().red('dead')
}

function typesText({ workflowTypes, activityTypes }: WorkerDescription): string {
  return `${counted(workflowTypes.length, 'workflow')}, ${counted(activityTypes.length, 'activity', 'activities')}`
}
