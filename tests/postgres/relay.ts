/** A port of its own that leads to a server; what passes through is the matter of whoever starts it. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Relay {
  /** Leads through the port to the same database. */
  readonly connectionString: string
  stop(): Promise<void>
}

export interface Passage {
  readonly client: Socket
  readonly upstream: Socket
  /** Cuts both sides. */
  end(): void
}

/** Neither side is ended by the other's end: that too passes through, or does not. */
export async function startRelay(connectionString: string, serve: (passage: Passage) => void): Promise<Relay> {
  const target = new URL(connectionString)
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: Number(target.port), host: target.hostname, allowHalfOpen: true })
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true).on('error', end).once('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    serve({ client, upstream, end })
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  const through = new URL(connectionString)
  through.port = String((server.address() as AddressInfo).port)
  return {
    connectionString: through.href,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => void server.close(resolve))
    },
  }
}
