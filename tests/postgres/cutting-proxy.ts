/** A way to a server that loses an answer on demand: what was asked was done, and whoever asked never learns of it. */
import { type Relay, startRelay } from './relay.ts'

export interface CuttingProxy extends Relay {
  /** How often a statement of the name was asked for. */
  asked(statement: string): number
  /** The next answer to the statement of that name is thrown away and its connection cut. */
  cutAnswerTo(statement: string, options?: CutOptions): void
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
  const names: string[] = []
  let armed: Cut | undefined
  const relay = await startRelay(connectionString, ({ client, upstream, end }) => {
    let cut: Cut | undefined
    client.on('data', (chunk) => {
      names.push(...statementsIn(chunk))
      if (armed !== undefined && statementsIn(chunk).includes(armed.statement)) {
        cut = armed
        armed = undefined
      }
      upstream.write(chunk)
    })
    client.on('end', end)
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
    upstream.on('end', end)
  })
  return {
    ...relay,
    asked: statement => names.filter(name => name === statement).length,
    cutAnswerTo: (statement, options = {}) => {
      armed = { ...options, statement }
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
