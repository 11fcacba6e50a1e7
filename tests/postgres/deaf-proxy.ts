/** A way to a server that may go deaf: what a connection sends is swallowed, and nothing answers it, not even its end. */
import { type Relay, startRelay } from './relay.ts'

export interface DeafProxy extends Relay {
  /** The next connection that sends the text goes deaf with it. Resolves when it has. */
  goDeafAt(text: string): Promise<void>
  /** All connections go deaf, and stay it. */
  goDeaf(): void
}

export async function startDeafProxy(connectionString: string): Promise<DeafProxy> {
  let isAllDeaf = false
  let awaited: { readonly text: string; readonly tell: () => void } | undefined
  const relay = await startRelay(connectionString, ({ client, upstream, end }) => {
    let isDeaf = false
    client.on('data', (chunk) => {
      if (awaited !== undefined && chunk.includes(awaited.text)) {
        isDeaf = true
        awaited.tell()
        awaited = undefined
      }
      if (!isDeaf && !isAllDeaf) upstream.write(chunk)
    })
    client.on('end', () => {
      if (!isDeaf && !isAllDeaf) end()
    })
    upstream.on('data', chunk => void client.write(chunk)).on('end', end)
  })
  return {
    ...relay,
    goDeafAt: text => new Promise<void>((tell) => {
      awaited = { text, tell }
    }),
    goDeaf: () => {
      isAllDeaf = true
    },
  }
}
