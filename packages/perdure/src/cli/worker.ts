/** `perdure worker start`, which runs workflows and activities until it is told to stop, and `perdure worker list`. */
import type { Command } from 'commander'
import { withClient } from './connection.ts'
import { withExamples } from './examples.ts'
import { loadModules } from './load-modules.ts'
import { configuredLogger } from './log.ts'
import { nextCommand } from './next-command.ts'
import { type GlobalOptions, runs } from './options.ts'
import { print } from './output.ts'
import { untilInterrupted, withWorker } from './running-worker.ts'
import { printable } from './text.ts'
import { addWorkerOptions, type WorkerCommandOptions } from './worker-options.ts'
import { workerTable } from './worker-text.ts'

interface ListOptions extends GlobalOptions {
  readonly taskQueue?: string
}

export function addWorkerCommands(program: Command): void {
  const worker = program.command('worker').description('run workflows and activities, and see who does')
  const start = worker.command('start').description('serve task queues until SIGINT or SIGTERM, then drain')
  withExamples(addWorkerOptions(start, 'info'), 'worker start -d postgres://app@db.example/app -t orders',
    'worker start --activities src/payments.ts -t payments')
  runs<WorkerCommandOptions>(start, async (options) => {
    const loaded = await loadModules(options)
    await withWorker(options, loaded, await configuredLogger(options, 'info'), async (served) => {
      // Whoever reads that it has started may stop it at once.
      const interrupted = untilInterrupted()
      print(options.output, { value: served.value, text: () => `Worker started\n${served.text}` })
      await interrupted
    })
  })

  const list = worker.command('list').description('list the workers of a namespace, the oldest first')
    .option('-t, --task-queue <name>', 'only those that serve this task queue')
  withExamples(list, 'worker list', 'worker list -t payments -o json')
  runs<ListOptions>(list, listWorkers)
}

async function listWorkers(options: ListOptions): Promise<void> {
  const { taskQueue, output, namespace } = options
  const all = await withClient(options, (engine) => engine.workers.list())
  const workers = all.filter((each) => taskQueue === undefined || each.taskQueues.includes(taskQueue))
  print(output, {
    value: { workers },
    rows: workers,
    text: () => {
      if (workers.length > 0) return workerTable(workers, new Date())
      const queue = taskQueue === undefined ? '' : ` serves the task queue ${printable(taskQueue)}`
      return `No worker${queue} in the namespace ${printable(namespace)}; one is started by: ${nextCommand(options, 'worker start')}`
    },
  })
}
