/** `perdure dev`: a worker and its database file in the current folder, and a list of what ends. */
import type { Command } from 'commander'
import { databaseOf } from './connection.ts'
import { type Loaded, loadModules } from './load-modules.ts'
import { followExecutions } from './live-list.ts'
import { runs } from './options.ts'
import { print } from './output.ts'
import { type Served, untilInterrupted, withWorker } from './running-worker.ts'
import { colours, indented, printable } from './text.ts'
import { addWorkerOptions, queuesOf, type WorkerCommandOptions } from './worker-options.ts'

export function addDevCommand(program: Command): void {
  const dev = program.command('dev').description('run the workflows and activities of this folder, and show what ends; Ctrl-C stops')
  runs<WorkerCommandOptions>(addWorkerOptions(dev, 'warn'), async (options) => {
    const loaded = await loadModules(options)
    const since = new Date()
    await withWorker(options, loaded, async (served) => {
      print(options.output, { value: served.value, text: () => welcome(options, loaded, served) })
      const list = followExecutions(served.engine, options.output, since)
      await untilInterrupted()
      await list.stop()
    })
  })
}

function welcome(options: WorkerCommandOptions, loaded: Loaded, served: Served): string {
  const paint = colours()
  return [
    `${paint.bold('Perdure')} runs this folder`,
    served.text,
    '',
    'Type in another terminal, in this folder:',
    indented(nextCommands(options, loaded).map((command) => paint.cyan(command)).join('\n')),
    '',
    'Ctrl-C stops; what is unfinished goes on at the next start. Executions that end:',
    '',
  ].join('\n')
}

/** Options that this command was given and the next ones need too. */
function nextCommands(options: WorkerCommandOptions, { workflows }: Loaded): string[] {
  const [type, fn] = Object.entries(workflows.functions)[0] ?? []
  const { from, name } = databaseOf(options)
  const global = [
    ...(from === 'given with --database' ? [`-d ${name.includes('@') ? '<url>' : printable(name)}`] : []),
    ...(options.namespace === 'default' ? [] : [`-n ${printable(options.namespace)}`]),
  ]
  const [queue] = queuesOf(options)
  const start = [
    ...(queue === 'default' ? [] : [`-t ${printable(queue)}`]),
    ...Array.from({ length: fn?.length ?? 0 }, () => "-i '<JSON>'"),
  ]
  const command = (verb: string, ...rest: string[]) => ['npx perdure workflow', verb, ...rest, ...global].join(' ')
  return [
    ...(type === undefined ? [] : [command('execute', `--type ${type}`, ...start)]),
    command('list'),
    command('show', '-w <workflow-id>'),
  ]
}
