/** From settings to the options of Engine.open: the one place where the names of the file meet those of the code. */
import type { Duration } from '@perdure/workflow'
import type { EngineOptions, QueueOptions, WorkerOptions } from '../engine-options.ts'
import type { Settings } from './settings-schema.ts'

/** Without the logger, which differs between an engine and the command line. */
export function engineOptionsOf(settings: Settings): EngineOptions {
  const { url, namespace, task_queue: taskQueue, identity } = settings
  return present({
    database: url, namespace, taskQueue, identity, worker: settings.worker?.enabled === false ? false as const : workerOptionsOf(settings),
    queues: settings.queues === undefined ? undefined : queueOptionsOf(settings),
  })
}

/** Also of a worker that is not enabled, for who starts one nevertheless. */
export function workerOptionsOf({ worker = {} }: Settings): WorkerOptions {
  return present({
    taskQueues: worker.task_queues,
    maxConcurrentWorkflows: worker.max_concurrent_workflows,
    maxConcurrentActivities: worker.max_concurrent_activities,
    activitiesPerSecond: worker.activities_per_second,
    maxCachedWorkflows: worker.max_cached_workflows,
    maxCachedMegabytes: worker.max_cached_megabytes,
    // The schema has looked at it.
    shutdownGraceTime: worker.shutdown_grace_time as Duration | undefined,
    buildId: worker.build_id,
  })
}

export function queueOptionsOf({ queues = {} }: Settings): Readonly<Record<string, QueueOptions>> {
  return Object.fromEntries(Object.entries(queues).map(([name, limits]) => [name, present({
    maxConcurrentWorkflows: limits.max_concurrent_workflows,
    maxConcurrentActivities: limits.max_concurrent_activities,
    activitiesPerSecond: limits.activities_per_second,
  })]))
}

type Present<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] }
  & { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> }

/** Without the members that are undefined. */
export function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>
}
