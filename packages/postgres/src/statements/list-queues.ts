/**
 * The task queues of a namespace: whatever has limits, a living worker, open executions that nobody owns, or tasks. (Owned
 * executions are of queues that their owner serves.) Plans: from one name to the next through each index that begins with the
 * queue, so that a long queue costs no more than a short one.
 */
import type { Database, Statement } from '../statement.ts'

const open = `r.status = 'RUNNING' and r.owner is null`

/** Each step one probe. */
function steps(name: string, table: string, condition: string): string {
  const next = `select min(r.task_queue) from perdure.${table} r where ${condition} and r.namespace = $1`
  return `${name}(queue) as (
  select (${next})
  union all
  select (${next} and r.task_queue > s.queue) from ${name} s where s.queue is not null
)`
}

export const listQueuesStatement: Statement = {
  name: 'list_queues_v1',
  writes: false,
  text: `
with recursive ${steps('claimable', 'executions', `${open} and r.held_code is null and r.takeovers < 2`)},
${steps('troubled', 'executions', `${open} and (r.held_code is not null or r.takeovers >= 2)`)},
${steps('waiting', 'activity_tasks', 'r.worker is null')},
${steps('running', 'activity_tasks', 'r.worker is not null and not r.lost')},
served(queue) as (
  select s.queue from perdure.workers w cross join lateral unnest(w.task_queues) s(queue)
  where w.namespace = $1 and w.alive and w.renewed_at + w.lease_ms >= perdure.clock_ms()
)
select n.queue from (
  select q.name from perdure.queues q where q.namespace = $1
  union select s.queue from served s
  union select c.queue from claimable c
  union select t.queue from troubled t
  union select w.queue from waiting w
  union select r.queue from running r) n(queue)
where n.queue is not null order by n.queue collate "C"`,
}

export async function listQueues(database: Database, namespace: string): Promise<readonly string[]> {
  return (await database.run<{ readonly queue: string }>(listQueuesStatement, [namespace])).map(row => row.queue)
}
