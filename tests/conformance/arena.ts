/** What every scenario stands on: a namespace of its own in the store under test, and builders for the port's records. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { asRunId } from '@perdure/engine'
import type {
  ActivityTask, ClaimedExecution, ClaimRequest, CommitOutcome, EventRecord, ExecutionRecord, Incarnation, InboxPost, Outgoing,
  OutgoingOutcome, Payload, PostOutcome, QueryAsked, RunId, Serving, StartLink, StartOutcome, StartRecord, Store, Transition,
  TransitionOutcome, WorkerRegistration,
} from '@perdure/engine'

export interface StoreUnderTest {
  readonly store: Store
  /** Another connection to the same data, as another process would have; closed by dispose. */
  readonly second?: () => Promise<Store>
  /** Makes the worker look as if its last tick had been so long ago: sets renewedAt and tickedAt to now - ms. */
  ageWorker(serving: Serving, ms: number): Promise<void>
  /** Makes a queue with limits look as if it was last counted so many milliseconds ago, or earlier. */
  ageQueue(namespace: string, taskQueue: string, ms: number): Promise<void>
  /** Where rows are locked one by one: holds that of an execution, as somebody's open transaction does, until it is let go. */
  holdRow?(runId: RunId): Promise<() => Promise<void>>
  /** The same, as a sender of a message does: others may send. */
  shareRow?(runId: RunId): Promise<() => Promise<void>>
  dispose(): Promise<void>
}

export interface CommittedOutcome {
  readonly starts: readonly StartOutcome[]
  readonly transitions: readonly TransitionOutcome[]
}

export const leaseMs = 5_000
export const payload = (value: unknown): Payload => JSON.stringify(value) as Payload
export const newRunId = (): RunId => asRunId(randomUUID())

export function event(seq: number, overrides: Partial<EventRecord> = {}): EventRecord {
  return { seq, type: 'TimerFired', at: 1_000 + seq, data: `{"n":${seq}}`, ...overrides }
}

export function transition(runId: RunId, overrides: Partial<Transition> = {}): Transition {
  return {
    runId, events: [], consumed: [], tasks: [], cancelTasks: [], close: null, release: null, resetTakeovers: false,
    ...overrides,
  }
}

/** A link with what is given; else of a first run that is nobody's child. */
export function linked(overrides: Partial<StartLink>): StartLink {
  return { firstRunId: newRunId(), parent: null, expiresAt: null, details: null, messages: [], ...overrides }
}

export const completed = { status: 'COMPLETED', result: payload('done'), failure: null, at: 9_000 } as const

/** A worker's `Serving` that takes everything of the arena. */
export class Arena {
  readonly namespace = `ns-${randomUUID()}`
  readonly queue = 'orders'
  readonly store: Store
  readonly #under: StoreUnderTest

  constructor(under: StoreUnderTest) {
    this.#under = under
    this.store = under.store
  }

  /** A second connection where the store has one, else the same store: two workers of one process. */
  async second(): Promise<Store> {
    return this.#under.second === undefined ? this.store : this.#under.second()
  }

  ageWorker(serving: Serving, ms: number): Promise<void> {
    return this.#under.ageWorker(serving, ms)
  }

  /** Time passes for the limits of a queue of the arena. */
  ageQueue(ms: number, taskQueue = this.queue): Promise<void> {
    return this.#under.ageQueue(this.namespace, taskQueue, ms)
  }

  /** Undefined where the store has no locks of rows. */
  get holdRow(): ((runId: RunId) => Promise<() => Promise<void>>) | undefined {
    return this.#under.holdRow
  }

  get shareRow(): ((runId: RunId) => Promise<() => Promise<void>>) | undefined {
    return this.#under.shareRow
  }

  registration(overrides: Partial<WorkerRegistration> = {}): WorkerRegistration {
    return {
      namespace: this.namespace, identity: 'host-1', buildId: 'build-1', taskQueues: [this.queue], workflowTypes: ['order'],
      activityTypes: ['charge'], leaseMs, ...overrides,
    }
  }

  async worker(overrides: Partial<Serving> = {}): Promise<Serving> {
    const { incarnation: _none, ...given } = overrides
    const { identity: _identity, leaseMs: _leaseMs, ...scope } = this.registration(given)
    const { incarnation } = await this.store.registerWorker(this.registration(given))
    return { incarnation, ...scope, ...overrides }
  }

  start(overrides: Partial<StartRecord> = {}): StartRecord {
    return {
      namespace: this.namespace, workflowId: `w-${randomUUID()}`, runId: newRunId(), workflowType: 'order', taskQueue: this.queue,
      priority: 3, input: payload(['in']), memo: null, searchAttributes: null, startedAt: 1_000, wakeAt: 1_000,
      reusePolicy: 'ALLOW_DUPLICATE', conflictPolicy: 'FAIL', owned: false, ...overrides,
    }
  }

  task(start: StartRecord, command: number, overrides: Partial<ActivityTask> = {}): ActivityTask {
    return {
      namespace: start.namespace, runId: start.runId, command, workflowId: start.workflowId, workflowType: start.workflowType,
      taskQueue: this.queue, activityType: 'charge', activityId: String(command), priority: 3, attempt: 1, input: payload([1]),
      options: payload({}), worker: null, scheduledAt: 1_000, availableAt: 1_000, startedAt: null, deadlineAt: null, runMs: null,
      closeBy: null, lost: false, cancelRequested: false, lastFailure: null, heartbeatDetails: null, ...overrides,
    }
  }

  query(start: StartRecord, overrides: Partial<QueryAsked> = {}): QueryAsked {
    return {
      id: randomUUID(), namespace: start.namespace, runId: start.runId, taskQueue: start.taskQueue, name: 'state', args: payload([]),
      expiresAt: 50_000, ...overrides,
    }
  }

  /** Commits and expects not to be fenced. */
  async commit(
    worker: Serving | null,
    batch: { readonly starts?: readonly StartRecord[]; readonly transitions?: readonly Transition[] },
    store: Store = this.store,
  ): Promise<CommittedOutcome> {
    const { starts = [], transitions = [] } = batch
    const outcome = await store.commit({ incarnation: worker?.incarnation ?? null, starts, transitions })
    return committed(outcome)
  }

  /** Starts an execution, owned if a worker is given. */
  async started(worker: Serving | null, overrides: Partial<StartRecord> = {}): Promise<StartRecord> {
    const start = this.start({ owned: worker !== null, ...overrides })
    const { starts } = await this.commit(worker, { starts: [start] })
    assert.deepEqual(starts, [{ type: 'started' }])
    return start
  }

  /** Commits one transition of the worker and returns its outcome. */
  async transit(worker: Serving, runId: RunId, overrides: Partial<Transition> = {}, store: Store = this.store): Promise<TransitionOutcome> {
    const { transitions } = await this.commit(worker, { transitions: [transition(runId, overrides)] }, store)
    const [outcome] = transitions
    assert.ok(outcome !== undefined)
    return outcome
  }

  /** Commits requests to others, which a transition of the worker makes, and returns their outcomes. */
  async ask(
    worker: Serving, runId: RunId, outgoing: readonly Outgoing[], overrides: Partial<Transition> = {},
  ): Promise<readonly OutgoingOutcome[]> {
    const outcome = await this.store.commit({
      incarnation: worker.incarnation, starts: [], transitions: [transition(runId, { outgoing, ...overrides })],
    })
    assert.ok(outcome.type === 'committed')
    assert.deepEqual(outcome.transitions, ['ok'])
    return outcome.outgoing?.get(runId) ?? []
  }

  async claim(worker: Serving, overrides: Partial<ClaimRequest> = {}, store: Store = this.store): Promise<readonly ClaimedExecution[]> {
    return store.claim({ ...worker, now: 10_000, limit: 100, suspectLimit: 100, ...overrides })
  }

  async claimTasks(worker: Serving, now: number, limit: number, store: Store = this.store): Promise<readonly ActivityTask[]> {
    return (await store.claimTasks(worker, now, limit)).tasks
  }

  async get(start: StartRecord): Promise<ExecutionRecord> {
    const record = await this.store.getExecution(start.namespace, start.workflowId, start.runId)
    assert.ok(record !== undefined, `no execution ${start.workflowId} / ${start.runId}`)
    return record
  }

  /** Posts to the run and returns the id of the message. */
  async signal(start: StartRecord, data = '{}', store: Store = this.store): Promise<number> {
    const { namespace, workflowId, runId } = start
    const outcome = await this.post({ namespace, workflowId, runId, type: 'WorkflowSignaled', data }, store)
    assert.ok(outcome.type === 'posted', `not posted: ${outcome.type}`)
    return outcome.id
  }

  /** Posts until it is not busy, as clients do. */
  async post(to: InboxPost, store: Store = this.store): Promise<Exclude<PostOutcome, { type: 'busy' }>> {
    for (;;) {
      const [outcome] = await store.post([to])
      assert.ok(outcome !== undefined)
      if (outcome.type !== 'busy') return outcome
    }
  }

  /** The unread messages of a run that nobody owns or the worker owns, as its owner would see them. */
  async unread(worker: Serving, start: StartRecord): Promise<readonly string[]> {
    const messages = await this.store.readInbox(worker.incarnation, [], 1_000)
    return messages.filter(message => message.runId === start.runId).map(message => message.data)
  }

  /** Lets the worker die: its lease is old and nothing holds its lock. */
  async kill(serving: Serving): Promise<boolean> {
    return this.store.takeOver({ incarnation: serving.incarnation, renewedAt: await this.renewedAt(serving.incarnation) }, leaseMs)
  }

  async renewedAt(incarnation: Incarnation): Promise<number> {
    const worker = (await this.store.listWorkers(this.namespace)).find(record => record.incarnation === incarnation)
    assert.ok(worker !== undefined)
    return worker.renewedAt
  }
}

export function committed(outcome: CommitOutcome): CommittedOutcome {
  assert.equal(outcome.type, 'committed')
  assert.ok(outcome.type === 'committed')
  return { starts: outcome.starts, transitions: outcome.transitions }
}

export function runIds(claimed: readonly ClaimedExecution[]): readonly RunId[] {
  return claimed.map(one => one.execution.runId)
}

/** The store under test, once it was made. */
export type Harness = () => StoreUnderTest
