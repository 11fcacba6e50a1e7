/** What the parts of one incarnation share. One object for each start; a part never outlives it. */
import type { WorkflowInterceptorsFactory } from '@perdure/workflow'
import type { ValueConverter } from '../../conversion/value-converter.ts'
import type { Measurement } from '../../execution/command.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Notifier } from '../../ports/notifier.ts'
import type { ClosedExecution, Serving, Store, UpdateState } from '../../ports/store.ts'
import type { Incarnation } from '../../protocol/ids.ts'
import type { StartRecord } from '../../protocol/transition.ts'
import type { Registry } from '../../registry.ts'
import type { ActivityInterceptorsFactory } from '../attempts/activity-interceptors.ts'
import type { ExecutionTable } from '../commits/execution-table.ts'
import type { GroupCommit } from '../commits/group-commit.ts'
import type { ActivationLoop } from '../turns/activation-loop.ts'
import type { ActivityCapacity } from './activity-capacity.ts'
import type { WorkerSettings } from './worker-settings.ts'

export interface WorkerParts {
  readonly store: Store
  /** Undefined: no hints. */
  readonly notifier: Notifier | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly registry: Registry
  readonly settings: WorkerSettings
  /** For arguments, results and heartbeat details. Default: JSON. */
  readonly values?: ValueConverter
  /** Make the interceptors of each execution, when it comes into memory. The first is the outermost. */
  readonly workflowInterceptors?: readonly WorkflowInterceptorsFactory[]
  /** Make the interceptors of each attempt of an activity. The first is the outermost. */
  readonly activityInterceptors?: readonly ActivityInterceptorsFactory[]
  /** What `getClient()` of activities gives. */
  readonly client?: () => unknown
  /** Takes what workflow and activity code measures, and where; undefined: nobody looks. */
  readonly measure?: (measurement: Measurement, of: { readonly namespace: string; readonly taskQueue: string }) => void
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
  /** The lease moved so lately that what it owns is its own still. */
  readonly leaseIsFresh: () => boolean
  /** The session has ended: nothing is sent any more. */
  readonly over: () => boolean
  /** This incarnation cannot go on: the worker starts over as another. */
  readonly lose: (reason: string) => void
  /** A worker of this process may run such an execution now. */
  readonly accepts: (taskQueue: string, workflowType: string) => boolean
  /** Begins to run what a commit of this incarnation started as its own. */
  readonly adopt: (start: StartRecord) => void
  readonly emitUpdated: (state: UpdateState) => void
  /** Runs a piece of background work; what it throws is logged and the next tick tries again. */
  readonly background: (what: string, work: () => Promise<void>) => void
}
