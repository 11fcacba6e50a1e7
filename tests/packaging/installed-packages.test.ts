/** The packages as their users have them: packed, installed by npm in an empty folder, and used there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join, sep } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { blocksOf, firstWorkflow, readme } from '../support/readme.ts'
import { type Ended, installProject, type InstalledProject } from './installed-project.ts'
import { olderNode } from './older-node.ts'

const root = join(import.meta.dirname, '../..')
const [readmePrints = ''] = blocksOf(readme, 'text')

let project: InstalledProject
before(() => { project = installProject() })
after(() => project?.remove())

function installed(name: string): string {
  return join(project.folder, 'node_modules', name)
}

function assertPrints(ended: Ended, stdout: string | RegExp): void {
  assert.equal(ended.status, 0, ended.stdout + ended.stderr)
  if (typeof stdout === 'string') assert.equal(ended.stdout, stdout)
  else assert.match(ended.stdout, stdout)
}

test('a package holds what runs, its types, README and licence, and nothing else', () => {
  const besides: Readonly<Record<string, readonly string[]>> = { perdure: ['bin/perdure.mjs', 'perdure.schema.json'] }
  for (const { name } of project.tarballs) {
    const folder = installed(name)
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const files = entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).split(sep).join('/'))
    const others = files.filter((file) => !/^dist\/.*\.(js|d\.ts)$/.test(file))
    assert.deepEqual(others.sort(), ['LICENSE', 'README.md', 'package.json', ...besides[name] ?? []].sort(), name)
    assert.deepEqual(files.filter((file) => /\.test\.|(^|\/)test\//.test(file)), [], name)
  }
})

test('a package names its licence, its Node and its description, and nothing of the workspace', () => {
  for (const { name } of project.tarballs) {
    const manifest = JSON.parse(readFileSync(join(installed(name), 'package.json'), 'utf8')) as Record<string, unknown>
    const { description, license, engines, ...rest } = manifest
    assert.deepEqual([typeof description, license, engines], ['string', 'MIT', { node: '>=24' }], name)
    const unwanted = ['devDependencies', 'scripts', 'private', 'workspaces', 'repository', 'homepage', 'bugs']
    assert.deepEqual(Object.keys(rest).filter((key) => unwanted.includes(key)), [], name)
  }
})

test('the first workflow of the README runs as TypeScript', async () => {
  const folder = project.place('typescript', firstWorkflow())
  assertPrints(await project.run('node', ['main.ts'], folder), readmePrints)
})

test('the first workflow of the README runs as JavaScript', async () => {
  const scripts = Object.entries(firstWorkflow()).map(([name, text]) => {
    return [name.replace(/\.ts$/, '.js'), stripTypeScriptTypes(text).replaceAll(/(from '\.\/\w+)\.ts'/g, "$1.js'")]
  })
  const folder = project.place('javascript', Object.fromEntries(scripts))
  assertPrints(await project.run('node', ['main.js'], folder), readmePrints)
})

test('a first start without configuration works, and says where the data lies', async () => {
  const folder = project.place('first-start', { 'main.js': [
    "import { Engine } from 'perdure'",
    'const engine = await Engine.open()',
    'engine.workflows.register({ greet: async (name) => `Hello, ${name}!` })',
    'await engine.start()',
    "console.log(await engine.workflows.execute('greet', { workflowId: 'greet-ada', args: ['Ada'] }))",
    'await engine.stop()',
  ].join('\n') })
  const ended = await project.run('node', ['main.js'], folder)
  assertPrints(ended, 'Hello, Ada!\n')
  const database = join(realpathSync(folder), 'perdure.db')
  assert.ok(existsSync(database))
  assert.ok(ended.stderr.includes(database), `nothing says where the data lies:\n${ended.stderr}`)
})

/** One module that imports every entry of every package. */
function everyEntry(): string {
  const entries = project.tarballs.flatMap(({ name }) => {
    const { exports } = JSON.parse(readFileSync(join(installed(name), 'package.json'), 'utf8')) as { exports: Record<string, unknown> }
    return Object.keys(exports).filter((entry) => !entry.endsWith('.json')).map((entry) => join(name, entry).split(sep).join('/'))
  })
  const names = entries.map((_, index) => `entry${index}`)
  const imports = entries.map((entry, index) => `import * as ${names[index]} from '${entry}'\n`)
  return `${imports.join('')}export const all = [${names.join(', ')}]\n`
}

const [readmeConfig = ''] = blocksOf(readme, 'json')
const readmeOptions = (JSON.parse(readmeConfig) as { compilerOptions: object }).compilerOptions
const bundled = { ...readmeOptions, module: 'preserve', moduleResolution: 'bundler' }
const node = { types: ['node'], lib: ['es2024'] }
const projects = [
  ['nodenext, as the README has it', readmeOptions],
  ['nodenext, with the types of Node and without those of browsers', { ...readmeOptions, ...node }],
  ['nodenext, for an older target', { ...readmeOptions, types: ['node'], target: 'es2022' }],
  ['bundler', bundled],
  ['bundler, with the types of Node and without those of browsers', { ...bundled, ...node }],
] as const

for (const [name, options] of projects) {
  test(`types resolve under ${name}, those of libraries checked too`, async () => {
    const compilerOptions = { ...options, skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
    const files = { ...firstWorkflow(), 'entries.ts': everyEntry(), 'tsconfig.json': JSON.stringify({ compilerOptions }) }
    const folder = project.place(`types-${name.replaceAll(/\W+/g, '-')}`, files)
    const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder, encoding: 'utf8' })
    assert.equal(status, 0, stdout)
  })
}

test('CommonJS requires the packages, in JavaScript and for the compiler', async () => {
  const text = [
    "const { Engine } = require('perdure')",
    "const { sleep } = require('perdure/workflow')",
    "const { version } = require('perdure/package.json')",
    'const nap = async () => { await sleep(1); return version }',
    'Engine.open({ database: \':memory:\' }).then(async (engine) => {',
    '  engine.workflows.register({ nap })',
    '  await engine.start()',
    '  console.log(await engine.workflows.execute(nap, { workflowId: \'nap\', args: [] }))',
    '  await engine.stop()',
    '})',
  ].join('\n')
  // Of a project that is compiled: what it is written in is no syntax that Node leaves out.
  const compiled = { ...readmeOptions, ...node, erasableSyntaxOnly: false, verbatimModuleSyntax: false }
  const folder = project.place('commonjs', {
    'main.cjs': text,
    'main.cts': "import perdure = require('perdure')\nexport const opened = perdure.Engine.open({ database: ':memory:' })\n",
    'tsconfig.json': JSON.stringify({ compilerOptions: compiled, files: ['main.cts'] }),
  })
  assertPrints(await project.run('node', ['main.cjs'], folder), `${project.tarballs[0]?.version ?? ''}\n`)
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder, encoding: 'utf8' })
  assert.equal(status, 0, stdout)
})

test('npx perdure tells its version and its commands', async () => {
  const folder = project.place('program')
  assertPrints(await project.run('npx', ['perdure', '--version'], folder), `${project.tarballs[0]?.version ?? ''}\n`)
  assertPrints(await project.run('npx', ['perdure', '--help'], folder), /\bdev\b[\s\S]*\bworkflow\b/)
})

test('npx perdure dev runs the workflows of its folder, in TypeScript', async (t) => {
  const { 'main.ts': _, ...modules } = firstWorkflow()
  const folder = project.place('dev', modules)
  const dev = project.start('npx', ['perdure', 'dev'], folder)
  const interrupt = (signal: NodeJS.Signals) => process.kill(-(dev.pid ?? 0), signal)
  t.after(() => { if (dev.exitCode === null && dev.signalCode === null) interrupt('SIGKILL') })
  await printed(dev.stdout, join(realpathSync(folder), 'perdure.db'))
  const args = ['perdure', 'workflow', 'execute', '--type', 'trial', '-w', 'trial-ada', '-i', '"ada@example.com"', '-i', '5']
  assertPrints(await project.run('npx', args, folder), '"ada@example.com knows"\n')
  const stopping = printed(dev.stderr, 'Stopping: ')
  const ended = once(dev, 'close')
  interrupt('SIGINT')
  await Promise.all([stopping, ended])
})

test('npx perdure init makes a project that npm installs from the same tarballs, that compiles and runs', async () => {
  const folder = project.place('init')
  assertPrints(await project.run('npx', ['perdure', 'init', 'shop'], folder), /npm install\n/)
  const shop = join(folder, 'shop')
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--omit=optional']
  assertPrints(await project.run('npm', install, shop), /added/)
  assert.ok(existsSync(join(shop, 'node_modules/perdure/perdure.schema.json')))
  assertPrints(await project.run('npm', ['start', '--silent'], shop), 'Hello, World!\n')
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', shop], { cwd: shop, encoding: 'utf8' })
  assert.equal(status, 0, stdout)
})

function printed(stream: NodeJS.ReadableStream | null, text: string): Promise<void> {
  let read = ''
  return new Promise((resolve, reject) => {
    stream?.on('data', (chunk: Buffer) => {
      read += String(chunk)
      if (read.includes(text)) resolve()
    })
    stream?.on('end', () => reject(new Error(`It ended without printing ${text}:\n${read}`)))
  })
}

test('a Node that is too old is told so, by the program and by the engine', async () => {
  const folder = project.place('older-node', { 'main.js': "import { Engine } from 'perdure'\nawait Engine.open()\n" })
  const nodeFolder = olderNode(join(folder, 'bin'))
  const program = await project.run('npx', ['perdure', '--version'], folder, { nodeFolder })
  assert.equal(program.status, 1)
  assert.match(program.stderr, /error NODE_TOO_OLD: perdure needs Node\.js 24 or later, and this is v\d+/)
  const engine = await project.run('node', ['main.js'], folder, { nodeFolder })
  assert.equal(engine.status, 1)
  assert.match(engine.stderr, /Perdure needs Node\.js 24 or later, and this is \d+[\s\S]*NODE_TOO_OLD/)
})

test('a Node that npm brought for the project is the one that runs the program', async (t) => {
  const folder = project.place('own-node')
  const nodeFolder = olderNode(join(folder, 'bin'))
  const own = join(project.folder, 'node_modules/.bin/node')
  symlinkSync(process.execPath, own)
  t.after(() => rmSync(own))
  assertPrints(await project.run('npx', ['perdure', '--version'], folder, { nodeFolder }), /^\d+\.\d+\.\d+\n$/)
})

/** A project whose workflows and activities have a copy of the packages to themselves. */
function placeTwoCopies(t: TestContext, name: string): { readonly folder: string; readonly copy: string } {
  const folder = project.place(name, { 'main.js': [
    "import { Engine } from 'perdure'",
    "import * as activities from './parts/activities.js'",
    "import * as workflows from './parts/workflows.js'",
    "const engine = await Engine.open({ database: ':memory:' })",
    'engine.workflows.register(workflows)',
    'engine.activities.register(activities)',
    'await engine.start()',
    "console.log(await engine.workflows.execute('round', { workflowId: 'round', timeout: '20 seconds', args: [] }))",
    'await engine.stop()',
  ].join('\n') })
  project.place(`${name}/parts`, {
    'activities.js': [
      "import { activityInfo, ApplicationFailure } from 'perdure/activity'",
      'export async function visit() {',
      "  if (activityInfo().attempt === 1) throw ApplicationFailure.retryable('again', 'Shy')",
      '  return activityInfo().attempt',
      '}',
      "export async function refuse() { throw ApplicationFailure.nonRetryable('no', 'Refused') }",
    ].join('\n'),
    'workflows.js': [
      "import { ActivityFailure, CancellationScope, proxyActivities, sleep, workflowInfo } from 'perdure/workflow'",
      "const { visit, refuse } = proxyActivities({ startToCloseTimeout: '10 seconds', retry: { initialInterval: 1 } })",
      'export async function round() {',
      '  await CancellationScope.nonCancellable(() => sleep(1))',
      '  const refused = await refuse().catch((error) => error instanceof ActivityFailure && error.cause.type)',
      '  return [await visit(), refused, workflowInfo().workflowType].join()',
      '}',
    ].join('\n'),
  })
  const copy = join(folder, 'parts/node_modules')
  for (const each of ['perdure', '@perdure']) cpSync(installed(each), join(copy, each), { recursive: true })
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return { folder, copy }
}

test('two copies of the packages in one process, one of them for the workflows, work together', async (t) => {
  const { folder } = placeTwoCopies(t, 'two-copies')
  assertPrints(await project.run('node', ['main.js'], folder), '2,Refused,round\n')
})

test('two versions of the packages that do not fit together are noticed, and the message says what to do', async (t) => {
  const { folder, copy } = placeTwoCopies(t, 'two-versions')
  const file = join(copy, '@perdure/workflow/dist/port-version.js')
  const text = readFileSync(file, 'utf8')
  assert.match(text, /portVersion = 1;/)
  writeFileSync(file, text.replace('portVersion = 1;', 'portVersion = 2;'))
  const { status, stderr } = await project.run('node', ['main.js'], folder)
  assert.equal(status, 1)
  assert.match(stderr, /Two versions of Perdure that do not fit together are loaded in this process; npm ls @perdure\/workflow/)
})
