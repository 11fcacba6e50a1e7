/** Runs scenarios on a Temporal server, with the official SDK. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client, Connection, type WorkflowHandle, type WorkflowStartOptions, WithStartWorkflowOperation } from '@temporalio/client'
import proto from '@temporalio/proto'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker'
import * as activities from './activities/steps.ts'
import type { Described, Handle, Scenario, Stage, StartSetup, UpdateSetup, WorkerSetup } from './stage.ts'

export interface TemporalHome {
  readonly serverVersion: string
  stageOf(scenario: Scenario): { readonly stage: Stage; close(): Promise<void> }
  close(): Promise<void>
}

const namespace = 'default'
const searchAttributes = { ParityKeyword: 2, ParityInt: 3, ParityText: 1, ParityBool: 5, ParityDouble: 4, ParityList: 7, ParityDate: 6 }
const timeFactor = 3

export async function connectTemporal(address: string): Promise<TemporalHome> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}), telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } })
  const connection = await Connection.connect({ address })
  const native = await NativeConnection.connect({ address })
  const client = new Client({ connection, namespace })
  await registerNamespace(connection, client)
  const { serverVersion } = await connection.workflowService.getSystemInfo({})
  const bundles = new Map<string, Promise<WorkflowBundle>>()
  const pathOf = (file: string) => join(import.meta.dirname, 'workflows', `${file}.ts`)
  const bundleOf = (code: string, interceptors: readonly string[]) => {
    const key = [code, ...interceptors].join()
    const known = bundles.get(key) ?? bundleWorkflowCode({
      workflowsPath: pathOf(code), workflowInterceptorModules: interceptors.map(pathOf), logger: new DefaultLogger('ERROR', () => {}),
    })
    bundles.set(key, known)
    return known
  }
  let count = 0
  return {
    serverVersion,
    stageOf: (scenario) => stageOf({ scenario, client, native, bundleOf, id: `parity-${Date.now().toString(36)}-${++count}` }),
    close: async () => {
      await native.close()
      await connection.close()
    },
  }
}

async function registerNamespace(connection: Connection, client: Client): Promise<void> {
  await connection.workflowService.registerNamespace({
    namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  }).catch((error: unknown) => {
    if (!/already|exists/i.test(String(error))) throw error
  })
  for (;;) {
    try {
      await client.workflow.count()
      break
    } catch {
      await delay(200)
    }
  }
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch((error: unknown) => {
    if (!/already|exists/i.test(String(error))) throw error
  })
}

interface Place {
  readonly scenario: Scenario
  readonly client: Client
  readonly native: NativeConnection
  readonly bundleOf: (code: string, interceptors: readonly string[]) => Promise<WorkflowBundle>
  readonly id: string
}

function stageOf({ scenario, client, native, bundleOf, id }: Place): { readonly stage: Stage; close(): Promise<void> } {
  const stops: (() => Promise<void>)[] = []
  const queue = `queue-${id}`
  const optionsOf = (setup: StartSetup = {}) => ({ workflowId: id, taskQueue: queue, ...setup }) as unknown as WorkflowStartOptions
  const stage: Stage = {
    id, queue,
    worker: async (setup = {}) => {
      const { code = scenario.code, interceptors } = setup
      const bundle = () => bundleOf(code, interceptors === undefined ? [] : [interceptors])
      const stop = await startWorker({ native, queue, setup, bundle })
      stops.push(stop)
      return { stop }
    },
    start: async (type, setup) => handleOf(await client.workflow.start(type, optionsOf(setup)), client),
    getHandle: (workflowId, runId) => handleOf(client.workflow.getHandle(workflowId, runId), client),
    signalWithStart: async (type, signal, signalArgs, setup) => {
      const options = { ...optionsOf(setup), signal, signalArgs: [...signalArgs] }
      return handleOf(await client.workflow.signalWithStart(type, options as never), client)
    },
    executeUpdateWithStart: async (type, update, options, setup) => {
      const starting = optionsOf({ workflowIdConflictPolicy: 'FAIL', ...setup })
      const startWorkflowOperation = new WithStartWorkflowOperation(type, starting as never)
      return client.workflow.executeUpdateWithStart(update, { ...options, startWorkflowOperation } as never)
    },
    pass: (ms) => delay(ms * timeFactor),
  }
  return { stage, close: async () => void await Promise.allSettled(stops.map((stop) => stop())) }
}

interface WorkerPlace {
  readonly native: NativeConnection
  readonly queue: string
  readonly setup: WorkerSetup
  readonly bundle: () => Promise<WorkflowBundle>
}

async function startWorker({ native, queue, setup, bundle }: WorkerPlace): Promise<() => Promise<void>> {
  const worker = await Worker.create({
    connection: native, namespace, taskQueue: queue,
    ...(setup.without === 'workflows' ? {} : { workflowBundle: await bundle() }),
    ...(setup.without === 'activities' ? {} : { activities }),
    ...(setup.failureErrorTypes === undefined ? {} : { workflowFailureErrorTypes: { '*': [...setup.failureErrorTypes] } }),
    shutdownGraceTime: 100, shutdownForceTime: 2_000, stickyQueueScheduleToStartTimeout: 1_000,
    maxHeartbeatThrottleInterval: 100, defaultHeartbeatThrottleInterval: 100,
  })
  const running = worker.run()
  let stopped: Promise<void> | undefined
  return () => stopped ??= (async () => {
    worker.shutdown()
    await running.catch(() => {})
  })()
}

function handleOf(handle: WorkflowHandle, client: Client): Handle {
  const events = async (): Promise<HistoryEvent[]> => [...(await handle.fetchHistory()).events ?? []]
  return {
    workflowId: handle.workflowId,
    runId: (handle as { firstExecutionRunId?: string }).firstExecutionRunId,
    result: () => handle.result(),
    signal: (name, ...args) => handle.signal(name, ...args),
    query: (name, ...args) => handle.query(name, ...args),
    executeUpdate: (name, options) => handle.executeUpdate(name, optionsOfUpdate(options)),
    startUpdate: async (name, options) => {
      const update = await handle.startUpdate(name, { ...optionsOfUpdate(options), waitForStage: 'ACCEPTED' } as never)
      return { updateId: update.updateId, result: () => update.result() }
    },
    updateResult: (updateId) => handle.getUpdateHandle(updateId).result(),
    cancel: () => handle.cancel(),
    terminate: (reason) => handle.terminate(reason),
    describe: async (): Promise<Described> => {
      const { status, type, memo, searchAttributes: attributes } = await handle.describe()
      const { BuildIds: _, ...own } = attributes as Record<string, unknown>
      return { status: status.name, type, memo: memo ?? {}, searchAttributes: own }
    },
    events: async () => (await events()).map(lineOf).filter((line) => !internal.some((start) => line.startsWith(start))),
    settled: async () => {
      const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED: completed } = proto.temporal.api.enums.v1.EventType
      while ((await events()).findLast((event) => isOfTask(event))?.eventType !== completed) await delay(50)
    },
    stuck: async () => {
      for (;;) {
        const failed = (await events()).findLast((event) => (event.workflowTaskFailedEventAttributes ?? undefined) !== undefined)
        if (failed !== undefined) return failed.workflowTaskFailedEventAttributes?.failure?.message ?? ''
        await client.connection.withDeadline(Date.now() + 5_000, () => delay(100))
      }
    },
  }
}

function isOfTask({ eventType }: HistoryEvent): boolean {
  return (proto.temporal.api.enums.v1.EventType[eventType ?? 0] ?? '').includes('WORKFLOW_TASK')
}

function optionsOfUpdate({ args = [], updateId }: UpdateSetup = {}): { args: [unknown, ...unknown[]] } {
  return { args: [...args] as [unknown, ...unknown[]], ...(updateId === undefined ? {} : { updateId }) }
}

/** Events that say nothing about a workflow: tasks, and what the SDK notes about itself and about patches. */
const internal = ['WorkflowTask', 'UpsertWorkflowSearchAttributes TemporalChangeVersion']

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent

/** Its type, and what tells it from others of the type. */
function lineOf(event: HistoryEvent): string {
  const { EventType } = proto.temporal.api.enums.v1
  const type = pascalOf(EventType[event.eventType ?? 0] ?? '', 'EVENT_TYPE_')
  const attributes = ((event as unknown as Record<string, unknown>)[event.attributes ?? ''] ?? {}) as Attributes
  return [type, nameIn(attributes), causeIn(type, attributes.cause), attributes.failure?.message].filter((part) => part).join(' ')
}

interface Attributes {
  readonly signalName?: string
  readonly updateId?: string
  readonly cause?: number | string
  readonly markerName?: string
  readonly details?: Readonly<Record<string, { readonly payloads?: readonly { readonly data?: Uint8Array }[] }>>
  readonly searchAttributes?: { readonly indexedFields?: object }
  readonly failure?: { readonly message?: string }
  readonly acceptedRequest?: { readonly input?: { readonly name?: string } }
}

function nameIn({ signalName, acceptedRequest, markerName, details, searchAttributes }: Attributes): string {
  const patch = details?.['patch-data']?.payloads?.[0]?.data
  const fields = Object.keys(searchAttributes?.indexedFields ?? {}).join(',')
  const marker = `${markerName ?? ''} ${patch === undefined ? '' : Buffer.from(patch).toString()}`.trim()
  return signalName ?? acceptedRequest?.input?.name ?? (marker === '' ? fields : marker)
}

function causeIn(type: string, cause: Attributes['cause']): string | undefined {
  if (typeof cause !== 'number') return cause
  const enums = proto.temporal.api.enums.v1
  const ofStart = enums.StartChildWorkflowExecutionFailedCause
  const ofSignal = enums.SignalExternalWorkflowExecutionFailedCause
  const causes: Readonly<Record<number, string>> = type.startsWith('StartChild') ? ofStart : ofSignal
  return causes[cause]?.replace(/^.*_FAILED_CAUSE_/, '')
}

function pascalOf(name: string, prefix: string): string {
  return name.replace(prefix, '').toLowerCase().replace(/(^|_)([a-z])/g, (_match, _start, letter: string) => letter.toUpperCase())
}
