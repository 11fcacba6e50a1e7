/** npx, as npm really runs it, in a folder below a workspace. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder, foreignVariable, run } from './cli-process.ts'

const nodeModules = join(import.meta.dirname, '../../../node_modules')

test('npx perdure works on the folder where it was typed, also below a workspace', (t) => {
  const root = folder(t, { 'package.json': '{ "name": "shop", "private": true, "workspaces": ["examples"] }' })
  const typedIn = join(root, 'examples', 'trial')
  mkdirSync(typedIn, { recursive: true })
  writeFileSync(join(root, 'examples', 'package.json'), '{ "name": "shop-examples", "version": "1.0.0" }')
  writeFileSync(join(typedIn, 'order.json'), '{ "id": 7 }')
  symlinkSync(nodeModules, join(root, 'node_modules'))
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreignVariable.test(name)))
  const npx = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('npx', ['perdure', 'workflow', ...args], { cwd: typedIn, env, encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    return stdout
  }
  npx('start', '--type', 'ship', '-w', 'order-7', '--input-file', 'order.json')
  assert.ok(existsSync(join(typedIn, 'perdure.db')))
  assert.match(npx('describe', '-w', 'order-7'), /\nInput +\{"id":7\}\n/)
})

test('perdure stays in its folder where npx ran another program, or where npm was given the folder', async (t) => {
  const cwd = folder(t)
  const deep = join(cwd, 'deep')
  mkdirSync(deep)
  const other = { npm_command: 'exec', npm_lifecycle_script: "'node'", INIT_CWD: deep }
  const given = { npm_command: 'exec', npm_lifecycle_script: "'perdure'", INIT_CWD: join(cwd, '..') }
  const script = { npm_command: 'run-script', npm_lifecycle_script: 'perdure migrate', INIT_CWD: deep }
  for (const env of [other, given, script]) {
    const { stdout } = await run(['migrate', '-o', 'jsonl'], { cwd, env })
    assert.ok((JSON.parse(stdout) as { database: string }).database.endsWith(join(cwd, 'perdure.db')), stdout)
  }
})
