/** Starts executions: owned by the worker of this process when it has room, else through the store, in batches. */
import { ownedStartsMax } from '../limits.ts'
import { mayPass, StoreOutcomeUnknownError, StoreUnavailableError } from '../ports/store-error.ts'
import type { RunId } from '../protocol/ids.ts'
import { startBytes } from '../protocol/start-size.ts'
import type { StartOutcome, StartRecord } from '../protocol/transition.ts'
import { Batcher } from './batcher.ts'
import { untilNotBusy } from './busy-retry.ts'
import type { ClientParts } from './client-parts.ts'
import { WorkflowExecutionAlreadyStartedError } from './errors.ts'
import type { LocalWorker } from './local-worker.ts'

export interface Started {
  readonly runId: RunId
  /** The worker of this process runs it. */
  readonly local: boolean
  /** It was open already. */
  readonly joined: boolean
}

interface Turn {
  readonly record: StartRecord
  readonly resolve: (started: Promise<Started>) => void
}

type MadeStart = Exclude<StartOutcome, { type: 'busy' }>

export class Starter {
  readonly #parts: ClientParts
  /** Starts that the worker of this process makes, until they are durable, and those that wait for a turn: there may be thousands. */
  #owned = 0
  #turns: Turn[] = []
  readonly #batcher: Batcher<StartRecord, MadeStart | 'busy'>

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.#batcher = new Batcher({ send: (starts) => this.#commit(starts), bytesOf: startBytes })
  }

  /** @throws WorkflowExecutionAlreadyStartedError, StoreUnavailableError, StoreBusyError */
  start(record: StartRecord): Promise<Started> {
    if (record.conflictPolicy === 'TERMINATE_EXISTING') return this.#startInstead(record)
    const worker = this.#parts.localWorker
    // Whoever claims it gets its first messages with it.
    const isDelayed = record.wakeAt > record.startedAt || (record.link?.messages.length ?? 0) > 0
    if (worker === undefined || isDelayed || !worker.accepts(record.taskQueue, record.workflowType)) return this.#startUnowned(record)
    if (this.#owned >= ownedStartsMax) return new Promise((resolve) => void this.#turns.push({ record, resolve }))
    this.#owned++
    return this.#startOwned(record, worker)
  }

  /** It has its place among those under way. No function waits: there are as many as starts. */
  #startOwned(record: StartRecord, worker: LocalWorker): Promise<Started> {
    if (!worker.accepts(record.taskQueue, record.workflowType)) {
      this.#ownedEnded()
      return this.#startUnowned(record)
    }
    return worker.startExecution({ ...record, owned: true }).then((outcome) => {
      this.#ownedEnded()
      return outcome.type === 'busy' ? this.#startUnowned(record) : this.#settled(record, outcome, true)
    }, (error: unknown) => {
      this.#ownedEnded()
      // The worker could not, or does not know whether it did: the run id settles that (see StartOutcome).
      if (error instanceof StoreOutcomeUnknownError) return this.#startUnowned(record, error)
      if (mayPass(error)) return this.#startUnowned(record)
      throw error
    })
  }

  /**
   * Those that wait go on by halves: to take the first of a long list each time would move all the others. They have their place
   * from here on: those that are done tell of it in a row, before the first that goes on runs.
   */
  #ownedEnded(): void {
    this.#owned--
    if (this.#turns.length === 0 || this.#owned > ownedStartsMax / 2) return
    const going = this.#turns.splice(0, ownedStartsMax / 2)
    this.#owned += going.length
    const worker = this.#parts.localWorker
    for (const { record, resolve } of going) resolve(worker === undefined ? this.#startUnowned(record) : this.#startOwned(record, worker))
  }

  settled(): Promise<void> {
    return this.#batcher.settled()
  }

  /** @param before the worker's try, if nobody knows what came of it */
  async #startUnowned(record: StartRecord, before?: StoreOutcomeUnknownError): Promise<Started> {
    const outcome = await untilNotBusy({
      clock: this.#parts.clock,
      what: `start of workflow '${record.workflowId}' (run ${record.runId})`,
      repeatable: true, before,
      attempt: () => this.#batcher.add(record),
    })
    const started = this.#settled(record, outcome, false)
    this.#parts.notifier?.publish('queue')
    this.#parts.localWorker?.kick(record.wakeAt)
    return started
  }

  async #startInstead(record: StartRecord): Promise<Started> {
    const existing = await this.#parts.store.getExecution(record.namespace, record.workflowId, null)
    const started = await this.#startUnowned(record)
    if (existing?.status === 'RUNNING') {
      this.#parts.localWorker?.forget(existing.runId)
      this.#parts.notifier?.publish('closed')
    }
    return started
  }

  #settled(record: StartRecord, outcome: MadeStart, local: boolean): Started {
    if (outcome.type === 'started' || outcome.runId === record.runId) return { runId: record.runId, local, joined: false }
    const { runId, status } = outcome
    if (status === 'RUNNING' && record.conflictPolicy === 'USE_EXISTING') return { runId, local: false, joined: true }
    const { workflowId, workflowType } = record
    const message = status === 'RUNNING'
      ? `Workflow execution already started: '${workflowId}' is running (run ${runId}); choose another workflowId, or a ` +
        'workflowIdConflictPolicy: USE_EXISTING or TERMINATE_EXISTING'
      : `Workflow execution already started: '${workflowId}' was used by run ${runId} (${status}), and the workflowIdReusePolicy ` +
        `${record.reusePolicy} keeps its id; choose another workflowId, or ALLOW_DUPLICATE`
    throw new WorkflowExecutionAlreadyStartedError(message, workflowId, workflowType, runId)
  }

  async #commit(starts: readonly StartRecord[]): Promise<readonly (MadeStart | 'busy')[]> {
    const outcome = await this.#parts.store.commit({ incarnation: null, starts, transitions: [] })
    if (outcome.type === 'committed') return outcome.starts.map((start) => (start.type === 'busy' ? 'busy' : start))
    throw new StoreUnavailableError(`The database ${this.#parts.store.location} refused a start that no worker owns`)
  }
}
