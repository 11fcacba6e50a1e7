/** Who could run an execution, for errors that tell why nothing came back. */
import type { ClientParts } from './client-parts.ts'
import type { WorkerRecord } from '../ports/store.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { isLiving } from './workers.ts'

interface Waiting {
  readonly taskQueue: string
  readonly workflowType: string
}

/** Living workers of its task queue. */
export async function servingWorkers(parts: ClientParts, { taskQueue }: Waiting): Promise<readonly WorkerRecord[]> {
  return (await livingWorkers(parts)).filter((worker) => worker.taskQueues.includes(taskQueue))
}

/** Whether its worker lives, or another that would take it over. */
export async function isServed(parts: ClientParts, { owner, taskQueue }: ExecutionRecord): Promise<boolean> {
  return (await livingWorkers(parts)).some((worker) => worker.incarnation === owner || worker.taskQueues.includes(taskQueue))
}

async function livingWorkers({ store, clock, namespace }: ClientParts): Promise<readonly WorkerRecord[]> {
  return (await store.listWorkers(namespace)).filter((worker) => isLiving(worker, clock.now()))
}

/** What an open execution waits for that will not come by itself, and the remedy. */
export async function whyNobodyRuns(
  parts: ClientParts, execution: ExecutionRecord, tasks: readonly ActivityTask[],
): Promise<string | undefined> {
  const now = parts.clock.now()
  const { owner, held, wakeAt } = execution
  const isDue = owner === null && held === null && wakeAt !== null && wakeAt <= now
  const waiting = tasks.filter((task) => task.worker === null && task.availableAt <= now)
  if (!isDue && owner === null && waiting.length === 0) return undefined
  const workers = await livingWorkers(parts)
  const isOrphaned = owner !== null && workers.every(({ incarnation }) => incarnation !== owner)
  const serving = (taskQueue: string) => workers.filter((worker) => worker.taskQueues.includes(taskQueue))
  if ((isDue || isOrphaned) && serving(execution.taskQueue).length === 0) return nobodyServes(parts, execution)
  const task = waiting.find(({ taskQueue, activityType }) =>
    !serving(taskQueue).some(({ activityTypes }) => activityTypes.includes(activityType)))
  if (task === undefined) return undefined
  const { activityType, taskQueue } = task
  return serving(taskQueue).length === 0
    ? `no worker serves task queue '${taskQueue}', where activity '${activityType}' waits: start one that has it`
    : `no worker of task queue '${taskQueue}' has activity '${activityType}', which waits there: start one that does`
}

/** Why nobody runs it, and what to do. */
export function nobodyServes({ workerNotStarted, servedTaskQueues }: ClientParts, { taskQueue, workflowType }: Waiting): string {
  const why = `no worker serves its task queue '${taskQueue}'`
  if (workerNotStarted?.() !== true || !servedTaskQueues.includes(taskQueue)) {
    return `${why}: start one that has the workflow '${workflowType}'`
  }
  return `${why}, and the worker of this engine was never started: call engine.start()`
}
