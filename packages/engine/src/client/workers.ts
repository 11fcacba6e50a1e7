/** Workers, as people look at them. */
import type { Clock } from '../ports/clock.ts'
import type { Store, WorkerRecord } from '../ports/store.ts'
import type { Millis } from '../protocol/ids.ts'

export interface WorkerDescription {
  /** Its number: a worker that lost its lease goes on under the next. */
  readonly incarnation: number
  readonly identity: string
  readonly buildId: string
  readonly taskQueues: readonly string[]
  readonly workflowTypes: readonly string[]
  readonly activityTypes: readonly string[]
  readonly startTime: Date
  /** When its lease was last renewed: a worker that lives does so every second or two. */
  readonly lastSeenTime: Date
  /** Its lease holds. */
  readonly alive: boolean
  /** True behind a pooler in transaction mode: that it died is noticed when its lease has ended, not before. */
  readonly leaseOnly?: boolean
}

export interface WorkerClient {
  /** Those of the engine's namespace that live, and the dead whose work nobody has taken over yet; the oldest first. */
  list(): Promise<WorkerDescription[]>
}

export function createWorkerClient(store: Store, clock: Clock, namespace: string): WorkerClient {
  return {
    async list() {
      const workers = await store.listWorkers(namespace)
      return workers.filter(({ alive }) => alive).map((worker) => describedWorker(worker, clock.now()))
    },
  }
}

export function describedWorker(worker: WorkerRecord, now: Millis): WorkerDescription {
  const { incarnation, identity, buildId, taskQueues, workflowTypes, activityTypes } = worker
  return {
    incarnation, identity, buildId, taskQueues, workflowTypes, activityTypes,
    startTime: new Date(worker.startedAt), lastSeenTime: new Date(worker.renewedAt), alive: isLiving(worker, now),
    ...(worker.leaseOnly === true ? { leaseOnly: true } : {}),
  }
}

/** Where no other worker runs, nobody takes over from a dead one: its lease tells. */
export function isLiving({ alive, renewedAt, leaseMs }: WorkerRecord, now: Millis): boolean {
  return alive && renewedAt + leaseMs >= now
}
