import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withEnvironment } from './environment-settings.ts'
import { maySet, variablesOf } from './environment-variables.ts'
import { type Kind, kindOf, leavesOf } from './setting-keys.ts'

const leaves = leavesOf(['high-priority'])
const samples: Readonly<Record<Kind, readonly [text: string, value: unknown]>> = {
  number: ['3', 3], boolean: ['no', false], list: ['a, b', ['a', 'b']], choice: ['', ''], text: ['5 seconds', '5 seconds'],
}
const choices: Readonly<Record<string, string>> = { 'logging.level': 'debug', 'logging.format': 'json' }

for (const { path, schema } of leaves) {
  const key = path.join('.')
  test(`${key} is set by each of ${variablesOf(path).join(', ')}`, () => {
    const [text, value] = key in choices ? [choices[key] ?? '', choices[key]] : samples[kindOf(schema)]
    for (const variable of variablesOf(path)) {
      assert.ok(maySet(variable))
      const { settings, problems, variables } = withEnvironment({ queues: { 'high-priority': {} } }, { [variable]: text })
      assert.deepEqual(problems, [])
      assert.deepEqual(path.reduce<unknown>((at, each) => (at as Record<string, unknown>)[each], settings), value)
      assert.equal(variables.get(key), variable)
    }
  })
}

test('the variable of a queue has its name in capitals, and says nothing of queues that the file does not have', () => {
  const names = leaves.filter(({ path }) => path[0] === 'queues').map(({ path }) => variablesOf(path)[0])
  assert.ok(names.includes('PERDURE_QUEUES_HIGH_PRIORITY_ACTIVITIES_PER_SECOND'))
  assert.deepEqual(withEnvironment({}, { PERDURE_QUEUES_HIGH_PRIORITY_ACTIVITIES_PER_SECOND: '3' }).settings, {})
})

test('docs/configuration.md has a row for every setting, with its variables', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/configuration.md'), 'utf8')
  const rows = new Map([...text.matchAll(/^\| `([\w.<>]+)` \|.*$/gm)].map((row) => [row[1] ?? '', row[0]]))
  const settings = leavesOf(['<name>'])
  assert.deepEqual([...rows.keys()].sort(), settings.map(({ path }) => path.join('.')).sort())
  for (const { path } of settings) {
    const [own = '', ...others] = variablesOf(path)
    for (const variable of [own.replace('__NAME__', '_<NAME>_'), ...others]) {
      assert.ok(rows.get(path.join('.'))?.includes(`\`${variable}\``), `${variable} is not in the row of ${path.join('.')}`)
    }
  }
})
