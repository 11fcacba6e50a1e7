/** Running tasks of an incarnation that were asked to stop. Plan: activity_tasks_running. */
import type { Incarnation, RunId } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const cancelledTasksStatement: Statement = {
  name: 'cancelled_tasks_v1',
  writes: false,
  text: `
select t.run_id, t.command, t.attempt from perdure.activity_tasks t
where t.worker = $1 and t.cancel_requested and coalesce(t.lost, true) = false order by t.run_id, t.command`,
}

interface TaskKeyRow {
  readonly run_id: RunId
  readonly command: number
  readonly attempt: number
}

export async function cancelledTasks(database: Database, incarnation: Incarnation) {
  const rows = await database.run<TaskKeyRow>(cancelledTasksStatement, [incarnation])
  return rows.map(({ run_id, command, attempt }) => ({ runId: run_id, command, attempt }))
}
