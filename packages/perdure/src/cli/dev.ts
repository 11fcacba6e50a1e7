/** `perdure dev`: a worker and its database file in the current folder, and a list of what ends. */
import type { Command } from 'commander'
import { withExamples } from './examples.ts'
import { type Loaded, loadModules } from './load-modules.ts'
import { followExecutions } from './live-list.ts'
import { configuredLogger } from './log.ts'
import { nextCommand, quoted } from './next-command.ts'
import { runs } from './options.ts'
import { print } from './output.ts'
import { type Served, untilInterrupted, withWorker } from './running-worker.ts'
import { colours, indented } from './text.ts'
import { addWorkerOptions, queuesOf, type WorkerCommandOptions } from './worker-options.ts'

export function addDevCommand(program: Command): void {
  const dev = program.command('dev').description('run the workflows and activities of this folder, and show what ends; Ctrl-C stops')
  withExamples(addWorkerOptions(dev, 'info'), 'dev', 'dev --workflows orders.ts --activities payments.ts -t orders')
  runs<WorkerCommandOptions>(dev, async (options) => {
    const loaded = await loadModules(options)
    const since = new Date()
    await withWorker(options, loaded, await configuredLogger(options, 'info', tellsOfList), async (served) => {
      const interrupted = untilInterrupted()
      print(options.output, { value: served.value, text: () => welcome(options, loaded, served) })
      const list = followExecutions(served.engine, options.output, since)
      await interrupted
      await list.stop()
    })
  })
}

/** What the list shows anyway. */
const tellsOfList = / is held \(/

function welcome(options: WorkerCommandOptions, loaded: Loaded, served: Served): string {
  const paint = colours()
  return [
    `${paint.bold('Perdure')} runs this folder`,
    served.text,
    '',
    'Type in another terminal, in this folder:',
    indented(nextCommands(options, loaded).map((command) => paint.cyan(command)).join('\n')),
    '',
    'Ctrl-C stops; what is unfinished goes on at the next start.',
    'Executions that end:',
    '',
  ].join('\n')
}

function nextCommands(options: WorkerCommandOptions, { workflows }: Loaded): string[] {
  const [type, fn] = Object.entries(workflows.functions)[0] ?? []
  const [queue] = queuesOf(options)
  const start = [
    ...(queue === (options.configuration.settings.task_queue ?? 'default') ? [] : [`-t ${quoted(queue)}`]),
    ...Array.from({ length: fn?.length ?? 0 }, () => "-i '<JSON>'"),
  ]
  return [
    ...(type === undefined ? [] : [nextCommand(options, 'workflow execute --type', type, ...start)]),
    nextCommand(options, 'workflow list'),
    nextCommand(options, 'workflow show -w <workflow-id>'),
  ]
}
