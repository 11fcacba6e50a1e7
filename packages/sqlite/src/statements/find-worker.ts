import type { Query } from '../statement.ts'

interface Row {
  readonly build_id: string
  readonly renewed_at: number
  readonly ticked_at: number
}

/** A live worker, as who buries it needs it. Plan: primary key. */
export const findWorker: Query<
  [incarnation: number], Row, { readonly buildId: string; readonly renewedAt: number; readonly tickedAt: number }
> = {
  sql: 'select build_id, renewed_at, ticked_at from workers where incarnation = ? and is_alive = 1',
  decode: row => ({ buildId: row.build_id, renewedAt: row.renewed_at, tickedAt: row.ticked_at }),
}
