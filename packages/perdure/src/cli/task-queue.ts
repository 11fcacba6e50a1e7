/** `perdure task-queue ...`: what waits where, who serves it, and how much of it may run. */
import type { TaskQueueDescription, TaskQueueLimits } from '@perdure/engine'
import type { Command } from 'commander'
import type { Engine } from '../engine.ts'
import { CliError } from './cli-error.ts'
import { withClient } from './connection.ts'
import { withExamples } from './examples.ts'
import { type GlobalOptions, limit, numberAbove, runs, taskQueueOf, wholeNumber } from './options.ts'
import { print } from './output.ts'
import { queueTable, queueText } from './queue-text.ts'

interface QueueOptions extends GlobalOptions {
  readonly taskQueue?: string
}

interface LimitOptions extends QueueOptions {
  readonly activitiesPerSecond?: number | 'none'
  readonly maxConcurrentActivities?: number | 'none'
}

export function addTaskQueueCommands(program: Command): void {
  const queue = program.command('task-queue').description('see what waits in task queues and who serves them, and limit them')

  const list = queue.command('list').description('list the task queues of a namespace that are served, limited or waited in')
  withExamples(list, 'task-queue list')
  runs<GlobalOptions>(list, listQueues)

  const describe = addNameOption(queue.command('describe').description('what waits in a task queue, its workers and limits'))
  withExamples(describe, 'task-queue describe -t payments')
  runs<QueueOptions>(describe, async (options) => {
    show(options, await withClient(options, (engine) => engine.taskQueues.describe(taskQueueOf(options))))
  })

  const limits = addNameOption(queue.command('limit').description('limit a task queue over all its workers'))
    .option('--activities-per-second <rate>', 'activities that begin in a second; none takes the limit away', limit(numberAbove(0)))
    .option('--max-concurrent-activities <count>', 'activities run at once; none takes the limit away', limit(wholeNumber(1, 1_000_000)))
  withExamples(limits, 'task-queue limit -t mail --activities-per-second 50', 'task-queue limit -t mail --activities-per-second none')
  runs<LimitOptions>(limits, limitQueue)
}

function addNameOption(command: Command): Command {
  return command.option('-t, --task-queue <name>', 'task queue (default: default)')
}

async function listQueues(options: GlobalOptions): Promise<void> {
  const queues = await withClient(options, describeAll)
  print(options.output, {
    value: { taskQueues: queues },
    rows: queues,
    text: () => (queues.length === 0 ? 'No task queues' : queueTable(queues)),
  })
}

const describedAtOnce = 10

async function describeAll(engine: Engine): Promise<TaskQueueDescription[]> {
  const names = await engine.taskQueues.list()
  const queues: TaskQueueDescription[] = []
  for (let first = 0; first < names.length; first += describedAtOnce) {
    queues.push(...await Promise.all(names.slice(first, first + describedAtOnce).map((name) => engine.taskQueues.describe(name))))
  }
  return queues
}

async function limitQueue(options: LimitOptions): Promise<void> {
  const { activitiesPerSecond, maxConcurrentActivities } = options
  if (activitiesPerSecond === undefined && maxConcurrentActivities === undefined) {
    throw new CliError('USAGE_INVALID', 'Give a limit: --activities-per-second or --max-concurrent-activities; none takes one away')
  }
  const limits: TaskQueueLimits = {
    ...(activitiesPerSecond === undefined ? {} : { activitiesPerSecond: limitOf(activitiesPerSecond) }),
    ...(maxConcurrentActivities === undefined ? {} : { maxConcurrentActivities: limitOf(maxConcurrentActivities) }),
  }
  show(options, await withClient(options, (engine) => engine.taskQueues.setLimits(taskQueueOf(options), limits)))
}

function limitOf(given: number | 'none'): number | null {
  return given === 'none' ? null : given
}

function show({ output }: GlobalOptions, queue: TaskQueueDescription): void {
  print(output, { value: queue, text: () => queueText(queue, new Date()) })
}
