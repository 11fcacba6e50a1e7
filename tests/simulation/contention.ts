/** Rows that another transaction holds: outcomes that the in-memory store, which does one thing at a time, never has by itself. */
import { StoreRejectedError } from '@perdure/engine'
import type {
  CommitBatch, CommitOutcome, InboxPost, OutgoingOutcome, PostOutcome, RunId, StartOutcome, Store, TransitionOutcome, UpdateRequest,
  UpdateRequestOutcome,
} from '@perdure/engine'
import type { Random } from '../../packages/testing/src/simulation/random.ts'
import type { Happening, Tally } from './tally.ts'
import type { Weather } from './weather.ts'

export interface Contention {
  readonly store: Store
  readonly random: Random
  readonly weather: Weather
  readonly tally: Tally
}

export async function contendedCommit({ store, random, weather, tally }: Contention, batch: CommitBatch): Promise<CommitOutcome> {
  const isAlone = Math.max(batch.transitions.length, batch.starts.length) < 2
  const noteEach = (what: Happening, count: number): void => { for (let each = 0; each < count; each++) tally.note(what) }
  if (random.chance(isAlone ? weather.rejectedAlone : weather.rejected)) {
    tally.note(isAlone ? 'refused alone' : 'batch refused')
    throw new StoreRejectedError('Refused as a whole')
  }
  const { contended } = weather
  if (contended === 0) return store.commit(batch)
  const busy = new Set(batch.starts.filter(() => random.chance(contended)))
  const started = new Set(batch.starts.map((start) => start.runId))
  const refused = batch.transitions.map((transition): TransitionOutcome | undefined => {
    if (started.has(transition.runId)) return [...busy].some((start) => start.runId === transition.runId) ? 'lost' : undefined
    if (!random.chance(contended)) return undefined
    return transition.close === null && transition.release !== null && random.chance(0.5) ? 'kept' : 'locked'
  })
  noteEach('start busy', busy.size)
  noteEach('row locked', refused.filter((refusal) => refusal === 'locked').length)
  noteEach('release kept', refused.filter((refusal) => refusal === 'kept').length)
  const withheld = new Set(batch.transitions.flatMap(({ outgoing = [] }) => outgoing.filter(() => random.chance(contended))))
  noteEach('request busy', withheld.size)
  const outcome = await store.commit({
    incarnation: batch.incarnation, starts: batch.starts.filter((start) => !busy.has(start)),
    transitions: batch.transitions.flatMap((transition, index) => {
      if (refused[index] === 'kept') return [{ ...transition, release: null }]
      const { outgoing, ...others } = transition
      if (refused[index] !== undefined) return []
      return [outgoing === undefined ? transition : { ...others, outgoing: outgoing.filter((one) => !withheld.has(one)) }]
    }),
  })
  if (outcome.type === 'fenced') return outcome
  const starts = [...outcome.starts]
  const transitions = [...outcome.transitions]
  const made = refused.map((refusal) => {
    if (refusal !== undefined && refusal !== 'kept') return refusal
    const one = transitions.shift() ?? 'lost'
    return refusal === 'kept' && one === 'ok' ? 'kept' : one
  })
  const outgoing = new Map<RunId, readonly OutgoingOutcome[]>()
  batch.transitions.forEach(({ runId, outgoing: asked }, index) => {
    if (asked === undefined || (made[index] !== 'ok' && made[index] !== 'kept')) return
    const answers = [...outcome.outgoing?.get(runId) ?? []]
    outgoing.set(runId, asked.map((one) => (withheld.has(one) ? 'busy' : answers.shift() ?? 'busy')))
  })
  return {
    type: 'committed', ...(outgoing.size === 0 ? {} : { outgoing }),
    starts: batch.starts.map((start): StartOutcome => (busy.has(start) ? { type: 'busy' } : starts.shift() ?? { type: 'busy' })),
    transitions: made,
  }
}

export async function contendedPost(
  { store, random, weather, tally }: Contention, posts: readonly InboxPost[],
): Promise<readonly PostOutcome[]> {
  const busy = posts.map(() => random.chance(weather.contended))
  for (const isBusy of busy) if (isBusy) tally.note('post busy')
  const made = [...await store.post(posts.filter((_, index) => busy[index] !== true))]
  return busy.map((isBusy): PostOutcome => (isBusy ? { type: 'busy' } : made.shift() ?? { type: 'not_found' }))
}

export async function contendedRequests(
  { store, random, weather, tally }: Contention, requests: readonly UpdateRequest[],
): Promise<readonly UpdateRequestOutcome[]> {
  const busy = requests.map(() => random.chance(weather.contended))
  for (const isBusy of busy) if (isBusy) tally.note('post busy')
  const made = [...await store.requestUpdates(requests.filter((_, index) => busy[index] !== true))]
  return busy.map((isBusy): UpdateRequestOutcome => (isBusy ? { type: 'busy' } : made.shift() ?? { type: 'not_found' }))
}
