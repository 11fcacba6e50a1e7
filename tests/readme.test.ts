/** The README is run, not believed. */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Engine } from 'perdure'
import { blocksOf, firstWorkflow, readme } from './support/readme.ts'

const root = join(import.meta.dirname, '..')
const tsc = join(root, 'node_modules/.bin/tsc')
const documents = ['README.md', 'docs/getting-started.md']

/** The first workflow of the README, file by file, in a folder of its own where `perdure` is installed. */
function writeFirstWorkflow(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-readme-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(firstWorkflow())) writeFileSync(join(folder, name), text)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}

test('the README gives the two commands that the repository promises', () => {
  assert.deepEqual(blocksOf(readme, 'sh').map((block) => block.trim()), ['npm ci && npm start', 'npm ci && npm test'])
})

test('the first workflow of the README prints what the README says', (t) => {
  const folder = writeFirstWorkflow(t)
  const printed = execFileSync(process.execPath, ['main.ts'], { cwd: folder, encoding: 'utf8' })
  assert.deepEqual(blocksOf(readme, 'text'), [printed])
})

test('the first workflow of the README passes the type check of a project of its own, with no more than the README asks for', (t) => {
  const folder = writeFirstWorkflow(t)
  const [tsconfig = ''] = blocksOf(readme, 'json')
  writeFileSync(join(folder, 'tsconfig.json'), tsconfig)
  const checked = spawnSync(tsc, ['-p', folder], { cwd: root, encoding: 'utf8' })
  assert.equal(checked.status, 0, checked.stdout + checked.stderr)
})

test('the first workflow of the README, killed between its mails, sends only the second one when it is run again', async (t) => {
  const folder = writeFirstWorkflow(t)
  const first = spawn(process.execPath, ['main.ts'], { cwd: folder, stdio: 'ignore' })
  t.after(() => first.kill('SIGKILL'))
  const ended = once(first, 'exit')
  await firstMailRecorded(join(folder, 'trial.db'))
  first.kill('SIGKILL')
  assert.deepEqual(await ended, [null, 'SIGKILL'])
  const printed = execFileSync(process.execPath, ['main.ts'], { cwd: folder, encoding: 'utf8' })
  assert.equal(printed, 'mail to ada@example.com: Your trial ends today\nada@example.com knows\n')
})

test('every link to a file leads to a file', () => {
  for (const document of documents) {
    const text = readFileSync(join(root, document), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(root, dirname(document), target)), `${document} links to ${target}, which does not exist`)
    }
  }
})

async function firstMailRecorded(database: string): Promise<void> {
  while (!existsSync(database)) await pause(10)
  await using watcher = await watch(database)
  for (;;) {
    const { executions: [execution] } = await watcher.engine.workflows.list({ workflowId: 'trial-ada' })
    const events = execution === undefined ? [] : await watcher.engine.workflows.history('trial-ada')
    if (events.some((event) => event.eventType === 'ActivityTaskCompleted')) return
    await pause(10)
  }
}

async function watch(database: string): Promise<{ engine: Engine } & AsyncDisposable> {
  const engine = await Engine.open({ database, worker: false })
  return { engine, [Symbol.asyncDispose]: () => engine.stop() }
}
