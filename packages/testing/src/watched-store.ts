/** A store that says when it is at work, and what was committed. */
import type { CommitBatch, CommitOutcome, LeaseKeeper, Store } from '@perdure/engine'

export interface StoreListener {
  /** A call began or ended. */
  readonly onCall: () => void
  readonly onCommit: (batch: CommitBatch, outcome: CommitOutcome) => void
}

export interface WatchedStore {
  readonly store: Store
  /** Calls under way. */
  readonly calls: () => number
  readonly listen: (listener: StoreListener) => void
}

type Call = (...args: unknown[]) => Promise<unknown>

/** Its leases need no thread: there is one process, and its time is not that of the thread. */
export function watchedStore(store: Store): WatchedStore {
  let running = 0
  let listener: StoreListener = { onCall: () => undefined, onCommit: () => undefined }
  const watch = (call: Call): Call => async (...args) => {
    running++
    listener.onCall()
    try {
      return await call(...args)
    } finally {
      running--
      listener.onCall()
    }
  }
  const members = new Map<string, unknown>(Object.entries(store).map(([name, member]: [string, unknown]) => (
    [name, typeof member === 'function' && !synchronous.has(name) ? watch(member as Call) : member])))
  // Whoever made the store closes it, when it has been looked at.
  members.set('close', async () => undefined)
  members.set('keepLease', async (): Promise<LeaseKeeper> => noLease)
  members.set('commit', watch(async (batch) => {
    const outcome = await store.commit(batch as CommitBatch)
    listener.onCommit(batch as CommitBatch, outcome)
    return outcome
  }))
  return { store: Object.fromEntries(members) as unknown as Store, calls: () => running, listen: (given) => { listener = given } }
}

const noLease: LeaseKeeper = { mainMoved: () => undefined, mainRenewed: () => undefined, stop: async () => undefined }
const synchronous: ReadonlySet<string> = new Set(['dataVersion'])
