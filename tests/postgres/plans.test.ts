/**
 * Plans of the statements that run all the time. Each must read by an index, and no more rows than its work has, whether
 * the tables were never analyzed, analyzed while they were nearly empty, or analyzed full.
 */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Database } from '../../packages/postgres/src/statement.ts'
import { event } from '../conformance/arena.ts'
import { type Crowd, crowd } from './crowd.ts'
import { type ExplainedDatabase, explainedDatabase, type Scan } from './explained-database.ts'
import { coldStatements, hotStatements } from './hot-statements.ts'
import { openStage, type Stage } from './stage.ts'

const hotTables = ['executions', 'history', 'inbox', 'activity_tasks', 'updates', 'queries']
const statementsFolder = join(import.meta.dirname, '../../packages/postgres/src/statements')
const some = { open: 3_000, closed: 6_000, unowned: 4_000 }
/** 100,000 executions. */
const many = { open: 3_000, closed: 57_000, unowned: 40_000 }

const states: readonly (readonly [string, (stage: Stage) => Promise<Crowd>])[] = [
  ['never analyzed', stage => crowd(stage, some)],
  ['of 100,000 rows, analyzed while nearly empty', async stage => {
    const worker = await stage.arena.worker()
    const start = await stage.arena.started(worker)
    await stage.arena.transit(worker, start.runId, { events: [event(1)], tasks: [stage.arena.task(start, 1)] })
    await stage.arena.signal(start)
    await stage.admin.query('alter table perdure.executions set (autovacuum_enabled = off)')
    await stage.admin.query('vacuum analyze')
    return crowd(stage, many)
  }],
  ['analyzed full', async stage => {
    const made = await crowd(stage, some)
    await stage.admin.query('vacuum analyze')
    return made
  }],
]

for (const [state, fill] of states) {
  describe(`tables ${state}`, () => {
    let stage: Stage
    let explained: ExplainedDatabase
    let made: Crowd
    before(async () => {
      stage = await openStage('plans')
      explained = await explainedDatabase(await stage.connect())
      made = await fill(stage)
    })
    after(() => stage.dispose())
    for (const { file, what, rowsMax, work } of hotStatements()) {
      test(`${file}: ${what} reads at most ${rowsMax} rows of a table, by indexes`, async () => {
        judge(await explained.scansOf(undone(database => work(database, made, stage.arena))), rowsMax)
      })
    }
  })
}

/** In a transaction that is rolled back: the next statement finds the same rows. */
function undone(work: (database: Database) => Promise<unknown>): (database: Database) => Promise<unknown> {
  const plain = (text: string) => ({ name: '', text, writes: false })
  return async database => {
    await database.run(plain('begin'), [])
    try {
      await work(database)
    } finally {
      await database.run(plain('rollback'), [])
    }
  }
}

function judge(scans: readonly Scan[], rowsMax: number): void {
  assert.ok(scans.length > 0, 'no plan was told')
  for (const scan of scans.filter(each => hotTables.includes(each.table))) {
    const story = JSON.stringify(scan)
    assert.ok(scan.kind !== 'Seq Scan', `a sequential scan: ${story}`)
    assert.ok(scan.rows <= rowsMax, `too many rows: ${story}`)
    assert.ok(scan.hasCondition, `an index read from end to end: ${story}`)
  }
}

test('every statement is tried as a hot one, or is cold for a reason', () => {
  const files = readdirSync(statementsFolder).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort()
  const listed = [...new Set(hotStatements().map(({ file }) => file)), ...Object.keys(coldStatements)].sort()
  assert.deepEqual(listed, files, 'add new statements to hot-statements.ts; take out those that are gone, and those in both lists')
  for (const [file, reason] of Object.entries(coldStatements)) assert.match(reason, /\w+ \w+/, `${file} needs a reason`)
})
