import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const folder = import.meta.dirname
const readme = readFileSync(join(folder, 'README.md'), 'utf8')

test('the README lists every example, and what it points to is there', () => {
  const listed = [...readme.matchAll(/^\| \[([\w-]+)\]\(\1\) \|/gm)].map(([, name]) => name)
  const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'run.ts')))
  assert.ok(examples.length >= 7)
  assert.deepEqual(examples.filter((name) => !listed.includes(name)), [])
  for (const [, path = ''] of readme.matchAll(/\]\(([^)]+)\)/g)) assert.ok(existsSync(join(folder, path)), `${path} is missing`)
  for (const [, path = ''] of readme.matchAll(/`node examples\/([^`]+)`/g)) assert.ok(existsSync(join(folder, path)), `${path} is missing`)
})
