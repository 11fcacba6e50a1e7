/**
 * The commit: perdure.commit_v1 (migrations/0002-commit.ts). Here: a batch as its parameters, and its answer as outcomes.
 *
 * Plans: every step is an index scan or a loop of index scans (tests/postgres/plans.test.ts). Measured against pipelined
 * statements, JSON and array literals in docs/decisions/0002-postgres-commit.md.
 */
import { StoreRejectedError, terminatedByStart } from '@perdure/engine'
import type {
  CommitBatch, CommitOutcome, OutgoingOutcome, Release, RunId, StartOutcome, StartRecord, Transition, TransitionOutcome,
} from '@perdure/engine'
import { bigintArray, intArray, textArray, uuidArray } from '../binary-array.ts'
import { outgoingOutcomes, rareValue, refuseIllegal } from '../rare-values.ts'
import type { Statement, Value } from '../statement.ts'
import { taskRow } from '../task-row.ts'

const parameterCount = 45

export const commitStatement: Statement = {
  name: 'commit_v1',
  text: `select * from perdure.commit_v1(${Array.from({ length: parameterCount }, (_, index) => `$${index + 1}`).join(', ')})`,
  writes: true,
}

export interface CommitRow {
  readonly fenced: boolean
  /** Runs sent as started in this batch that exist already; nothing was done. */
  readonly known: readonly RunId[] | null
  readonly lost: readonly RunId[] | null
  readonly locked: readonly RunId[] | null
  readonly unread: readonly RunId[] | null
  readonly kept: readonly RunId[] | null
  /** Number of the start (from 1, in the order sent), its outcome, the run that is in its way and its status. */
  readonly refused_starts: readonly (readonly [number, StartOutcome['type'], RunId | null, StartOutcomeStatus | null])[] | null
  /** Of all outgoing requests, in the order of the batch; null: the asking transition was refused. */
  readonly sent: readonly (OutgoingOutcome | null)[] | null
}
type StartOutcomeStatus = Extract<StartOutcome, { type: 'exists' }>['status']

/** A batch in the order in which it is sent. */
export interface OrderedBatch {
  readonly batch: CommitBatch
  /** By namespace and workflow id, so that two batches never wait for each other's ids. */
  readonly starts: readonly StartRecord[]
  /** Of each of them, its place in the batch. */
  readonly places: readonly number[]
  /** By run id. */
  readonly transitions: readonly Transition[]
  /** Runs that start in this batch, as PostgreSQL writes them. */
  readonly starting: ReadonlySet<string>
}

export function ordered(batch: CommitBatch): OrderedBatch {
  const transitions = batch.transitions.toSorted((a, b) => compare(a.runId, b.runId))
  const isDouble = transitions.some((transition, index) => transition.runId === transitions[index - 1]?.runId)
  if (isDouble) throw new StoreRejectedError('A batch holds two transitions of one run: merge them')
  if (batch.incarnation === null && (transitions.length > 0 || batch.starts.some(start => start.owned))) {
    throw new StoreRejectedError('A producer may only start unowned executions')
  }
  for (const transition of transitions) if (transition.outgoing !== undefined) refuseIllegal(transition)
  const placed = batch.starts.map((start, place) => ({ start, place }))
  placed.sort((a, b) => compare(a.start.namespace, b.start.namespace) || compare(a.start.workflowId, b.start.workflowId))
  return {
    batch, starts: placed.map(({ start }) => start), places: placed.map(({ place }) => place), transitions,
    starting: new Set(batch.starts.map(start => start.runId.toLowerCase())),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** `apart` says of each ordered start how it is made (see the migration), `sentApart` of the starts among outgoing requests. */
export function commitValues(
  of: OrderedBatch, apart: readonly (number | null)[], sentApart: (start: StartRecord) => number | null = () => null,
): Value[] {
  const { batch, starts, transitions, starting } = of
  const isEarly = (transition: Transition) => starting.size === 0 || !starting.has(transition.runId.toLowerCase())
  const earlyFirst = (some: Transition[]) => [...some.filter(isEarly), ...some.filter(transition => !isEarly(transition))]
  const closes = earlyFirst(transitions.filter(transition => transition.close !== null))
  const releases = earlyFirst(transitions.filter(transition => transition.close === null && transition.release !== null))
  const plain = transitions.filter(transition => transition.close === null && transition.release === null && isEarly(transition))
  return [
    batch.incarnation, uuidArray(plain.map(runOf)), ...releaseValues(releases, releases.filter(isEarly).length),
    ...closeValues(closes, closes.filter(isEarly).length), uuidArray(transitions.filter(one => !isEarly(one)).map(runOf)),
    ...eventValues(transitions), ...messageAndTaskValues(transitions), ...startValues(starts, apart),
    rareValue(batch.incarnation, starts, batch.transitions, sentApart),
  ]
}

const runOf = (transition: Transition) => transition.runId

function releaseValues(releases: readonly Transition[], early: number): Value[] {
  const held = releases.map(({ release }) => release?.held ?? null)
  const hasHeld = held.some(one => one !== null)
  return [
    uuidArray(releases.map(runOf)), early, bigintArray(releases.map(({ release }) => release?.wakeAt ?? null)),
    ...(hasHeld
      ? [
          textArray(held.map(one => one?.code ?? null)), textArray(held.map(one => one?.reason ?? null)),
          textArray(held.map(one => one?.buildId ?? null)), intArray(held.map(one => one?.count ?? null)),
          intArray(releases.map(({ release }) => marksOf(release))),
        ]
      : [null, null, null, null, null]),
  ]
}

/** As commit_v1 reads them: 1 spent, 2 unbegun. */
function marksOf(release: Release | null): number | null {
  if (release === null || release.held === null) return null
  return Number(release.held.spent) + 2 * Number(release.unbegun ?? false)
}

function closeValues(closes: readonly Transition[], early: number): Value[] {
  return [
    uuidArray(closes.map(runOf)), early, textArray(closes.map(({ close }) => close?.status ?? null)),
    textArray(closes.map(({ close }) => close?.result ?? null)), textArray(closes.map(({ close }) => close?.failure ?? null)),
    bigintArray(closes.map(({ close }) => close?.at ?? null)),
  ]
}

function eventValues(transitions: readonly Transition[]): Value[] {
  const runs: string[] = []
  const seqs: number[] = []
  const kinds: string[] = []
  const times: number[] = []
  const data: string[] = []
  for (const transition of transitions) {
    for (const event of transition.events) {
      runs.push(transition.runId)
      seqs.push(event.seq)
      kinds.push(event.type)
      times.push(event.at)
      data.push(event.data)
    }
  }
  return [uuidArray(runs), intArray(seqs), textArray(kinds), bigintArray(times), textArray(data)]
}

function messageAndTaskValues(transitions: readonly Transition[]): Value[] {
  const pairs = (numbers: (transition: Transition) => readonly number[]) => {
    const found = transitions.flatMap(transition => numbers(transition).map(number => [transition.runId, number] as const))
    return [found.map(([run]) => run), found.map(([, number]) => number)] as const
  }
  const [consumedRuns, consumed] = pairs(transition => transition.consumed)
  const [cancelledRuns, cancelled] = pairs(transition => transition.cancelTasks)
  const tasks = transitions.flatMap(transition => transition.tasks.map(taskRow))
  return [
    uuidArray(consumedRuns), bigintArray(consumed), tasks.length === 0 ? null : JSON.stringify(tasks), uuidArray(cancelledRuns),
    intArray(cancelled),
    uuidArray(transitions.filter(transition => transition.resetTakeovers).map(runOf)),
  ]
}

function startValues(starts: readonly StartRecord[], apart: readonly (number | null)[]): Value[] {
  return [
    uuidArray(starts.map(start => start.runId)), textArray(starts.map(start => start.namespace)),
    textArray(starts.map(start => start.workflowId)), textArray(starts.map(start => start.workflowType)),
    textArray(starts.map(start => start.taskQueue)), intArray(starts.map(start => start.priority)),
    textArray(starts.map(start => start.input)), textArray(starts.map(start => start.memo)),
    textArray(starts.map(start => start.searchAttributes)), bigintArray(starts.map(start => start.startedAt)),
    bigintArray(starts.map(start => start.wakeAt)), textArray(starts.map(start => start.reusePolicy)),
    textArray(starts.map(start => start.conflictPolicy)), intArray(starts.map(start => (start.owned ? 1 : 0))), intArray(apart),
    terminatedByStart,
  ]
}

/** The answer, in the order of the batch. */
export function commitOutcome({ batch, places }: OrderedBatch, row: CommitRow): CommitOutcome {
  if (row.fenced) return { type: 'fenced' }
  const starts = batch.starts.map((): StartOutcome => ({ type: 'started' }))
  for (const [number, type, runId, status] of row.refused_starts ?? []) {
    const refusal: StartOutcome = type === 'exists' && runId !== null && status !== null ? { type, runId, status } : { type: 'busy' }
    starts[places[number - 1] ?? -1] = refusal
  }
  const outcomes = new Map<string, TransitionOutcome>()
  for (const outcome of ['kept', 'unread', 'locked', 'lost'] as const) {
    for (const runId of row[outcome] ?? []) outcomes.set(runId, outcome)
  }
  return {
    type: 'committed',
    starts,
    transitions: batch.transitions.map(({ runId }) => outcomes.get(runId.toLowerCase()) ?? 'ok'),
    ...(row.sent === null ? {} : { outgoing: outgoingOutcomes(batch.transitions, row.sent) }),
  }
}
