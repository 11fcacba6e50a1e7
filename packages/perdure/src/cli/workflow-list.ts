/** `workflow list` and `workflow count`. */
import type { ListFilter } from '@perdure/engine'
import type { Command } from 'commander'
import { withClient } from './connection.ts'
import { withExamples } from './examples.ts'
import { executionTable } from './execution-text.ts'
import { choiceOption, type GlobalOptions, runs, wholeNumber } from './options.ts'
import { note, print } from './output.ts'

/** As they are shown: what is held is not running. */
const statuses = ['RUNNING', 'HELD', 'COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'CONTINUED_AS_NEW', 'TIMED_OUT'] as const
type StatusName = (typeof statuses)[number]
const statusAliases = { canceled: 'CANCELLED', timeout: 'TIMED_OUT' } as const

interface FilterOptions extends GlobalOptions {
  readonly status?: StatusName
  readonly type?: string
  readonly workflowId?: string
  readonly taskQueue?: string
}

interface ListOptions extends FilterOptions {
  readonly limit: number
  readonly cursor?: string
}

export function addListCommands(workflow: Command): void {
  const list = addFilterOptions(workflow.command('list').description('list executions, the newest first'))
    .option('--limit <count>', 'how many at most', wholeNumber(1, 1_000), 20)
    .option('--cursor <cursor>', 'go on where another list ended')
  withExamples(list, 'workflow list --status FAILED --limit 5', 'workflow list --type order -o jsonl')
  runs<ListOptions>(list, listExecutions)

  const count = addFilterOptions(workflow.command('count').description('count executions'))
  withExamples(count, 'workflow count --status HELD', 'workflow count --type order -o json')
  runs<FilterOptions>(count, countExecutions)
}

function addFilterOptions(command: Command): Command {
  return command
    .addOption(choiceOption('--status <status>', `only those ${statuses.join(', ')}`, statuses, statusAliases))
    .option('--type <name>', 'only of this workflow type')
    .option('-w, --workflow-id <id>', 'only runs of this workflow id')
    .option('-t, --task-queue <name>', 'only of this task queue')
}

async function listExecutions(options: ListOptions): Promise<void> {
  const { limit, cursor, output } = options
  const { executions, nextCursor } = await withClient(options, (engine) => engine.workflows.list({
    limit, ...filterOf(options), ...(cursor === undefined ? {} : { cursor }),
  }))
  print(output, {
    value: { executions, ...(nextCursor === undefined ? {} : { nextCursor }) },
    rows: executions,
    text: () => (executions.length === 0 ? 'No executions' : executionTable(executions, new Date())),
  })
  if (nextCursor !== undefined) note(output, `\nThere are more: --cursor ${nextCursor}`)
}

async function countExecutions(options: FilterOptions): Promise<void> {
  const count = await withClient(options, (engine) => engine.workflows.count(filterOf(options)))
  print(options.output, { value: { count }, text: () => String(count) })
}

function filterOf({ status, type, workflowId, taskQueue }: FilterOptions): ListFilter {
  return {
    ...statusFilter(status),
    ...(type === undefined ? {} : { workflowType: type }),
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(taskQueue === undefined ? {} : { taskQueue }),
  }
}

function statusFilter(status: StatusName | undefined): ListFilter {
  if (status === undefined) return {}
  return status === 'RUNNING' || status === 'HELD' ? { status: 'RUNNING', held: status === 'HELD' } : { status }
}
