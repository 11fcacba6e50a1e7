/** Asks executions for updates: perdure.request_updates_v1 (migrations/0006-between-executions.ts). */
import type { RunId, UpdateRequest, UpdateRequestOutcome } from '@perdure/engine'
import { textArray } from '../binary-array.ts'
import { searchable } from '../run-key.ts'
import type { Database, Statement } from '../statement.ts'
import { type UpdateRow, updateState } from '../update-row.ts'

export const requestUpdatesStatement: Statement = {
  name: 'request_updates_v1',
  writes: true,
  text: 'select * from perdure.request_updates_v1($1, $2, $3, $4, $5, $6)',
}

interface RequestRow extends Omit<UpdateRow, 'run_id' | 'update_id'> {
  readonly outcome: UpdateRequestOutcome['type']
  readonly run: RunId | null
}

export async function requestUpdates(database: Database, requests: readonly UpdateRequest[]): Promise<readonly UpdateRequestOutcome[]> {
  if (requests.length === 0) return []
  const rows = await database.run<RequestRow>(requestUpdatesStatement, [
    textArray(requests.map(one => one.namespace)), textArray(requests.map(one => one.workflowId)),
    textArray(requests.map(one => (one.runId === null ? '' : searchable(one.runId)))), textArray(requests.map(one => one.updateId)),
    textArray(requests.map(one => one.message.type)), textArray(requests.map(one => one.message.data)),
  ])
  return requests.map(({ updateId }, index) => outcomeOf(updateId, rows[index]))
}

function outcomeOf(updateId: string, row: RequestRow | undefined): UpdateRequestOutcome {
  if (row === undefined || row.run === null) return { type: 'not_found' }
  switch (row.outcome) {
    case 'requested': case 'closed': return { type: row.outcome, runId: row.run }
    case 'known': return { type: 'known', runId: row.run, state: updateState({ ...row, run_id: row.run, update_id: updateId }) }
    default: return { type: 'busy' }
  }
}
