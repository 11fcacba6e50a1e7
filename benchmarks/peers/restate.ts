/**
 * Restate: its server with its own log and store, and an endpoint of its SDK in the worker's process, to which the server pushes.
 * Under load each call holds an HTTP request open until the result; a backlog is one-way sends. Two workers listen at the same
 * address, as behind a load balancer.
 */
import { createServer, type Http2Session } from 'node:http2'
import { setTimeout as delay } from 'node:timers/promises'
import * as restate from '@restatedev/restate-sdk'
import * as clients from '@restatedev/restate-sdk-clients'
import type { Counts, EngineAdapter, Target, Workflow } from '../engine-adapter.ts'
import { performStep } from '../step.ts'

type Steps = { readonly id: string; readonly steps: number }
type Sleep = { readonly id: string; readonly ms: number }

const registerTries = 50

const service = restate.service({
  name: 'benchmark',
  handlers: {
    chain: async (context: restate.Context, { id, steps }: Steps): Promise<number> => {
      for (let index = 0; index < steps; index++) await context.run(`step${index}`, () => performStep(id, index))
      return steps
    },
    fan: async (context: restate.Context, { id, steps }: Steps): Promise<number> => {
      const all = Array.from({ length: steps }, (_, index) => context.run(`step${index}`, () => performStep(id, index)))
      const results = await restate.RestatePromise.all(all)
      return results.length
    },
    sleep: async (context: restate.Context, { ms }: Sleep): Promise<number> => {
      await context.sleep(ms)
      return ms
    },
  },
})

export const adapter: EngineAdapter = {
  openEngine: async (target) => {
    const endpoint = await openEndpoint(target)
    await register(target)
    const ingress = clients.connect({ url: addressOf(target, 'ingress') })
    const calls = ingress.serviceClient(service)
    return {
      execute: async (workflow) => {
        if (workflow.type === 'sleep') await calls.sleep(workflow)
        else await calls[workflow.type](workflow)
      },
      countCompleted: () => countCompleted(target),
      close: endpoint.close,
    }
  },
  openClient: async (target) => {
    const endpoint = await openEndpoint(target) // so that the server learns of the service
    await register(target)
    await endpoint.close()
    const sends = clients.connect({ url: addressOf(target, 'ingress') }).serviceSendClient(service)
    const start = async (workflow: Workflow): Promise<void> => {
      if (workflow.type === 'sleep') await sends.sleep(workflow)
      else await sends[workflow.type](workflow)
    }
    return { start, countCompleted: () => countCompleted(target), close: () => Promise.resolve() }
  },
  openWorker: async (target, scenario) => {
    const endpoint = await openEndpoint(target)
    if (scenario === 'idle') await register(target)
    return endpoint
  },
}

async function openEndpoint(target: Target): Promise<{ close: () => Promise<void> }> {
  const logger = (meta: { readonly level: string }, message: unknown) => {
    if (meta.level === 'error') console.error(message)
  }
  const server = createServer(restate.createEndpointHandler({ services: [service], logger }))
  const sessions = new Set<Http2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  const port = Number(new URL(addressOf(target, 'endpoint')).port)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1', reusePort: true }, resolve)
  })
  return {
    close: async () => {
      for (const session of sessions) session.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function register(target: Target): Promise<void> {
  const body = JSON.stringify({ uri: addressOf(target, 'endpoint'), force: true })
  for (let tries = 1; ; tries++) {
    const answer = await fetch(`${addressOf(target, 'admin')}/deployments`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body,
    })
    if (answer.ok) return
    if (tries === registerTries) throw new Error(`Restate does not take the endpoint: ${await answer.text()}`)
    await delay(100)
  }
}

async function countCompleted(target: Target): Promise<Counts> {
  const query = "select count(*) as workflows from sys_invocation where status = 'completed'"
  const answer = await fetch(`${addressOf(target, 'admin')}/query`, {
    method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify({ query }),
  })
  if (!answer.ok) throw new Error(`Restate does not answer: ${await answer.text()}`)
  const { rows } = (await answer.json()) as { rows: readonly { workflows: number }[] }
  return { workflows: rows[0]?.workflows ?? 0 }
}

function addressOf({ server }: Target, name: string): string {
  return server?.addresses[name] ?? ''
}
