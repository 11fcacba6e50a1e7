import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadModules } from '../src/cli/load-modules.ts'
import { folder, run, start } from './cli-process.ts'

async function refusal(files: Readonly<Record<string, string>>, path: string, t: Parameters<typeof folder>[0]): Promise<string> {
  const cwd = folder(t, files)
  const error = await loadModules({ workflows: [join(cwd, path)], activities: [] }).then(() => undefined, (thrown: unknown) => thrown)
  assert.ok(error instanceof Error, 'it was loaded')
  return `${(error as Error & { code: string }).code} ${error.message}`
}

test('exported functions are taken by their names; other exports and classes are not', async (t) => {
  const cwd = folder(t, {
    'workflows.ts': `
      export async function greet(name: string): Promise<string> { return 'Hello, ' + name }
      export const later = async () => 1
      export const limit = 5
      export class Wrong extends Error {}
      export default async function main() {}
    `,
  })
  const { workflows } = await loadModules({ workflows: [join(cwd, 'workflows.ts')], activities: [] })
  assert.deepEqual(Object.keys(workflows.functions).sort(), ['greet', 'later', 'main'])
})

test('a folder gives its sources, without tests, declarations, hidden files, dependencies and what was built beside', async (t) => {
  const cwd = folder(t, {
    'a.ts': 'export async function first() {}', 'b.mjs': 'export async function second() {}',
    'a.js': 'export async function built() {}',
    'a.test.ts': 'throw new Error("a test ran")', 'c.d.ts': 'export declare function declared(): void',
    '.hidden.ts': 'throw new Error("hidden")',
    'notes.md': '# notes',
  })
  for (const name of ['deep', 'node_modules']) {
    mkdirSync(join(cwd, name))
    writeFileSync(join(cwd, name, 'x.ts'), `export async function ${name}() {}`)
  }
  const { workflows } = await loadModules({ workflows: [cwd], activities: [] })
  assert.deepEqual(Object.keys(workflows.functions).sort(), ['deep', 'first', 'second'])
})

test('a file outside of any project finds perdure/workflow', async (t) => {
  const cwd = folder(t, { 'workflows.ts': "import { sleep } from 'perdure/workflow'\nexport async function nap() { await sleep(1) }" })
  const { workflows } = await loadModules({ workflows: [join(cwd, 'workflows.ts')], activities: [] })
  assert.deepEqual(Object.keys(workflows.functions), ['nap'])
})

test('a file that is not there is refused with the near matches of its folder', async (t) => {
  const message = await refusal({ 'workflows.ts': '' }, 'workflow.ts', t)
  assert.match(message, /^MODULE_NOT_FOUND There is no workflow file .*workflow\.ts.*did you mean 'workflows\.ts'\?/)
})

test('a file in a folder that is not there is refused with that folder', async (t) => {
  assert.match(await refusal({}, 'source/workflows.ts', t), /^MODULE_NOT_FOUND .*the folder .*source does not exist/)
})

test('a folder without sources is refused', async (t) => {
  assert.match(await refusal({ 'notes.md': '' }, '.', t), /^MODULE_NOT_FOUND The folder .* holds no TypeScript or JavaScript file/)
})

test('a file of another kind is refused', async (t) => {
  assert.match(await refusal({ 'flow.json': '{}' }, 'flow.json', t), /^MODULE_INVALID .*flow\.json is no TypeScript or JavaScript file/)
})

test('a file that exports no function is refused with an example', async (t) => {
  const message = await refusal({ 'workflows.ts': 'export const x = 1' }, 'workflows.ts', t)
  assert.match(message, /^MODULE_INVALID .* exports no function: .*export async function/)
})

test('a syntax error of TypeScript is told with its line', async (t) => {
  const message = await refusal({ 'workflows.ts': 'export async function greet() {\n  return (1 +\n}\n' }, 'workflows.ts', t)
  assert.match(message, /^MODULE_INVALID The workflow file .*workflows\.ts cannot be loaded: /)
  assert.match(message, /workflows\.ts:3/)
})

test('a syntax error of JavaScript is told with its line', async (t) => {
  const message = await refusal({ 'workflows.mjs': 'export async function greet() {\n  return (1 +\n}\n' }, 'workflows.mjs', t)
  assert.match(message, /^MODULE_INVALID .*workflows\.mjs cannot be loaded: Unexpected token[^]*workflows\.mjs:3/)
})

test('TypeScript that is more than types is refused with the reason', async (t) => {
  const text = 'enum Colour { Red }\nexport async function greet() { return Colour.Red }'
  const message = await refusal({ 'workflows.ts': text }, 'workflows.ts', t)
  assert.match(message, /^MODULE_INVALID [^]*enum is not supported[^]*leaving types out/)
})

test('a type that is imported as a value is told with how to write it', async (t) => {
  const text = "import { Shape } from './other.ts'\nexport async function greet(shape: Shape) { return shape }"
  const message = await refusal({ 'workflows.ts': text, 'other.ts': 'export type Shape = string' }, 'workflows.ts', t)
  assert.match(message, /^MODULE_INVALID [^]*does not provide an export named 'Shape'[^]*import type \{ Shape \}/)
})

test('an import without its extension is told with the name to write', async (t) => {
  const text = "import { y } from './other'\nexport async function greet() { return y }"
  const message = await refusal({ 'workflows.ts': text, 'other.ts': 'export const y = 1' }, 'workflows.ts', t)
  assert.match(message, /^MODULE_INVALID [^]*Relative imports name the file with its extension: 'other\.ts'/)
})

test('a file that throws while it loads is told with the place', async (t) => {
  const message = await refusal({ 'workflows.ts': '\nthrow new TypeError("no settings")' }, 'workflows.ts', t)
  assert.match(message, /^MODULE_INVALID [^]*it threw TypeError: no settings\nat .*workflows\.ts:2/)
})

test('a wrong option given while a file loads is told with its place in that file, not in Perdure', async (t) => {
  const wrong = "proxyActivities<{ a(): Promise<void> }>({ startToCloseTimeout: '5 parsecs' as never })"
  const text = `import { proxyActivities } from 'perdure/workflow'\n\nconst { a } = ${wrong}\nexport async function greet() { await a() }\n`
  assert.match(await refusal({ 'workflows.ts': text }, 'workflows.ts', t), /^MODULE_INVALID [^]*'5 parsecs'[^]*\nat .*workflows\.ts:3$/)
  const common = "const { proxyActivities } = require('perdure/workflow')\nproxyActivities({})\n"
  assert.match(await refusal({ 'workflows.cjs': common }, 'workflows.cjs', t), /^MODULE_INVALID [^]*\nat .*workflows\.cjs:2$/)
})

test('CommonJS files are taken: the functions of their exports, or the one function that they are', async (t) => {
  const cwd = folder(t, {
    'a.cjs': "const { sleep } = require('perdure/workflow')\nconst all = { greet: async () => sleep(1), limit: 5 }\nmodule.exports = all",
    'b.cjs': 'exports.later = async function () {}',
    'c.cjs': 'module.exports = async function only() {}',
    'd.cts': 'exports.typed = async (name: string): Promise<string> => name',
  })
  const { workflows } = await loadModules({ workflows: [cwd], activities: [] })
  assert.deepEqual(Object.keys(workflows.functions).sort(), ['greet', 'later', 'only', 'typed'])
})

test('a file whose top-level await never ends is told by its name, at once where nothing is left to wait for', async (t) => {
  const cwd = folder(t, { 'workflows.ts': 'await new Promise(() => {})\nexport async function greet() {}\n' })
  const { code, stderr } = await run(['worker', 'start'], { cwd })
  assert.equal(code, 1)
  assert.match(stderr, /^error MODULE_INVALID: The workflow file workflows\.ts cannot be loaded: it never ends: a top-level await/)
})

test('a file that takes long to load is told by its name', async (t) => {
  const text = 'setInterval(() => {}, 1_000)\nawait new Promise(() => {})\nexport async function greet() {}\n'
  const worker = start(['worker', 'start'], { cwd: folder(t, { 'workflows.ts': text }) })
  t.after(() => worker.child.kill('SIGKILL'))
  assert.match(await worker.complained(/\n/), /^Still loading the workflow file workflows\.ts: a top-level await/)
})

test('two files that export different functions of one name are refused', async (t) => {
  const files = { 'a.ts': 'export async function greet() {}', 'b.ts': 'export async function greet() { return 1 }' }
  assert.match(await refusal(files, '.', t), /^MODULE_INVALID Both .*a\.ts and .*b\.ts export a workflow named 'greet': rename one/)
})
