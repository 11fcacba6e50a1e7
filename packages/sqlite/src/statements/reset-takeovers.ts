import type { Change } from '../statement.ts'

/** Plan: primary key. */
export const resetTakeovers: Change<[id: number]> = {
  sql: 'update executions set takeovers = 0 where id = ? and takeovers > 0',
}
