/**
 * Measures batches of 100 transitions with one event of 250 bytes against the floor, the same number of plain prepared
 * inserts in one transaction: `node packages/sqlite/test/measure-commits.ts [live executions]`. Best of five rounds.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Transition } from '@perdure/engine'
import { createSqliteStore } from '@perdure/sqlite'
import { appending, registered, startOf } from './temporary-folder.ts'

const executions = Number(process.argv[2] ?? 300)
const [batches, batchSize, rounds] = [300, 100, 5]
const data = JSON.stringify({ text: 'x'.repeat(239) })
const folder = mkdtempSync(join(tmpdir(), 'perdure-measure-'))

async function perSecond(work: () => void | Promise<void>): Promise<number> {
  const from = performance.now()
  await work()
  return batches / (performance.now() - from) * 1_000
}

async function floor(file: string): Promise<number> {
  const database = new DatabaseSync(file)
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  database.exec('create table floor (id integer primary key, wf text not null, step int not null, output text)')
  const insert = database.prepare('insert into floor (wf, step, output) values (?, ?, ?)')
  const measured = await perSecond(() => {
    for (let batch = 0; batch < batches; batch++) {
      database.exec('begin immediate')
      for (let row = 0; row < batchSize; row++) insert.run(`workflow-${row}`, batch, data)
      database.exec('commit')
    }
  })
  database.close()
  return measured
}

async function store(file: string): Promise<number> {
  const opened = createSqliteStore({ file })
  await opened.open()
  const { incarnation } = await registered(opened)
  const starts = Array.from({ length: executions }, (_, index) => startOf(`workflow-${index}`, true))
  await opened.commit({ incarnation, starts, transitions: [] })
  const seqs = starts.map(() => 0)
  const chosen = Array.from({ length: batches }, () => randomBatch().map((index): Transition => {
    const start = starts[index] ?? startOf('none')
    const seq = seqs[index] = (seqs[index] ?? 0) + 1
    const transition = appending(start, seq)
    return { ...transition, events: transition.events.map(event => ({ ...event, data })) }
  }))
  const measured = await perSecond(async () => {
    for (const transitions of chosen) await opened.commit({ incarnation, starts: [], transitions })
  })
  await opened.close()
  return measured
}

/** Different executions, as the batches of a busy worker have them. */
function randomBatch(): number[] {
  const batch = new Set<number>()
  while (batch.size < Math.min(batchSize, executions)) batch.add(Math.floor(Math.random() * executions))
  return [...batch]
}

const best = { floor: 0, store: 0 }
for (let round = 0; round < rounds; round++) {
  best.floor = Math.max(best.floor, await floor(join(folder, `floor-${round}.db`)))
  best.store = Math.max(best.store, await store(join(folder, `store-${round}.db`)))
}
rmSync(folder, { recursive: true })
console.log(`${executions} live executions: floor ${best.floor.toFixed(0)} commits/s, store ${best.store.toFixed(0)} commits/s, `
  + `ratio ${(best.store / best.floor).toFixed(2)}`)
