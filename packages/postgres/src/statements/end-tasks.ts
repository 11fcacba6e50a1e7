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

/** As end_tasks_v1 knows them. */
function kindOf(outcome: TaskEnd['outcome']): number {
  switch (outcome.type) {
    case 'post':
      return outcome.onlyWaiting === true ? 3 : 0
    case 'retry':
      return 1
    case 'leave':
      return 2
    default:
      return outcome satisfies never
  }
}

function parameters(ends: readonly TaskEnd[]): Value[] {
  const outcomes = ends.map(({ outcome }) => outcome)
  const retries = outcomes.map((outcome) => (outcome.type === 'retry' ? outcome : null))
  const posts = outcomes.map((outcome) => (outcome.type === 'post' ? outcome : null))
  const kept = outcomes.map((outcome) => (outcome.type === 'post' ? null : outcome))
  return [
    uuidArray(ends.map(end => end.runId)), intArray(ends.map(end => end.command)), intArray(ends.map(end => end.attempt)),
    intArray(outcomes.map(kindOf)), bigintArray(retries.map(retry => retry?.availableAt ?? null)),
    bigintArray(kept.map(row => row?.deadlineAt ?? null)), textArray(retries.map(retry => retry?.lastFailure ?? null)),
    textArray(kept.map(row => row?.heartbeatDetails ?? null)), textArray(posts.map(post => post?.eventType ?? null)),
    textArray(posts.map(post => post?.data ?? null)),
  ]
}
