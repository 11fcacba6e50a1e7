import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { test } from 'node:test'
import { Client } from 'pg'
import { connectWithin } from './connecting.ts'
import { connectError } from './database-error.ts'

/** A server that does with its connections what it is told. */
async function serverThat(t: { after(fn: () => void): void }, accept: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    accept(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `postgres://app:secret@127.0.0.1:${(server.address() as AddressInfo).port}/shop`
}

async function refusal(connectionString: string, timeoutMs: number): Promise<string> {
  const client = new Client({ connectionString, connectionTimeoutMillis: timeoutMs })
  client.on('error', () => undefined)
  try {
    await connectWithin(client, timeoutMs)
  } catch (error) {
    return connectError(error, 'db:5432/shop').message
  } finally {
    await client.end().catch(() => undefined)
  }
  return assert.fail('it connected')
}

test('a server that never answers is told as a timeout, with what to look at', async (t) => {
  const message = await refusal(await serverThat(t, () => undefined), 50)
  assert.equal(message, 'PostgreSQL at db:5432/shop cannot be reached: no answer within 0.05 s. Check host, port and firewall.')
})

test('a server that hangs up is told as that', async (t) => {
  const message = await refusal(await serverThat(t, (socket) => void socket.destroy()), 60_000)
  assert.match(message, /cannot be reached: (?!no answer).*Check that the server runs/)
})
