/** Runs processes under test: to record what they issue, and to let them die at a point. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import type { Assignment } from './assignment.ts'
import { snapshotOf } from './evidence.ts'
import type { Beginning, Home, Place } from './home.ts'
import { openJournal, readJournal } from './journal.ts'
import { openStoreOf } from './open-store.ts'
import { judge } from './oracle.ts'
import { nameOf, parseRecording, type Point, type Recording } from './points.ts'
import { recover } from './recovery.ts'
import { type Scenario, scenarios, victim } from './scenarios.ts'
import { type Sabotage, type TapOrder, tapVariable } from './tap-order.ts'

const hungAfterMs = 60_000
const missedShareMax = 0.05
const reachRounds = 3
/** Processes that record at once: scenarios wait more than they work. */
const recorders = 3

interface Ended {
  /** Exit code, or the signal that killed it. */
  readonly how: number | string | null
  readonly stderr: string
}

/** The tap comes first in every thread; so it is an option of Node's in the environment. */
async function runProcess(assignments: readonly Assignment[], order: TapOrder): Promise<Ended> {
  const env = {
    ...process.env, [tapVariable]: JSON.stringify(order),
    NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'tap.ts')).href}`,
  }
  const program = join(import.meta.dirname, 'process-under-test.ts')
  const child = spawn(process.execPath, [program, JSON.stringify(assignments)], { env, stdio: ['ignore', 'inherit', 'pipe'] })
  const hung = setTimeout(() => child.kill('SIGKILL'), hungAfterMs)
  const exit = Promise.withResolvers<number | string | null>()
  child.once('error', exit.reject)
  child.once('exit', (code, signal) => exit.resolve(signal ?? code))
  try {
    const [how, stderr] = await Promise.all([exit.promise, text(child.stderr)])
    return { how, stderr }
  } finally {
    clearTimeout(hung)
  }
}

export function beginningOf({ isFirst, hasDeadWorker }: Scenario): Beginning {
  if (isFirst === true) return 'nothing'
  return hasDeadWorker === true ? 'dead worker' : 'tables'
}

/** A database as a worker leaves it that was killed. */
export async function makeDeadWorker(home: Home): Promise<void> {
  const place = await home.place('tables')
  const { how, stderr } = await runProcess([assignmentOf(victim, place)], { store: home.store, namesFile: home.namesFile })
  if (how !== 'SIGKILL') throw new Error(`The worker that was to die ended with ${how}: ${stderr}`)
  await home.keep(place, 'dead worker')
}

/** What each scenario issues. */
export async function record(home: Home, some: readonly Scenario[] = scenarios): Promise<Recording> {
  const shares = Array.from({ length: recorders }, (_, n) => some.filter((_scenario, index) => index % recorders === n))
  const recordings = await Promise.all(shares.map((share, n) => recordShare(home, share, join(home.folder, `record-${n}`))))
  return new Map(recordings.flatMap(recording => [...recording]))
}

async function recordShare(home: Home, share: readonly Scenario[], recordFile: string): Promise<Recording> {
  if (share.length === 0) return new Map()
  const placed = await Promise.all(share.map(scenario => home.place(beginningOf(scenario))))
  const assignments = share.map((scenario, index) => ({ ...assignmentOf(scenario, placed[index] as Place), recordFile }))
  const { how, stderr } = await runProcess(assignments, { store: home.store, namesFile: home.namesFile, recordFile })
  if (how !== 0) throw new Error(`The recording run of ${share.map(({ name }) => name).join(', ')} ended with ${how}: ${stderr}`)
  for (const place of placed) await place.remove()
  return parseRecording(readFileSync(recordFile, 'utf8'))
}

function assignmentOf({ name }: Scenario, { database, journalFile }: Place): Assignment {
  return { scenario: name, database, journalFile }
}

export type AnyPoint = Omit<Point, 'moment'> & { readonly moment: Point['moment'] | Sabotage }

/** Whether the point was reached. Throws what is wrong afterwards. */
export async function tryPoint(home: Home, point: AnyPoint): Promise<boolean> {
  const scenario = scenarios.find(one => one.name === point.scenario)
  if (scenario === undefined) throw new Error(`There is no scenario ${point.scenario}`)
  const place = await home.place(beginningOf(scenario))
  try {
    const reachedFile = join(place.folder, 'reached')
    const { statement, occurrence, moment } = point
    const { how, stderr } = await runProcess([assignmentOf(scenario, place)], {
      store: home.store, namesFile: home.namesFile, point: { statement, occurrence, moment, reachedFile },
    })
    const dies = moment === 'before' || moment === 'after'
    const isReached = existsSync(reachedFile)
    const expected = dies && isReached ? 'SIGKILL' : 0
    if (how !== expected) throw new Error(`The process ended with ${how} instead of ${expected}: ${stderr}${await story(place)}`)
    await examine(place)
    return isReached
  } finally {
    await place.remove()
  }
}

/**
 * How often a worker looks depends on the time that a run takes: a time of a statement that does not come is looked for earlier,
 * and all of it again, since some statements are issued only where two things meet.
 */
async function isReached(home: Home, point: Point): Promise<boolean> {
  const occurrences = [...new Set([...[1, 0.75, 0.5].map(share => Math.ceil(point.occurrence * share)), 1])]
  for (const occurrence of Array.from({ length: reachRounds }, () => occurrences).flat()) {
    if (await tryPoint(home, { ...point, occurrence })) return true
  }
  return false
}

export interface Tried {
  readonly failures: readonly string[]
  readonly missed: readonly Point[]
}

/** What is told at once: that so many points have begun, a failure, a point that was not reached. */
export interface Teller {
  begun?(count: number): void
  failed?(failure: string): void
  missed?(point: Point): void
}

/** So many processes at once: most of their time they wait. */
export async function tryPoints(home: Home, points: readonly Point[], atOnce: number, teller: Teller = {}): Promise<Tried> {
  const waiting = [...points]
  const failures: string[] = []
  const missed: Point[] = []
  const work = async (): Promise<void> => {
    for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
      teller.begun?.(points.length - waiting.length)
      try {
        if (await isReached(home, point)) continue
        missed.push(point)
        teller.missed?.(point)
      } catch (error) {
        const failure = failureAt(point, error)
        failures.push(failure)
        teller.failed?.(failure)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return { failures, missed }
}

/** More than so many points that are not reached: the tap or the recording is wrong. */
export function missedMax(points: readonly Point[]): number {
  return Math.max(1, points.length * missedShareMax)
}

/** How far it came. */
async function story(place: Place): Promise<string> {
  const store = await openStoreOf(place.database)
  const { executions, workers } = await snapshotOf(store)
  await store.close()
  const lines = readJournal(place.journalFile).slice(-5).map(line => JSON.stringify(line))
  const rows = executions.map(({ execution: { input: _input, ...execution }, tasks, inbox, history }) => (
    JSON.stringify({ ...execution, events: history.map(({ type }) => type), tasks, inbox })))
  return [`${place.database} ended`, ...lines, ...rows, ...workers.map(worker => JSON.stringify(worker))].join('\n')
}

async function examine(place: Place): Promise<void> {
  const store = await openStoreOf(place.database)
  try {
    const before = await snapshotOf(store)
    const warnings = await recover(place.database, store, openJournal(place.journalFile))
    const after = await snapshotOf(store)
    try {
      judge({ journal: readJournal(place.journalFile), before, after, left: await place.left() })
    } catch (error) {
      throw new Error([String(error), ...warnings.map(line => `the recovery warned: ${line}`)].join('\n'), { cause: error })
    }
  } finally {
    await store.close()
  }
}

/** What went wrong, and how to see it again. */
function failureAt(point: Point, error: unknown): string {
  return `${error instanceof Error ? error.message : String(error)}\nReproduce: npm run crash-points -- --point ${nameOf(point)}\n`
}
