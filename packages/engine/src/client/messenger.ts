/** Messages to executions: signals and cancel requests into their inbox, and termination, which closes them from outside. */
import { TerminatedFailure, type Headers } from '@perdure/workflow'
import { jsonValues } from '../conversion/value-converter.ts'
import { StoreOutcomeUnknownError } from '../ports/store-error.ts'
import type { ClosedExecution } from '../ports/store.ts'
import { encodeEvent } from '../protocol/event-codec.ts'
import { signaledWithStart, type WorkflowExecutionCancelRequested, type WorkflowExecutionSignaled } from '../protocol/event.ts'
import type { ExecutionRecord, ExecutionStatus } from '../protocol/execution-record.ts'
import { encodeFailure } from '../protocol/failure-codec.ts'
import { encodeHeaders } from '../protocol/headers.ts'
import { isRunId, type RunId } from '../protocol/ids.ts'
import type { InboxPost, PostOutcome } from '../protocol/inbox-message.ts'
import type { Payload } from '../protocol/payload.ts'
import { Batcher } from './batcher.ts'
import { untilNotBusy } from './busy-retry.ts'
import type { ClientParts } from './client-parts.ts'
import { alreadyClosed, findExecution, notFound, requireExecution, type Target } from './lookup.ts'
import { checkedName } from './message-name.ts'

export class Messenger {
  readonly #parts: ClientParts
  readonly #batcher: Batcher<InboxPost, PostOutcome>
  readonly #onClosed: (closed: ClosedExecution) => void

  constructor(parts: ClientParts, onClosed: (closed: ClosedExecution) => void) {
    this.#parts = parts
    this.#onClosed = onClosed
    this.#batcher = new Batcher({
      send: (posts) => parts.store.post(posts),
      bytesOf: (post) => post.data.length + post.workflowId.length + 100,
    })
  }

  /** @throws WorkflowNotFoundError when there is no such open execution */
  async signal(target: Target, signalName: string, args: readonly unknown[], headers?: Headers): Promise<void> {
    const outcome = await this.#post(target, this.signalEvent(signalName, args, headers), signalWords(signalName, target))
    if (outcome.type === 'closed') {
      const what = `is closed and cannot get the signal '${signalName}'; getStatus() says how it ended`
      throw alreadyClosed({ workflowId: target.workflowId, runId: outcome.runId }, what)
    }
    if (outcome.type === 'not_found') throw notFound(target, this.#parts.namespace)
  }

  /** Of signalWithStart, to a run that was open; it ends a start delay. False: the run is not open. */
  async signalRun(run: Target, event: WorkflowExecutionSignaled): Promise<boolean> {
    return (await this.#post(run, event, signalWords(event.signalName, run), signaledWithStart)).type === 'posted'
  }

  /** @throws PerdureError ID_INVALID, MESSAGE_NAME_RESERVED, PAYLOAD_... */
  signalEvent(name: string, args: readonly unknown[], headers?: Headers): WorkflowExecutionSignaled {
    const signalName = checkedName(name, 'signal')
    const input = (this.#parts.values ?? jsonValues).encodeArguments(args, `signal '${signalName}'`)
    const stored = encodeHeaders(headers)
    const event: WorkflowExecutionSignaled = { type: 'WorkflowExecutionSignaled', signalName, input, identity: this.#parts.identity }
    return stored === undefined ? event : { ...event, headers: stored }
  }

  /** Cancelling a closed execution changes nothing and is no error: so it is on Temporal. */
  async cancel(target: Target, reason: string): Promise<void> {
    const outcome = await this.#post(target, {
      type: 'WorkflowExecutionCancelRequested', reason, identity: this.#parts.identity,
    }, `cancel request to workflow '${target.workflowId}'`)
    if (outcome.type === 'not_found') throw notFound(target, this.#parts.namespace)
  }

  /** @throws WorkflowNotFoundError when there is no such open execution */
  async terminate(target: Target, reason: string | undefined): Promise<void> {
    const { store, namespace, localWorker, notifier } = this.#parts
    const failure = encodeFailure(new TerminatedFailure(reason ?? 'Workflow execution terminated'))
    for (let looks = 1; ; looks++) {
      // The run is settled first: a repetition must not close another one that was started since.
      const found = await requireExecution(store, namespace, target)
      const status = found.status === 'RUNNING' ? await this.#terminateRun(found, failure) : found.status
      if (status === 'terminated by us') {
        localWorker?.forget(found.runId)
        this.#onClosed({ runId: found.runId, status: 'TERMINATED', result: null, failure })
        notifier?.publish('closed')
        // Its parent and its children may have messages.
        notifier?.publish('queue')
        return
      }
      // It closed since the look, and its workflow id may have an open run again.
      const mayBeOpen = found.status === 'RUNNING' && (target.runId === null || target.follows === true) && looks < looksMax
      if (!mayBeOpen) throw alreadyClosed(found, `is closed already (${status}): there is nothing to terminate`)
    }
  }

  settled(): Promise<void> {
    return this.#batcher.settled()
  }

  /** Its status where another closed it first. */
  async #terminateRun({ namespace, workflowId, runId }: ExecutionRecord, failure: Payload): Promise<ExecutionStatus | 'terminated by us'> {
    const { store, clock } = this.#parts
    let isUncertain = false
    const outcome = await untilNotBusy({
      clock, what: `termination of workflow '${workflowId}' (run ${runId})`, repeatable: true,
      attempt: async () => {
        try {
          return await store.terminate({ namespace, workflowId, runId, failure, at: clock.now() })
        } catch (error) {
          isUncertain ||= error instanceof StoreOutcomeUnknownError
          throw error
        }
      },
    })
    if (outcome.type === 'not_found') throw notFound({ workflowId, runId }, namespace)
    const isOurs = outcome.type === 'terminated' || (isUncertain && outcome.status === 'TERMINATED')
    return isOurs ? 'terminated by us' : outcome.status
  }

  /** An unknown outcome is not settled by posting again: the message would arrive twice. The caller is told. */
  async #post(target: Target, event: Message, what: string, type: string = event.type): Promise<Settled> {
    const { store, namespace } = this.#parts
    const { workflowId, runId } = target
    const post = { namespace, workflowId, runId, type, data: encodeEvent(event) }
    const closed = new Set<RunId>()
    for (let at = post; ;) {
      const outcome = await this.#sent(at, what)
      if (outcome.type === 'posted') return outcome
      if (outcome.type === 'closed') closed.add(outcome.runId)
      // A run id may stand for the workflow id; and a chain may have come further.
      const mayBeElsewhere = outcome.type === 'closed' ? target.follows === true : at === post && isRunId(workflowId)
      const found = mayBeElsewhere ? await findExecution(store, namespace, target) : undefined
      if (found === undefined || closed.has(found.runId)) return outcome
      at = { ...post, workflowId: found.workflowId, runId: found.runId }
    }
  }

  async #sent(post: InboxPost, what: string): Promise<Settled> {
    const { clock, localWorker, notifier } = this.#parts
    const outcome = await untilNotBusy({
      clock, what, repeatable: false,
      attempt: async () => {
        const outcome = await this.#batcher.add(post)
        return outcome.type === 'busy' ? 'busy' : outcome
      },
    })
    if (outcome.type === 'posted') {
      localWorker?.deliver({ id: outcome.id, runId: outcome.runId, type: post.type, data: post.data })
      notifier?.publish('queue')
    }
    return outcome
  }
}

function signalWords(signalName: string, { workflowId }: Target): string {
  return `signal '${signalName}' to workflow '${workflowId}'`
}

type Message = WorkflowExecutionSignaled | WorkflowExecutionCancelRequested
type Settled = Exclude<PostOutcome, { type: 'busy' }>

/** Runs of one workflow id that a termination goes after, when each closes by itself first. */
const looksMax = 3
