/** A way to a server that may go deaf: what a connection sends is swallowed, and nothing answers it, not even its end. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface DeafProxy {
  /** Leads through the proxy to the same database. */
  readonly connectionString: string
  /** The next connection that sends the text goes deaf with it. Resolves when it has. */
  goDeafAt(text: string): Promise<void>
  /** All connections go deaf, and stay it. */
  goDeaf(): void
  stop(): Promise<void>
}

export async function startDeafProxy(connectionString: string): Promise<DeafProxy> {
  const target = new URL(connectionString)
  const sockets = new Set<Socket>()
  let isAllDeaf = false
  let awaited: { readonly text: string; readonly tell: () => void } | undefined
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let isDeaf = false
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', end).once('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    client.on('end', () => {
      if (!isDeaf && !isAllDeaf) end()
    })
    upstream.on('end', end)
    client.on('data', (chunk) => {
      if (awaited !== undefined && chunk.includes(awaited.text)) {
        isDeaf = true
        awaited.tell()
        awaited = undefined
      }
      if (!isDeaf && !isAllDeaf) upstream.write(chunk)
    })
    upstream.on('data', chunk => void client.write(chunk))
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  const through = new URL(connectionString)
  through.port = String((server.address() as AddressInfo).port)
  return {
    connectionString: through.href,
    goDeafAt: text => new Promise<void>((tell) => {
      awaited = { text, tell }
    }),
    goDeaf: () => {
      isAllDeaf = true
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => void server.close(resolve))
    },
  }
}
