/** `perdure worker start`: runs workflows and activities until it is told to stop. */
import type { Command } from 'commander'
import { withExamples } from './examples.ts'
import { loadModules } from './load-modules.ts'
import { configuredLogger } from './log.ts'
import { runs } from './options.ts'
import { print } from './output.ts'
import { untilInterrupted, withWorker } from './running-worker.ts'
import { addWorkerOptions, type WorkerCommandOptions } from './worker-options.ts'

export function addWorkerCommands(program: Command): void {
  const worker = program.command('worker').description('run workflows and activities')
  const start = worker.command('start').description('serve task queues until SIGINT or SIGTERM, then drain')
  withExamples(addWorkerOptions(start, 'info'), 'worker start -d postgres://app@db.example/app -t orders',
    'worker start --activities src/payments.ts -t payments')
  runs<WorkerCommandOptions>(start, async (options) => {
    const loaded = await loadModules(options)
    await withWorker(options, loaded, configuredLogger(options, 'info'), async (served) => {
      // Whoever reads that it has started may stop it at once.
      const interrupted = untilInterrupted()
      print(options.output, { value: served.value, text: () => `Worker started\n${served.text}` })
      await interrupted
    })
  })
}
