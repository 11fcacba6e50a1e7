import { asIncarnation } from '@perdure/engine'
import type { Suspect } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly incarnation: number
  readonly renewed_at: number
}

/** Live workers whose lease did not move. Plan: workers_alive, which holds the living only. */
export const listSuspects: Query<[renewedBefore: number, except: number], Row, Suspect> = {
  sql: 'select incarnation, renewed_at from workers where is_alive = 1 and renewed_at < ? and incarnation <> ?',
  decode: row => ({ incarnation: asIncarnation(row.incarnation), renewedAt: row.renewed_at }),
}
