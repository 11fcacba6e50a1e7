/** A way to a server that loses an answer on demand: what was asked was done, and whoever asked never learns of it. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CuttingProxy {
  /** Leads through the proxy to the same database. */
  readonly connectionString: string
  /** How often a statement of the name was asked for. */
  asked(statement: string): number
  /** The next answer to the statement of that name is thrown away and its connection cut. */
  cutAnswerTo(statement: string, options?: CutOptions): void
  stop(): Promise<void>
}

export interface CutOptions {
  /** Done before whoever asked notices. */
  readonly meanwhile?: () => Promise<void>
  /** Only an answer that holds this text; those before pass. */
  readonly saying?: string
}

interface Cut extends CutOptions {
  readonly statement: string
}

export async function startCuttingProxy(connectionString: string): Promise<CuttingProxy> {
  const target = new URL(connectionString)
  const sockets = new Set<Socket>()
  const names: string[] = []
  let armed: Cut | undefined
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let cut: Cut | undefined
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
    client.on('data', (chunk) => {
      names.push(...statementsIn(chunk))
      if (armed !== undefined && statementsIn(chunk).includes(armed.statement)) {
        cut = armed
        armed = undefined
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      const { saying = '', meanwhile = async () => {} } = cut ?? {}
      if (cut !== undefined && chunk.includes(saying)) {
        // The server answers after its commit; the rest of the answer is of no interest.
        void meanwhile().finally(end)
        return
      }
      if (cut !== undefined) [armed, cut] = [cut, undefined]
      client.write(chunk)
    })
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  const through = new URL(connectionString)
  through.port = String((server.address() as AddressInfo).port)
  return {
    connectionString: through.href,
    asked: statement => names.filter(name => name === statement).length,
    cutAnswerTo: (statement, options = {}) => {
      armed = { ...options, statement }
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => void server.close(resolve))
    },
  }
}

/** Names of prepared statements in Bind messages: 'B', length, portal (unnamed), name. */
function statementsIn(chunk: Buffer): string[] {
  const names: string[] = []
  for (let at = 0; at + 5 <= chunk.length;) {
    const length = chunk.readInt32BE(at + 1)
    if (chunk[at] === bind) names.push(chunk.toString('utf8', at + 6, chunk.indexOf(0, at + 6)))
    at += 1 + length
  }
  return names
}
const bind = 'B'.charCodeAt(0)
