/** Runs scenarios on Perdure: the same workflow files, with their imports changed. */
import './temporal-names.ts'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type CurrentWorkflowHandle, Engine, type EngineOptions, type HistoryEventView, type Logger, WithStartWorkflowOperation,
} from 'perdure'
import type { WorkflowInterceptorsFactory } from 'perdure/workflow'
import type { Handle, Scenario, Stage, StartSetup, UpdateSetup, WorkerSetup } from './stage.ts'

export type Connection = Pick<EngineOptions, 'database' | 'store' | 'notifier'>

export interface PerdureHome {
  stageOf(scenario: Scenario): { readonly stage: Stage; close(): Promise<void> }
  close(): Promise<void>
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }

export async function connectPerdure(connection: Connection): Promise<PerdureHome> {
  const client = await Engine.open({ ...connection, worker: false, logger: silent })
  await client.start()
  let count = 0
  return {
    stageOf: (scenario) => stageOf({ scenario, client, connection, id: `scenario-${++count}` }),
    close: () => client.stop(),
  }
}

interface Place {
  readonly scenario: Scenario
  readonly client: Engine
  readonly connection: Connection
  readonly id: string
}

function stageOf({ scenario, client, connection, id }: Place): { readonly stage: Stage; close(): Promise<void> } {
  const engines: Engine[] = []
  const queue = `queue-${id}`
  const optionsOf = (setup: StartSetup = {}) => ({ workflowId: id, taskQueue: queue, ...setup }) as never
  const handleFor = (workflowId: string, runId?: string) => handleOf(client.workflows.getHandle(workflowId, runId))
  const stage: Stage = {
    id, queue,
    worker: async (setup = {}) => {
      const engine = await openWorker(connection, queue, { code: scenario.code, ...setup })
      engines.push(engine)
      return { stop: () => engine.stop() }
    },
    start: async (type, setup) => handleOf(await client.workflows.start(type, optionsOf(setup))),
    getHandle: handleFor,
    signalWithStart: async (type, signal, signalArgs, setup) => {
      const options = { ...(optionsOf(setup) as object), signal, signalArgs: [...signalArgs] }
      return handleOf(await client.workflows.signalWithStart(type, options))
    },
    executeUpdateWithStart: async (type, update, { args = [], ...options }, setup) => {
      const startWorkflowOperation = new WithStartWorkflowOperation(type, optionsOf({ workflowIdConflictPolicy: 'FAIL', ...setup }))
      return client.workflows.executeUpdateWithStart(update, { ...options, args: [...args], startWorkflowOperation })
    },
    pass: (ms) => delay(ms),
  }
  return { stage, close: async () => void await Promise.all(engines.map((engine) => engine.stop())) }
}

async function openWorker(connection: Connection, queue: string, setup: WorkerSetup): Promise<Engine> {
  const { code, without, failureErrorTypes, interceptors } = setup
  const workflowFailureErrorTypes = failureErrorTypes === undefined ? {} : { '*': [...failureErrorTypes] }
  const engine = await Engine.open({
    ...connection, taskQueue: queue, logger: silent,
    ...(interceptors === undefined ? {} : { interceptors: { workflow: [await interceptorsOf(`./workflows/${interceptors}.ts`)] } }),
    worker: { tickMs: 50, shutdownGraceTime: 100, workflowFailureErrorTypes },
  })
  if (without !== 'workflows') engine.workflows.register(await functionsOf(`./workflows/${code}.ts`))
  if (without !== 'activities') engine.activities.register(await functionsOf('./activities/steps.ts'))
  await engine.start()
  return engine
}

/** @throws SyntaxError when the file needs a name that is not there */
async function functionsOf(file: string): Promise<Record<string, (...args: never[]) => Promise<unknown>>> {
  const module = await import(file) as Record<string, unknown>
  return Object.fromEntries(Object.entries(module).filter(([, value]) => typeof value === 'function')) as never
}

async function interceptorsOf(file: string): Promise<WorkflowInterceptorsFactory> {
  const { interceptors } = await import(file) as { readonly interceptors: WorkflowInterceptorsFactory }
  return interceptors
}

function handleOf(handle: CurrentWorkflowHandle): Handle {
  return {
    workflowId: handle.workflowId,
    runId: handle.runId,
    result: () => handle.result(),
    signal: (name, ...args) => handle.signal(name, ...args),
    query: (name, ...args) => handle.query(name, ...args),
    executeUpdate: (name, options) => handle.executeUpdate(name, updateOptions(options)),
    startUpdate: async (name, options) => {
      const update = await handle.startUpdate(name, { ...updateOptions(options), waitForStage: 'ACCEPTED' })
      return { updateId: update.updateId, result: () => update.result() }
    },
    updateResult: (updateId) => handle.getUpdateHandle(updateId).result(),
    cancel: () => handle.cancel(),
    terminate: (reason) => handle.terminate(reason),
    describe: async () => {
      const { status, workflowType, memo = {}, searchAttributes = {} } = await handle.describe()
      return { status, type: workflowType, memo, searchAttributes }
    },
    events: async () => (await handle.history()).map(lineOf),
    settled: async () => {
      while ((await handle.describe()).executionTime === undefined) await delay(10)
    },
    stuck: async () => {
      for (;;) {
        const { held, status } = await handle.describe()
        // Temporal has the place in a stack of its own.
        if (held !== undefined) return held.reason.replace(/\n {2}at {8}.*$/, '')
        if (status !== 'RUNNING') await new Promise(() => {})
        await delay(20)
      }
    },
  }
}

function updateOptions({ args = [], ...options }: UpdateSetup = {}): { readonly args: [unknown, ...unknown[]] } {
  return { ...options, args: [...args] as [unknown, ...unknown[]] }
}

/** As the recordings have it: the type, and what tells it from others of the type. */
function lineOf({ eventType, attributes }: HistoryEventView): string {
  const { signalName, updateName, cause, failure, patchId } = attributes as {
    readonly signalName?: string; readonly updateName?: string; readonly cause?: unknown; readonly patchId?: string
    readonly failure?: { readonly message?: string }
  }
  return [eventType, signalName, updateName, patchId, typeof cause === 'string' ? cause : undefined, failure?.message]
    .filter((part) => part !== undefined && part !== '').join(' ')
}
