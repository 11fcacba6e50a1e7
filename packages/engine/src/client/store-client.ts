/**
 * The client: starts executions, talks to them, waits for them, looks at them. It never runs or recovers work; a worker of
 * the same process is a short way to what otherwise goes through the store.
 */
import { DeterminismViolationError, type QueryDefinition, type SignalDefinition } from '@perdure/workflow'
import { currentScopeOrNone, durationToMs } from '@perdure/workflow/host'
import type { PerdureError } from '../error.ts'
import { batchMaxOf, historyPageMax } from '../limits.ts'
import { carefulLogger } from '../ports/careful-logger.ts'
import type { ClosedExecution } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import type { EventRecord } from '../protocol/transition.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { ClientParts } from './client-parts.ts'
import { descriptionOf, statusOf, summaryOf, type ExecutionDescription, type WorkflowStatus } from './description.ts'
import { countFilter, cursorAfter, listRequest, type ListFilter, type ListOptions } from './execution-list.ts'
import { resultOf } from './execution-result.ts'
import { optionsInvalid, refuseUnknownKeys, shown } from './given-options.ts'
import { historyView, type HistoryEventView } from './history-view.ts'
import { Handle, startedHandle, type HandleCalls, type KnownRun } from './handle.ts'
import { IdleWorkerWarning } from './idle-worker-warning.ts'
import { requireExecution, targetOf, type Target } from './lookup.ts'
import { nameOfMessage } from './message-name.ts'
import { Messenger } from './messenger.ts'
import { runOf, startAll, type BegunStart, type StartManyOutcome } from './many-starts.ts'
import { QueryAsker } from './query-asker.ts'
import { lookAfterTimeout } from './result-timeout.ts'
import { ResultWaiters } from './result-waiters.ts'
import { whyNobodyRuns } from './serving-workers.ts'
import { delayedStart, startRecord, type AnyStartOptions, type ExecuteSettings, type ScheduledStartOptions } from './start-options.ts'
import { Starter } from './starter.ts'
import { newRunId } from './uuid-v7.ts'
import type { ConnectedClient, ExecutionPage, StopOptions } from './workflow-client.ts'
import type { CurrentWorkflowHandle, ResultOptions, StartedWorkflowHandle, WorkflowHandle, WorkflowResult } from './workflow-handle.ts'
import { refuseUnknownType, workflowTypeOf } from './workflow-type.ts'

export function createWorkflowClient(parts: ClientParts): ConnectedClient {
  return new StoreClient({ ...parts, logger: carefulLogger(parts.logger) })
}

class StoreClient implements ConnectedClient {
  readonly #parts: ClientParts
  readonly #waiters: ResultWaiters
  readonly #starter: Starter
  readonly #messenger: Messenger
  readonly #asker: QueryAsker
  readonly #idleWorker: IdleWorkerWarning
  readonly #stopListening: (() => void) | undefined
  readonly #calls: HandleCalls
  #stopped: PerdureError | undefined

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.#waiters = new ResultWaiters(parts)
    this.#starter = new Starter(parts)
    this.#messenger = new Messenger(parts, (closed) => this.#waiters.settle(closed))
    this.#asker = new QueryAsker(parts)
    this.#idleWorker = new IdleWorkerWarning(parts)
    this.#calls = this.#handleCalls()
    this.#stopListening = parts.localWorker?.onClosed((closed) => this.#waiters.settle(closed))
  }

  start<T extends WorkflowFunction>(workflow: T | string, options: AnyStartOptions = {}): Promise<StartedWorkflowHandle<T>> {
    return this.#started<T>(workflow, options, 'start()')
  }

  async execute<T extends WorkflowFunction>(
    workflow: T | string, options: AnyStartOptions & ExecuteSettings = {},
  ): Promise<WorkflowResult<T>> {
    const timeoutMs = timeoutOf(options, 'execute()')
    const begun = this.#begin(workflow, options, 'execute()')
    const run = runOf(begun, await begun.started)
    return resultOf(await this.#closed(run, timeoutMs), run) as WorkflowResult<T>
  }

  startMany<T extends WorkflowFunction>(workflow: T | string, starts: readonly AnyStartOptions[]): Promise<StartManyOutcome<T>[]> {
    return startAll<T>(starts, {
      begin: (options) => this.#begin(workflow, options, 'startMany()'),
      perTurn: batchMaxOf(this.#parts.store),
      handleOf: (run, isNew) => startedHandle<T>(this.#calls, run, isNew),
    })
  }

  async schedule<T extends WorkflowFunction>(
    workflow: T | string, options: ScheduledStartOptions<AnyStartOptions>,
  ): Promise<StartedWorkflowHandle<T>> {
    if (typeof options !== 'object' || options === null) refuseUnknownKeys(options, ['delay', 'at', 'workflowId', 'args'], 'schedule()')
    return this.#started<T>(workflow, delayedStart(options, this.#parts.clock.now()), 'schedule()')
  }

  getHandle<T extends WorkflowFunction>(workflowId: string, runId: string): WorkflowHandle<T>
  getHandle<T extends WorkflowFunction>(workflowId: string, runId?: string): CurrentWorkflowHandle<T>
  getHandle<T extends WorkflowFunction>(workflowId: string, runId?: string): CurrentWorkflowHandle<T> {
    return new Handle<T>(this.#calls, targetOf(workflowId, runId))
  }

  async getResult<R = unknown>(workflowId: string, options: ResultOptions & { readonly runId?: string } = {}): Promise<R> {
    refuseUnknownKeys(options, ['timeout', 'runId'], 'getResult()')
    return await this.#result(targetOf(workflowId, options.runId), timeoutOf(options, 'getResult()')) as R
  }

  async getStatus(workflowId: string, runId?: string): Promise<WorkflowStatus> {
    return statusOf(await this.#find(targetOf(workflowId, runId)))
  }

  async describe(workflowId: string, runId?: string): Promise<ExecutionDescription> {
    const execution = await this.#find(targetOf(workflowId, runId))
    if (execution.status !== 'RUNNING') return descriptionOf(execution, [], undefined)
    const tasks = await this.#parts.store.readTasks(execution.runId)
    const hasRun = execution.held === null && execution.firstTaskAt !== null
    const [waits, problem] = await Promise.all([
      hasRun ? this.#asker.waits(execution) : undefined, whyNobodyRuns(this.#parts, execution, tasks),
    ])
    return descriptionOf(execution, tasks, waits, problem)
  }

  async history(workflowId: string, runId?: string): Promise<HistoryEventView[]> {
    const execution = await this.#find(targetOf(workflowId, runId))
    const events: EventRecord[] = []
    for (;;) {
      const page = await this.#parts.store.readHistory(execution.runId, events.at(-1)?.seq ?? 0, historyPageMax)
      events.push(...page)
      if (page.length < historyPageMax) break
    }
    return historyView(execution, events, execution.status === 'RUNNING' ? await this.#parts.store.readTasks(execution.runId) : [])
  }

  async list(options: ListOptions = {}): Promise<ExecutionPage> {
    this.#refuseMisuse('list()')
    const { pageLimit, ...request } = listRequest(options, this.#parts.namespace)
    const found = await this.#parts.store.listExecutions(request)
    const page = found.slice(0, pageLimit)
    const last = page.at(-1)
    const more = found.length > pageLimit && last !== undefined ? { nextCursor: cursorAfter(last) } : {}
    return { executions: page.map(summaryOf), ...more }
  }

  async count(filter: ListFilter = {}): Promise<number> {
    this.#refuseMisuse('count()')
    return this.#parts.store.countExecutions(countFilter(filter, this.#parts.namespace))
  }

  async signal<Args extends unknown[] = unknown[]>(
    workflowId: string, signal: SignalDefinition<Args> | string, ...args: Args
  ): Promise<void> {
    await this.#signal(targetOf(workflowId, undefined), signal, args)
  }

  async query<Ret = unknown, Args extends unknown[] = unknown[]>(
    workflowId: string, query: QueryDefinition<Ret, Args> | string, ...args: Args
  ): Promise<Ret> {
    return await this.#query(targetOf(workflowId, undefined), query, args) as Ret
  }

  async cancel(workflowId: string, options: StopOptions | string = {}): Promise<void> {
    const { reason, runId } = stopOptions(options, 'cancel()')
    await this.#cancel(targetOf(workflowId, runId), reason)
  }

  async terminate(workflowId: string, options: StopOptions | string = {}): Promise<void> {
    const { reason, runId } = stopOptions(options, 'terminate()')
    await this.#terminate(targetOf(workflowId, runId), reason)
  }

  onHint(topic: string): void {
    if (topic === 'closed' || topic === '*') this.#waiters.hint()
    if (topic === 'query' || topic === '*') this.#asker.hint()
  }

  async stop(error: PerdureError): Promise<void> {
    this.#stopped ??= error
    await Promise.all([this.#starter.settled(), this.#messenger.settled()])
    this.#asker.stop(error)
    await this.#waiters.stop(error)
    this.#stopListening?.()
  }

  /** Here and in `#handleResult` no function waits: thousands of starts and results may be awaited, and a callback is half as large. */
  #started<T extends WorkflowFunction>(workflow: T | string, options: AnyStartOptions, call: string): Promise<StartedWorkflowHandle<T>> {
    try {
      const begun = this.#begin(workflow, options, call)
      return begun.started.then((started) => startedHandle<T>(this.#calls, runOf(begun, started), !started.joined))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Throws at once what is wrong with the options. */
  #begin(workflow: WorkflowFunction | string, options: AnyStartOptions, call: string): BegunStart {
    this.#refuseMisuse(call)
    const { registry, servedTaskQueues, namespace, taskQueue, clock } = this.#parts
    const workflowType = workflowTypeOf(workflow, registry, call)
    const now = clock.now()
    const runId = this.#parts.ids?.runId(now) ?? newRunId(now)
    const record = startRecord(options, { namespace, taskQueue, workflowType, now, call, runId })
    if (servedTaskQueues.includes(record.taskQueue)) refuseUnknownType(workflowType, record.taskQueue, registry)
    return { workflowId: record.workflowId, workflowType, started: this.#starter.start(record) }
  }

  #handleCalls(): HandleCalls {
    return {
      result: (target, options, run) => this.#handleResult(target, options, run),
      getStatus: ({ workflowId, runId }) => this.getStatus(workflowId, runId ?? undefined),
      describe: ({ workflowId, runId }) => this.describe(workflowId, runId ?? undefined),
      history: ({ workflowId, runId }) => this.history(workflowId, runId ?? undefined),
      signal: (target, signal, args) => this.#signal(target, signal, args),
      query: (target, query, args) => this.#query(target, query, args),
      cancel: (target, reason) => this.#cancel(target, reason),
      terminate: (target, reason) => this.#terminate(target, reason),
    }
  }

  #handleResult(target: Target, options: ResultOptions, run: KnownRun | undefined): Promise<unknown> {
    try {
      refuseUnknownKeys(options, ['timeout'], 'result()')
      const timeoutMs = timeoutOf(options, 'result()')
      if (run?.local !== true) return this.#result(target, timeoutMs)
      this.#refuseMisuse('result()')
      return this.#closed(run, timeoutMs).then((closed) => resultOf(closed, run))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async #result(target: Target, timeoutMs: number | undefined): Promise<unknown> {
    this.#refuseMisuse('result()')
    const execution = await this.#find(target)
    return resultOf(execution.status === 'RUNNING' ? await this.#closed({ ...execution, local: false }, timeoutMs) : execution, execution)
  }

  #closed(run: KnownRun, timeoutMs: number | undefined): Promise<ClosedExecution> {
    const closed = this.#waiters.wait(run.runId, {
      local: run.local, timeoutMs, timedOut: () => lookAfterTimeout(this.#parts, run, timeoutMs ?? 0),
    })
    this.#idleWorker.watch(run, closed)
    return closed
  }

  async #signal(target: Target, signal: { readonly name: string } | string, args: readonly unknown[]): Promise<void> {
    this.#refuseMisuse('signal()')
    await this.#messenger.signal(target, nameOfMessage(signal, 'signal'), args)
  }

  async #query(target: Target, query: { readonly name: string } | string, args: readonly unknown[]): Promise<unknown> {
    this.#refuseMisuse('query()')
    return await this.#asker.query(target, nameOfMessage(query, 'query'), args)
  }

  async #cancel(target: Target, reason: string | undefined): Promise<void> {
    this.#refuseMisuse('cancel()')
    await this.#messenger.cancel(target, checkedReason(reason) ?? '')
  }

  async #terminate(target: Target, reason: string | undefined): Promise<void> {
    this.#refuseMisuse('terminate()')
    await this.#messenger.terminate(target, checkedReason(reason))
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
