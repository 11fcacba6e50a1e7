import { waitsFor } from '../waking.ts'

/** The tables. Text columns that are compared or indexed have the collation "C": bytes, whatever the database's locale. */
export const tables = `
create function perdure.clock_ms() returns bigint language sql volatile
as $$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$;

-- The line (timeline) of the server: another one after a standby took over, or after a restore. Null where the service does not tell.
create function perdure.server_line_v1() returns text language plpgsql volatile as $$
begin
  return left(pg_walfile_name(pg_current_wal_lsn()), 8);
exception when others then return null;
end $$;
create function perdure.is_server_line_v1(line text) returns boolean language sql volatile
as $$ select case when $1 is null then true else $1 = left(pg_walfile_name(pg_current_wal_lsn()), 8) end $$;

create table perdure.namespaces (
  name text collate "C" primary key check (name ~ '^[A-Za-z0-9._-]{1,255}$'),
  description text not null default '',
  retention_ms bigint check (retention_ms > 0),
  created_at bigint not null default perdure.clock_ms()
);
insert into perdure.namespaces (name) values ('default');

-- One start of one worker process. renewed_at is the lease, moved by tick and by the lease thread; ticked_at is moved by
-- the main thread alone. Neither is indexed, so that heartbeats are HOT updates. process_lock: it holds an advisory lock for
-- as long as its process lives; false behind a pooler, where it says nothing that such a lock is free.
-- line: what a worker has in memory may be ahead of a server that took over without the last commits of the one before. It is as good as
-- dead there, and starts over from what is there.
create table perdure.workers (
  incarnation bigint generated always as identity primary key,
  namespace text collate "C" not null,
  identity text not null,
  build_id text collate "C" not null,
  task_queues text[] collate "C" not null,
  workflow_types text[] collate "C" not null,
  activity_types text[] collate "C" not null,
  lease_ms bigint not null check (lease_ms > 0),
  process_lock boolean not null,
  started_at bigint not null,
  renewed_at bigint not null,
  ticked_at bigint not null,
  alive boolean not null default true,
  line text collate "C" default perdure.server_line_v1()
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
create index workers_alive on perdure.workers (incarnation) where alive;
create index workers_listed on perdure.workers (namespace, incarnation);

-- Every row version of an open execution is in exactly one of claimable, troubled and owned.
create table perdure.executions (
  run_id uuid primary key,
  namespace text collate "C" not null,
  workflow_id text collate "C" not null,
  workflow_type text collate "C" not null,
  task_queue text collate "C" not null,
  status text collate "C" not null default 'RUNNING',
  priority int not null,
  takeovers int not null default 0,
  owner bigint,
  wake_at bigint,
  claimed_at bigint,
  started_at bigint not null,
  first_task_at bigint,
  closed_at bigint,
  first_run_id uuid not null,
  parent_run_id uuid,
  parent_command int,
  parent_close_policy text collate "C",
  expires_at bigint,
  held_code text collate "C",
  held_reason text,
  held_build_id text collate "C",
  held_count int,
  held_spent boolean,
  input text not null,
  result text,
  failure text,
  memo text,
  search_attributes text,
  details text,
  -- One only: PostgreSQL prepares constraints anew in every statement, and nine were half the cost of a start and of a close.
  -- The others hold in the databases of tests (tests/support/strict-schema.ts).
  constraint executions_closed_once check ((status = 'RUNNING') = (closed_at is null) and (closed_at is null or owner is null))
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create unique index executions_open on perdure.executions (namespace, workflow_id) where status = 'RUNNING';
create index executions_closed on perdure.executions (namespace, workflow_id, started_at, run_id) where status <> 'RUNNING';
-- By an expression, so that lists alone use it: for a workflow id the planner preferred it to executions_open and _closed
-- when its statistics were old, and read the whole namespace.
create index executions_listed on perdure.executions ((namespace || ''), started_at desc, run_id desc);
create index executions_claimable on perdure.executions (namespace, task_queue, priority, wake_at)
  where status = 'RUNNING' and owner is null and held_code is null and takeovers < 2;
create index executions_troubled on perdure.executions (namespace, task_queue, ${waitsFor.replaceAll('x.', '')}, priority, wake_at, takeovers)
  where status = 'RUNNING' and owner is null and (held_code is not null or takeovers >= 2);
create index executions_owned on perdure.executions (owner) where owner is not null;
create index executions_children on perdure.executions (parent_run_id) where status = 'RUNNING' and parent_run_id is not null;
create index executions_expiring on perdure.executions (namespace, expires_at) where status = 'RUNNING' and expires_at is not null;

create table perdure.history (
  run_id uuid not null,
  seq int not null,
  at bigint not null,
  type text collate "C" not null,
  data text not null,
  primary key (run_id, seq)
) with (autovacuum_analyze_scale_factor = 0.02);

-- The foreign key makes a sender hold KEY SHARE on its execution until it commits: closing and releasing lock FOR UPDATE.
-- namespace, task_queue: those of the execution, so that workers find messages of the queues that they serve, and read no others.
-- wakes: nobody owned the execution when the message was sent, nor has since, and it is not held (waking.ts). Those are all that claims read.
-- Nulls first: no run is null, but the primary key is not in that order. Asked for it, the planner has this index alone to choose.
create sequence perdure.inbox_ids;
create table perdure.inbox (
  run_id uuid not null references perdure.executions (run_id) on delete cascade,
  id bigint not null default nextval('perdure.inbox_ids'),
  namespace text collate "C" not null,
  task_queue text collate "C" not null,
  wakes boolean not null default true,
  type text collate "C" not null,
  data text not null,
  primary key (run_id, id)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
create index inbox_waking on perdure.inbox (namespace, task_queue, run_id nulls first) where wakes;
alter sequence perdure.inbox_ids owned by perdure.inbox.id;

-- What was asked of an execution with an answer; kept when it closes.
create table perdure.updates (
  run_id uuid not null references perdure.executions (run_id) on delete cascade,
  update_id text collate "C" not null,
  stage text collate "C" not null default 'admitted',
  result text,
  failure text,
  primary key (run_id, update_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create table perdure.activity_tasks (
  run_id uuid not null,
  command int not null,
  namespace text collate "C" not null,
  workflow_id text collate "C" not null,
  workflow_type text collate "C" not null,
  task_queue text collate "C" not null,
  activity_type text collate "C" not null,
  activity_id text collate "C" not null,
  priority int not null,
  attempt int not null,
  worker bigint,
  lost boolean not null default false,
  cancel_requested boolean not null default false,
  scheduled_at bigint not null,
  available_at bigint not null,
  started_at bigint,
  deadline_at bigint,
  run_ms bigint,
  close_by bigint,
  input text not null,
  options text not null,
  last_failure text,
  heartbeat_details text,
  primary key (run_id, command)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
create index activity_tasks_waiting on perdure.activity_tasks (namespace, task_queue, priority, available_at) where worker is null;
create index activity_tasks_running on perdure.activity_tasks (worker) where worker is not null;
create index activity_tasks_of_queue on perdure.activity_tasks (namespace, task_queue) where worker is not null and not lost;
create index activity_tasks_deadline on perdure.activity_tasks (namespace, deadline_at) where deadline_at is not null;

-- Queues with limits over all workers, and what was used of them as of counted_at.
create table perdure.queues (
  namespace text collate "C" not null,
  name text collate "C" not null,
  activities_per_second double precision check (activities_per_second > 0),
  max_concurrent_activities int check (max_concurrent_activities > 0),
  tokens double precision check (tokens >= 0),
  used double precision not null default 0 check (used >= 0),
  counted_at bigint not null,
  primary key (namespace, name),
  constraint queues_limited check (num_nonnulls(activities_per_second, max_concurrent_activities) > 0),
  constraint queues_rate_has_tokens check ((activities_per_second is null) = (tokens is null))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

create table perdure.queries (
  id uuid primary key,
  namespace text collate "C" not null,
  run_id uuid not null,
  task_queue text collate "C" not null,
  name text not null,
  args text not null,
  expires_at bigint not null,
  claimed_by bigint,
  reply_type text collate "C",
  reply_result text,
  reply_code text,
  reply_message text,
  constraint queries_reply_whole check (
    (reply_type is null and num_nonnulls(reply_result, reply_code, reply_message) = 0)
    or (reply_type = 'answered' and reply_result is not null and num_nonnulls(reply_code, reply_message) = 0)
    or (reply_type = 'failed' and reply_result is null and num_nulls(reply_code, reply_message) = 0))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
create index queries_waiting on perdure.queries (expires_at) where reply_type is null;
create index queries_expired on perdure.queries (expires_at);
`
