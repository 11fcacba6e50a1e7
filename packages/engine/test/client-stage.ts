/** A client over the in-memory store, whose methods a test may replace, with time that stands still. */
import { createMemoryStore } from '@perdure/testing'
import type { ClientParts } from '../src/client/client-parts.ts'
import type { LocalWorker } from '../src/client/local-worker.ts'
import { createWorkflowClient } from '../src/client/store-client.ts'
import type { ConnectedClient } from '../src/client/workflow-client.ts'
import type { Notifier } from '../src/ports/notifier.ts'
import type { ClosedExecution, Serving, Store } from '../src/ports/store.ts'
import type { Close } from '../src/protocol/transition.ts'
import { asRunId, type Incarnation, type RunId } from '../src/protocol/ids.ts'
import type { Payload } from '../src/protocol/payload.ts'
import { ManualClock } from './manual-clock.ts'

export interface ClientStage {
  readonly client: ConnectedClient
  readonly store: Store
  readonly clock: ManualClock
  /** Topics that the client published. */
  readonly published: string[]
  /** What it logged. */
  readonly logged: string[]
  /** A worker that owns what is runnable; it runs nothing. */
  claimAll(): Promise<Incarnation>
  /** Closes an execution as its owner. */
  close(incarnation: Incarnation, runId: string, close: Partial<Close>): Promise<void>
}

export const queue = 'orders'
const leaseMs = 60_000

export function clientStage(
  replaced: Partial<Store> | ((store: Store) => Partial<Store>) = {}, parts: Partial<ClientParts> = {},
): ClientStage {
  const clock = new ManualClock()
  const memory = createMemoryStore({ now: () => clock.now() })
  const store: Store = { ...memory, ...(typeof replaced === 'function' ? replaced(memory) : replaced) }
  const published: string[] = []
  const logged: string[] = []
  const write = (message: string) => void logged.push(message)
  const notifier: Notifier = { start: async () => {}, stop: async () => {}, publish: (topic) => void published.push(topic) }
  const client = createWorkflowClient({
    store, notifier, clock, logger: { debug: write, info: write, warn: write, error: write }, namespace: 'default', taskQueue: queue,
    identity: 'tester', localWorker: undefined, servedTaskQueues: [],
    registry: { workflow: () => undefined, workflowTypes: () => [] }, ...parts,
  })
  const serving = (incarnation: Incarnation): Serving => ({
    incarnation, namespace: 'default', taskQueues: [queue], workflowTypes: ['charge'], activityTypes: [], buildId: 'b1',
  })
  return {
    client, store, clock, published, logged,
    claimAll: async () => {
      const { incarnation } = await memory.registerWorker({
        namespace: 'default', identity: 'w', buildId: 'b1', taskQueues: [queue], workflowTypes: ['charge'], activityTypes: [], leaseMs,
      })
      await memory.claim({ ...serving(incarnation), now: clock.now(), limit: 100, suspectLimit: 1 })
      return incarnation
    },
    close: async (incarnation, runId, close) => {
      await memory.commit({
        incarnation, starts: [],
        transitions: [{
          runId: asRunId(runId), events: [], consumed: [], tasks: [], cancelTasks: [], release: null, resetTakeovers: false,
          close: { status: 'COMPLETED', result: '"done"' as Payload, failure: null, at: clock.now(), ...close },
        }],
      })
    },
  }
}

/** A local worker that does nothing by itself, and what the client asked of it. */
export function fakeWorker(overrides: Partial<LocalWorker> = {}) {
  const listeners = new Set<(closed: ClosedExecution) => void>()
  const calls: string[] = []
  const worker: LocalWorker = {
    accepts: () => true,
    startExecution: async () => ({ type: 'started' }),
    kick: () => void calls.push('kick'),
    deliver: (message) => void calls.push(`deliver ${message.type}`),
    query: () => undefined,
    onUpdated: () => () => undefined,
    forget: (runId: RunId) => void calls.push(`forget ${runId}`),
    onClosed: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    ...overrides,
  }
  return { worker, calls, listeners, emit: (closed: ClosedExecution) => listeners.forEach((listener) => listener(closed)) }
}
