/** `workflow result`: waits for the end of an execution and prints what it returned. */
import type { Command } from 'commander'
import type { Engine } from '../engine.ts'
import { withClient } from './connection.ts'
import { addExecutionOptions, duration, type ExecutionOptions, runs } from './options.ts'
import { type OutputFormat, print, writeErr } from './output.ts'
import { paintedStatus, printable, printableLines } from './text.ts'

interface ResultOptions extends ExecutionOptions {
  readonly timeout?: number
}

export function addResultCommand(workflow: Command): void {
  const result = workflow.command('result').description('wait for an execution to end, and print its result or failure')
  addExecutionOptions(result).option('--timeout <duration>', 'stop waiting after it; the execution goes on', duration('--timeout'))
  runs<ResultOptions>(result, async (options) => {
    await withClient(options, async (engine) => {
      const waiting = stopWaiting(options.output, options.workflowId)
      await printResult(engine, options)
      waiting.stop()
    })
  })
}

/** Failures are thrown: they are printed as any error is, and the command ends with 1. */
export async function printResult(engine: Engine, options: ResultOptions): Promise<void> {
  const { workflowId, runId, timeout, output } = options
  const result: unknown = await engine.workflows.getResult(workflowId, {
    ...(runId === undefined ? {} : { runId }), ...(timeout === undefined ? {} : { timeout }),
  })
  print(output, {
    value: { workflowId, ...(runId === undefined ? {} : { runId }), status: 'COMPLETED', result: result ?? null },
    text: () => `${process.stdout.isTTY ? `${paintedStatus('COMPLETED')}\n` : ''}${resultText(result)}`,
  })
}

/** JSON, so that it can be piped on. */
function resultText(result: unknown): string {
  return printableLines(JSON.stringify(result ?? null, null, 2))
}

/** Ctrl-C ends the waiting, not the execution: on a terminal somebody who waits for long is told so. */
export function stopWaiting(output: OutputFormat, workflowId: string): { stop(): void } {
  if (output !== 'text' || !process.stderr.isTTY) return { stop: () => {} }
  const timer = setTimeout(() => {
    writeErr(`Waiting for ${printable(workflowId)} to end (Ctrl-C stops the waiting, not the execution) ...\n`)
  }, toldAfterMs)
  return { stop: () => clearTimeout(timer) }
}
const toldAfterMs = 2_000
