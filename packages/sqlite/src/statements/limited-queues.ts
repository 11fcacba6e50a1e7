import type { Query } from '../statement.ts'

/** Queues of a namespace that have limits. Plan: primary key. */
export const limitedQueues: Query<[namespace: string], { readonly name: string }, string> = {
  sql: 'select name from queues where namespace = ?',
  decode: row => row.name,
}
