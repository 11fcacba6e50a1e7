/**
 * Commits batches. Knows which workflow ids were locked lately by somebody's open transaction, so that starts of them
 * wait by themselves and briefly, and all others go on (I3 holds for each of them alone).
 */
import { lockTimeoutMs, StoreBusyError } from '@perdure/engine'
import type { CommitBatch, CommitOutcome, StartRecord } from '@perdure/engine'
import { apartWaitMs, busyRememberedMax, busyRememberedMs } from './limits.ts'
import { commitOutcome, type CommitRow, commitStatement, commitValues, ordered, type OrderedBatch } from './statements/commit.ts'
import type { Database, Value } from './statement.ts'

export class Committer {
  readonly #database: Database
  readonly #busyUntil = new Map<string, number>()

  constructor(database: Database) {
    this.#database = database
  }

  async commit(batch: CommitBatch): Promise<CommitOutcome> {
    const all = ordered(batch)
    try {
      return await this.#send(all, this.#howToStart(all.starts), start => this.#waitLocked(start))
    } catch (error) {
      // One of the ids is locked: nothing was written. Which one shows when each waits by itself.
      const starts = [...all.starts, ...sentStarts(batch)]
      if (!(error instanceof StoreBusyError) || starts.length === 0) throw error
      return await this.#send(all, all.starts.map(() => apartWaitMs), () => apartWaitMs)
    }
  }

  async #send(
    all: OrderedBatch, apart: readonly (number | null)[], sentApart: (start: StartRecord) => number | null,
  ): Promise<CommitOutcome> {
    const ask = async (some: OrderedBatch) => this.#ask(commitValues(some, apart, sentApart))
    const row = await ask(all)
    const outcome = commitOutcome(all, row.known === null ? row : await ask({ ...all, starting: without(all.starting, row.known) }))
    if (outcome.type === 'committed') this.#remember(all.batch.starts, outcome)
    return outcome
  }

  async #ask(values: Value[]): Promise<CommitRow> {
    const [row] = await this.#database.run<CommitRow>(commitStatement, values)
    if (row === undefined) throw new Error('commit_v1 returned no row')
    return row
  }

  /** Starts that cannot go with the others, and those of the same id or run with them, keep the order of the batch. */
  #howToStart(starts: readonly StartRecord[]): readonly (number | null)[] {
    const ways = starts.map(start => this.#waitAlone(start))
    const isRepeated = new Set(starts.map(start => start.runId)).size < starts.length
    if (!isRepeated && ways.every(wait => wait === null)) return ways
    const alone = new Set(starts.filter((_, index) => ways[index] !== null).map(keyOf))
    return starts.map((start, index) => ways[index] ?? (isRepeated || alone.has(keyOf(start)) ? 0 : null))
  }

  #waitAlone(start: StartRecord): number | null {
    const locked = this.#waitLocked(start)
    if (locked !== null) return locked
    if (start.conflictPolicy === 'TERMINATE_EXISTING') return lockTimeoutMs
    return start.reusePolicy === 'ALLOW_DUPLICATE' && start.link === undefined ? null : 0
  }

  #waitLocked(start: StartRecord): number | null {
    return this.#busyUntil.size > 0 && (this.#busyUntil.get(keyOf(start)) ?? 0) > performance.now() ? apartWaitMs : null
  }

  #remember(starts: readonly StartRecord[], outcome: Extract<CommitOutcome, { type: 'committed' }>): void {
    if (this.#busyUntil.size === 0 && outcome.starts.every(({ type }) => type !== 'busy')) return
    const until = performance.now() + busyRememberedMs
    for (const [index, { type }] of outcome.starts.entries()) {
      const start = starts[index]
      if (start === undefined) continue
      this.#busyUntil.delete(keyOf(start))
      if (type === 'busy') this.#busyUntil.set(keyOf(start), until)
    }
    for (const [key, expiry] of this.#busyUntil) {
      if (expiry > performance.now() && this.#busyUntil.size <= busyRememberedMax) break
      this.#busyUntil.delete(key)
    }
  }
}

function sentStarts({ transitions }: CommitBatch): readonly StartRecord[] {
  return transitions.flatMap(({ outgoing = [] }) => outgoing.flatMap(one => (one.type === 'start' ? [one.start] : [])))
}

function keyOf(start: StartRecord): string {
  return `${start.namespace}\n${start.workflowId}`
}

function without<T>(set: ReadonlySet<T>, gone: readonly T[]): ReadonlySet<T> {
  const left = new Set(set)
  for (const item of gone) left.delete(item)
  return left
}
