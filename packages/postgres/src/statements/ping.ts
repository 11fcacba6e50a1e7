/** The cheapest proof of life: the store's time. */
import type { Millis } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const pingStatement: Statement = {
  name: 'ping_v1',
  text: 'select perdure.clock_ms() as now',
  writes: false,
}

export async function ping(database: Database): Promise<Millis> {
  const [row] = await database.run<{ readonly now: Millis }>(pingStatement, [])
  if (row === undefined) throw new Error('ping returned no row')
  return row.now
}
