/** Reads what is completed past the engine, through a connection of its own. */
import { Client } from 'pg'
import type { Counts } from '../engine-adapter.ts'

export interface Counting {
  count(): Promise<Counts>
  close(): Promise<void>
}

/** `text` gives one row with the columns of `Counts`. */
export async function openCounting(connectionString: string, text: string): Promise<Counting> {
  const client = new Client({ connectionString })
  await client.connect()
  return {
    count: async () => {
      const found = await client.query<{ workflows: number; steps?: number }>(text)
      return found.rows[0] ?? { workflows: 0 }
    },
    close: () => client.end(),
  }
}
