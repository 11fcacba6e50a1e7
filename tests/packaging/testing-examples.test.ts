/** `perdure/testing` under the test runners that people use: each example as its users have it, with its runner installed by npm. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { installProject, type InstalledProject } from './installed-project.ts'

const root = join(import.meta.dirname, '../..')

let project: InstalledProject
before(() => { project = installProject() })
after(() => project?.remove())

/** What each runner prints of the four tests of its example. */
const runners = [
  ['node', /^ℹ pass 4\n[^]*^ℹ fail 0$/m],
  ['vitest', /Tests +4 passed \(4\)/],
  ['jest', /Tests: +4 passed, 4 total/],
] as const

for (const [runner, passes] of runners) {
  test(`the example of ${runner} installs, and its tests pass`, async () => {
    const folder = project.place(`testing-${runner}`)
    cpSync(join(root, `examples/testing-${runner}`), folder, { recursive: true })
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', ...project.tarballs.map(({ path }) => path)]
    const installed = await project.run('npm', install, folder)
    assert.equal(installed.status, 0, installed.stdout + installed.stderr)
    const { status, stdout, stderr } = await project.run('npm', ['test'], folder)
    const printed = stripVTControlCharacters(`${stdout}${stderr}`)
    assert.equal(status, 0, printed)
    assert.match(printed, passes)
  })
}

test('the example of node compiles, with types of mocks, of worlds and of invariants', () => {
  const folder = project.place('testing-types')
  cpSync(join(root, 'examples/testing-node'), folder, { recursive: true })
  const compilerOptions = {
    module: 'nodenext', target: 'es2024', strict: true, noEmit: true, allowImportingTsExtensions: true, types: ['node'],
    exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder, encoding: 'utf8' })
  assert.equal(status, 0, stdout)
})
