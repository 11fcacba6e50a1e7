/**
 * A program on SQLite twice, with the same world: once kept in memory, once with a cache of nothing, where every event is a
 * replay from the file. Both must have the same history and the same end.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStore } from '@perdure/sqlite'
import { ManualClock } from '../../packages/engine/test/manual-clock.ts'
import { differenceOf, type Checked } from './check.ts'
import { programOf } from './program-choice.ts'
import { choicesOf } from './random.ts'
import { eventLine } from './report.ts'
import { differenceOfRun, endOf } from './worker-check.ts'
import { runOnWorker, type WorkerRun } from './worker-run.ts'

export async function checkOnSqlite(number: number): Promise<Checked> {
  const program = { ...programOf(number, 'alone'), msScale: 1_000_000 }
  const folder = await mkdtemp(join(tmpdir(), 'perdure-replay-races-'))
  const runWith = (maxCachedWorkflows: number): Promise<WorkerRun> => {
    const clock = new ManualClock(Date.now())
    const store = createSqliteStore({ file: join(folder, `${maxCachedWorkflows}.db`), now: () => clock.now() })
    return runOnWorker({ program, random: choicesOf(number ^ 0x501), clock, store, maxCachedWorkflows, inTurn: true })
  }
  try {
    const kept = await runWith(1_000)
    const replayed = await runWith(0)
    const difference = await differenceOfRun({ program, record: replayed.record }, replayed)
      ?? differenceOf('it runs on SQLite with a cache of 0', kept.log.length, { state: stateOf(kept) }, { state: stateOf(replayed) })
    const facts = new Set([`SQLite: ${endOf(replayed).split(' ')[0]}`])
    return { number, home: 'on SQLite', program, log: kept.log, batches: [], facts, difference }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function stateOf(run: WorkerRun): { readonly end: string; readonly memory: string } {
  const lines = [...run.log.map((event) => eventLine(event, run.record.startedAt)), ...run.trace ?? []].map(comparable)
  return { end: comparable(endOf(run)), memory: lines.join('\n') }
}

/** An execution that is claimed again goes on somewhat later; random numbers follow from the run id, which is another. */
function comparable(text: string): string {
  return text.replaceAll(/ \+\d+ /g, ' ').replaceAll(/0\.\d+ [0-9a-f]{8}-[0-9a-f-]{27}/g, 'random')
}
