/** Of what a store lists: the order that the port promises, and what it leaves open in an order of its own. */
import assert from 'node:assert/strict'
import type { ActivityTask, ClaimedTasks, Incarnation, Store } from '@perdure/engine'

/** Those of one deadline may come in any order. */
export function oldestFirst(tasks: readonly ActivityTask[]): readonly ActivityTask[] {
  const deadlines = tasks.map(task => task.deadlineAt ?? Infinity)
  assert.deepEqual(deadlines, deadlines.toSorted((a, b) => a - b), 'tasks over their deadline come oldest first')
  return tasks
}

/** Those that are equally urgent may come in any order. */
export function inOrder({ tasks, retryAt }: ClaimedTasks) {
  const byUrgency = tasks.toSorted((a, b) => a.priority - b.priority || a.availableAt - b.availableAt)
  assert.deepEqual(tasks, byUrgency, 'claimed tasks come by priority, then by the time from which they may begin')
  return { retryAt, tasks: tasks.toSorted((a, b) => (`${a.runId} ${a.command}` < `${b.runId} ${b.command}` ? -1 : 1)) }
}

/** The messages of a run are in the order of their coming; which of two starts in one batch got its own first is the store's choice. */
export async function inboxOf(store: Store, incarnation: Incarnation, known: readonly number[], limit: number): Promise<unknown> {
  const all = await store.readInbox(incarnation, known, 1_000)
  const some = await store.readInbox(incarnation, known, limit)
  assert.deepEqual(some, all.slice(0, limit))
  return [some.length, ...all.toSorted((a, b) => (a.runId === b.runId ? 0 : a.runId < b.runId ? -1 : 1))]
}
