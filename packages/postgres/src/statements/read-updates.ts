/** Plan: updates_pkey and executions_pkey, one probe each for each key. */
import type { UpdateKey, UpdateState } from '@perdure/engine'
import { textArray, uuidArray } from '../binary-array.ts'
import { searchable } from '../run-key.ts'
import type { Database, Statement } from '../statement.ts'
import { type UpdateRow, updateState } from '../update-row.ts'

export const readUpdatesStatement: Statement = {
  name: 'read_updates_v1',
  writes: false,
  text: `
select u.run_id, u.update_id, u.stage, u.result, u.failure, x.status = 'RUNNING' as is_open
from unnest($1::uuid[], $2::text[]) with ordinality k(run_id, update_id, n)
cross join lateral (
  select e.* from perdure.updates e where e.run_id = k.run_id and e.update_id = k.update_id limit 1) u
cross join lateral (select s.status from perdure.executions s where s.run_id = k.run_id limit 1) x
order by k.n`,
}

export async function readUpdates(database: Database, keys: readonly UpdateKey[]): Promise<readonly UpdateState[]> {
  const values = [uuidArray(keys.map(({ runId }) => searchable(runId))), textArray(keys.map(({ updateId }) => updateId))]
  return (await database.run<UpdateRow>(readUpdatesStatement, values)).map(updateState)
}
