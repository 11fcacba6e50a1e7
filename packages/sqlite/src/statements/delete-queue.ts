import type { Change } from '../statement.ts'

/** Its limits are gone. Plan: primary key. */
export const deleteQueue: Change<[namespace: string, name: string]> = {
  sql: 'delete from queues where namespace = ? and name = ?',
}
