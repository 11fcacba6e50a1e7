/** Options of the commands that run workflows and activities. */
import type { Command } from 'commander'
import { workerOptionsOf as configuredWorkerOptions } from '../config/settings-mapping.ts'
import type { WorkerOptions } from '../engine.ts'
import { type LogLevel, logLevels } from '../logging/log-settings.ts'
import {
  addModuleOptions, choiceOption, collect, duration, type GlobalOptions, type ModuleOptions, taskQueueOf, wholeNumber,
} from './options.ts'

export interface WorkerCommandOptions extends GlobalOptions, ModuleOptions {
  readonly taskQueue: readonly string[]
  readonly maxConcurrentWorkflows?: number
  readonly maxConcurrentActivities?: number
  readonly shutdownGraceTime?: number
  readonly buildId?: string
  readonly logLevel?: LogLevel
}

export function addWorkerOptions(command: Command, logLevel: LogLevel): Command {
  return addModuleOptions(command, ' (default: those of this folder or of src)')
    .option('-t, --task-queue <name>', 'task queue to serve; repeat it for more (default: default)', collect, [])
    .option('--max-concurrent-workflows <count>', 'executions owned at once', wholeNumber(1, 1_000_000))
    .option('--max-concurrent-activities <count>', 'activities run at once', wholeNumber(1, 1_000_000))
    .option('--shutdown-grace-time <duration>', 'how long running activities may go on when stopped', duration('--shutdown-grace-time'))
    .option('--build-id <id>', 'version of the code (default: a hash of the workflows)')
    .addOption(choiceOption('--log-level <level>', `what to log: ${logLevels.join(', ')} (default: ${logLevel})`, logLevels))
}

/** Of the flags, else of the configuration's worker, else the queue of its starts. */
export function queuesOf({ taskQueue, ...options }: WorkerCommandOptions): readonly [string, ...string[]] {
  const chosen = taskQueue.length > 0 ? taskQueue : options.configuration.settings.worker?.task_queues ?? []
  const [first = taskQueueOf(options), ...others] = new Set(chosen)
  return [first, ...others]
}

export function workerOptionsOf(options: WorkerCommandOptions): WorkerOptions {
  const { maxConcurrentWorkflows, maxConcurrentActivities, shutdownGraceTime, buildId } = options
  return {
    ...configuredWorkerOptions(options.configuration.settings),
    taskQueues: queuesOf(options),
    ...(maxConcurrentWorkflows === undefined ? {} : { maxConcurrentWorkflows }),
    ...(maxConcurrentActivities === undefined ? {} : { maxConcurrentActivities }),
    ...(shutdownGraceTime === undefined ? {} : { shutdownGraceTime }),
    ...(buildId === undefined ? {} : { buildId }),
  }
}
