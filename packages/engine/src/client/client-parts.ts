import type { ValueConverter } from '../conversion/value-converter.ts'
import type { Clock } from '../ports/clock.ts'
import type { IdSource } from '../ports/id-source.ts'
import type { Logger } from '../ports/logger.ts'
import type { Notifier } from '../ports/notifier.ts'
import type { Store } from '../ports/store.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { ReplayOptions } from '../worker/executions/read-only-replay.ts'
import type { QueryRejectCondition, WorkflowClientInterceptor } from './client-interceptors.ts'
import type { LocalWorker } from './local-worker.ts'

/** What a client is made of. */
export interface ClientParts {
  readonly store: Store
  readonly notifier: Notifier | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly registry: RegisteredWorkflows
  /** The worker of the same process; none: a producer. */
  readonly localWorker: LocalWorker | undefined
  /** Queues that the local worker serves, or will when it has started. */
  readonly servedTaskQueues: readonly string[]
  /** True while this process has a worker that nobody has started. */
  readonly workerNotStarted?: () => boolean
  readonly namespace: string
  /** Queue of starts that name none. */
  readonly taskQueue: string
  readonly identity: string
  /** How long a query waits for its answer; queryTimeoutMs if not given. */
  readonly queryTimeoutMs?: number
  /** For arguments and results. Default: JSON. */
  readonly values?: ValueConverter
  /** Around the calls of this client; the first is the outermost. */
  readonly interceptors?: readonly WorkflowClientInterceptor[]
  /** Default NONE. */
  readonly queryRejectCondition?: QueryRejectCondition
  /** What stands around workflow code, and which errors fail it, where a history is replayed to be written. */
  readonly workflowCode?: Pick<ReplayOptions, 'interceptors' | 'failureErrorTypes'>
  /** Random ones if not given. */
  readonly ids?: IdSource
}

/** The part of the registry that a client needs. */
export interface RegisteredWorkflows {
  workflow(name: string): WorkflowFunction | undefined
  workflowTypes(): readonly string[]
}
