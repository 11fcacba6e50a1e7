/** Who needs no log loads none: pino is for engines, and for those without a logger of their own. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const cwd = join(import.meta.dirname, '..')

function loadedBy(code: string): string[] {
  const report = [
    "import { createRequire } from 'node:module'",
    code,
    "const files = Object.keys(createRequire(import.meta.url).cache).join('\\n')",
    String.raw`console.log(JSON.stringify([...new Set(files.match(/node_modules.(pino[\w-]*)/g))].map((each) => each.slice(13)).sort()))`,
  ].join('\n')
  const env = { ...process.env, PERDURE_LOG_LEVEL: 'silent' }
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', report], { cwd, env, encoding: 'utf8' })) as string[]
}

const opening = (options: string) => `import { Engine } from 'perdure'\nawait (await Engine.open(${options})).stop()`

test('code of workflows and activities loads no logger', () => {
  assert.deepEqual(loadedBy("await import('perdure/workflow'); await import('perdure/activity')"), [])
})

test('an engine with a logger of its own loads no other', () => {
  assert.deepEqual(loadedBy(opening("{ database: ':memory:', logger: console }")), [])
})

test('an engine without one loads pino, and pino-pretty only for a terminal', () => {
  const loaded = loadedBy(opening("{ database: ':memory:' }"))
  assert.ok(loaded.includes('pino'))
  assert.ok(!loaded.includes('pino-pretty'))
})
