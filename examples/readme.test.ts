import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const folder = import.meta.dirname
const readme = readFileSync(join(folder, 'README.md'), 'utf8')

test('the README lists every example, and what it points to is there', () => {
  const listed = [...readme.matchAll(/^\| \[([\w-]+)\]\(\1\)/gm)].map(([, name]) => name)
  const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'run.ts')))
  assert.ok(examples.length >= 20)
  assert.deepEqual(examples.filter((name) => !listed.includes(name)), [])
  const paths = [...readme.matchAll(/\]\(([^)#]+)(?:#[\w-]+)?\)/g)].map(([, path = '']) => path)
  assert.deepEqual(paths.filter((path) => !existsSync(join(folder, path))), [])
})

test('the command beside an example is the one that runs it', () => {
  const rows = [...readme.matchAll(/^\| \[([\w-]+)\]\(\1\)[^|]*\|[^|]*\| `npx node examples\/([^`]+)`/gm)]
  assert.ok(rows.length >= 20)
  for (const [, name = '', path = ''] of rows) assert.equal(path, `${name}/run.ts`)
})
