/**
 * The client: starts executions, talks to them, waits for them, looks at them. It never runs or recovers work; a worker of
 * the same process is a short way to what otherwise goes through the store.
 */
import { DeterminismViolationError, type QueryDefinition, type SignalDefinition } from '@perdure/workflow'
import { currentScopeOrNone, durationToMs } from '@perdure/workflow/host'
import type { PerdureError } from '../error.ts'
import { historyPageMax } from '../limits.ts'
import type { ClosedExecution } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import type { EventRecord } from '../protocol/transition.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { ClientParts } from './client-parts.ts'
import { descriptionOf, statusOf, summaryOf, type ExecutionDescription, type ExecutionSummary, type WorkflowStatus } from './description.ts'
import { ResultTimeoutError } from './errors.ts'
import { countFilter, cursorAfter, listRequest, type ListFilter, type ListOptions } from './execution-list.ts'
import { resultOf } from './execution-result.ts'
import { optionsInvalid, refuseUnknownKeys, shown } from './given-options.ts'
import { historyView, type HistoryEventView } from './history-view.ts'
import { requireExecution, targetOf, type Target } from './lookup.ts'
import { nameOfMessage } from './message-name.ts'
import { Messenger } from './messenger.ts'
import { QueryAsker } from './query-asker.ts'
import { ResultWaiters } from './result-waiters.ts'
import {
  startRecord, type AnyStartOptions, type ExecuteSettings, type StartOptions, type StartSettings, type WorkflowWithoutArguments,
} from './start-options.ts'
import { Starter, type Started } from './starter.ts'
import { newRunId } from './uuid-v7.ts'
import type { CurrentWorkflowHandle, ResultOptions, WorkflowHandle, WorkflowResult } from './workflow-handle.ts'
import { refuseUnknownType, workflowTypeOf } from './workflow-type.ts'

export interface ExecutionPage {
  readonly executions: readonly ExecutionSummary[]
  /** Not on the last page. */
  readonly nextCursor?: string
}

export function createWorkflowClient(parts: ClientParts): WorkflowClient {
  return new WorkflowClient(parts)
}

export class WorkflowClient {
  readonly #parts: ClientParts
  readonly #waiters: ResultWaiters
  readonly #starter: Starter
  readonly #messenger: Messenger
  readonly #asker: QueryAsker
  readonly #stopListening: (() => void) | undefined
  #stopped: PerdureError | undefined

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.#waiters = new ResultWaiters(parts)
    this.#starter = new Starter(parts)
    this.#messenger = new Messenger(parts, (closed) => this.#waiters.settle(closed))
    this.#asker = new QueryAsker(parts)
    this.#stopListening = parts.localWorker?.onClosed((closed) => this.#waiters.settle(closed))
  }

  /**
   * Starts an execution; it is durable when the promise resolves.
   * @throws WorkflowExecutionAlreadyStartedError, PerdureError (docs/errors.md)
   * @example await client.start(orderProcessing, { workflowId: 'order-7', args: [order] })
   */
  start<T extends WorkflowFunction = WorkflowFunction>(workflow: string, options?: AnyStartOptions): Promise<WorkflowHandle<T>>
  start<T extends WorkflowWithoutArguments>(workflow: T, options?: StartSettings): Promise<WorkflowHandle<T>>
  start<T extends WorkflowFunction>(workflow: T, options: StartOptions<T>): Promise<WorkflowHandle<T>>
  async start<T extends WorkflowFunction>(workflow: T | string, options: AnyStartOptions = {}): Promise<WorkflowHandle<T>> {
    const { workflowId, started } = await this.#start(workflow, options, 'start()')
    return this.#handle<T>({ workflowId, runId: started.runId }, started.local) as WorkflowHandle<T>
  }

  /** Starts an execution and waits for its result. */
  execute<T extends WorkflowFunction = WorkflowFunction>(
    workflow: string, options?: AnyStartOptions & ExecuteSettings
  ): Promise<WorkflowResult<T>>
  execute<T extends WorkflowWithoutArguments>(workflow: T, options?: StartSettings & ExecuteSettings): Promise<WorkflowResult<T>>
  execute<T extends WorkflowFunction>(workflow: T, options: StartOptions<T> & ExecuteSettings): Promise<WorkflowResult<T>>
  async execute<T extends WorkflowFunction>(
    workflow: T | string, options: AnyStartOptions & ExecuteSettings = {},
  ): Promise<WorkflowResult<T>> {
    const timeoutMs = timeoutOf(options, 'execute()')
    const { workflowId, started } = await this.#start(workflow, options, 'execute()')
    return resultOf(await this.#closed(workflowId, started, timeoutMs), workflowId) as WorkflowResult<T>
  }

  /** A handle of an execution that was started before; nothing is asked of the database yet. A run id may stand for the workflow id. */
  getHandle<T extends WorkflowFunction = WorkflowFunction>(workflowId: string, runId: string): WorkflowHandle<T>
  getHandle<T extends WorkflowFunction = WorkflowFunction>(workflowId: string, runId?: string): CurrentWorkflowHandle<T>
  getHandle<T extends WorkflowFunction>(workflowId: string, runId?: string): CurrentWorkflowHandle<T> {
    return this.#handle<T>(targetOf(workflowId, runId), false)
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
    return descriptionOf(execution, execution.status === 'RUNNING' ? await this.#parts.store.readTasks(execution.runId) : [])
  }

  /** The events with Temporal's names, oldest first. */
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

  /** Newest start first. */
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

  /** @throws WorkflowNotFoundError also when the execution is closed */
  async signal<Args extends unknown[] = unknown[]>(
    workflowId: string, signal: SignalDefinition<Args> | string, ...args: Args
  ): Promise<void> {
    this.#refuseMisuse('signal()')
    await this.#messenger.signal(targetOf(workflowId, undefined), nameOfMessage(signal), args)
  }

  /** @throws QueryNotRegisteredError, QueryTimedOutError */
  async query<Ret = unknown, Args extends unknown[] = unknown[]>(
    workflowId: string, query: QueryDefinition<Ret, Args> | string, ...args: Args
  ): Promise<Ret> {
    this.#refuseMisuse('query()')
    return await this.#asker.query(targetOf(workflowId, undefined), nameOfMessage(query), args) as Ret
  }

  /** Asks it to stop; its code may clean up. A closed execution stays as it is. */
  async cancel(workflowId: string, options: { readonly reason?: string; readonly runId?: string } = {}): Promise<void> {
    refuseUnknownKeys(options, ['reason', 'runId'], 'cancel()')
    await this.#cancel(targetOf(workflowId, options.runId), options.reason)
  }

  /** Stops it at once; its code is not asked. */
  async terminate(workflowId: string, options: { readonly reason?: string; readonly runId?: string } = {}): Promise<void> {
    refuseUnknownKeys(options, ['reason', 'runId'], 'terminate()')
    await this.#terminate(targetOf(workflowId, options.runId), options.reason)
  }

  /** A hint of the notifier. */
  onHint(topic: string): void {
    if (topic === 'closed' || topic === '*') this.#waiters.hint()
    if (topic === 'query' || topic === '*') this.#asker.hint()
  }

  /** What is on its way is brought to its end; whoever waits for a result or an answer is told `error`. Works twice. */
  async stop(error: PerdureError): Promise<void> {
    this.#stopped ??= error
    await Promise.all([this.#starter.settled(), this.#messenger.settled()])
    this.#asker.stop(error)
    await this.#waiters.stop(error)
    this.#stopListening?.()
  }

  async #start(
    workflow: WorkflowFunction | string, options: AnyStartOptions, call: string,
  ): Promise<{ workflowId: string; started: Started }> {
    this.#refuseMisuse(call)
    const { registry, servedTaskQueues, namespace, taskQueue, clock } = this.#parts
    const workflowType = workflowTypeOf(workflow, registry)
    const now = clock.now()
    const record = startRecord(options, { namespace, taskQueue, workflowType, now, call, runId: newRunId(now) })
    if (servedTaskQueues.includes(record.taskQueue)) refuseUnknownType(workflowType, registry)
    return { workflowId: record.workflowId, started: await this.#starter.start(record) }
  }

  #handle<T extends WorkflowFunction>(target: Target, local: boolean): CurrentWorkflowHandle<T> {
    const { workflowId } = target
    const runId = target.runId ?? undefined
    return {
      workflowId,
      runId,
      result: async (options = {}) => await this.#result(target, timeoutOf(options, 'result()'), local) as WorkflowResult<T>,
      getStatus: () => this.getStatus(workflowId, runId),
      describe: () => this.describe(workflowId, runId),
      history: () => this.history(workflowId, runId),
      signal: async (signal, ...args) => {
        this.#refuseMisuse('signal()')
        await this.#messenger.signal(target, nameOfMessage(signal), args)
      },
      query: async <Ret>(query: { readonly name: string } | string, ...args: unknown[]) => {
        this.#refuseMisuse('query()')
        return await this.#asker.query(target, nameOfMessage(query), args) as Ret
      },
      cancel: (reason) => this.#cancel(target, reason),
      terminate: (reason) => this.#terminate(target, reason),
    }
  }

  async #result(target: Target, timeoutMs: number | undefined, local = false): Promise<unknown> {
    this.#refuseMisuse('result()')
    if (local && target.runId !== null) {
      return resultOf(await this.#closed(target.workflowId, { runId: target.runId, local }, timeoutMs), target.workflowId)
    }
    const execution = await this.#find(target)
    const { workflowId, runId } = execution
    const closed = execution.status === 'RUNNING' ? await this.#closed(workflowId, { runId, local: false }, timeoutMs) : execution
    return resultOf(closed, workflowId)
  }

  #closed(workflowId: string, { runId, local }: Started, timeoutMs: number | undefined): Promise<ClosedExecution> {
    return this.#waiters.wait(runId, {
      local, timeoutMs,
      timedOut: () => new ResultTimeoutError(
        `Workflow '${workflowId}' (run ${runId}) did not finish within ${timeoutMs} ms; it goes on: wait again with getResult(), ` +
          'or look at it with describe()',
        workflowId, runId,
      ),
    })
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
  return options.timeout === undefined ? undefined : durationToMs(options.timeout, `timeout of ${call}`)
}

function checkedReason(reason: string | undefined): string | undefined {
  if (reason === undefined || typeof reason === 'string') return reason
  throw optionsInvalid(`The reason is ${shown(reason)}; give a text`)
}
