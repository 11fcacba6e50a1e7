/** The command line leaves a PostgreSQL database of others as it is. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { openTestServer } from '../support/postgres-cluster.ts'

let server: Awaited<ReturnType<typeof openTestServer>>
before(async () => {
  server = await openTestServer()
})
after(() => server.stop())

const program = join(import.meta.dirname, '../../packages/perdure/bin/perdure.mjs')
const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })

test('commands that look refuse a database without our schema, and make nothing in it before migrate does', async () => {
  const url = await server.createDatabase('foreign')
  for (const args of [['list'], ['describe', '-w', 'x'], ['cancel', '-w', 'x']]) {
    const { status, stderr } = run('workflow', ...args, '-d', url)
    assert.equal(status, 1)
    assert.match(stderr, /^error SCHEMA_MISSING: PostgreSQL at .* holds no tables of Perdure .*: npx perdure migrate -d <url>\n$/)
  }
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(`select 1 from pg_namespace where nspname = 'perdure'`)
  await client.end()
  assert.deepEqual(rows, [])
  const dry = run('migrate', '--dry-run', '-d', url)
  assert.match(dry.stdout, /^Would make Perdure's tables in .*: tables, commit, /)
  const { status, stdout } = run('doctor', '-d', url)
  assert.equal(status, 0)
  assert.match(stdout, /\nok {4}Database .*\nwarn {2}Schema +no tables of Perdure yet\n +-> npx perdure migrate -d <url>/)
  assert.equal(run('migrate', '-d', url).status, 0)
  const { checks } = JSON.parse(run('doctor', '-d', url, '-o', 'json').stdout) as { checks: { name: string; status: string }[] }
  assert.deepEqual(checks.map((check) => `${check.name} ${check.status}`), [
    'Node.js ok', 'Configuration ok', 'Database ok', 'Schema ok', 'Clock ok', 'Pooler ok', 'Namespace ok', 'Workers warning',
    'Task queues ok', 'Executions ok',
  ])
  assert.equal(run('workflow', 'list', '-d', url).stdout, 'No executions\n')
})
