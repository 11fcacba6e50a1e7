/**
 * The client: starts executions, talks to them, waits for them, looks at them. It never runs or recovers work; a worker of
 * the same process is a short way to what otherwise goes through the store.
 */
import { DeterminismViolationError, type QueryDefinition, type SignalDefinition, type UpdateDefinition } from '@perdure/workflow'
import { currentScopeOrNone, durationToMs } from '@perdure/workflow/host'
import type { PerdureError } from '../error.ts'
import { batchMaxOf } from '../limits.ts'
import { carefulLogger } from '../ports/careful-logger.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import type { WorkflowFunction } from '../registry.ts'
import { historyForFiles } from '../replay/replay-client.ts'
import type { ClientParts } from './client-parts.ts'
import { statusOf, type ExecutionDescription, type WorkflowStatus } from './description.ts'
import { countFilter, type ListFilter, type ListOptions } from './execution-list.ts'
import { describeExecution, historyOf, listExecutions } from './execution-reader.ts'
import { optionsInvalid, refuseUnknownKeys, shown } from './given-options.ts'
import type { HistoryEventView } from './history-view.ts'
import { Handle, startedHandle, type GivenUpdateOptions, type HandleCalls, type HandleTarget, type KnownRun, type Named } from './handle.ts'
import { checkedRunId, requireExecution, targetOf, type Target } from './lookup.ts'
import { startAll, type StartManyOutcome } from './many-starts.ts'
import { nameOfMessage } from './message-name.ts'
import { Messenger } from './messenger.ts'
import { OutboundCalls } from './outbound-calls.ts'
import { QueryAsker } from './query-asker.ts'
import { Results } from './results.ts'
import { delayedStart, type AnyStartOptions, type ExecuteSettings, type ScheduledStartOptions } from './start-options.ts'
import { Starter } from './starter.ts'
import {
  updateOptionsWithStage, type UpdateOptions, type UpdateResultOptions, type WorkflowUpdateHandle,
} from './update-options.ts'
import { Updater, type AskedUpdate } from './updater.ts'
import type { AwaitedStage } from './update-waiters.ts'
import { WithStartWorkflowOperation } from './with-start.ts'
import type {
  ConnectedClient, ExecutionPage, GetHandleOptions, SignalWithStartOptions, StopOptions, UpdateWithStartOptions,
} from './workflow-client.ts'
import type {
  CurrentWorkflowHandle, ResultOptions, SignaledWorkflowHandle, StartedWorkflowHandle, WorkflowHandle, WorkflowResult,
} from './workflow-handle.ts'

export function createWorkflowClient(parts: ClientParts): ConnectedClient {
  return new StoreClient({ ...parts, logger: carefulLogger(parts.logger) })
}

class StoreClient implements ConnectedClient {
  readonly #parts: ClientParts
  readonly #results: Results
  readonly #starter: Starter
  readonly #messenger: Messenger
  readonly #asker: QueryAsker
  readonly #updater: Updater
  readonly #outbound: OutboundCalls
  readonly #stopListening: (() => void) | undefined
  readonly #calls: HandleCalls
  #stopped: PerdureError | undefined

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.#asker = new QueryAsker(parts)
    this.#results = new Results(parts, this.#asker)
    this.#starter = new Starter(parts)
    this.#messenger = new Messenger(parts, (closed) => this.#results.settle(closed))
    this.#updater = new Updater(parts)
    this.#outbound = new OutboundCalls({
      client: parts, starter: this.#starter, messenger: this.#messenger, asker: this.#asker, updater: this.#updater,
      describe: async (target) => describeExecution(parts, this.#asker, await this.#find(target)),
    })
    this.#calls = this.#handleCalls()
    this.#stopListening = parts.localWorker?.onClosed((closed) => this.#results.settle(closed))
  }

  start<T extends WorkflowFunction>(workflow: T | string, options: AnyStartOptions = {}): Promise<StartedWorkflowHandle<T>> {
    return this.#started<T>(workflow, options, 'start()')
  }

  async execute<T extends WorkflowFunction>(
    workflow: T | string, options: AnyStartOptions & ExecuteSettings = {},
  ): Promise<WorkflowResult<T>> {
    const timeoutMs = timeoutOf(options, 'execute()')
    this.#refuseMisuse('execute()')
    const run = await this.#outbound.start(workflow, options, 'execute()', (started) => started)
    return await this.#results.of(run, { timeoutMs, followRuns: run.followRuns }) as WorkflowResult<T>
  }

  startMany<T extends WorkflowFunction>(workflow: T | string, starts: readonly AnyStartOptions[]): Promise<StartManyOutcome<T>[]> {
    return startAll<T>(starts, {
      begin: async (options) => {
        this.#refuseMisuse('startMany()')
        return this.#outbound.start(workflow, options, 'startMany()', (run) => run)
      },
      perTurn: batchMaxOf(this.#parts.store),
      handleOf: (run) => startedHandle<T>(this.#calls, run),
    })
  }

  async schedule<T extends WorkflowFunction>(
    workflow: T | string, options: ScheduledStartOptions<AnyStartOptions>,
  ): Promise<StartedWorkflowHandle<T>> {
    const isObject = typeof options === 'object' && options !== null && !Array.isArray(options)
    if (!isObject) refuseUnknownKeys(options, ['delay', 'at', 'workflowId', 'args'], 'schedule()')
    return this.#started<T>(workflow, delayedStart(options, this.#parts.clock.now()), 'schedule()')
  }

  async signalWithStart<T extends WorkflowFunction>(
    workflow: T | string, given: AnyStartOptions & SignalWithStartOptions<unknown[]>,
  ): Promise<SignaledWorkflowHandle<T>> {
    this.#refuseMisuse('signalWithStart()')
    const { signal, signalArgs = [], ...options } = given ?? {}
    if (!Array.isArray(signalArgs)) throw optionsInvalid(`The signalArgs of signalWithStart() are ${shown(signalArgs)}; pass an array`)
    const name = nameOfMessage(signal, 'signal', 'signalWithStart()')
    const run = await this.#outbound.signalWithStart(workflow, options, { name, args: signalArgs })
    return Object.assign(startedHandle<T>(this.#calls, run), { signaledRunId: run.runId })
  }

  async executeUpdateWithStart<T extends WorkflowFunction, Ret, Args extends unknown[]>(
    update: UpdateDefinition<Ret, Args> | string, given: UpdateWithStartOptions<T, unknown[]>,
  ): Promise<Ret> {
    const asked = await this.#updateWithStart(update, given, 'executeUpdateWithStart()')
    return await this.#updater.result(asked, updateTimeout(given, 'executeUpdateWithStart()')) as Ret
  }

  async startUpdateWithStart<T extends WorkflowFunction, Ret, Args extends unknown[]>(
    update: UpdateDefinition<Ret, Args> | string, given: UpdateWithStartOptions<T, unknown[]> & { readonly waitForStage: AwaitedStage },
  ): Promise<WorkflowUpdateHandle<Ret>> {
    const call = 'startUpdateWithStart()'
    const { waitForStage, ...options } = updateOptionsWithStage(given, call)
    const asked = await this.#updateWithStart(update, options, call)
    return await this.#atStage(asked, waitForStage, updateTimeout(options, call)) as WorkflowUpdateHandle<Ret>
  }

  getHandle<T extends WorkflowFunction>(workflowId: string, runId: string, options?: GetHandleOptions): WorkflowHandle<T>
  getHandle<T extends WorkflowFunction>(workflowId: string, runId?: string, options?: GetHandleOptions): CurrentWorkflowHandle<T>
  getHandle<T extends WorkflowFunction>(workflowId: string, runId?: string, options: GetHandleOptions = {}): CurrentWorkflowHandle<T> {
    refuseUnknownKeys(options, ['firstExecutionRunId', 'followRuns'], 'getHandle()')
    const { firstExecutionRunId, followRuns = true } = options
    const target = targetOf(workflowId, runId)
    if (firstExecutionRunId === undefined || runId !== undefined) return new Handle<T>(this.#calls, { ...target, followRuns })
    const first = checkedRunId(workflowId, firstExecutionRunId, 'firstExecutionRunId')
    return new Handle<T>(this.#calls, { workflowId, runId: first, follows: true, followRuns })
  }

  async getResult<R = unknown>(workflowId: string, options: ResultOptions & { readonly runId?: string } = {}): Promise<R> {
    refuseUnknownKeys(options, ['timeout', 'runId', 'followRuns'], 'getResult()')
    const { runId, followRuns = true } = options
    return await this.#result(targetOf(workflowId, runId), timeoutOf(options, 'getResult()'), followRuns) as R
  }

  async getStatus(workflowId: string, runId?: string): Promise<WorkflowStatus> {
    return statusOf(await this.#find(targetOf(workflowId, runId)))
  }

  async describe(workflowId: string, runId?: string): Promise<ExecutionDescription> {
    return this.#outbound.describe(targetOf(workflowId, runId))
  }

  async history(workflowId: string, runId?: string): Promise<HistoryEventView[]> {
    return historyOf(this.#parts, await this.#find(targetOf(workflowId, runId)))
  }

  async list(options: ListOptions = {}): Promise<ExecutionPage> {
    this.#refuseMisuse('list()')
    return listExecutions(this.#parts, options)
  }

  async count(filter: ListFilter = {}): Promise<number> {
    this.#refuseMisuse('count()')
    return this.#parts.store.countExecutions(countFilter(filter, this.#parts.namespace))
  }

  async signal<Args extends unknown[] = unknown[]>(
    workflowId: string, signal: SignalDefinition<Args> | string, ...args: Args
  ): Promise<void> {
    await this.#calls.signal(targetOf(workflowId, undefined), signal, args)
  }

  async query<Ret = unknown, Args extends unknown[] = unknown[]>(
    workflowId: string, query: QueryDefinition<Ret, Args> | string, ...args: Args
  ): Promise<Ret> {
    return await this.#calls.query(targetOf(workflowId, undefined), query, args) as Ret
  }

  async cancel(workflowId: string, options: StopOptions | string = {}): Promise<void> {
    const { reason, runId } = stopOptions(options, 'cancel()')
    await this.#calls.cancel(targetOf(workflowId, runId), reason)
  }

  async terminate(workflowId: string, options: StopOptions | string = {}): Promise<void> {
    const { reason, runId } = stopOptions(options, 'terminate()')
    await this.#calls.terminate(targetOf(workflowId, runId), reason)
  }

  onHint(topic: string): void {
    if (topic === 'closed' || topic === '*') {
      this.#results.hint()
      this.#updater.hint()
    }
    if (topic === 'query' || topic === '*') this.#asker.hint()
  }

  async stop(error: PerdureError): Promise<void> {
    this.#stopped ??= error
    await Promise.all([this.#starter.settled(), this.#messenger.settled(), this.#updater.settled()])
    this.#asker.stop(error)
    await Promise.all([this.#results.stop(error), this.#updater.stop(error)])
    this.#stopListening?.()
  }

  /** Here and in `#handleResult` no function waits: thousands of starts and results may be awaited, and a callback is half as large. */
  #started<T extends WorkflowFunction>(workflow: T | string, options: AnyStartOptions, call: string): Promise<StartedWorkflowHandle<T>> {
    try {
      this.#refuseMisuse(call)
      return this.#outbound.start(workflow, options, call, (run) => startedHandle<T>(this.#calls, run))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #handleCalls(): HandleCalls {
    return {
      result: (target, options, run) => this.#handleResult(target, options, run),
      getStatus: async (target) => statusOf(await this.#find(target)),
      describe: async (target) => this.#outbound.describe(target),
      history: async (target) => historyOf(this.#parts, await this.#find(target)),
      fetchHistory: async (target) => historyForFiles(this.#parts, await this.#find(target)),
      signal: async (target, signal, args) => {
        this.#refuseMisuse('signal()')
        await this.#outbound.signal(target, nameOfMessage(signal, 'signal'), args)
      },
      query: async (target, query, args) => {
        this.#refuseMisuse('query()')
        return this.#outbound.query(target, nameOfMessage(query, 'query'), args, this.#parts.queryRejectCondition)
      },
      startUpdate: (target, update, options, stage, call) => this.#startUpdate(target, update, options, stage, call),
      getUpdateHandle: (target, updateId, workflowRunId) => this.#updateHandle(
        { workflowId: target.workflowId, updateId, runId: workflowRunId ?? target.runId ?? undefined },
        () => this.#updater.asked(workflowRunId === undefined ? target : targetOf(target.workflowId, workflowRunId), updateId),
      ),
      cancel: async (target, reason) => {
        this.#refuseMisuse('cancel()')
        await this.#outbound.cancel(target, checkedReason(reason))
      },
      terminate: async (target, reason) => {
        this.#refuseMisuse('terminate()')
        await this.#outbound.terminate(target, checkedReason(reason))
      },
    }
  }

  #handleResult(target: HandleTarget, options: ResultOptions, run: KnownRun | undefined): Promise<unknown> {
    try {
      refuseUnknownKeys(options, ['timeout', 'followRuns'], 'result()')
      const timeoutMs = timeoutOf(options, 'result()')
      const followRuns = options.followRuns ?? run?.followRuns ?? target.followRuns ?? true
      if (run?.local !== true) return this.#result({ ...target, follows: false }, timeoutMs, followRuns)
      this.#refuseMisuse('result()')
      return this.#results.of(run, { timeoutMs, followRuns })
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async #result(target: Target, timeoutMs: number | undefined, followRuns: boolean): Promise<unknown> {
    this.#refuseMisuse('result()')
    return this.#results.of(await this.#find(target), { timeoutMs, followRuns })
  }

  async #startUpdate(
    target: Target, update: Named, given: GivenUpdateOptions, stage: AwaitedStage, call: string,
  ): Promise<WorkflowUpdateHandle> {
    this.#refuseMisuse(call)
    const { args = [], ...options } = checkedUpdate(given, ['updateId', 'timeout', 'args'], call)
    const timeoutMs = updateTimeout(options, call)
    return this.#atStage(await this.#outbound.startUpdate(target, nameOfMessage(update, 'update', call), args, options), stage, timeoutMs)
  }

  async #updateWithStart<T extends WorkflowFunction>(
    update: Named, given: UpdateWithStartOptions<T, unknown[]>, call: string,
  ): Promise<AskedUpdate> {
    this.#refuseMisuse(call)
    const { startWorkflowOperation: operation, args = [], ...options } =
      checkedUpdate(given, ['updateId', 'timeout', 'args', 'startWorkflowOperation'], call)
    if (!(operation instanceof WithStartWorkflowOperation)) {
      const remedy = 'new WithStartWorkflowOperation(workflow, { workflowIdConflictPolicy, ... })'
      throw optionsInvalid(`${call} needs a startWorkflowOperation: ${remedy}`)
    }
    const name = nameOfMessage(update, 'update', call)
    const handle = WithStartWorkflowOperation.begin<T>(operation)
    try {
      if (operation.options?.workflowIdConflictPolicy === undefined) {
        throw optionsInvalid('A WithStartWorkflowOperation needs a workflowIdConflictPolicy: FAIL or USE_EXISTING')
      }
      return await this.#outbound.startUpdateWithStart(operation.workflowTypeOrFunc, operation.options, { name, args, options }, (run) => {
        handle.resolve(startedHandle<T>(this.#calls, run))
      })
    } catch (error) {
      handle.reject(error)
      throw error
    }
  }

  async #atStage(asked: AskedUpdate, stage: AwaitedStage, timeoutMs: number | undefined): Promise<WorkflowUpdateHandle> {
    const reached = this.#updater.reached(asked, stage, timeoutMs)
    this.#results.watch(asked, reached)
    const known = { ...asked, state: await reached }
    return this.#updateHandle(asked, async () => known)
  }

  #updateHandle(
    { workflowId, updateId, runId }: { readonly workflowId: string; readonly updateId: string; readonly runId: string | undefined },
    find: () => Promise<AskedUpdate>,
  ): WorkflowUpdateHandle {
    return {
      updateId, workflowId, workflowRunId: runId,
      result: async (options: UpdateResultOptions = {}) => {
        this.#refuseMisuse('result()')
        refuseUnknownKeys(options, ['timeout'], 'result()')
        return this.#updater.result(await find(), updateTimeout(options, 'result()'))
      },
    }
  }

  async #find(target: Target): Promise<ExecutionRecord> {
    this.#refuseMisuse('getHandle()')
    return requireExecution(this.#parts.store, this.#parts.namespace, target)
  }

  #refuseMisuse(call: string): void {
    if (this.#stopped !== undefined) throw this.#stopped
    if (currentScopeOrNone() !== undefined) throw DeterminismViolationError.of(`engine.workflows.${call}`, 'call it in an activity')
  }
}

function checkedUpdate<T extends { readonly args?: readonly unknown[] }>(given: T, keys: readonly string[], call: string): T {
  refuseUnknownKeys(given, keys, call)
  if (given.args === undefined || Array.isArray(given.args)) return given
  throw optionsInvalid(`The args of ${call} are ${shown(given.args)}; pass an array of arguments, as in { args: [item] }`)
}

function updateTimeout(options: UpdateOptions, call: string): number | undefined {
  return options.timeout === undefined ? undefined : durationToMs(options.timeout, `timeout of ${call}`)
}

function timeoutOf(options: ResultOptions, call: string): number | undefined {
  return options?.timeout === undefined ? undefined : durationToMs(options.timeout, `timeout of ${call}`)
}

function stopOptions(options: StopOptions | string, call: string): StopOptions {
  if (typeof options === 'string') return { reason: options }
  refuseUnknownKeys(options, ['reason', 'runId'], call)
  return options
}

function checkedReason(reason: string | undefined): string | undefined {
  if (reason === undefined || typeof reason === 'string') return reason
  throw optionsInvalid(`The reason is ${shown(reason)}; give a text`)
}
