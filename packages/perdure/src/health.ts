/** How an engine is, for health checks. The keys are those of the health endpoints that this one replaces. */
import type { Clock, Registry, Store, Worker } from '@perdure/engine'
import type { ResolvedOptions } from './engine-options.ts'

export interface EngineHealth {
  readonly status: 'healthy' | 'degraded'
  /** The configuration does not say `enabled: false`. */
  readonly enabled: boolean
  /** The database answers. */
  readonly connected: boolean
  /** Where the database lies; never a password. */
  readonly server_url: string
  readonly store: Store['kind']
  /** A pooler in transaction mode lies between: without a direct connection no hints from others, and leases alone tell who lives. */
  readonly pooler: 'transaction' | null
  /** The connection string names a way past the pooler. */
  readonly direct_connection: boolean
  /** Round trip to the database, in milliseconds. */
  readonly latency_ms: number | null
  readonly namespace: string
  readonly task_queue: string
  readonly identity: string
  readonly worker_enabled: boolean
  readonly worker_running: boolean
  readonly task_queues: readonly string[]
  /** Executions in this worker's hands, and activities that run here. */
  readonly executions: number
  readonly activities: number
  readonly activities_registered: readonly string[]
  readonly workflows_registered: readonly string[]
  /** Why it is not connected. */
  readonly error: string | null
}

export interface HealthParts {
  readonly options: ResolvedOptions
  readonly store: Store
  readonly clock: Clock
  readonly registry: Registry
  readonly worker: Worker | undefined
  readonly isEnabled: boolean
  /** Stopped, or disabled; undefined: the database is asked. */
  readonly whyOff: string | undefined
}

export async function healthOf({ options, store, clock, registry, worker, whyOff, isEnabled }: HealthParts): Promise<EngineHealth> {
  const { latencyMs, error } = whyOff === undefined ? await reached(store, clock) : { latencyMs: null, error: whyOff }
  const status = worker?.status()
  const isRunning = status?.running === true
  return {
    status: error === null && (worker === undefined || isRunning) ? 'healthy' : 'degraded',
    enabled: isEnabled,
    connected: error === null,
    server_url: store.location,
    store: store.kind,
    pooler: store.pooler ?? null,
    direct_connection: store.direct ?? false,
    latency_ms: latencyMs,
    namespace: options.namespace,
    task_queue: options.taskQueue,
    identity: options.identity,
    worker_enabled: worker !== undefined,
    worker_running: isRunning,
    task_queues: options.worker?.taskQueues ?? [],
    executions: status?.executions ?? 0,
    activities: status?.activities ?? 0,
    activities_registered: registry.activityTypes(),
    workflows_registered: registry.workflowTypes(),
    error,
  }
}

async function reached(store: Store, clock: Clock): Promise<{ latencyMs: number | null; error: string | null }> {
  const startedAt = performance.now()
  try {
    clock.correct(await store.ping())
    return { latencyMs: Math.round((performance.now() - startedAt) * 100) / 100, error: null }
  } catch (error) {
    return { latencyMs: null, error: error instanceof Error ? error.message : String(error) }
  }
}
