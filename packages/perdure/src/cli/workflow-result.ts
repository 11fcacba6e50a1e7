/** `workflow result`: waits for the end of an execution and prints what it returned. */
import type { Command } from 'commander'
import type { Engine } from '../engine.ts'
import { withClient } from './connection.ts'
import { withExamples } from './examples.ts'
import { jsonText } from './json-text.ts'
import { addExecutionOptions, duration, type ExecutionOptions, runs } from './options.ts'
import { print } from './output.ts'
import { paintedStatus, printableLines } from './text.ts'
import { viewWaiting } from './waiting-view.ts'

interface ResultOptions extends ExecutionOptions {
  readonly timeout?: number
}

export function addResultCommand(workflow: Command): void {
  const result = workflow.command('result').description('wait for an execution to end, and print its result or failure')
  addExecutionOptions(result).option('--timeout <duration>', 'stop waiting after it; the execution goes on', duration('--timeout'))
  withExamples(result, 'workflow result -w order-7 --timeout 30s')
  runs<ResultOptions>(result, async (options) => {
    await withClient(options, (engine) => printResult(engine, options))
  })
}

/** Failures are thrown: they are printed as any error is, and the command ends with 1. */
export async function printResult(engine: Engine, options: ResultOptions): Promise<void> {
  const { workflowId, runId, timeout, output } = options
  const waiting = viewWaiting(engine, options)
  const result: unknown = await engine.workflows.getResult(workflowId, {
    ...(runId === undefined ? {} : { runId }), ...(timeout === undefined ? {} : { timeout }),
  }).finally(waiting.stop)
  print(output, {
    value: { workflowId, ...(runId === undefined ? {} : { runId }), status: 'COMPLETED', result: result ?? null },
    text: () => `${process.stdout.isTTY ? `${paintedStatus('COMPLETED')}\n` : ''}${resultText(result)}`,
  })
}

/** JSON, so that it can be piped on. */
function resultText(result: unknown): string {
  return printableLines(jsonText(result, 2))
}
