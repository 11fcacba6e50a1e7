/** Updates: asked for through the store, so that one id is one update; then how far they have come is awaited. */
import type { Headers } from '@perdure/workflow'
import { randomUUID } from 'node:crypto'
import { jsonValues, type ValueConverter } from '../conversion/value-converter.ts'
import { PerdureError } from '../error.ts'
import { StoreOutcomeUnknownError } from '../ports/store-error.ts'
import type { Store, UpdateKey, UpdateRequest, UpdateRequestOutcome, UpdateState } from '../ports/store.ts'
import { encodeHeaders } from '../protocol/headers.ts'
import { isRunId, type RunId } from '../protocol/ids.ts'
import type { MessageText } from '../protocol/transition.ts'
import { Batcher } from './batcher.ts'
import { outcomeUnknown, untilNotBusy } from './busy-retry.ts'
import type { ClientParts } from './client-parts.ts'
import { WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from './errors.ts'
import { checkedId } from './given-options.ts'
import { alreadyClosed, findExecution, notFound, requireExecution, type Target } from './lookup.ts'
import { checkedName } from './message-name.ts'
import { updateResult, type NamedUpdate } from './update-result.ts'
import { hasCome, UpdateWaiters, type AwaitedStage } from './update-waiters.ts'

export interface UpdateCall {
  readonly updateId: string
  readonly updateName: string
  readonly args: readonly unknown[]
  readonly headers: Headers
}

/** An update that the store has. */
export interface AskedUpdate extends UpdateKey, NamedUpdate {
  /** As it was when it was asked for; undefined: it is new. */
  readonly state: UpdateState | undefined
}

export class Updater {
  readonly #parts: ClientParts
  readonly #batcher: Batcher<UpdateRequest, UpdateRequestOutcome>
  readonly #waiters: UpdateWaiters
  readonly #values: ValueConverter
  readonly #stopListening: (() => void) | undefined

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.#values = parts.values ?? jsonValues
    this.#waiters = new UpdateWaiters(parts)
    this.#batcher = new Batcher({
      send: (requests) => requestUpdates(parts.store, requests),
      bytesOf: ({ message, workflowId, updateId }) => message.data.length + workflowId.length + updateId.length + 100,
    })
    this.#stopListening = parts.localWorker?.onUpdated?.((state) => this.#waiters.settle(state))
  }

  newId(): string {
    return this.#parts.ids?.queryId() ?? randomUUID()
  }

  /** @throws PerdureError ID_INVALID, MESSAGE_NAME_RESERVED, PAYLOAD_... */
  message({ updateId, updateName, args, headers }: UpdateCall): MessageText {
    checkedId(updateId, 'updateId')
    const name = checkedName(updateName, 'update')
    const input = this.#values.encodeArguments(args, `update '${name}'`)
    const stored = encodeHeaders(headers)
    const attributes = { updateId, updateName: name, identity: this.#parts.identity, ...(stored === undefined ? {} : { headers: stored }) }
    return { type: 'WorkflowExecutionUpdateRequested', data: `${JSON.stringify(attributes)}\n${input}` }
  }

  /** @throws WorkflowNotFoundError when there is no such open execution, and it does not know the update either */
  async ask(target: Target, call: UpdateCall): Promise<AskedUpdate> {
    const { updateId, updateName } = call
    const { store, namespace } = this.#parts
    const message = this.message(call)
    const closed = new Set<RunId>()
    for (let at = target; ;) {
      const outcome = await this.#request(at, updateId, updateName, message)
      if (outcome.type === 'not_found') {
        // A run id may stand for the workflow id.
        const found = at === target && isRunId(at.workflowId) ? await findExecution(store, namespace, target) : undefined
        if (found === undefined) throw notFound(target, namespace)
        at = { workflowId: found.workflowId, runId: found.runId }
        continue
      }
      const { runId } = outcome
      if (outcome.type !== 'closed') {
        const state = outcome.type === 'known' ? outcome.state : undefined
        return { runId, updateId, workflowId: at.workflowId, name: updateName, state }
      }
      closed.add(runId)
      const next = target.follows === true ? await findExecution(store, namespace, target) : undefined
      if (next === undefined || closed.has(next.runId)) {
        const what = `is closed and cannot get the update '${updateName}'; getStatus() says how it ended`
        throw alreadyClosed({ workflowId: target.workflowId, runId }, what)
      }
      at = { workflowId: next.workflowId, runId: next.runId }
    }
  }

  /** The same for an execution whose run id is known; undefined: it is closed. */
  async join(workflowId: string, runId: RunId, call: UpdateCall): Promise<AskedUpdate | undefined> {
    const { updateId, updateName } = call
    const outcome = await this.#request({ workflowId, runId }, updateId, updateName, this.message(call))
    if (outcome.type === 'closed' || outcome.type === 'not_found') return undefined
    return { runId, updateId, workflowId, name: updateName, state: outcome.type === 'known' ? outcome.state : undefined }
  }

  /** What was asked for before, of which the id is known. */
  async asked(target: Target, updateId: string): Promise<AskedUpdate> {
    checkedId(updateId, 'updateId')
    const { workflowId, runId } = await requireExecution(this.#parts.store, this.#parts.namespace, target)
    return { workflowId, runId, updateId, name: updateId, state: undefined }
  }

  /** @throws WorkflowUpdateRPCTimeoutOrCancelledError, WorkflowNotFoundError UPDATE_NOT_FOUND */
  async reached(update: AskedUpdate, stage: AwaitedStage, timeoutMs: number | undefined): Promise<UpdateState> {
    if (update.state !== undefined && hasCome(update.state, stage)) return update.state
    const { runId, updateId, workflowId, name } = update
    const state = await this.#waiters.wait({ runId, updateId }, stage, timeoutMs)
    if (state === 'timed out') {
      throw new WorkflowUpdateRPCTimeoutOrCancelledError(
        `Update '${name}' of workflow '${workflowId}' (run ${runId}) was not ${stage.toLowerCase()} within ${timeoutMs} ms; it goes on: ` +
          `wait for it again with getUpdateHandle('${updateId}'), and see with describe() what the workflow does`,
      )
    }
    if (state !== 'unknown') return state
    const message = `There is no update '${updateId}' of workflow '${workflowId}' (run ${runId}); look at the id and the run`
    throw new WorkflowNotFoundError(message, workflowId, runId, 'update')
  }

  async result(update: AskedUpdate, timeoutMs: number | undefined): Promise<unknown> {
    return updateResult(await this.reached(update, 'COMPLETED', timeoutMs), update, this.#values)
  }

  hint(): void {
    this.#waiters.hint()
  }

  settled(): Promise<void> {
    return this.#batcher.settled()
  }

  async stop(error: Error): Promise<void> {
    this.#stopListening?.()
    await this.#waiters.stop(error)
  }

  async #request({ workflowId, runId }: Target, updateId: string, name: string, message: MessageText): Promise<Settled> {
    const { clock, namespace, localWorker, notifier } = this.#parts
    const request: UpdateRequest = { namespace, workflowId, runId, updateId, message }
    const what = `update '${name}' of workflow '${workflowId}'`
    let unknown: StoreOutcomeUnknownError | undefined
    // One id is one update of a run: to ask again does no harm.
    const outcome = await untilNotBusy({
      clock, what, repeatable: true,
      attempt: async () => {
        const outcome = await this.#batcher.add(request).catch((error: unknown) => {
          if (error instanceof StoreOutcomeUnknownError) unknown = error
          throw error
        })
        return outcome.type === 'busy' ? 'busy' : outcome
      },
    })
    // The run that may have had it has closed meanwhile, and a later one does not know it.
    if (unknown !== undefined && runId === null && (outcome.type === 'closed' || outcome.type === 'not_found')) {
      throw outcomeUnknown(what, unknown)
    }
    if (outcome.type === 'requested') {
      localWorker?.kick()
      notifier?.publish('queue')
    }
    return outcome
  }
}

type Settled = Exclude<UpdateRequestOutcome, { type: 'busy' }>

function requestUpdates(store: Store, requests: readonly UpdateRequest[]): Promise<readonly UpdateRequestOutcome[]> {
  if (store.requestUpdates !== undefined) return store.requestUpdates(requests)
  return Promise.reject(new PerdureError('OPTIONS_INVALID', `The store ${store.location} has no updates; use another store`))
}
