/**
 * Runs the tests: `node tests/run.ts node|parity|parity-postgres|postgres|packaging|workers`, then parts of file
 * names and options of Node.
 *
 * `node` needs Node alone; `postgres` is what needs a PostgreSQL server: files named *postgres*.test.ts and those under
 * tests/postgres/; `packaging`, what installs packages, and so needs npm's registry or its cache: those under
 * tests/packaging/; `parity`, the comparison with what a Temporal server answered and with the official SDK, which takes a minute
 * or two: those under tests/parity/ and tests/temporal-replay/ (`parity-postgres` on PostgreSQL). Every *.test.ts is in exactly one.
 * `workers` runs those under tests/workers/ and tests/crash/
 * again, of both kinds, with all their scenarios and kills instead of a share.
 *
 * Without a part of a name `node` runs tests that need no process of their own together (support/one-process.ts).
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { accessSync, constants, globSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, sep } from 'node:path'
import { findBinaries } from './support/postgres-cluster.ts'
import { inOneProcess } from './support/one-process.ts'

const suites = ['node', 'parity', 'parity-postgres', 'postgres', 'packaging', 'workers'] as const
type Suite = (typeof suites)[number]

const root = join(import.meta.dirname, '..')
const folders = ['packages/*/src', 'packages/*/test', 'tests', 'examples', 'benchmarks']

/** So much must be free in memory for the databases of the tests; they take a tenth of it. */
const temporaryBytesMin = 2 * 1024 ** 3

/** Test files at once: each may start worker processes of its own. Those of `node` wait more than they compute, two by two. */
const atOnce: Readonly<Record<Suite, number>> = { node: 3, parity: 2, 'parity-postgres': 2, postgres: 2, packaging: 2, workers: 2 }

/** A test, or a file of tests, that takes so long waits for what never comes; the longest take one minute. */
const testHungAfterMs = 5 * 60_000

/** A suite that takes so long hangs; it takes two minutes. */
const hungAfterMs = 12 * 60_000

/** Of these the other suites run a share, where it is what takes the time. */
const hasShares = /^tests\/(workers|crash)\//

process.exitCode = await main(process.argv.slice(2))

async function main([suite, ...rest]: readonly string[]): Promise<number> {
  const named = suites.find((name) => name === suite)
  if (named === undefined) return refuse(`Unknown suite "${suite ?? ''}". Say which: node tests/run.ts ${suites.join('|')}`)
  const filters = rest.filter((argument) => !argument.startsWith('-'))
  const files = testFiles(named).filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  if (files.length === 0) {
    const which = filters.length === 0 ? '' : ` with ${filters.map((filter) => `"${filter}"`).join(' or ')} in its path`
    return refuse(`No test file of the suite ${named}${which}. A filter is a part of a path, as in: npm test -- tidy`)
  }
  // Files without a test of that name would keep their servers: no hook runs where no test does.
  if (filters.length === 0 && rest.some((argument) => argument.startsWith('--test-name-pattern'))) {
    return refuse('--test-name-pattern needs a part of a path before it, as in: npm test -- tidy --test-name-pattern="no type"')
  }
  const missing = files.some((path) => suiteOf(path).endsWith('postgres')) ? whyNoPostgres() : undefined
  if (missing !== undefined) return refuse(missing)
  if (named === 'workers') process.env['PERDURE_WORKER_TESTS'] = 'all'
  const options = rest.filter((argument) => argument.startsWith('-'))
  if (named !== 'node' || filters.length > 0) return run(files, options, atOnce[named])
  const folder = mkdtempSync(join(tmpdir(), 'perdure-tests-'))
  return run(inOneProcess(root, files, folder), options, atOnce[named]).finally(() => rmSync(folder, { recursive: true, force: true }))
}

/**
 * Every test file is a process, and many start others: what one has compiled the next ones load, which is a third of the
 * processor time. Databases of tests lie in memory where that can be had: processes are killed here, machines are not, and a
 * busy disk would only make the tests wait.
 */
function environment(): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE = join(root, 'node_modules/.cache/compiled'), TMPDIR = memoryFolder() } = process.env
  return TMPDIR === undefined ? { NODE_COMPILE_CACHE } : { NODE_COMPILE_CACHE, TMPDIR }
}

function memoryFolder(): string | undefined {
  const folder = '/dev/shm'
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= temporaryBytesMin ? folder : undefined
  } catch {
    return undefined
  }
}

function testFiles(suite: Suite): string[] {
  const isForeign = (path: string) => path.split(sep).some((part) => part === 'node_modules' || part === 'dist')
  return globSync(folders.map((folder) => `${folder}/**/*.test.ts`), { cwd: root, exclude: isForeign })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => (suite === 'workers' ? hasShares.test(path) : suiteOf(path) === suite))
    .sort()
}

function suiteOf(path: string): Suite {
  if (path.startsWith('tests/packaging/')) return 'packaging'
  const isParity = path.startsWith('tests/parity/') || path.startsWith('tests/temporal-replay/')
  if (path.startsWith('tests/postgres/') || basename(path).includes('postgres')) return isParity ? 'parity-postgres' : 'postgres'
  return isParity ? 'parity' : 'node'
}

/** Undefined where a server is given, or can be started. */
function whyNoPostgres(): string | undefined {
  if ((process.env['DATABASE_URL_ADMIN'] ?? '') !== '') return undefined
  try {
    findBinaries()
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `The PostgreSQL tests start a server of their own, and its programs were not found: ${why}.\n`
      + 'Or name a server where databases may be created: DATABASE_URL_ADMIN=postgres://user:password@host/postgres'
  }
}

function run(files: readonly string[], options: readonly string[], concurrency: number): Promise<number> {
  const reporter = options.some((option) => option.startsWith('--test-reporter')) ? [] : ['--test-reporter=spec']
  const given = ['--test', `--test-concurrency=${concurrency}`, `--test-timeout=${testHungAfterMs}`, ...reporter, ...options, ...files]
  const child = spawn(process.execPath, given, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment() } })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const watch = setTimeout(() => endHungFiles(child), hungAfterMs)
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  }).finally(() => { clearTimeout(watch) })
}

/** The runner cannot end a file that never yields; without its file processes it reports which they were and goes on. */
function endHungFiles(runner: ChildProcess): void {
  console.error(`\nThe suite hangs: its test files are ended after ${hungAfterMs / 60_000} minutes.`)
  const ended = spawnSync('pkill', ['-KILL', '-P', String(runner.pid)])
  if (ended.status !== 0) runner.kill('SIGKILL')
  setTimeout(() => endHungFiles(runner), 60_000).unref()
}

function refuse(message: string): number {
  console.error(message)
  return 1
}
