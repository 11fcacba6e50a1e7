/** Stores that break their promises, each in one way. The checker is to find each of them. */
import type { Incarnation, RunId, Store } from '@perdure/engine'
import type { ExecutionRow, MemoryData } from '../../packages/testing/src/memory-store/memory-data.ts'

export interface BrokenStore {
  readonly name: string
  /** What the checker says of it. */
  readonly found: RegExp
  readonly break: (store: Store, data: MemoryData) => Store
}

export const brokenStores: readonly BrokenStore[] = [
  {
    name: 'loses a message that it acknowledged', found: /^I8: signal .* left the inbox|was acknowledged and lost|did not see signal/s,
    break: (store, data) => {
      let posts = 0
      return { ...store, post: async (batch) => {
        const outcomes = await store.post(batch)
        for (const outcome of outcomes) {
          if (outcome.type !== 'posted' || ++posts % 4 !== 0) continue
          data.setInbox(outcome.runId, data.inboxOf(outcome.runId).filter(({ id }) => id !== outcome.id))
        }
        return outcomes
      } }
    },
  },
  {
    name: 'lets the dead write', found: /^I[146]/,
    break: (store, data) => ({ ...store, commit: (batch) => {
      const worker = batch.incarnation === null ? undefined : data.workers.get(batch.incarnation)
      if (worker === undefined || worker.alive) return store.commit(batch)
      data.workers.set(worker.incarnation, { ...worker, alive: true })
      for (const { runId } of batch.transitions) own(data, runId, worker.incarnation)
      const outcome = store.commit(batch)
      data.workers.set(worker.incarnation, worker)
      return outcome
    } }),
  },
  {
    name: 'closes an execution over an unread message', found: /^I8: signal .* left the inbox/s,
    break: (store, data) => ({ ...store, commit: (batch) => {
      const closed = batch.transitions.filter(({ close }) => close !== null).map(({ runId }) => runId)
      for (const runId of closed) data.inbox.delete(runId)
      return store.commit(batch)
    } }),
  },
  {
    name: 'keeps messages that were consumed',
    found: /was applied twice|ended twice|stands twice|are left over|has messages|cannot be replayed/,
    break: (store, data) => ({ ...store, commit: (batch) => {
      const before = new Map(batch.transitions.map(({ runId }) => [runId, [...data.inboxOf(runId)]]))
      const outcome = store.commit(batch)
      for (const [runId, messages] of before) {
        const came = data.inboxOf(runId).filter(({ id }) => !messages.some((message) => message.id === id))
        if (data.open.has(runId)) data.setInbox(runId, [...messages, ...came])
      }
      return outcome
    } }),
  },
  {
    name: 'does not free the executions of the dead', found: /^I8: (run|activity) .* dead/,
    break: (store, data) => ({ ...store, takeOver: async ({ incarnation }) => {
      const worker = data.workers.get(incarnation)
      if (worker !== undefined) data.workers.set(incarnation, { ...worker, alive: false })
      return true
    } }),
  },
  {
    name: 'gives one attempt to two workers', found: /^I10: .* (runs again|went back)/,
    break: (store, data) => ({ ...store, claimTasks: async (...request) => {
      const claimed = await store.claimTasks(...request)
      for (const { runId, command } of claimed.tasks) {
        data.setTasks(runId, data.tasksOf(runId).map((task) => (task.command === command ? { ...task, worker: null } : task)))
      }
      return claimed
    } }),
  },
  {
    name: 'does not count attempts', found: /^I10: .* (runs again|went back)/,
    break: (store, data) => ({ ...store, endTasks: async (ends) => {
      const ended = await store.endTasks(ends)
      for (const { runId, command, outcome, attempt } of ends) {
        if (outcome.type !== 'retry') continue
        data.setTasks(runId, data.tasksOf(runId).map((task) => (task.command === command ? { ...task, attempt } : task)))
      }
      return ended
    } }),
  },
  {
    name: 'forgets when to wake an execution', found: /^I8: (run .* was let go|after .* steps)/,
    break: (store) => ({ ...store, commit: (batch) => store.commit({ ...batch, transitions: batch.transitions.map((transition) => (
      transition.release === null ? transition : { ...transition, release: { ...transition.release, wakeAt: null } })) }) }),
  },
  {
    name: 'loses an event', found: /^I1: event/,
    break: (store) => ({ ...store, commit: (batch) => store.commit({ ...batch, transitions: batch.transitions.map((transition) => (
      transition.events.length < 2 ? transition : { ...transition, events: transition.events.slice(1) })) }) }),
  },
  {
    name: 'says of a start that it was made, and does not make it', found: /acknowledged|^I3: /,
    break: (store) => ({ ...store, commit: async (batch): ReturnType<Store['commit']> => {
      if (batch.incarnation !== null) return store.commit(batch)
      return { type: 'committed', starts: batch.starts.map(() => ({ type: 'started' })), transitions: [] }
    } }),
  },
]

function own(data: MemoryData, runId: RunId, owner: Incarnation): void {
  const row: ExecutionRow | undefined = data.executions.get(runId)
  if (row?.status === 'RUNNING') data.executions.set(runId, { ...row, owner })
}

