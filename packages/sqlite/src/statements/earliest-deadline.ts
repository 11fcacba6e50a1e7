import type { Query } from '../statement.ts'

/** Plan: activity_tasks_by_deadline, one row. */
export const earliestDeadline: Query<[namespace: string], { readonly at: number | null }, number | null> = {
  sql: 'select min(deadline_at) as at from activity_tasks where namespace = ? and deadline_at is not null',
  decode: row => row.at,
}
