/** docs/sql.md: its statements are run by psql, one after the other, and a worker runs what they start. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Engine } from 'perdure'
import { condition, defineSignal, setHandler } from 'perdure/workflow'
import { findBinaries, isExecutable } from '../support/postgres-cluster.ts'
import { blocksOf } from '../support/readme.ts'
import { openStage, type Stage } from './stage.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/sql.md'), 'utf8')
const psql = join(findBinaries(), 'psql')
const skip = isExecutable(psql) ? false : 'there is no psql next to the server'
const role = `shop_${process.pid}`

async function orderProcessing(order: unknown): Promise<unknown> {
  let paid: unknown
  setHandler(defineSignal<[unknown]>('paid'), (given: unknown) => { paid = given })
  await condition(() => paid !== undefined)
  return { order, paid }
}

let stage: Stage
before(async () => {
  stage = await openStage('sql_page')
  await stage.admin.query(`create role ${role}; create table orders (id int primary key, customer text)`)
})
after(async () => {
  await stage.admin.query(`drop owned by ${role}; drop role ${role}`)
  await stage.dispose()
})

test('the statements of the page do what it says', { skip }, async (t) => {
  const statements = blocksOf(page, 'sql').join('\n').replaceAll('to shop;', `to ${role};`)
  const ran = spawnSync(psql, ['-X', '-v', 'ON_ERROR_STOP=1', '-d', stage.connectionString], { input: statements, encoding: 'utf8' })
  assert.deepEqual([ran.status, ran.stderr], [0, ''])
  assert.match(ran.stdout, /reminder-7 +\| t/)
  const logger = { trace: () => undefined, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  const engine = await Engine.open({ database: stage.connectionString, logger })
  t.after(() => engine.stop())
  engine.workflows.register({ orderProcessing })
  await engine.start()
  assert.deepEqual(await engine.workflows.getHandle('order-7').result(), { order: { order: 7, customer: 'ann' }, paid: { amount: 12.5 } })
  const bulk = await engine.workflows.list({ workflowId: 'bulk-7' })
  assert.deepEqual(bulk.executions.map(({ status }) => status), ['RUNNING'])
})

test('the statements of other languages fit the functions', async () => {
  const texts = ['elixir', 'python', 'ts'].map((language) => {
    const [, text] = /["'](select [^"']*start_workflow[^"']*)["']/.exec(blocksOf(page, language).join('\n')) ?? []
    assert.ok(text !== undefined, `${language} shows no statement`)
    return text
  })
  for (const [index, text] of texts.entries()) {
    let next = 1
    await stage.admin.query(`prepare shown_${index} as ${text.replaceAll('%s', () => `$${next++}`)}`)
    const { rows } = await stage.admin.query(`execute shown_${index}('orderProcessing', '[1]', 'shown-${index}')`)
    assert.equal(rows.length, 1)
  }
})

test('the refusal of the page is the one that psql prints', { skip }, () => {
  const again = spawnSync(psql, ['-X', '-d', stage.connectionString], {
    input: `select perdure.start_workflow('orderProcessing', workflow_id => 'order-7');`.repeat(2), encoding: 'utf8',
  })
  const plain = (text: string): string => text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'RUN')
  const [shown = ''] = blocksOf(page, 'text')
  assert.ok(plain(again.stderr).startsWith(plain(shown)), again.stderr)
})
