/** A full Temporal server on PostgreSQL, built by temporal/build.sh: four services in one process, four shards. */
import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EngineServer, Place } from './engine-server.ts'
import { startServerProcess } from './server-process.ts'

const run = promisify(execFile)
const portMin = 17_200
const portEnd = 32_768

/** TEMPORAL_SERVER_FOLDER names another folder with what temporal/build.sh builds. */
export function temporalFolder(): string {
  return process.env['TEMPORAL_SERVER_FOLDER'] || join(import.meta.dirname, '../../.bench/temporal')
}

export function hasTemporalServer(): boolean {
  return ['temporal-server', 'temporal-sql-tool', 'schema'].every((name) => existsSync(join(temporalFolder(), name)))
}

export async function startTemporalServer({ folder, database, visibilityDatabase }: Place): Promise<EngineServer> {
  await createSchema(database, 'temporal')
  await createSchema(visibilityDatabase, 'visibility')
  const ports = await freePorts(8)
  const services = ['frontend', 'matching', 'history', 'worker'].map((name, index) => {
    const [grpcPort = 0, membershipPort = 0] = ports.slice(2 * index)
    return [name, { rpc: { grpcPort, membershipPort, bindOnLocalHost: true } }] as const
  })
  const config = configOf({ database, visibilityDatabase, services: Object.fromEntries(services), folder })
  const file = join(folder, 'temporal.yaml')
  writeFileSync(file, JSON.stringify(config)) // JSON is YAML
  writeFileSync(join(folder, 'dynamic.yaml'), JSON.stringify({ 'system.namespaceCacheRefreshInterval': [{ value: '1s' }] }))
  const port = services[0]?.[1].rpc.grpcPort ?? 0
  const server = await startServerProcess({
    program: join(temporalFolder(), 'temporal-server'), args: ['--config-file', file, '--allow-no-auth', 'start'], folder,
    isReady: () => accepts(port),
  })
  return { ...server, addresses: { frontend: `127.0.0.1:${port}` } }
}

async function createSchema(connectionString: string, name: 'temporal' | 'visibility'): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(connectionString)
  const given = ['--plugin', 'postgres12', '--ep', hostname, '-p', port || '5432', '-u', username, '--pw', password || 'none']
  const options = [...given, '--db', pathname.slice(1)]
  const tool = join(temporalFolder(), 'temporal-sql-tool')
  await run(tool, [...options, 'setup-schema', '-v', '0.0'])
  await run(tool, [...options, 'update-schema', '-d', join(temporalFolder(), 'schema', name, 'versioned')])
}

type Services = Readonly<Record<string, { readonly rpc: { readonly grpcPort: number } }>>

function configOf({ database, visibilityDatabase, services, folder }: Place & { readonly services: Services }): object {
  const rpcAddress = `127.0.0.1:${services['frontend']?.rpc.grpcPort}`
  const off = { state: 'disabled', enableRead: false }
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'main', visibilityStore: 'visibility', numHistoryShards: 4,
      datastores: { main: { sql: sqlOf(database, 40) }, visibility: { sql: sqlOf(visibilityDatabase, 10) } },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services,
    clusterMetadata: {
      enableGlobalNamespace: false, failoverVersionIncrement: 10, masterClusterName: 'active', currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    archival: { history: off, visibility: off },
    namespaceDefaults: { archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } } },
    dynamicConfigClient: { filepath: join(folder, 'dynamic.yaml'), pollInterval: '60s' },
  }
}

function sqlOf(connectionString: string, connections: number): object {
  const { host, username, password, pathname } = new URL(connectionString)
  return {
    pluginName: 'postgres12', databaseName: pathname.slice(1), connectAddr: host, connectProtocol: 'tcp', user: username,
    password: password || 'none', maxConns: connections, maxIdleConns: connections, maxConnLifetime: '1h',
  }
}

/** The server stores its ports as 16 bits with a sign, and those that a system hands out are above. */
async function freePorts(count: number): Promise<number[]> {
  const free: number[] = []
  for (let port = portMin; free.length < count && port < portEnd; port++) if (await isFree(port)) free.push(port)
  if (free.length < count) throw new Error(`there are not ${count} free ports between ${portMin} and ${portEnd}`)
  return free
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
