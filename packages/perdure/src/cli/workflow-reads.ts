/** `workflow describe` and `workflow show`. */
import type { HistoryEventView } from '@perdure/engine'
import type { Command } from 'commander'
import type { Engine } from '../engine.ts'
import { CliError } from './cli-error.ts'
import { withClient } from './connection.ts'
import { eventLine, historyTable } from './event-text.ts'
import { withExamples } from './examples.ts'
import { type DescribedExecution, descriptionText } from './execution-text.ts'
import { comingEvents } from './coming-events.ts'
import { jsonText } from './json-text.ts'
import { addExecutionOptions, type ExecutionOptions, runs } from './options.ts'
import { note, print, writeOut } from './output.ts'

interface ShowOptions extends ExecutionOptions {
  readonly follow?: boolean
}

export function addReadCommands(workflow: Command): void {
  const describe = workflow.command('describe').description('what an execution is doing: status, pending activities, what it waits for')
  withExamples(addExecutionOptions(describe), 'workflow describe -w order-7')
  runs<ExecutionOptions>(describe, describeExecution)

  const show = workflow.command('show').description("print an execution's history")
  addExecutionOptions(show).option('-f, --follow', 'go on with the events that come, until it is closed')
  withExamples(show, 'workflow show -w order-7', 'workflow show -w order-7 --follow')
  runs<ShowOptions>(show, showHistory)
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

async function showHistory(options: ShowOptions): Promise<void> {
  const { workflowId, runId, output, follow } = options
  if (follow === true) return followHistory(options)
  const events = await withClient(options, (engine) => engine.workflows.history(workflowId, runId))
  print(output, { value: { workflowId, events }, rows: events, text: () => historyTable(events) })
}

/** One run to its end, whatever is started under its workflow id meanwhile. */
async function followHistory(options: ShowOptions): Promise<void> {
  const { output } = options
  if (output === 'json') throw new CliError('USAGE_INVALID', '--follow prints events as they come: with -o text or -o jsonl')
  await withClient(options, async (engine) => {
    const { workflowId, runId } = await engine.workflows.getStatus(options.workflowId, options.runId)
    note(output, 'Events as they come, until it is closed; Ctrl-C ends the following only.')
    for await (const events of comingEvents(readerOf(engine, workflowId, runId))) {
      for (const event of events) writeOut(output === 'text' ? eventLine(event) : followedJson(event))
    }
  })
}

function readerOf(engine: Engine, workflowId: string, runId: string) {
  return (): Promise<readonly HistoryEventView[]> => engine.workflows.history(workflowId, runId)
}

/** Numbers are settled when an execution is closed: until then an event may still come before one that was printed. */
function followedJson({ eventId: _eventId, attributes, ...event }: HistoryEventView): string {
  const { scheduledEventId: _scheduled, startedEventId: _started, ...others } = attributes
  return `${jsonText({ ...event, attributes: others })}\n`
}
