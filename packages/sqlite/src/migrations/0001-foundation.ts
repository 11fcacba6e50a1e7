/**
 * Executions are known by a row number inside the file: history, inbox and tasks refer to it. What costs is the number
 * of pages (4 KiB) that a commit touches, so history is appended in the order of commits, with a narrow index on the
 * side. Measured per event, in batches of 100 events of 250 bytes for 1,000 live executions: no index 4 us; rows keyed
 * by (execution, seq) 31 us, because each event is on another page; index on text run id and seq 15 us; on (execution,
 * seq) 8 to 12 us, growing with the length of histories; on (seq, execution) 7.5 us: executions that run at the same
 * time are neighbours there. A check with a list ("in") makes SQLite build a table of the list at every insert: those of
 * executions took 8 of an insert's 20 us, and chains of "or" take none that can be measured.
 */
export const foundation = `
create table namespaces (
  name text primary key check (length(name) between 1 and 255 and name not glob '*[^A-Za-z0-9._-]*'),
  description text not null default '',
  retention_ms integer check (retention_ms > 0),
  created_at integer not null
) strict, without rowid;

insert into namespaces (name, created_at) values ('default', cast(unixepoch('subsec') * 1000 as integer));

create table workers (
  incarnation integer primary key autoincrement,
  namespace text not null,
  identity text not null,
  build_id text not null,
  task_queues text not null check (json_valid(task_queues)),
  workflow_types text not null check (json_valid(workflow_types)),
  activity_types text not null check (json_valid(activity_types)),
  lease_ms integer not null check (lease_ms > 0),
  started_at integer not null,
  renewed_at integer not null,
  ticked_at integer not null,
  is_alive integer not null check (is_alive = 0 or is_alive = 1)
) strict;

create index workers_alive on workers (renewed_at) where is_alive = 1;
create index workers_by_namespace on workers (namespace, incarnation);

create table executions (
  id integer primary key autoincrement,
  run_id text not null unique,
  owner integer,
  unread integer not null default 0 check (unread >= 0),
  status text not null
    check (status = 'RUNNING' or status = 'COMPLETED' or status = 'FAILED' or status = 'CANCELLED' or status = 'TERMINATED'
      or status = 'CONTINUED_AS_NEW' or status = 'TIMED_OUT'),
  namespace text not null,
  workflow_id text not null,
  workflow_type text not null,
  task_queue text not null,
  priority integer not null,
  takeovers integer not null default 0 check (takeovers >= 0),
  wake_at integer,
  is_ending integer not null default 0 check (is_ending = 0 or is_ending = 1),
  claimed_at integer,
  started_at integer not null,
  first_task_at integer,
  closed_at integer,
  held_code text
    check (held_code = 'nondeterminism' or held_code = 'determinism_violation' or held_code = 'unknown_workflow_type'
      or held_code = 'crash_loop' or held_code = 'task_failure' or held_code = 'commit_rejected'),
  held_count integer,
  held_build_id text,
  held_reason text,
  held_spent integer check (held_spent = 0 or held_spent = 1),
  first_run_id text not null,
  parent_run_id text,
  parent_command integer,
  parent_close_policy text
    check (parent_close_policy = 'TERMINATE' or parent_close_policy = 'ABANDON' or parent_close_policy = 'REQUEST_CANCEL'),
  expires_at integer,
  memo text,
  search_attributes text,
  details text,
  input text not null,
  result text,
  failure text,
  -- When a worker may claim it; 0: at once, a message waits (which does not end a start delay, unless it is a request to cancel or to end, or a signal of signalWithStart: is_ending).
  -- Held executions have rules of their own.
  claim_at integer generated always as (
    case when status = 'RUNNING' and owner is null and held_code is null then iif(unread > 0 and (first_task_at is not null or is_ending), 0, wake_at) end
  ) virtual,
  -- What it is held for: another build (build:), that or its wake time (time:), a worker with its type (type:).
  waits_for text generated always as (
    case when held_code = 'unknown_workflow_type' then 'type:' || workflow_type when held_code = 'crash_loop' then 'build:' || held_build_id
      when held_code is not null then 'time:' || held_build_id end
  ) virtual,
  check (owner is null or (status = 'RUNNING' and wake_at is null and held_code is null)),
  check (status = 'RUNNING' or (wake_at is null and held_code is null and unread = 0)),
  check ((status = 'RUNNING') = (closed_at is null)),
  check (status <> 'RUNNING' or (result is null and failure is null)),
  check ((parent_run_id is null) = (parent_command is null)),
  check ((parent_run_id is null) = (parent_close_policy is null)),
  check ((held_code is null) = (held_count is null)),
  check ((held_code is null) = (held_build_id is null)),
  check ((held_code is null) = (held_reason is null)),
  check ((held_code is null) = (held_spent is null))
) strict;

create unique index executions_open on executions (namespace, workflow_id) where status = 'RUNNING';
create index executions_by_workflow_id on executions (namespace, workflow_id, started_at, run_id);
create index executions_by_start on executions (namespace, started_at, run_id);
create index executions_by_owner on executions (owner, unread) where owner is not null;
create index executions_claimable on executions (namespace, task_queue, priority, claim_at, takeovers) where claim_at is not null;
create index executions_held on executions (namespace, task_queue, waits_for, priority, wake_at) where waits_for is not null;

create index executions_children on executions (parent_run_id) where parent_run_id is not null and status = 'RUNNING';
create index executions_by_expiry on executions (namespace, expires_at) where expires_at is not null and status = 'RUNNING';

-- Those that only a message wakes; by it the queues are found in which nothing else is.
create index executions_dormant on executions (namespace, task_queue)
  where status = 'RUNNING' and owner is null and held_code is null and wake_at is null;

create table history (
  execution_id integer not null,
  seq integer not null check (seq >= 1),
  at integer not null,
  type text not null,
  data text not null
) strict;

create unique index history_by_seq on history (seq, execution_id);

create table inbox (
  id integer primary key autoincrement,
  execution_id integer not null references executions (id),
  type text not null,
  data text not null
) strict;

create index inbox_by_execution on inbox (execution_id, id);

create trigger inbox_counts_up after insert on inbox begin
  update executions set unread = unread + 1,
      is_ending = is_ending or new.type in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart')
    where id = new.execution_id;
end;

create trigger inbox_counts_down after delete on inbox begin
  update executions set unread = unread - 1 where id = old.execution_id;
end;

-- What was asked of an execution with an answer; kept when it closes.
create table updates (
  execution_id integer not null references executions (id),
  update_id text not null,
  stage text not null check (stage = 'admitted' or stage = 'accepted' or stage = 'completed' or stage = 'rejected'),
  result text check (result is null or stage = 'completed'),
  failure text check (failure is null or stage = 'completed' or stage = 'rejected'),
  primary key (execution_id, update_id),
  check (result is null or failure is null)
) strict, without rowid;

create table activity_tasks (
  execution_id integer not null references executions (id),
  command integer not null,
  namespace text not null,
  task_queue text not null,
  activity_type text not null,
  priority integer not null,
  available_at integer not null,
  worker integer,
  cancel_requested integer not null check (cancel_requested = 0 or cancel_requested = 1),
  lost integer not null check (lost = 0 or lost = 1),
  deadline_at integer,
  attempt integer not null check (attempt >= 1),
  run_ms integer,
  close_by integer,
  scheduled_at integer not null,
  started_at integer,
  workflow_id text not null,
  workflow_type text not null,
  activity_id text not null,
  input text not null,
  options text not null,
  last_failure text,
  heartbeat_details text,
  primary key (execution_id, command)
) strict;

create index activity_tasks_waiting on activity_tasks (namespace, task_queue, activity_type, priority, available_at) where worker is null;
create index activity_tasks_running on activity_tasks (worker, cancel_requested) where worker is not null;
create index activity_tasks_of_queue on activity_tasks (namespace, task_queue, worker) where worker is not null and lost = 0;
create index activity_tasks_by_deadline on activity_tasks (namespace, deadline_at) where deadline_at is not null;

-- Queues with limits over all workers, and what was used of them as of counted_at.
create table queues (
  namespace text not null,
  name text not null,
  activities_per_second real check (activities_per_second > 0),
  max_concurrent_activities integer check (max_concurrent_activities > 0),
  tokens real check (tokens >= 0),
  used real not null check (used >= 0),
  counted_at integer not null,
  primary key (namespace, name),
  check (activities_per_second is not null or max_concurrent_activities is not null),
  check ((activities_per_second is null) = (tokens is null))
) strict, without rowid;

create table queries (
  id text primary key,
  namespace text not null,
  run_id text not null,
  task_queue text not null,
  name text not null,
  args text not null,
  expires_at integer not null,
  claimed_by integer,
  reply_type text check (reply_type = 'answered' or reply_type = 'failed'),
  reply_result text,
  reply_code text,
  reply_message text,
  check ((reply_type is 'answered') = (reply_result is not null)),
  check ((reply_type is 'failed') = (reply_code is not null and reply_message is not null))
) strict, without rowid;

create index queries_unanswered on queries (expires_at) where reply_type is null;
create index queries_by_expiry on queries (expires_at);
`
