SET check_function_bodies = false;

CREATE SCHEMA perdure;

CREATE TYPE perdure.start_v1 AS (
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

CREATE FUNCTION perdure.bury_v1(victim bigint, seen_at bigint, lease bigint, lock_class integer, window_ms bigint, takeovers_max integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.check_id_v1(given text, what text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.check_namespace_v1(given text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  if exists (select 1 from "perdure".namespaces n where n.name = given) then return; end if;
  perform "perdure".refuse_v1('NAMESPACE_NOT_FOUND', format('There is no namespace ''%s'' in this database; there are: %s', given,
    (select string_agg(n.name, ', ' order by n.name) from (select n.name from "perdure".namespaces n order by n.name limit 20) n)),
    'Correct the name, or create it: perdure namespace create.');
end $$;

CREATE FUNCTION perdure.check_payload_v1(given jsonb, kind text, what text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.check_search_attributes_v1(given jsonb, what text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
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
end $$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE perdure.activity_tasks (
    run_id uuid NOT NULL,
    command integer NOT NULL,
    namespace text NOT NULL COLLATE pg_catalog."C",
    workflow_id text NOT NULL COLLATE pg_catalog."C",
    workflow_type text NOT NULL COLLATE pg_catalog."C",
    task_queue text NOT NULL COLLATE pg_catalog."C",
    activity_type text NOT NULL COLLATE pg_catalog."C",
    activity_id text NOT NULL COLLATE pg_catalog."C",
    priority integer NOT NULL,
    attempt integer NOT NULL,
    worker bigint,
    lost boolean DEFAULT false NOT NULL,
    cancel_requested boolean DEFAULT false NOT NULL,
    scheduled_at bigint NOT NULL,
    available_at bigint NOT NULL,
    started_at bigint,
    deadline_at bigint,
    run_ms bigint,
    close_by bigint,
    input text NOT NULL,
    options text NOT NULL,
    last_failure text,
    heartbeat_details text
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE FUNCTION perdure.claim_tasks_v1(me bigint, in_namespace text, queues text[], types text[], at bigint, wanted integer) RETURNS TABLE(task perdure.activity_tasks, retry_at bigint)
    LANGUAGE plpgsql
    AS $_$
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
end $_$;

CREATE FUNCTION perdure.claim_v1(me bigint, in_namespace text, queues text[], workflow_types text[], build text, at bigint, wanted integer, suspects_wanted integer) RETURNS TABLE(execution json, history json, tasks json, inbox json)
    LANGUAGE plpgsql
    AS $_$
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
end $_$;

CREATE FUNCTION perdure.clock_ms() RETURNS bigint
    LANGUAGE sql
    AS $$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$;

CREATE FUNCTION perdure.close_kin_v1(closing uuid[], refused uuid[], child uuid[], parents uuid[], following uuid[], c_status text[], c_result text[], c_failure text[], c_at bigint[], OUT stuck uuid[], OUT ended uuid[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.commit_v1(me bigint, a_run uuid[], r_run uuid[], r_early integer, r_wake_at bigint[], r_code text[], r_reason text[], r_build text[], r_count integer[], r_marks integer[], c_run uuid[], c_early integer, c_status text[], c_result text[], c_failure text[], c_at bigint[], l_run uuid[], e_run uuid[], e_seq integer[], e_type text[], e_at bigint[], e_data text[], k_run uuid[], k_id bigint[], tasks json, x_run uuid[], x_command integer[], z_run uuid[], s_run uuid[], s_namespace text[], s_workflow_id text[], s_type text[], s_queue text[], s_priority integer[], s_input text[], s_memo text[], s_attributes text[], s_started_at bigint[], s_wake_at bigint[], s_reuse text[], s_conflict text[], s_owned integer[], s_apart integer[], s_failure text, rare json, OUT fenced boolean, OUT known uuid[], OUT lost uuid[], OUT locked uuid[], OUT unread uuid[], OUT kept uuid[], OUT refused_starts json, OUT sent json) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.count_taken_v1(in_namespace text, queues text[], types text[], due_at bigint, had integer[], leftover integer[]) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.delete_messages_v1(runs uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  run uuid;
begin
  for run in select r.run_id from unnest(runs) r(run_id) order by r.run_id loop delete from "perdure".inbox m where m.run_id = run; end loop;
end $$;

CREATE FUNCTION perdure.delete_tasks_v1(runs uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  run uuid;
begin
  for run in select r.run_id from unnest(runs) r(run_id) order by r.run_id loop delete from "perdure".activity_tasks t where t.run_id = run; end loop;
end $$;

CREATE FUNCTION perdure.due_troubled_v1(in_namespace text, queues text[], workflow_types text[], build text, at bigint, wanted integer, suspects_wanted integer) RETURNS TABLE(run_id uuid, priority integer, takeovers integer, due_at bigint)
    LANGUAGE plpgsql
    AS $_$
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
end $_$;

CREATE FUNCTION perdure.end_run_v1(ending uuid, in_status text, in_failure text, at bigint, is_last boolean, in_result text DEFAULT NULL::text) RETURNS uuid[]
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.end_tasks_v1(runs uuid[], commands integer[], attempts integer[], is_retry integer[], available_ats bigint[], deadline_ats bigint[], failures text[], details text[], event_types text[], event_data text[]) RETURNS SETOF integer
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.is_server_line_v1(line text) RETURNS boolean
    LANGUAGE sql
    AS $_$ select case when $1 is null then true else $1 = left(pg_walfile_name(pg_current_wal_lsn()), 8) end $_$;

CREATE FUNCTION perdure.lock_queues_v1(in_namespace text, queues text[], limited text[]) RETURNS integer[]
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.mark_messages_v1(runs uuid[], are_waking boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  update "perdure".inbox m set wakes = are_waking
    from (
      select n.run_id, n.id from "perdure".inbox n where n.run_id = any(runs) and coalesce(n.wakes, false) <> are_waking
      order by n.run_id, n.id for update) n
    where m.run_id = n.run_id and m.id = n.id;
end $$;

CREATE FUNCTION perdure.notify_workers() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select pg_notify(s.nspname, 'queue') from "perdure".namespaces n
    join pg_class c on c.oid = n.tableoid join pg_namespace s on s.oid = c.relnamespace limit 1
$$;

CREATE TABLE perdure.queues (
    namespace text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    activities_per_second double precision,
    max_concurrent_activities integer,
    tokens double precision,
    used double precision DEFAULT 0 NOT NULL,
    counted_at bigint NOT NULL,
    CONSTRAINT queues_activities_per_second_check CHECK ((activities_per_second > (0)::double precision)),
    CONSTRAINT queues_limited CHECK ((num_nonnulls(activities_per_second, max_concurrent_activities) > 0)),
    CONSTRAINT queues_max_concurrent_activities_check CHECK ((max_concurrent_activities > 0)),
    CONSTRAINT queues_rate_has_tokens CHECK (((activities_per_second IS NULL) = (tokens IS NULL))),
    CONSTRAINT queues_tokens_check CHECK ((tokens >= (0)::double precision)),
    CONSTRAINT queues_used_check CHECK ((used >= (0)::double precision))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500');

CREATE FUNCTION perdure.queue_room_v1(q perdure.queues, at bigint, OUT room integer, OUT wait_ms bigint) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
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
end $$;

CREATE FUNCTION perdure.queue_tokens_v1(q perdure.queues, at bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    AS $$
  select case when q.activities_per_second is not null then
    least(greatest(1, ceil(q.activities_per_second * 0.2)), q.tokens + greatest(0, at - q.counted_at) * q.activities_per_second / 1000) end
$$;

CREATE FUNCTION perdure.queue_used_v1(q perdure.queues, at bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    AS $$
  select case when q.used < 1e-9 or at - q.counted_at > 100000 then 0::double precision
    else q.used * exp(-greatest(0, at - q.counted_at)::double precision / 5000) end
$$;

CREATE FUNCTION perdure.refuse_v1(code text, problem text, remedy text, more text DEFAULT ''::text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  raise exception using message = problem, hint = remedy, detail = code || more, errcode = case code
    when 'OPTIONS_INVALID' then 'PD001' when 'ID_INVALID' then 'PD002' when 'MESSAGE_NAME_RESERVED' then 'PD003'
    when 'PAYLOAD_TOO_LARGE' then 'PD004' when 'NAMESPACE_NOT_FOUND' then 'PD005' when 'WORKFLOW_ALREADY_STARTED' then 'PD006'
    when 'WORKFLOW_NOT_FOUND' then 'PD007' when 'DURATION_INVALID' then 'PD008'
    when 'SEARCH_ATTRIBUTES_INVALID' then 'PD009' else '55P03' end;
end $$;

CREATE FUNCTION perdure.request_updates_v1(namespaces text[], workflow_ids text[], named text[], ids text[], types text[], texts text[]) RETURNS TABLE(n integer, outcome text, run uuid, stage text, result text, failure text, is_open boolean)
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.send_v1(rare json, refused uuid[]) RETURNS json
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.server_line_v1() RETURNS text
    LANGUAGE plpgsql
    AS $$
begin
  return left(pg_walfile_name(pg_current_wal_lsn()), 8);
exception when others then return null;
end $$;

CREATE FUNCTION perdure.set_queue_limits_v1(in_namespace text, in_name text, gives_rate boolean, rate double precision, gives_most boolean, most integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.signal_workflow(workflow_id text, signal_name text, input jsonb DEFAULT '[]'::jsonb, INOUT run_id uuid DEFAULT NULL::uuid, namespace text DEFAULT 'default'::text, identity text DEFAULT NULL::text, notify boolean DEFAULT false) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
end $_$;

CREATE FUNCTION perdure.start_apart_v1(s perdure.start_v1, wait_ms integer, OUT outcome text, OUT run uuid, OUT run_status text, OUT ended uuid[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
begin
  perform set_config('lock_timeout', wait_ms::text, true);
  select one.outcome, one.run, one.run_status, one.ended into outcome, run, run_status, ended from "perdure".start_one_v1(s) one;
exception when lock_not_available or deadlock_detected then
  outcome := 'busy';
end $$;

CREATE FUNCTION perdure.start_next_v1(nexts json, closing uuid[], refused uuid[], families uuid[] DEFAULT '{}'::uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.start_one_v1(s perdure.start_v1, OUT outcome text, OUT run uuid, OUT run_status text, OUT ended uuid[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.start_workflow(workflow_type text, input jsonb DEFAULT '[]'::jsonb, INOUT workflow_id text DEFAULT NULL::text, task_queue text DEFAULT 'default'::text, namespace text DEFAULT 'default'::text, id_reuse_policy text DEFAULT 'ALLOW_DUPLICATE'::text, id_conflict_policy text DEFAULT 'FAIL'::text, memo jsonb DEFAULT NULL::jsonb, search_attributes jsonb DEFAULT NULL::jsonb, priority integer DEFAULT 3, start_delay interval DEFAULT NULL::interval, notify boolean DEFAULT false, OUT run_id uuid, OUT started boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
end $$;

CREATE FUNCTION perdure.task_waits_v1(in_namespace text, queue text, types text[], at bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
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
end $$;

CREATE FUNCTION perdure.terminate_v1(in_namespace text, in_workflow_id text, in_run uuid, in_status text, in_result text, in_failure text, at bigint, next json, OUT outcome text, OUT run uuid, OUT run_status text) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE FUNCTION perdure.wait_briefly_v1() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  if current_setting('lock_timeout') = '0' then perform set_config('lock_timeout', '5s', true); end if;
end $$;

CREATE FUNCTION perdure.write_rare_v1(rare json, refused uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
end $$;

CREATE TABLE perdure.executions (
    run_id uuid NOT NULL,
    namespace text NOT NULL COLLATE pg_catalog."C",
    workflow_id text NOT NULL COLLATE pg_catalog."C",
    workflow_type text NOT NULL COLLATE pg_catalog."C",
    task_queue text NOT NULL COLLATE pg_catalog."C",
    status text DEFAULT 'RUNNING'::text NOT NULL COLLATE pg_catalog."C",
    priority integer NOT NULL,
    takeovers integer DEFAULT 0 NOT NULL,
    owner bigint,
    wake_at bigint,
    claimed_at bigint,
    started_at bigint NOT NULL,
    first_task_at bigint,
    closed_at bigint,
    first_run_id uuid NOT NULL,
    parent_run_id uuid,
    parent_command integer,
    parent_close_policy text COLLATE pg_catalog."C",
    expires_at bigint,
    held_code text COLLATE pg_catalog."C",
    held_reason text,
    held_build_id text COLLATE pg_catalog."C",
    held_count integer,
    held_spent boolean,
    input text NOT NULL,
    result text,
    failure text,
    memo text,
    search_attributes text,
    details text,
    CONSTRAINT executions_closed_once CHECK ((((status = 'RUNNING'::text) = (closed_at IS NULL)) AND ((closed_at IS NULL) OR (owner IS NULL))))
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_analyze_scale_factor='0.02');

CREATE TABLE perdure.history (
    run_id uuid NOT NULL,
    seq integer NOT NULL,
    at bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    data text NOT NULL
)
WITH (autovacuum_analyze_scale_factor='0.02');

CREATE TABLE perdure.inbox (
    run_id uuid NOT NULL,
    id bigint NOT NULL,
    namespace text NOT NULL COLLATE pg_catalog."C",
    task_queue text NOT NULL COLLATE pg_catalog."C",
    wakes boolean DEFAULT true NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    data text NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE SEQUENCE perdure.inbox_ids
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE perdure.inbox_ids OWNED BY perdure.inbox.id;

CREATE TABLE perdure.namespaces (
    name text NOT NULL COLLATE pg_catalog."C",
    description text DEFAULT ''::text NOT NULL,
    retention_ms bigint,
    created_at bigint DEFAULT perdure.clock_ms() NOT NULL,
    CONSTRAINT namespaces_name_check CHECK ((name ~ '^[A-Za-z0-9._-]{1,255}$'::text)),
    CONSTRAINT namespaces_retention_ms_check CHECK ((retention_ms > 0))
);

CREATE TABLE perdure.queries (
    id uuid NOT NULL,
    namespace text NOT NULL COLLATE pg_catalog."C",
    run_id uuid NOT NULL,
    task_queue text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    args text NOT NULL,
    expires_at bigint NOT NULL,
    claimed_by bigint,
    reply_type text COLLATE pg_catalog."C",
    reply_result text,
    reply_code text,
    reply_message text,
    CONSTRAINT queries_reply_whole CHECK ((((reply_type IS NULL) AND (num_nonnulls(reply_result, reply_code, reply_message) = 0)) OR ((reply_type = 'answered'::text) AND (reply_result IS NOT NULL) AND (num_nonnulls(reply_code, reply_message) = 0)) OR ((reply_type = 'failed'::text) AND (reply_result IS NULL) AND (num_nulls(reply_code, reply_message) = 0))))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE perdure.schema_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    applied_at bigint NOT NULL
);

CREATE TABLE perdure.updates (
    run_id uuid NOT NULL,
    update_id text NOT NULL COLLATE pg_catalog."C",
    stage text DEFAULT 'admitted'::text NOT NULL COLLATE pg_catalog."C",
    result text,
    failure text
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='500');

CREATE TABLE perdure.workers (
    incarnation bigint NOT NULL,
    namespace text NOT NULL COLLATE pg_catalog."C",
    identity text NOT NULL,
    build_id text NOT NULL COLLATE pg_catalog."C",
    task_queues text[] NOT NULL COLLATE pg_catalog."C",
    workflow_types text[] NOT NULL COLLATE pg_catalog."C",
    activity_types text[] NOT NULL COLLATE pg_catalog."C",
    lease_ms bigint NOT NULL,
    process_lock boolean NOT NULL,
    started_at bigint NOT NULL,
    renewed_at bigint NOT NULL,
    ticked_at bigint NOT NULL,
    alive boolean DEFAULT true NOT NULL,
    line text DEFAULT perdure.server_line_v1() COLLATE pg_catalog."C",
    CONSTRAINT workers_lease_ms_check CHECK ((lease_ms > 0))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500');

ALTER TABLE perdure.workers ALTER COLUMN incarnation ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME perdure.workers_incarnation_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY perdure.inbox ALTER COLUMN id SET DEFAULT nextval('perdure.inbox_ids'::regclass);

INSERT INTO perdure.activity_tasks VALUES
	('01a202dd-ab55-7143-97a4-d48cf3d6b4c1', 1, 'default', 'retrying', 'retrying', 'default', 'retried', '1', 3, 2, NULL, false, false, 1795344411477, 1795344431479, NULL, NULL, 60000, NULL, '[]', '{"startToCloseMs":60000,"retry":{"initialMs":20000,"maximumMs":2000000}}', '{"kind":"application","message":"not yet","source":"perdure","stackTrace":"Error: not yet","type":"Error","nonRetryable":false}', NULL),
	('01a202dd-ab69-7500-9560-e8e026292a32', 1, 'default', 'outside', 'outside', 'default', 'leftOutside', '1', 3, 1, 0, false, false, 1795344411497, 1795344411497, 1795344411514, 4948944411514, 3153600000000, NULL, '[]', '{"startToCloseMs":3153600000000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a202dd-ab5c-76cc-88c4-e1a1f91906da', 1, 'default', 'heartbeats', 'heartbeats', 'default', 'beating', '1', 3, 1, 11, false, false, 1795344411484, 1795344411484, 1795344411497, 1795344531507, 120000, NULL, '[]', '{"heartbeatMs":120000,"startToCloseMs":3600000,"retry":{"maximumAttempts":5}}', NULL, '{"done":"half"}'),
	('01a202dd-ab7b-777d-9080-1a539b313f6d', 2, 'default', 'queueing', 'queueing', 'limited', 'endless', '2', 3, 1, NULL, false, false, 1795344411515, 1795344411515, NULL, 4948944411515, 3600000, 4948944411515, '["second"]', '{"taskQueue":"limited","scheduleToCloseMs":3153600000000,"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a202dd-ab7b-777d-9080-1a539b313f6d', 1, 'default', 'queueing', 'queueing', 'limited', 'endless', '1', 3, 1, 11, false, false, 1795344411515, 1795344411515, 1795344411521, 1795348011521, 3600000, 4948944411515, '["first"]', '{"taskQueue":"limited","scheduleToCloseMs":3153600000000,"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a202dd-ab58-7659-a64d-55901e37a92d', 1, 'default', 'endlessly', 'endlessly', 'default', 'endless', '1', 3, 1, 11, false, false, 1795344411480, 1795344411480, 1795344411483, 1795348011483, 3600000, NULL, '["one"]', '{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a202dd-8dd1-7639-833b-e4e23b19adbc', 1, 'tenant', 'lost', 'heartbeats', 'default', 'beating', '1', 3, 1, 10, true, false, 1795344411272, 1795344411272, 1795344411281, 1795344412561, 120000, NULL, '[]', '{"heartbeatMs":120000,"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":5}}', NULL, '{"done":"half"}'),
	('01a202dd-ab7f-70fa-8579-08ef0c576e80', 2, 'default', 'cancelling', 'cancellable', 'default', 'endless', '2', 3, 1, 11, false, true, 1795344411519, 1795344411519, 1795344411524, 1795348011524, 3600000, NULL, '["cancelled"]', '{"startToCloseMs":3600000,"cancellationType":"WAIT_CANCELLATION_COMPLETED","retry":{"maximumAttempts":3}}', NULL, NULL);

INSERT INTO perdure.executions VALUES
	('01a202dd-88aa-7697-a947-2bd3a00fac62', 'default', 'early', 'listening', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402609, 1795344402602, 1795344402609, 1795344402628, '01a202dd-88aa-7697-a947-2bd3a00fac62', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["before all"]', NULL, NULL, NULL, NULL),
	('01a202dd-88c8-742a-876b-0353f378479a', 'default', 'ledger', 'ledger', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402635, 1795344402632, 1795344402635, 1795344402674, '01a202dd-88c8-742a-876b-0353f378479a', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '6', NULL, NULL, NULL, NULL),
	('01a202dd-8956-791c-8c84-9033040f75c6', 'default', 'family-terminated', 'member', 'default', 'TERMINATED', 3, 0, NULL, NULL, 1795344402775, 1795344402775, 1795344402775, 1795344402802, '01a202dd-8956-791c-8c84-9033040f75c6', '01a202dd-8956-75b2-a885-d4896c516169', 3, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"terminated","message":"as siblings do","source":"perdure","stackTrace":"TerminatedFailure: as siblings do"}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169","namespace":"default"},"root":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169"}}'),
	('01a202dd-8956-7298-947c-e7c9d5f6db4c', 'default', 'family-ends', 'member', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402775, 1795344402775, 1795344402775, 1795344402792, '01a202dd-8956-7298-947c-e7c9d5f6db4c', '01a202dd-8956-75b2-a885-d4896c516169', 1, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["ends"]', '["family","family-ends","nothing"]', NULL, NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169","namespace":"default"},"root":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169"}}'),
	('01a202dd-8956-74a0-ac52-4e6100d6e2aa', 'default', 'family-fails', 'member', 'default', 'FAILED', 3, 0, NULL, NULL, 1795344402775, 1795344402775, 1795344402775, 1795344402792, '01a202dd-8956-74a0-ac52-4e6100d6e2aa', '01a202dd-8956-75b2-a885-d4896c516169', 2, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["fails"]', NULL, '{"kind":"application","message":"as children do","source":"perdure","stackTrace":"ApplicationFailure: as children do","type":"Expected","nonRetryable":false}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169","namespace":"default"},"root":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169"}}'),
	('01a202dd-8956-75b3-9048-1f0a9313b075', 'default', 'bytes', 'bytes', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402774, 1795344402774, 1795344402774, 1795344402793, '01a202dd-8956-75b3-9048-1f0a9313b075', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCIiLCJcImxhc3RcIiJd"}', '[null,"last",["mark"]]', NULL, ':{"metadata":{"encoding":"fields/payloads"},"data":"eyJtYXJrIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkJ3PT1cIn0iLCJkb3VibGVkIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkFRTCsvd0VDL3Y4PVwifSJ9"}', NULL, '{"startedWith":{"memo":":{\"metadata\":{\"encoding\":\"fields/payloads\"},\"data\":\"eyJtYXJrIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkJ3PT1cIn0ifQ==\"}","searchAttributes":null}}'),
	('01a202dd-8965-710a-98ea-2c740945df32', 'default', 'throwing', 'throwing', 'away', 'RUNNING', 3, 0, NULL, 1795344403793, 1795344402789, 1795344402789, NULL, NULL, '01a202dd-8965-710a-98ea-2c740945df32', NULL, NULL, NULL, NULL, 'task_failure', 'a mistake', 'b34d8fdf7a9d8cd9', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8951-759b-99d9-92ef3680ea38', 'default', 'family-other', 'listening', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402769, 1795344402769, 1795344402769, 1795344402799, '01a202dd-8951-759b-99d9-92ef3680ea38', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["from another"]', NULL, NULL, NULL, NULL),
	('01a202dd-8970-7167-b34c-160923dafce1', 'default', 'foreign', 'foreign', 'away', 'RUNNING', 3, 0, NULL, 1795344403809, 1795344402800, 1795344402800, NULL, NULL, '01a202dd-8970-7167-b34c-160923dafce1', NULL, NULL, NULL, NULL, 'determinism_violation', 'In workflow ''foreign'' activity ''refuse'' was called after awaiting something that is not a workflow API (for example crypto.subtle, timers/promises or a stream). Workflow code may await only activities, timers, conditions, signals and promises made from them: move the foreign call into an activity.', 'b34d8fdf7a9d8cd9', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8970-7166-b213-14080dfe323e', 'default', 'bytes-alone', 'bytes', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402800, 1795344402800, 1795344402800, 1795344402818, '01a202dd-8970-7166-b213-14080dfe323e', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCIiLCJcImFsb25lXCIiXQ=="}', ':{"metadata":{"encoding":"binary/plain"},"data":"AQL+/w=="}', NULL, ':{"metadata":{"encoding":"fields/payloads"},"data":"eyJkb3VibGVkIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkFRTCsvd0VDL3Y4PVwifSJ9"}', NULL, '{"startedWith":{"memo":null,"searchAttributes":null}}'),
	('01a202dd-8956-75b1-81a1-0fdb6c49b576', 'default', 'patching', 'patching', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402774, 1795344402774, 1795344402774, 1795344402831, '01a202dd-8956-75b1-81a1-0fdb6c49b576', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '[true,true,true]', NULL, NULL, NULL, NULL),
	('01a202dd-8956-7bb5-85c1-540d4205dcff', 'default', 'family-overdue', 'member', 'default', 'TIMED_OUT', 3, 0, NULL, NULL, 1795344402775, 1795344402775, 1795344402775, 1795344403079, '01a202dd-8956-7bb5-85c1-540d4205dcff', '01a202dd-8956-75b2-a885-d4896c516169', 4, 'TERMINATE', 1795344403075, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"timeout","message":"Workflow execution timed out","source":"perdure","stackTrace":"TimeoutFailure: Workflow execution timed out","timeoutType":"START_TO_CLOSE"}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169","namespace":"default"},"root":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169"},"runTimeoutMs":300}'),
	('01a202dd-8956-7e8f-a773-cb8c5d250a63', 'default', 'family-cancelled', 'member', 'default', 'CANCELLED', 3, 0, NULL, NULL, 1795344402775, 1795344402775, 1795344402775, 1795344403106, '01a202dd-8956-7e8f-a773-cb8c5d250a63', '01a202dd-8956-75b2-a885-d4896c516169', 5, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169","namespace":"default"},"root":{"workflowId":"family","runId":"01a202dd-8956-75b2-a885-d4896c516169"}}'),
	('01a202dd-8878-77e3-b377-9cc428613e9e', 'default', 'counting', 'counting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344402552, 1795344402552, 1795344402552, NULL, '01a202dd-8878-77e3-b377-9cc428613e9e', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[20]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-88a0-75fb-bab5-8adcf6cc73da', 'default', 'counting-kept', 'counting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344402592, 1795344402592, 1795344402592, NULL, '01a202dd-88a0-75fb-bab5-8adcf6cc73da', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[100]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-88f5-7183-b6c4-97cf32dc90fa', 'default', 'ledger-open', 'ledger', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344402677, 1795344402677, 1795344402677, NULL, '01a202dd-88f5-7183-b6c4-97cf32dc90fa', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8922-7235-9517-68288294666b', 'default', 'unread', 'listening', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795344402722, 1795344402722, 1795344402722, NULL, '01a202dd-8922-7235-9517-68288294666b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8935-77a8-baac-afc5bbcb952f', 'default', 'target', 'listening', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795344402741, 1795344402741, 1795344402741, NULL, '01a202dd-8935-77a8-baac-afc5bbcb952f', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8981-73bd-a4bf-64c2b41d6c33', 'default', 'refused', 'refused', 'away', 'RUNNING', 3, 0, NULL, 1795344403850, 1795344402817, 1795344402817, 1795344402817, NULL, '01a202dd-8981-73bd-a4bf-64c2b41d6c33', NULL, NULL, NULL, NULL, 'commit_rejected', 'PostgreSQL at live refused: refused by a trigger (SQLSTATE 23514)', 'b34d8fdf7a9d8cd9', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8901-7709-846c-a71cd43759f6', 'default', 'joined', 'listening', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344411470, 1795344402689, 1795344402689, 1795344411485, '01a202dd-8901-7709-846c-a71cd43759f6', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["one","three","put 2"]', NULL, NULL, NULL, NULL),
	('01a202dd-8955-7761-95b5-659a0236e580', 'default', 'chain', 'chain', 'default', 'COMPLETED', 1, 0, NULL, NULL, 1795344402773, 1795344402773, 1795344402773, 1795344402831, '01a202dd-8955-7761-95b5-659a0236e580', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[7,"ä \"quoted\" \n line"]', '{"label":"ä \"quoted\" \n line","first":14,"both":[28,6],"raced":8,"failed":"refused","settled":["fulfilled","rejected"],"memo":{"customer":"ann","lines":[1,2]},"searchAttributes":{"n":[1]},"seeded":["ea928f8f-2f86-4afd-bfb9-be3bb8c2a196",0.255556063959375],"at":"2026-11-22T10:46:42.831Z"}', NULL, '{"customer":"ann","lines":[1,2]}', '{"n":[1]}', NULL),
	('01a202dd-8989-738d-ab83-e9407d7b8ba7', 'coded', 'converted-failed', 'converted', 'default', 'FAILED', 3, 0, NULL, NULL, 1795344402825, 1795344402825, 1795344402825, 1795344402844, '01a202dd-8989-738d-ab83-e9407d7b8ba7', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"5LTeWUgd3nyIlDf/abCA06BPyabznyy7Ddfu+Suc4HNwg1mKSBThG6gJA30OE6NXiEC+EBF3jEjEEfU+L4NBmA2quOSsI2OdCD0yljyPMrT2YcFZFOpowujEl+qSYa2JL9luUQURWLy+HRcpJ/Xw/43zxU7aMJO8i/3K477p4ecNhkMW"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"Yos902vmb35G4Xfu4/hzuWwdOhhV+zI2CeJig/b1+dNbHRZR3i2ftyZnVqnPInj+2Y3k1XMA+t9E7msJjdOqAVvdJHm3jfXWp8uomlnyimgcj3044ech8vv7aEEO281Fllt5hRTp3zVwr5rmDFD8UAKwco5OnhWEftL0zSI31cE6Ocrk5tsRq8fBVjKN8hB2hHcgYM13tGvhZO/G/dIUeHtMm5+BPsCXpfKaTvUWp+FuHzhyexkh9IMrI8UozmBxfB45KP5N/SiV0WbKuMylloz5r8mM0dNAEmEf/mNlGGcPGm8lCkdhnV+wg2rzq7fs3wWHxtNU43RTjYvuFulRQpCZm8nfTdSU8owfBeVXwmz/8DdNMrUA7PesI4Cg0DgI8FHuck1nV96PNtHv8YbVVvLE12nOj9HT0wg+Yw79VPoDcpC2PLHqLBM1aMcOV5s="}', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"v9pzZ4BFiaqwg7JEa5rV+3KWmCHLNdzEVBu9UF/4R4Yfm4aWFPlp5qMQ+bxj1Sp1pz7jNJ/LrM4fjjil9o2zg9A3mvNsank5c/dRbL83siOhJCaZW3A3fBWIlGC5HY7e33ybpsMWUMxnBC4u1Qjv7Lc/Vt99Xk7dT8CS3UkpB8imrlIq+vhAe9C1zjpo"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"BB1AhdoLPYGNbdANZKziCFzo3ho6yTRTMUSMlG8E+O5lMKzOYenLMruoyoJgVcn4Ll+aGve8Sbm9IAITcui2tEdAWrps0nvC7dWJXRg+LKoV4HvRWDWwAFts9JOFTezaMd+Fe+Z3Zbrlb+nedKo8WQTM8aYz69n1Yy4yyMyZFJZve626DhxZ2ii1dH7W9wNQlhND3l0o8Osz4hISYEjbFOqOhxoem1p4TMBrtA+L+Ybjs+3A4/zvOXl+OxczhK2wfUvTiQj8Skw="}'),
	('01a202dd-898b-7469-9d48-76b3ac219c1d', 'default', 'hopping', 'hopping', 'default', 'CONTINUED_AS_NEW', 3, 0, NULL, NULL, 1795344402827, 1795344402827, 1795344402827, 1795344402836, '01a202dd-898b-7469-9d48-76b3ac219c1d', NULL, NULL, NULL, 4948944402827, NULL, NULL, NULL, NULL, NULL, '[1,false]', '"01a202dd-8994-72b9-90fa-265edc4d0127"', NULL, '{"first":true,"left":1,"doubled":2}', '{"Left":[1]}', '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"executionTimeoutMs":3153600000000,"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"executionExpiresAt":4948944402827,"staticSummary":"hops","staticDetails":"some **hops**","startedWith":{"memo":"{\"first\":true}","searchAttributes":null}}'),
	('01a202dd-89d5-76c3-b9a2-8df1da079073', 'coded', 'converted-open', 'converted', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344402901, 1795344402901, 1795344402901, NULL, '01a202dd-89d5-76c3-b9a2-8df1da079073', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"FddoYWRTlrc/Jw/RUHwDCTEBBTzWU/Fzy0lFyWIMjnJ4ZWL8pRUlMNnNW9sSqOVXJjUbms8ffJ7caWXgQi2iaDD4XqEfONBh+CN4NOFFgHWtCSRFQ3S20rOVOUt4KN9UGvngUSRUOgcqq5mu8RE43n2cYSlNvnKsNwI4re4fCzuN9YZr"}', NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"1WZufXsDs2LVNlOTNOZdZVvC1ajd/xwAfsgGdxXX0PwrisBGnCwz9ZKEFjYj4F1keVEahV8/V3hQAmx97yH6BCaKtzfnjhTRk/OyAx+K2vIKGvXmCZs05RXKbZ41UidBDrNnI2jWR+gP5FweTTOivFODwlpfXj14EQ5l4aOxNrQbYexv6MrD1h/mEDA+zhqnGWrdbJ6+0zEyXxJH"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"i3uapm6pBCR9YSPh20Ns0K5UoohcQ9UM42goNV/+PFFpy/L+55Fpfkars6Usz2lIgoZbOXG4u/kP4PHnmB6UvwakV510yyIIzfbS0xsh1pPNvYxBkySsH9FdlcA9ceEI8zwQM1Oc8Z2oYwJdKMTHPe9wUdKL19mSfUCOUKeeMJyRv4O/F9HBLVne9hbUz3W/NalsGtXI9NKhXv1H4jehJy2ZTwLeOTJ4MqJpZ4H5aRrikmkq3z5y57/bUG9PVFnh9z8XFXj2UzIZOH2GHjl1C767smqolA=="}'),
	('01a202dd-8994-72b9-90fa-265edc4d0127', 'default', 'hopping', 'hopping', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402836, 1795344402836, 1795344402836, 1795344402857, '01a202dd-898b-7469-9d48-76b3ac219c1d', NULL, NULL, NULL, 4948944402827, NULL, NULL, NULL, NULL, NULL, '[0,false]', '[{"first":true,"doubled":0},{"Left":[0]}]', NULL, '{"first":true,"doubled":0}', '{"Left":[0]}', '{"executionTimeoutMs":3153600000000,"executionExpiresAt":4948944402827,"staticSummary":"hops","staticDetails":"some **hops**","firstStartedAt":1795344402827,"continuedFrom":"01a202dd-898b-7469-9d48-76b3ac219c1d","retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"restartReason":"CONTINUE_AS_NEW","startedWith":{"memo":"{\"first\":true}","searchAttributes":"{\"Left\":[1]}"}}'),
	('01a202dd-89b6-72df-8b45-1aa80f2fd4bf', 'default', 'hopping-open', 'hopping', 'default', 'CONTINUED_AS_NEW', 3, 0, NULL, NULL, 1795344402870, 1795344402870, 1795344402870, 1795344402882, '01a202dd-89b6-72df-8b45-1aa80f2fd4bf', NULL, NULL, NULL, 4948944402870, NULL, NULL, NULL, NULL, NULL, '[1,true]', '"01a202dd-89c2-7e35-987e-6155e63857b4"', NULL, '{"left":1,"doubled":2}', '{"Left":[1]}', '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"executionTimeoutMs":3153600000000,"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"executionExpiresAt":4948944402870,"staticSummary":"hops","staticDetails":"some **hops**","startedWith":{"memo":null,"searchAttributes":null}}'),
	('01a202dd-8999-73b7-bc9f-929ad9dcb894', 'default', 'chain', 'chain', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402841, 1795344402841, 1795344402841, 1795344402910, '01a202dd-8999-73b7-bc9f-929ad9dcb894', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[8]', '{"first":16,"both":[32,6],"raced":8,"failed":"refused","settled":["fulfilled","rejected"],"memo":{},"searchAttributes":{},"seeded":["daa2e1c7-1f67-46ae-8f1a-8353e6e3de6a",0.035517229698598385],"at":"2026-11-22T10:46:42.910Z"}', NULL, NULL, NULL, NULL),
	('01a202dd-89a1-71d1-947a-ad74e62c7f78', 'coded', 'converted', 'converted', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402849, 1795344402849, 1795344402849, 1795344402941, '01a202dd-89a1-71d1-947a-ad74e62c7f78', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"9PVzG46lLk9hA7fMddHWfHXQXsTP3ksz0AVzZjJp3jAYcKzHC+v2aBpGscPpkA3O6I0bi+0pgMDJ2quEOKz8j9Zjs33U27ObsZuxKE9YRVXj1mMzY2VrwFGKymSdZAQlCeTAPymC1kovQVMqP7LWsWAwnEiMAa5S9OVNQ/58VfVdBNhN"}', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"CSWrOE8Wh8pYF0iddv5G6L1ag3rGO+yWlZEPMc1p2gQ4x1wHc1NXRF/A9TktAiuAeo3wixyUmFt2eDZrLUE="}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"xtWYYgug27Ttnk3K7HQ0eITH16F0x+7lkm6jG/zVUIm+hLfqqj31ZPrCBsFxIYy5jPvDjJl1P9Ygor5DR/yAdRcsKPrbuo7GX0giO6bzGFeINcAoFXVcsi8RxJGgvSmdhUHG0GI5WPwh+3+sdeuRfM9QPa3DBvSbEBMxrGnPyrMcNW6cNuD43QmTu5VgXZ2TelC0+6Ll+ejErDLf"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"eOD6NxGN8NKTKcX0lnWWWxr/H6R/tx+c0C1e5NgCXT924iQM96s17aFGdPEd/XVKDL0u0OvKZgrEFvoKXlaT2AalxJ9HKHwsgUq7zIfOEi0Z0G9Asg2HG91mHeXjnFyMWaoe/VDx4x1DuiAhkqa5zeAAlbGIuzSTeRyTmWVaQeJRo8IwOBqRlpc3wt+JtSHSwo/ePOa3HCGM+/I9pQzWWx/OaWkt8N0ZrG4mTBk5jruJFruu6W6hCxLU5hxryS/UA8dx1nYEhcF4aWn3IZY4hD8giBfwdA=="}'),
	('01a202dd-89f2-73ea-8c5d-b2686866cab2', 'default', 'flaky', 'flaky', 'default', 'FAILED', 3, 0, NULL, NULL, 1795344402930, 1795344402930, 1795344402930, 1795344402930, '01a202dd-89f2-73ea-8c5d-b2686866cab2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '"01a202dd-89f3-797f-96e7-c9ea68cabbe7"', '{"kind":"application","message":"not the first time","source":"perdure","stackTrace":"ApplicationFailure: not the first time","nonRetryable":false,"details":[{"attempt":1}]}', NULL, NULL, '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":0,"nonRetryableErrorTypes":[]}}'),
	('01a202dd-89f3-797f-96e7-c9ea68cabbe7', 'default', 'flaky', 'flaky', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402936, 1795344402931, 1795344402936, 1795344402950, '01a202dd-89f2-73ea-8c5d-b2686866cab2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '"attempt 2 after: not the first time"', NULL, NULL, NULL, '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":0,"nonRetryableErrorTypes":[]},"firstStartedAt":1795344402930,"continuedFrom":"01a202dd-89f2-73ea-8c5d-b2686866cab2","attempt":2,"lastFailure":"{\"kind\":\"application\",\"message\":\"not the first time\",\"source\":\"perdure\",\"stackTrace\":\"ApplicationFailure: not the first time\",\"nonRetryable\":false,\"details\":[{\"attempt\":1}]}","restartReason":"RETRY"}'),
	('01a202dd-89e6-706d-a1f4-97a7842d7c70', 'tenant', 'chain', 'chain', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402918, 1795344402918, 1795344402918, 1795344402959, '01a202dd-89e6-706d-a1f4-97a7842d7c70', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[9,"tenant"]', '{"label":"tenant","first":18,"both":[36,6],"raced":8,"failed":"refused","settled":["fulfilled","rejected"],"memo":{},"searchAttributes":{},"seeded":["d8478426-501b-46bb-83fa-a08ddeec8310",0.7996609273832291],"at":"2026-11-22T10:46:42.959Z"}', NULL, NULL, NULL, '{"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}'),
	('01a202dd-8a23-723c-80b0-697a9085065f', 'default', 'failing', 'failing', 'default', 'FAILED', 3, 0, NULL, NULL, 1795344402979, 1795344402979, 1795344402979, 1795344403022, '01a202dd-8a23-723c-80b0-697a9085065f', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, '{"kind":"application","message":"as it should","source":"perdure","stackTrace":"ApplicationFailure: as it should","type":"Expected","nonRetryable":true,"details":[{"code":7}]}', NULL, NULL, NULL),
	('01a202dd-8956-75b2-a885-d4896c516169', 'default', 'family', 'family', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344402774, 1795344402774, 1795344402774, 1795344403109, '01a202dd-8956-75b2-a885-d4896c516169', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["counting-kept","family-other"]', '[["family","family-ends","nothing"],"ChildWorkflowFailure: as children do","ChildWorkflowFailure: as siblings do","ChildWorkflowFailure: Workflow execution timed out","ChildWorkflowFailure: Workflow cancelled","WorkflowExecutionAlreadyStartedError: Workflow execution already started",null,null,"ApplicationFailure: Unable to signal external workflow because it was not found","ApplicationFailure: Unable to cancel external workflow because not found"]', NULL, NULL, NULL, NULL),
	('01a202dd-8aa8-7384-b7da-9c6ec602ab47', 'default', 'leaving-terminate', 'member', 'default', 'TERMINATED', 3, 0, NULL, NULL, 1795344403112, 1795344403112, 1795344403112, 1795344403143, '01a202dd-8aa8-7384-b7da-9c6ec602ab47', '01a202dd-8aa8-7104-8933-0ea8c6b8c275', 3, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"message":"by parent close policy","source":"perdure","kind":"terminated"}', NULL, NULL, '{"parent":{"workflowId":"leaving","runId":"01a202dd-8aa8-7104-8933-0ea8c6b8c275","namespace":"default"},"root":{"workflowId":"leaving","runId":"01a202dd-8aa8-7104-8933-0ea8c6b8c275"}}'),
	('01a202dd-8aa8-7104-8933-0ea8c6b8c275', 'default', 'leaving', 'leaving', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344403112, 1795344403112, 1795344403112, 1795344403143, '01a202dd-8aa8-7104-8933-0ea8c6b8c275', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["default"]', '["leaving-abandon","leaving-request_cancel","leaving-terminate"]', NULL, NULL, NULL, NULL),
	('01a202dd-8aa8-7c3b-b895-d4bce1694660', 'default', 'leaving-request_cancel', 'member', 'default', 'CANCELLED', 3, 0, NULL, NULL, 1795344403112, 1795344403112, 1795344403112, 1795344403148, '01a202dd-8aa8-7c3b-b895-d4bce1694660', '01a202dd-8aa8-7104-8933-0ea8c6b8c275', 2, 'REQUEST_CANCEL', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}', NULL, NULL, '{"parent":{"workflowId":"leaving","runId":"01a202dd-8aa8-7104-8933-0ea8c6b8c275","namespace":"default"},"root":{"workflowId":"leaving","runId":"01a202dd-8aa8-7104-8933-0ea8c6b8c275"}}'),
	('01a202dd-8a09-7031-92d1-38d2f69b1179', 'default', 'timed-out', 'listening', 'default', 'TIMED_OUT', 3, 0, NULL, NULL, 1795344402953, 1795344402953, 1795344402953, 1795344403254, '01a202dd-8a09-7031-92d1-38d2f69b1179', NULL, NULL, NULL, 1795344403253, NULL, NULL, NULL, NULL, NULL, '[]', NULL, '{"kind":"timeout","message":"Workflow execution timed out","source":"perdure","stackTrace":"TimeoutFailure: Workflow execution timed out","timeoutType":"START_TO_CLOSE"}', NULL, NULL, '{"runTimeoutMs":300}'),
	('01a202dd-8a4e-72f0-9aab-afb10c762410', 'default', 'endings', 'endings', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344403022, 1795344403022, 1795344403022, 1795344403379, '01a202dd-8a4e-72f0-9aab-afb10c762410', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["ActivityFailure: activity START_TO_CLOSE timeout","ActivityFailure: activity HEARTBEAT timeout","ActivityFailure: activity SCHEDULE_TO_START timeout","ActivityFailure: CANCELLED",4,"ApplicationFailure: refused"]', NULL, NULL, NULL, NULL),
	('01a202dd-89c2-7e35-987e-6155e63857b4', 'default', 'hopping-open', 'hopping', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344402882, 1795344402882, 1795344402882, NULL, '01a202dd-89b6-72df-8b45-1aa80f2fd4bf', NULL, NULL, NULL, 4948944402870, NULL, NULL, NULL, NULL, NULL, '[0,true]', NULL, NULL, '{"left":0,"doubled":0}', '{"Left":[0]}', '{"executionTimeoutMs":3153600000000,"executionExpiresAt":4948944402870,"staticSummary":"hops","staticDetails":"some **hops**","firstStartedAt":1795344402870,"continuedFrom":"01a202dd-89b6-72df-8b45-1aa80f2fd4bf","retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"restartReason":"CONTINUE_AS_NEW","startedWith":{"memo":null,"searchAttributes":"{\"Left\":[1]}"}}'),
	('01a202dd-8a13-71e1-a847-5e0f8076cced', 'tenant', 'counting', 'counting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344402963, 1795344402963, 1795344402963, NULL, '01a202dd-8a13-71e1-a847-5e0f8076cced', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[20]', NULL, NULL, NULL, NULL, '{"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}'),
	('01a202dd-8ab4-703e-95a5-7d56014c22cb', 'default', 'leaving-away', 'leaving', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344411470, 1795344403124, 1795344403124, 1795344411485, '01a202dd-8ab4-703e-95a5-7d56014c22cb', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["away"]', '["leaving-away-abandon","leaving-away-request_cancel","leaving-away-terminate"]', NULL, NULL, NULL, NULL),
	('01a202dd-8cf4-77a4-ae88-80cd82c23383', 'default', 'cancelled', 'cancellable', 'default', 'CANCELLED', 3, 0, NULL, NULL, 1795344403700, 1795344403700, 1795344403700, 1795344403705, '01a202dd-8cf4-77a4-ae88-80cd82c23383', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[false]', NULL, '{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}', NULL, NULL, NULL),
	('01a202dd-8cfa-7233-a429-b51554e0bb3c', 'default', 'terminated', 'sleeping', 'default', 'TERMINATED', 3, 0, NULL, NULL, 1795344403706, 1795344403706, 1795344403706, 1795344403709, '01a202dd-8cfa-7233-a429-b51554e0bb3c', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, '{"kind":"terminated","message":"not needed","source":"perdure","stackTrace":"TerminatedFailure: not needed"}', NULL, NULL, NULL),
	('01a202dd-8973-75a8-b3b1-329278feebd2', 'default', 'patching-open', 'patching', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344402803, 1795344402803, 1795344402803, NULL, '01a202dd-8973-75a8-b3b1-329278feebd2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8aa8-7d26-941f-ed2644f495f2', 'default', 'leaving-abandon', 'member', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344403112, 1795344403112, 1795344403112, NULL, '01a202dd-8aa8-7d26-941f-ed2644f495f2', '01a202dd-8aa8-7104-8933-0ea8c6b8c275', 1, 'ABANDON', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving","runId":"01a202dd-8aa8-7104-8933-0ea8c6b8c275","namespace":"default"},"root":{"workflowId":"leaving","runId":"01a202dd-8aa8-7104-8933-0ea8c6b8c275"}}'),
	('01a202dd-8ab4-72e9-bf6a-abfdbaab14e0', 'default', 'leaving-away-abandon', 'member', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795344403125, 1795344403125, 1795344403125, NULL, '01a202dd-8ab4-72e9-bf6a-abfdbaab14e0', '01a202dd-8ab4-703e-95a5-7d56014c22cb', 1, 'ABANDON', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving-away","runId":"01a202dd-8ab4-703e-95a5-7d56014c22cb","namespace":"default"},"root":{"workflowId":"leaving-away","runId":"01a202dd-8ab4-703e-95a5-7d56014c22cb"}}'),
	('01a202dd-8ab4-7631-8ce0-b4b9980b566a', 'default', 'leaving-away-terminate', 'member', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795344403125, 1795344403125, 1795344403125, NULL, '01a202dd-8ab4-7631-8ce0-b4b9980b566a', '01a202dd-8ab4-703e-95a5-7d56014c22cb', 3, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving-away","runId":"01a202dd-8ab4-703e-95a5-7d56014c22cb","namespace":"default"},"root":{"workflowId":"leaving-away","runId":"01a202dd-8ab4-703e-95a5-7d56014c22cb"}}'),
	('01a202dd-8ab4-7757-877a-5737bed23136', 'default', 'leaving-away-request_cancel', 'member', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795344403125, 1795344403125, 1795344403125, NULL, '01a202dd-8ab4-7757-877a-5737bed23136', '01a202dd-8ab4-703e-95a5-7d56014c22cb', 2, 'REQUEST_CANCEL', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving-away","runId":"01a202dd-8ab4-703e-95a5-7d56014c22cb","namespace":"default"},"root":{"workflowId":"leaving-away","runId":"01a202dd-8ab4-703e-95a5-7d56014c22cb"}}'),
	('01a202dd-8ad1-7460-b2f2-a828307bba7d', 'default', 'awaiting', 'awaiting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344403153, 1795344403153, 1795344403153, NULL, '01a202dd-8ad1-7460-b2f2-a828307bba7d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["default"]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8ad1-7c1f-aa67-84c37bc927fa', 'default', 'awaiting-child', 'member', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344403154, 1795344403154, 1795344403154, NULL, '01a202dd-8ad1-7c1f-aa67-84c37bc927fa', '01a202dd-8ad1-7460-b2f2-a828307bba7d', 1, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"awaiting","runId":"01a202dd-8ad1-7460-b2f2-a828307bba7d","namespace":"default"},"root":{"workflowId":"awaiting","runId":"01a202dd-8ad1-7460-b2f2-a828307bba7d"}}'),
	('01a202dd-8ad4-7414-bac7-86d487a36d0e', 'default', 'awaiting-away', 'awaiting', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795344403156, 1795344403156, 1795344403156, NULL, '01a202dd-8ad4-7414-bac7-86d487a36d0e', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["default"]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8bb4-7454-a749-3c36a757cb6c', 'default', 'attending', 'attending', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795344403380, 1795344403380, 1795344403380, NULL, '01a202dd-8bb4-7454-a749-3c36a757cb6c', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-ab3c-751e-a033-4026d99eab27', 'default', 'sleeping', 'sleeping', 'default', 'RUNNING', 3, 0, 11, NULL, 1795344411452, 1795344411452, 1795344411452, NULL, '01a202dd-ab3c-751e-a033-4026d99eab27', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-ab45-70ce-a786-858660668340', 'default', 'delayed', 'retrying', 'default', 'RUNNING', 3, 0, NULL, 1795344431461, NULL, 1795344411461, NULL, NULL, '01a202dd-ab45-70ce-a786-858660668340', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-ab47-71f9-999d-da5d74e64eda', 'default', 'flaky-later', 'flaky', 'default', 'FAILED', 3, 0, NULL, NULL, 1795344411463, 1795344411463, 1795344411463, 1795344411463, '01a202dd-ab47-71f9-999d-da5d74e64eda', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '"01a202dd-ab48-73c1-b540-52a225c627f8"', '{"kind":"application","message":"not the first time","source":"perdure","stackTrace":"ApplicationFailure: not the first time","nonRetryable":false,"details":[{"attempt":1}]}', NULL, NULL, '{"retry":{"initialMs":20000,"coefficient":2,"maximumMs":2000000,"maximumAttempts":0,"nonRetryableErrorTypes":[]}}'),
	('01a202dd-ab48-73c1-b540-52a225c627f8', 'default', 'flaky-later', 'flaky', 'default', 'RUNNING', 3, 0, NULL, 1795344431463, NULL, 1795344411464, NULL, NULL, '01a202dd-ab47-71f9-999d-da5d74e64eda', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '{"retry":{"initialMs":20000,"coefficient":2,"maximumMs":2000000,"maximumAttempts":0,"nonRetryableErrorTypes":[]},"firstStartedAt":1795344411463,"continuedFrom":"01a202dd-ab47-71f9-999d-da5d74e64eda","attempt":2,"lastFailure":"{\"kind\":\"application\",\"message\":\"not the first time\",\"source\":\"perdure\",\"stackTrace\":\"ApplicationFailure: not the first time\",\"nonRetryable\":false,\"details\":[{\"attempt\":1}]}","restartReason":"RETRY"}'),
	('01a202dd-ab51-70d8-b40f-1f3d5eb384bb', 'default', 'overdue', 'listening', 'default', 'RUNNING', 3, 0, 11, NULL, 1795344411473, 1795344411473, 1795344411473, NULL, '01a202dd-ab51-70d8-b40f-1f3d5eb384bb', NULL, NULL, NULL, 1795344441473, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '{"runTimeoutMs":30000}'),
	('01a202dd-ab55-7143-97a4-d48cf3d6b4c1', 'default', 'retrying', 'retrying', 'default', 'RUNNING', 3, 0, 11, NULL, 1795344411477, 1795344411477, 1795344411477, NULL, '01a202dd-ab55-7143-97a4-d48cf3d6b4c1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-ab58-7659-a64d-55901e37a92d', 'default', 'endlessly', 'endlessly', 'default', 'RUNNING', 3, 0, 11, NULL, 1795344411480, 1795344411480, 1795344411480, NULL, '01a202dd-ab58-7659-a64d-55901e37a92d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8ad4-75f9-8438-57c4a6d9a329', 'default', 'awaiting-away-child', 'member', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795344411470, 1795344403157, 1795344403157, 1795344411485, '01a202dd-8ad4-75f9-8438-57c4a6d9a329', '01a202dd-8ad4-7414-bac7-86d487a36d0e', 1, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', '["awaiting-away","awaiting-away-child","hello"]', NULL, NULL, NULL, '{"parent":{"workflowId":"awaiting-away","runId":"01a202dd-8ad4-7414-bac7-86d487a36d0e","namespace":"default"},"root":{"workflowId":"awaiting-away","runId":"01a202dd-8ad4-7414-bac7-86d487a36d0e"}}'),
	('01a202dd-8d8d-72f0-b9a5-64afa2f3df05', 'default', 'newcomer', 'newcomer', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795344411470, 1795344403853, NULL, NULL, '01a202dd-8d8d-72f0-b9a5-64afa2f3df05', NULL, NULL, NULL, NULL, 'unknown_workflow_type', 'No workflow ''newcomer'' is registered with worker recorder of task queue ''default''; it has asking, attending, awaiting, bytes, cancellable, chain, changed, converted, counting, crashing, endings, endlessly, failing, family, flaky, foreign, heartbeats, hopping, leaving, ledger, .... It goes on when a worker that has it starts.', 'ae00c024a88cec37', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-ab5c-76cc-88c4-e1a1f91906da', 'default', 'heartbeats', 'heartbeats', 'default', 'RUNNING', 3, 0, 11, NULL, 1795344411484, 1795344411484, 1795344411484, NULL, '01a202dd-ab5c-76cc-88c4-e1a1f91906da', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-ab69-7500-9560-e8e026292a32', 'default', 'outside', 'outside', 'default', 'RUNNING', 3, 0, 11, NULL, 1795344411497, 1795344411497, 1795344411497, NULL, '01a202dd-ab69-7500-9560-e8e026292a32', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-ab7b-777d-9080-1a539b313f6d', 'default', 'queueing', 'queueing', 'default', 'RUNNING', 3, 0, 11, NULL, 1795344411515, 1795344411515, 1795344411515, NULL, '01a202dd-ab7b-777d-9080-1a539b313f6d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-ab7f-70fa-8579-08ef0c576e80', 'default', 'cancelling', 'cancellable', 'default', 'RUNNING', 3, 0, 11, NULL, 1795344411519, 1795344411519, 1795344411519, NULL, '01a202dd-ab7f-70fa-8579-08ef0c576e80', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[true]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8dcd-70e8-88aa-d86c91201ceb', 'default', 'crashing', 'crashing', 'crashing', 'RUNNING', 3, 5, NULL, NULL, 1795344409761, 1795344403917, 1795344404662, NULL, '01a202dd-8dcd-70e8-88aa-d86c91201ceb', NULL, NULL, NULL, NULL, 'crash_loop', 'The worker died 5 times in a row while it ran this execution (last build 5d1166fc46fd0b6d). It is not tried again by the same build: deploy a fixed one, or terminate the execution.', '5d1166fc46fd0b6d', 1, true, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8dd0-721f-a8a4-a68968b7ff2a', 'default', 'asking', 'asking', 'asking', 'RUNNING', 3, 1, NULL, 1795344411857, 1795344410579, 1795344403920, 1795344410579, NULL, '01a202dd-8dd0-721f-a8a4-a68968b7ff2a', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["counting-kept","target"]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-a7d3-704a-8e8c-9e4df8bb1adb', 'default', 'asking-child', 'member', 'asking', 'RUNNING', 3, 1, NULL, 1795344411857, 1795344410592, 1795344410592, 1795344410592, NULL, '01a202dd-a7d3-704a-8e8c-9e4df8bb1adb', '01a202dd-8dd0-721f-a8a4-a68968b7ff2a', 1, 'ABANDON', NULL, NULL, NULL, NULL, NULL, NULL, '["ends"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"asking","runId":"01a202dd-8dd0-721f-a8a4-a68968b7ff2a","namespace":"default"},"root":{"workflowId":"asking","runId":"01a202dd-8dd0-721f-a8a4-a68968b7ff2a"}}'),
	('01a202dd-8955-7762-ba65-4e4aa5dc82f1', 'default', 'changed', 'changed', 'default', 'RUNNING', 3, 0, NULL, 1795344414549, 1795344412544, 1795344402773, 1795344402773, NULL, '01a202dd-8955-7762-ba65-4e4aa5dc82f1', NULL, NULL, NULL, NULL, 'nondeterminism', 'The workflow code does not fit its history at event 1
  expected  ActivityTaskCompleted for command 1: activity ''double''
  got       command 1 is activity ''refuse''
  at        unknown
  Put back the code that made this history, or keep the old path for executions that began on it; the execution goes on by itself then.', 'ae00c024a88cec37', 2, true, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202dd-8dd1-7639-833b-e4e23b19adbc', 'tenant', 'lost', 'heartbeats', 'default', 'RUNNING', 3, 1, NULL, 1795344412561, 1795344411272, 1795344403921, 1795344411272, NULL, '01a202dd-8dd1-7639-833b-e4e23b19adbc', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '{"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}');

INSERT INTO perdure.history VALUES
	('01a202dd-8878-77e3-b377-9cc428613e9e', 1, 1795344402569, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder"}
[1]'),
	('01a202dd-8878-77e3-b377-9cc428613e9e', 2, 1795344402574, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402569,"startedAt":1795344402573}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202dd-8878-77e3-b377-9cc428613e9e', 3, 1795344402580, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder"}
[2]'),
	('01a202dd-8878-77e3-b377-9cc428613e9e', 4, 1795344402589, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402580,"startedAt":1795344402589}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[2]
4'),
	('01a202dd-8878-77e3-b377-9cc428613e9e', 5, 1795344402590, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder"}
[3]'),
	('01a202dd-8878-77e3-b377-9cc428613e9e', 6, 1795344402591, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["early"]'),
	('01a202dd-8878-77e3-b377-9cc428613e9e', 7, 1795344402593, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["too"]'),
	('01a202dd-8878-77e3-b377-9cc428613e9e', 8, 1795344402593, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402590,"startedAt":1795344402593}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a202dd-88a0-75fb-bab5-8adcf6cc73da', 1, 1795344402603, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["first"]'),
	('01a202dd-88aa-7697-a947-2bd3a00fac62', 1, 1795344402618, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["before all"]'),
	('01a202dd-88aa-7697-a947-2bd3a00fac62', 2, 1795344402618, 'WorkflowTaskStarted', '{}'),
	('01a202dd-88aa-7697-a947-2bd3a00fac62', 3, 1795344402619, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795344402618}'),
	('01a202dd-88aa-7697-a947-2bd3a00fac62', 4, 1795344402628, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a202dd-88c8-742a-876b-0353f378479a', 1, 1795344402636, 'WorkflowExecutionUpdateAccepted', '{"updateId":"comes first","updateName":"put","identity":"recorder"}
[1]'),
	('01a202dd-88c8-742a-876b-0353f378479a', 2, 1795344402636, 'WorkflowTaskStarted', '{}'),
	('01a202dd-88c8-742a-876b-0353f378479a', 3, 1795344402639, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402636,"startedAt":1795344402639}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202dd-88c8-742a-876b-0353f378479a', 4, 1795344402639, 'WorkflowExecutionUpdateCompleted', '{"updateId":"comes first"}
2'),
	('01a202dd-88c8-742a-876b-0353f378479a', 5, 1795344402655, 'WorkflowExecutionUpdateAccepted', '{"updateId":"adds","updateName":"put","identity":"recorder"}
[2]'),
	('01a202dd-88c8-742a-876b-0353f378479a', 6, 1795344402658, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402655,"startedAt":1795344402658}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[2]
4'),
	('01a202dd-88c8-742a-876b-0353f378479a', 7, 1795344402658, 'WorkflowExecutionUpdateCompleted', '{"updateId":"adds"}
6'),
	('01a202dd-88c8-742a-876b-0353f378479a', 8, 1795344402666, 'WorkflowExecutionUpdateAccepted', '{"updateId":"fails","updateName":"put","identity":"recorder"}
[13]'),
	('01a202dd-88c8-742a-876b-0353f378479a', 9, 1795344402666, 'WorkflowExecutionUpdateCompleted', '{"updateId":"fails","failed":true}
{"kind":"application","message":"unlucky","source":"perdure","stackTrace":"ApplicationFailure: unlucky","type":"Unlucky","nonRetryable":false}'),
	('01a202dd-88c8-742a-876b-0353f378479a', 10, 1795344402674, 'WorkflowExecutionSignaled', '{"signalName":"finish","identity":"recorder"}
[]'),
	('01a202dd-88f5-7183-b6c4-97cf32dc90fa', 1, 1795344402682, 'WorkflowExecutionUpdateAccepted', '{"updateId":"adds","updateName":"put","identity":"recorder"}
[1]'),
	('01a202dd-88f5-7183-b6c4-97cf32dc90fa', 2, 1795344402684, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402682,"startedAt":1795344402684}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202dd-88f5-7183-b6c4-97cf32dc90fa', 3, 1795344402684, 'WorkflowExecutionUpdateCompleted', '{"updateId":"adds"}
2'),
	('01a202dd-88f5-7183-b6c4-97cf32dc90fa', 4, 1795344402687, 'WorkflowExecutionUpdateAccepted', '{"updateId":"waits","updateName":"put","identity":"recorder"}
[100]'),
	('01a202dd-8901-7709-846c-a71cd43759f6', 1, 1795344402691, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795344402689}'),
	('01a202dd-8922-7235-9517-68288294666b', 1, 1795344402730, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795344402722}'),
	('01a202dd-8935-77a8-baac-afc5bbcb952f', 1, 1795344402745, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795344402741}'),
	('01a202dd-8951-759b-99d9-92ef3680ea38', 1, 1795344402771, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795344402769}'),
	('01a202dd-8956-75b1-81a1-0fdb6c49b576', 1, 1795344402774, 'PatchMarked', '{"patchId":"at the start","deprecated":false,"atStart":true}'),
	('01a202dd-8956-75b1-81a1-0fdb6c49b576', 2, 1795344402774, 'PatchMarked', '{"patchId":"long ago","deprecated":true,"atStart":true}'),
	('01a202dd-8956-75b1-81a1-0fdb6c49b576', 3, 1795344402781, 'PatchMarked', '{"patchId":"afterwards","deprecated":false,"atStart":false}'),
	('01a202dd-8956-75b1-81a1-0fdb6c49b576', 4, 1795344402781, 'PatchMarked', '{"patchId":"before","deprecated":true,"atStart":false}'),
	('01a202dd-8956-75b1-81a1-0fdb6c49b576', 5, 1795344402781, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795344402774}'),
	('01a202dd-8955-7761-95b5-659a0236e580', 1, 1795344402792, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402773,"startedAt":1795344402787}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[7]
14'),
	('01a202dd-8955-7762-ba65-4e4aa5dc82f1', 1, 1795344402792, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402773,"startedAt":1795344402787}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[10]
20'),
	('01a202dd-8956-75b3-9048-1f0a9313b075', 1, 1795344402792, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795344402774,"startedAt":1795344402787}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
:{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCJcImxhc3RcIiJd"}
:{"metadata":{"encoding":"binary/plain"},"data":"AQL+/w=="}'),
	('01a202dd-8951-759b-99d9-92ef3680ea38', 2, 1795344402799, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"workflow family"}
["from another"]'),
	('01a202dd-8951-759b-99d9-92ef3680ea38', 3, 1795344402799, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"workflow family","joined":true}'),
	('01a202dd-8955-7762-ba65-4e4aa5dc82f1', 2, 1795344402799, 'TimerFired', '{"command":2,"durationMs":1,"startedAt":1795344402792}'),
	('01a202dd-8956-75b2-a885-d4896c516169', 1, 1795344402799, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"family-ends","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795344402774,"runId":"01a202dd-8956-7298-947c-e7c9d5f6db4c"}
["ends"]'),
	('01a202dd-8955-7761-95b5-659a0236e580', 2, 1795344402801, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402792,"startedAt":1795344402800}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[14]
28'),
	('01a202dd-8955-7761-95b5-659a0236e580', 3, 1795344402802, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402792,"startedAt":1795344402800}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a202dd-8956-75b2-a885-d4896c516169', 2, 1795344402801, 'ChildWorkflowExecutionStarted', '{"command":2,"workflowId":"family-fails","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795344402774,"runId":"01a202dd-8956-74a0-ac52-4e6100d6e2aa"}
["fails"]'),
	('01a202dd-8956-75b2-a885-d4896c516169', 3, 1795344402802, 'ChildWorkflowExecutionStarted', '{"command":3,"workflowId":"family-terminated","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795344402774,"runId":"01a202dd-8956-791c-8c84-9033040f75c6"}
["waits"]'),
	('01a202dd-8956-75b2-a885-d4896c516169', 4, 1795344402809, 'ChildWorkflowExecutionStarted', '{"command":4,"workflowId":"family-overdue","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795344402774,"runId":"01a202dd-8956-7bb5-85c1-540d4205dcff"}
["waits"]'),
	('01a202dd-8956-75b2-a885-d4896c516169', 5, 1795344402814, 'ChildWorkflowExecutionStarted', '{"command":5,"workflowId":"family-cancelled","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795344402774,"runId":"01a202dd-8956-7e8f-a773-cb8c5d250a63"}
["waits"]'),
	('01a202dd-8973-75a8-b3b1-329278feebd2', 1, 1795344402803, 'PatchMarked', '{"patchId":"at the start","deprecated":false,"atStart":true}'),
	('01a202dd-8973-75a8-b3b1-329278feebd2', 2, 1795344402803, 'PatchMarked', '{"patchId":"long ago","deprecated":true,"atStart":true}'),
	('01a202dd-8973-75a8-b3b1-329278feebd2', 3, 1795344402815, 'PatchMarked', '{"patchId":"afterwards","deprecated":false,"atStart":false}'),
	('01a202dd-8973-75a8-b3b1-329278feebd2', 4, 1795344402815, 'PatchMarked', '{"patchId":"before","deprecated":true,"atStart":false}'),
	('01a202dd-8973-75a8-b3b1-329278feebd2', 5, 1795344402815, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795344402803}'),
	('01a202dd-8955-7761-95b5-659a0236e580', 4, 1795344402818, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402802,"startedAt":1795344402817}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[4]
8'),
	('01a202dd-8956-75b2-a885-d4896c516169', 6, 1795344402818, 'StartChildWorkflowExecutionFailed', '{"command":6,"workflowId":"counting-kept","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795344402774,"cause":"WORKFLOW_ALREADY_EXISTS"}
["ends"]'),
	('01a202dd-8956-75b2-a885-d4896c516169', 7, 1795344402818, 'ExternalWorkflowExecutionSignaled', '{"command":7,"workflowId":"family-other","runId":null,"initiatedAt":1795344402774,"signalName":"go"}
["from another"]'),
	('01a202dd-8956-75b2-a885-d4896c516169', 8, 1795344402818, 'ExternalWorkflowExecutionCancelRequested', '{"command":8,"workflowId":"family-other","runId":null,"initiatedAt":1795344402774}'),
	('01a202dd-8956-75b2-a885-d4896c516169', 9, 1795344402818, 'SignalExternalWorkflowExecutionFailed', '{"command":9,"workflowId":"nobody","runId":null,"initiatedAt":1795344402774,"signalName":"go"}
[]'),
	('01a202dd-8956-75b2-a885-d4896c516169', 10, 1795344402818, 'RequestCancelExternalWorkflowExecutionFailed', '{"command":10,"workflowId":"nobody","runId":null,"initiatedAt":1795344402774}'),
	('01a202dd-8956-75b2-a885-d4896c516169', 11, 1795344402818, 'ChildWorkflowExecutionClosed', '{"command":1,"workflowId":"family-ends","runId":"01a202dd-8956-7298-947c-e7c9d5f6db4c","workflowType":"member","status":"COMPLETED"}
["family","family-ends","nothing"]
'),
	('01a202dd-8956-75b2-a885-d4896c516169', 12, 1795344402818, 'ChildWorkflowExecutionClosed', '{"command":2,"workflowId":"family-fails","runId":"01a202dd-8956-74a0-ac52-4e6100d6e2aa","workflowType":"member","status":"FAILED"}

{"kind":"application","message":"as children do","source":"perdure","stackTrace":"ApplicationFailure: as children do","type":"Expected","nonRetryable":false}'),
	('01a202dd-8956-75b2-a885-d4896c516169', 13, 1795344402819, 'ChildWorkflowExecutionClosed', '{"command":3,"workflowId":"family-terminated","runId":"01a202dd-8956-791c-8c84-9033040f75c6","workflowType":"member","status":"TERMINATED"}

{"kind":"terminated","message":"as siblings do","source":"perdure","stackTrace":"TerminatedFailure: as siblings do"}'),
	('01a202dd-8970-7166-b213-14080dfe323e', 1, 1795344402818, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795344402800,"startedAt":1795344402817}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
:{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCJcImFsb25lXCIiXQ=="}
:{"metadata":{"encoding":"binary/plain"},"data":"AQL+/w=="}'),
	('01a202dd-8955-7761-95b5-659a0236e580', 5, 1795344402824, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795344402818,"startedAt":1795344402823,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202dd-8955-7761-95b5-659a0236e580', 6, 1795344402827, 'ActivityTaskCompleted', '{"command":7,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402824,"startedAt":1795344402826}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[5]
10'),
	('01a202dd-8955-7761-95b5-659a0236e580', 7, 1795344402828, 'ActivityTaskFailed', '{"command":8,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795344402824,"startedAt":1795344402826,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202dd-8955-7761-95b5-659a0236e580', 8, 1795344402831, 'TimerFired', '{"command":9,"durationMs":1,"startedAt":1795344402828}'),
	('01a202dd-8956-75b1-81a1-0fdb6c49b576', 6, 1795344402830, 'PatchMarked', '{"patchId":"at the end","deprecated":false,"atStart":false}'),
	('01a202dd-8956-75b1-81a1-0fdb6c49b576', 7, 1795344402830, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a202dd-898b-7469-9d48-76b3ac219c1d', 1, 1795344402835, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402827,"startedAt":1795344402833}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202dd-8989-738d-ab83-e9407d7b8ba7', 1, 1795344402844, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795344402825,"startedAt":1795344402844}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"X7OHbQte5zkxYGMEBSMBCBHxIv7i2/k3kdx194hN7AN+xYK8d87LAEoMw4PVvME6QSgqKlyeJGXJpZIBOpVfhflpoDgHUunMgBi6kINSWNeBTl3/Bd7Q0L4swfwYr3/FXdAmd8fT2hyrzsD0GXXyPhbzr2Cmi2U5t1Rc3Bzj3GDO898gsB3qEaINf2R5rKcuEpY2kP/PBXHFSo3we+M+8KxLofw1GiDU89uKBEKmmLpjn6/DLsLw34LlJc5DqIBQ3MpJp4v2NbFa+Ag="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"FrW4odq+T29KUzqlviFLMX5QW1mycPgWWQ8fH1YV5VElTPNe8QJ/pn+QnpCAJFs0g4W9mLbj+whdc/6sNNhT7Y/CoLby+kliaXB1jnWzFmmocUkyIO+hE6NqmwCO88KRDbTD3C7DBD+0NPGRVXijs0NCe1nfeaCYjWrVn/17eZ00fSv4MasHeuXsWQjIvBqRVww6GA=="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"471NojPR+kF7hBm/qWHTufXpUz5exTiiIpGWVp5Vkaub/3u7LVi13CZTumWf9rhK9hxhOfesbIafrzDTfQ=="}'),
	('01a202dd-89a1-71d1-947a-ad74e62c7f78', 1, 1795344402858, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795344402849,"startedAt":1795344402857}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"QeKkDTKRQx+0wKqSP+5AS7d8aFJI/lawmQc8M4f3tefN+Gz6SgZO5vxgb2rzJx7e7sbQGMeJMk87BISI2ntLx9r949tsLHCmPUoeqeheHHdd6I37MUMe9/xXubUfaPfcwn4S5RYGw5TM8ViQO+Q9tSGMrnY373Xvn55PoLQQq+aASKa8tDjhgknkYYQOk0eT+wb5vfaNu7/aGDVMrvhqiNgJX+N60miNKhh0ILQXl3daSg2Lzd7+RRpApWwapwNACOFh/qIU7eVyPSg="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"sqm9nriLGUU4b557fRaHnbPtpcXPdB+1RgU8jEpICx+KXRgn0h7R+Rsan5RAv+J9jEjcs5RxaBpzNL55b6AaDjeJF5aiEb6cWezEWTPtlnLaAvUWhxhK1Z8U7lOwLa3wath6WH5VVL0pgXHhbQg8yFii/TbqGwyaLGGObm00di1TNkSJag2iIQONbnnW/P+a1/iWiQ=="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"LS6EnTwKZZpTU3VzmFVp5PWTiw5vbiu/2AsUzLL3wh+ZbH6H5OL5wgHGokn3JXfhUpSXqE3QAn7f7Jw9jA=="}'),
	('01a202dd-89a1-71d1-947a-ad74e62c7f78', 2, 1795344402888, 'WorkflowExecutionUpdateAccepted', '{"updateId":"grows","updateName":"grow","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"HXrPoUd5T/gixVFBXiKXaSitMpSW0wDm0BLa+8CcrFXHPtVWPbD8OB5rkGu7PoXYZgjLsA+6D1gWdowlrMQ9xUzzpzpnNA2u0ARAiuFW+FmbHjHQahd6c2DGur5aoBTRC3jwON09nOiblijG4Xubnu/0tWmDL0I+s/Cz6PFqqjMEPjKjZDaCNw==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"gRm8MX8/etEc37+/69krYUVSA2bRaLWxX+ox9yNTVrEQhycRarcDeo1BkwrnaMeQDmiITlVHMukmFvnZw+8KyD1J46eR5N79jFENYYx228JRSbzPmCjQ1b6HZrMpa5sWEPdmtfon85OoBz5rX5y8Q2cl+UzIG9iO3LTu41bmHuonpckP"}'),
	('01a202dd-89a1-71d1-947a-ad74e62c7f78', 3, 1795344402888, 'WorkflowExecutionUpdateCompleted', '{"updateId":"grows"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"C+tjZSHj4naUeq/mzh9R6oQRcekSJD72ZAgId+FjVadehCMCVSumgP2LS1lqC4oDxSYnhUknO0SxJF8UM8g="}'),
	('01a202dd-89d5-76c3-b9a2-8df1da079073', 1, 1795344402910, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795344402901,"startedAt":1795344402906}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"T4CsA5zbOOqi0exSB/hu/p+mkpCMxJqqtNkfDRDpzLjfCUNFwLyFEKH2zzgJgRLICQ7kyDcTtPopSK7xbtXJB9w9hqiQaTBeZ0I7yFVxmLnC3ltL0SstRND+Iom9j1yL06Hv833dE4OirP8l3Nsp0iJ9k+z/54sfQkPuPzD5HKg45po4Ts/dTeXCdShg7f9HAyNV7HrhSAakmkXskcRt+X81Vj7BlcaTGoFX9E4h4dh7NvwZqXva0hMXLD9BYXrQOwGw89lPCJTcgLE="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"zhhuNN2h9LZUYJoKaZ/BHD8gGWFQGCZ6Y83Ave4rppv1/ZWvPAwWe+T0kGEwn70luFGwRLlZLLmtEb0QIfbpC/Df/MZKaayyL1HaMT+/5tmkZmZbgn3LOsL8dzg1IkqRYpgHZHEXSQwcDf3BrO3BayS0cNAv9o8jAxxw3z26QYznlYcRPjzMJ3FI5m38XBJyM95swg=="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"CaXHjkZMhWNRcyQON7F1+G9ImDYs2rGk/uGp7syuJMWeiMk2+MCM2Lj+mjDcMrS0HOaTTbkoNIW+kipPZA=="}'),
	('01a202dd-89d5-76c3-b9a2-8df1da079073', 2, 1795344402919, 'WorkflowExecutionUpdateAccepted', '{"updateId":"grows","updateName":"grow","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"dezSnWxTDwvmbfVPzSoh+JdkFU1G9V9RPqDtOUNba5MNL1H8Xv2sYsSHT7dMTQHkZMzrRJWh8ydOPNYy1yg8JVKYVrUIW4N5D13QhhEXLsCr6m8RWHkPiLelN8B3eGo9p0PnHNkt2IVAXgtQyLGXpPUOhECIKKnskD3MkSuE3qB3K36llM4C0g==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"goFabvbrg3G5WZfyOG5tbbji09x16MSyZmyidVL/Ln2Z+vy/dq71c7sFQtGQJiTHCSvrOM7rqMt12o0P+Ywim6NS4dlCjuZsvr74ibnrgUItgAasP/N2EasnmL0chHrs9l/4t0gZPf19Bdp+uyCs9nVI6Td+eCrdlEupGbP1E1JkQZDe"}'),
	('01a202dd-89d5-76c3-b9a2-8df1da079073', 3, 1795344402919, 'WorkflowExecutionUpdateCompleted', '{"updateId":"grows"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"8GpQs//Ck6ii3ew6Zr18iz9CJQ5oG2xx1lshW6nzyCRoeWnVbTS77tC2eY14/t0ltr7WROfjzW60qvNREvY="}'),
	('01a202dd-89a1-71d1-947a-ad74e62c7f78', 4, 1795344402937, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"Sb6FKEtgpuDXr9NdFag+T7N/VAI47qs0XCTVSFZlykYL5PmwxQPenxDXP/OLzkTcNC03bV1kWgnEoT5nIDqBNK2dcqJBkf/ZIG7rHzQIiu6pfYZAe+TWRwulg6UyotcoWYnKClTMxXs1N968zXkP+x6dCdQCFQN7+18wPrwJXLD2aH5648zRNw==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"LqiJF/yZz7DWLUKdn7ZXocKa4nATtqeEm6NMmFjwfhHg+AHMGJ8QUQ7yBmZkHU3NWKhHBDOJF5QWa9jbnQOeapT1"}'),
	('01a202dd-8999-73b7-bc9f-929ad9dcb894', 1, 1795344402855, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402841,"startedAt":1795344402855}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[8]
16'),
	('01a202dd-8994-72b9-90fa-265edc4d0127', 1, 1795344402857, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402836,"startedAt":1795344402855}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[0]
0'),
	('01a202dd-8999-73b7-bc9f-929ad9dcb894', 2, 1795344402858, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402855,"startedAt":1795344402858}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[16]
32'),
	('01a202dd-8999-73b7-bc9f-929ad9dcb894', 3, 1795344402859, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402855,"startedAt":1795344402858}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a202dd-8999-73b7-bc9f-929ad9dcb894', 4, 1795344402875, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402859,"startedAt":1795344402874}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[4]
8'),
	('01a202dd-89b6-72df-8b45-1aa80f2fd4bf', 1, 1795344402882, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402870,"startedAt":1795344402880}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202dd-8999-73b7-bc9f-929ad9dcb894', 5, 1795344402887, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795344402875,"startedAt":1795344402886,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202dd-89c2-7e35-987e-6155e63857b4', 1, 1795344402900, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402882,"startedAt":1795344402899}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[0]
0'),
	('01a202dd-8999-73b7-bc9f-929ad9dcb894', 6, 1795344402904, 'ActivityTaskCompleted', '{"command":7,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402887,"startedAt":1795344402902}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[5]
10'),
	('01a202dd-8999-73b7-bc9f-929ad9dcb894', 7, 1795344402904, 'ActivityTaskFailed', '{"command":8,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795344402887,"startedAt":1795344402902,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202dd-8999-73b7-bc9f-929ad9dcb894', 8, 1795344402910, 'TimerFired', '{"command":9,"durationMs":1,"startedAt":1795344402904}'),
	('01a202dd-89e6-706d-a1f4-97a7842d7c70', 1, 1795344402944, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402918,"startedAt":1795344402944}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[9]
18'),
	('01a202dd-89e6-706d-a1f4-97a7842d7c70', 2, 1795344402952, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402944,"startedAt":1795344402950}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[18]
36'),
	('01a202dd-89e6-706d-a1f4-97a7842d7c70', 3, 1795344402952, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402944,"startedAt":1795344402950}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a202dd-89e6-706d-a1f4-97a7842d7c70', 4, 1795344402955, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402952,"startedAt":1795344402954}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[4]
8'),
	('01a202dd-89e6-706d-a1f4-97a7842d7c70', 5, 1795344402956, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795344402955,"startedAt":1795344402956,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202dd-8a09-7031-92d1-38d2f69b1179', 1, 1795344402954, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795344402953}'),
	('01a202dd-89e6-706d-a1f4-97a7842d7c70', 6, 1795344402958, 'ActivityTaskCompleted', '{"command":7,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402956,"startedAt":1795344402958}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[5]
10'),
	('01a202dd-89e6-706d-a1f4-97a7842d7c70', 7, 1795344402958, 'ActivityTaskFailed', '{"command":8,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795344402956,"startedAt":1795344402958,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202dd-89e6-706d-a1f4-97a7842d7c70', 8, 1795344402959, 'TimerFired', '{"command":9,"durationMs":1,"startedAt":1795344402958}'),
	('01a202dd-8a13-71e1-a847-5e0f8076cced', 1, 1795344402982, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder","headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}
[0]');
INSERT INTO perdure.history VALUES
	('01a202dd-8a23-723c-80b0-697a9085065f', 1, 1795344403021, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402979,"startedAt":1795344403021}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202dd-8a13-71e1-a847-5e0f8076cced', 2, 1795344403024, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344402982,"startedAt":1795344403024}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[0]
0'),
	('01a202dd-8a4e-72f0-9aab-afb10c762410', 1, 1795344403027, 'ActivityTaskCompleted', '{"command":5,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344403022,"startedAt":1795344403026}
{"startToCloseMs":60000,"local":true,"retry":{"maximumAttempts":1}}
[2]
4'),
	('01a202dd-8a4e-72f0-9aab-afb10c762410', 2, 1795344403027, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795344403022,"startedAt":1795344403026,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"local":true,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202dd-8956-75b2-a885-d4896c516169', 14, 1795344403083, 'ChildWorkflowExecutionClosed', '{"command":4,"workflowId":"family-overdue","runId":"01a202dd-8956-7bb5-85c1-540d4205dcff","workflowType":"member","status":"TIMED_OUT"}

{"kind":"timeout","message":"Workflow execution timed out","source":"perdure","stackTrace":"TimeoutFailure: Workflow execution timed out","timeoutType":"START_TO_CLOSE"}'),
	('01a202dd-8956-75b2-a885-d4896c516169', 15, 1795344403098, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a202dd-8956-75b2-a885-d4896c516169', 16, 1795344403106, 'ExternalWorkflowExecutionCancelRequested', '{"command":11,"workflowId":"family-cancelled","runId":null,"initiatedAt":1795344403098}'),
	('01a202dd-8956-7e8f-a773-cb8c5d250a63', 1, 1795344403106, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"workflow family"}'),
	('01a202dd-8956-75b2-a885-d4896c516169', 17, 1795344403109, 'ChildWorkflowExecutionClosed', '{"command":5,"workflowId":"family-cancelled","runId":"01a202dd-8956-7e8f-a773-cb8c5d250a63","workflowType":"member","status":"CANCELLED"}

{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}'),
	('01a202dd-8aa8-7104-8933-0ea8c6b8c275', 1, 1795344403118, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"leaving-abandon","workflowType":"member","taskQueue":"default","parentClosePolicy":"ABANDON","initiatedAt":1795344403112,"runId":"01a202dd-8aa8-7d26-941f-ed2644f495f2"}
["waits"]'),
	('01a202dd-8aa8-7104-8933-0ea8c6b8c275', 2, 1795344403120, 'ChildWorkflowExecutionStarted', '{"command":2,"workflowId":"leaving-request_cancel","workflowType":"member","taskQueue":"default","parentClosePolicy":"REQUEST_CANCEL","initiatedAt":1795344403112,"runId":"01a202dd-8aa8-7c3b-b895-d4bce1694660"}
["waits"]'),
	('01a202dd-8aa8-7104-8933-0ea8c6b8c275', 3, 1795344403120, 'ChildWorkflowExecutionStarted', '{"command":3,"workflowId":"leaving-terminate","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795344403112,"runId":"01a202dd-8aa8-7384-b7da-9c6ec602ab47"}
["waits"]'),
	('01a202dd-8a4e-72f0-9aab-afb10c762410', 3, 1795344403128, 'ActivityTaskTimedOut', '{"command":1,"activityType":"endless","taskQueue":"default","attempt":1,"scheduledAt":1795344403022,"startedAt":1795344403026,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":100,"retry":{"maximumAttempts":1}}
["too long"]
{"kind":"timeout","message":"activity START_TO_CLOSE timeout","source":"perdure","stackTrace":"TimeoutFailure: activity START_TO_CLOSE timeout","timeoutType":"START_TO_CLOSE"}'),
	('01a202dd-8a4e-72f0-9aab-afb10c762410', 4, 1795344403128, 'ActivityTaskTimedOut', '{"command":2,"activityType":"endless","taskQueue":"default","attempt":1,"scheduledAt":1795344403022,"startedAt":1795344403026,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"heartbeatMs":100,"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
["too silent"]
{"kind":"timeout","message":"activity HEARTBEAT timeout","source":"perdure","stackTrace":"TimeoutFailure: activity HEARTBEAT timeout","timeoutType":"HEARTBEAT"}'),
	('01a202dd-8ab4-703e-95a5-7d56014c22cb', 1, 1795344403135, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"leaving-away-abandon","workflowType":"member","taskQueue":"away","parentClosePolicy":"ABANDON","initiatedAt":1795344403124,"runId":"01a202dd-8ab4-72e9-bf6a-abfdbaab14e0"}
["waits"]'),
	('01a202dd-8ab4-703e-95a5-7d56014c22cb', 2, 1795344403135, 'ChildWorkflowExecutionStarted', '{"command":2,"workflowId":"leaving-away-request_cancel","workflowType":"member","taskQueue":"away","parentClosePolicy":"REQUEST_CANCEL","initiatedAt":1795344403124,"runId":"01a202dd-8ab4-7757-877a-5737bed23136"}
["waits"]'),
	('01a202dd-8ab4-703e-95a5-7d56014c22cb', 3, 1795344403135, 'ChildWorkflowExecutionStarted', '{"command":3,"workflowId":"leaving-away-terminate","workflowType":"member","taskQueue":"away","parentClosePolicy":"TERMINATE","initiatedAt":1795344403124,"runId":"01a202dd-8ab4-7631-8ce0-b4b9980b566a"}
["waits"]'),
	('01a202dd-8a4e-72f0-9aab-afb10c762410', 5, 1795344403137, 'ActivityTaskTimedOut', '{"command":3,"activityType":"double","taskQueue":"nobody","attempt":1,"scheduledAt":1795344403022,"startedAt":null,"retryState":"TIMEOUT"}
{"taskQueue":"nobody","scheduleToStartMs":100,"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
[1]
{"kind":"timeout","message":"activity SCHEDULE_TO_START timeout","source":"perdure","stackTrace":"TimeoutFailure: activity SCHEDULE_TO_START timeout","timeoutType":"SCHEDULE_TO_START"}'),
	('01a202dd-8aa8-7104-8933-0ea8c6b8c275', 4, 1795344403143, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a202dd-8aa8-7c3b-b895-d4bce1694660', 1, 1795344403148, 'WorkflowExecutionCancelRequested', '{"reason":"by parent close policy","identity":"perdure"}'),
	('01a202dd-8ad1-7460-b2f2-a828307bba7d', 1, 1795344403158, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"awaiting-child","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795344403153,"runId":"01a202dd-8ad1-7c1f-aa67-84c37bc927fa"}
["waits"]'),
	('01a202dd-8ad4-7414-bac7-86d487a36d0e', 1, 1795344403160, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"awaiting-away-child","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795344403156,"runId":"01a202dd-8ad4-75f9-8438-57c4a6d9a329"}
["waits"]'),
	('01a202dd-8a4e-72f0-9aab-afb10c762410', 6, 1795344403326, 'TimerFired', '{"command":7,"durationMs":300,"startedAt":1795344403022}'),
	('01a202dd-8a4e-72f0-9aab-afb10c762410', 7, 1795344403379, 'ActivityTaskCanceled', '{"command":4,"activityType":"heeding","taskQueue":"default","attempt":1,"scheduledAt":1795344403022,"startedAt":1795344403026}
{"startToCloseMs":3600000,"cancellationType":"WAIT_CANCELLATION_COMPLETED","retry":{"maximumAttempts":1}}
[]
{"kind":"cancelled","message":"CANCELLED","source":"perdure","stackTrace":"CancelledFailure: CANCELLED","details":[]}'),
	('01a202dd-8bb4-7454-a749-3c36a757cb6c', 1, 1795344403683, 'TimerFired', '{"command":5,"durationMs":300,"startedAt":1795344403380}'),
	('01a202dd-8cf4-77a4-ae88-80cd82c23383', 1, 1795344403703, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a202dd-8cf4-77a4-ae88-80cd82c23383', 2, 1795344403705, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795344403703,"startedAt":1795344403705}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[21]
42'),
	('01a202dd-ab51-70d8-b40f-1f3d5eb384bb', 1, 1795344411474, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795344411473}'),
	('01a202dd-8901-7709-846c-a71cd43759f6', 2, 1795344411485, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["one"]'),
	('01a202dd-8901-7709-846c-a71cd43759f6', 3, 1795344411485, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder","joined":true}
["three"]'),
	('01a202dd-8901-7709-846c-a71cd43759f6', 4, 1795344411485, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder","joined":true}'),
	('01a202dd-8901-7709-846c-a71cd43759f6', 5, 1795344411485, 'WorkflowExecutionUpdateAccepted', '{"updateId":"is joined","updateName":"put","identity":"recorder","joined":true}
[2]'),
	('01a202dd-8901-7709-846c-a71cd43759f6', 6, 1795344411485, 'WorkflowExecutionUpdateCompleted', '{"updateId":"is joined"}
3'),
	('01a202dd-8ab4-703e-95a5-7d56014c22cb', 4, 1795344411485, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a202dd-8ad4-75f9-8438-57c4a6d9a329', 1, 1795344411485, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["hello"]'),
	('01a202dd-ab7f-70fa-8579-08ef0c576e80', 1, 1795344411534, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}');

INSERT INTO perdure.inbox VALUES
	('01a202dd-8981-73bd-a4bf-64c2b41d6c33', 32, 'default', 'away', false, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["refused by a trigger"]'),
	('01a202dd-8d8d-72f0-b9a5-64afa2f3df05', 54, 'default', 'default', false, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["kept"]'),
	('01a202dd-8922-7235-9517-68288294666b', 59, 'default', 'away', true, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["kept"]'),
	('01a202dd-8922-7235-9517-68288294666b', 60, 'default', 'away', true, 'WorkflowExecutionSignaledWithStart', '{"signalName":"go","identity":"recorder"}
["too"]'),
	('01a202dd-8922-7235-9517-68288294666b', 61, 'default', 'away', true, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a202dd-8922-7235-9517-68288294666b', 62, 'default', 'away', true, 'WorkflowExecutionUpdateRequested', '{"updateId":"is unread","updateName":"put","identity":"recorder"}
[3]'),
	('01a202dd-89d5-76c3-b9a2-8df1da079073', 65, 'coded', 'default', true, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"Q1LGjg0JewSnrrTqi105sgZsDcRQkloOWQ+4dTF/XKZG+Y5hvhFi3FdlWkRmqueK++0dYHkI48DsNMO2au3RBUEm9k+3lD9sZSI5iyCpysMN5DSTcw4YGvbDBbDmrKQO9D884IftnQ4SgjCyjLEKfCuaFCNgYgW5ZIpP+K9FcTOS6WEm4EovZw==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"w5Di04MO9SQprZsbyRwwcaWma0XXr3aw0H7CdVFhSDDaVZWHsUWtJTMwj3Cijz/os5ydVj6FX/28ggeNzf7rm0GT"}'),
	('01a202dd-8bb4-7454-a749-3c36a757cb6c', 66, 'default', 'away', true, 'ActivityTaskCanceled', '{"command":4,"activityType":"leftOutside","taskQueue":"away","attempt":1,"scheduledAt":1795344403380,"startedAt":1795344403382}
{"startToCloseMs":3153600000000,"cancellationType":"WAIT_CANCELLATION_COMPLETED","retry":{"maximumAttempts":1}}
[]
{"kind":"cancelled","message":"CANCELLED","source":"perdure","stackTrace":"CancelledFailure: CANCELLED","details":[]}'),
	('01a202dd-8935-77a8-baac-afc5bbcb952f', 67, 'default', 'away', true, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"workflow asking"}
["from another"]'),
	('01a202dd-8935-77a8-baac-afc5bbcb952f', 68, 'default', 'away', true, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"workflow asking"}'),
	('01a202dd-8ad4-7414-bac7-86d487a36d0e', 75, 'default', 'away', true, 'ChildWorkflowExecutionClosed', '{"command":1,"workflowId":"awaiting-away-child","runId":"01a202dd-8ad4-75f9-8438-57c4a6d9a329","workflowType":"member","status":"COMPLETED"}
["awaiting-away","awaiting-away-child","hello"]
'),
	('01a202dd-8ab4-7631-8ce0-b4b9980b566a', 76, 'default', 'away', true, 'WorkflowExecutionTerminateRequested', '{"reason":"by parent close policy","identity":"perdure"}
{"message":"by parent close policy","source":"perdure","kind":"terminated"}'),
	('01a202dd-8ab4-7757-877a-5737bed23136', 77, 'default', 'away', true, 'WorkflowExecutionCancelRequested', '{"reason":"by parent close policy","identity":"perdure"}'),
	('01a202dd-8bb4-7454-a749-3c36a757cb6c', 78, 'default', 'away', true, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"later","attempt":1,"scheduledAt":1795344403380,"startedAt":1795344411492}
{"taskQueue":"later","startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
[1]
2'),
	('01a202dd-8bb4-7454-a749-3c36a757cb6c', 79, 'default', 'away', true, 'ActivityTaskFailed', '{"command":2,"activityType":"refuse","taskQueue":"later","attempt":1,"scheduledAt":1795344403380,"startedAt":1795344411496,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"taskQueue":"later","startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202dd-8955-7762-ba65-4e4aa5dc82f1', 81, 'default', 'default', false, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a202dd-8bb4-7454-a749-3c36a757cb6c', 82, 'default', 'away', true, 'ActivityTaskTimedOut', '{"command":3,"activityType":"endless","taskQueue":"later","attempt":1,"scheduledAt":1795344403380,"startedAt":1795344411492,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"taskQueue":"later","startToCloseMs":100,"retry":{"maximumAttempts":1}}
["too long"]
{"kind":"timeout","message":"activity START_TO_CLOSE timeout","source":"perdure","stackTrace":"TimeoutFailure: activity START_TO_CLOSE timeout","timeoutType":"START_TO_CLOSE"}'),
	('01a202dd-8dd0-721f-a8a4-a68968b7ff2a', 69, 'default', 'asking', true, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"asking-child","workflowType":"member","taskQueue":"asking","parentClosePolicy":"ABANDON","initiatedAt":1795344410579,"runId":"01a202dd-a7d3-704a-8e8c-9e4df8bb1adb"}
["ends"]'),
	('01a202dd-8dd0-721f-a8a4-a68968b7ff2a', 70, 'default', 'asking', true, 'StartChildWorkflowExecutionFailed', '{"command":2,"workflowId":"counting-kept","workflowType":"member","taskQueue":"asking","parentClosePolicy":"TERMINATE","initiatedAt":1795344410579,"cause":"WORKFLOW_ALREADY_EXISTS"}
["ends"]'),
	('01a202dd-8dd0-721f-a8a4-a68968b7ff2a', 71, 'default', 'asking', true, 'ExternalWorkflowExecutionSignaled', '{"command":3,"workflowId":"target","runId":null,"initiatedAt":1795344410579,"signalName":"go"}
["from another"]'),
	('01a202dd-8dd0-721f-a8a4-a68968b7ff2a', 72, 'default', 'asking', true, 'ExternalWorkflowExecutionCancelRequested', '{"command":4,"workflowId":"target","runId":null,"initiatedAt":1795344410579}'),
	('01a202dd-8dd0-721f-a8a4-a68968b7ff2a', 73, 'default', 'asking', true, 'SignalExternalWorkflowExecutionFailed', '{"command":5,"workflowId":"nobody","runId":null,"initiatedAt":1795344410579,"signalName":"go"}
[]'),
	('01a202dd-8dd0-721f-a8a4-a68968b7ff2a', 74, 'default', 'asking', true, 'RequestCancelExternalWorkflowExecutionFailed', '{"command":6,"workflowId":"nobody","runId":null,"initiatedAt":1795344410579}');

INSERT INTO perdure.namespaces VALUES
	('default', '', NULL, 1795344402129),
	('tenant', 'of the recording', 2592000000, 1795344402278),
	('coded', 'of the recording', 2592000000, 1795344402281);

INSERT INTO perdure.queries VALUES
	('90ef8bc4-2b07-4acd-873e-18be7ea1c1af', 'tenant', '01a202dd-8dd1-7639-833b-e4e23b19adbc', 'default', '__perdure_waits', '[]', 1795344412796, NULL, NULL, NULL, NULL, NULL);

INSERT INTO perdure.queues VALUES
	('default', 'limited', 100, 1, 19, 1, 1795344411522);

INSERT INTO perdure.schema_migrations VALUES
	(1, 'tables', 1795344402237),
	(2, 'commit', 1795344402242),
	(3, 'work', 1795344402245),
	(4, 'queues', 1795344402247),
	(5, 'callers', 1795344402250),
	(6, 'between executions', 1795344402254);

INSERT INTO perdure.updates VALUES
	('01a202dd-88c8-742a-876b-0353f378479a', 'comes first', 'completed', '2', NULL),
	('01a202dd-88c8-742a-876b-0353f378479a', 'adds', 'completed', '6', NULL),
	('01a202dd-88c8-742a-876b-0353f378479a', 'fails', 'completed', NULL, '{"kind":"application","message":"unlucky","source":"perdure","stackTrace":"ApplicationFailure: unlucky","type":"Unlucky","nonRetryable":false}'),
	('01a202dd-88c8-742a-876b-0353f378479a', 'is rejected', 'rejected', NULL, '{"kind":"application","message":"below nothing","source":"perdure","stackTrace":"Error: below nothing","type":"Error","nonRetryable":false}'),
	('01a202dd-88f5-7183-b6c4-97cf32dc90fa', 'adds', 'completed', '2', NULL),
	('01a202dd-88f5-7183-b6c4-97cf32dc90fa', 'waits', 'accepted', NULL, NULL),
	('01a202dd-89a1-71d1-947a-ad74e62c7f78', 'grows', 'completed', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"uCjKr9kXTqlF82ScJQq95LR+Cr8vkZ+lSxoN4BPz27nuiIf/T1eXemQonZVHlCwk2wkS5um4FRH+Wl0Aug8="}', NULL),
	('01a202dd-89d5-76c3-b9a2-8df1da079073', 'grows', 'completed', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"6tZJiDJ5G2vPZCXfwk0CcGcUQnZhyfeaQw4vjg+OeL43E85YoQInkmotV4YLMPzZ7M9pp2aEN3T/scfTxvc="}', NULL),
	('01a202dd-8922-7235-9517-68288294666b', 'is unread', 'admitted', NULL, NULL),
	('01a202dd-8901-7709-846c-a71cd43759f6', 'is joined', 'completed', '3', NULL);

INSERT INTO perdure.workers OVERRIDING SYSTEM VALUE VALUES
	(3, 'coded', 'recorder', 'b34d8fdf7a9d8cd9', '{default,away}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344402331, 1795344403671, 1795344403671, false, '00000001'),
	(2, 'default', 'recorder', 'b34d8fdf7a9d8cd9', '{default,away}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344402330, 1795344403704, 1795344403704, false, '00000001'),
	(4, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344404534, 1795344404660, 1795344404660, false, '00000001'),
	(1, 'tenant', 'recorder', 'b34d8fdf7a9d8cd9', '{default,away}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344402330, 1795344403685, 1795344403685, false, '00000001'),
	(5, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344405304, 1795344405938, 1795344405938, false, '00000001'),
	(7, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344407910, 1795344408501, 1795344408501, false, '00000001'),
	(6, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344406602, 1795344407227, 1795344407227, false, '00000001'),
	(8, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344409227, 1795344409755, 1795344409755, false, '00000001'),
	(9, 'default', 'recorder', 'a5c9a04ff61246ff', '{asking}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344410445, 1795344410577, 1795344410577, false, '00000001'),
	(11, 'default', 'recorder', 'ae00c024a88cec37', '{default,later,limited}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344411335, 1795344412822, 1795344412822, true, '00000001'),
	(10, 'tenant', 'recorder', 'a5c9a04ff61246ff', '{default}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795344411151, 1795344411270, 1795344411270, false, '00000001');

SELECT pg_catalog.setval('perdure.inbox_ids', 82, true);

SELECT pg_catalog.setval('perdure.workers_incarnation_seq', 11, true);

ALTER TABLE ONLY perdure.activity_tasks
    ADD CONSTRAINT activity_tasks_pkey PRIMARY KEY (run_id, command);

ALTER TABLE ONLY perdure.executions
    ADD CONSTRAINT executions_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY perdure.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (run_id, seq);

ALTER TABLE ONLY perdure.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (run_id, id);

ALTER TABLE ONLY perdure.namespaces
    ADD CONSTRAINT namespaces_pkey PRIMARY KEY (name);

ALTER TABLE ONLY perdure.queries
    ADD CONSTRAINT queries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY perdure.queues
    ADD CONSTRAINT queues_pkey PRIMARY KEY (namespace, name);

ALTER TABLE ONLY perdure.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY perdure.updates
    ADD CONSTRAINT updates_pkey PRIMARY KEY (run_id, update_id);

ALTER TABLE ONLY perdure.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (incarnation);

CREATE INDEX activity_tasks_deadline ON perdure.activity_tasks USING btree (namespace, deadline_at) WHERE (deadline_at IS NOT NULL);

CREATE INDEX activity_tasks_of_queue ON perdure.activity_tasks USING btree (namespace, task_queue) WHERE ((worker IS NOT NULL) AND (NOT lost));

CREATE INDEX activity_tasks_running ON perdure.activity_tasks USING btree (worker) WHERE (worker IS NOT NULL);

CREATE INDEX activity_tasks_waiting ON perdure.activity_tasks USING btree (namespace, task_queue, priority, available_at) WHERE (worker IS NULL);

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

CREATE INDEX inbox_waking ON perdure.inbox USING btree (namespace, task_queue, run_id NULLS FIRST) WHERE wakes;

CREATE INDEX queries_expired ON perdure.queries USING btree (expires_at);

CREATE INDEX queries_waiting ON perdure.queries USING btree (expires_at) WHERE (reply_type IS NULL);

CREATE INDEX workers_alive ON perdure.workers USING btree (incarnation) WHERE alive;

CREATE INDEX workers_listed ON perdure.workers USING btree (namespace, incarnation);

ALTER TABLE ONLY perdure.inbox
    ADD CONSTRAINT inbox_run_id_fkey FOREIGN KEY (run_id) REFERENCES perdure.executions(run_id) ON DELETE CASCADE;

ALTER TABLE ONLY perdure.updates
    ADD CONSTRAINT updates_run_id_fkey FOREIGN KEY (run_id) REFERENCES perdure.executions(run_id) ON DELETE CASCADE;
