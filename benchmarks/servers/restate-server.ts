/** Restate's server from its npm package: one node, its own log and store, fsync as it is by default. */
import { existsSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../tests/support/postgres-cluster.ts'
import type { EngineServer } from './engine-server.ts'
import { startServerProcess } from './server-process.ts'

/** The package of this machine's kind carries the program. */
export function restateProgram(): string {
  const name = `restate-server-${platform()}-${arch()}`
  return join(import.meta.dirname, '../peers/node_modules/@restatedev', name, 'bin/restate-server')
}

export function hasRestateProgram(): boolean {
  return existsSync(restateProgram())
}

/** `endpoint`: the address at which the workers are to listen. */
export async function startRestateServer(folder: string): Promise<EngineServer> {
  const ports = { fabric: await freePort(), ingress: await freePort(), admin: await freePort(), endpoint: await freePort() }
  const at = (port: number) => `http://127.0.0.1:${port}`
  const server = await startServerProcess({
    program: restateProgram(), args: ['--base-dir', folder, '--node-name', 'n1'], folder,
    environment: {
      RESTATE_BIND_IP: '127.0.0.1', RESTATE_LISTEN_MODE: 'tcp', RESTATE_BIND_PORT: String(ports.fabric),
      RESTATE_INGRESS__BIND_PORT: String(ports.ingress), RESTATE_ADMIN__BIND_PORT: String(ports.admin),
      RESTATE_DISABLE_TELEMETRY: 'true', RESTATE_LOG_FILTER: 'warn', NO_COLOR: '1',
    },
    isReady: async () => {
      const answers = await Promise.all([
        fetch(`${at(ports.admin)}/health`), fetch(`${at(ports.ingress)}/restate/health`), askOf(at(ports.admin)),
      ])
      return answers.every((answer) => answer.ok)
    },
  })
  return { ...server, addresses: { ingress: at(ports.ingress), admin: at(ports.admin), endpoint: at(ports.endpoint) } }
}

/** Answers when the parts of the store are there. */
function askOf(admin: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  return fetch(`${admin}/query`, { method: 'POST', headers, body: JSON.stringify({ query: 'select count(*) from sys_invocation' }) })
}
