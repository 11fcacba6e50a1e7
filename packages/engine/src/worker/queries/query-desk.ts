/**
 * Answers queries: from memory when the execution is at rest here, else by a read-only replay of its history.
 *
 * - Y1: queries are answered side by side: none waits for the handler, the replay, the commit or the reply of another, beyond the
 *   bounds in limits.ts.
 * - Y2: a handler has until microtasks have run (query-run.ts); what it must not do fails its query alone, and an execution that it
 *   set going leaves memory, to come back from its history.
 * - Y3: an answer that saw uncommitted state waits for its commit (I3).
 * - Y4: an answer sees every message that was acknowledged before the question: the inbox is looked at first, and a worker that may
 *   have lost the execution to another, without having heard of it, answers from the history.
 * - Y5: an answer that could not be stored is sent again until its query expires; an expired query gets none.
 */
import { didYouMean } from '@perdure/workflow/host'
import { answerBuiltIn, asksForPlaces, isBuiltInQuery } from '../../execution/built-in-queries.ts'
import type { LogLine } from '../../execution/command.ts'
import type { LiveExecution } from '../../execution/live-execution.ts'
import type { QueryEnd } from '../../execution/query-run.ts'
import { encodeWaits, waitsQuery } from '../../execution/waits.ts'
import {
  queriesPendingMax, queryAnswersMax, queryMessagesMax, queryReplaysMax, queryReplaysWaitingMax, queryRestMs, queryRestTurnsMax,
  queryRetryMs, queryTimeoutMs, readMax,
} from '../../limits.ts'
import { mayPass, StoreOutcomeUnknownError } from '../../ports/store-error.ts'
import type { QueryAsked, QueryReply, Store } from '../../ports/store.ts'
import { errorMessage } from '../../protocol/error-message.ts'
import type { ExecutionRecord } from '../../protocol/execution-record.ts'
import { decodeHeaders } from '../../protocol/headers.ts'
import type { RunId } from '../../protocol/ids.ts'
import type { InboxMessage } from '../../protocol/inbox-message.ts'
import type { Payload } from '../../protocol/payload.ts'
import { decodeQueryInput } from '../../protocol/query-input.ts'
import type { EventRecord } from '../../protocol/transition.ts'
import { afterCommit, sendUnit } from '../commits/open-unit.ts'
import type { OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { forgetLive } from '../executions/execution-outcomes.ts'
import { readHistory } from '../executions/history-reader.ts'
import type { InboxReader } from '../executions/inbox-reader.ts'
import { codeOf } from '../executions/live-factory.ts'
import { replayReadOnly } from '../executions/read-only-replay.ts'
import { executionFields, writeLine } from '../log/log-line.ts'
import { drained } from '../turns/drain-point.ts'
import { QueryTurns } from './query-turns.ts'

interface Question {
  readonly namespace: string
  readonly runId: RunId
  readonly name: string
  readonly args: Payload
  /** Somebody still waits for the answer. */
  readonly wanted: () => boolean
}

export class QueryDesk {
  readonly #context: WorkerContext
  readonly #inbox: InboxReader
  readonly #replays = new QueryTurns(queryReplaysMax, queryReplaysWaitingMax)
  readonly #answers = new QueryTurns(queryAnswersMax, queriesPendingMax)
  /** Taken and not answered yet. */
  #pending = 0
  #isFull = false
  /** What waits: for a commit, for time. */
  readonly #waits = new Set<() => void>()

  constructor(context: WorkerContext, inbox: InboxReader) {
    this.#context = context
    this.#inbox = inbox
  }

  /** Undefined: not owned here. */
  query(runId: RunId, name: string, args: Payload): Promise<QueryReply> | undefined {
    const owned = this.#context.executions.get(runId)
    if (owned === undefined) return undefined
    const { clock } = this.#context
    const until = clock.now() + queryTimeoutMs
    return this.#reply({ namespace: owned.record.namespace, runId, name, args, wanted: () => clock.now() < until })
  }

  /** Takes what waits and returns; the answers follow (Y1). */
  async claim(): Promise<void> {
    const { store, serving, clock, over } = this.#context
    while (!over()) {
      const limit = Math.min(readMax, queriesPendingMax - this.#pending)
      this.#isFull = limit <= 0
      if (this.#isFull) return
      let taken = 0
      this.#pending += limit
      try {
        const queries = await store.claimQueries(serving(), clock.now(), limit)
        taken = queries.length
        for (const query of queries) this.#context.background(`answering query '${query.name}'`, () => this.#serve(query))
      } catch (error) {
        // What it took without our knowing nobody would answer while this incarnation lives.
        if (!(error instanceof StoreOutcomeUnknownError)) throw error
        return this.#context.lose(error.message)
      } finally {
        this.#pending -= limit - taken
      }
      if (taken < limit) return
    }
  }

  /** The session is over: nobody waits any more. Others take the queries that were not answered. */
  stop(): void {
    for (const end of this.#waits) end()
  }

  async #serve(query: QueryAsked): Promise<void> {
    const { clock } = this.#context
    const wanted = (): boolean => !this.#context.over() && clock.now() < query.expiresAt
    try {
      const { runId, name, args } = query
      const asked = { namespace: this.#context.settings.namespace, runId, name, args, wanted }
      // What it waits for may take longer than anybody waits for it; its place is free then.
      const replied = this.#reply(asked).then((reply) => (wanted() ? this.#send(query, reply, wanted) : undefined))
      await this.#waitAtMost(query.expiresAt - clock.now(), replied)
    } finally {
      this.#pending--
      if (this.#isFull && this.#pending <= queriesPendingMax / 2) {
        this.#isFull = false
        this.#context.background('answering queries', () => this.claim())
      }
    }
  }

  /** The first reply counts in the store, so sending it again is harmless. */
  async #send(query: QueryAsked, first: QueryReply, wanted: () => boolean): Promise<void> {
    const { store, notifier } = this.#context
    for (let reply = first; wanted();) {
      try {
        await this.#answers.take(async () => wanted() ? store.answerQuery(query.id, reply) : undefined)
        notifier?.publish('query')
        return
      } catch (error) {
        if (mayPass(error)) await this.#waitAtMost(queryRetryMs)
        else if (reply !== first) throw error
        else reply = failed(`The answer cannot be stored: ${errorMessage(error)}`)
      }
    }
  }

  /** While the database is away there is no answer, which is not the same as one that says so. */
  async #reply(asked: Question): Promise<QueryReply> {
    for (;;) {
      try {
        // Where commands were issued is noted in a replay alone.
        const owned = asksForPlaces(asked.name) ? undefined : this.#context.executions.get(asked.runId)
        const reply = owned === undefined ? undefined : await this.#fromMemory(owned, asked)
        return reply ?? await this.#replays.take(() => this.#fromHistory(asked))
      } catch (error) {
        if (!mayPass(error) || !asked.wanted() || this.#context.over()) return failed(errorMessage(error))
        await this.#waitAtMost(queryRetryMs)
      }
    }
  }

  /** Undefined: it is not at rest in memory, or what the answer saw never became durable. */
  async #fromMemory(owned: OwnedExecution, asked: Question): Promise<QueryReply | undefined> {
    const { executions } = this.#context
    await this.#inbox.read()
    if (!this.#context.leaseIsFresh()) return undefined
    const until = this.#context.clock.now() + queryRestMs
    for (let turn = 0; turn < queryRestTurnsMax && mayComeToRest(owned) && this.#context.clock.now() < until; turn++) await nextTurn()
    const seen = await this.#ask(owned.record, () => liveAtRest(owned), asked)
    if (seen === undefined) return undefined
    if (seen.hasStirred && owned.live === seen.live) {
      forgetLive(owned)
      sendUnit(this.#context, owned) // nobody else would: the loop sends what live code has gathered
      executions.touch(owned)
    }
    return owned.phase !== 'gone' && await this.#durable(owned) ? seen.reply : undefined
  }

  async #fromHistory({ namespace, runId, ...asked }: Question): Promise<QueryReply> {
    const { store, registry, clock } = this.#context
    if (!asked.wanted()) return failed('The query expired')
    const record = await store.getExecution(namespace, null, runId)
    if (record === undefined) return { type: 'failed', code: 'WORKFLOW_NOT_FOUND', message: `There is no execution with run id ${runId}` }
    const fn = registry.workflow(record.workflowType)
    if (fn === undefined) return failed(`The worker that took the query does not know workflow '${record.workflowType}'`)
    const { events, unread } = await readAll(store, record, asked.wanted)
    const options = { record, fn, wallClock: () => clock.now(), captureLocations: asksForPlaces(asked.name), ...codeOf(this.#context) }
    const live = await replayReadOnly(options, events, { unread })
    const seen = await this.#ask(record, () => live, { namespace, runId, ...asked })
    return seen?.reply ?? failed('The query expired')
  }

  /** Runs the handler, if there is somebody to ask then. */
  async #ask(record: ExecutionRecord, find: () => LiveExecution | undefined, { name, args }: Question): Promise<Seen | undefined> {
    const seen = await drained(
      () => {
        const live = find()
        if (live === undefined) return undefined
        const isKnown = !isBuiltInQuery(name) && live.calls.handlers.query(name) !== undefined
        const input = decodeQueryInput(args)
        const begun = () => live.beginQuery(name, live.values.decodeArguments(input.args), decodeHeaders(input.headers))
        return { live, query: isKnown ? begun() : undefined }
      },
      (begun) => {
        if (begun === undefined) return undefined
        const { live, query } = begun
        if (name === waitsQuery) return { live, reply: this.#waitsOf(live, record.runId), hasStirred: false, logs: [] }
        if (isBuiltInQuery(name)) return { live, reply: builtIn(live, name), hasStirred: false, logs: [] }
        if (query === undefined) return { live, reply: unknownQuery(live, name), hasStirred: false, logs: [] }
        return { live, reply: replyOf(live.endQuery(query)), hasStirred: query.hasStirred, logs: query.logs }
      },
    )
    for (const line of seen?.logs ?? []) writeLine(this.#context.logger, line, executionFields(record))
    return seen
  }

  #waitsOf(live: LiveExecution, runId: RunId): QueryReply {
    const running = this.#context.executions.get(runId)?.running
    return { type: 'answered', result: encodeWaits(live, (command) => running?.get(command)?.startedAt ?? null) }
  }

  #durable(owned: OwnedExecution): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isDurable: boolean): void => {
        this.#waits.delete(end)
        resolve(isDurable)
      }
      const end = (): void => settle(false)
      this.#waits.add(end)
      afterCommit(owned, () => settle(true), end)
      if (this.#context.over()) end()
    })
  }

  /** Until the work is done, the time is over, or the session is. Rejects as the work does. */
  #waitAtMost(ms: number, work?: Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stopTimer = this.#context.clock.timer(Math.max(0, ms), resolve)
    this.#waits.add(resolve)
    if (this.#context.over()) resolve()
    return Promise.race(work === undefined ? [promise] : [work, promise]).finally(() => {
      this.#waits.delete(resolve)
      stopTimer()
    })
  }
}

function builtIn(live: LiveExecution, name: string): QueryReply {
  return { type: 'answered', result: answerBuiltIn(live, name) }
}

interface Seen {
  readonly live: LiveExecution
  readonly reply: QueryReply
  readonly hasStirred: boolean
  readonly logs: readonly LogLine[]
}

interface Everything {
  readonly events: readonly EventRecord[]
  readonly unread: readonly InboxMessage[]
}

/**
 * The history with the messages that are not in it yet; a message that moves from here to there meanwhile is not counted twice.
 * Where they move all the time, only what was added is read again, for as long as somebody wants the answer.
 */
async function readAll(store: Store, { runId, status }: ExecutionRecord, wanted: () => boolean): Promise<Everything> {
  if (status !== 'RUNNING') return { events: await readHistory(store, runId), unread: [] }
  let events: readonly EventRecord[] = []
  for (let unread = await store.readMessages(runId, queryMessagesMax); wanted();) {
    events = await readHistory(store, runId, events)
    const later = await store.readMessages(runId, queryMessagesMax)
    const ids = new Set(later.map(({ id }) => id))
    if (unread.every(({ id }) => ids.has(id))) return { events, unread }
    unread = later
  }
  throw new Error('The query expired')
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/** One that is not in memory comes back when there is something to do, which a query is not. */
function mayComeToRest(owned: OwnedExecution): boolean {
  return owned.live !== undefined && owned.phase === 'open' && liveAtRest(owned) === undefined
}

function liveAtRest(owned: OwnedExecution): LiveExecution | undefined {
  const { live } = owned
  if (live === undefined || owned.phase !== 'open' || !owned.begun || owned.replay !== undefined || owned.settling) return undefined
  return live.activating || owned.inputs.length > 0 || live.taskFailure !== undefined ? undefined : live
}

function unknownQuery(live: LiveExecution, name: string): QueryReply {
  const known = live.calls.handlers.queryNames()
  const list = known.length === 0 ? 'It has no query handlers.' : `It answers: ${known.join(', ')}${didYouMean(name, known) || '.'}`
  return { type: 'failed', code: 'QUERY_NOT_REGISTERED', message: `The workflow has no query handler '${name}'. ${list}` }
}

function replyOf(end: QueryEnd): QueryReply {
  return end.type === 'answered' ? end : failed(end.message)
}

function failed(message: string): QueryReply {
  return { type: 'failed', code: 'QUERY_FAILED', message }
}
