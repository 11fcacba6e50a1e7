/** Asks executions: from memory when the worker of this process owns them, else through the store. */
import type { Headers } from '@perdure/workflow'
import { randomUUID } from 'node:crypto'
import { jsonValues, type ValueConverter } from '../conversion/value-converter.ts'
import { PerdureError } from '../error.ts'
import { decodeWaits, waitsQuery, type Waits } from '../execution/waits.ts'
import { queryPollMsMax, queryPollMsMin, queryTimeoutMs, waitsTimeoutMs } from '../limits.ts'
import { StoreBusyError, StoreOutcomeUnknownError, StoreUnavailableError } from '../ports/store-error.ts'
import type { QueryReply } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import type { Millis } from '../protocol/ids.ts'
import { encodeArguments } from '../protocol/payload-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import { encodeQueryInput } from '../protocol/query-input.ts'
import { untilNotBusy } from './busy-retry.ts'
import type { ClientParts } from './client-parts.ts'
import { QueryNotRegisteredError, QueryRejectedError, QueryTimedOutError } from './errors.ts'
import type { QueryRejectCondition } from './client-interceptors.ts'
import { requireExecution, type Target } from './lookup.ts'
import { checkedName } from './message-name.ts'
import { readableSentence } from './readable-payload.ts'
import { nobodyServes, servingWorkers } from './serving-workers.ts'

export class QueryAsker {
  readonly #parts: ClientParts
  readonly #wakes = new Set<() => void>()
  readonly #values: ValueConverter
  #stopped: Error | undefined

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.#values = parts.values ?? jsonValues
  }

  /** @throws QueryNotRegisteredError, QueryTimedOutError, QueryRejectedError, WorkflowNotFoundError */
  async query(
    target: Target, name: string, args: readonly unknown[], headers?: Headers, rejected: QueryRejectCondition = 'NONE',
  ): Promise<unknown> {
    const queryName = checkedName(name, 'query')
    const input = encodeQueryInput(this.#values.encodeArguments(args, `query '${queryName}'`), headers)
    const { store, namespace, localWorker } = this.#parts
    const known = target.runId === null ? undefined : localWorker?.query(target.runId, queryName, input)
    if (known !== undefined) return this.#answer(await known, queryName, target.workflowId)
    const execution = await requireExecution(store, namespace, target)
    refuseRejected(execution, queryName, rejected)
    const local = target.runId === execution.runId ? undefined : localWorker?.query(execution.runId, queryName, input)
    const waitMs = this.#parts.queryTimeoutMs ?? queryTimeoutMs
    return this.#answer(await (local ?? this.#ask(execution, queryName, input, waitMs)), queryName, target.workflowId)
  }

  /** What an open execution waits for; undefined when no worker says so soon. */
  async waits(execution: ExecutionRecord): Promise<Waits | undefined> {
    const input = encodeArguments([], 'query')
    try {
      const local = this.#parts.localWorker?.query(execution.runId, waitsQuery, input)
      if (local === undefined && (await servingWorkers(this.#parts, execution)).length === 0) return undefined
      const reply = await (local ?? this.#ask(execution, waitsQuery, input, waitsTimeoutMs))
      return reply.type === 'answered' ? decodeWaits(reply.result) : undefined
    } catch (error) {
      if (error instanceof PerdureError) return undefined
      throw error
    }
  }

  #answer(reply: QueryReply, name: string, workflowId: string): unknown {
    if (reply.type === 'answered') return this.#values.decode(reply.result)
    throw unanswered(reply, name, workflowId)
  }

  /** A query may have been answered somewhere. */
  hint(): void {
    for (const wake of this.#wakes) wake()
  }

  stop(error: Error): void {
    this.#stopped = error
    this.hint()
  }

  async #ask(execution: ExecutionRecord, name: string, args: Payload, waitMs: number): Promise<QueryReply> {
    const { clock } = this.#parts
    await this.#correctClock()
    const expiresAt = clock.now() + waitMs
    let isOver = false
    const stopTimer = clock.timer(waitMs, () => { isOver = true; this.hint() })
    try {
      let id = await this.#put(execution, name, args, expiresAt)
      for (let pauseMs = queryPollMsMin; ; pauseMs = Math.min(queryPollMsMax, pauseMs * 2)) {
        const reply = await this.#reply(id)
        if (reply === 'lost') id = await this.#put(execution, name, args, expiresAt)
        else if (reply !== undefined) return reply
        if (this.#stopped !== undefined) throw this.#stopped
        if (isOver) throw await this.#timedOut(execution, name, waitMs)
        await this.#pause(pauseMs)
      }
    } finally {
      stopTimer()
    }
  }

  /** Workers answer nothing that has expired. Where no worker's tick does it, a clock that was set since the opening is set right. */
  async #correctClock(): Promise<void> {
    const { store, clock, localWorker } = this.#parts
    if (localWorker !== undefined) return
    try {
      clock.correct(await store.ping())
    } catch {
      // Whatever is wrong with the store, putting the question tells.
    }
  }

  /** A question may be put twice: where the outcome is unknown it is put again, under another id. */
  async #put({ runId, workflowId, taskQueue }: ExecutionRecord, name: string, args: Payload, expiresAt: Millis): Promise<string> {
    const { store, namespace, clock, notifier, localWorker, ids } = this.#parts
    const id = await untilNotBusy({
      clock, what: `query '${name}' of workflow '${workflowId}'`, repeatable: true,
      attempt: async () => {
        const id = ids?.queryId() ?? randomUUID()
        await store.askQuery({ id, namespace, runId, taskQueue, name, args, expiresAt })
        return id
      },
    })
    notifier?.publish('query')
    localWorker?.kick()
    return id
  }

  /** While the database is away the asking goes on, to the query's end. */
  async #reply(id: string): Promise<QueryReply | 'lost' | undefined> {
    try {
      return await this.#parts.store.takeReply(id)
    } catch (error) {
      if (error instanceof StoreOutcomeUnknownError) return 'lost'
      if (error instanceof StoreUnavailableError || error instanceof StoreBusyError) return undefined
      throw error
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        stop()
        this.#wakes.delete(wake)
        resolve()
      }
      const stop = this.#parts.clock.timer(ms, wake)
      this.#wakes.add(wake)
    })
  }

  async #timedOut(execution: ExecutionRecord, name: string, waitMs: number): Promise<QueryTimedOutError> {
    const { workflowId, runId, taskQueue, workflowType } = execution
    const serving = await servingWorkers(this.#parts, execution)
    const remedy = serving.length === 0
      ? nobodyServes(this.#parts, execution)
      : `${serving.length === 1 ? 'a worker serves' : `${serving.length} workers serve`} its task queue '${taskQueue}' ` +
        `(${serving.slice(0, 3).map((worker) => worker.identity).join(', ')}): see whether it is busy, or lacks '${workflowType}'`
    return new QueryTimedOutError(`Query '${name}' of workflow '${workflowId}' (run ${runId}) had no answer within ${waitMs} ms; ${remedy}`)
  }
}

function refuseRejected({ workflowId, runId, status }: ExecutionRecord, name: string, rejected: QueryRejectCondition): void {
  const isFine = rejected === 'NONE' || status === 'RUNNING' || (rejected === 'NOT_COMPLETED_CLEANLY' && status === 'COMPLETED')
  if (isFine) return
  const why = `it is ${status}, and the queryRejectCondition is ${rejected}`
  throw new QueryRejectedError(`Query '${name}' of workflow '${workflowId}' (run ${runId}) was rejected: ${why}`, status)
}

function unanswered(reply: QueryReply & { readonly type: 'failed' }, name: string, workflowId: string): QueryNotRegisteredError {
  const isUnknown = reply.code === 'QUERY_NOT_REGISTERED'
  return new QueryNotRegisteredError(
    isUnknown ? 'QUERY_NOT_REGISTERED' : 'QUERY_FAILED',
    isUnknown ? reply.message : `Query '${name}' of workflow '${workflowId}' failed: ${readableSentence(reply.message)}`,
  )
}
