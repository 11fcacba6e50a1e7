/**
 * Ends attempts of activity tasks: perdure.end_tasks_v1 (migrations/0003-work.ts). The execution's row is locked before
 * the task's, as a commit that closes does: the other order deadlocked with it.
 */
import type { TaskEnd } from '@perdure/engine'
import { bigintArray, intArray, textArray, uuidArray } from '../binary-array.ts'
import { rounds } from '../rounds.ts'
import type { Database, Statement, Value } from '../statement.ts'

export const endTasksStatement: Statement = {
  name: 'end_tasks_v1',
  text: 'select n from perdure.end_tasks_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) n',
  writes: true,
}

export async function endTasks(database: Database, ends: readonly TaskEnd[]): Promise<readonly boolean[]> {
  const outcomes = ends.map(() => false)
  for (const round of rounds(ends)) {
    const rows = await database.run<{ readonly n: number }>(endTasksStatement, parameters(round.map(({ item }) => item)))
    for (const { n } of rows) outcomes[round[n - 1]?.place ?? -1] = true
  }
  return outcomes
}

function parameters(ends: readonly TaskEnd[]): Value[] {
  const retries = ends.map(({ outcome }) => (outcome.type === 'retry' ? outcome : null))
  const posts = ends.map(({ outcome }) => (outcome.type === 'post' ? outcome : null))
  return [
    uuidArray(ends.map(end => end.runId)), intArray(ends.map(end => end.command)), intArray(ends.map(end => end.attempt)),
    intArray(retries.map(retry => (retry === null ? 0 : 1))), bigintArray(retries.map(retry => retry?.availableAt ?? null)),
    bigintArray(retries.map(retry => retry?.deadlineAt ?? null)), textArray(retries.map(retry => retry?.lastFailure ?? null)),
    textArray(retries.map(retry => retry?.heartbeatDetails ?? null)), textArray(posts.map(post => post?.eventType ?? null)),
    textArray(posts.map(post => post?.data ?? null)),
  ]
}
