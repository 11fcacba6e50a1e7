/** Who could run an execution, for errors that tell why nothing came back. */
import type { ClientParts } from './client-parts.ts'
import type { WorkerRecord } from '../ports/store.ts'

interface Waiting {
  readonly taskQueue: string
  readonly workflowType: string
}

/** Live workers of its task queue. */
export async function servingWorkers({ store, namespace }: ClientParts, { taskQueue }: Waiting): Promise<readonly WorkerRecord[]> {
  const workers = await store.listWorkers(namespace)
  return workers.filter((worker) => worker.alive && worker.taskQueues.includes(taskQueue))
}

/** Why nobody runs it, and what to do. */
export function nobodyServes({ workerNotStarted, servedTaskQueues }: ClientParts, { taskQueue, workflowType }: Waiting): string {
  const why = `no worker serves its task queue '${taskQueue}'`
  if (workerNotStarted?.() !== true || !servedTaskQueues.includes(taskQueue)) {
    return `${why}: start one that has the workflow '${workflowType}'`
  }
  return `${why}, and the worker of this engine was never started: call engine.start()`
}
