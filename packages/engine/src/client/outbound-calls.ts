/** What a client does to executions, with its interceptors around each call. */
import type { Headers } from '@perdure/workflow'
import { randomUUID } from 'node:crypto'
import { asRunId, type RunId } from '../protocol/ids.ts'
import { encodeEvent } from '../protocol/event-codec.ts'
import { intercepted } from '../protocol/intercepted.ts'
import type { StartMessage, StartRecord } from '../protocol/transition.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { ClientParts } from './client-parts.ts'
import type { ExecutionDescription } from './description.ts'
import type { StartedRun } from './handle.ts'
import {
  withStartDetails, type InterceptedExecution, type InterceptedStartOptions, type QueryRejectCondition,
  type WorkflowClientInterceptor, type WorkflowStartOutput,
} from './client-interceptors.ts'
import type { Target } from './lookup.ts'
import type { Messenger } from './messenger.ts'
import type { QueryAsker } from './query-asker.ts'
import type { AnyStartOptions } from './start-options.ts'
import { refuseUnknownStartKeys, startRecord, terminatesRunning } from './start-record.ts'
import type { Started, Starter } from './starter.ts'
import type { UpdateOptions } from './update-options.ts'
import type { AskedUpdate, Updater } from './updater.ts'
import { newRunId } from './uuid-v7.ts'
import { startOrJoin } from './with-start.ts'
import { refuseUnknownType, workflowTypeOf } from './workflow-type.ts'

export interface OutboundParts {
  readonly client: ClientParts
  readonly starter: Starter
  readonly messenger: Messenger
  readonly asker: QueryAsker
  readonly updater: Updater
  readonly describe: (target: Target) => Promise<ExecutionDescription>
}

/** A start that was not sent yet. */
interface PreparedStart {
  readonly record: StartRecord
  readonly hasRetry: boolean
  readonly followRuns: boolean
}

interface StartCall {
  readonly options: AnyStartOptions
  readonly call: string
  readonly headers?: Headers
  readonly messages?: readonly StartMessage[]
}

export class OutboundCalls {
  readonly #parts: OutboundParts
  readonly #interceptors: readonly WorkflowClientInterceptor[]
  /** Those of starts. */
  readonly #starting: readonly WorkflowClientInterceptor[]

  constructor(parts: OutboundParts) {
    this.#parts = parts
    this.#interceptors = parts.client.interceptors ?? []
    this.#starting = this.#interceptors.flatMap((each) => withStartDetails(each) ?? [])
  }

  /**
   * Throws at once what is wrong with the options.
   * @param made of the run that was started: no function waits here
   */
  start<R>(workflow: WorkflowFunction | string, options: AnyStartOptions, call: string, made: (run: StartedRun) => R): Promise<R> {
    const workflowType = workflowTypeOf(workflow, this.#parts.client.registry, call)
    if (this.#starting.length > 0) return this.#startIntercepted(workflowType, options, call).then(made)
    const prepared = this.#prepared(workflowType, { options, call })
    return this.#parts.starter.start(prepared.record).then((started) => made(runOf(prepared, started)))
  }

  async #startIntercepted(workflowType: string, options: AnyStartOptions, call: string): Promise<StartedRun> {
    let run: StartedRun | undefined
    const start = intercepted(this.#starting, 'startWithDetails', async (input): Promise<WorkflowStartOutput> => {
      const prepared = this.#prepared(input.workflowType, { options: input.options, call, headers: input.headers })
      run = runOf(prepared, await this.#parts.starter.start(prepared.record))
      return { runId: run.runId, eagerlyStarted: run.local }
    })
    const { runId } = await start({ workflowType, headers: {}, options: interceptedOptions(options, call) })
    return run?.runId === runId ? run : foreignRun(options.workflowId ?? runId, runId)
  }

  async signal(target: Target, signalName: string, args: readonly unknown[]): Promise<void> {
    const signal = intercepted(this.#interceptors, 'signal', async (input): Promise<void> => {
      await this.#parts.messenger.signal(targetOfInput(input, target), input.signalName, input.args, input.headers)
    })
    await signal({ signalName, args, headers: {}, ...inputOf(target) })
  }

  /** Gives the run that was signalled. */
  async signalWithStart(
    workflow: WorkflowFunction | string, given: AnyStartOptions, signal: { readonly name: string; readonly args: readonly unknown[] },
  ): Promise<StartedRun> {
    const { messenger, starter, client } = this.#parts
    const call = 'signalWithStart()'
    const workflowType = workflowTypeOf(workflow, client.registry, call)
    let run: StartedRun | undefined
    const send = intercepted(this.#interceptors, 'signalWithStart', async (input): Promise<string> => {
      const event = messenger.signalEvent(input.signalName, input.signalArgs, input.headers)
      const messages = [{ type: event.type, data: encodeEvent(event), updateId: null }]
      const prepared = this.#prepared(input.workflowType, { options: joining(input.options), call, headers: input.headers, messages })
      const { workflowId } = prepared.record
      const { started } = await startOrJoin(starter, prepared.record, async ({ runId }) => {
        return await messenger.signalRun({ workflowId, runId }, event) || undefined
      })
      run = runOf(prepared, started)
      return run.runId
    })
    const options = interceptedOptions(given, call)
    const runId = await send({ workflowType, signalName: signal.name, signalArgs: signal.args, headers: {}, options })
    return run?.runId === runId ? run : foreignRun(options.workflowId, runId)
  }

  async query(target: Target, queryType: string, args: readonly unknown[], condition?: QueryRejectCondition): Promise<unknown> {
    const query = intercepted(this.#interceptors, 'query', async (input): Promise<unknown> => {
      const { queryType: name, headers, queryRejectCondition } = input
      return await this.#parts.asker.query(targetOfInput(input, target), name, input.args, headers, queryRejectCondition)
    })
    const rejected = condition === undefined ? {} : { queryRejectCondition: condition }
    return query({ queryType, args, headers: {}, ...rejected, ...inputOf(target) })
  }

  async startUpdate(target: Target, updateName: string, args: readonly unknown[], options: UpdateOptions): Promise<AskedUpdate> {
    const { updater } = this.#parts
    let asked: AskedUpdate | undefined
    const start = intercepted(this.#interceptors, 'startUpdate', async (input) => {
      const updateId = input.options.updateId ?? updater.newId()
      const call = { updateId, updateName: input.updateName, args: input.args, headers: input.headers }
      asked = await updater.ask(targetOfInput(input, target), call)
      return { updateId, workflowRunId: asked.runId }
    })
    const { updateId, workflowRunId } = await start({ updateName, args, headers: {}, options, ...inputOf(target) })
    if (asked?.updateId === updateId && asked.runId === workflowRunId) return asked
    return { updateId, runId: asRunId(workflowRunId), workflowId: target.workflowId, name: updateName, state: undefined }
  }

  /** @param onStart told of the execution, whatever becomes of the update */
  async startUpdateWithStart(
    workflow: WorkflowFunction | string, given: AnyStartOptions,
    update: { readonly name: string; readonly args: readonly unknown[]; readonly options: UpdateOptions },
    onStart: (run: StartedRun) => void,
  ): Promise<AskedUpdate> {
    const { updater, starter, client } = this.#parts
    const call = 'executeUpdateWithStart()'
    const workflowType = workflowTypeOf(workflow, client.registry, call)
    let asked: AskedUpdate | undefined
    const send = intercepted(this.#interceptors, 'startUpdateWithStart', async (input) => {
      const updateId = input.updateOptions.updateId ?? updater.newId()
      const updateCall = { updateId, updateName: input.updateName, args: input.updateArgs, headers: input.updateHeaders }
      const prepared = this.#prepared(input.workflowType, {
        options: input.workflowStartOptions, call, headers: input.workflowStartHeaders,
        messages: [{ ...updater.message(updateCall), updateId }],
      })
      const { workflowId } = prepared.record
      const { started, joined } = await startOrJoin(starter, prepared.record, ({ runId }) => updater.join(workflowId, runId, updateCall))
      onStart(runOf(prepared, started))
      asked = joined ?? { updateId, runId: started.runId, workflowId, name: input.updateName, state: undefined }
      return { workflowExecution: { workflowId, runId: started.runId }, updateId }
    })
    const options = interceptedOptions(given, call)
    const output = await send({
      workflowType, workflowStartOptions: options, workflowStartHeaders: {}, updateName: update.name, updateArgs: update.args,
      updateOptions: update.options, updateHeaders: {},
    })
    const { workflowId, runId } = output.workflowExecution
    if (asked?.updateId === output.updateId && asked.runId === runId) return asked
    return { updateId: output.updateId, runId: asRunId(runId), workflowId, name: update.name, state: undefined }
  }

  async cancel(target: Target, reason: string | undefined): Promise<void> {
    const cancel = intercepted(this.#interceptors, 'cancel', async (input): Promise<void> => {
      await this.#parts.messenger.cancel(targetOfInput(input, target), input.reason ?? '')
    })
    await cancel({ ...(reason === undefined ? {} : { reason }), ...inputOf(target) })
  }

  async terminate(target: Target, reason: string | undefined): Promise<void> {
    const terminate = intercepted(this.#interceptors, 'terminate', async (input): Promise<void> => {
      await this.#parts.messenger.terminate(targetOfInput(input, target), input.reason)
    })
    await terminate({ ...(reason === undefined ? {} : { reason }), ...inputOf(target) })
  }

  describe(target: Target): Promise<ExecutionDescription> {
    const describe = intercepted(this.#interceptors, 'describe', (input) => this.#parts.describe(targetOfInput(input, target)))
    return describe(inputOf(target))
  }

  /** Throws at once what is wrong with the options. */
  #prepared(workflowType: string, { options, call, headers, messages }: StartCall): PreparedStart {
    const { registry, servedTaskQueues, namespace, taskQueue, clock, ids, values } = this.#parts.client
    const now = clock.now()
    const runId = ids?.runId(now) ?? newRunId(now)
    const sent = { ...(headers === undefined ? {} : { headers }), ...(messages === undefined ? {} : { messages }) }
    const record = startRecord(options, { namespace, taskQueue, workflowType, now, call, runId, values, ...sent })
    if (servedTaskQueues.includes(record.taskQueue)) refuseUnknownType(workflowType, record.taskQueue, registry)
    return { record, hasRetry: options.retry !== undefined, followRuns: options.followRuns ?? true }
  }
}

function runOf({ record, hasRetry, followRuns }: PreparedStart, { runId, local, joined }: Started): StartedRun {
  const { workflowId, workflowType } = record
  const mayBeRetried = hasRetry || joined
  return { workflowId, runId, local, joined, workflowType: joined ? undefined : workflowType, mayBeRetried, followRuns }
}

/** An interceptor gave another run than was started, if it started one. */
function foreignRun(workflowId: string, runId: string): StartedRun {
  return { workflowId, runId: asRunId(runId), local: false, joined: true, workflowType: undefined, mayBeRetried: true, followRuns: true }
}

/** @throws PerdureError OPTIONS_INVALID what the caller gave: interceptors may give more */
function interceptedOptions(options: AnyStartOptions, call: string): InterceptedStartOptions {
  refuseUnknownStartKeys(options, call)
  return { ...options, workflowId: options.workflowId ?? randomUUID(), args: options.args ?? [] }
}

/** Temporal's default of a start with a signal. */
function joining(options: AnyStartOptions): AnyStartOptions {
  if (terminatesRunning(options)) return options
  return { ...options, workflowIdConflictPolicy: options.workflowIdConflictPolicy ?? 'USE_EXISTING' }
}

interface TargetInput {
  readonly workflowExecution: InterceptedExecution
  readonly firstExecutionRunId?: string
}

/** A chain is named by a run of it; no run: whichever is open. */
function inputOf({ workflowId, runId, follows }: Target): TargetInput {
  if (runId === null) return { workflowExecution: { workflowId } }
  return follows === true
    ? { workflowExecution: { workflowId }, firstExecutionRunId: runId }
    : { workflowExecution: { workflowId, runId } }
}

function targetOfInput({ workflowExecution, firstExecutionRunId }: TargetInput, asked: Target): Target {
  const { workflowId, runId } = workflowExecution
  const isAsked = workflowId === asked.workflowId && (runId ?? firstExecutionRunId ?? null) === asked.runId
  if (isAsked) return asked
  if (runId !== undefined) return { workflowId, runId: runId as RunId }
  if (firstExecutionRunId === undefined) return { workflowId, runId: null }
  return { workflowId, runId: firstExecutionRunId as RunId, follows: true }
}
