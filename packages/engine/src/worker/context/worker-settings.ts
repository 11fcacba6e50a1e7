/** What a worker serves, and its limits. */
import type { WorkflowFailureErrorTypes } from '../../execution/failure-rule.ts'

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
  /** Activities a second over all workers, of some queues: set when the worker starts, and then whoever sets one wins. */
  readonly queueRates: ReadonlyMap<string, number>
  /** Executions kept in memory; 0: every event is a cold replay. */
  readonly maxCachedWorkflows: number
  /** Bytes of history behind the executions kept in memory: what they hold grows with it. */
  readonly maxCachedBytes: number
  readonly shutdownGraceMs: number
  readonly tickMs: number
  readonly leaseMs: number
  /** Which errors thrown out of workflow code fail the execution (failure-rule.ts). Undefined: all of them. */
  readonly workflowFailureErrorTypes?: WorkflowFailureErrorTypes | undefined
}

export interface QueueSettings {
  readonly maxConcurrentWorkflows: number | undefined
  readonly maxConcurrentActivities: number | undefined
}
