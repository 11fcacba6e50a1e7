/** A worker in this process, for as long as a command runs it: what it serves, and how Ctrl-C ends it. */
import type { Logger } from '@perdure/engine'
import { durationToMs } from '@perdure/workflow/host'
import { queueOptionsOf } from '../config/settings-mapping.ts'
import type { Engine } from '../engine.ts'
import { shutdownGraceTimeDefault } from '../engine-options.ts'
import { exitInterrupted } from './confirmation.ts'
import { withEngine } from './connection.ts'
import { type Loaded, registerModules } from './load-modules.ts'
import { note, writeErr } from './output.ts'
import { statusLine } from './status-line.ts'
import { counted, facts, indented, printable, shortDuration } from './text.ts'
import { queuesOf, type WorkerCommandOptions, workerOptionsOf } from './worker-options.ts'

export interface Served {
  readonly engine: Engine
  readonly value: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Opens, registers, starts; after `use` it drains. */
export async function withWorker(
  options: WorkerCommandOptions, loaded: Loaded, logger: Logger, use: (served: Served) => Promise<void>,
): Promise<void> {
  const [taskQueue] = queuesOf(options)
  const queues = queueOptionsOf(options.configuration.settings)
  await withEngine(options, { taskQueue, worker: workerOptionsOf(options), queues, logger }, async (engine) => {
    registerModules(engine, loaded)
    await engine.start()
    await use(await servedBy(engine, options, loaded))
    const stopping = engine.stop()
    // Once it stops, its health says how much is left, without the database.
    const { activities } = await engine.health()
    note(options.output, stoppingText(activities, graceMsOf(options)))
    const view = viewDraining(engine, options)
    await stopping.finally(view.stop)
  })
}

function stoppingText(activities: number, graceMs: number): string {
  const rest = 'the rest goes on with the next worker'
  if (activities === 0) return `Stopping: ${rest}`
  const running = counted(activities, 'activity that runs', 'activities that run')
  return `Stopping: waiting for ${running}, up to ${shortDuration(graceMs)}; ${rest}.\nCtrl-C stops at once.`
}

/** On a terminal: what the worker still waits for. */
function viewDraining(engine: Engine, options: WorkerCommandOptions): { stop(): void } {
  const status = statusLine(options.output)
  const end = performance.now() + graceMsOf(options)
  const show = async () => {
    const { activities } = await engine.health()
    if (activities > 0) status.show(() => `${counted(activities, 'activity', 'activities')} still running, ${remaining(end)}`)
  }
  const timer = setInterval(() => void show().catch(() => {}), drainingShownEveryMs)
  return {
    stop: () => {
      clearInterval(timer)
      status.clear()
    },
  }
}
const drainingShownEveryMs = 200

function remaining(end: number): string {
  return `${shortDuration(Math.max(0, end - performance.now()))} left`
}

function graceMsOf(options: WorkerCommandOptions): number {
  return durationToMs(workerOptionsOf(options).shutdownGraceTime ?? shutdownGraceTimeDefault, 'shutdownGraceTime')
}

async function servedBy(engine: Engine, options: WorkerCommandOptions, { workflows, activities }: Loaded): Promise<Served> {
  const { server_url: database } = await engine.health()
  const taskQueues = queuesOf(options)
  const [workflowTypes, activityTypes] = [Object.keys(workflows.functions), Object.keys(activities.functions)]
  return {
    engine,
    value: { database, namespace: options.namespace, taskQueues, workflows: workflowTypes, activities: activityTypes },
    text: indented(facts([
      ['Database', printable(database)],
      ['Namespace', printable(options.namespace)],
      [taskQueues.length === 1 ? 'Task queue' : 'Task queues', printable(taskQueues.join(', '))],
      ['Workflows', typesText(workflowTypes, workflows.files)],
      ['Activities', typesText(activityTypes, activities.files)],
    ])),
  }
}

function typesText(types: readonly string[], files: readonly string[]): string {
  return types.length === 0 ? 'none' : `${types.join(', ')}  (${files.join(', ')})`
}

/** Resolves at the first SIGINT or SIGTERM. A second one does not wait for the draining. */
export async function untilInterrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    let isStopping = false
    const interrupted = (signal: NodeJS.Signals) => {
      if (isStopping) {
        writeErr(`Stopped at once (${signal}); another worker takes over what was running\n`)
        process.exit(exitInterrupted)
      }
      isStopping = true
      resolve()
    }
    process.on('SIGINT', interrupted)
    process.on('SIGTERM', interrupted)
  })
}
