/** `workflow signal`, `query`, `update`, `cancel` and `terminate`: what is said to an execution from outside. */
import type { AwaitedStage } from '@perdure/engine'
import type { Command } from 'commander'
import { confirm } from './confirmation.ts'
import { withClient } from './connection.ts'
import { withExamples } from './examples.ts'
import { readInput } from './input.ts'
import { jsonText } from './json-text.ts'
import {
  addExecutionOptions, addInputOptions, choiceOption, duration, type ExecutionOptions, type InputOptions, nameOption, runs,
} from './options.ts'
import { type OutputFormat, print } from './output.ts'
import { printable, printableLines } from './text.ts'

interface MessageOptions extends ExecutionOptions, InputOptions {
  readonly name: string
}

interface UpdateOptions extends MessageOptions {
  readonly updateId?: string
  readonly waitForStage?: AwaitedStage
  readonly timeout?: number
}

interface EndOptions extends ExecutionOptions {
  readonly reason?: string
  readonly yes?: boolean
}

export function addMessageCommands(workflow: Command): void {
  const signal = workflow.command('signal').description('send a signal to an open execution')
  addInputOptions(addExecutionOptions(signal).addOption(nameOption('signal')))
  withExamples(signal, `workflow signal -w order-7 --name approve -i '"Ada"'`)
  runs<MessageOptions>(signal, sendSignal)

  const query = workflow.command('query').description('ask an execution, open or closed; a worker with its code answers')
  addInputOptions(addExecutionOptions(query).addOption(nameOption('query')))
  withExamples(query, 'workflow query -w order-7 --name progress')
  runs<MessageOptions>(query, askQuery)

  const update = workflow.command('update').description('ask an open execution for an update, and wait for its result')
  addInputOptions(addExecutionOptions(update).addOption(nameOption('update')))
    .option('--update-id <id>', 'the same id is the same update (default: a random one)')
    .addOption(choiceOption('--wait-for-stage <stage>', 'accepted: do not wait for the result (default: completed)', updateStages))
    .option('--timeout <duration>', 'stop waiting after it; the update goes on', duration('--timeout'))
  withExamples(update, `workflow update -w cart-7 --name addItem -i '{"item": 5}'`)
  runs<UpdateOptions>(update, askUpdate)

  const cancel = workflow.command('cancel').description('ask an open execution to stop; its code may clean up first')
  addExecutionOptions(cancel).option('--reason <text>', 'why, for its history')
  withExamples(cancel, 'workflow cancel -w order-7 --reason "sold out"')
  runs<EndOptions>(cancel, cancelExecution)

  const terminate = workflow.command('terminate').description('end an open execution at once, without running its code')
  addExecutionOptions(terminate).option('--reason <text>', 'why, for its history').option('-y, --yes', 'do not ask, on a terminal')
  withExamples(terminate, 'workflow terminate -w order-7 --reason "wrong input"')
  runs<EndOptions>(terminate, terminateExecution)
}

async function sendSignal(options: MessageOptions): Promise<void> {
  const args = readInput(options)
  const { workflowId, runId, name, output } = options
  await withClient(options, async (engine) => {
    await engine.workflows.getHandle(workflowId, runId).signal(name, ...args)
  })
  done(output, { workflowId, signal: name }, `Signal ${printable(name)} sent to ${printable(workflowId)}`)
}

async function askQuery(options: MessageOptions): Promise<void> {
  const args = readInput(options)
  const { workflowId, runId, name, output } = options
  const result: unknown = await withClient(options, (engine) => engine.workflows.getHandle(workflowId, runId).query(name, ...args))
  print(output, {
    value: { workflowId, query: name, result: result ?? null },
    text: () => printableLines(jsonText(result, 2)),
  })
}

const updateStages = ['ACCEPTED', 'COMPLETED'] as const

async function askUpdate(options: UpdateOptions): Promise<void> {
  const args = readInput(options)
  const { workflowId, runId, name, output, updateId: id, waitForStage = 'COMPLETED', timeout } = options
  const given = { ...(id === undefined ? {} : { updateId: id }), ...(timeout === undefined ? {} : { timeout }) }
  await withClient(options, async (engine) => {
    const handle = engine.workflows.getHandle(workflowId, runId)
    const { updateId, ...update } = await handle.startUpdate<unknown, [unknown]>(name, { ...given, args: args as [unknown], waitForStage })
    if (waitForStage === 'ACCEPTED') {
      const text = `Update ${printable(name)} accepted by ${printable(workflowId)}: ${printable(updateId)}`
      return done(output, { workflowId, update: name, updateId }, text)
    }
    const result = await update.result()
    print(output, {
      value: { workflowId, update: name, updateId, result: result ?? null },
      text: () => printableLines(jsonText(result, 2)),
    })
  })
}

async function cancelExecution(options: EndOptions): Promise<void> {
  const { workflowId, runId, reason, output } = options
  await withClient(options, (engine) => engine.workflows.getHandle(workflowId, runId).cancel(reason))
  done(output, { workflowId, cancelRequested: true }, `Cancellation of ${printable(workflowId)} requested`)
}

async function terminateExecution(options: EndOptions): Promise<void> {
  const { workflowId, runId, reason, output } = options
  await withClient(options, async (engine) => {
    const handle = engine.workflows.getHandle(workflowId, runId)
    if (mayAsk(options)) {
      const { status, workflowType } = await handle.describe()
      await confirm(`Terminate ${printable(workflowId)} (${printable(workflowType)}, ${status})? Its code gets no chance to clean up.`)
    }
    await handle.terminate(reason)
  })
  done(output, { workflowId, terminated: true }, `Terminated ${printable(workflowId)}`)
}

/** A script has nobody to ask. */
function mayAsk({ yes, output }: EndOptions): boolean {
  return yes !== true && output === 'text' && process.stdin.isTTY && process.stderr.isTTY
}

function done(output: OutputFormat, value: Readonly<Record<string, unknown>>, text: string): void {
  print(output, { value, text: () => text })
}
