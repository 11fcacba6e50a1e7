/** `workflow start`, `workflow execute` and `workflow signal-with-start`. */
import type { Command } from 'commander'
import type { StartedWorkflowHandle, UntypedWorkflow } from '@perdure/engine'
import { didYouMean } from '@perdure/workflow/host'
import { workerOptionsOf } from '../config/settings-mapping.ts'
import type { Engine } from '../engine.ts'
import { CliError } from './cli-error.ts'
import { exitInterrupted } from './confirmation.ts'
import { withEngine, withNewClient } from './connection.ts'
import { withExamples } from './examples.ts'
import { readInput } from './input.ts'
import { type LoadedModules, loadNamedModules, registerModules } from './load-modules.ts'
import { nextCommand, quoted } from './next-command.ts'
import {
  addInputOptions, addModuleOptions, collect, duration, type GlobalOptions, type InputOptions, type ModuleOptions, runs, taskQueueOf,
} from './options.ts'
import { note, print, writeErr } from './output.ts'
import { addStartFlags, type StartFlags, startSettingsOf } from './start-flags.ts'
import { facts, indented, printable } from './text.ts'
import { printResult } from './workflow-result.ts'

interface StartOptions extends GlobalOptions, InputOptions, StartFlags {
  readonly type: string
  readonly workflowId?: string
  readonly taskQueue?: string
}

interface SignalWithStartOptions extends StartOptions {
  readonly signalName: string
  readonly signalInput: readonly string[]
}

interface ExecuteOptions extends StartOptions, ModuleOptions {
  readonly timeout?: number
}

export function addStartCommands(workflow: Command): void {
  const start = workflow.command('start').description('start an execution and return at once; a worker runs it')
  withExamples(addStartOptions(start), `workflow start --type order -w order-7 -i '{"amount": 5}'`)
  runs<StartOptions>(start, startExecution)

  const execute = workflow.command('execute').description('start an execution and wait for its result')
  addStartOptions(execute).option('--timeout <duration>', 'stop waiting after it; the execution goes on', duration('--timeout'))
  addModuleOptions(execute, ', run here, by a worker for the time of the call')
  withExamples(execute, `workflow execute --type greet -i '"World"'`, `workflow execute --type greet --workflows src/hi.ts -i '"Ada"'`)
  runs<ExecuteOptions>(execute, executeWorkflow)

  const signalWithStart = workflow.command('signal-with-start')
    .description('signal the open execution of an id, or start one with the signal')
  addStartOptions(signalWithStart)
    .requiredOption('--signal-name <name>', 'name of the signal')
    .option('--signal-input <json>', 'one argument of the signal as JSON; repeat it for more', collect, [])
  withExamples(signalWithStart, 'workflow signal-with-start --type cart -w a7 --signal-name add')
  runs<SignalWithStartOptions>(signalWithStart, signalOrStart)
}

function addStartOptions(command: Command): Command {
  command
    .requiredOption('--type <name>', 'workflow type: the name of the exported function')
    .option('-w, --workflow-id <id>', 'workflow id, unique among open executions (default: a random one)')
    .option('-t, --task-queue <name>', 'task queue (default: default)')
  return addStartFlags(addInputOptions(command))
}

async function startExecution(options: StartOptions): Promise<void> {
  const args = readInput(options)
  await withNewClient(options, async (engine) => {
    const { execution, started } = await startWith(engine, options, args)
    const { namespace, output } = options
    print(output, {
      value: { ...execution, namespace, started },
      text: () => `${started ? 'Started execution' : joined}\n${indented(executionFacts(execution))}`,
    })
    const next = nextCommand(options, 'workflow result -w', quoted(execution.workflowId))
    note(output, `\nIts result, once a worker has run it: ${next}`)
  })
}

async function signalOrStart(options: SignalWithStartOptions): Promise<void> {
  const args = readInput(options)
  const signalArgs = readInput({ input: options.signalInput }, '--signal-input')
  const { type, signalName, namespace, output } = options
  await withNewClient(options, async (engine) => {
    const handle = await engine.workflows.signalWithStart(type, { ...givenStart(options, args), signal: signalName, signalArgs })
    const { execution, started } = await startedExecution(handle, options)
    print(output, {
      value: { ...execution, namespace, started, signal: signalName },
      text: () => `${started ? 'Started execution' : joined}; signal ${printable(signalName)} sent\n${indented(executionFacts(execution))}`,
    })
  })
}

async function executeWorkflow(options: ExecuteOptions): Promise<void> {
  const args = readInput(options)
  const loaded = await loadNamedModules(options)
  const run = async (engine: Engine) => {
    const { execution, started } = await startWith(engine, options, args)
    const { workflowId, runId } = execution
    note(options.output, `${started ? 'Running execution' : joined}\n${indented(executionFacts(execution))}`)
    await printResult(engine, { ...options, workflowId, runId })
  }
  if (loaded === undefined) return withNewClient(options, run)
  refuseUnknownType(options.type, loaded.workflows)
  const taskQueue = taskQueueOf(options)
  const worker = { ...workerOptionsOf(options.configuration.settings), taskQueues: [taskQueue] }
  await withEngine(options, { taskQueue, worker }, async (engine) => {
    registerModules(engine, loaded)
    await engine.start()
    stopAtInterrupt(engine)
    await run(engine)
  })
}

/** A worker that goes in good order leaves its executions to the next one at once. */
function stopAtInterrupt(engine: Engine): void {
  process.once('SIGINT', (signal) => {
    writeErr(`Stopped (${signal}); the execution goes on with the next worker\n`)
    void engine.stop().finally(() => process.exit(exitInterrupted))
  })
}

function refuseUnknownType(type: string, { functions, files }: LoadedModules): void {
  const known = Object.keys(functions)
  if (known.includes(type)) return
  const hint = didYouMean(type, known) || `; it exports ${known.join(', ') || 'none'}`
  throw new CliError('WORKFLOW_NOT_REGISTERED', `No workflow '${printable(type)}' in ${files.join(', ') || 'no file of workflows'}${hint}`)
}

/** With USE_EXISTING. */
const joined = 'Joined the execution that was running already; it keeps its own arguments'

interface StartedExecution {
  readonly workflowId: string
  readonly runId: string
  readonly workflowType: string
  readonly taskQueue: string
}

type StartedHandle = Pick<StartedWorkflowHandle, 'workflowId' | 'runId' | 'started' | 'describe'>

async function startWith(engine: Engine, options: StartOptions, args: readonly unknown[]): Promise<ToldStart> {
  return startedExecution(await engine.workflows.start<UntypedWorkflow>(options.type, givenStart(options, args)), options)
}

function givenStart(options: StartOptions, args: readonly unknown[]) {
  const { workflowId } = options
  return {
    args: [...args], taskQueue: taskQueueOf(options), ...startSettingsOf(options), ...(workflowId === undefined ? {} : { workflowId }),
  }
}

interface ToldStart {
  readonly execution: StartedExecution
  readonly started: boolean
}

async function startedExecution(handle: StartedHandle, options: StartOptions): Promise<ToldStart> {
  const ids = { workflowId: handle.workflowId, runId: handle.runId }
  if (handle.started) return { execution: { ...ids, workflowType: options.type, taskQueue: taskQueueOf(options) }, started: true }
  const { workflowType, taskQueue } = await handle.describe()
  return { execution: { ...ids, workflowType, taskQueue }, started: false }
}

function executionFacts({ workflowId, runId, workflowType, taskQueue }: StartedExecution): string {
  return facts([
    ['Workflow ID', printable(workflowId)], ['Run ID', runId], ['Type', printable(workflowType)], ['Task queue', printable(taskQueue)],
  ])
}
