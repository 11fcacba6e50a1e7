/**
 * Test files of a package that need no process of their own run in one: a start of Node, and the sources that each of them loads,
 * cost more than the tests. Each file is a suite, so that its hooks are its own.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Tests beside what they test, and those of the pure package: they start no process, and leave the process as it was. */
const mayStandTogether = /^(benchmarks|packages\/[a-z]+\/src|packages\/workflow\/test)\//

/** These change what the whole process does with unhandled rejections. */
const apart: ReadonlySet<string> = new Set([
  'packages/engine/src/worker/queries/query-desk.test.ts', 'packages/engine/src/worker/queries/query-handlers.test.ts',
])

/**
 * What to run in place of the files.
 *
 * @param folder where the files that load several are written: none under node_modules, where Node runs no tests
 */
export function inOneProcess(root: string, files: readonly string[], folder: string): string[] {
  const together = Object.groupBy(files.filter((file) => mayStandTogether.test(file) && !apart.has(file)), packageOf)
  const entries = Object.entries(together).map(([name, members = []]) => {
    const entry = join(folder, `${name}.test.mjs`)
    writeFileSync(entry, entryOf(root, members))
    return entry
  })
  const taken = new Set(Object.values(together).flat())
  return [...entries, ...files.filter((file) => !taken.has(file))]
}

function packageOf(file: string): string {
  return /^packages\/([a-z]+)\//.exec(file)?.[1] ?? 'benchmarks'
}

function entryOf(root: string, files: readonly string[]): string {
  const members = files.map((file) => `suite(${JSON.stringify(file)}, async () => { await import(${url(root, file)}) })\n`)
  return `import { suite } from 'node:test'\n${members.join('')}`
}

function url(root: string, file: string): string {
  return JSON.stringify(pathToFileURL(join(root, file)).href)
}
