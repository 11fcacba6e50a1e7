/** docs/testing.md: its files are written as they stand, and its tests run. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { blocksOf } from './support/readme.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/testing.md'), 'utf8')

/** In their order: the last of a name is what is right. */
const files = blocksOf(page, 'ts').map((text) => ({ name: /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? '', text }))

const sendMail = 'export async function sendMail(to: string, subject: string): Promise<void> { void [to, subject] }\n'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-testing-page-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'activities.ts'), sendMail)
  // The first of each name.
  for (const { name, text } of files.toReversed()) writeFileSync(join(folder, name), text)
})
after(() => rmSync(folder, { recursive: true, force: true }))

function run(file: string): { readonly status: number | null; readonly output: string } {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const args = ['--test', '--test-reporter=tap', file]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

test('the page names the file of each block of code', () => {
  const names = files.map(({ name }) => name)
  assert.deepEqual(names, ['workflows.ts', 'reminder.test.ts', 'bank.ts', 'transfer.ts', 'transfer.test.ts', 'bank.ts'])
})

test('the test of the reminder passes', () => {
  const { status, output } = run('reminder.test.ts')
  assert.equal(status, 0, output)
})

test('the simulation of a transfer fails as the page says, and passes with the other bank', () => {
  const careless = run('transfer.test.ts')
  assert.equal(careless.status, 1, careless.output)
  const [told = ''] = blocksOf(page, 'text')
  const lines = told.trim().split('\n').map((line) => line.trim())
  assert.deepEqual(lines.filter((line) => !careless.output.includes(line)), [], careless.output)
  for (const { name, text } of files) writeFileSync(join(folder, name), text)
  const careful = run('transfer.test.ts')
  assert.equal(careful.status, 0, careful.output)
})
