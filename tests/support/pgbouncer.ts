/**
 * PgBouncer in front of a PostgreSQL server: own temporary folder, own free port on 127.0.0.1, transaction mode. For tests
 * and benchmarks only. Stopped by its own process id, also when the process that started it is killed. It lets everybody
 * in, and logs in at the server as the user of the connection string that it was given. Like PostgreSQL it refuses to run
 * as root.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Client } from 'pg'
import { childEnvironment, freePort, isExecutable, runAs } from './postgres-cluster.ts'

export interface PgBouncer {
  /** The way through it to the database of a connection string of its server. */
  through(connectionString: string): string
  /** A command of its console, such as PAUSE or SHOW POOLS. */
  command<Row extends object>(command: string): Promise<readonly Row[]>
  /** Ends it as a crash would (SIGKILL): every connection is cut. */
  kill9(): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
  /** Ends it and removes the folder. Works twice. */
  stop(): Promise<void>
}

type Settings = Readonly<Record<string, string>>

const startTries = 5
const logCharactersMax = 16_384

/**
 * `settings` are added to its configuration, for example `{ default_pool_size: '2' }`. `max_prepared_statements` is left out
 * where the program is too old to know it.
 */
export async function startPgBouncer(server: string, settings: Settings = {}): Promise<PgBouncer> {
  const program = findPgBouncer()
  const user = runAs()
  const folder = mkdtempSync(join(tmpdir(), 'perdure-pgbouncer-'))
  chmodSync(folder, 0o700)
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const guard = guardFolder(folder)
  const file = join(folder, 'pgbouncer.ini')
  const spawnIt = () => spawn(program, [file], {
    cwd: folder, env: childEnvironment(), stdio: ['ignore', 'ignore', 'pipe'], detached: true, ...user,
  })
  try {
    for (let tries = 1; ; tries++) {
      const port = await freePort()
      const own = { listen_port: String(port), pidfile: join(folder, 'pid') }
      writeFileSync(file, configuration(server, { ...own, ...knownSettings(program, settings) }), { mode: 0o644 })
      const bouncer = new RunningPgBouncer(port, folder, guard, spawnIt)
      try {
        await bouncer.start()
        return bouncer
      } catch (error) {
        if (tries >= startTries || !/Address already in use/.test(String(error))) throw error
      }
    }
  } catch (error) {
    guard.stdin?.end()
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/**
 * For tests: `{ skip: why }` where there is no PgBouncer and PERDURE_PGBOUNCER_REQUIRED is not set, else `{}`. Where it is
 * set they fail instead.
 */
export function skipWithoutPgBouncer(): { readonly skip?: string } {
  try {
    findPgBouncer()
    return {}
  } catch (error) {
    if ((process.env['PERDURE_PGBOUNCER_REQUIRED'] ?? '') !== '') throw error
    return { skip: error instanceof Error ? error.message : String(error) }
  }
}

/** Throws with the remedy where there is none. */
function findPgBouncer(): string {
  const folders = ['/usr/sbin', ...(process.env['PATH'] ?? '').split(delimiter)].filter((folder) => folder !== '')
  const candidates = [process.env['PERDURE_PGBOUNCER'] ?? '', ...folders.map((folder) => join(folder, 'pgbouncer'))]
  const found = candidates.find((path) => path !== '' && isExecutable(path))
  if (found === undefined) {
    throw new Error('no PgBouncer found: install Debian\'s package pgbouncer (apt-get install pgbouncer), '
      + 'or set PERDURE_PGBOUNCER to the path of the program')
  }
  return found
}

class RunningPgBouncer implements PgBouncer {
  readonly #port: number
  readonly #folder: string
  readonly #guard: ChildProcess
  readonly #spawn: () => ChildProcess
  #process: ChildProcess | undefined
  #gone: Promise<void> = Promise.resolve()

  constructor(port: number, folder: string, guard: ChildProcess, spawnIt: () => ChildProcess) {
    this.#port = port
    this.#folder = folder
    this.#guard = guard
    this.#spawn = spawnIt
  }

  through(connectionString: string): string {
    const url = new URL(connectionString)
    url.hostname = '127.0.0.1'
    url.port = String(this.#port)
    return url.href
  }

  async command<Row extends object>(command: string): Promise<readonly Row[]> {
    const client = new Client({ connectionString: `postgres://anybody@127.0.0.1:${this.#port}/pgbouncer` })
    await client.connect()
    try {
      return (await client.query<Row>(command)).rows
    } finally {
      await client.end()
    }
  }

  start(): Promise<void> {
    const child = this.#spawn()
    this.#process = child
    this.#gone = new Promise((resolve) => child.once('close', () => resolve()))
    let log = ''
    return new Promise((resolve, reject) => {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-logCharactersMax)
        if (log.includes('process up:')) resolve()
      })
      child.once('error', reject)
      child.once('close', () => reject(new Error(`PgBouncer did not start:\n${log}`)))
    })
  }

  async kill9(): Promise<void> {
    this.#process?.kill('SIGKILL')
    await this.#gone
  }

  async stop(): Promise<void> {
    await this.kill9()
    rmSync(this.#folder, { recursive: true, force: true })
    if (this.#guard.exitCode !== null || this.#guard.signalCode !== null) return
    const gone = new Promise((resolve) => this.#guard.once('exit', resolve))
    this.#guard.ref()
    this.#guard.stdin?.end()
    await gone
  }
}

function configuration(server: string, settings: Settings): string {
  const { hostname: host, port, username, password } = new URL(server)
  const target = { host, port: port === '' ? '5432' : port, user: decodeURIComponent(username), password: decodeURIComponent(password) }
  const quoted = (value: string) => `'${value.replaceAll('\'', '\'\'')}'`
  const given = Object.entries(target).filter(([, value]) => value !== '').map(([name, value]) => `${name}=${quoted(value)}`)
  const all = {
    listen_addr: '127.0.0.1', unix_socket_dir: '', auth_type: 'any', pool_mode: 'transaction', default_pool_size: '5',
    max_client_conn: '500', ...settings,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`)
  return ['[databases]', `* = ${given.join(' ')}`, '[pgbouncer]', ...lines, ''].join('\n')
}

/** Prepared statements in transaction mode came with 1.21. */
function knownSettings(program: string, settings: Settings): Settings {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  const [, major, minor] = /PgBouncer (\d+)\.(\d+)/.exec(stdout) ?? []
  const knowsPrepared = Number(major) > 1 || Number(minor) >= 21
  return Object.fromEntries(Object.entries(settings).filter(([name]) => knowsPrepared || name !== 'max_prepared_statements'))
}

/** When our end of the pipe closes, however we ended, the shell ends what the pid file names and removes the folder. */
function guardFolder(folder: string): ChildProcess {
  const script = 'cat >/dev/null; test -f "$1/pid" && kill -KILL "$(head -n 1 "$1/pid")"; rm -rf "$1"'
  const guard = spawn('/bin/sh', ['-c', script, 'sh', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  return guard
}
