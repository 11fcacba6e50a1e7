/**
 * Programs: what a simulated workflow does, as data. A seed draws some; program-workflow.ts runs them; program-results.ts
 * knows what is right.
 */
import type { Random } from '../../packages/testing/src/simulation/random.ts'

export interface Work {
  readonly id: string
  readonly ms: number
  /** The first so many attempts fail. */
  readonly fails: number
  readonly permanent: boolean
  /** The first so many attempts kill their process. */
  readonly kills: number
  readonly beats: number
  /** It stops when it is asked to. */
  readonly obeys: boolean
}

export interface ActivityOp {
  readonly do: 'activity'
  readonly work: Work
  /** 0: without end. */
  readonly maximumAttempts: number
  readonly taskQueue: string
  readonly startToCloseMs: number
  readonly heartbeatMs: number | null
  readonly scheduleToCloseMs: number | null
}

export type Op =
  | ActivityOp
  | { readonly do: 'sleep'; readonly ms: number; readonly times: number }
  | { readonly do: 'uuid' }
  | { readonly do: 'all' | 'race'; readonly branches: readonly (readonly Op[])[] }
  /** Waits for so many signals since the beginning; with `ms` at most for so long. */
  | { readonly do: 'signals'; readonly count: number; readonly ms: number | null }
  | { readonly do: 'scope'; readonly ms: number; readonly ops: readonly Op[] }
  | ChildOp
  /** A signal to another execution, which may not exist; or a request to cancel it. */
  | { readonly do: 'note' | 'stop'; readonly to: string }
  | { readonly do: 'patch'; readonly id: string }
  /** Cancels what it runs after a while. */
  | { readonly do: 'cancel'; readonly afterMs: number; readonly type: CancellationType; readonly activity: ActivityOp }

export interface ChildOp {
  readonly do: 'child'
  readonly program: Program
  readonly taskQueue: string
  readonly closePolicy: 'TERMINATE' | 'REQUEST_CANCEL' | 'ABANDON'
  readonly type: 'TRY_CANCEL' | 'WAIT_CANCELLATION_REQUESTED' | 'WAIT_CANCELLATION_COMPLETED' | 'ABANDON'
  /** Signals that its parent sends to it. */
  readonly notes: number
  readonly awaits: 'start' | 'end'
  readonly cancelAfterMs: number | null
}

export type CancellationType = 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'ABANDON'

export interface Program {
  /** Of the workflow that runs it. */
  readonly name: string
  readonly ops: readonly Op[]
  readonly end: 'return' | 'fail'
  readonly onCancel: 'end' | 'clean up' | 'ignore'
  /** The first so many processes that call its function die of it. At the fifth in a row it is held, until other code comes. */
  readonly kills: number
  /** It goes on as new so often. */
  readonly runs: number
  /** The first so many attempts of each run fail, by what its retry policy tries again. */
  readonly failsRuns: number
  readonly maximumRuns: number | null
  readonly runTimeoutMs: number | null
}

export const mainQueue = 'main'
export const otherQueue = 'other'
export const limitedQueue = 'limited'

const opsMax = 5
const branchesMax = 6

/** @param generation 0: a user starts it; 1: it is a child */
export function drawProgram(random: Random, name: string, generation = 0): Program {
  let count = 0
  const names: Names = {
    generation, workId: () => `${name}-${++count}`, childName: () => `${name}.${++count}`,
  }
  const drawn = drawOps(random, names, generation === 0 ? 0 : 1)
  const ops: Op[] = random.chance(0.05) ? [{ do: 'sleep', ms: 1, times: random.integer(10, 60) }, ...drawn] : drawn
  const failsRuns = random.chance(0.08) ? random.integer(1, 2) : 0
  const timesOut = random.chance(0.06)
  return {
    runs: random.chance(0.1) ? random.integer(1, 3) : 0, failsRuns,
    maximumRuns: failsRuns > 0 || (timesOut && random.chance(0.5)) ? random.integer(1, 3) : null,
    runTimeoutMs: timesOut ? random.pick([1_500, 8_000, 30_000]) : null,
    name,
    ops: random.chance(0.06) ? [...ops, drawPoison(random, names.workId)] : ops,
    end: random.chance(0.08) ? 'fail' : 'return',
    onCancel: random.pick(['end', 'clean up', 'ignore']),
    kills: random.chance(0.04) ? random.pick([1, 3, 5, 5]) : 0,
  }
}

/** How many signals it waits for at least. */
export function signalsNeeded(ops: readonly Op[]): number {
  const needs = ops.map((op): number => {
    switch (op.do) {
      case 'signals': return op.count
      case 'all':
      case 'race': return signalsNeeded(op.branches.flat())
      case 'scope': return signalsNeeded(op.ops)
      default: return 0
    }
  })
  return Math.max(0, ...needs)
}

type WorkId = () => string

interface Names {
  readonly generation: number
  readonly workId: WorkId
  readonly childName: () => string
}

function drawOps(random: Random, names: Names, depth: number): Op[] {
  return Array.from({ length: random.integer(1, depth === 0 ? opsMax : 2) }, () => drawOp(random, names, depth))
}

function drawOp(random: Random, names: Names, depth: number): Op {
  const { workId } = names
  if (random.chance(0.16)) return drawBetween(random, names)
  const draw = random.next()
  if (draw < 0.45 || depth > 2) return drawActivity(random, workId)
  if (draw < 0.55) return { do: 'sleep', ms: drawMs(random), times: 1 }
  if (draw < 0.58) return { do: 'uuid' }
  if (draw < 0.68) return { do: 'signals', count: random.integer(1, 4), ms: random.chance(0.5) ? null : drawMs(random) }
  if (draw < 0.80) return { do: 'all', branches: drawBranches(random, names, depth) }
  if (draw < 0.88) return { do: 'race', branches: drawBranches(random, names, depth) }
  if (draw < 0.94) return { do: 'scope', ms: drawMs(random), ops: drawOps(random, names, depth + 1) }
  return {
    do: 'cancel', afterMs: random.pick([0, 1, drawMs(random)]), activity: drawActivity(random, workId),
    type: random.pick(['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON']),
  }
}

/** What concerns other executions, and patches. */
function drawBetween(random: Random, { generation, childName }: Names): Op {
  const draw = random.next()
  if (draw < 0.2) return { do: 'patch', id: random.pick(['one', 'two']) }
  if (draw < 0.4 || generation > 1) return { do: 'note', to: `w${random.integer(0, 3)}` }
  if (draw < 0.45) return { do: 'stop', to: `w${random.integer(0, 5)}` }
  return {
    do: 'child', program: drawProgram(random, childName(), generation + 1), taskQueue: random.pick([mainQueue, mainQueue, otherQueue]),
    closePolicy: random.pick(['TERMINATE', 'REQUEST_CANCEL', 'ABANDON']),
    type: random.pick(['TRY_CANCEL', 'WAIT_CANCELLATION_REQUESTED', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON']),
    notes: random.chance(0.5) ? random.integer(1, 3) : 0, awaits: random.chance(0.7) ? 'end' : 'start',
    cancelAfterMs: random.chance(0.2) ? random.pick([0, 1, drawMs(random)]) : null,
  }
}

/** Of a program and its children, and theirs. */
export function childPrograms(ops: readonly Op[]): readonly Program[] {
  return ops.flatMap((op): readonly Program[] => {
    switch (op.do) {
      case 'child': return [op.program, ...childPrograms(op.program.ops)]
      case 'all':
      case 'race': return childPrograms(op.branches.flat())
      case 'scope': return childPrograms(op.ops)
      default: return []
    }
  })
}

function drawBranches(random: Random, names: Names, depth: number): Op[][] {
  return Array.from({ length: random.integer(1, depth === 0 ? branchesMax : 2) }, () => drawOps(random, names, depth + 1))
}

function drawActivity(random: Random, workId: WorkId): ActivityOp {
  const beats = random.chance(0.15) ? random.integer(1, 4) : 0
  const ms = random.chance(0.6) ? 0 : random.pick([1, 20, 300, 2_500, 14_000])
  return {
    do: 'activity',
    work: {
      id: workId(), ms, beats,
      fails: random.chance(0.25) ? random.integer(1, 3) : 0, permanent: random.chance(0.05), kills: 0,
      obeys: random.chance(0.7),
    },
    maximumAttempts: random.chance(0.3) ? random.integer(1, 4) : 0,
    taskQueue: random.chance(0.7) ? mainQueue : random.pick([otherQueue, limitedQueue]),
    startToCloseMs: 60_000, heartbeatMs: beats > 0 && random.chance(0.6) ? 2_000 + ms : null,
    scheduleToCloseMs: random.chance(0.05) ? random.pick([200, 5_000, 90_000]) : null,
  }
}

function drawPoison(random: Random, workId: WorkId): ActivityOp {
  return {
    do: 'activity', maximumAttempts: 0, taskQueue: mainQueue, startToCloseMs: 60_000, heartbeatMs: null, scheduleToCloseMs: null,
    work: { id: workId(), ms: 0, beats: 0, fails: 0, permanent: false, kills: random.pick([1, 2, 5]), obeys: true },
  }
}

function drawMs(random: Random): number {
  return random.pick([1, 10, 100, 1_000, 1_000, 7_000, 45_000])
}
