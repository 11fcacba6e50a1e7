-- Schema of the PostgreSQL store. Made by tests/postgres/schema.test.ts; to make it anew: UPDATE_SCHEMA=1.

create table perdure.activity_tasks (
  run_id uuid not null,
  command integer not null,
  namespace text collate "C" not null,
  workflow_id text collate "C" not null,
  workflow_type text collate "C" not null,
  task_queue text collate "C" not null,
  activity_type text collate "C" not null,
  activity_id text collate "C" not null,
  priority integer not null,
  attempt integer not null,
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
  constraint activity_tasks_pkey PRIMARY KEY (run_id, command)
) with (fillfactor=80, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=500);
CREATE INDEX activity_tasks_deadline ON perdure.activity_tasks USING btree (namespace, deadline_at) WHERE (deadline_at IS NOT NULL);
CREATE INDEX activity_tasks_of_queue ON perdure.activity_tasks USING btree (namespace, task_queue) WHERE ((worker IS NOT NULL) AND (NOT lost));
CREATE INDEX activity_tasks_running ON perdure.activity_tasks USING btree (worker) WHERE (worker IS NOT NULL);
CREATE INDEX activity_tasks_waiting ON perdure.activity_tasks USING btree (namespace, task_queue, priority, available_at) WHERE (worker IS NULL);

create table perdure.executions (
  run_id uuid not null,
  namespace text collate "C" not null,
  workflow_id text collate "C" not null,
  workflow_type text collate "C" not null,
  task_queue text collate "C" not null,
  status text collate "C" not null default 'RUNNING'::text,
  priority integer not null,
  takeovers integer not null default 0,
  owner bigint,
  wake_at bigint,
  claimed_at bigint,
  started_at bigint not null,
  first_task_at bigint,
  closed_at bigint,
  first_run_id uuid not null,
  parent_run_id uuid,
  parent_command integer,
  parent_close_policy text collate "C",
  expires_at bigint,
  held_code text collate "C",
  held_reason text,
  held_build_id text collate "C",
  held_count integer,
  held_spent boolean,
  input text not null,
  result text,
  failure text,
  memo text,
  search_attributes text,
  details text,
  constraint executions_closed_once CHECK ((((status = 'RUNNING'::text) = (closed_at IS NULL)) AND ((closed_at IS NULL) OR (owner IS NULL)))),
  constraint executions_pkey PRIMARY KEY (run_id)
) with (autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
CREATE INDEX executions_children ON perdure.executions USING btree (parent_run_id) WHERE ((status = 'RUNNING'::text) AND (parent_run_id IS NOT NULL));
CREATE INDEX executions_claimable ON perdure.executions USING btree (namespace, task_queue, priority, wake_at) WHERE ((status = 'RUNNING'::text) AND (owner IS NULL) AND (held_code IS NULL) AND (takeovers < 2));
CREATE INDEX executions_closed ON perdure.executions USING btree (namespace, workflow_id, started_at, run_id) WHERE (status <> 'RUNNING'::text);
CREATE INDEX executions_expiring ON perdure.executions USING btree (namespace, expires_at) WHERE ((status = 'RUNNING'::text) AND (expires_at IS NOT NULL));
CREATE INDEX executions_listed ON perdure.executions USING btree (((namespace || ''::text)), started_at DESC, run_id DESC);
CREATE UNIQUE INDEX executions_open ON perdure.executions USING btree (namespace, workflow_id) WHERE (status = 'RUNNING'::text);
CREATE INDEX executions_owned ON perdure.executions USING btree (owner) WHERE (owner IS NOT NULL);
CREATE INDEX executions_troubled ON perdure.executions USING btree (namespace, task_queue, (
CASE
    WHEN (held_code IS NULL) THEN ''::text
    WHEN (held_code = 'unknown_workflow_type'::text) THEN ('type:'::text || workflow_type)
    WHEN (held_code = 'crash_loop'::text) THEN ('build:'::text || held_build_id)
    ELSE ('time:'::text || held_build_id)
END), priority, wake_at, takeovers) WHERE ((status = 'RUNNING'::text) AND (owner IS NULL) AND ((held_code IS NOT NULL) OR (takeovers >= 2)));

create table perdure.history (
  run_id uuid not null,
  seq integer not null,
  at bigint not null,
  type text collate "C" not null,
  data text not null,
  constraint history_pkey PRIMARY KEY (run_id, seq)
) with (autovacuum_analyze_scale_factor=0.02);

create table perdure.inbox (
  run_id uuid not null,
  id bigint not null default nextval('perdure.inbox_ids'::regclass),
  namespace text collate "C" not null,
  task_queue text collate "C" not null,
  wakes boolean not null default true,
  type text collate "C" not null,
  data text not null,
  constraint inbox_pkey PRIMARY KEY (run_id, id),
  constraint inbox_run_id_fkey FOREIGN KEY (run_id) REFERENCES perdure.executions(run_id) ON DELETE CASCADE
) with (autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=500);
CREATE INDEX inbox_waking ON perdure.inbox USING btree (namespace, task_queue, run_id NULLS FIRST) WHERE wakes;

create table perdure.namespaces (
  name text collate "C" not null,
  description text not null default ''::text,
  retention_ms bigint,
  created_at bigint not null default perdure.clock_ms(),
  constraint namespaces_name_check CHECK ((name ~ '^[A-Za-z0-9._-]{1,255}$'::text)),
  constraint namespaces_pkey PRIMARY KEY (name),
  constraint namespaces_retention_ms_check CHECK ((retention_ms > 0))
);

create table perdure.queries (
  id uuid not null,
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
  constraint queries_pkey PRIMARY KEY (id),
  constraint queries_reply_whole CHECK ((((reply_type IS NULL) AND (num_nonnulls(reply_result, reply_code, reply_message) = 0)) OR ((reply_type = 'answered'::text) AND (reply_result IS NOT NULL) AND (num_nonnulls(reply_code, reply_message) = 0)) OR ((reply_type = 'failed'::text) AND (reply_result IS NULL) AND (num_nulls(reply_code, reply_message) = 0))))
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=500);
CREATE INDEX queries_expired ON perdure.queries USING btree (expires_at);
CREATE INDEX queries_waiting ON perdure.queries USING btree (expires_at) WHERE (reply_type IS NULL);

create table perdure.queues (
  namespace text collate "C" not null,
  name text collate "C" not null,
  activities_per_second double precision,
  max_concurrent_activities integer,
  tokens double precision,
  used double precision not null default 0,
  counted_at bigint not null,
  constraint queues_activities_per_second_check CHECK ((activities_per_second > (0)::double precision)),
  constraint queues_limited CHECK ((num_nonnulls(activities_per_second, max_concurrent_activities) > 0)),
  constraint queues_max_concurrent_activities_check CHECK ((max_concurrent_activities > 0)),
  constraint queues_pkey PRIMARY KEY (namespace, name),
  constraint queues_rate_has_tokens CHECK (((activities_per_second IS NULL) = (tokens IS NULL))),
  constraint queues_tokens_check CHECK ((tokens >= (0)::double precision)),
  constraint queues_used_check CHECK ((used >= (0)::double precision))
) with (fillfactor=50, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=500);

create table perdure.schema_migrations (
  version integer not null,
  name text not null,
  applied_at bigint not null,
  constraint schema_migrations_pkey PRIMARY KEY (version)
);

create table perdure.updates (
  run_id uuid not null,
  update_id text collate "C" not null,
  stage text collate "C" not null default 'admitted'::text,
  result text,
  failure text,
  constraint updates_pkey PRIMARY KEY (run_id, update_id),
  constraint updates_run_id_fkey FOREIGN KEY (run_id) REFERENCES perdure.executions(run_id) ON DELETE CASCADE
) with (fillfactor=80, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=500);

create table perdure.workers (
  incarnation bigint generated always as identity not null,
  namespace text collate "C" not null,
  identity text not null,
  build_id text collate "C" not null,
  task_queues text[] collate "C" not null,
  workflow_types text[] collate "C" not null,
  activity_types text[] collate "C" not null,
  lease_ms bigint not null,
  process_lock boolean not null,
  started_at bigint not null,
  renewed_at bigint not null,
  ticked_at bigint not null,
  alive boolean not null default true,
  line text collate "C" default perdure.server_line_v1(),
  constraint workers_lease_ms_check CHECK ((lease_ms > 0)),
  constraint workers_pkey PRIMARY KEY (incarnation)
) with (fillfactor=50, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=500);
CREATE INDEX workers_alive ON perdure.workers USING btree (incarnation) WHERE alive;
CREATE INDEX workers_listed ON perdure.workers USING btree (namespace, incarnation);

create sequence perdure.inbox_ids;

create type perdure.start_v1 as (
  run_id uuid,
  namespace text,
  workflow_id text,
  workflow_type text,
  task_queue text,
  priority integer,
  input text,
  memo text,
  search_attributes text,
  started_at bigint,
  wake_at bigint,
  reuse text,
  conflict text,
  owner bigint,
  ended_failure text,
  first_run uuid,
  parent_run uuid,
  parent_command integer,
  parent_policy text,
  expires_at bigint,
  details text,
  messages json
);

CREATE OR REPLACE FUNCTION perdure.bury_v1(victim bigint, seen_at bigint, lease bigint, lock_class integer, window_ms bigint, takeovers_max integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  worker "perdure".workers; at bigint := "perdure".clock_ms(); woken uuid[];
  up_since bigint := floor(extract(epoch from pg_postmaster_start_time()) * 1000);
begin
  select * into worker from "perdure".workers w where w.incarnation = victim for update;
  if not found or not worker.alive then return false; end if;
  if seen_at is not null then
    if worker.renewed_at <> seen_at then return false; end if;
    if greatest(worker.started_at, worker.renewed_at) < up_since and up_since + lease >= at then return false; end if;
    if worker.renewed_at + lease >= at then
      if not worker.process_lock then return false; end if;
      if not pg_try_advisory_xact_lock(lock_class, (victim % 2147483648)::int) then return false; end if;
    end if;
  end if;
  update "perdure".workers w set alive = false where w.incarnation = victim;
  with freed as (update "perdure".executions x set owner = null, takeovers = f.takeovers,
      wake_at = case when f.looping then null else at end,
      held_code = case when f.looping then 'crash_loop' end, held_count = case when f.looping then 1 end, held_spent = case when f.looping then true end,
      held_build_id = case when f.looping then worker.build_id end,
      held_reason = case when f.looping then format('The worker died %s times in a row while it ran this execution (last build %s). '
        'It is not tried again by the same build: deploy a fixed one, or terminate the execution.', f.takeovers, worker.build_id) end
    from (
      select c.run_id, c.takeovers + c.counted as takeovers, c.counted = 1 and c.takeovers + 1 >= takeovers_max as looping from (
        select o.run_id, o.takeovers, case when seen_at is not null and greatest(o.claimed_at, o.started_at, (
            select h.at from "perdure".history h where h.run_id = o.run_id order by h.seq desc limit 1)
          ) >= worker.ticked_at - window_ms then 1 else 0 end as counted
        from "perdure".executions o where o.owner = victim order by o.run_id for no key update) c) f
    where x.run_id = f.run_id
    returning x.run_id, f.looping)
  select array_agg(f.run_id) into woken from freed f where not f.looping;
  update "perdure".activity_tasks t set lost = true, deadline_at = at
    from (select a.run_id, a.command from "perdure".activity_tasks a where a.worker = victim order by a.run_id, a.command for update) r
    where t.run_id = r.run_id and t.command = r.command;
  perform "perdure".mark_messages_v1(woken, true);
  return true;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.check_id_v1(given text, what text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  characters int := length(given);
begin
  if characters between 1 and 1000 and octet_length(given) > characters then
    characters := characters + length(regexp_replace(given, '[\u0001-\uFFFF]', '', 'g'));
  end if;
  if characters between 1 and 1000 and octet_length(given) <= 2000 then return; end if;
  perform "perdure".refuse_v1('ID_INVALID', case when given is null then format('The %s is null', what)
    when characters = 0 then format('The %s is empty', what)
    when characters > 1000 then format('The %s ''%s...'' has %s characters', what, left(given, 100), characters)
    else format('The %s ''%s...'' has %s bytes', what, left(given, 100), octet_length(given)) end,
    'Give a text of 1 to 1,000 characters, at most 2,000 bytes as UTF-8.');
end $function$
;

CREATE OR REPLACE FUNCTION perdure.check_namespace_v1(given text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select 1 from "perdure".namespaces n where n.name = given) then return; end if;
  perform "perdure".refuse_v1('NAMESPACE_NOT_FOUND', format('There is no namespace ''%s'' in this database; there are: %s', given,
    (select string_agg(n.name, ', ' order by n.name) from (select n.name from "perdure".namespaces n order by n.name limit 20) n)),
    'Correct the name, or create it: perdure namespace create.');
end $function$
;

CREATE OR REPLACE FUNCTION perdure.check_payload_v1(given jsonb, kind text, what text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  bytes int := octet_length(given::text);
begin
  if given is null or jsonb_typeof(given) <> kind then
    perform "perdure".refuse_v1('OPTIONS_INVALID',
      format('The %s is %s', what, case when given is null then 'null' else 'a JSON ' || jsonb_typeof(given) end),
      case kind when 'array' then 'Pass a JSON array of arguments, such as ''[{"order": 7}]'' or jsonb_build_array(...).'
        else 'Pass a JSON object, such as ''{"customer": 7}''.' end);
  elsif bytes > 2097152 then
    perform "perdure".refuse_v1('PAYLOAD_TOO_LARGE',
      format('The %s: %s bytes as JSON, more than the limit of 2097152 bytes (2 MiB)', what, bytes),
      'Keep large data in a table or an object store and pass a reference to it.');
  end if;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.check_search_attributes_v1(given jsonb, what text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  wrong text;
begin
  if given is null then return null; end if;
  if jsonb_typeof(given) <> 'object' then
    perform "perdure".refuse_v1('SEARCH_ATTRIBUTES_INVALID', format('The search_attributes of %s are a JSON %s', what, jsonb_typeof(given)),
      'Pass lists by name, such as ''{"Region": ["eu"]}''.');
  end if;
  select e.key into wrong from jsonb_each(given) e where jsonb_typeof(e.value) <> 'array'
    or exists (select 1 from jsonb_array_elements(case when jsonb_typeof(e.value) = 'array' then e.value else '[]' end) v
      where jsonb_typeof(v) not in ('string', 'number', 'boolean')) order by e.key limit 1;
  if wrong is not null then
    perform "perdure".refuse_v1('SEARCH_ATTRIBUTES_INVALID',
      format('The value of ''%s'' in the search_attributes of %s is no list of texts, numbers or booleans', wrong, what),
      format('Give a list, also for one value, as in {"%s": ["eu"]}.', wrong));
  end if;
  perform "perdure".check_payload_v1(given, 'object', 'search_attributes of ' || what);
  return coalesce((select jsonb_object_agg(e.key, e.value) from jsonb_each(given) e where e.value <> '[]'), '{}');
end $function$
;

CREATE OR REPLACE FUNCTION perdure.claim_tasks_v1(me bigint, in_namespace text, queues text[], types text[], at bigint, wanted integer)
 RETURNS TABLE(task perdure.activity_tasks, retry_at bigint)
 LANGUAGE plpgsql
AS $function$
declare
  level int; runs uuid[] := '{}'; commands int[] := '{}'; more_runs uuid[]; more_commands int[]; more_places int[]; taken int;
  limited text[]; had int[]; rooms int[];
begin
  select array(select l.name from "perdure".queues l where l.namespace = in_namespace and l.name = any(queues)) into limited
    from "perdure".workers w where w.incarnation = me and w.alive and "perdure".is_server_line_v1(w.line) for key share;
  if not found then return; end if;
  if cardinality(limited) > 0 then
    had := "perdure".lock_queues_v1(in_namespace, queues, limited);
    rooms := had;
  end if;
  loop
    select min(n.priority) into level from unnest(queues, rooms) q(name, room) cross join lateral (
      select t.priority from "perdure".activity_tasks t
      where t.worker is null and t.namespace = in_namespace and t.task_queue = q.name and t.priority > coalesce(level, -2147483648)
      order by t.priority limit 1) n
      where q.room is null or q.room > 0;
    exit when level is null or cardinality(runs) >= wanted;
    select array_agg(d.run_id), array_agg(d.command), array_agg(d.place) into more_runs, more_commands, more_places from (
      select d.run_id, d.command, q.place from unnest(queues, rooms) with ordinality q(name, room, place) cross join lateral (
        select t.run_id, t.command, t.available_at from "perdure".activity_tasks t
        where t.worker is null and t.namespace = in_namespace and t.task_queue = q.name and t.priority = level and t.available_at <= $5
          and t.activity_type = any(types)
        order by t.available_at limit greatest(0, least(wanted - cardinality(runs), q.room)) for update skip locked) d
      order by d.available_at limit wanted - cardinality(runs)) d;
    continue when more_runs is null;
    runs := runs || more_runs;
    commands := commands || more_commands;
    if had is not null then
      foreach taken in array more_places loop rooms[taken] := rooms[taken] - 1; end loop;
    end if;
  end loop;
  update "perdure".activity_tasks t set worker = me, started_at = $5, deadline_at = least($5 + t.run_ms, t.close_by)
    from unnest(runs, commands) r(run_id, command) where t.run_id = r.run_id and t.command = r.command;
  if had is not null then
    retry_at := $5 + "perdure".count_taken_v1(in_namespace, queues, types, $5, had, rooms);
    if cardinality(runs) >= wanted then retry_at := null; end if;
  end if;
  return query select x.t, claim_tasks_v1.retry_at from unnest(runs, commands) with ordinality r(run_id, command, n)
    cross join lateral (select t from "perdure".activity_tasks t where t.run_id = r.run_id and t.command = r.command offset 0) x
    order by r.n;
  if not found and retry_at is not null then return next; end if;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.claim_v1(me bigint, in_namespace text, queues text[], workflow_types text[], build text, at bigint, wanted integer, suspects_wanted integer)
 RETURNS TABLE(execution json, history json, tasks json, inbox json)
 LANGUAGE plpgsql
AS $function$
declare
  level int; rows_run uuid[] := '{}'; rows_at bigint[] := '{}'; rows_level int[] := '{}'; more_run uuid[]; more_at bigint[];
  due int := 0; picked uuid[];
begin
  perform 1 from "perdure".workers w where w.incarnation = me and w.alive and "perdure".is_server_line_v1(w.line) for key share;
  if not found then return; end if;

  with candidates as (
    select x.run_id, x.priority, x.takeovers, 0::bigint as at from (
      select w.* from unnest(queues) q(name) cross join lateral (
        select distinct on (m.run_id) c.* from "perdure".inbox m
          cross join lateral (
            select x.run_id, x.priority, x.takeovers from "perdure".executions x where x.run_id = m.run_id and x.status || '' = 'RUNNING' and coalesce(x.owner, -1) = -1 and x.held_code is null offset 0) c
          where m.wakes and m.namespace = in_namespace and m.task_queue = q.name
          order by m.run_id nulls first limit greatest(1000, wanted)) w
      order by w.run_id limit greatest(1000, wanted)) x
    union all
    select d.run_id, d.priority, d.takeovers, d.due_at
      from "perdure".due_troubled_v1(in_namespace, queues, workflow_types, build, $6, wanted, suspects_wanted) d
  ), ready as (
    select c.run_id, c.priority, min(c.at) as at, c.takeovers >= 2 as suspect from candidates c where c.at <= $6
    group by c.run_id, c.priority, c.takeovers
  ), ranked as (
    select r.*, row_number() over (partition by r.suspect order by r.priority, r.at) as n from ready r
  ), taken as (
    select x.run_id, r.priority, r.at from ranked r
      cross join lateral (
        select x.run_id from "perdure".executions x where x.run_id = r.run_id and x.status || '' = 'RUNNING' and coalesce(x.owner, -1) = -1
        for update skip locked) x
      where not r.suspect or r.n <= suspects_wanted
      order by r.priority, r.at limit wanted)
  select array_agg(t.run_id), array_agg(t.at), array_agg(t.priority) into rows_run, rows_at, rows_level from taken t;

  loop
    select min(n.priority) into level from unnest(queues) q(name) cross join lateral (
      select x.priority from "perdure".executions x
      where x.status = 'RUNNING' and x.owner is null and x.held_code is null and x.takeovers < 2 and x.namespace = in_namespace
        and x.task_queue = q.name and x.priority > coalesce(level, -2147483648)
      order by x.priority limit 1) n;
    exit when level is null or due >= wanted;
    select array_agg(d.run_id), array_agg(d.wake_at) into more_run, more_at from (
      select d.run_id, d.wake_at from unnest(queues) q(name) cross join lateral (
        select x.run_id, x.wake_at from "perdure".executions x
        where x.status = 'RUNNING' and x.owner is null and x.held_code is null and x.takeovers < 2 and x.namespace = in_namespace
          and x.task_queue = q.name and x.priority = level and x.wake_at <= $6
        order by x.wake_at limit wanted - due for update skip locked) d
      order by d.wake_at limit wanted - due) d;
    continue when more_run is null;
    due := due + cardinality(more_run);
    rows_run := rows_run || more_run;
    rows_at := rows_at || more_at;
    rows_level := rows_level || array_fill(level, array[cardinality(more_run)]);
  end loop;

  select array_agg(p.run_id) into picked from (
    select u.run_id from (
      select distinct on (u.run_id) u.run_id, u.at, u.level, u.n from unnest(rows_run, rows_at, rows_level) with ordinality u(run_id, at, level, n)
      order by u.run_id, u.at) u
    order by u.level, u.at, u.n limit wanted) p;
  if picked is null then return; end if;

  -- The rows as they were before: the caller knows what the update below makes of them.
  return query
    select to_json(x),
      case when x.first_task_at is not null then (
        select json_agg(json_build_array(h.seq, h.type, h.at, h.data) order by h.seq) from "perdure".history h where h.run_id = x.run_id) end,
      case when x.first_task_at is not null then (
        select json_agg(t order by t.command) from "perdure".activity_tasks t where t.run_id = x.run_id) end,
      (select json_agg(m order by m.id) from (
        select m.id, m.run_id, m.type, m.data from "perdure".inbox m where m.run_id = x.run_id) m)
    from unnest(picked) with ordinality p(run_id, n)
    cross join lateral (select x.* from "perdure".executions x where x.run_id = p.run_id offset 0) x
    order by p.n;
  update "perdure".executions x set owner = me, claimed_at = $6, first_task_at = coalesce(x.first_task_at, $6), wake_at = null,
    held_code = null, held_reason = null, held_build_id = null, held_count = null, held_spent = null where x.run_id = any(picked);
  perform "perdure".mark_messages_v1(picked, false);
end $function$
;

CREATE OR REPLACE FUNCTION perdure.clock_ms()
 RETURNS bigint
 LANGUAGE sql
AS $function$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $function$
;

CREATE OR REPLACE FUNCTION perdure.close_kin_v1(closing uuid[], refused uuid[], child uuid[], parents uuid[], following uuid[], c_status text[], c_result text[], c_failure text[], c_at bigint[], OUT stuck uuid[], OUT ended uuid[])
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  done uuid[]; told uuid[]; parent uuid[]; open_parents uuid[]; level uuid[]; roots uuid[]; more uuid[]; free uuid[]; shared uuid[];
  gone uuid[]; kin uuid[] := '{}'; kin_root uuid[] := '{}'; kin_way text[] := '{}'; found_run uuid[]; found_root uuid[]; found_policy text[];
begin
  stuck := '{}';
  done := array(select c.run_id from unnest(closing) c(run_id) where c.run_id <> all(refused));
  told := array(select t.run_id from unnest(child) t(run_id) where t.run_id = any(done) and t.run_id <> all(coalesce(following, '{}')));
  if told <> '{}' then
    parent := array(select x.parent_run_id from "perdure".executions x where x.run_id = any(told));
    open_parents := array(select l.run_id from (
      select x.run_id from "perdure".executions x where x.run_id = any(parent) and x.status || '' = 'RUNNING'
      order by x.run_id for key share skip locked) l);
    stuck := array(select x.run_id from "perdure".executions x
      cross join lateral (select 1 from "perdure".executions p where p.run_id = x.parent_run_id and p.status || '' = 'RUNNING' limit 1) p
      where x.run_id = any(told) and x.parent_run_id <> all(open_parents));
  end if;

  level := array(select p.run_id from unnest(parents) p(run_id) where p.run_id = any(done));
  roots := level;
  while level <> '{}' loop
    select array_agg(c.run_id), array_agg(l.root), array_agg(c.parent_close_policy) into found_run, found_root, found_policy
      from unnest(level, roots) l(run_id, root) cross join lateral (
        select x.run_id, x.parent_close_policy from "perdure".executions x
        where x.parent_run_id = l.run_id and x.status = 'RUNNING' and x.parent_close_policy <> 'ABANDON' offset 0) c
      where c.run_id <> all(kin);
    exit when found_run is null;
    more := array(select f.run_id from unnest(found_run, found_policy) f(run_id, policy) where f.policy = 'TERMINATE' and f.run_id <> all(done));
    free := array(select l.run_id from (
      select x.run_id from "perdure".executions x where x.run_id = any(more) and x.status || '' = 'RUNNING'
      order by x.run_id for update skip locked) l);
    more := array(select f.run_id from unnest(found_run) f(run_id) where f.run_id <> all(free || done));
    shared := array(select l.run_id from (
      select x.run_id from "perdure".executions x where x.run_id = any(more) and x.status || '' = 'RUNNING'
      order by x.run_id for key share skip locked) l);
    kin := kin || found_run;
    kin_root := kin_root || found_root;
    kin_way := kin_way || array(select case when f.run_id = any(done) then 'itself' when f.run_id = any(free) then 'end'
        when f.run_id = any(shared) then f.policy else 'stuck' end
      from unnest(found_run, found_policy) with ordinality f(run_id, policy, n) order by f.n);
    select array_agg(f.run_id), array_agg(f.root) into level, roots from unnest(found_run, found_root) f(run_id, root) where f.run_id = any(free);
    exit when level is null;
  end loop;
  loop
    more := array(select distinct k.root from unnest(kin, kin_root, kin_way) k(run_id, root, way)
      where (k.way = 'stuck' or k.way = 'itself' and k.run_id = any(stuck)) and k.root <> all(stuck));
    exit when more = '{}';
    stuck := stuck || more;
  end loop;

  gone := array(select d.run_id from unnest(done) d(run_id) where d.run_id <> all(stuck));
  if told <> '{}' then
    -- A parent that closes in this very batch hears nothing.
    insert into "perdure".inbox (run_id, namespace, task_queue, wakes, type, data)
      select x.parent_run_id, p.namespace, p.task_queue, (p.owner is null and p.held_code is null and (p.first_task_at is not null or 'ChildWorkflowExecutionClosed' in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart'))), 'ChildWorkflowExecutionClosed', '{"command":' || x.parent_command || ',"workflowId":' || to_json(x.workflow_id)
          || ',"runId":"' || x.run_id || '","workflowType":' || to_json(x.workflow_type) || ',"status":"' || c.status || '"}' || chr(10)
          || coalesce(c.result, '') || chr(10) || coalesce(c.failure, '')
        from unnest(closing) with ordinality o(run_id, n)
        cross join lateral (select c_status[o.n] as status, c_result[o.n] as result, c_failure[o.n] as failure) c
        cross join lateral (
          select e.run_id, e.workflow_id, e.workflow_type, e.parent_run_id, e.parent_command from "perdure".executions e
          where e.run_id = o.run_id offset 0) x
        cross join lateral (select e.namespace, e.task_queue, e.owner, e.held_code, e.first_task_at from "perdure".executions e where e.run_id = x.parent_run_id offset 0) p
        where x.run_id = any(told) and x.run_id = any(gone) and x.parent_run_id = any(open_parents) and x.parent_run_id <> all(gone)
        order by x.run_id;
  end if;
  if kin <> '{}' then
    select array_agg(k.run_id), array_agg(c_at[array_position(closing, k.root)]) into ended, c_at
      from unnest(kin, kin_root, kin_way) k(run_id, root, way) where k.way = 'end' and k.root <> all(stuck);
    update "perdure".executions x set status = 'TERMINATED', closed_at = e.at, owner = null, wake_at = null,
        failure = '{"message":"by parent close policy","source":"perdure","kind":"terminated"}',
        held_code = null, held_reason = null, held_build_id = null, held_count = null, held_spent = null
      from unnest(ended, c_at) e(run_id, at) where x.run_id = e.run_id;
    insert into "perdure".inbox (run_id, namespace, task_queue, wakes, type, data)
      select k.run_id, x.namespace, x.task_queue, x.owner is null and x.held_code is null, case k.way when 'TERMINATE' then 'WorkflowExecutionTerminateRequested' else 'WorkflowExecutionCancelRequested' end,
          '{"reason":"by parent close policy","identity":"perdure"}' || case k.way when 'TERMINATE' then chr(10)
            || '{"message":"by parent close policy","source":"perdure","kind":"terminated"}' else '' end
        from unnest(kin, kin_root, kin_way) k(run_id, root, way)
        cross join lateral (select e.namespace, e.task_queue, e.owner, e.held_code, e.first_task_at from "perdure".executions e where e.run_id = k.run_id offset 0) x
        where k.way in ('TERMINATE', 'REQUEST_CANCEL') and k.root <> all(stuck) order by k.run_id;
  end if;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.commit_v1(me bigint, a_run uuid[], r_run uuid[], r_early integer, r_wake_at bigint[], r_code text[], r_reason text[], r_build text[], r_count integer[], r_marks integer[], c_run uuid[], c_early integer, c_status text[], c_result text[], c_failure text[], c_at bigint[], l_run uuid[], e_run uuid[], e_seq integer[], e_type text[], e_at bigint[], e_data text[], k_run uuid[], k_id bigint[], tasks json, x_run uuid[], x_command integer[], z_run uuid[], s_run uuid[], s_namespace text[], s_workflow_id text[], s_type text[], s_queue text[], s_priority integer[], s_input text[], s_memo text[], s_attributes text[], s_started_at bigint[], s_wake_at bigint[], s_reuse text[], s_conflict text[], s_owned integer[], s_apart integer[], s_failure text, rare json, OUT fenced boolean, OUT known uuid[], OUT lost uuid[], OUT locked uuid[], OUT unread uuid[], OUT kept uuid[], OUT refused_starts json, OUT sent json)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  clock bigint := "perdure".clock_ms(); refused uuid[] := '{}'; got uuid[]; missing uuid[]; looked uuid[]; ended uuid[]; inserted uuid[];
  total int; item record; one record; timeout text; refusals json[]; child uuid[]; parents uuid[]; following uuid[]; begun "perdure".start_v1;
begin
  fenced := false;
  if me is not null then
    perform 1 from "perdure".workers w where w.incarnation = me and w.alive and "perdure".is_server_line_v1(w.line) for key share;
    if not found then fenced := true; return; end if;
  end if;
  if l_run is not null then
    select array_agg(x.run_id) into known from "perdure".executions x where x.run_id = any(l_run);
    if known is not null then return; end if; -- they exist: the caller sends them again as such
  end if;

  -- Lock. FOR NO KEY UPDATE lets senders pass; closing and releasing lock them out.
  if a_run is not null then
    select count(*) into total from (
      select 1 from "perdure".executions x where x.run_id = any(a_run) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
      order by x.run_id for no key update skip locked) l;
    if total < cardinality(a_run) then
      select array_agg(l.run_id) into got from (
        select x.run_id from "perdure".executions x where x.run_id = any(a_run) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
        order by x.run_id for no key update skip locked) l;
      select array_agg(a.run_id) into missing from unnest(a_run) a(run_id) where a.run_id <> all(coalesce(got, '{}'));
    end if;
  end if;
  if r_early > 0 then
    select array_agg(l.run_id) into looked from (
      select x.run_id from "perdure".executions x where x.run_id = any(r_run[1:r_early]) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
      order by x.run_id for update skip locked) l;
    if cardinality(looked) is distinct from r_early then
      select array_agg(r.run_id) into kept from unnest(r_run[1:r_early]) r(run_id) where r.run_id <> all(coalesce(looked, '{}'));
      select array_agg(l.run_id) into got from (
        select x.run_id from "perdure".executions x where x.run_id = any(kept) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
        order by x.run_id for no key update skip locked) l;
      missing := missing || (select array_agg(k.run_id) from unnest(kept) k(run_id) where k.run_id <> all(coalesce(got, '{}')));
      kept := got;
    end if;
  end if;
  if c_early > 0 then
    select array_agg(l.run_id), array_agg(l.run_id) filter (where l.parent_run_id is not null) into got, child from (
      select x.run_id, x.parent_run_id from "perdure".executions x where x.run_id = any(c_run[1:c_early]) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
      order by x.run_id for update skip locked) l;
    looked := looked || got;
    if cardinality(got) is distinct from c_early then
      missing := missing || (select array_agg(c.run_id) from unnest(c_run[1:c_early]) c(run_id) where c.run_id <> all(coalesce(got, '{}')));
    end if;
  end if;
  if missing is not null then
    select array_agg(m.run_id) filter (where x.run_id is null), array_agg(m.run_id) filter (where x.run_id is not null) into lost, locked
      from unnest(missing) m(run_id)
      left join lateral (
        select e.run_id from "perdure".executions e where e.run_id = m.run_id and coalesce(e.owner, 0) = me and e.status || '' = 'RUNNING') x on true;
  end if;

  -- Look: a later statement than the locks. A consumed id counts only for the run that consumes it.
  if looked is not null then
    select array_agg(distinct m.run_id) into got from "perdure".inbox m
      where m.run_id = any(looked) and coalesce(k_run[array_position(k_id, m.id)] <> m.run_id, true);
    if got is not null then
      -- Messages do not wake what is held: it is released with them unread.
      kept := kept || (select array_agg(g.run_id) from unnest(got) g(run_id)
        where g.run_id = any(r_run) and r_code[array_position(r_run, g.run_id)] is null);
      select array_agg(g.run_id) into unread from unnest(got) g(run_id) where g.run_id <> all(coalesce(r_run, '{}'));
    end if;
  end if;
  refused := refused || lost || locked || unread;

  if rare is not null then
    parents := array(select p.run_id::uuid from json_array_elements_text(rare -> 'parents') p(run_id));
    following := array(select (n.next ->> 'closed')::uuid from json_array_elements(rare -> 'next') n(next));
  end if;
  if child is not null or parents <> '{}' then
    select k.stuck, k.ended into got, ended from "perdure".close_kin_v1(
      c_run[1:c_early], refused, child, parents, following, c_status, c_result, c_failure, c_at) k;
    locked := locked || got;
    refused := refused || got;
  end if;

  if c_early > 0 then
    update "perdure".executions x set status = c.status, result = c.result, failure = c.failure, closed_at = c.at, owner = null
      from unnest(c_run, c_status, c_result, c_failure, c_at) with ordinality c(run_id, status, result, failure, at, n)
      where x.run_id = c.run_id and c.n <= c_early and c.run_id <> all(refused);
    if ended is null then
      delete from "perdure".activity_tasks t using unnest(c_run[1:c_early]) c(run_id) where t.run_id = c.run_id and c.run_id <> all(refused);
    else
      perform "perdure".delete_tasks_v1(array(select c.run_id from unnest(c_run[1:c_early] || ended) c(run_id) where c.run_id <> all(refused)));
    end if;
    if following <> '{}' then
      perform "perdure".start_next_v1(rare -> 'next', c_run[1:c_early], refused,
        ended || array(select p.run_id from unnest(parents) p(run_id) where p.run_id = any(c_run[1:c_early]) and p.run_id <> all(refused)));
    end if;
  end if;

  if s_run is not null then
    -- A start is due by this clock: that of its client may be ahead.
    -- Most ids are new. ON CONFLICT looks for each row in both unique indexes first, and writes it to the log in two parts: 18 us
    -- for a start against 12.
    begin
      insert into "perdure".executions (run_id, namespace, workflow_id, workflow_type, task_queue, priority, input, memo, search_attributes,
          first_run_id, started_at, owner, wake_at, claimed_at, first_task_at)
        select s.run_id, s.namespace, s.workflow_id, s.type, s.queue, s.priority, s.input, s.memo, s.attributes, s.run_id, s.started_at,
          case s.owned when 1 then me end, case s.owned when 0 then least(s.started_at, clock) + s.wake_at - s.started_at end, case s.owned when 1 then s.started_at end,
          case s.owned when 1 then s.started_at end
        from unnest(s_run, s_namespace, s_workflow_id, s_type, s_queue, s_priority, s_input, s_memo, s_attributes, s_started_at, s_wake_at,
          s_owned, s_apart) s(run_id, namespace, workflow_id, type, queue, priority, input, memo, attributes, started_at, wake_at, owned, apart)
        where s.apart is null;
      select array_agg(s.run_id) into inserted from unnest(s_run, s_apart) s(run_id, apart) where s.apart is null;
    exception when unique_violation then
      with news as (
      insert into "perdure".executions (run_id, namespace, workflow_id, workflow_type, task_queue, priority, input, memo, search_attributes,
          first_run_id, started_at, owner, wake_at, claimed_at, first_task_at)
        select s.run_id, s.namespace, s.workflow_id, s.type, s.queue, s.priority, s.input, s.memo, s.attributes, s.run_id, s.started_at,
          case s.owned when 1 then me end, case s.owned when 0 then least(s.started_at, clock) + s.wake_at - s.started_at end, case s.owned when 1 then s.started_at end,
          case s.owned when 1 then s.started_at end
        from unnest(s_run, s_namespace, s_workflow_id, s_type, s_queue, s_priority, s_input, s_memo, s_attributes, s_started_at, s_wake_at,
          s_owned, s_apart) s(run_id, namespace, workflow_id, type, queue, priority, input, memo, attributes, started_at, wake_at, owned, apart)
        where s.apart is null
        on conflict do nothing
        returning run_id)
      select array_agg(n.run_id) into inserted from news n;
    end;
    if cardinality(inserted) is distinct from cardinality(s_run) then
      timeout := current_setting('lock_timeout');
      for item in
        select s.n, s.apart, row(s.run_id, s.namespace, s.workflow_id, s.type, s.queue, s.priority, s.input, s.memo, s.attributes,
            s.started_at, s.wake_at, s.reuse, s.conflict, case s.owned when 1 then me end, s_failure,
            null, null, null, null, null, null, null)::"perdure".start_v1 as start
          from unnest(s_run, s_namespace, s_workflow_id, s_type, s_queue, s_priority, s_input, s_memo, s_attributes, s_started_at,
            s_wake_at, s_reuse, s_conflict, s_owned, s_apart) with ordinality s(run_id, namespace, workflow_id, type, queue, priority,
            input, memo, attributes, started_at, wake_at, reuse, conflict, owned, apart, n)
          where s.apart is not null or s.run_id <> all(coalesce(inserted, '{}'))
          order by s.n
      loop
        begun := item.start;
        if rare is not null then begun := json_populate_record(begun, coalesce(rare -> 'links' -> item.n::text, '{}')); end if;
        if item.apart > 0 then
          select o.outcome, o.run, o.run_status, o.ended into one from "perdure".start_apart_v1(begun, item.apart) o;
        else
          select o.outcome, o.run, o.run_status, o.ended into one from "perdure".start_one_v1(begun) o;
        end if;
        ended := ended || one.ended;
        if one.outcome <> 'started' then
          refusals := array_append(refusals, json_build_array(item.n, one.outcome, one.run, one.run_status));
        end if;
      end loop;
      perform set_config('lock_timeout', timeout, true);
      refused_starts := array_to_json(refusals);
    end if;
  end if;

  if l_run is not null then
    select array_agg(l.run_id) into got from unnest(l_run) l(run_id) where not exists (
      select 1 from "perdure".executions x where x.run_id = l.run_id and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING');
    lost := lost || got;
    refused := refused || got;
    if rare is not null then
      -- They may have messages, and a parent, from their start.
      select array_agg(distinct m.run_id) into got from "perdure".inbox m
        where m.run_id = any(c_run[c_early + 1:]) and m.run_id <> all(refused);
      unread := unread || got;
      refused := refused || got;
      child := array(select x.run_id from "perdure".executions x where x.run_id = any(c_run[c_early + 1:]) and x.parent_run_id is not null);
      select k.stuck, k.ended into got, looked from "perdure".close_kin_v1(
        c_run[c_early + 1:], refused, child, parents, following, c_status[c_early + 1:], c_result[c_early + 1:], c_failure[c_early + 1:],
        c_at[c_early + 1:]) k;
      locked := locked || got;
      refused := refused || got;
      ended := ended || looked;
      perform "perdure".delete_tasks_v1(looked);
    end if;
    update "perdure".executions x set status = c.status, result = c.result, failure = c.failure, closed_at = c.at, owner = null
      from unnest(c_run, c_status, c_result, c_failure, c_at) with ordinality c(run_id, status, result, failure, at, n)
      where x.run_id = c.run_id and c.n > c_early and c.run_id <> all(refused);
    if following <> '{}' then perform "perdure".start_next_v1(rare -> 'next', c_run[c_early + 1:], refused); end if;
  end if;
  if ended is not null then
    select array_agg(e.run_id) into got from unnest(ended) e(run_id)
      where e.run_id = any(a_run || r_run || l_run) and e.run_id <> all(coalesce(c_run, '{}'));
    lost := lost || got;
    refused := refused || got;
  end if;

  if e_run is not null then
    insert into "perdure".history (run_id, seq, type, at, data)
      select e.run_id, e.seq, e.type, e.at, e.data from unnest(e_run, e_seq, e_type, e_at, e_data) e(run_id, seq, type, at, data)
      where e.run_id <> all(refused);
  end if;
  if rare is not null then perform "perdure".write_rare_v1(rare, refused); end if;
  if ended is not null then perform "perdure".delete_messages_v1(ended); end if;
  if k_run is not null then
    delete from "perdure".inbox m using unnest(k_run, k_id) k(run_id, id)
      where m.run_id = k.run_id and m.id = k.id and k.run_id <> all(refused);
  end if;
  if tasks is not null then
    insert into "perdure".activity_tasks (run_id, command, namespace, workflow_id, workflow_type, task_queue, activity_type, activity_id,
        priority, attempt, worker, lost, cancel_requested, scheduled_at, available_at, started_at, deadline_at, run_ms, close_by, input,
        options, last_failure, heartbeat_details)
      select n.run_id, n.command, n.namespace, n.workflow_id, n.workflow_type, n.task_queue, n.activity_type, n.activity_id,
        n.priority, n.attempt, n.worker, n.lost, n.cancel_requested, n.scheduled_at, n.available_at, n.started_at, n.deadline_at, n.run_ms,
        n.close_by, n.input, n.options, n.last_failure, n.heartbeat_details
      from json_populate_recordset(null::"perdure".activity_tasks, tasks) n
      where n.run_id <> all(refused) and n.run_id <> all(coalesce(c_run, '{}'))
      on conflict (run_id, command) do nothing;
  end if;
  if x_run is not null then
    update "perdure".activity_tasks t set cancel_requested = true from unnest(x_run, x_command) c(run_id, command)
      where t.run_id = c.run_id and t.command = c.command and c.run_id <> all(refused);
  end if;
  if z_run is not null then
    update "perdure".executions x set takeovers = 0 where x.run_id = any(z_run) and x.run_id <> all(refused) and x.takeovers > 0;
  end if;
  if rare -> 'answers' is not null then sent := "perdure".send_v1(rare, refused); end if;
  if r_run is not null then
    if rare is not null or child is not null or ended is not null then
      -- This commit itself may have posted to them.
      select array_agg(distinct m.run_id) into got from "perdure".inbox m where m.run_id = any(r_run)
        and m.run_id <> all(refused || coalesce(kept, '{}')) and r_code[array_position(r_run, m.run_id)] is null;
      kept := kept || got;
    end if;
    update "perdure".executions x set owner = null, wake_at = r.wake_at, held_code = r.code, held_reason = r.reason,
        held_build_id = r.build, held_count = r.count, held_spent = r.marks & 1 = 1,
        first_task_at = case when r.marks & 2 = 2 then null else x.first_task_at end
      from unnest(r_run, r_wake_at, r_code, r_reason, r_build, r_count, r_marks) r(run_id, wake_at, code, reason, build, count, marks)
      where x.run_id = r.run_id and r.run_id <> all(refused) and r.run_id <> all(coalesce(kept, '{}'));
  end if;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.count_taken_v1(in_namespace text, queues text[], types text[], due_at bigint, had integer[], leftover integer[])
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  queue "perdure".queues; taken int; at bigint := "perdure".clock_ms(); wait bigint; soonest bigint;
begin
  for place in 1..cardinality(queues) loop
    continue when had[place] is null;
    taken := had[place] - leftover[place];
    if had[place] >= 0 then
      update "perdure".queues q set counted_at = at, used = "perdure".queue_used_v1(q, at) + taken,
          tokens = case when q.tokens is not null then greatest(0, "perdure".queue_tokens_v1(q, at) - taken) end
        where q.namespace = in_namespace and q.name = queues[place] and (taken > 0 or q.counted_at > at);
    end if;
    continue when leftover[place] > 0 or not "perdure".task_waits_v1(in_namespace, queues[place], types, due_at);
    wait := 10;
    if had[place] >= 0 then
      select q.* into queue from "perdure".queues q where q.namespace = in_namespace and q.name = queues[place];
      wait := ("perdure".queue_room_v1(queue, at)).wait_ms;
    end if;
    soonest := least(soonest, wait);
  end loop;
  return soonest;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.delete_messages_v1(runs uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  run uuid;
begin
  for run in select r.run_id from unnest(runs) r(run_id) order by r.run_id loop delete from "perdure".inbox m where m.run_id = run; end loop;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.delete_tasks_v1(runs uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  run uuid;
begin
  for run in select r.run_id from unnest(runs) r(run_id) order by r.run_id loop delete from "perdure".activity_tasks t where t.run_id = run; end loop;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.due_troubled_v1(in_namespace text, queues text[], workflow_types text[], build text, at bigint, wanted integer, suspects_wanted integer)
 RETURNS TABLE(run_id uuid, priority integer, takeovers integer, due_at bigint)
 LANGUAGE plpgsql
AS $function$
begin
  perform 1 from unnest(queues) q(name) cross join lateral (
    select 1 from "perdure".executions x where x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2) and x.namespace = in_namespace and x.task_queue = q.name limit 1) x limit 1;
  if not found then return; end if;
  return query
    with recursive builds(queue, waits_for) as (
      select q.name, (
        select min((case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end)) from "perdure".executions x
        where x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2) and x.namespace = in_namespace and x.task_queue = q.name and (case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end) >= 'build:' and (case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end) < 'type:')
      from unnest(queues) q(name)
      union all
      select b.queue, (
        select min((case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end)) from "perdure".executions x
        where x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2) and x.namespace = in_namespace and x.task_queue = b.queue and (case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end) > b.waits_for and (case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end) < 'type:')
      from builds b where b.waits_for is not null
    ), ladder(queue, waits_for, priority) as (
      select q.name, w.waits_for, (
        select min(x.priority) from "perdure".executions x
        where x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2) and x.namespace = in_namespace and x.task_queue = q.name and (case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end) = w.waits_for)
      from unnest(queues) q(name) cross join unnest(array['', 'time:' || build]) w(waits_for)
      union all
      select l.queue, l.waits_for, (
        select min(x.priority) from "perdure".executions x
        where x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2) and x.namespace = in_namespace and x.task_queue = l.queue and (case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end) = l.waits_for and x.priority > l.priority)
      from ladder l where l.priority is not null
    ), shares(least_takeovers, most_takeovers, most) as (values (0, 1, wanted), (2, 2147483647, suspects_wanted))
    select d.run_id, d.priority, d.takeovers, 0::bigint from (
        select b.queue, b.waits_for from builds b where b.waits_for not in ('build:' || build, 'time:' || build)
        union all
        select q.name, 'type:' || t.type from unnest(queues) q(name) cross join lateral (
            select 1 from "perdure".executions x
            where x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2) and x.namespace = in_namespace and x.task_queue = q.name and (case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end) >= 'type:' limit 1) x
          cross join unnest(workflow_types) t(type)) w
      cross join shares s cross join lateral (
        select x.run_id, x.priority, x.takeovers from "perdure".executions x
        where x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2) and x.namespace = in_namespace and x.task_queue = w.queue and (case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end) = w.waits_for
          and x.takeovers >= s.least_takeovers and x.takeovers <= s.most_takeovers
        order by x.priority limit s.most) d
    union all
    select d.run_id, l.priority, d.takeovers, d.wake_at from ladder l cross join shares s cross join lateral (
      select x.run_id, x.takeovers, x.wake_at from "perdure".executions x
      where x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2) and x.namespace = in_namespace and x.task_queue = l.queue and (case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end) = l.waits_for and x.priority = l.priority
        and x.wake_at <= $5 and x.takeovers >= s.least_takeovers and x.takeovers <= s.most_takeovers
      order by x.wake_at limit s.most) d;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.end_run_v1(ending uuid, in_status text, in_failure text, at bigint, is_last boolean, in_result text DEFAULT NULL::text)
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare
  child uuid[]; stuck uuid[]; ended uuid[];
begin
  child := array(select x.run_id from "perdure".executions x where x.run_id = ending and x.parent_run_id is not null and is_last);
  select k.stuck, k.ended into stuck, ended from "perdure".close_kin_v1(array[ending], '{}', child, array[ending], '{}', array[in_status],
    array[in_result], array[in_failure], array[at]) k;
  if stuck <> '{}' then return null; end if;
  update "perdure".executions x set status = in_status, result = in_result, failure = in_failure, closed_at = at, owner = null, wake_at = null,
    held_code = null, held_reason = null, held_build_id = null, held_count = null, held_spent = null where x.run_id = ending;
  ended := array_append(ended, ending);
  perform "perdure".delete_tasks_v1(ended);
  perform "perdure".delete_messages_v1(ended);
  return ended;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.end_tasks_v1(runs uuid[], commands integer[], attempts integer[], is_retry integer[], available_ats bigint[], deadline_ats bigint[], failures text[], details text[], event_types text[], event_data text[])
 RETURNS SETOF integer
 LANGUAGE plpgsql
AS $function$
declare
  open_runs uuid[];
begin
  select array_agg(l.run_id) into open_runs from (
    select x.run_id from "perdure".executions x
    where x.run_id = any(array(select e.run_id from unnest(runs, is_retry) e(run_id, retry) where e.retry in (0, 3))) and x.status || '' = 'RUNNING'
    order by x.run_id for key share) l;
  -- Each kind is a statement of its own below: two callers with several kinds would lock rows in different orders.
  if (select count(distinct e.kind) from unnest(is_retry) e(kind)) > 1 then
    perform 1 from (select * from unnest(runs, commands) with ordinality e(run_id, command, n) order by e.n) e
      cross join lateral (
        select 1 from "perdure".activity_tasks t where t.run_id = e.run_id and t.command = e.command limit 1 for update) t;
  end if;
  return query
    with ends as materialized (
      select * from unnest(runs, commands, attempts, is_retry, available_ats, deadline_ats, failures, details, event_types, event_data)
        with ordinality e(run_id, command, attempt, retry, available_at, deadline_at, failure, details, event_type, data, n)
    ), retried as (
      update "perdure".activity_tasks t set attempt = t.attempt + 1, worker = null, started_at = null, lost = false,
          available_at = e.available_at, deadline_at = e.deadline_at, last_failure = e.failure,
          heartbeat_details = coalesce(e.details, t.heartbeat_details)
        from ends e where e.retry = 1 and t.run_id = e.run_id and t.command = e.command and t.attempt = e.attempt
        returning e.n
    ), left_outside as (
      update "perdure".activity_tasks t set worker = 0, deadline_at = e.deadline_at, heartbeat_details = coalesce(e.details, t.heartbeat_details)
        from ends e where e.retry = 2 and t.run_id = e.run_id and t.command = e.command and t.attempt = e.attempt
          and coalesce(t.worker, -1) >= 0 and coalesce(t.lost, true) = false
        returning e.n
    ), gone as (
      delete from "perdure".activity_tasks t
        using ends e where e.retry in (0, 3) and t.run_id = e.run_id and t.command = e.command and t.attempt = e.attempt
          and (e.retry = 0 or coalesce(t.worker, -1) = -1)
        returning e.n, e.run_id, e.event_type, e.data
    ), posted as (
      insert into "perdure".inbox (run_id, namespace, task_queue, wakes, type, data)
        select g.run_id, x.namespace, x.task_queue, (x.owner is null and x.held_code is null and (x.first_task_at is not null or g.event_type in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart'))), g.event_type, g.data from gone g
          cross join lateral (select e.namespace, e.task_queue, e.owner, e.held_code, e.first_task_at from "perdure".executions e where e.run_id = g.run_id offset 0) x
          where g.run_id = any(open_runs) order by g.n
    )
    select r.n::int from retried r union all select g.n::int from gone g union all select o.n::int from left_outside o;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.is_server_line_v1(line text)
 RETURNS boolean
 LANGUAGE sql
AS $function$ select case when $1 is null then true else $1 = left(pg_walfile_name(pg_current_wal_lsn()), 8) end $function$
;

CREATE OR REPLACE FUNCTION perdure.lock_queues_v1(in_namespace text, queues text[], limited text[])
 RETURNS integer[]
 LANGUAGE plpgsql
AS $function$
declare
  rooms int[] := array_fill(null::int, array[cardinality(queues)]); queue "perdure".queues;
begin
  for place in 1..cardinality(queues) loop
    continue when queues[place] <> all(limited);
    select q.* into queue from "perdure".queues q where q.namespace = in_namespace and q.name = queues[place]
      for no key update skip locked;
    rooms[place] := case when found then ("perdure".queue_room_v1(queue, "perdure".clock_ms())).room else -1 end;
  end loop;
  return rooms;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.mark_messages_v1(runs uuid[], are_waking boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  run uuid;
begin
  for run in select r.run_id from unnest(runs) r(run_id) order by r.run_id loop
    update "perdure".inbox m set wakes = are_waking where m.run_id = run and coalesce(m.wakes, false) <> are_waking;
  end loop;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.notify_workers()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select pg_notify(s.nspname, 'queue') from "perdure".namespaces n
    join pg_class c on c.oid = n.tableoid join pg_namespace s on s.oid = c.relnamespace limit 1
$function$
;

CREATE OR REPLACE FUNCTION perdure.queue_room_v1(q perdure.queues, at bigint, OUT room integer, OUT wait_ms bigint)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  rate double precision := q.activities_per_second; tokens double precision := "perdure".queue_tokens_v1(q, at);
begin
  if q.max_concurrent_activities is not null then
    select q.max_concurrent_activities - count(*) into room from (
      select 1 from "perdure".activity_tasks t
      where t.worker is not null and not t.lost and t.namespace = q.namespace and t.task_queue = q.name
      limit q.max_concurrent_activities) r;
    if room = 0 then return; end if;
  end if;
  wait_ms := 0;
  if rate is not null then
    room := least(room, floor(tokens + 1e-6));
    if room = 0 then wait_ms := ceil((greatest(1, rate * 0.1) - tokens) * 1000 / rate); end if;
  end if;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.queue_tokens_v1(q perdure.queues, at bigint)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when q.activities_per_second is not null then
    least(greatest(1, ceil(q.activities_per_second * 0.2)), q.tokens + greatest(0, at - q.counted_at) * q.activities_per_second / 1000) end
$function$
;

CREATE OR REPLACE FUNCTION perdure.queue_used_v1(q perdure.queues, at bigint)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when q.used < 1e-9 or at - q.counted_at > 100000 then 0::double precision
    else q.used * exp(-greatest(0, at - q.counted_at)::double precision / 5000) end
$function$
;

CREATE OR REPLACE FUNCTION perdure.refuse_v1(code text, problem text, remedy text, more text DEFAULT ''::text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  raise exception using message = problem, hint = remedy, detail = code || more, errcode = case code
    when 'OPTIONS_INVALID' then 'PD001' when 'ID_INVALID' then 'PD002' when 'MESSAGE_NAME_RESERVED' then 'PD003'
    when 'PAYLOAD_TOO_LARGE' then 'PD004' when 'NAMESPACE_NOT_FOUND' then 'PD005' when 'WORKFLOW_ALREADY_STARTED' then 'PD006'
    when 'WORKFLOW_NOT_FOUND' then 'PD007' when 'DURATION_INVALID' then 'PD008'
    when 'SEARCH_ATTRIBUTES_INVALID' then 'PD009' else '55P03' end;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.request_updates_v1(namespaces text[], workflow_ids text[], named text[], ids text[], types text[], texts text[])
 RETURNS TABLE(n integer, outcome text, run uuid, stage text, result text, failure text, is_open boolean)
 LANGUAGE plpgsql
AS $function$
declare
  found_run uuid[]; found_status text[]; found_queue text[]; locked uuid[]; woken uuid[]; new_run uuid[]; new_id text[]; firsts int[];
begin
  select array_agg(coalesce(r.run_id, o.run_id, c.run_id) order by a.n), array_agg(coalesce(r.status, o.status, c.status) order by a.n),
      array_agg(coalesce(r.task_queue, o.task_queue, c.task_queue) order by a.n)
    into found_run, found_status, found_queue
    from (
      select p.namespace, p.workflow_id, case when p.named = '' then null else p.named::uuid end as run_id, p.n
      from unnest(namespaces, workflow_ids, named) with ordinality p(namespace, workflow_id, named, n)) a
    left join lateral (
      select x.run_id, x.status, x.task_queue from "perdure".executions x
      where x.run_id = a.run_id and x.namespace || '' = a.namespace and x.workflow_id || '' = a.workflow_id limit 1) r on true
    left join lateral (
      select x.run_id, x.status, x.task_queue from "perdure".executions x
      where a.run_id is null and x.namespace = a.namespace and x.workflow_id = a.workflow_id and x.status = 'RUNNING' limit 1) o on true
    left join lateral (
      select x.run_id, x.status, x.task_queue from "perdure".executions x
      where a.run_id is null and o.run_id is null and x.namespace = a.namespace and x.workflow_id = a.workflow_id and x.status <> 'RUNNING'
      order by x.started_at desc, x.run_id desc limit 1) c on true;
  select coalesce(array_agg(l.run_id), '{}'), coalesce(array_agg(l.run_id) filter (where l.wakes), '{}') into locked, woken from (
    select x.run_id, (x.owner is null and x.held_code is null and (x.first_task_at is not null or 'WorkflowExecutionUpdateRequested' in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart'))) as wakes from "perdure".executions x
    where x.run_id = any(array(select f.run_id from unnest(found_run, found_status) f(run_id, status) where f.status = 'RUNNING'))
      and x.status || '' = 'RUNNING'
    order by x.run_id for key share skip locked) l;
  with requested as (
    insert into "perdure".updates as u (run_id, update_id)
      select distinct f.run_id, f.update_id collate "C" as update_id from unnest(found_run, ids) f(run_id, update_id)
        where f.run_id = any(locked) order by f.run_id, 2
      on conflict (run_id, update_id) do update set stage = 'admitted', result = null, failure = null where u.stage = 'rejected'
      returning u.run_id, u.update_id)
  select array_agg(r.run_id), array_agg(r.update_id) into new_run, new_id from requested r;
  -- A hashed subplan: a join would be a loop.
  firsts := array(select min(g.n)::int from (
    select f.*, (f.run_id, f.update_id) in (select r.run_id, r.update_id from unnest(new_run, new_id) r(run_id, update_id)) as is_new
    from unnest(found_run, ids) with ordinality f(run_id, update_id, n) offset 0) g where g.is_new group by g.run_id, g.update_id);
  insert into "perdure".inbox (run_id, namespace, task_queue, wakes, type, data)
    select f.run_id, f.namespace, f.queue, f.run_id = any(woken), f.type, f.data
      from unnest(found_run, namespaces, found_queue, types, texts) with ordinality f(run_id, namespace, queue, type, data, n)
      where f.n = any(firsts) order by f.n;
  return query
    select f.n::int, case when f.run_id is null then 'not_found' when f.n = any(firsts) then 'requested'
        when u.stage is not null and not (u.stage = 'rejected' and u.is_open) then 'known'
        when f.status = 'RUNNING' then 'busy' else 'closed' end, f.run_id, u.stage, u.result, u.failure, u.is_open
      from unnest(found_run, found_status, ids) with ordinality f(run_id, status, update_id, n)
      left join lateral (
        select e.stage, e.result, e.failure, x.status = 'RUNNING' as is_open from "perdure".updates e
        cross join lateral (select s.status from "perdure".executions s where s.run_id = e.run_id limit 1) x
        where e.run_id = f.run_id and e.update_id = f.update_id limit 1) u on true
      order by f.n;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.send_v1(rare json, refused uuid[])
 RETURNS json
 LANGUAGE plpgsql
AS $function$
declare
  outcomes text[]; item record; one record; target uuid; queue text; is_waking boolean; timeout text := current_setting('lock_timeout');
begin
  outcomes := array_fill(null::text, array[json_array_length(rare -> 'answers')]);
  for item in
    select (s.value ->> 'n')::int as n, (s.value ->> 'apart')::int as apart,
        json_populate_record(null::"perdure".start_v1, s.value -> 'start') as start
      from json_array_elements(rare -> 'starts') with ordinality s(value, place)
      where (s.value ->> 'asking')::uuid <> all(refused) order by s.place
  loop
    if item.apart is null then
      select o.outcome, o.run into one from "perdure".start_one_v1(item.start) o;
    else
      select o.outcome, o.run into one from "perdure".start_apart_v1(item.start, item.apart) o;
    end if;
    outcomes[item.n] := case when one.outcome = 'busy' then 'busy'
      when one.outcome = 'started' or one.run = (item.start).run_id then 'done' else 'refused' end;
  end loop;
  perform set_config('lock_timeout', timeout, true);

  -- One after the other, each by its index: as sets they would be joined in loops, each with each, and a thousand took a second.
  for item in
    select a.* from json_to_recordset(rare -> 'messages')
      a(n int, asking uuid, namespace text, workflow_id text, run_id uuid, first uuid, closed_is_done boolean, type text, data text)
    where a.asking <> all(refused) order by a.n
  loop
    if item.run_id is null then
      select x.run_id into target from "perdure".executions x
        where x.namespace = item.namespace and x.workflow_id = item.workflow_id and x.status = 'RUNNING'
          and x.first_run_id = coalesce(item.first, x.first_run_id);
    else
      select x.run_id into target from "perdure".executions x
        where x.run_id = item.run_id and x.namespace || '' = item.namespace and x.workflow_id || '' = item.workflow_id
          and x.status || '' = 'RUNNING' and x.first_run_id = coalesce(item.first, x.first_run_id);
    end if;
    if target is null then
      outcomes[item.n] := 'refused';
      continue when item.closed_is_done is distinct from true;
      if item.run_id is null and item.first is null then
        perform 1 from "perdure".executions x
          where x.namespace = item.namespace and x.workflow_id = item.workflow_id and x.status <> 'RUNNING' limit 1;
      else
        perform 1 from "perdure".executions x
          where x.run_id = coalesce(item.run_id, item.first) and x.namespace || '' = item.namespace and x.workflow_id || '' = item.workflow_id
            and x.status || '' <> 'RUNNING' and x.first_run_id = coalesce(item.first, x.first_run_id);
      end if;
      if found then outcomes[item.n] := 'done'; end if;
      continue;
    end if;
    select x.task_queue, (x.owner is null and x.held_code is null and (x.first_task_at is not null or item.type in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart'))) into queue, is_waking from "perdure".executions x
      where x.run_id = target and x.status || '' = 'RUNNING' for key share skip locked;
    outcomes[item.n] := case when found then 'done' else 'busy' end;
    if found then
      insert into "perdure".inbox (run_id, namespace, task_queue, wakes, type, data)
        values (target, item.namespace, queue, is_waking, item.type, item.data);
    end if;
  end loop;

  insert into "perdure".inbox (run_id, namespace, task_queue, wakes, type, data)
    select a.asking, x.namespace, x.task_queue, false, case outcomes[a.n] when 'done' then a.done_type else a.refused_type end,
        case outcomes[a.n] when 'done' then a.done_data else a.refused_data end
      from json_to_recordset(rare -> 'answers') a(n int, asking uuid, done_type text, done_data text, refused_type text, refused_data text)
      cross join lateral (select e.namespace, e.task_queue from "perdure".executions e where e.run_id = a.asking offset 0) x
      where outcomes[a.n] in ('done', 'refused') order by a.n;
  return array_to_json(outcomes);
end $function$
;

CREATE OR REPLACE FUNCTION perdure.server_line_v1()
 RETURNS text
 LANGUAGE plpgsql
AS $function$
begin
  return left(pg_walfile_name(pg_current_wal_lsn()), 8);
exception when others then return null;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.set_queue_limits_v1(in_namespace text, in_name text, gives_rate boolean, rate double precision, gives_most boolean, most integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  had "perdure".queues; at bigint; burst double precision;
begin
  select q.* into had from "perdure".queues q where q.namespace = in_namespace and q.name = in_name for update;
  at := "perdure".clock_ms();
  if not gives_rate then rate := had.activities_per_second; end if;
  if not gives_most then most := had.max_concurrent_activities; end if;
  if rate is null and most is null then
    delete from "perdure".queues q where q.namespace = in_namespace and q.name = in_name;
    return;
  end if;
  burst := case when rate is not null then greatest(1, ceil(rate * 0.2)) end;
  insert into "perdure".queues as q (namespace, name, activities_per_second, max_concurrent_activities, tokens, counted_at)
    values (in_namespace, in_name, rate, most, burst, at)
    on conflict (namespace, name) do update set counted_at = excluded.counted_at, used = "perdure".queue_used_v1(q, at),
      activities_per_second = case when gives_rate then excluded.activities_per_second else q.activities_per_second end,
      max_concurrent_activities = case when gives_most then excluded.max_concurrent_activities else q.max_concurrent_activities end,
      tokens = case when not gives_rate then "perdure".queue_tokens_v1(q, at)
        when excluded.tokens is not null then least(excluded.tokens, "perdure".queue_tokens_v1(q, at)) end;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.signal_workflow(workflow_id text, signal_name text, input jsonb DEFAULT '[]'::jsonb, INOUT run_id uuid DEFAULT NULL::uuid, namespace text DEFAULT 'default'::text, identity text DEFAULT NULL::text, notify boolean DEFAULT false)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  found_run uuid; found_status text; found_queue text; is_waking boolean; wanted uuid := run_id; wanted_id text := workflow_id; timeout text := current_setting('lock_timeout');
begin
  perform "perdure".check_id_v1(workflow_id, 'workflow_id');
  perform "perdure".check_id_v1(signal_name, 'signal_name');
  if starts_with(signal_name, '__perdure_') or starts_with(signal_name, '__temporal_') then
    perform "perdure".refuse_v1('MESSAGE_NAME_RESERVED', format('The signal name ''%s'' is reserved for the engine', signal_name),
      'Choose another.');
  end if;
  identity := coalesce(identity, 'sql ' || session_user);
  perform "perdure".check_id_v1(identity, 'identity');
  perform "perdure".check_namespace_v1(namespace);
  perform "perdure".check_payload_v1(input, 'array', format('input of signal ''%s''', signal_name));

  perform "perdure".wait_briefly_v1();
  for look in 1..3 loop
    found_run := null;
    if wanted is null then
      select x.run_id, x.status, x.task_queue, (x.owner is null and x.held_code is null and (x.first_task_at is not null or 'WorkflowExecutionSignaled' in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart'))) into found_run, found_status, found_queue, is_waking
        from "perdure".executions x
        where x.namespace = signal_workflow.namespace and x.workflow_id = wanted_id and x.status = 'RUNNING' for key share;
      exit when found_run is not null;
      select x.run_id, x.status into found_run, found_status from "perdure".executions x
        where x.namespace = signal_workflow.namespace and x.workflow_id = wanted_id and x.status <> 'RUNNING'
        order by x.started_at desc, x.run_id desc limit 1;
      -- Its run id in place of its workflow id.
      if found_run is null and wanted_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        select x.run_id, x.workflow_id into wanted, wanted_id from "perdure".executions x
          where x.run_id = wanted_id::uuid and x.namespace || '' = signal_workflow.namespace;
        exit when wanted is null;
        continue;
      end if;
      -- Closed while it was waited for, and perhaps started again: look once more.
      exit when not exists (select 1 from "perdure".executions x
        where x.namespace = signal_workflow.namespace and x.workflow_id = wanted_id and x.status = 'RUNNING');
    else
      select x.run_id, x.status, x.task_queue, (x.owner is null and x.held_code is null and (x.first_task_at is not null or 'WorkflowExecutionSignaled' in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart'))) into found_run, found_status, found_queue, is_waking
        from "perdure".executions x
        where x.run_id = wanted and x.namespace || '' = signal_workflow.namespace and x.workflow_id || '' = wanted_id for key share;
      exit;
    end if;
  end loop;
  perform set_config('lock_timeout', timeout, true);
  if found_run is null then
    perform "perdure".refuse_v1('WORKFLOW_NOT_FOUND', format('Workflow execution not found: there is no ''%s''%s in namespace ''%s''', workflow_id,
      coalesce(' with run ' || run_id, ''), namespace), 'Look at the id and the namespace; a start of another transaction is seen once it is committed.');
  elsif found_status <> 'RUNNING' then
    perform "perdure".refuse_v1('WORKFLOW_NOT_FOUND',
      format('Workflow execution already completed: ''%s'' (run %s) is closed (%s) and cannot get the signal ''%s''', workflow_id, found_run,
        found_status, signal_name), 'Start it again, or signal another.', ' run ' || found_run);
  end if;
  insert into "perdure".inbox (run_id, namespace, task_queue, wakes, type, data)
    values (found_run, signal_workflow.namespace, found_queue, is_waking, 'WorkflowExecutionSignaled',
      jsonb_build_object('signalName', signal_name, 'identity', identity)::text || chr(10) || input::text);
  run_id := found_run;
  if notify then perform "perdure".notify_workers(); end if;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.start_apart_v1(s perdure.start_v1, wait_ms integer, OUT outcome text, OUT run uuid, OUT run_status text, OUT ended uuid[])
 RETURNS record
 LANGUAGE plpgsql
AS $function$
begin
  perform set_config('lock_timeout', wait_ms::text, true);
  select one.outcome, one.run, one.run_status, one.ended into outcome, run, run_status, ended from "perdure".start_one_v1(s) one;
exception when lock_not_available or deadlock_detected then
  outcome := 'busy';
end $function$
;

CREATE OR REPLACE FUNCTION perdure.start_next_v1(nexts json, closing uuid[], refused uuid[], families uuid[] DEFAULT '{}'::uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  item record; one record; orphans uuid[] := '{}';
begin
  for item in select n.next from json_array_elements(nexts) n(next)
    where (n.next ->> 'closed')::uuid = any(closing) and (n.next ->> 'closed')::uuid <> all(refused)
  loop
    select o.outcome into one from "perdure".start_one_v1(json_populate_record(null::"perdure".start_v1, item.next)) o;
    if one.outcome <> 'started' then
      raise exception using errcode = '23505', message = format('Run %s, the next of %s, cannot be inserted: the run or an open one is there',
        item.next ->> 'run_id', item.next ->> 'workflow_id');
    end if;
    if (item.next ->> 'parent_run')::uuid = any(families) then orphans := array_append(orphans, (item.next ->> 'run_id')::uuid); end if;
  end loop;
  if orphans = '{}' then return; end if;
  update "perdure".executions x set status = 'TERMINATED', closed_at = p.closed_at, owner = null, wake_at = null,
      failure = '{"message":"by parent close policy","source":"perdure","kind":"terminated"}'
    from unnest(orphans) o(run_id) cross join lateral (
      select e.closed_at from "perdure".executions n join "perdure".executions e on e.run_id = n.parent_run_id
      where n.run_id = o.run_id and n.parent_close_policy = 'TERMINATE' limit 1) p
    where x.run_id = o.run_id;
  insert into "perdure".inbox (run_id, namespace, task_queue, wakes, type, data)
    select x.run_id, x.namespace, x.task_queue, x.owner is null, 'WorkflowExecutionCancelRequested', '{"reason":"by parent close policy","identity":"perdure"}'
      from "perdure".executions x where x.run_id = any(orphans) and x.parent_close_policy = 'REQUEST_CANCEL' order by x.run_id;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.start_one_v1(s perdure.start_v1, OUT outcome text, OUT run uuid, OUT run_status text, OUT ended uuid[])
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  existing uuid;
begin
  outcome := 'exists';
  for attempt in 1..3 loop
    select x.run_id, x.status into run, run_status from "perdure".executions x where x.run_id = s.run_id;
    if found then return; end if;
    if s.conflict = 'TERMINATE_EXISTING' then
      select x.run_id into existing from "perdure".executions x
        where x.namespace = s.namespace and x.workflow_id = s.workflow_id and x.status = 'RUNNING' for update;
      if found then
        ended := "perdure".end_run_v1(existing, 'TERMINATED', s.ended_failure, s.started_at, true);
        if ended is null then outcome := 'busy'; return; end if;
      end if;
    end if;
    insert into "perdure".executions (run_id, namespace, workflow_id, workflow_type, task_queue, priority, input, memo, search_attributes,
        first_run_id, parent_run_id, parent_command, parent_close_policy, expires_at, details, started_at, owner, wake_at, claimed_at,
        first_task_at)
      values (s.run_id, s.namespace, s.workflow_id, s.workflow_type, s.task_queue, s.priority, s.input, s.memo, s.search_attributes,
        coalesce(s.first_run, s.run_id), s.parent_run, s.parent_command, s.parent_policy, s.expires_at, s.details, s.started_at, s.owner,
        case when s.owner is null then least(s.started_at, "perdure".clock_ms()) + s.wake_at - s.started_at end,
        case when s.owner is not null then s.started_at end,
        case when s.owner is not null then s.started_at end)
      on conflict do nothing;
    if found then
      -- Only now that the id is ours is it certain which closed runs there are.
      if ended is null and s.reuse <> 'ALLOW_DUPLICATE' then
        select x.run_id, x.status into run, run_status from "perdure".executions x
          where x.namespace = s.namespace and x.workflow_id = s.workflow_id and x.status <> 'RUNNING'
          order by x.started_at desc, x.run_id desc limit 1;
        if found and (s.reuse = 'REJECT_DUPLICATE' or run_status in ('COMPLETED', 'CONTINUED_AS_NEW')) then
          delete from "perdure".executions x where x.run_id = s.run_id;
          return;
        end if;
      end if;
      if s.messages is not null then
        insert into "perdure".updates (run_id, update_id)
          select distinct s.run_id, m.update_id from json_to_recordset(s.messages) m(update_id text) where m.update_id is not null;
        insert into "perdure".inbox (run_id, namespace, task_queue, wakes, type, data)
          select s.run_id, s.namespace, s.task_queue, s.owner is null and m.value ->> 'type' in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart'), m.value ->> 'type', m.value ->> 'data'
            from json_array_elements(s.messages) with ordinality m(value, n) order by m.n;
      end if;
      outcome := 'started';
      return;
    end if;
    select x.run_id, x.status into run, run_status from "perdure".executions x
      where x.namespace = s.namespace and x.workflow_id = s.workflow_id and x.status = 'RUNNING';
    if found and s.conflict <> 'TERMINATE_EXISTING' then return; end if;
  end loop;
  outcome := 'busy'; -- the id changed hands at every try
end $function$
;

CREATE OR REPLACE FUNCTION perdure.start_workflow(workflow_type text, input jsonb DEFAULT '[]'::jsonb, INOUT workflow_id text DEFAULT NULL::text, task_queue text DEFAULT 'default'::text, namespace text DEFAULT 'default'::text, id_reuse_policy text DEFAULT 'ALLOW_DUPLICATE'::text, id_conflict_policy text DEFAULT 'FAIL'::text, memo jsonb DEFAULT NULL::jsonb, search_attributes jsonb DEFAULT NULL::jsonb, priority integer DEFAULT 3, start_delay interval DEFAULT NULL::interval, notify boolean DEFAULT false, OUT run_id uuid, OUT started boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  what text; at bigint := "perdure".clock_ms(); delay_ms numeric := 0; random text := gen_random_uuid()::text; one record;
  timeout text := current_setting('lock_timeout');
begin
  perform "perdure".check_id_v1(workflow_type, 'workflow_type');
  what := format('workflow ''%s''', workflow_type);
  if workflow_id is not null then perform "perdure".check_id_v1(workflow_id, 'workflow_id'); end if;
  perform "perdure".check_id_v1(task_queue, 'task_queue');
  perform "perdure".check_namespace_v1(namespace);
  perform "perdure".check_payload_v1(input, 'array', 'input of ' || what);
  if memo is not null then perform "perdure".check_payload_v1(memo, 'object', 'memo of ' || what); end if;
  search_attributes := "perdure".check_search_attributes_v1(search_attributes, what);
  if id_reuse_policy is null or id_reuse_policy not in ('ALLOW_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY', 'REJECT_DUPLICATE') then
    perform "perdure".refuse_v1('OPTIONS_INVALID', format('The id_reuse_policy is %L', id_reuse_policy),
      'It is one of ALLOW_DUPLICATE, ALLOW_DUPLICATE_FAILED_ONLY, REJECT_DUPLICATE.');
  elsif id_conflict_policy = 'TERMINATE_EXISTING' then
    perform "perdure".refuse_v1('OPTIONS_INVALID', 'The id_conflict_policy TERMINATE_EXISTING cannot be used from SQL',
      'It would lock the open run until the end of this transaction. Terminate it with a client first; here it is FAIL or USE_EXISTING.');
  elsif id_conflict_policy is null or id_conflict_policy not in ('FAIL', 'USE_EXISTING') then
    perform "perdure".refuse_v1('OPTIONS_INVALID', format('The id_conflict_policy is %L', id_conflict_policy), 'It is FAIL or USE_EXISTING.');
  elsif priority is null or priority not between 1 and 5 then
    perform "perdure".refuse_v1('OPTIONS_INVALID', format('The priority of %s is %s', what, coalesce(priority::text, 'null')),
      'Give a whole number from 1 (first) to 5 (last).');
  end if;
  if start_delay is not null then
    delay_ms := floor(extract(epoch from start_delay) * 1000);
    if not delay_ms between 0 and 3155760000000000 then
      perform "perdure".refuse_v1('DURATION_INVALID', format('The start_delay of %s is %s', what, start_delay),
        'Give an interval from nothing to 100,000 years, such as ''24 hours''.');
    end if;
  end if;

  -- UUID version 7, as clients make them: the time, then what is random.
  run_id := (lpad(to_hex(at), 12, '0') || '7' || substr(random, 16, 3) || substr(random, 20))::uuid;
  workflow_id := coalesce(workflow_id, run_id::text);
  -- Due for a worker whose clock is late too: told of it, it would look, see nothing, and come back a second later.
  if start_delay is null then delay_ms := -100; end if;
  perform "perdure".wait_briefly_v1();
  select o.outcome, o.run, o.run_status into one from "perdure".start_one_v1(row(run_id, namespace, workflow_id, workflow_type, task_queue,
    priority, input::text, memo::text, search_attributes::text, at, at + delay_ms::bigint, id_reuse_policy, id_conflict_policy, null, null,
    null, null, null, null, null, null, null)) o;
  perform set_config('lock_timeout', timeout, true);
  started := one.outcome = 'started';
  if started then
    if notify then perform "perdure".notify_workers(); end if;
    return;
  end if;
  if one.outcome = 'exists' and one.run_status = 'RUNNING' and id_conflict_policy = 'USE_EXISTING' then
    run_id := one.run;
    return;
  end if;
  if one.outcome <> 'exists' then
    perform "perdure".refuse_v1('STORE_BUSY', format('The workflow id ''%s'' changed hands at every try', workflow_id), 'Try again.');
  elsif one.run_status = 'RUNNING' then
    perform "perdure".refuse_v1('WORKFLOW_ALREADY_STARTED',
      format('Workflow execution already started: ''%s'' is running (run %s)', workflow_id, one.run),
      'Choose another workflow_id, or id_conflict_policy => ''USE_EXISTING''.', ' run ' || one.run);
  else
    perform "perdure".refuse_v1('WORKFLOW_ALREADY_STARTED',
      format('Workflow execution already started: ''%s'' was used by run %s (%s), and the id_reuse_policy %s keeps its id', workflow_id,
        one.run, one.run_status, id_reuse_policy), 'Choose another workflow_id, or ALLOW_DUPLICATE.', ' run ' || one.run);
  end if;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.task_waits_v1(in_namespace text, queue text, types text[], at bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  level int;
begin
  loop
    select min(t.priority) into level from "perdure".activity_tasks t
      where t.worker is null and t.namespace = in_namespace and t.task_queue = queue and t.priority > coalesce(level, -2147483648);
    if level is null then return false; end if;
    if exists (
      select 1 from "perdure".activity_tasks t
      where t.worker is null and t.namespace = in_namespace and t.task_queue = queue and t.priority = level and t.available_at <= at
        and t.activity_type = any(types)) then return true; end if;
  end loop;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.terminate_v1(in_namespace text, in_workflow_id text, in_run uuid, in_status text, in_result text, in_failure text, at bigint, next json, OUT outcome text, OUT run uuid, OUT run_status text)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
begin
  for attempt in 1..3 loop
    if in_run is null then
      select x.run_id into run from "perdure".executions x
        where x.namespace = in_namespace and x.workflow_id = in_workflow_id and x.status = 'RUNNING' for update;
    else
      select x.run_id into run from "perdure".executions x
        where x.run_id = in_run and x.namespace || '' = in_namespace and x.workflow_id = in_workflow_id and x.status || '' = 'RUNNING' for update;
    end if;
    if found then
      if "perdure".end_run_v1(run, in_status, in_failure, at, next is null, in_result) is null then outcome := 'busy'; return; end if;
      if next is not null then perform "perdure".start_next_v1(next, array[run], '{}'); end if;
      outcome := 'terminated';
      return;
    end if;
    if in_run is null then
      select x.run_id, x.status into run, run_status from "perdure".executions x
        where x.namespace = in_namespace and x.workflow_id = in_workflow_id and x.status <> 'RUNNING'
        order by x.started_at desc, x.run_id desc limit 1;
      -- Closed while we waited for it, and perhaps started again: look once more.
      continue when attempt < 3 and exists (
        select 1 from "perdure".executions x where x.namespace = in_namespace and x.workflow_id = in_workflow_id and x.status = 'RUNNING');
    else
      select x.run_id, x.status into run, run_status from "perdure".executions x
        where x.run_id = in_run and x.namespace || '' = in_namespace and x.workflow_id = in_workflow_id;
    end if;
    outcome := case when run is null then 'not_found' else 'closed' end;
    return;
  end loop;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.wait_briefly_v1()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if current_setting('lock_timeout') = '0' then perform set_config('lock_timeout', '5s', true); end if;
end $function$
;

CREATE OR REPLACE FUNCTION perdure.write_rare_v1(rare json, refused uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if rare -> 'updates' is not null then
    insert into "perdure".updates (run_id, update_id, stage, result, failure)
      select u.run_id, u.update_id, u.stage, u.result, u.failure
        from json_to_recordset(rare -> 'updates') u(run_id uuid, update_id text, stage text, result text, failure text)
        where u.run_id <> all(refused) order by u.run_id, u.update_id collate "C"
      on conflict (run_id, update_id) do update set stage = excluded.stage, result = excluded.result, failure = excluded.failure;
  end if;
  if rare -> 'upserts' is not null then
    update "perdure".executions x set memo = coalesce(u.memo, x.memo),
      search_attributes = coalesce(u.search_attributes, x.search_attributes), details = coalesce(u.details, x.details)
      from json_to_recordset(rare -> 'upserts') u(run_id uuid, memo text, search_attributes text, details text)
      where x.run_id = u.run_id and u.run_id <> all(refused);
  end if;
end $function$
;
