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
declare
  run uuid;
begin
  for run in select r.run_id from unnest(runs) r(run_id) order by r.run_id loop
    update "perdure".inbox m set wakes = are_waking where m.run_id = run and coalesce(m.wakes, false) <> are_waking;
  end loop;
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
	('01a2039d-40e6-76b8-b5e8-72c51a1e5f09', 1, 'default', 'retrying', 'retrying', 'default', 'retried', '1', 3, 2, NULL, false, false, 1795356967142, 1795356987147, NULL, NULL, 60000, NULL, '[]', '{"startToCloseMs":60000,"retry":{"initialMs":20000,"maximumMs":2000000}}', '{"kind":"application","message":"not yet","source":"perdure","stackTrace":"Error: not yet","type":"Error","nonRetryable":false}', NULL),
	('01a2039d-40f1-7333-88fb-f90e809b2662', 1, 'default', 'heartbeats', 'heartbeats', 'default', 'beating', '1', 3, 1, 11, false, false, 1795356967153, 1795356967153, 1795356967156, 1795357087158, 120000, NULL, '[]', '{"heartbeatMs":120000,"startToCloseMs":3600000,"retry":{"maximumAttempts":5}}', NULL, '{"done":"half"}'),
	('01a2039d-40f5-74c5-8188-e8f63b04ecfe', 1, 'default', 'outside', 'outside', 'default', 'leftOutside', '1', 3, 1, 0, false, false, 1795356967157, 1795356967157, 1795356967159, 4948956967159, 3153600000000, NULL, '[]', '{"startToCloseMs":3153600000000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a2039d-40f8-7618-be3f-1046987b8b30', 2, 'default', 'queueing', 'queueing', 'limited', 'endless', '2', 3, 1, NULL, false, false, 1795356967160, 1795356967160, NULL, 4948956967160, 3600000, 4948956967160, '["second"]', '{"taskQueue":"limited","scheduleToCloseMs":3153600000000,"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a2039d-40f8-7618-be3f-1046987b8b30', 1, 'default', 'queueing', 'queueing', 'limited', 'endless', '1', 3, 1, 11, false, false, 1795356967160, 1795356967160, 1795356967163, 1795360567163, 3600000, 4948956967160, '["first"]', '{"taskQueue":"limited","scheduleToCloseMs":3153600000000,"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a2039d-2283-76db-95a5-e43ed894ebf1', 1, 'tenant', 'lost', 'heartbeats', 'default', 'beating', '1', 3, 1, 10, true, false, 1795356966842, 1795356966842, 1795356966857, 1795356968176, 120000, NULL, '[]', '{"heartbeatMs":120000,"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":5}}', NULL, '{"done":"half"}'),
	('01a2039d-40ec-7759-a2bc-79e83f8b7810', 1, 'default', 'endlessly', 'endlessly', 'default', 'endless', '1', 3, 1, 11, false, false, 1795356967148, 1795356967148, 1795356967153, 1795360567153, 3600000, NULL, '["one"]', '{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a2039d-40fb-76b2-8762-52407a8f01a3', 2, 'default', 'cancelling', 'cancellable', 'default', 'endless', '2', 3, 1, 11, false, true, 1795356967163, 1795356967163, 1795356967164, 4948956967164, 3153600000000, NULL, '["cancelled"]', '{"startToCloseMs":3153600000000,"cancellationType":"WAIT_CANCELLATION_COMPLETED","retry":{"maximumAttempts":3}}', NULL, NULL);

INSERT INTO perdure.executions VALUES
	('01a2039d-1dee-7087-b2d3-9e96cdb42fcb', 'default', 'early', 'listening', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958197, 1795356958190, 1795356958197, 1795356958220, '01a2039d-1dee-7087-b2d3-9e96cdb42fcb', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["before all"]', NULL, NULL, NULL, NULL),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 'default', 'ledger', 'ledger', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958226, 1795356958223, 1795356958226, 1795356958268, '01a2039d-1e0f-7104-af0e-1b811088e148', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '6', NULL, NULL, NULL, NULL),
	('01a2039d-1e6f-74e7-899d-bcd005513e35', 'default', 'family-other', 'listening', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958319, 1795356958319, 1795356958319, 1795356958364, '01a2039d-1e6f-74e7-899d-bcd005513e35', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["from another"]', NULL, NULL, NULL, NULL),
	('01a2039d-1e89-7446-b950-066e537c48b8', 'default', 'family-fails', 'member', 'default', 'FAILED', 3, 0, NULL, NULL, 1795356958346, 1795356958346, 1795356958346, 1795356958361, '01a2039d-1e89-7446-b950-066e537c48b8', '01a2039d-1e89-7774-b148-0f730a16a90d', 2, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["fails"]', NULL, '{"kind":"application","message":"as children do","source":"perdure","stackTrace":"ApplicationFailure: as children do","type":"Expected","nonRetryable":false}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d","namespace":"default"},"root":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d"}}'),
	('01a2039d-1e89-7775-8be6-4c5c68c96559', 'default', 'bytes', 'bytes', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958345, 1795356958345, 1795356958345, 1795356958361, '01a2039d-1e89-7775-8be6-4c5c68c96559', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCIiLCJcImxhc3RcIiJd"}', '[null,"last",["mark"]]', NULL, ':{"metadata":{"encoding":"fields/payloads"},"data":"eyJtYXJrIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkJ3PT1cIn0iLCJkb3VibGVkIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkFRTCsvd0VDL3Y4PVwifSJ9"}', NULL, '{"startedWith":{"memo":":{\"metadata\":{\"encoding\":\"fields/payloads\"},\"data\":\"eyJtYXJrIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkJ3PT1cIn0ifQ==\"}","searchAttributes":null}}'),
	('01a2039d-1e89-7f2c-9c30-273e37ebbc8c', 'default', 'family-ends', 'member', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958346, 1795356958346, 1795356958346, 1795356958360, '01a2039d-1e89-7f2c-9c30-273e37ebbc8c', '01a2039d-1e89-7774-b148-0f730a16a90d', 1, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["ends"]', '["family","family-ends","nothing"]', NULL, NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d","namespace":"default"},"root":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d"}}'),
	('01a2039d-1e96-7576-bad3-a01b11218f63', 'default', 'throwing', 'throwing', 'away', 'RUNNING', 3, 0, NULL, 1795356959361, 1795356958358, 1795356958358, NULL, NULL, '01a2039d-1e96-7576-bad3-a01b11218f63', NULL, NULL, NULL, NULL, 'task_failure', 'a mistake', 'b34d8fdf7a9d8cd9', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1e89-76ba-b20c-051fa672ddb4', 'default', 'family-terminated', 'member', 'default', 'TERMINATED', 3, 0, NULL, NULL, 1795356958346, 1795356958346, 1795356958346, 1795356958366, '01a2039d-1e89-76ba-b20c-051fa672ddb4', '01a2039d-1e89-7774-b148-0f730a16a90d', 3, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"terminated","message":"as siblings do","source":"perdure","stackTrace":"TerminatedFailure: as siblings do"}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d","namespace":"default"},"root":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d"}}'),
	('01a2039d-1ea7-7592-9e78-ba56f8138bd0', 'default', 'bytes-alone', 'bytes', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958375, 1795356958375, 1795356958375, 1795356958385, '01a2039d-1ea7-7592-9e78-ba56f8138bd0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCIiLCJcImFsb25lXCIiXQ=="}', ':{"metadata":{"encoding":"binary/plain"},"data":"AQL+/w=="}', NULL, ':{"metadata":{"encoding":"fields/payloads"},"data":"eyJkb3VibGVkIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkFRTCsvd0VDL3Y4PVwifSJ9"}', NULL, '{"startedWith":{"memo":null,"searchAttributes":null}}'),
	('01a2039d-1ea8-7777-af6b-4016042389a1', 'default', 'foreign', 'foreign', 'away', 'RUNNING', 3, 0, NULL, 1795356959385, 1795356958376, 1795356958376, 1795356958376, NULL, '01a2039d-1ea8-7777-af6b-4016042389a1', NULL, NULL, NULL, NULL, 'determinism_violation', 'In workflow ''foreign'' activity ''refuse'' was called after awaiting something that is not a workflow API (for example crypto.subtle, timers/promises or a stream). Workflow code may await only activities, timers, conditions, signals and promises made from them: move the foreign call into an activity.', 'b34d8fdf7a9d8cd9', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1e89-7773-85d3-11c11167f5ae', 'default', 'patching', 'patching', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958345, 1795356958345, 1795356958345, 1795356958442, '01a2039d-1e89-7773-85d3-11c11167f5ae', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '[true,true,true]', NULL, NULL, NULL, NULL),
	('01a2039d-1e89-7cb5-b81e-b4930e44cf5e', 'default', 'family-overdue', 'member', 'default', 'TIMED_OUT', 3, 0, NULL, NULL, 1795356958346, 1795356958346, 1795356958346, 1795356958649, '01a2039d-1e89-7cb5-b81e-b4930e44cf5e', '01a2039d-1e89-7774-b148-0f730a16a90d', 4, 'TERMINATE', 1795356958646, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"timeout","message":"Workflow execution timed out","source":"perdure","stackTrace":"TimeoutFailure: Workflow execution timed out","timeoutType":"START_TO_CLOSE"}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d","namespace":"default"},"root":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d"},"runTimeoutMs":300}'),
	('01a2039d-1e89-7e9d-a3cc-0292253585b2', 'default', 'family-cancelled', 'member', 'default', 'CANCELLED', 3, 0, NULL, NULL, 1795356958346, 1795356958346, 1795356958346, 1795356958660, '01a2039d-1e89-7e9d-a3cc-0292253585b2', '01a2039d-1e89-7774-b148-0f730a16a90d', 5, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d","namespace":"default"},"root":{"workflowId":"family","runId":"01a2039d-1e89-7774-b148-0f730a16a90d"}}'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 'default', 'family', 'family', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958345, 1795356958345, 1795356958345, 1795356958662, '01a2039d-1e89-7774-b148-0f730a16a90d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["counting-kept","family-other"]', '[["family","family-ends","nothing"],"ChildWorkflowFailure: as children do","ChildWorkflowFailure: as siblings do","ChildWorkflowFailure: Workflow execution timed out","ChildWorkflowFailure: Workflow cancelled","WorkflowExecutionAlreadyStartedError: Workflow execution already started",null,null,"ApplicationFailure: Unable to signal external workflow because it was not found","ApplicationFailure: Unable to cancel external workflow because not found"]', NULL, NULL, NULL, NULL),
	('01a2039d-1dbb-771d-883c-97001d63e8f8', 'default', 'counting', 'counting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958139, 1795356958139, 1795356958139, NULL, '01a2039d-1dbb-771d-883c-97001d63e8f8', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[20]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1de8-7358-870b-14ffaf6da377', 'default', 'counting-kept', 'counting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958184, 1795356958184, 1795356958184, NULL, '01a2039d-1de8-7358-870b-14ffaf6da377', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[100]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1e3e-71e4-9b1c-593f9403e0a3', 'default', 'ledger-open', 'ledger', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958270, 1795356958270, 1795356958270, NULL, '01a2039d-1e3e-71e4-9b1c-593f9403e0a3', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1e4d-76cd-a484-0d1c40314ba8', 'default', 'joined', 'listening', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356967091, 1795356958285, 1795356958285, 1795356967109, '01a2039d-1e4d-76cd-a484-0d1c40314ba8', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["one","three","put 2"]', NULL, NULL, NULL, NULL),
	('01a2039d-1ebd-705d-a05b-74f179465ce0', 'coded', 'converted-failed', 'converted', 'default', 'FAILED', 3, 0, NULL, NULL, 1795356958397, 1795356958397, 1795356958397, 1795356958430, '01a2039d-1ebd-705d-a05b-74f179465ce0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"FSzmuvbsz6M5zBGZUqzkxLgoWnOgG/+8oFnqpGr3HSnhO68nojB4Ba14MfSRb+qohlIQ9bbov46Ka/2aOPrE+uWRwrWzO8lv9v8yp0SNAir3le9IGe2pdW3lXASMHETk96TbVdpMWwD89v1BJnllpvQ28bLYR11JJmLUCEGn0ctqQiUN"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"4aoIJecHB8NAELwIh4fOk2jGJpFyTGxfH5u3HAEypKTe8AcSqmUq4bi/MaFsP2q0qpTT1O/HExnqEiNS0iBbb0XhAQaC42S4yv9ew9aLLphEwQB/MnhLGJjDMKeOaoDxoP2ue4O9QbXV9D1Hq6jm4Oi3+X0exo2NB7JICtw6QqSoDdlvEr+LTgvP9iFPkvXxK4EAl+jUWNgJXe8a7UQ0X1mgKXbI3/g9YUB2daQBBr2CL7mjcplk2lsh53u/ylIb0s76RO6xsmqRxhhISVf3lK/DA09osE6bW3jTZcO4BX2xPDp4YILaAF4lGtDzBnaz4gLcCJn9ihF9TXRoYZYcbata+9K1oFPJzgiFeeUtlTCJ0BeCbxe/axUD44/GGjc0yw8z/RWlXwCYfqAaY97lCEE7Xdu1Ym/4Y6REc79HZc2IammFNu7tuEur1cr/Wrk="}', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"cqI4301uQW1q1+g3xdxIN0LC/kdxF3svkYDgZG2Lukv0ucvkeSF6WdTnRGYA8lqqTsb1q6Mf6bAXbRR+Or+lRI6UuQq6vRw+1z5oZnPXDYlKmlhdAc5+xvbMMrr6LvzW3CnUadbZ03Y3J2yVqJaohjCAaoU4vgdLnOfnkeXXRu5yLKocBHsuwo4NGxED"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"z7liWoXdrEPTjC1pCP+NhCyL6tGoDrg99Z35uOGIixzDcg7AdI6IgQcK3TO04vY+gy+Gr8LXXYPJ8yPM8iswly3rqybpYBAMGjxC+CRkt0ly1Fje5T+gSwMwMsGAreWy+lipHMJDD9JTCVepprQVMf4SyOxDRNeOaCvydZ6TNjUcAyF130sFXYjj6Lm8QvBrdsnZvil0ureGbmmMOBB2xVoovTs995GFhYUxIAdF9u7qyBXOp7mdCrrFWvB8r8341vljgtedveg="}'),
	('01a2039d-1eed-7016-8274-b4455d558544', 'coded', 'converted', 'converted', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958445, 1795356958445, 1795356958445, 1795356958523, '01a2039d-1eed-7016-8274-b4455d558544', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"JPRq3QIgRNXFsUbAyw4JRieZMU4M3WQc339kUduoQavdSRMGhjRYV7Nt/2ENoCETn9iSHJIfKo9c10zjoDYeGegUbtySEwjtV4s50MGKZEGWdcFrYjEVJR262iF6rg7RV2reaCwlEErkyrcu06rXp5bNKZMwxfVGwleuCbUwZnsXaF+p"}', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"wFb+9rOb0KONBG8bZEY4j0OyYtusF765keBZy/rPPmtRmaGvypAS2ISppPLjAdjMY/vZPxDiUnyE3ce92kI="}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"q6SfNy9gQGeF9GDmTjOvo9saXabIJrE4rlpPFKRggSVv2e9qCyujmB1oLPHdxZ5c28rDVz9mNB8BPGSuKwMS3oYDm83Oi80o5rlpy+FR6VMsp7keBdBsgoa32NiO1L1nB2vskFGpU5Is6fSe+MkxsyJxI9tWELM7m8YsNSRRNpxEpXgz4bK2VbULCuvZJTDVUwSQFd3e5URkTViT"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"qbXXkwfcHESrJeIxQWL9KGZ4LAu1ouMgVdJx3L9q3vIYBZ4Z9u/lV/KU/96Z7C28ASluKUwPGi2C/39QEoruXknb/0qfzD1DZOGvZLqmkc2cWXyX3ZPgr6JrvHh2VSVD3Ox1tniHVMMdiHaoUXyuahbM1+NWI15betLu3Fx5pFfYM73uHCg1jESUPhT+SkcTnyyk6fCFwR9n2ok5V66WYyqvecruMD6sRrUHSJdOanWBV1uTDIX3ZuGOTMf87/fhUa0BmVTTuuQqoeTposw8bPDwD6Ff5Q=="}'),
	('01a2039d-1f1a-73fe-8ecd-6a3b943e3fa3', 'coded', 'converted-open', 'converted', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958490, 1795356958490, 1795356958490, NULL, '01a2039d-1f1a-73fe-8ecd-6a3b943e3fa3', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"4k0UrK7YTfFBK9C7mIffIHj7CX6nz57hIdbgf1EkRJy46VenXNECIxifXEhQM+rWQEPKiLJrtw25IFMKXOcNoa/htBvtTWA/cFEFkoS0T35CShEHxWzjqWDZFmU74zPTQwTkI//qZHJH5+dSekDAHBTSAXxgyu2MS7xiGOdK1jb8IOC5"}', NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"oYN+p/zksfb7p16jU3oAjbJy74p1YZqsvpRsjipxYhoSMPkH22veYEuQthCk54OfFIUqup+8jBE5QitedgvTYAfJsMzCQKj3V6lgB9ZNZsgcaQ/Mb4ApOVCie6x0ek/mNZypckJyc7/TCStMF4gGJasQfonRubp6ZS3ebsVg97b0mdU8Rv8ixh1XUaZ3xzfpz5Rh7oNn8UlP310Y"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"syjM2Gol9mndnKmd/Hb7JbT9AJp2j6j4dyk29HYhj/JChaGV7EMgSTnZkl2easSsglZPKULcsTm/wALh4uF6HBNMEDNOM4j0dJzbVznXORyJ2Fo6+JI4W/MBgf0fro5HR4e2ap4INMY9S8g6n/1YKiml8/1Kyk7Q0JlrNVMATg2dgVG9TvaLTiGKpJKPjhtErKVMaf2If1qI91y2zRBRvZ6n008Srj7/Z3o9LLM/WYdSnRWLRpyuhqrBH/mjqFOwq70Kh7b+eoJ5Pc0gncRojlA3t5pbMQ=="}'),
	('01a2039d-1e88-760a-9dd0-ed37566e12a7', 'default', 'chain', 'chain', 'default', 'COMPLETED', 1, 0, NULL, NULL, 1795356958344, 1795356958344, 1795356958344, 1795356958446, '01a2039d-1e88-760a-9dd0-ed37566e12a7', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[7,"ä \"quoted\" \n line"]', '{"label":"ä \"quoted\" \n line","first":14,"both":[28,6],"raced":8,"failed":"refused","settled":["fulfilled","rejected"],"memo":{"customer":"ann","lines":[1,2]},"searchAttributes":{"n":[1]},"seeded":["61f60762-64de-4888-914e-930f1133316f",0.32622498692944646],"at":"2026-11-22T14:15:58.445Z"}', NULL, '{"customer":"ann","lines":[1,2]}', '{"n":[1]}', NULL),
	('01a2039d-1ed8-7055-9f2e-1cde10ed9b73', 'default', 'hopping', 'hopping', 'default', 'CONTINUED_AS_NEW', 3, 0, NULL, NULL, 1795356958424, 1795356958424, 1795356958424, 1795356958446, '01a2039d-1ed8-7055-9f2e-1cde10ed9b73', NULL, NULL, NULL, 4948956958424, NULL, NULL, NULL, NULL, NULL, '[1,false]', '"01a2039d-1eee-76b2-97e4-7fd0b377a475"', NULL, '{"first":true,"left":1,"doubled":2}', '{"Left":[1]}', '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"executionTimeoutMs":3153600000000,"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"executionExpiresAt":4948956958424,"staticSummary":"hops","staticDetails":"some **hops**","startedWith":{"memo":"{\"first\":true}","searchAttributes":null}}'),
	('01a2039d-1eee-76b2-97e4-7fd0b377a475', 'default', 'hopping', 'hopping', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958446, 1795356958446, 1795356958446, 1795356958474, '01a2039d-1ed8-7055-9f2e-1cde10ed9b73', NULL, NULL, NULL, 4948956958424, NULL, NULL, NULL, NULL, NULL, '[0,false]', '[{"first":true,"doubled":0},{"Left":[0]}]', NULL, '{"first":true,"doubled":0}', '{"Left":[0]}', '{"executionTimeoutMs":3153600000000,"executionExpiresAt":4948956958424,"staticSummary":"hops","staticDetails":"some **hops**","firstStartedAt":1795356958424,"continuedFrom":"01a2039d-1ed8-7055-9f2e-1cde10ed9b73","retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"restartReason":"CONTINUE_AS_NEW","startedWith":{"memo":"{\"first\":true}","searchAttributes":"{\"Left\":[1]}"}}'),
	('01a2039d-1f13-76ee-bfa7-2da7633d9cca', 'default', 'hopping-open', 'hopping', 'default', 'CONTINUED_AS_NEW', 3, 0, NULL, NULL, 1795356958483, 1795356958483, 1795356958483, 1795356958495, '01a2039d-1f13-76ee-bfa7-2da7633d9cca', NULL, NULL, NULL, 4948956958483, NULL, NULL, NULL, NULL, NULL, '[1,true]', '"01a2039d-1f1f-7841-a8a8-658b4a6d99c0"', NULL, '{"left":1,"doubled":2}', '{"Left":[1]}', '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"executionTimeoutMs":3153600000000,"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"executionExpiresAt":4948956958483,"staticSummary":"hops","staticDetails":"some **hops**","startedWith":{"memo":null,"searchAttributes":null}}'),
	('01a2039d-1ead-726b-b38f-c863f7024c26', 'default', 'refused', 'refused', 'away', 'RUNNING', 3, 0, NULL, 1795356959460, 1795356958381, 1795356958381, 1795356958381, NULL, '01a2039d-1ead-726b-b38f-c863f7024c26', NULL, NULL, NULL, NULL, 'commit_rejected', 'PostgreSQL at live refused: refused by a trigger (SQLSTATE 23514)', 'b34d8fdf7a9d8cd9', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1f02-70d9-8fac-22424e47536d', 'default', 'chain', 'chain', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958466, 1795356958466, 1795356958466, 1795356958521, '01a2039d-1f02-70d9-8fac-22424e47536d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[8]', '{"first":16,"both":[32,6],"raced":8,"failed":"refused","settled":["fulfilled","rejected"],"memo":{},"searchAttributes":{},"seeded":["eef1580d-2944-4b70-ab0d-6fce692dc22d",0.055403042351827025],"at":"2026-11-22T14:15:58.521Z"}', NULL, NULL, NULL, NULL),
	('01a2039d-1f3f-7665-9ce7-144e5e75f547', 'default', 'flaky', 'flaky', 'default', 'FAILED', 3, 0, NULL, NULL, 1795356958527, 1795356958527, 1795356958527, 1795356958527, '01a2039d-1f3f-7665-9ce7-144e5e75f547', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '"01a2039d-1f40-7a6b-a9d0-659f69bc5b75"', '{"kind":"application","message":"not the first time","source":"perdure","stackTrace":"ApplicationFailure: not the first time","nonRetryable":false,"details":[{"attempt":1}]}', NULL, NULL, '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":0,"nonRetryableErrorTypes":[]}}'),
	('01a2039d-1f40-7a6b-a9d0-659f69bc5b75', 'default', 'flaky', 'flaky', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958537, 1795356958528, 1795356958537, 1795356958544, '01a2039d-1f3f-7665-9ce7-144e5e75f547', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '"attempt 2 after: not the first time"', NULL, NULL, NULL, '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":0,"nonRetryableErrorTypes":[]},"firstStartedAt":1795356958527,"continuedFrom":"01a2039d-1f3f-7665-9ce7-144e5e75f547","attempt":2,"lastFailure":"{\"kind\":\"application\",\"message\":\"not the first time\",\"source\":\"perdure\",\"stackTrace\":\"ApplicationFailure: not the first time\",\"nonRetryable\":false,\"details\":[{\"attempt\":1}]}","restartReason":"RETRY"}'),
	('01a2039d-1f42-7779-94f8-67312f2cc0a9', 'tenant', 'chain', 'chain', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958530, 1795356958530, 1795356958530, 1795356958565, '01a2039d-1f42-7779-94f8-67312f2cc0a9', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[9,"tenant"]', '{"label":"tenant","first":18,"both":[36,6],"raced":8,"failed":"refused","settled":["fulfilled","rejected"],"memo":{},"searchAttributes":{},"seeded":["06fc0ff3-0ce2-46fa-8a4d-112082e2f23b",0.7802989261690527],"at":"2026-11-22T14:15:58.565Z"}', NULL, NULL, NULL, '{"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}'),
	('01a2039d-1f6d-715a-9ebe-57f4d44a3a26', 'default', 'failing', 'failing', 'default', 'FAILED', 3, 0, NULL, NULL, 1795356958573, 1795356958573, 1795356958573, 1795356958575, '01a2039d-1f6d-715a-9ebe-57f4d44a3a26', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, '{"kind":"application","message":"as it should","source":"perdure","stackTrace":"ApplicationFailure: as it should","type":"Expected","nonRetryable":true,"details":[{"code":7}]}', NULL, NULL, NULL),
	('01a2039d-1fc8-7928-a8d8-bf04cfb17803', 'default', 'leaving-request_cancel', 'member', 'default', 'CANCELLED', 3, 0, NULL, NULL, 1795356958665, 1795356958665, 1795356958665, 1795356958694, '01a2039d-1fc8-7928-a8d8-bf04cfb17803', '01a2039d-1fc8-733c-9981-f2740a952f6e', 2, 'REQUEST_CANCEL', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}', NULL, NULL, '{"parent":{"workflowId":"leaving","runId":"01a2039d-1fc8-733c-9981-f2740a952f6e","namespace":"default"},"root":{"workflowId":"leaving","runId":"01a2039d-1fc8-733c-9981-f2740a952f6e"}}'),
	('01a2039d-1f54-7527-b2ed-f0414efbda2a', 'default', 'timed-out', 'listening', 'default', 'TIMED_OUT', 3, 0, NULL, NULL, 1795356958548, 1795356958548, 1795356958548, 1795356958851, '01a2039d-1f54-7527-b2ed-f0414efbda2a', NULL, NULL, NULL, 1795356958848, NULL, NULL, NULL, NULL, NULL, '[]', NULL, '{"kind":"timeout","message":"Workflow execution timed out","source":"perdure","stackTrace":"TimeoutFailure: Workflow execution timed out","timeoutType":"START_TO_CLOSE"}', NULL, NULL, '{"runTimeoutMs":300}'),
	('01a2039d-1f71-76f4-be34-6546154116a4', 'default', 'endings', 'endings', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958577, 1795356958577, 1795356958577, 1795356958880, '01a2039d-1f71-76f4-be34-6546154116a4', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["ActivityFailure: activity START_TO_CLOSE timeout","ActivityFailure: activity HEARTBEAT timeout","ActivityFailure: activity SCHEDULE_TO_START timeout","ActivityFailure: CANCELLED",4,"ApplicationFailure: refused"]', NULL, NULL, NULL, NULL),
	('01a2039d-1fd2-71a1-b187-4c71fdcd6b69', 'default', 'leaving-away', 'leaving', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356967091, 1795356958674, 1795356958674, 1795356967110, '01a2039d-1fd2-71a1-b187-4c71fdcd6b69', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["away"]', '["leaving-away-abandon","leaving-away-request_cancel","leaving-away-terminate"]', NULL, NULL, NULL, NULL),
	('01a2039d-1fc8-7ca4-b80a-b0bb8324b56e', 'default', 'leaving-terminate', 'member', 'default', 'TERMINATED', 3, 0, NULL, NULL, 1795356958665, 1795356958665, 1795356958665, 1795356958689, '01a2039d-1fc8-7ca4-b80a-b0bb8324b56e', '01a2039d-1fc8-733c-9981-f2740a952f6e', 3, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"message":"by parent close policy","source":"perdure","kind":"terminated"}', NULL, NULL, '{"parent":{"workflowId":"leaving","runId":"01a2039d-1fc8-733c-9981-f2740a952f6e","namespace":"default"},"root":{"workflowId":"leaving","runId":"01a2039d-1fc8-733c-9981-f2740a952f6e"}}'),
	('01a2039d-1fc8-733c-9981-f2740a952f6e', 'default', 'leaving', 'leaving', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356958664, 1795356958664, 1795356958664, 1795356958689, '01a2039d-1fc8-733c-9981-f2740a952f6e', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["default"]', '["leaving-abandon","leaving-request_cancel","leaving-terminate"]', NULL, NULL, NULL, NULL),
	('01a2039d-21de-734c-859e-5217ef12bc2d', 'default', 'cancelled', 'cancellable', 'default', 'CANCELLED', 3, 0, NULL, NULL, 1795356959198, 1795356959198, 1795356959198, 1795356959207, '01a2039d-21de-734c-859e-5217ef12bc2d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[false]', NULL, '{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}', NULL, NULL, NULL),
	('01a2039d-21e9-7493-a705-3d2934d42496', 'default', 'terminated', 'sleeping', 'default', 'TERMINATED', 3, 0, NULL, NULL, 1795356959209, 1795356959209, 1795356959209, 1795356959212, '01a2039d-21e9-7493-a705-3d2934d42496', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, '{"kind":"terminated","message":"not needed","source":"perdure","stackTrace":"TerminatedFailure: not needed"}', NULL, NULL, NULL),
	('01a2039d-1e52-7236-a6c2-25b35978a6ee', 'default', 'unread', 'listening', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795356958290, 1795356958290, 1795356958290, NULL, '01a2039d-1e52-7236-a6c2-25b35978a6ee', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1e56-7071-aa55-a6565945c670', 'default', 'target', 'listening', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795356958294, 1795356958294, 1795356958294, NULL, '01a2039d-1e56-7071-aa55-a6565945c670', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1e9e-74dc-8e62-772e9470aa74', 'default', 'patching-open', 'patching', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958366, 1795356958366, 1795356958366, NULL, '01a2039d-1e9e-74dc-8e62-772e9470aa74', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1f1f-7841-a8a8-658b4a6d99c0', 'default', 'hopping-open', 'hopping', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958495, 1795356958495, 1795356958495, NULL, '01a2039d-1f13-76ee-bfa7-2da7633d9cca', NULL, NULL, NULL, 4948956958483, NULL, NULL, NULL, NULL, NULL, '[0,true]', NULL, NULL, '{"left":0,"doubled":0}', '{"Left":[0]}', '{"executionTimeoutMs":3153600000000,"executionExpiresAt":4948956958483,"staticSummary":"hops","staticDetails":"some **hops**","firstStartedAt":1795356958483,"continuedFrom":"01a2039d-1f13-76ee-bfa7-2da7633d9cca","retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"restartReason":"CONTINUE_AS_NEW","startedWith":{"memo":null,"searchAttributes":"{\"Left\":[1]}"}}'),
	('01a2039d-1fc8-7a52-a0e9-089db0b4ce27', 'default', 'leaving-abandon', 'member', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958665, 1795356958665, 1795356958665, NULL, '01a2039d-1fc8-7a52-a0e9-089db0b4ce27', '01a2039d-1fc8-733c-9981-f2740a952f6e', 1, 'ABANDON', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving","runId":"01a2039d-1fc8-733c-9981-f2740a952f6e","namespace":"default"},"root":{"workflowId":"leaving","runId":"01a2039d-1fc8-733c-9981-f2740a952f6e"}}'),
	('01a2039d-1fd2-79b5-a49f-a8a815b50c3a', 'default', 'leaving-away-request_cancel', 'member', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795356958675, 1795356958675, 1795356958675, NULL, '01a2039d-1fd2-79b5-a49f-a8a815b50c3a', '01a2039d-1fd2-71a1-b187-4c71fdcd6b69', 2, 'REQUEST_CANCEL', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving-away","runId":"01a2039d-1fd2-71a1-b187-4c71fdcd6b69","namespace":"default"},"root":{"workflowId":"leaving-away","runId":"01a2039d-1fd2-71a1-b187-4c71fdcd6b69"}}'),
	('01a2039d-1fd2-7f1c-b8fc-29eb01d30e93', 'default', 'leaving-away-terminate', 'member', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795356958675, 1795356958675, 1795356958675, NULL, '01a2039d-1fd2-7f1c-b8fc-29eb01d30e93', '01a2039d-1fd2-71a1-b187-4c71fdcd6b69', 3, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving-away","runId":"01a2039d-1fd2-71a1-b187-4c71fdcd6b69","namespace":"default"},"root":{"workflowId":"leaving-away","runId":"01a2039d-1fd2-71a1-b187-4c71fdcd6b69"}}'),
	('01a2039d-1fd2-7fac-ba98-73b3eadee1f4', 'default', 'leaving-away-abandon', 'member', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795356958674, 1795356958674, 1795356958674, NULL, '01a2039d-1fd2-7fac-ba98-73b3eadee1f4', '01a2039d-1fd2-71a1-b187-4c71fdcd6b69', 1, 'ABANDON', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving-away","runId":"01a2039d-1fd2-71a1-b187-4c71fdcd6b69","namespace":"default"},"root":{"workflowId":"leaving-away","runId":"01a2039d-1fd2-71a1-b187-4c71fdcd6b69"}}'),
	('01a2039d-1fe8-7398-a1c3-4f0121f022b7', 'default', 'awaiting', 'awaiting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958696, 1795356958696, 1795356958696, NULL, '01a2039d-1fe8-7398-a1c3-4f0121f022b7', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["default"]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1fe8-7b46-a2b6-05b78f7dc8a0', 'default', 'awaiting-child', 'member', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958697, 1795356958697, 1795356958697, NULL, '01a2039d-1fe8-7b46-a2b6-05b78f7dc8a0', '01a2039d-1fe8-7398-a1c3-4f0121f022b7', 1, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"awaiting","runId":"01a2039d-1fe8-7398-a1c3-4f0121f022b7","namespace":"default"},"root":{"workflowId":"awaiting","runId":"01a2039d-1fe8-7398-a1c3-4f0121f022b7"}}'),
	('01a2039d-1feb-74b3-bad7-daf9c58d55fd', 'default', 'awaiting-away', 'awaiting', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795356958699, 1795356958699, 1795356958699, NULL, '01a2039d-1feb-74b3-bad7-daf9c58d55fd', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["default"]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1feb-7e42-bd4e-6b66447baf60', 'default', 'awaiting-away-child', 'member', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795356967091, 1795356958700, 1795356958700, 1795356967109, '01a2039d-1feb-7e42-bd4e-6b66447baf60', '01a2039d-1feb-74b3-bad7-daf9c58d55fd', 1, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', '["awaiting-away","awaiting-away-child","hello"]', NULL, NULL, NULL, '{"parent":{"workflowId":"awaiting-away","runId":"01a2039d-1feb-74b3-bad7-daf9c58d55fd","namespace":"default"},"root":{"workflowId":"awaiting-away","runId":"01a2039d-1feb-74b3-bad7-daf9c58d55fd"}}'),
	('01a2039d-1e89-7772-b4ef-5a0d864ceeca', 'default', 'changed', 'changed', 'default', 'RUNNING', 3, 0, NULL, 1795356970186, 1795356968183, 1795356958345, 1795356958345, NULL, '01a2039d-1e89-7772-b4ef-5a0d864ceeca', NULL, NULL, NULL, NULL, 'nondeterminism', 'The workflow code does not fit its history at event 1
  expected  ActivityTaskCompleted for command 1: activity ''double''
  got       command 1 is activity ''refuse''
  at        unknown
  Put back the code that made this history, or keep the old path for executions that began on it; the execution goes on by itself then.', 'ae00c024a88cec37', 2, true, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-20a2-70a3-9c17-ad13c7d4f4a2', 'default', 'attending', 'attending', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795356958882, 1795356958882, 1795356958882, NULL, '01a2039d-20a2-70a3-9c17-ad13c7d4f4a2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-1f68-776e-8492-efcb3971504d', 'tenant', 'counting', 'counting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356958568, 1795356958568, 1795356958568, NULL, '01a2039d-1f68-776e-8492-efcb3971504d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[20]', NULL, NULL, NULL, NULL, '{"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}'),
	('01a2039d-227f-7006-ab14-184fff1fe56c', 'default', 'crashing', 'crashing', 'crashing', 'RUNNING', 3, 5, NULL, NULL, 1795356965229, 1795356959359, 1795356960092, NULL, '01a2039d-227f-7006-ab14-184fff1fe56c', NULL, NULL, NULL, NULL, 'crash_loop', 'The worker died 5 times in a row while it ran this execution (last build 5d1166fc46fd0b6d). It is not tried again by the same build: deploy a fixed one, or terminate the execution.', '5d1166fc46fd0b6d', 1, true, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-4099-7331-97ac-15bb036b72c8', 'default', 'sleeping', 'sleeping', 'default', 'RUNNING', 3, 0, 11, NULL, 1795356967065, 1795356967065, 1795356967065, NULL, '01a2039d-4099-7331-97ac-15bb036b72c8', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-40b3-701a-80db-5f3ebb0a1430', 'default', 'delayed', 'retrying', 'default', 'RUNNING', 3, 0, NULL, 1795356987091, NULL, 1795356967091, NULL, NULL, '01a2039d-40b3-701a-80db-5f3ebb0a1430', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-40b5-7412-a4f6-916f26ae1a59', 'default', 'flaky-later', 'flaky', 'default', 'FAILED', 3, 0, NULL, NULL, 1795356967093, 1795356967093, 1795356967093, 1795356967095, '01a2039d-40b5-7412-a4f6-916f26ae1a59', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '"01a2039d-40b7-70e6-bd0e-67c2e16c49c1"', '{"kind":"application","message":"not the first time","source":"perdure","stackTrace":"ApplicationFailure: not the first time","nonRetryable":false,"details":[{"attempt":1}]}', NULL, NULL, '{"retry":{"initialMs":20000,"coefficient":2,"maximumMs":2000000,"maximumAttempts":0,"nonRetryableErrorTypes":[]}}'),
	('01a2039d-40b7-70e6-bd0e-67c2e16c49c1', 'default', 'flaky-later', 'flaky', 'default', 'RUNNING', 3, 0, NULL, 1795356987095, NULL, 1795356967095, NULL, NULL, '01a2039d-40b5-7412-a4f6-916f26ae1a59', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '{"retry":{"initialMs":20000,"coefficient":2,"maximumMs":2000000,"maximumAttempts":0,"nonRetryableErrorTypes":[]},"firstStartedAt":1795356967093,"continuedFrom":"01a2039d-40b5-7412-a4f6-916f26ae1a59","attempt":2,"lastFailure":"{\"kind\":\"application\",\"message\":\"not the first time\",\"source\":\"perdure\",\"stackTrace\":\"ApplicationFailure: not the first time\",\"nonRetryable\":false,\"details\":[{\"attempt\":1}]}","restartReason":"RETRY"}'),
	('01a2039d-223f-7746-b32b-a522f3cea5fe', 'default', 'newcomer', 'newcomer', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795356967091, 1795356959295, NULL, NULL, '01a2039d-223f-7746-b32b-a522f3cea5fe', NULL, NULL, NULL, NULL, 'unknown_workflow_type', 'No workflow ''newcomer'' is registered with worker recorder of task queue ''default''; it has asking, attending, awaiting, bytes, cancellable, chain, changed, converted, counting, crashing, endings, endlessly, failing, family, flaky, foreign, heartbeats, hopping, leaving, ledger, .... It goes on when a worker that has it starts.', 'ae00c024a88cec37', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-40cb-77ca-b234-e29378d0ab53', 'default', 'overdue', 'listening', 'default', 'RUNNING', 3, 0, 11, NULL, 1795356967115, 1795356967115, 1795356967115, NULL, '01a2039d-40cb-77ca-b234-e29378d0ab53', NULL, NULL, NULL, 1795356997115, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '{"runTimeoutMs":30000}'),
	('01a2039d-40e6-76b8-b5e8-72c51a1e5f09', 'default', 'retrying', 'retrying', 'default', 'RUNNING', 3, 0, 11, NULL, 1795356967142, 1795356967142, 1795356967142, NULL, '01a2039d-40e6-76b8-b5e8-72c51a1e5f09', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-40ec-7759-a2bc-79e83f8b7810', 'default', 'endlessly', 'endlessly', 'default', 'RUNNING', 3, 0, 11, NULL, 1795356967148, 1795356967148, 1795356967148, NULL, '01a2039d-40ec-7759-a2bc-79e83f8b7810', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-40f1-7333-88fb-f90e809b2662', 'default', 'heartbeats', 'heartbeats', 'default', 'RUNNING', 3, 0, 11, NULL, 1795356967153, 1795356967153, 1795356967153, NULL, '01a2039d-40f1-7333-88fb-f90e809b2662', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-40f5-74c5-8188-e8f63b04ecfe', 'default', 'outside', 'outside', 'default', 'RUNNING', 3, 0, 11, NULL, 1795356967157, 1795356967157, 1795356967157, NULL, '01a2039d-40f5-74c5-8188-e8f63b04ecfe', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-40f8-7618-be3f-1046987b8b30', 'default', 'queueing', 'queueing', 'default', 'RUNNING', 3, 0, 11, NULL, 1795356967160, 1795356967160, 1795356967160, NULL, '01a2039d-40f8-7618-be3f-1046987b8b30', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-40fb-76b2-8762-52407a8f01a3', 'default', 'cancelling', 'cancellable', 'default', 'RUNNING', 3, 0, 11, NULL, 1795356967163, 1795356967163, 1795356967163, NULL, '01a2039d-40fb-76b2-8762-52407a8f01a3', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[true]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-2282-776c-bee5-2bedc74400b0', 'default', 'asking', 'asking', 'asking', 'RUNNING', 3, 1, NULL, 1795356967272, 1795356966023, 1795356959362, 1795356966023, NULL, '01a2039d-2282-776c-bee5-2bedc74400b0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["counting-kept","target"]', NULL, NULL, NULL, NULL, NULL),
	('01a2039d-3c87-7ec3-aa56-50e3606330a8', 'default', 'asking-child', 'member', 'asking', 'RUNNING', 3, 1, NULL, 1795356967272, 1795356966035, 1795356966035, 1795356966035, NULL, '01a2039d-3c87-7ec3-aa56-50e3606330a8', '01a2039d-2282-776c-bee5-2bedc74400b0', 1, 'ABANDON', NULL, NULL, NULL, NULL, NULL, NULL, '["ends"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"asking","runId":"01a2039d-2282-776c-bee5-2bedc74400b0","namespace":"default"},"root":{"workflowId":"asking","runId":"01a2039d-2282-776c-bee5-2bedc74400b0"}}'),
	('01a2039d-2283-76db-95a5-e43ed894ebf1', 'tenant', 'lost', 'heartbeats', 'default', 'RUNNING', 3, 1, NULL, 1795356968176, 1795356966842, 1795356959363, 1795356966842, NULL, '01a2039d-2283-76db-95a5-e43ed894ebf1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '{"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}');

INSERT INTO perdure.history VALUES
	('01a2039d-1dbb-771d-883c-97001d63e8f8', 1, 1795356958163, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder"}
[1]'),
	('01a2039d-1dbb-771d-883c-97001d63e8f8', 2, 1795356958170, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958163,"startedAt":1795356958170}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a2039d-1dbb-771d-883c-97001d63e8f8', 3, 1795356958175, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder"}
[2]'),
	('01a2039d-1dbb-771d-883c-97001d63e8f8', 4, 1795356958182, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder"}
[3]'),
	('01a2039d-1dbb-771d-883c-97001d63e8f8', 5, 1795356958185, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["early"]'),
	('01a2039d-1dbb-771d-883c-97001d63e8f8', 6, 1795356958186, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["too"]'),
	('01a2039d-1dbb-771d-883c-97001d63e8f8', 7, 1795356958187, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958175,"startedAt":1795356958181}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[2]
4'),
	('01a2039d-1dbb-771d-883c-97001d63e8f8', 8, 1795356958187, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958182,"startedAt":1795356958185}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a2039d-1de8-7358-870b-14ffaf6da377', 1, 1795356958191, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["first"]'),
	('01a2039d-1dee-7087-b2d3-9e96cdb42fcb', 1, 1795356958212, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["before all"]'),
	('01a2039d-1dee-7087-b2d3-9e96cdb42fcb', 2, 1795356958212, 'WorkflowTaskStarted', '{}'),
	('01a2039d-1dee-7087-b2d3-9e96cdb42fcb', 3, 1795356958218, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795356958212}'),
	('01a2039d-1dee-7087-b2d3-9e96cdb42fcb', 4, 1795356958220, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 1, 1795356958237, 'WorkflowExecutionUpdateAccepted', '{"updateId":"comes first","updateName":"put","identity":"recorder"}
[1]'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 2, 1795356958237, 'WorkflowTaskStarted', '{}'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 3, 1795356958240, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958237,"startedAt":1795356958240}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 4, 1795356958240, 'WorkflowExecutionUpdateCompleted', '{"updateId":"comes first"}
2'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 5, 1795356958247, 'WorkflowExecutionUpdateAccepted', '{"updateId":"adds","updateName":"put","identity":"recorder"}
[2]'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 6, 1795356958249, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958247,"startedAt":1795356958249}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[2]
4'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 7, 1795356958249, 'WorkflowExecutionUpdateCompleted', '{"updateId":"adds"}
6'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 8, 1795356958260, 'WorkflowExecutionUpdateAccepted', '{"updateId":"fails","updateName":"put","identity":"recorder"}
[13]'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 9, 1795356958260, 'WorkflowExecutionUpdateCompleted', '{"updateId":"fails","failed":true}
{"kind":"application","message":"unlucky","source":"perdure","stackTrace":"ApplicationFailure: unlucky","type":"Unlucky","nonRetryable":false}'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 10, 1795356958268, 'WorkflowExecutionSignaled', '{"signalName":"finish","identity":"recorder"}
[]'),
	('01a2039d-1e3e-71e4-9b1c-593f9403e0a3', 1, 1795356958279, 'WorkflowExecutionUpdateAccepted', '{"updateId":"adds","updateName":"put","identity":"recorder"}
[1]'),
	('01a2039d-1e3e-71e4-9b1c-593f9403e0a3', 2, 1795356958281, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958279,"startedAt":1795356958280}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a2039d-1e3e-71e4-9b1c-593f9403e0a3', 3, 1795356958281, 'WorkflowExecutionUpdateCompleted', '{"updateId":"adds"}
2'),
	('01a2039d-1e3e-71e4-9b1c-593f9403e0a3', 4, 1795356958284, 'WorkflowExecutionUpdateAccepted', '{"updateId":"waits","updateName":"put","identity":"recorder"}
[100]'),
	('01a2039d-1e4d-76cd-a484-0d1c40314ba8', 1, 1795356958287, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795356958285}'),
	('01a2039d-1e52-7236-a6c2-25b35978a6ee', 1, 1795356958291, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795356958290}'),
	('01a2039d-1e56-7071-aa55-a6565945c670', 1, 1795356958295, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795356958294}'),
	('01a2039d-1e6f-74e7-899d-bcd005513e35', 1, 1795356958321, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795356958319}'),
	('01a2039d-1e89-7773-85d3-11c11167f5ae', 1, 1795356958345, 'PatchMarked', '{"patchId":"at the start","deprecated":false,"atStart":true}'),
	('01a2039d-1e89-7773-85d3-11c11167f5ae', 2, 1795356958345, 'PatchMarked', '{"patchId":"long ago","deprecated":true,"atStart":true}'),
	('01a2039d-1e89-7773-85d3-11c11167f5ae', 3, 1795356958348, 'PatchMarked', '{"patchId":"afterwards","deprecated":false,"atStart":false}'),
	('01a2039d-1e89-7773-85d3-11c11167f5ae', 4, 1795356958348, 'PatchMarked', '{"patchId":"before","deprecated":true,"atStart":false}'),
	('01a2039d-1e89-7773-85d3-11c11167f5ae', 5, 1795356958348, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795356958345}'),
	('01a2039d-1e88-760a-9dd0-ed37566e12a7', 1, 1795356958360, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958344,"startedAt":1795356958357}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[7]
14'),
	('01a2039d-1e89-7772-b4ef-5a0d864ceeca', 1, 1795356958360, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958345,"startedAt":1795356958357}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[10]
20'),
	('01a2039d-1e89-7775-8be6-4c5c68c96559', 1, 1795356958360, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795356958345,"startedAt":1795356958358}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
:{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCJcImxhc3RcIiJd"}
:{"metadata":{"encoding":"binary/plain"},"data":"AQL+/w=="}'),
	('01a2039d-1e6f-74e7-899d-bcd005513e35', 2, 1795356958364, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"workflow family"}
["from another"]'),
	('01a2039d-1e6f-74e7-899d-bcd005513e35', 3, 1795356958364, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"workflow family","joined":true}'),
	('01a2039d-1e89-7772-b4ef-5a0d864ceeca', 2, 1795356958364, 'TimerFired', '{"command":2,"durationMs":1,"startedAt":1795356958360}'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 1, 1795356958364, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"family-ends","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795356958345,"runId":"01a2039d-1e89-7f2c-9c30-273e37ebbc8c"}
["ends"]'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 2, 1795356958365, 'ChildWorkflowExecutionStarted', '{"command":2,"workflowId":"family-fails","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795356958345,"runId":"01a2039d-1e89-7446-b950-066e537c48b8"}
["fails"]'),
	('01a2039d-40cb-77ca-b234-e29378d0ab53', 1, 1795356967123, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795356967115}'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 3, 1795356958367, 'ChildWorkflowExecutionStarted', '{"command":3,"workflowId":"family-terminated","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795356958345,"runId":"01a2039d-1e89-76ba-b20c-051fa672ddb4"}
["waits"]'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 4, 1795356958367, 'ChildWorkflowExecutionStarted', '{"command":4,"workflowId":"family-overdue","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795356958345,"runId":"01a2039d-1e89-7cb5-b81e-b4930e44cf5e"}
["waits"]'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 5, 1795356958367, 'ChildWorkflowExecutionStarted', '{"command":5,"workflowId":"family-cancelled","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795356958345,"runId":"01a2039d-1e89-7e9d-a3cc-0292253585b2"}
["waits"]'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 6, 1795356958367, 'StartChildWorkflowExecutionFailed', '{"command":6,"workflowId":"counting-kept","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795356958345,"cause":"WORKFLOW_ALREADY_EXISTS"}
["ends"]'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 7, 1795356958367, 'ExternalWorkflowExecutionSignaled', '{"command":7,"workflowId":"family-other","runId":null,"initiatedAt":1795356958345,"signalName":"go"}
["from another"]'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 8, 1795356958367, 'ExternalWorkflowExecutionCancelRequested', '{"command":8,"workflowId":"family-other","runId":null,"initiatedAt":1795356958345}'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 9, 1795356958367, 'SignalExternalWorkflowExecutionFailed', '{"command":9,"workflowId":"nobody","runId":null,"initiatedAt":1795356958345,"signalName":"go"}
[]'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 10, 1795356958367, 'RequestCancelExternalWorkflowExecutionFailed', '{"command":10,"workflowId":"nobody","runId":null,"initiatedAt":1795356958345}'),
	('01a2039d-1e9e-74dc-8e62-772e9470aa74', 1, 1795356958366, 'PatchMarked', '{"patchId":"at the start","deprecated":false,"atStart":true}'),
	('01a2039d-1e9e-74dc-8e62-772e9470aa74', 2, 1795356958366, 'PatchMarked', '{"patchId":"long ago","deprecated":true,"atStart":true}'),
	('01a2039d-1e9e-74dc-8e62-772e9470aa74', 3, 1795356958367, 'PatchMarked', '{"patchId":"afterwards","deprecated":false,"atStart":false}'),
	('01a2039d-1e9e-74dc-8e62-772e9470aa74', 4, 1795356958367, 'PatchMarked', '{"patchId":"before","deprecated":true,"atStart":false}'),
	('01a2039d-1e9e-74dc-8e62-772e9470aa74', 5, 1795356958367, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795356958366}'),
	('01a2039d-1e88-760a-9dd0-ed37566e12a7', 2, 1795356958376, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958360,"startedAt":1795356958371}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[14]
28'),
	('01a2039d-1e88-760a-9dd0-ed37566e12a7', 3, 1795356958379, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958360,"startedAt":1795356958371}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 11, 1795356958379, 'ChildWorkflowExecutionClosed', '{"command":2,"workflowId":"family-fails","runId":"01a2039d-1e89-7446-b950-066e537c48b8","workflowType":"member","status":"FAILED"}

{"kind":"application","message":"as children do","source":"perdure","stackTrace":"ApplicationFailure: as children do","type":"Expected","nonRetryable":false}'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 12, 1795356958385, 'ChildWorkflowExecutionClosed', '{"command":1,"workflowId":"family-ends","runId":"01a2039d-1e89-7f2c-9c30-273e37ebbc8c","workflowType":"member","status":"COMPLETED"}
["family","family-ends","nothing"]
'),
	('01a2039d-1ea7-7592-9e78-ba56f8138bd0', 1, 1795356958385, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795356958375,"startedAt":1795356958380}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
:{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCJcImFsb25lXCIiXQ=="}
:{"metadata":{"encoding":"binary/plain"},"data":"AQL+/w=="}'),
	('01a2039d-1e88-760a-9dd0-ed37566e12a7', 4, 1795356958396, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958379,"startedAt":1795356958387}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[4]
8'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 13, 1795356958396, 'ChildWorkflowExecutionClosed', '{"command":3,"workflowId":"family-terminated","runId":"01a2039d-1e89-76ba-b20c-051fa672ddb4","workflowType":"member","status":"TERMINATED"}

{"kind":"terminated","message":"as siblings do","source":"perdure","stackTrace":"TerminatedFailure: as siblings do"}'),
	('01a2039d-1e88-760a-9dd0-ed37566e12a7', 5, 1795356958412, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795356958396,"startedAt":1795356958411,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a2039d-1ebd-705d-a05b-74f179465ce0', 1, 1795356958430, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795356958397,"startedAt":1795356958425}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"2nCk6rSTplvfVJn+CtPiQzv0ysnexXuC7cuy3qCqlxtDHCeUKMZSTSUVracAO/tXpp+zIXcfTePDYMv6NevdLBnGh/mlgS6zFMupcuDmco2FchQ8raw8P4Ar7f4QoK0WyS63v8SE21enfB/CdiOUaJIZHd0ZXrqm1ruBt1qwRJ7TwIw02FANq6egq+GzdCjPySuzQjG1Ev4bczt2qJhFK4iZndXlM80pG4e+zTEIGlO0YHyz+zzIHtlQ6GMSinEWLh8Ic8p7IUAKAHQ="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"nUPAaq1T8VJC1jctEF5Yb3SOiAnzzIQHjg1xAcMN8XpnHeOXtq6MjsOl6+4/A6SPx+763NfoMIVUf/EOSj0DIsasyKL0f5vaaoDDao9HUqxjznnNUmIthZ7Ab4fPnL5V81p0bEQ7QVulMOgnSo3tsdRsXhaDbWbNADfCd6i7LYJOdm6cJBqgCPYiuuUCCRHVtEuUjw=="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"RgoRZnkoq9IKagHBSUS9Mhi/bPpNnxSWjKvhzuHTalzUpDZ28xdpohMJ0kuxVrP/lSPA3neFgVW2SEuY2w=="}'),
	('01a2039d-1e88-760a-9dd0-ed37566e12a7', 6, 1795356958426, 'ActivityTaskCompleted', '{"command":7,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958412,"startedAt":1795356958424}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[5]
10'),
	('01a2039d-1e88-760a-9dd0-ed37566e12a7', 7, 1795356958441, 'ActivityTaskFailed', '{"command":8,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795356958412,"startedAt":1795356958424,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a2039d-1e88-760a-9dd0-ed37566e12a7', 8, 1795356958445, 'TimerFired', '{"command":9,"durationMs":1,"startedAt":1795356958441}'),
	('01a2039d-1e89-7773-85d3-11c11167f5ae', 6, 1795356958441, 'PatchMarked', '{"patchId":"at the end","deprecated":false,"atStart":false}'),
	('01a2039d-1e89-7773-85d3-11c11167f5ae', 7, 1795356958441, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a2039d-1eed-7016-8274-b4455d558544', 1, 1795356958454, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795356958445,"startedAt":1795356958453}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"m1boZm0bVh1++h2Zbianxa6FzsgpdvL0AQkA9niuNTn9c4wJ9B+P3K+wExr11rxqptuOVE5J0JOOCdokWLVjOc0LRrzIuQ0CC1bLHIc8BTXFUQPZjt0aNtLyntBfpeRGmgTfAK+pyB2t1i+Dg4oG8cl9kGVdLOwqY6pIIylpHLohNiaCNopTvZViC9PCG3SnWRUhdhg6+pAkrNHg7jCszFKA1saw8G/jUmZ8CbIo12rFZgjSnk6XhlmOnMjEVJkjDwo2ub+3otCLCXg="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"uGc+8+uWclC1BehqhVXMEpH1WxQo8tJ9SrbRVUMKQgN6CocLAYMxuPi20CjFTCvfomOYA9HwqsRpxzteaoopwu5LS2q+rLijX+tjOxUgnKKNZJwD2+f718Ix9wzxlcDg0B+Rcvc4slsj7wilDsU87ojXcsYNaKoxlqhyVzuAjdPqI/DhSLrj7mVUYtb3mrrwFZK6Sw=="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"A5n3srm2C+IaMJfv8IbCFTKTgZm75/XTs04VB8eyr2nGHuO9CxrYg4Yy1k6LenfCCMbqTtIL022+uzsAnw=="}'),
	('01a2039d-1eed-7016-8274-b4455d558544', 2, 1795356958486, 'WorkflowExecutionUpdateAccepted', '{"updateId":"grows","updateName":"grow","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"97HP/qNtUkUWHxeUhR31xq5r84CbY/ajg33AK4lcIrOJ7+Mz8+EYupmF865wPDUNoLpu9ITnGgdhnLqFHJ0YBck57wNf3b5U1EbjuMX4e5VO7+72BIx+9OrlqAWuvs9LYo/7UlmnV5Y+OUOyUN6HOxstsnSp8PsACJuFzy+zd12pbbvowbQmmQ==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"0l+pf9QjofYxEP2EiNnlw8S9eKihnfh/kxkRNO28VnOE+nZr8xAuCpD+MNqRqDfud2mCluRiJGiaxHWAmS5IrNiZDIs8fQuENYDmGOh/G6VDRHy53otP3PrMqKMF3pxxpWqAQSVQcHhJrIROHn1WxJ9H+SCMJF/vYFYi7jxZW+6PooND"}'),
	('01a2039d-1eed-7016-8274-b4455d558544', 3, 1795356958486, 'WorkflowExecutionUpdateCompleted', '{"updateId":"grows"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"2nPBx/cQbpyLzzHJysRJezusBoiEoBt31OuoqbhH1BDf0dqPWdbCdL5GMfIO5/KkkskSSebv6fQ06yeeLDY="}'),
	('01a2039d-1f1a-73fe-8ecd-6a3b943e3fa3', 1, 1795356958497, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795356958490,"startedAt":1795356958496}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"flHQK9+nVmgynLWGr475kCI6/JxXJp7Yc83qBWtLJk5Y4e9QJfhKlvfaNFyGCwgseX0Dn4mNuyfJ2W/7yocI49/xAERrdfmKJa9b5Dz9bbnjfqWgfnJl4LjbSMgRq5OC7Qu/b2xkTSLAmNIdJFmXPgU4rSPXA+lHgHn/EUuKr+RmQTdp60NJzQqSFOxiy6JaPu20NAuTDpPMfJDXDHROQ8fOvlOnhVN6QVNXp1poxJhuvBlj/UCxR/IT20nZc6/wxYpiE9RWGKZpiGg="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"iYohFGKnjP205nsgOhcoer6FwgyMEIKAGCDeYJnvY+JPsRmOJflhnPTjGlPWT5FnmxfNBi9mBfj+tmI1v9PGpsIj/XqS7A/HzCH/eglYhLEIPNBj0XsXAGCUJFrs58Y6GUonq1YscIwqsHyF9J/7nB285528oobRbJPm4s/+Y/sbMT8G++lhdTftFedSbBiZ453GqQ=="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"0CABs7J4OPa0F61HxukLZ6IE4tMy0t6313Z4XIA2K7+OsNgSGiafc3PqGLZpXC7bTF4GQ+fjXKM56XfDbQ=="}'),
	('01a2039d-1f1a-73fe-8ecd-6a3b943e3fa3', 2, 1795356958512, 'WorkflowExecutionUpdateAccepted', '{"updateId":"grows","updateName":"grow","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"ozQnDQZAd9R2Rs8MuzctmrNgofya9+Uc9zrK0I/VYw+EquLuBpNnjqwyrIdW68mYaMQG9BxPYr3DMYFvnq29RJyQPSuW0R3w3uh6WgDTTWRKted/F5zYV8/eXCOk0FoBsTa7+qdIGQ9aJ8S4a7dOtTEnNC5pEtve0cRWCXS/5tO/SK6nJAWjHQ==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"oJBTjqACPsRP7eYr3oqfq9Mob1l2UqvY8XAxBaWM/XKk6wEC8K+9hKaRqtSSP0PRmSwknyRCGhxGs0E0qQBh2tROtn9DudsYg07JB+xl9InzoDok0hm403owDUsStkeJmwg+xm/NTypBvDfyLqKNIdDvZWrbV3FtnlvqzoIKU0krED9W"}'),
	('01a2039d-1f1a-73fe-8ecd-6a3b943e3fa3', 3, 1795356958512, 'WorkflowExecutionUpdateCompleted', '{"updateId":"grows"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"+NCjdGDe8l5yhIm50CeNIlmSm/ULxMRjgxTbs9ithXRl9Zk7Uu3EzPIObtqT89nZ7VNLqNziLTiQ7fbu0os="}'),
	('01a2039d-1eed-7016-8274-b4455d558544', 4, 1795356958522, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"MPuPSeecRDkTtBkMSdzCd6FplZ6z4ytnAUMaTi02oNj3kxvPQ7WmA4lng7nDv3rdfE5i5BMzj/9a9iI/56bEeQItrGQUFumwrSGD1X5l4Tzfpn4YoVXHGFycP8scUwZI2QZMqPVlkJK7QBuU8aBH1oluIytyoROJBznaYC9FqQl6k0S94n3yvw==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"+OACM7svWxQ4s9rR0d5h6HLUK4Q/gRv6slPQMuZKhZYIgTno40Bw1zdLN89C0FI47VUZq93MsCTF1AQzWGUsuH5X"}'),
	('01a2039d-1ed8-7055-9f2e-1cde10ed9b73', 1, 1795356958445, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958424,"startedAt":1795356958443}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a2039d-1eee-76b2-97e4-7fd0b377a475', 1, 1795356958474, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958446,"startedAt":1795356958467}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[0]
0'),
	('01a2039d-1f02-70d9-8fac-22424e47536d', 1, 1795356958478, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958466,"startedAt":1795356958477}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[8]
16'),
	('01a2039d-1f02-70d9-8fac-22424e47536d', 2, 1795356958490, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958478,"startedAt":1795356958490}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[16]
32'),
	('01a2039d-1f02-70d9-8fac-22424e47536d', 3, 1795356958491, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958478,"startedAt":1795356958490}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a2039d-1f13-76ee-bfa7-2da7633d9cca', 1, 1795356958494, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958483,"startedAt":1795356958494}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a2039d-1f02-70d9-8fac-22424e47536d', 4, 1795356958498, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958491,"startedAt":1795356958497}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[4]
8'),
	('01a2039d-1f1f-7841-a8a8-658b4a6d99c0', 1, 1795356958502, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958495,"startedAt":1795356958502}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[0]
0'),
	('01a2039d-1f02-70d9-8fac-22424e47536d', 5, 1795356958508, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795356958498,"startedAt":1795356958504,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a2039d-1f02-70d9-8fac-22424e47536d', 6, 1795356958514, 'ActivityTaskCompleted', '{"command":7,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958508,"startedAt":1795356958514}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[5]
10'),
	('01a2039d-1f02-70d9-8fac-22424e47536d', 7, 1795356958520, 'ActivityTaskFailed', '{"command":8,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795356958508,"startedAt":1795356958514,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a2039d-1f02-70d9-8fac-22424e47536d', 8, 1795356958521, 'TimerFired', '{"command":9,"durationMs":1,"startedAt":1795356958520}'),
	('01a2039d-1f54-7527-b2ed-f0414efbda2a', 1, 1795356958550, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795356958548}'),
	('01a2039d-1f42-7779-94f8-67312f2cc0a9', 1, 1795356958553, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958530,"startedAt":1795356958553}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[9]
18'),
	('01a2039d-1f42-7779-94f8-67312f2cc0a9', 2, 1795356958555, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958553,"startedAt":1795356958555}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[18]
36'),
	('01a2039d-1f42-7779-94f8-67312f2cc0a9', 3, 1795356958555, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958553,"startedAt":1795356958555}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a2039d-1f42-7779-94f8-67312f2cc0a9', 4, 1795356958557, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958555,"startedAt":1795356958557}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[4]
8'),
	('01a2039d-1f42-7779-94f8-67312f2cc0a9', 5, 1795356958558, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795356958557,"startedAt":1795356958558,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a2039d-1f42-7779-94f8-67312f2cc0a9', 6, 1795356958562, 'ActivityTaskCompleted', '{"command":7,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958558,"startedAt":1795356958562}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[5]
10'),
	('01a2039d-1f42-7779-94f8-67312f2cc0a9', 7, 1795356958563, 'ActivityTaskFailed', '{"command":8,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795356958558,"startedAt":1795356958562,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a2039d-1f42-7779-94f8-67312f2cc0a9', 8, 1795356958565, 'TimerFired', '{"command":9,"durationMs":1,"startedAt":1795356958563}');
INSERT INTO perdure.history VALUES
	('01a2039d-1f68-776e-8492-efcb3971504d', 1, 1795356958574, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder","headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}
[0]'),
	('01a2039d-1f6d-715a-9ebe-57f4d44a3a26', 1, 1795356958575, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958573,"startedAt":1795356958575}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a2039d-1f68-776e-8492-efcb3971504d', 2, 1795356958577, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958574,"startedAt":1795356958577}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[0]
0'),
	('01a2039d-1f71-76f4-be34-6546154116a4', 1, 1795356958581, 'ActivityTaskCompleted', '{"command":5,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356958577,"startedAt":1795356958580}
{"startToCloseMs":60000,"local":true,"retry":{"maximumAttempts":1}}
[2]
4'),
	('01a2039d-40fb-76b2-8762-52407a8f01a3', 1, 1795356967174, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a2039d-1f71-76f4-be34-6546154116a4', 2, 1795356958582, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795356958577,"startedAt":1795356958580,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"local":true,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 14, 1795356958651, 'ChildWorkflowExecutionClosed', '{"command":4,"workflowId":"family-overdue","runId":"01a2039d-1e89-7cb5-b81e-b4930e44cf5e","workflowType":"member","status":"TIMED_OUT"}

{"kind":"timeout","message":"Workflow execution timed out","source":"perdure","stackTrace":"TimeoutFailure: Workflow execution timed out","timeoutType":"START_TO_CLOSE"}'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 15, 1795356958657, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 16, 1795356958660, 'ExternalWorkflowExecutionCancelRequested', '{"command":11,"workflowId":"family-cancelled","runId":null,"initiatedAt":1795356958657}'),
	('01a2039d-1e89-7e9d-a3cc-0292253585b2', 1, 1795356958660, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"workflow family"}'),
	('01a2039d-1e89-7774-b148-0f730a16a90d', 17, 1795356958662, 'ChildWorkflowExecutionClosed', '{"command":5,"workflowId":"family-cancelled","runId":"01a2039d-1e89-7e9d-a3cc-0292253585b2","workflowType":"member","status":"CANCELLED"}

{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}'),
	('01a2039d-1fc8-733c-9981-f2740a952f6e', 1, 1795356958669, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"leaving-abandon","workflowType":"member","taskQueue":"default","parentClosePolicy":"ABANDON","initiatedAt":1795356958664,"runId":"01a2039d-1fc8-7a52-a0e9-089db0b4ce27"}
["waits"]'),
	('01a2039d-1fc8-733c-9981-f2740a952f6e', 2, 1795356958670, 'ChildWorkflowExecutionStarted', '{"command":2,"workflowId":"leaving-request_cancel","workflowType":"member","taskQueue":"default","parentClosePolicy":"REQUEST_CANCEL","initiatedAt":1795356958664,"runId":"01a2039d-1fc8-7928-a8d8-bf04cfb17803"}
["waits"]'),
	('01a2039d-1fc8-733c-9981-f2740a952f6e', 3, 1795356958670, 'ChildWorkflowExecutionStarted', '{"command":3,"workflowId":"leaving-terminate","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795356958664,"runId":"01a2039d-1fc8-7ca4-b80a-b0bb8324b56e"}
["waits"]'),
	('01a2039d-1fd2-71a1-b187-4c71fdcd6b69', 1, 1795356958679, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"leaving-away-abandon","workflowType":"member","taskQueue":"away","parentClosePolicy":"ABANDON","initiatedAt":1795356958674,"runId":"01a2039d-1fd2-7fac-ba98-73b3eadee1f4"}
["waits"]'),
	('01a2039d-1f71-76f4-be34-6546154116a4', 3, 1795356958682, 'ActivityTaskTimedOut', '{"command":1,"activityType":"endless","taskQueue":"default","attempt":1,"scheduledAt":1795356958577,"startedAt":1795356958580,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":100,"retry":{"maximumAttempts":1}}
["too long"]
{"kind":"timeout","message":"activity START_TO_CLOSE timeout","source":"perdure","stackTrace":"TimeoutFailure: activity START_TO_CLOSE timeout","timeoutType":"START_TO_CLOSE"}'),
	('01a2039d-1f71-76f4-be34-6546154116a4', 4, 1795356958682, 'ActivityTaskTimedOut', '{"command":2,"activityType":"endless","taskQueue":"default","attempt":1,"scheduledAt":1795356958577,"startedAt":1795356958580,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"heartbeatMs":100,"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
["too silent"]
{"kind":"timeout","message":"activity HEARTBEAT timeout","source":"perdure","stackTrace":"TimeoutFailure: activity HEARTBEAT timeout","timeoutType":"HEARTBEAT"}'),
	('01a2039d-1fd2-71a1-b187-4c71fdcd6b69', 2, 1795356958680, 'ChildWorkflowExecutionStarted', '{"command":2,"workflowId":"leaving-away-request_cancel","workflowType":"member","taskQueue":"away","parentClosePolicy":"REQUEST_CANCEL","initiatedAt":1795356958674,"runId":"01a2039d-1fd2-79b5-a49f-a8a815b50c3a"}
["waits"]'),
	('01a2039d-1fd2-71a1-b187-4c71fdcd6b69', 3, 1795356958681, 'ChildWorkflowExecutionStarted', '{"command":3,"workflowId":"leaving-away-terminate","workflowType":"member","taskQueue":"away","parentClosePolicy":"TERMINATE","initiatedAt":1795356958674,"runId":"01a2039d-1fd2-7f1c-b8fc-29eb01d30e93"}
["waits"]'),
	('01a2039d-1f71-76f4-be34-6546154116a4', 5, 1795356958685, 'ActivityTaskTimedOut', '{"command":3,"activityType":"double","taskQueue":"nobody","attempt":1,"scheduledAt":1795356958577,"startedAt":null,"retryState":"TIMEOUT"}
{"taskQueue":"nobody","scheduleToStartMs":100,"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
[1]
{"kind":"timeout","message":"activity SCHEDULE_TO_START timeout","source":"perdure","stackTrace":"TimeoutFailure: activity SCHEDULE_TO_START timeout","timeoutType":"SCHEDULE_TO_START"}'),
	('01a2039d-1fc8-733c-9981-f2740a952f6e', 4, 1795356958689, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a2039d-1fc8-7928-a8d8-bf04cfb17803', 1, 1795356958694, 'WorkflowExecutionCancelRequested', '{"reason":"by parent close policy","identity":"perdure"}'),
	('01a2039d-1fe8-7398-a1c3-4f0121f022b7', 1, 1795356958700, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"awaiting-child","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795356958696,"runId":"01a2039d-1fe8-7b46-a2b6-05b78f7dc8a0"}
["waits"]'),
	('01a2039d-1feb-74b3-bad7-daf9c58d55fd', 1, 1795356958705, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"awaiting-away-child","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795356958699,"runId":"01a2039d-1feb-7e42-bd4e-6b66447baf60"}
["waits"]'),
	('01a2039d-1f71-76f4-be34-6546154116a4', 6, 1795356958878, 'TimerFired', '{"command":7,"durationMs":300,"startedAt":1795356958577}'),
	('01a2039d-1f71-76f4-be34-6546154116a4', 7, 1795356958880, 'ActivityTaskCanceled', '{"command":4,"activityType":"heeding","taskQueue":"default","attempt":1,"scheduledAt":1795356958577,"startedAt":1795356958580}
{"startToCloseMs":3600000,"cancellationType":"WAIT_CANCELLATION_COMPLETED","retry":{"maximumAttempts":1}}
[]
{"kind":"cancelled","message":"CANCELLED","source":"perdure","stackTrace":"CancelledFailure: CANCELLED","details":[]}'),
	('01a2039d-20a2-70a3-9c17-ad13c7d4f4a2', 1, 1795356959182, 'TimerFired', '{"command":5,"durationMs":300,"startedAt":1795356958882}'),
	('01a2039d-21de-734c-859e-5217ef12bc2d', 1, 1795356959203, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a2039d-21de-734c-859e-5217ef12bc2d', 2, 1795356959207, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795356959203,"startedAt":1795356959207}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[21]
42'),
	('01a2039d-1e4d-76cd-a484-0d1c40314ba8', 2, 1795356967109, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["one"]'),
	('01a2039d-1e4d-76cd-a484-0d1c40314ba8', 3, 1795356967109, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder","joined":true}
["three"]'),
	('01a2039d-1e4d-76cd-a484-0d1c40314ba8', 4, 1795356967109, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder","joined":true}'),
	('01a2039d-1e4d-76cd-a484-0d1c40314ba8', 5, 1795356967109, 'WorkflowExecutionUpdateAccepted', '{"updateId":"is joined","updateName":"put","identity":"recorder","joined":true}
[2]'),
	('01a2039d-1e4d-76cd-a484-0d1c40314ba8', 6, 1795356967109, 'WorkflowExecutionUpdateCompleted', '{"updateId":"is joined"}
3'),
	('01a2039d-1fd2-71a1-b187-4c71fdcd6b69', 4, 1795356967110, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a2039d-1feb-7e42-bd4e-6b66447baf60', 1, 1795356967109, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["hello"]');

INSERT INTO perdure.inbox VALUES
	('01a2039d-1ead-726b-b38f-c863f7024c26', 31, 'default', 'away', false, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["refused by a trigger"]'),
	('01a2039d-223f-7746-b32b-a522f3cea5fe', 54, 'default', 'default', false, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["kept"]'),
	('01a2039d-1e52-7236-a6c2-25b35978a6ee', 59, 'default', 'away', true, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["kept"]'),
	('01a2039d-1e52-7236-a6c2-25b35978a6ee', 60, 'default', 'away', true, 'WorkflowExecutionSignaledWithStart', '{"signalName":"go","identity":"recorder"}
["too"]'),
	('01a2039d-1e52-7236-a6c2-25b35978a6ee', 61, 'default', 'away', true, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a2039d-1e52-7236-a6c2-25b35978a6ee', 64, 'default', 'away', true, 'WorkflowExecutionUpdateRequested', '{"updateId":"is unread","updateName":"put","identity":"recorder"}
[3]'),
	('01a2039d-1f1a-73fe-8ecd-6a3b943e3fa3', 65, 'coded', 'default', true, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"AshC9NfntbAQ1XSv9tmOEfb9Y7rXNUziI/g426cUx6wzzz/2FfOmJssgHtxPmMN1ajjReufFSCxB96zfhTl3QXvingil7JvgB/w9rzbZNd4suUR1pdNOATG8BV7P5IbXBQgqRyD9RwLQabIAy4MOnLYfFWhrQWgPzRa1TVPJlefD6YGE5CEoZw==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"eOPzl9Wr81w8HELQ5eT1HFBCZTDOdZcWEWVnD2AHkBvbim3hT7ezC/dOL8sELX/9mQmCfSrA0IkP8AmDhR0XaR3u"}'),
	('01a2039d-20a2-70a3-9c17-ad13c7d4f4a2', 66, 'default', 'away', true, 'ActivityTaskCanceled', '{"command":4,"activityType":"leftOutside","taskQueue":"away","attempt":1,"scheduledAt":1795356958882,"startedAt":1795356958885}
{"startToCloseMs":3153600000000,"cancellationType":"WAIT_CANCELLATION_COMPLETED","retry":{"maximumAttempts":1}}
[]
{"kind":"cancelled","message":"CANCELLED","source":"perdure","stackTrace":"CancelledFailure: CANCELLED","details":[]}'),
	('01a2039d-1e56-7071-aa55-a6565945c670', 67, 'default', 'away', true, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"workflow asking"}
["from another"]'),
	('01a2039d-1e56-7071-aa55-a6565945c670', 68, 'default', 'away', true, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"workflow asking"}'),
	('01a2039d-20a2-70a3-9c17-ad13c7d4f4a2', 75, 'default', 'away', true, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"later","attempt":1,"scheduledAt":1795356958882,"startedAt":1795356967110}
{"taskQueue":"later","startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
[1]
2'),
	('01a2039d-20a2-70a3-9c17-ad13c7d4f4a2', 77, 'default', 'away', true, 'ActivityTaskFailed', '{"command":2,"activityType":"refuse","taskQueue":"later","attempt":1,"scheduledAt":1795356958882,"startedAt":1795356967114,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"taskQueue":"later","startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a2039d-1feb-74b3-bad7-daf9c58d55fd', 76, 'default', 'away', true, 'ChildWorkflowExecutionClosed', '{"command":1,"workflowId":"awaiting-away-child","runId":"01a2039d-1feb-7e42-bd4e-6b66447baf60","workflowType":"member","status":"COMPLETED"}
["awaiting-away","awaiting-away-child","hello"]
'),
	('01a2039d-1fd2-79b5-a49f-a8a815b50c3a', 78, 'default', 'away', true, 'WorkflowExecutionCancelRequested', '{"reason":"by parent close policy","identity":"perdure"}'),
	('01a2039d-1fd2-7f1c-b8fc-29eb01d30e93', 79, 'default', 'away', true, 'WorkflowExecutionTerminateRequested', '{"reason":"by parent close policy","identity":"perdure"}
{"message":"by parent close policy","source":"perdure","kind":"terminated"}'),
	('01a2039d-1e89-7772-b4ef-5a0d864ceeca', 81, 'default', 'default', false, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a2039d-20a2-70a3-9c17-ad13c7d4f4a2', 82, 'default', 'away', true, 'ActivityTaskTimedOut', '{"command":3,"activityType":"endless","taskQueue":"later","attempt":1,"scheduledAt":1795356958882,"startedAt":1795356967110,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"taskQueue":"later","startToCloseMs":100,"retry":{"maximumAttempts":1}}
["too long"]
{"kind":"timeout","message":"activity START_TO_CLOSE timeout","source":"perdure","stackTrace":"TimeoutFailure: activity START_TO_CLOSE timeout","timeoutType":"START_TO_CLOSE"}'),
	('01a2039d-2282-776c-bee5-2bedc74400b0', 69, 'default', 'asking', true, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"asking-child","workflowType":"member","taskQueue":"asking","parentClosePolicy":"ABANDON","initiatedAt":1795356966023,"runId":"01a2039d-3c87-7ec3-aa56-50e3606330a8"}
["ends"]'),
	('01a2039d-2282-776c-bee5-2bedc74400b0', 70, 'default', 'asking', true, 'StartChildWorkflowExecutionFailed', '{"command":2,"workflowId":"counting-kept","workflowType":"member","taskQueue":"asking","parentClosePolicy":"TERMINATE","initiatedAt":1795356966023,"cause":"WORKFLOW_ALREADY_EXISTS"}
["ends"]'),
	('01a2039d-2282-776c-bee5-2bedc74400b0', 71, 'default', 'asking', true, 'ExternalWorkflowExecutionSignaled', '{"command":3,"workflowId":"target","runId":null,"initiatedAt":1795356966023,"signalName":"go"}
["from another"]'),
	('01a2039d-2282-776c-bee5-2bedc74400b0', 72, 'default', 'asking', true, 'ExternalWorkflowExecutionCancelRequested', '{"command":4,"workflowId":"target","runId":null,"initiatedAt":1795356966023}'),
	('01a2039d-2282-776c-bee5-2bedc74400b0', 73, 'default', 'asking', true, 'SignalExternalWorkflowExecutionFailed', '{"command":5,"workflowId":"nobody","runId":null,"initiatedAt":1795356966023,"signalName":"go"}
[]'),
	('01a2039d-2282-776c-bee5-2bedc74400b0', 74, 'default', 'asking', true, 'RequestCancelExternalWorkflowExecutionFailed', '{"command":6,"workflowId":"nobody","runId":null,"initiatedAt":1795356966023}');

INSERT INTO perdure.namespaces VALUES
	('default', '', NULL, 1795356957745),
	('tenant', 'of the recording', 2592000000, 1795356957805),
	('coded', 'of the recording', 2592000000, 1795356957808);

INSERT INTO perdure.queries VALUES
	('9483f224-57bc-4652-9108-90e0f66a808f', 'tenant', '01a2039d-2283-76db-95a5-e43ed894ebf1', 'default', '__perdure_waits', '[]', 1795356968438, NULL, NULL, NULL, NULL, NULL);

INSERT INTO perdure.queues VALUES
	('default', 'limited', 100, 1, 19, 1, 1795356967165);

INSERT INTO perdure.schema_migrations VALUES
	(1, 'tables', 1795356957771),
	(2, 'commit', 1795356957775),
	(3, 'work', 1795356957778),
	(4, 'queues', 1795356957779),
	(5, 'callers', 1795356957783),
	(6, 'between executions', 1795356957785);

INSERT INTO perdure.updates VALUES
	('01a2039d-1e0f-7104-af0e-1b811088e148', 'comes first', 'completed', '2', NULL),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 'adds', 'completed', '6', NULL),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 'fails', 'completed', NULL, '{"kind":"application","message":"unlucky","source":"perdure","stackTrace":"ApplicationFailure: unlucky","type":"Unlucky","nonRetryable":false}'),
	('01a2039d-1e0f-7104-af0e-1b811088e148', 'is rejected', 'rejected', NULL, '{"kind":"application","message":"below nothing","source":"perdure","stackTrace":"Error: below nothing","type":"Error","nonRetryable":false}'),
	('01a2039d-1e3e-71e4-9b1c-593f9403e0a3', 'adds', 'completed', '2', NULL),
	('01a2039d-1e3e-71e4-9b1c-593f9403e0a3', 'waits', 'accepted', NULL, NULL),
	('01a2039d-1eed-7016-8274-b4455d558544', 'grows', 'completed', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"wSuNfwMmCHzDHNuknFJ08eP+IlTsL77w4t9vjEHVWSG4fVAik3Awv4mE3T0K8nZrWHoYFNPp4RaB3YVXIrE="}', NULL),
	('01a2039d-1f1a-73fe-8ecd-6a3b943e3fa3', 'grows', 'completed', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"j0oKBmENiS9g3bgJQXwdn2AH7Hpk8KqoUq7Zqx2NM1Z2tnWt9z2ObGXE0V6De7uEIG5nSt3wvm7UkUmeWqo="}', NULL),
	('01a2039d-1e52-7236-a6c2-25b35978a6ee', 'is unread', 'admitted', NULL, NULL),
	('01a2039d-1e4d-76cd-a484-0d1c40314ba8', 'is joined', 'completed', '3', NULL);

INSERT INTO perdure.workers OVERRIDING SYSTEM VALUE VALUES
	(3, 'coded', 'recorder', 'b34d8fdf7a9d8cd9', '{default,away}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356957881, 1795356959180, 1795356959180, false, '00000001'),
	(1, 'tenant', 'recorder', 'b34d8fdf7a9d8cd9', '{default,away}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356957854, 1795356959204, 1795356959204, false, '00000001'),
	(4, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356959976, 1795356960090, 1795356960090, false, '00000001'),
	(2, 'default', 'recorder', 'b34d8fdf7a9d8cd9', '{default,away}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356957868, 1795356959213, 1795356959213, false, '00000001'),
	(7, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356963366, 1795356963953, 1795356963953, false, '00000001'),
	(6, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356962009, 1795356962665, 1795356962665, false, '00000001'),
	(5, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356960693, 1795356961375, 1795356961375, false, '00000001'),
	(8, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356964598, 1795356965221, 1795356965221, false, '00000001'),
	(10, 'tenant', 'recorder', 'a5c9a04ff61246ff', '{default}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356966712, 1795356966878, 1795356966878, false, '00000001'),
	(9, 'default', 'recorder', 'a5c9a04ff61246ff', '{asking}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356965864, 1795356966021, 1795356966021, false, '00000001'),
	(11, 'default', 'recorder', 'ae00c024a88cec37', '{default,later,limited}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795356966936, 1795356968426, 1795356968426, true, '00000001');

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
