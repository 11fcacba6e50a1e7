/** `workflow export`: a history in Temporal's form, for `perdure replay` and for Temporal's own SDK. */
import type { Command } from 'commander'
import { withReplayer } from './connection.ts'
import { withExamples } from './examples.ts'
import { loadModules, registerModules } from './load-modules.ts'
import { addExecutionOptions, type ExecutionOptions, runs } from './options.ts'
import { writeOut } from './output.ts'

interface ExportOptions extends ExecutionOptions {
  readonly workflows?: readonly string[]
}

export function addExportCommand(workflow: Command): void {
  const command = workflow.command('export').description("print an execution's history in Temporal's JSON, for replay")
  addExecutionOptions(command)
    .option('--workflows <path...>', 'files or folders with workflows (default: workflows.ts or the folder workflows, here or in src)')
  withExamples(command, 'workflow export -w order-7 > order-7.json',
    'workflow export -w order-7 --workflows src/workflows.ts')
  command.addHelpText('after', `
What workflow code asked for is not stored, so the code is replayed: it must be
the one that made the history. The output is JSON with every -o.`)
  runs<ExportOptions>(command, async (options) => {
    const loaded = await loadModules({ ...options, activities: [] })
    const history = await withReplayer(options, (engine) => {
      registerModules(engine, loaded)
      return engine.workflows.fetchHistory(options.workflowId, options.runId)
    })
    writeOut(`${JSON.stringify(history, null, options.output === 'jsonl' ? 0 : 2)}\n`)
  })
}
