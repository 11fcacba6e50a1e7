/**
 * Every folder with an `output.txt` prints that when its `run.ts` is run. All of them run in one process, one after the other, which
 * costs a tenth of a process each: it has to end by itself, so none may leave anything open.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'

const folder = import.meta.dirname
const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'output.txt')))
const heading = '== '

const program = `
  for (const [name, url] of ${JSON.stringify(examples.map((name) => [name, pathToFileURL(join(folder, name, 'run.ts')).href]))}) {
    console.log('${heading}' + name)
    await import(url)
  }
`

describe('the gallery', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8', env: { ...process.env, PERDURE_LOG_LEVEL: 'error' }, timeout: 120_000,
  })
  const printed = new Map(stdout.split(heading).slice(1).map((section) => {
    const [name = '', ...lines] = section.split('\n')
    return [name, lines.join('\n')]
  }))

  it('has an example for each group of features', () => assert.ok(examples.length >= 16, `${examples.length} examples`))

  for (const name of examples) {
    it(`has ${name}, which prints what its output.txt says`, () => {
      assert.equal(printed.get(name), readFileSync(join(folder, name, 'output.txt'), 'utf8'), stderr)
    })
  }

  it('runs to its end, and leaves nothing open', () => assert.equal(status, 0, stderr))

  it('is shown with what it prints', () => {
    const silent = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'run.ts')) && !examples.includes(name))
    const tested = silent.filter((name) => readdirSync(join(folder, name)).some((file) => file.endsWith('.test.ts')))
    assert.deepEqual(silent.filter((name) => !tested.includes(name)), [], 'neither an output.txt nor a test of their own')
  })
})
