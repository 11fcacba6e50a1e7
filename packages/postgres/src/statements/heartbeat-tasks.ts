/** Heartbeats of running tasks. Plan: a probe of activity_tasks_pkey for each. */
import type { BeatOutcome, TaskBeat } from '@perdure/engine'
import { bigintArray, intArray, textArray, uuidArray } from '../binary-array.ts'
import { rounds } from '../rounds.ts'
import type { Database, Statement } from '../statement.ts'

export const heartbeatTasksStatement: Statement = {
  name: 'heartbeat_tasks_v1',
  writes: true,
  text: `
update perdure.activity_tasks t set deadline_at = b.deadline_at, heartbeat_details = coalesce(b.details, t.heartbeat_details)
from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::bigint[]) with ordinality b(run_id, command, attempt, details, deadline_at, n)
where t.run_id = b.run_id and t.command = b.command and t.attempt = b.attempt and coalesce(t.worker, -1) >= 0 and not t.lost
returning b.n, t.cancel_requested`,
}

export async function heartbeatTasks(database: Database, beats: readonly TaskBeat[]): Promise<readonly BeatOutcome[]> {
  const outcomes = beats.map((): BeatOutcome => 'gone')
  for (const round of rounds(beats)) {
    const items = round.map(({ item }) => item)
    const rows = await database.run<{ readonly n: number; readonly cancel_requested: boolean }>(heartbeatTasksStatement, [
      uuidArray(items.map(beat => beat.runId)), intArray(items.map(beat => beat.command)), intArray(items.map(beat => beat.attempt)),
      textArray(items.map(beat => beat.details)), bigintArray(items.map(beat => beat.deadlineAt)),
    ])
    for (const { n, cancel_requested } of rows) outcomes[round[n - 1]?.place ?? -1] = cancel_requested ? 'cancel_requested' : 'ok'
  }
  return outcomes
}
