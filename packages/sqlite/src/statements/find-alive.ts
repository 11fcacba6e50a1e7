import type { Query } from '../statement.ts'

/** The fence: a row if the incarnation lives (I4). Plan: primary key. */
export const findAlive: Query<[incarnation: number], { readonly is_alive: number }, true> = {
  sql: 'select is_alive from workers where incarnation = ? and is_alive = 1',
  decode: () => true,
}
