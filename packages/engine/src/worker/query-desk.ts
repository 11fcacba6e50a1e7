/** Answers queries: from memory when the execution is owned here, else by a read-only replay of its history. */
import { didYouMean } from '@perdure/workflow/host'
import type { LiveExecution } from '../execution/live-execution.ts'
import { readMax } from '../limits.ts'
import type { QueryReply } from '../ports/store.ts'
import type { RunId } from '../protocol/ids.ts'
import { decodeArguments, encodePayload } from '../protocol/payload-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import { afterCommit } from './execution-steps.ts'
import { readHistory } from './history-reader.ts'
import type { OwnedExecution } from './owned-execution.ts'
import { replayReadOnly } from './read-only-replay.ts'
import type { WorkerContext } from './worker-context.ts'

export class QueryDesk {
  readonly #context: WorkerContext

  constructor(context: WorkerContext) {
    this.#context = context
  }

  /** Undefined: not owned here. An answer that saw uncommitted state waits for its commit (I3). */
  query(runId: RunId, name: string, args: Payload): Promise<QueryReply> | undefined {
    const owned = this.#context.executions.get(runId)
    return owned === undefined ? undefined : this.#answerOwned(owned, name, args)
  }

  async claim(): Promise<void> {
    const { store, serving, clock, notifier, settings } = this.#context
    for (;;) {
      const queries = await store.claimQueries(serving(), clock.now(), readMax)
      for (const query of queries) {
        const { id, runId, name, args } = query
        const reply = await (this.query(runId, name, args) ?? this.#answerStored(settings.namespace, runId, name, args))
        await store.answerQuery(id, reply)
      }
      if (queries.length > 0) notifier?.publish('query')
      if (queries.length < readMax) return
    }
  }

  async #answerOwned(owned: OwnedExecution, name: string, args: Payload): Promise<QueryReply> {
    const { live } = owned
    const atRest = live !== undefined && owned.begun && owned.replay === undefined && !owned.settling && !live.activating &&
      owned.inputs.length === 0
    if (!atRest || owned.phase !== 'open' || live.taskFailure !== undefined) {
      return this.#answerStored(owned.record.namespace, owned.runId, name, args)
    }
    const reply = await answer(live, name, args)
    const durable = await new Promise<boolean>((resolve) => afterCommit(owned, () => resolve(true), () => resolve(false)))
    return durable ? reply : this.#answerStored(owned.record.namespace, owned.runId, name, args)
  }

  async #answerStored(namespace: string, runId: RunId, name: string, args: Payload): Promise<QueryReply> {
    const { store, registry, clock } = this.#context
    try {
      const record = await store.getExecution(namespace, null, runId)
      if (record === undefined) return { type: 'failed', code: 'WORKFLOW_NOT_FOUND', message: `There is no execution with run id ${runId}` }
      const fn = registry.workflow(record.workflowType)
      if (fn === undefined) {
        const message = `The worker that took the query does not know workflow '${record.workflowType}'`
        return { type: 'failed', code: 'QUERY_FAILED', message }
      }
      const events = await readHistory(store, runId)
      return await answer(await replayReadOnly({ record, fn, wallClock: () => clock.now() }, events), name, args)
    } catch (error) {
      return { type: 'failed', code: 'QUERY_FAILED', message: error instanceof Error ? error.message : String(error) }
    }
  }
}

async function answer(live: LiveExecution, name: string, args: Payload): Promise<QueryReply> {
  if (!live.hasQuery(name)) {
    const known = live.queryNames()
    const list = known.length === 0 ? 'It has no query handlers.' : `It answers: ${known.join(', ')}${didYouMean(name, known) || '.'}`
    return { type: 'failed', code: 'QUERY_NOT_REGISTERED', message: `The workflow has no query handler '${name}'. ${list}` }
  }
  try {
    return { type: 'answered', result: encodePayload(await live.answer(name, decodeArguments(args)), `result of query '${name}'`) }
  } catch (error) {
    return { type: 'failed', code: 'QUERY_FAILED', message: error instanceof Error ? error.message : String(error) }
  }
}
