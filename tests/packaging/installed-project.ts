/** A project in a temporary folder, as a user has it: made by npm, with the packages installed from their tarballs. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { packAll, type Tarball } from '../../packaging/tarballs.ts'
import { foreignVariable } from '../../packages/perdure/test/cli-process.ts'

const root = join(import.meta.dirname, '../..')

/** What npm tells the scripts that it runs; the npm of the project must not take itself for the repository's. */
const npmVariable = /^(npm_(package|lifecycle|command|(node_)?execpath|config_(loglevel|(local_|global_)?prefix|workspaces?)).*|INIT_CWD)$/
/** By it Node takes itself for a file of tests that run already. */
const testVariable = 'NODE_TEST_CONTEXT'

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunSettings {
  /** Where the machine's own Node lies. Default: that of this process. */
  readonly nodeFolder?: string
}

export interface InstalledProject {
  readonly folder: string
  readonly tarballs: readonly Tarball[]
  /** A folder below the project's, holding these files. */
  place(name: string, files?: Readonly<Record<string, string>>): string
  /** @param program node, npm, npx, or one of node_modules/.bin */
  run(program: string, args: readonly string[], folder: string, settings?: RunSettings): Promise<Ended>
  /** Started in a process group of its own, as a terminal does, and not waited for. */
  start(program: string, args: readonly string[], folder: string, settings?: RunSettings): ChildProcess
  remove(): void
}

export function installProject(): InstalledProject {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-installed-'))
  const env = environment(folder, dirname(process.execPath))
  const tarballs = packAll(join(folder, '.tarballs'))
  const npm = (...args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync('npm', args, { cwd: folder, env, encoding: 'utf8' })
    assert.equal(status, 0, `npm ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`)
  }
  npm('init', '-y')
  npm('pkg', 'set', 'type=module')
  npm('install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs.map(({ path }) => path))
  // What a compiler needs besides, without another download.
  for (const name of ['@types/node', 'undici-types']) {
    cpSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true })
  }
  const start: InstalledProject['start'] = (program, args, cwd, { nodeFolder } = {}) => {
    const chosen = nodeFolder === undefined ? env : environment(folder, nodeFolder)
    return spawn(program, args, { cwd, env: chosen, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  }
  return {
    folder, tarballs, start,
    place(name, files = {}) {
      const path = join(folder, name)
      mkdirSync(path, { recursive: true })
      for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text)
      return path
    },
    run: (program, args, cwd, settings) => endOf(start(program, args, cwd, settings)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The project's programs come first, as with npx and in scripts, then this Node. */
function environment(folder: string, nodeFolder: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !isForeign(name))
  const path = [join(folder, 'node_modules/.bin'), nodeFolder, process.env['PATH'] ?? ''].join(delimiter)
  return { ...Object.fromEntries(inherited), PATH: path }
}

function isForeign(variable: string): boolean {
  return variable === testVariable || foreignVariable.test(variable) || npmVariable.test(variable)
}

function endOf(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, stdout, stderr }))
  })
}
