/**
 * What is true of every row, as constraints. They hold in the databases of tests only: PostgreSQL prepares each constraint anew
 * in every statement that writes the table, which was half the cost of a start and of a close.
 */
import { Client } from 'pg'
import { wakes } from '../../packages/postgres/src/waking.ts'

const rules: Readonly<Record<string, string>> = {
  status_known: `status in ('RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'CONTINUED_AS_NEW', 'TIMED_OUT')`,
  open_has_no_outcome: `status <> 'RUNNING' or (result is null and failure is null)`,
  closed_is_free: `status = 'RUNNING' or (owner is null and wake_at is null and held_code is null)`,
  owned_does_not_wait:
    'owner is null or (wake_at is null and held_code is null and claimed_at is not null and first_task_at is not null)',
  held_known:
    `held_code in ('nondeterminism', 'determinism_violation', 'unknown_workflow_type', 'crash_loop', 'task_failure', 'commit_rejected')`,
  held_whole:
    'num_nulls(held_code, held_reason, held_build_id, held_count, held_spent) in (0, 5) and (held_count is null or held_count >= 0)',
  takeovers_counted: 'takeovers >= 0',
  id_given: `workflow_id <> ''`,
  parent_whole: 'num_nulls(parent_run_id, parent_command, parent_close_policy) in (0, 3)',
  close_policy_known: `parent_close_policy in ('TERMINATE', 'ABANDON', 'REQUEST_CANCEL')`,
}

const updateRules: Readonly<Record<string, string>> = {
  stage_known: `stage in ('admitted', 'accepted', 'completed', 'rejected')`,
  outcome_at_the_end: `(result is null or stage = 'completed') and (failure is null or stage in ('completed', 'rejected'))`,
  one_outcome: 'result is null or failure is null',
}

/**
 * What no constraint can say: a message lies in the queue of its execution, and says that it wakes it where it does. A claim takes that
 * back; who looks at no message again is due already.
 */
const messageRule = `
create function perdure.strict_message() returns trigger language plpgsql as $$
declare
  x perdure.executions;
begin
  select e.* into x from perdure.executions e where e.run_id = new.run_id;
  if found and (x.namespace, x.task_queue) <> (new.namespace, new.task_queue) then
    raise exception using errcode = 'check_violation', constraint = 'strict_queue',
      message = format('A message of run %s in queue %s of %s', new.run_id, new.task_queue, new.namespace);
  elsif found and new.wakes <> ${wakes('x', 'new.type')} then
    raise exception using errcode = 'check_violation', constraint = 'strict_wakes',
      message = format('A message of run %s that %s', new.run_id, case when new.wakes then 'wakes it' else 'does not wake it' end);
  end if;
  return new;
end $$;
create trigger strict_message before insert or update on perdure.inbox for each row execute function perdure.strict_message()`

/** @param connectionString of a database with the tables of Perdure */
export async function makeStrict(connectionString: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const added = (of: typeof rules) => Object.entries(of).map(([name, rule]) => `add constraint strict_${name} check (${rule})`).join(', ')
    await client.query(`alter table perdure.executions ${added(rules)}`)
    await client.query(`alter table perdure.updates ${added(updateRules)}`)
    await client.query(messageRule)
    await client.query('alter table perdure.history add constraint strict_seq check (seq > 0)')
    await client.query('alter table perdure.activity_tasks add constraint strict_numbers check (command >= 0 and attempt > 0)')
  } finally {
    await client.end()
  }
}
