import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { checksText } from '../src/cli/doctor.ts'
import { type Check, judgedClock, judgedDisk } from '../src/cli/doctor-checks.ts'
import { runHere } from './cli-here.ts'
import { folder, run } from './cli-process.ts'

interface Report {
  readonly ok: boolean
  readonly checks: readonly Check[]
}

async function examined(t: TestContext, cwd: string, ...args: readonly string[]): Promise<Report & { readonly code: number }> {
  const { code, stdout } = await runHere(t, ['doctor', '-o', 'json', ...args], { cwd })
  return { ...JSON.parse(stdout) as Report, code }
}

function found(checks: readonly Check[], status: Check['status']): string[] {
  return checks.filter((check) => check.status === status).map(({ name }) => name)
}

test('where there is no database yet, doctor says who makes it, and makes none', async (t) => {
  const cwd = folder(t)
  const { code, stdout } = await run(['doctor'], { cwd })
  assert.equal(code, 0)
  assert.match(stdout, /^ok {4}Node\.js +v\d+\.\S+ on \S+\nok {4}Configuration +none; the defaults\n/)
  assert.match(stdout, /\nwarn {2}Database +there is no .*perdure\.db yet/)
  assert.match(stdout, /\n +-> npx perdure dev makes it, as does the first start; .*\nok {4}Disk +[\d,]+ MB free in /)
  assert.equal(existsSync(join(cwd, 'perdure.db')), false)
})

test('doctor tells of missing workers, and of queues that nobody serves, and is well all the same', async (t) => {
  const cwd = folder(t)
  await runHere(t, ['workflow', 'start', '--type', 'nap', '-t', 'nobody'], { cwd })
  const { code, ok, checks } = await examined(t, cwd)
  assert.deepEqual([code, ok], [0, true])
  assert.deepEqual(found(checks, 'warning'), ['Workers', 'Task queues'])
  assert.deepEqual(found(checks, 'ok'), ['Node.js', 'Configuration', 'Database', 'Schema', 'Namespace', 'Executions', 'Disk'])
  const queues = checks.find(({ name }) => name === 'Task queues')
  assert.match(queues?.message ?? '', /1 execution waits, and no worker serves task queue 'nobody'/)
  assert.match(queues?.remedy ?? '', /npx perdure task-queue list$/)
})

test('what prevents everything fails, with the remedy, and ends doctor with 1', async (t) => {
  const configurations = { 'wrong.yaml': 'worke: 1\n', 'off.yaml': 'enabled: false\nurl: none.db\n' }
  const cwd = folder(t, { ...configurations, 'notes.db': 'no database '.repeat(200) })
  await runHere(t, ['migrate'], { cwd })
  const cases: readonly [string, readonly string[], RegExp][] = [
    ['Configuration', ['--config', 'wrong.yaml'], /^wrong\.yaml:1:1: unknown key 'worke'; did you mean 'worker'\?$/],
    ['Configuration', ['--config', 'none.yaml'], /There is no configuration .*none\.yaml/],
    ['Enabled', ['--config', 'off.yaml'], /^'enabled' is false in off\.yaml:1:10: every call fails$/],
    ['Database', ['-d', 'notes.db'], /^STORE_CORRUPT: .*notes\.db is not an SQLite database/],
    ['Namespace', ['-n', 'shop'], /^there is no 'shop'$/],
  ]
  for (const [name, args, message] of cases) {
    const { code, ok, checks } = await examined(t, cwd, ...args)
    assert.deepEqual([code, ok, found(checks, 'failed')], [1, false, [name]])
    assert.match(checks.find((check) => check.name === name)?.message ?? '', message)
  }
})

test('little room on the disk is told, and too little fails', () => {
  const statuses = [10, 500, 5_000].map((megabytes) => judgedDisk(megabytes * 2 ** 20, '/data').status)
  assert.deepEqual(statuses, ['failed', 'warning', 'ok'])
})

test('clocks that are apart are told with the direction', () => {
  assert.equal(judgedClock(-300).status, 'ok')
  assert.match(judgedClock(5_000).message, /^5s behind the database's/)
  assert.match(judgedClock(-5_000).message, /^5s ahead of the database's/)
})

test('the report fits a terminal of 80 columns, with what belongs to a check below it', () => {
  const text = checksText([
    { name: 'Node.js', status: 'ok', message: 'v24' },
    { name: 'Task queues', status: 'warning', message: 'waits '.repeat(30).trim(), remedy: 'start '.repeat(30).trim() },
  ], 80)
  const lines = text.split('\n')
  for (const line of lines) assert.ok(line.length <= 80, line)
  assert.equal(lines[0], 'ok    Node.js      v24')
  for (const line of lines.slice(2)) assert.match(line, /^ {19}\S/)
})
