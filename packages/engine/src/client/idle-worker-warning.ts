/** Says once that results are awaited while the worker of this process was never started: a forgotten engine.start(). */
import { idleWorkerWarnMs } from '../limits.ts'
import type { RunId } from '../protocol/ids.ts'
import type { ClientParts } from './client-parts.ts'

export class IdleWorkerWarning {
  readonly #parts: ClientParts
  #isSaid = false

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  /** @param closed the wait for the end of the run */
  watch(run: { readonly workflowId: string; readonly runId: RunId }, closed: Promise<unknown>): void {
    const { clock, workerNotStarted } = this.#parts
    if (this.#isSaid || workerNotStarted?.() !== true) return
    const stop = clock.timer(idleWorkerWarnMs, () => void this.#look(run))
    void closed.then(stop, stop)
  }

  /** Where others run the execution, this process may well wait for them. */
  async #look({ workflowId, runId }: { readonly workflowId: string; readonly runId: RunId }): Promise<void> {
    const { store, namespace, clock, logger, workerNotStarted } = this.#parts
    const found = await store.getExecution(namespace, null, runId).catch(() => undefined)
    const waits = found?.status === 'RUNNING' && found.firstTaskAt === null && found.owner === null && found.held === null
    if (!waits || (found.wakeAt ?? 0) > clock.now() || workerNotStarted?.() !== true || this.#isSaid) return
    this.#isSaid = true
    logger.warn(
      `Workflow '${workflowId}' waits for a worker, and the worker of this engine was never started: call engine.start(), or open the ` +
        'engine with worker: false where other processes run its executions',
      { workflowId, runId, taskQueue: found.taskQueue },
    )
  }
}
