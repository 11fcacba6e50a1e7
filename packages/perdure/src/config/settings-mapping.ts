/** From settings to the options of Engine.open: the one place where the names of the file meet those of the code. */
import type { Logger } from '@perdure/engine'
import type { Duration } from '@perdure/workflow'
import type { EngineOptions, WorkerOptions } from '../engine-options.ts'
import type { Settings } from './settings-schema.ts'

/** Without the logger, which differs between an engine and the command line. */
export function engineOptionsOf(settings: Settings): EngineOptions {
  const { url, namespace, task_queue: taskQueue, identity } = settings
  return present({
    database: url, namespace, taskQueue, identity, worker: settings.worker?.enabled === false ? false as const : workerOptionsOf(settings),
  })
}

/** Also of a worker that is not enabled, for who starts one nevertheless. */
export function workerOptionsOf({ worker = {} }: Settings): WorkerOptions {
  return present({
    taskQueues: worker.task_queues,
    maxConcurrentWorkflows: worker.max_concurrent_workflows,
    maxConcurrentActivities: worker.max_concurrent_activities,
    maxCachedWorkflows: worker.max_cached_workflows,
    // The schema has looked at it.
    shutdownGraceTime: worker.shutdown_grace_time as Duration | undefined,
    buildId: worker.build_id,
  })
}

/**
 * Tells of limits that are set and that the engine does not know yet: rates, and limits of queues. Whoever gives EngineOptions
 * `worker.activitiesPerSecond` and `queues` maps them above and takes this away.
 */
export function warnOfLimitsWithoutEffect({ worker, queues = {} }: Settings, logger: Logger): void {
  const limits = [
    ...(worker?.activities_per_second === undefined ? [] : ['worker.activities_per_second']),
    ...Object.entries(queues).filter(([, limit]) => Object.keys(limit).length > 0).map(([name]) => `queues.${name}`),
  ]
  if (limits.length > 0) logger.warn(`The configuration sets limits that this version does not enforce yet: ${limits.join(', ')}`)
}

type Present<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] }
  & { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> }

/** Without the members that are undefined. */
function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>
}
