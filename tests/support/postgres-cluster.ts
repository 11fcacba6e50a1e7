/**
 * A private PostgreSQL cluster: own temporary folder, own free port on 127.0.0.1, full durability. For tests and
 * benchmarks only. It is stopped by its own process id and its folder removed, also when the process that started it
 * is killed (a small shell waits for the end of a pipe and cleans up).
 *
 * PostgreSQL refuses to run as root, so as root it runs as `postgres`, or `nobody` where there is no such user.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { accessSync, chmodSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Client } from 'pg'

export interface PostgresCluster {
  /** Superuser, database `postgres`. */
  readonly connectionString: string
  readonly port: number
  /** Of the postmaster that runs now. */
  readonly pid: number
  /** Makes an empty database and returns its connection string. */
  createDatabase(name: string): Promise<string>
  /** Kills postmaster and backends as a crash would (SIGKILL); `restart` recovers. */
  kill9(): Promise<void>
  /** Stops it if it runs (connections are cut) and starts it again on the same port. */
  restart(): Promise<void>
  /** Stops it and removes the folder. Works twice. */
  stop(): Promise<void>
}

const startTries = 5
const logCharactersMax = 16_384

/** Starts a cluster. `settings` are added to the server's command line, for example `{ max_connections: '20' }`. */
export async function startPostgresCluster(settings: Readonly<Record<string, string>> = {}): Promise<PostgresCluster> {
  const bin = findBinaries()
  const user = runAs()
  const folder = mkdtempSync(join(tmpdir(), 'perdure-pg-'))
  chmodSync(folder, 0o700)
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const guard = guardFolder(folder, data)
  try {
    initialise(bin, data, folder, user)
    for (let tries = 1; ; tries++) {
      const port = await freePort()
      const server = new Server(bin, data, folder, port, user, settings)
      try {
        await server.start()
        return clusterOf(server, folder, guard)
      } catch (error) {
        if (tries >= startTries || !/Address already in use|could not bind/.test(String(error))) throw error
      }
    }
  } catch (error) {
    guard.stdin?.end()
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/**
 * For test files: the server named by DATABASE_URL_ADMIN (a user that may create databases), or else a cluster of
 * their own. `stop` leaves a server that was given alone.
 */
export async function openTestServer(): Promise<Pick<PostgresCluster, 'connectionString' | 'createDatabase' | 'stop'>> {
  const given = process.env['DATABASE_URL_ADMIN']
  if (given === undefined || given === '') return startPostgresCluster()
  const made: string[] = []
  return {
    connectionString: given,
    createDatabase: async (name) => {
      const unique = `${name}_${process.pid}_${made.length}`
      made.push(unique)
      await administrate(given, `create database ${quoted(unique)}`)
      return withDatabase(given, unique)
    },
    stop: async () => {
      for (const name of made.splice(0)) await administrate(given, `drop database if exists ${quoted(name)} with (force)`)
    },
  }
}

function clusterOf(server: Server, folder: string, guard: ChildProcess): PostgresCluster {
  const connectionString = `postgres://postgres@127.0.0.1:${server.port}/postgres`
  return {
    connectionString,
    port: server.port,
    get pid() {
      return server.pid
    },
    createDatabase: async (name) => {
      await administrate(connectionString, `create database ${quoted(name)}`)
      return withDatabase(connectionString, name)
    },
    kill9: () => server.end('SIGKILL'),
    restart: async () => {
      await server.end('SIGINT')
      await server.start()
    },
    stop: async () => {
      await server.end('SIGQUIT') // no checkpoint: the data goes anyway
      rmSync(folder, { recursive: true, force: true })
      if (guard.exitCode !== null || guard.signalCode !== null) return
      const gone = new Promise((resolve) => guard.once('exit', resolve))
      guard.ref()
      guard.stdin?.end()
      await gone
    },
  }
}

export interface User {
  readonly uid?: number
  readonly gid?: number
}

/** The server process. `end` resolves when the postmaster and all backends are gone: they all hold its error pipe. */
class Server {
  readonly port: number
  readonly #command: string
  readonly #arguments: readonly string[]
  readonly #folder: string
  readonly #user: User
  #process: ChildProcess | undefined
  #gone: Promise<void> = Promise.resolve()

  constructor(bin: string, data: string, folder: string, port: number, user: User, settings: Readonly<Record<string, string>>) {
    this.port = port
    this.#folder = folder
    this.#user = user
    this.#command = join(bin, 'postgres')
    const all = {
      listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: folder, fsync: 'on', synchronous_commit: 'on',
      max_connections: '200', shared_buffers: '256MB', log_destination: 'stderr', logging_collector: 'off', ...settings,
    }
    this.#arguments = ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  }

  get pid(): number {
    if (this.#process?.pid === undefined) throw new Error('the PostgreSQL cluster does not run')
    return this.#process.pid
  }

  start(): Promise<void> {
    const child = spawn(this.#command, this.#arguments, {
      cwd: this.#folder, env: childEnvironment(), stdio: ['ignore', 'ignore', 'pipe'], detached: true, ...this.#user,
    })
    this.#process = child
    this.#gone = new Promise((resolve) => child.once('close', () => resolve()))
    let log = ''
    return new Promise((resolve, reject) => {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-logCharactersMax)
        if (log.includes('ready to accept connections')) resolve()
      })
      child.once('error', reject)
      child.once('close', () => {
        this.#process = undefined
        reject(new Error(`PostgreSQL did not start:\n${log}`))
      })
    })
  }

  async end(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    this.#process?.kill(signal)
    await this.#gone
  }
}

/** When our end of the pipe closes, however we ended, the shell stops the server named in its pid file and removes the folder. */
function guardFolder(folder: string, data: string): ChildProcess {
  const kill = 'test -f "$1/postmaster.pid" && kill -QUIT "$(head -n 1 "$1/postmaster.pid")"'
  const script = `cat >/dev/null; ${kill}; rm -rf "$2" || { sleep 1; rm -rf "$2"; }`
  const guard = spawn('/bin/sh', ['-c', script, 'sh', data, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  return guard
}

function initialise(bin: string, data: string, folder: string, user: User): void {
  const done = spawnSync(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '--encoding=UTF8', '--locale=C', '--no-sync'], {
    cwd: folder, env: childEnvironment(), encoding: 'utf8', ...user,
  })
  if (done.status !== 0) throw new Error(`initdb failed: ${done.error?.message ?? ''}${done.stdout}${done.stderr}`)
}

export function childEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}

export function runAs(): User {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const uid = Number(idOf(name, '-u'))
    const gid = Number(idOf(name, '-g'))
    if (uid > 0 && gid > 0) return { uid, gid }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody')
}

function idOf(name: string, flag: string): string {
  const found = spawnSync('id', [flag, name], { encoding: 'utf8' })
  return found.status === 0 ? found.stdout.trim() : ''
}

/** Folder of the server's programs; throws with the remedy where there is none. */
export function findBinaries(): string {
  const candidates = [process.env['PERDURE_PG_BIN'] ?? '', ...debianFolders(), ...(process.env['PATH'] ?? '').split(delimiter)]
  const found = candidates.find((folder) => folder !== '' && ['postgres', 'initdb'].every((name) => isExecutable(join(folder, name))))
  if (found === undefined) {
    throw new Error('no PostgreSQL found: install Debian\'s package postgresql, or set PERDURE_PG_BIN to the folder of postgres and initdb')
  }
  return found
}

/** Newest version first. */
function debianFolders(): string[] {
  try {
    const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a))
    return versions.map((version) => join('/usr/lib/postgresql', version, 'bin'))
  } catch {
    return []
  }
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no free port'))
        else resolve(address.port)
      })
    })
  })
}

async function administrate(connectionString: string, statement: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function withDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${encodeURIComponent(name)}`
  return url.href
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
