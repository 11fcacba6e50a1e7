/** `workflow list`, `describe` and `show`. */
import type { HistoryEventView, ListFilter } from '@perdure/engine'
import { type Command, Option } from 'commander'
import { withClient } from './connection.ts'
import { historyTable } from './event-text.ts'
import { type DescribedExecution, descriptionText, executionTable } from './execution-text.ts'
import { addExecutionOptions, type ExecutionOptions, type GlobalOptions, oneOf, runs, wholeNumber } from './options.ts'
import { note, print } from './output.ts'

/** As they are shown: what is held is not running. */
const statuses = ['RUNNING', 'HELD', 'COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'CONTINUED_AS_NEW', 'TIMED_OUT'] as const
type StatusName = (typeof statuses)[number]
const statusAliases = { canceled: 'CANCELLED', timeout: 'TIMED_OUT' } as const

interface ListOptions extends GlobalOptions {
  readonly status?: StatusName
  readonly type?: string
  readonly workflowId?: string
  readonly taskQueue?: string
  readonly limit: number
  readonly cursor?: string
}

export function addReadCommands(workflow: Command): void {
  const list = workflow.command('list').description('list executions, the newest first')
    .addOption(new Option('--status <status>', `only those ${statuses.join(', ')}`).argParser(oneOf(statuses, statusAliases)))
    .option('--type <name>', 'only of this workflow type')
    .option('-w, --workflow-id <id>', 'only runs of this workflow id')
    .option('-t, --task-queue <name>', 'only of this task queue')
    .option('--limit <count>', 'how many at most', wholeNumber(1, 1_000), 20)
    .option('--cursor <cursor>', 'go on where another list ended')
  runs<ListOptions>(list, listExecutions)

  const describe = workflow.command('describe').description('what an execution is doing: status, pending activities, what it waits for')
  runs<ExecutionOptions>(addExecutionOptions(describe), describeExecution)

  const show = workflow.command('show').description("print an execution's history")
  runs<ExecutionOptions>(addExecutionOptions(show), showHistory)
}

async function listExecutions(options: ListOptions): Promise<void> {
  const { status, type, workflowId, taskQueue, limit, cursor, output } = options
  const { executions, nextCursor } = await withClient(options, (engine) => engine.workflows.list({
    limit,
    ...statusFilter(status),
    ...(type === undefined ? {} : { workflowType: type }),
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(taskQueue === undefined ? {} : { taskQueue }),
    ...(cursor === undefined ? {} : { cursor }),
  }))
  print(output, {
    value: { executions, ...(nextCursor === undefined ? {} : { nextCursor }) },
    rows: executions,
    text: () => (executions.length === 0 ? 'No executions' : executionTable(executions, new Date())),
  })
  if (nextCursor !== undefined) note(output, `\nThere are more: --cursor ${nextCursor}`)
}

function statusFilter(status: StatusName | undefined): ListFilter {
  if (status === undefined) return {}
  return status === 'RUNNING' || status === 'HELD' ? { status: 'RUNNING', held: status === 'HELD' } : { status }
}

async function describeExecution(options: ExecutionOptions): Promise<void> {
  const { workflowId, runId, output } = options
  const description = await withClient(options, async (engine): Promise<DescribedExecution> => {
    const execution = await engine.workflows.describe(workflowId, runId)
    // Of others, nobody asks any more.
    if (execution.status !== 'RUNNING' && execution.status !== 'CANCELLED') return execution
    const cancelRequested = requestIn(await engine.workflows.history(execution.workflowId, execution.runId))
    return { ...execution, ...(cancelRequested === undefined ? {} : { cancelRequested }) }
  })
  print(output, { value: description, text: () => descriptionText(description, new Date()) })
}

function requestIn(events: readonly HistoryEventView[]): DescribedExecution['cancelRequested'] {
  const event = events.find(({ eventType }) => eventType === 'WorkflowExecutionCancelRequested')
  if (event === undefined) return undefined
  const { cause } = event.attributes as { readonly cause?: unknown }
  return { time: event.eventTime, reason: typeof cause === 'string' ? cause : '' }
}

async function showHistory(options: ExecutionOptions): Promise<void> {
  const { workflowId, runId, output } = options
  const events = await withClient(options, (engine) => engine.workflows.history(workflowId, runId))
  print(output, { value: { workflowId, events }, rows: events, text: () => historyTable(events) })
}
