/**
 * Plays operations on the model and on the store under test, and compares what they say. Their own numbers
 * (incarnations, messages) and times near the store's clock are translated into names first.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { PerdureError } from '@perdure/engine'
import type {
  Incarnation, Millis, Outgoing, RunId, Serving, StartLink, StartRecord, Store, Transition,
} from '@perdure/engine'
import { createMemoryStore } from '@perdure/testing'
import { leaseMs, newRunId, payload, transition } from '../arena.ts'
import { inboxOf, inOrder, oldestFirst } from './orders.ts'
import type { AskStep, LinkStep, Operation, StartStep, TransitionStep, When } from './operation.ts'

const minute = 60_000
const queues = ['q0', 'q1']
const workflowTypes = ['order', 'refund']
const updateIds = ['u0', 'u1', 'u2']
const activityTypes = ['charge', 'ship']
const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(list.length, 1)]

type WorkerCall = 'claim' | 'tick' | 'takeOver' | 'retire' | 'cancelledTasks' | 'readInbox' | 'claimTasks' | 'claimQueries'

/** One of the two stores with its own names for things. */
interface Twin {
  readonly store: Store
  readonly workers: Incarnation[]
  readonly messages: number[]
}

export class Twins {
  readonly #model: Twin
  readonly #real: Twin
  readonly #startedAt: Millis
  readonly #namespace = `model-${randomUUID()}`
  readonly #servings: Omit<Serving, 'incarnation'>[] = []
  readonly #starts: StartRecord[] = []
  /** Messages of each run, by their number. */
  readonly #messagesOf = new Map<RunId, number[]>()
  readonly #queries: string[] = []
  #step = 0

  private constructor(real: Store, now: Millis) {
    this.#real = { store: real, workers: [], messages: [] }
    this.#model = { store: createMemoryStore(), workers: [], messages: [] }
    this.#startedAt = now
  }

  static async make(real: Store): Promise<Twins> {
    return new Twins(real, await real.ping())
  }

  /** Plays one operation on both; throws with the step and both answers when they differ. */
  async play(operation: Operation): Promise<void> {
    this.#step += 1
    const title = `step ${this.#step}: ${JSON.stringify(operation)}`
    switch (operation.do) {
      case 'register': return this.#register(operation)
      case 'commit': return this.#commit(operation, title)
      case 'post': return this.#post(operation, title)
      case 'terminate': return this.#terminate(operation, title)
      case 'requestUpdates': return this.#requestUpdates(operation, title)
      case 'claim': case 'tick': case 'takeOver': case 'retire': case 'cancelledTasks': case 'readInbox': case 'claimTasks':
      case 'claimQueries': return this.#asWorker(operation, title)
      case 'expiredTasks':
        return this.#compare(title, async ({ store }) =>
          oldestFirst(await store.expiredTasks(this.#namespace, this.#time(operation.now), 100)), true)
      case 'overdueExecutions':
        return this.#compare(title, ({ store }) => store.overdueExecutions(this.#namespace, this.#time(operation.now), 100), true)
      case 'endTask': case 'heartbeat': return this.#onTask(operation, title)
      case 'askQuery': return this.#askQuery(operation, title)
      case 'answerQuery': case 'takeReply': return this.#onQuery(operation, title)
      default: operation satisfies never
    }
  }

  /** Everything that can be read. */
  async compareAll(): Promise<void> {
    for (const { workflowId, runId } of this.#starts) {
      const named = `run ${runId}`
      await this.#compare(`${named}: execution`, ({ store }) => store.getExecution(this.#namespace, workflowId, runId))
      await this.#compare(`${named}: current`, ({ store }) => store.getExecution(this.#namespace, workflowId, null))
      await this.#compare(`${named}: history`, ({ store }) => store.readHistory(runId, 0, 100))
      await this.#compare(`${named}: tasks`, ({ store }) => store.readTasks(runId))
      await this.#compare(`${named}: messages`, ({ store }) => store.readMessages(runId, 100))
      const keys = [...updateIds, 'of the start'].map(updateId => ({ runId, updateId }))
      await this.#compare(`${named}: updates`, ({ store }) => store.readUpdates(keys))
    }
    const runIds = this.#starts.map(start => start.runId)
    await this.#compare('closed runs', ({ store }) => store.readClosed(runIds), true)
    await this.#compare('list', ({ store }) => store.listExecutions({ namespace: this.#namespace, limit: 100, after: null }))
    await this.#compare('count', ({ store }) => store.countExecutions({ namespace: this.#namespace }))
    await this.#compare('workers', ({ store }) => store.listWorkers(this.#namespace), true)
    for (const [worker] of this.#servings.entries()) {
      await this.play({ do: 'readInbox', worker, known: 0, limit: 100 })
      await this.play({ do: 'tick', worker })
    }
  }

  #time({ when, step }: When): Millis {
    if (when === 'now') return this.#startedAt
    return this.#startedAt + (when === 'past' ? -100 : 100) * minute + step * 1_000
  }

  async #register(operation: Operation & { do: 'register' }): Promise<void> {
    if (this.#servings.length >= 4) return
    const taskQueues = operation.queues.flatMap(queue => queues[queue] ?? [])
    const serving = {
      namespace: this.#namespace, taskQueues, workflowTypes: operation.types.flatMap(type => workflowTypes[type] ?? []),
      activityTypes: operation.types.flatMap(type => activityTypes[type] ?? []), buildId: `build-${operation.build}`,
    }
    this.#servings.push(serving)
    for (const twin of [this.#model, this.#real]) {
      const { incarnation } = await twin.store.registerWorker({ ...serving, identity: 'host', leaseMs })
      twin.workers.push(incarnation)
    }
  }

  async #commit(operation: Operation & { do: 'commit' }, title: string): Promise<void> {
    if (operation.worker !== null && this.#servings.length === 0) return
    const starts = inOrderOfIds(operation.starts.map(step => this.#startRecord(step, operation.worker !== null)))
    const open = [...this.#starts]
    const steps = operation.transitions.map(step => ({ step, start: at(open, step.run) }))
    const made = new Map<RunId, { readonly start: StartRecord; readonly base: Transition; readonly consume: TransitionStep['consume'] }>()
    for (const { step, start } of operation.worker === null ? [] : steps) {
      if (start === undefined || made.has(start.runId)) continue
      const lastSeq = (await this.#model.store.readHistory(start.runId, 0, 1_000)).length
      made.set(start.runId, { start, base: this.#transition(step, start, lastSeq), consume: step.consume })
    }
    await this.#compare(title, async twin => {
      const transitions: Transition[] = []
      for (const { start, base, consume } of made.values()) {
        transitions.push({ ...base, consumed: await this.#consumed(twin, start.runId, consume) })
      }
      const incarnation = operation.worker === null ? null : at(twin.workers, operation.worker) ?? null
      const outcome = await twin.store.commit({ incarnation, starts, transitions })
      if (outcome.type !== 'committed') return outcome
      return { ...outcome, outgoing: [...outcome.outgoing ?? []].toSorted(([one], [other]) => one.localeCompare(other)) }
    })
  }

  async #consumed(twin: Twin, runId: RunId, consume: TransitionStep['consume']): Promise<readonly number[]> {
    if (consume === 'none') return []
    if (consume === 'current') return (await twin.store.readMessages(runId, 100)).map(message => message.id)
    const messages = (this.#messagesOf.get(runId) ?? []).flatMap(number => twin.messages[number] ?? [])
    return messages.slice(0, consume === 'first' ? 1 : undefined)
  }

  #startRecord(step: StartStep, mayOwn: boolean): StartRecord {
    const repeated = step.repeat ? at(this.#starts, step.id) : undefined
    const start: StartRecord = repeated ?? {
      namespace: this.#namespace, workflowId: `id-${step.id}`, runId: newRunId(), workflowType: workflowTypes[step.workflowType] ?? '',
      taskQueue: queues[step.queue] ?? '', priority: step.priority, input: payload([step.id]), memo: null, searchAttributes: null,
      startedAt: this.#time(step.startedAt), wakeAt: this.#time(step.wake), reusePolicy: step.reusePolicy,
      conflictPolicy: step.conflictPolicy, owned: step.owned, ...(step.link === null ? {} : { link: this.#link(step.link) }),
    }
    if (repeated === undefined) this.#starts.push(start)
    return { ...start, owned: start.owned && mayOwn }
  }

  #link({ parent, policy, expiresAt, message }: LinkStep): StartLink {
    const of = parent === null ? undefined : at(this.#starts, parent)
    const updateId = message === 'update' ? 'of the start' : null
    return {
      firstRunId: of?.runId ?? newRunId(), parent: of === undefined ? null : { runId: of.runId, command: 3, closePolicy: policy },
      expiresAt: expiresAt === null ? null : this.#time(expiresAt), details: expiresAt === null ? null : payload({ more: true }),
      messages: message === 'none' ? [] : [{ type: 'WorkflowSignaled', data: '"first"', updateId }],
    }
  }

  /** Another run of the same workflow id; whose child the one before was, it is too, and never the child of that one. */
  #next(step: StartStep, { workflowId, link: before }: StartRecord, mayOwn = true): StartRecord {
    const { link, ...started } = this.#startRecord({ ...step, repeat: false }, mayOwn)
    const parent = before?.parent ?? null
    const record: StartRecord = { ...started, workflowId, ...(link === undefined ? {} : { link: { ...link, parent } }) }
    this.#starts[this.#starts.length - 1] = record
    return record
  }

  #outgoing(ask: AskStep, place: number): Outgoing {
    const answers = { done: { type: 'Done', data: `"${place}"` }, refused: { type: 'Refused', data: `"${place}"` } }
    if (ask.ask === 'start') {
      const conflictPolicy = ask.start.conflictPolicy === 'TERMINATE_EXISTING' ? 'FAIL' : ask.start.conflictPolicy
      return { type: 'start', command: place, start: this.#startRecord({ ...ask.start, conflictPolicy }, true), ...answers }
    }
    const { workflowId, runId, link } = at(this.#starts, ask.run) ?? { workflowId: 'nobody', runId: newRunId(), link: undefined }
    const to = {
      namespace: this.#namespace, workflowId, runId: ask.by === 'run' ? runId : null,
      firstRunId: ask.by === 'chain' ? link?.firstRunId ?? runId : null,
    }
    return { type: 'message', command: place, to, message: { type: 'WorkflowSignaled', data: `"asked ${place}"` }, ...answers }
  }

  #transition(step: TransitionStep, start: StartRecord, lastSeq: number): Transition {
    const { runId } = start
    const first = step.clash ? lastSeq : lastSeq + 1
    const events = Array.from({ length: step.events }, (_, index) =>
      ({ seq: Math.max(first, 1) + index, type: 'E', at: this.#time(step.eventAt), data: `{"n":${index}}` }))
    const tasks = step.tasks.map(({ command, activityType, queue, availableAt }) => ({
      namespace: this.#namespace, runId, command, workflowId: start.workflowId, workflowType: start.workflowType,
      taskQueue: queues[queue] ?? '', activityType: activityTypes[activityType] ?? '', activityId: String(command), priority: command + 1,
      attempt: 1, input: payload([]), options: payload({}), worker: null, scheduledAt: 5, availableAt: this.#time(availableAt),
      startedAt: null, deadlineAt: command === 0 ? null : this.#time(availableAt) + command, runMs: command === 1 ? null : 500,
      closeBy: command === 2 ? this.#time(availableAt) + 100 : null, lost: false, cancelRequested: false, lastFailure: null,
      heartbeatDetails: null,
    }))
    const { end } = step
    const because = { reason: 'because', buildId: 'build-0', count: 2, spent: true }
    const held = end.type !== 'release' || end.held === null ? null : { ...because, code: end.held }
    return transition(runId, {
      events, tasks, cancelTasks: [step.cancelTask], resetTakeovers: step.resetTakeovers,
      close: end.type !== 'close' ? null : {
        status: end.status, result: payload(1), failure: null, at: this.#time(step.eventAt), hasChildren: end.hasChildren,
        ...(end.next === null ? {} : { next: this.#next(end.next, start) }),
      },
      outgoing: end.type === 'stay' ? step.asks.map((ask, place) => this.#outgoing(ask, place)) : [],
      updates: step.updates.map(({ update, stage }) => ({
        updateId: updateIds[update] ?? '', stage, result: stage === 'completed' ? payload(1) : null,
        failure: stage === 'rejected' ? payload('no') : null,
      })),
      ...(step.upsert === 'none' ? {} : {
        upsert: step.upsert === 'memo' ? { memo: payload({ m: 1 }) } : { memo: payload({ m: 2 }), searchAttributes: payload({ s: 1 }) },
      }),
      release: end.type === 'release' ? { wakeAt: end.wakeAt === null ? null : this.#time(end.wakeAt), held } : null,
    })
  }

  async #post(operation: Operation & { do: 'post' }, title: string): Promise<void> {
    const start = at(this.#starts, operation.run)
    if (start === undefined) return
    const { namespace, workflowId } = start
    const runId = operation.byRun ? start.runId : null
    const number = this.#model.messages.length
    await this.#compare(title, async twin => {
      const [outcome] = await twin.store.post([{ namespace, workflowId, runId, type: 'WorkflowSignaled', data: `"${number}"` }])
      if (outcome?.type !== 'posted') return outcome
      twin.messages[number] = outcome.id
      if (twin === this.#model) this.#messagesOf.set(outcome.runId, [...(this.#messagesOf.get(outcome.runId) ?? []), number])
      return { type: outcome.type, runId: outcome.runId }
    })
  }

  async #terminate(operation: Operation & { do: 'terminate' }, title: string): Promise<void> {
    const start = at(this.#starts, operation.run)
    if (start === undefined) return
    const { namespace, workflowId } = start
    const runId = operation.byRun ? start.runId : null
    const next = operation.next === null || runId === null ? {} : { next: this.#next(operation.next, start, false) }
    const status = operation.late ? 'TIMED_OUT' : 'TERMINATED'
    const request = { namespace, workflowId, runId, status, failure: payload('stop'), at: 7_000, ...next } as const
    await this.#compare(title, ({ store }) => store.terminate(request))
  }

  async #requestUpdates(operation: Operation & { do: 'requestUpdates' }, title: string): Promise<void> {
    const requests = operation.asked.flatMap(({ run, update, byRun }) => {
      const start = at(this.#starts, run)
      if (start === undefined) return []
      const { namespace, workflowId, runId } = start
      const updateId = updateIds[update] ?? ''
      return [{ namespace, workflowId, runId: byRun ? runId : null, updateId, message: { type: 'Update', data: `"${updateId}"` } }]
    })
    await this.#compare(title, ({ store }) => store.requestUpdates(requests))
  }

  async #asWorker(operation: Operation & { readonly worker: number; readonly do: WorkerCall }, title: string): Promise<void> {
    const scope = at(this.#servings, operation.worker)
    if (scope === undefined) return
    await this.#compare(title, async twin => {
      const incarnation = at(twin.workers, operation.worker)
      assert.ok(incarnation !== undefined)
      const serving: Serving = { ...scope, incarnation }
      switch (operation.do) {
        case 'claim': return twin.store.claim({ ...serving, now: this.#time(operation.now), limit: 100, suspectLimit: 100 })
        case 'tick': return this.#lookOf(await twin.store.tick(serving, leaseMs))
        case 'takeOver': return this.#takeOver(twin, incarnation)
        case 'retire': return twin.store.retireWorker(incarnation)
        case 'cancelledTasks': return twin.store.cancelledTasks(incarnation)
        case 'readInbox': return inboxOf(twin.store, incarnation, twin.messages.slice(0, operation.known), operation.limit)
        case 'claimTasks': return inOrder(await twin.store.claimTasks(serving, this.#time(operation.now), 100))
        case 'claimQueries': return twin.store.claimQueries(serving, this.#time(operation.now), 100)
        default: return operation satisfies never
      }
    }, !['tick', 'readInbox'].includes(operation.do))
  }

  /** A claim that is due is due: since when, stores count differently. Who is a suspect depends on how fast all this goes. */
  #lookOf({ suspects: _suspects, ...look }: Awaited<ReturnType<Store['tick']>>) {
    return { ...look, claimAt: look.claimAt !== null && look.claimAt <= look.now ? 'due' : look.claimAt }
  }

  async #takeOver(twin: Twin, incarnation: Incarnation): Promise<boolean> {
    const worker = (await twin.store.listWorkers(this.#namespace)).find(one => one.incarnation === incarnation)
    return twin.store.takeOver({ incarnation, renewedAt: worker?.renewedAt ?? 0 }, leaseMs)
  }

  async #onTask(operation: Operation & { do: 'endTask' | 'heartbeat' }, title: string): Promise<void> {
    const start = at(this.#starts, operation.run)
    if (start === undefined) return
    const fence = { runId: start.runId, command: operation.command, attempt: operation.attempt + 1 }
    if (operation.do === 'heartbeat') {
      const beat = { ...fence, details: operation.details ? payload('half') : null, now: 5, deadlineAt: 6 }
      return this.#compare(title, ({ store }) => store.heartbeatTasks([beat]))
    }
    const number = this.#model.messages.length
    const outcome = operation.retryAt === null
      ? { type: 'post', eventType: 'E', data: `"end ${number}"`, onlyWaiting: operation.command === 2 } as const
      : {
          type: 'retry', availableAt: this.#time(operation.retryAt), deadlineAt: null, lastFailure: payload('x'),
          heartbeatDetails: operation.command % 2 === 0 ? null : payload('last'),
        } as const
    await this.#compare(title, ({ store }) => store.endTasks([{ ...fence, outcome }]))
    if (outcome.type === 'post') await this.#noteMessage(start.runId, outcome.data)
  }

  /** Messages that the store posted itself get a name when they can be read. */
  async #noteMessage(runId: RunId, data: string): Promise<void> {
    const owner = (await this.#model.store.listExecutions({ namespace: this.#namespace, limit: 100, after: null }))
      .find(record => record.runId === runId)?.owner ?? null
    const worker = owner === null ? -1 : this.#model.workers.indexOf(owner)
    if (worker < 0) return
    const number = this.#model.messages.length
    for (const twin of [this.#model, this.#real]) {
      const inbox = await twin.store.readInbox(twin.workers[worker] as Incarnation, [], 1_000)
      const message = inbox.find(one => one.data === data)
      if (message === undefined) continue
      twin.messages[number] = message.id
      if (twin === this.#model) this.#messagesOf.set(runId, [...(this.#messagesOf.get(runId) ?? []), number])
    }
  }

  async #askQuery(operation: Operation & { do: 'askQuery' }, title: string): Promise<void> {
    const start = at(this.#starts, operation.run)
    if (start === undefined) return
    const id = randomUUID()
    this.#queries.push(id)
    const query = {
      id, namespace: this.#namespace, runId: start.runId, taskQueue: queues[operation.queue] ?? '', name: 'state', args: payload([]),
      expiresAt: this.#time(operation.expiresAt),
    }
    await this.#compare(title, ({ store }) => store.askQuery(query))
  }

  async #onQuery(operation: Operation & { do: 'answerQuery' | 'takeReply' }, title: string): Promise<void> {
    const id = at(this.#queries, operation.query)
    if (id === undefined) return
    const reply = { type: 'answered', result: payload(operation.query) } as const
    await this.#compare(title, ({ store }) => (operation.do === 'takeReply' ? store.takeReply(id) : store.answerQuery(id, reply)))
  }

  async #compare(title: string, ask: (twin: Twin) => Promise<unknown>, isUnordered = false): Promise<void> {
    const expected = this.#named(this.#model, await settle(ask(this.#model)), isUnordered)
    const got = this.#named(this.#real, await settle(ask(this.#real)), isUnordered)
    assert.deepEqual(got, expected, `${title}\n  the model says ${JSON.stringify(expected)}\n  the store says ${JSON.stringify(got)}`)
  }

  #named(twin: Twin, value: unknown, isUnordered: boolean): unknown {
    const named = JSON.parse(JSON.stringify(value ?? null, (key, part: unknown) => this.#name(twin, key, part))) as unknown
    if (!isUnordered || !Array.isArray(named)) return named
    return named.map(one => JSON.stringify(one)).toSorted((a, b) => (a < b ? -1 : 1))
  }

  #name(twin: Twin, key: string, value: unknown): unknown {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    }
    if (typeof value !== 'number') return value
    if (['incarnation', 'owner', 'worker'].includes(key)) return `worker ${twin.workers.indexOf(value as Incarnation)}`
    if (key === 'id') return 'message'
    const isNow = value > this.#startedAt - minute && value < this.#startedAt + 10 * minute
    return isNow && (key === 'now' || key.endsWith('At')) ? 'now' : value
  }
}

/** A start that ends the open run ends its children too: whether that is before or after another start is the store's choice. */
function inOrderOfIds(starts: readonly StartRecord[]): readonly StartRecord[] {
  if (!starts.some(start => start.conflictPolicy === 'TERMINATE_EXISTING')) return starts
  return starts.toSorted((a, b) => (a.workflowId === b.workflowId ? 0 : a.workflowId < b.workflowId ? -1 : 1))
}

async function settle(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof PerdureError) return { rejected: error.code }
    throw error
  }
}
