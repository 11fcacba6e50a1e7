/** What the parts of one incarnation share. One object for each start; a part never outlives it. */
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Notifier } from '../ports/notifier.ts'
import type { ClosedExecution, Serving, Store } from '../ports/store.ts'
import type { Incarnation } from '../protocol/ids.ts'
import type { Registry } from '../registry.ts'
import type { ActivationLoop } from './activation-loop.ts'
import type { ActivityCapacity } from './activity-capacity.ts'
import type { ExecutionTable } from './execution-table.ts'
import type { GroupCommit } from './group-commit.ts'

export interface WorkerSettings {
  readonly namespace: string
  readonly identity: string
  readonly taskQueues: readonly string[]
  /** Undefined: a hash of the registered workflows' source text. */
  readonly buildId: string | undefined
  readonly maxConcurrentWorkflows: number
  readonly maxConcurrentActivities: number
  /** Activities begun a second by this worker; undefined: as many as come. */
  readonly activitiesPerSecond: number | undefined
  /** Further limits of this worker, of some of its queues. */
  readonly queues: ReadonlyMap<string, QueueSettings>
  /** Executions kept in memory; 0: every event is a cold replay. */
  readonly maxCachedWorkflows: number
  /** Bytes of history behind the executions kept in memory: what they hold grows with it. */
  readonly maxCachedBytes: number
  readonly shutdownGraceMs: number
  readonly tickMs: number
  readonly leaseMs: number
}

export interface QueueSettings {
  readonly maxConcurrentWorkflows: number | undefined
  readonly maxConcurrentActivities: number | undefined
}

export interface WorkerParts {
  readonly store: Store
  /** Undefined: no hints. */
  readonly notifier: Notifier | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly registry: Registry
  readonly settings: WorkerSettings
}

export interface WorkerContext extends WorkerParts {
  readonly incarnation: Incarnation
  readonly serving: () => Serving
  readonly executions: ExecutionTable
  readonly activityCapacity: ActivityCapacity
  readonly commits: GroupCommit
  readonly loop: ActivationLoop
  /** Another process said that it waits for results. */
  readonly closesAwaited: () => boolean
  readonly emitClosed: (closed: ClosedExecution) => void
  /** Something that this worker may claim was written: look now. */
  readonly kickClaim: () => void
  readonly kickClaimAt: (at: number) => void
  readonly kickTasks: (at: number) => void
  readonly kickDeadline: (at: number) => void
  readonly kickInbox: () => void
  /** True while the worker takes new work; false once it drains. */
  readonly accepting: () => boolean
  /** The session has ended: nothing is sent any more. */
  readonly over: () => boolean
  /** Runs a piece of background work; what it throws is logged and the next tick tries again. */
  readonly background: (what: string, work: () => Promise<void>) => void
}
