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
  worker "perdure".workers; at bigint := "perdure".clock_ms();
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
  update "perdure".executions x set owner = null, takeovers = f.takeovers,
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
    where x.run_id = f.run_id;
  update "perdure".activity_tasks t set lost = true, deadline_at = at
    from (select a.run_id, a.command from "perdure".activity_tasks a where a.worker = victim order by a.run_id, a.command for update) r
    where t.run_id = r.run_id and t.command = r.command;
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
            select x.run_id, x.priority, x.takeovers from "perdure".executions x
            where x.run_id = m.run_id and x.status || '' = 'RUNNING' and coalesce(x.owner, -1) = -1 and x.held_code is null
              and (x.first_task_at is not null
                or m.type in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart'))
            offset 0) c
          where m.namespace = in_namespace and m.task_queue = q.name
          order by m.run_id nulls first limit greatest(1000, wanted)) w
      order by w.run_id limit greatest(1000, wanted)) x
    union all
    select x.run_id, x.priority, x.takeovers, case
        when x.held_code is null then x.wake_at
        when x.held_code = 'unknown_workflow_type' then case when x.workflow_type = any(workflow_types) then 0 end
        when x.held_build_id <> build then 0
        when x.held_code = 'crash_loop' then null
        else x.wake_at end
      from "perdure".executions x
      where x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2)
        and x.namespace = in_namespace and x.task_queue = any(queues)
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
    insert into "perdure".inbox (run_id, namespace, task_queue, type, data)
      select x.parent_run_id, p.namespace, p.task_queue, 'ChildWorkflowExecutionClosed', '{"command":' || x.parent_command || ',"workflowId":' || to_json(x.workflow_id)
          || ',"runId":"' || x.run_id || '","workflowType":' || to_json(x.workflow_type) || ',"status":"' || c.status || '"}' || chr(10)
          || coalesce(c.result, '') || chr(10) || coalesce(c.failure, '')
        from unnest(closing) with ordinality o(run_id, n)
        cross join lateral (select c_status[o.n] as status, c_result[o.n] as result, c_failure[o.n] as failure) c
        cross join lateral (
          select e.run_id, e.workflow_id, e.workflow_type, e.parent_run_id, e.parent_command from "perdure".executions e
          where e.run_id = o.run_id offset 0) x
        cross join lateral (select e.namespace, e.task_queue from "perdure".executions e where e.run_id = x.parent_run_id offset 0) p
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
    insert into "perdure".inbox (run_id, namespace, task_queue, type, data)
      select k.run_id, x.namespace, x.task_queue, case k.way when 'TERMINATE' then 'WorkflowExecutionTerminateRequested' else 'WorkflowExecutionCancelRequested' end,
          '{"reason":"by parent close policy","identity":"perdure"}' || case k.way when 'TERMINATE' then chr(10)
            || '{"message":"by parent close policy","source":"perdure","kind":"terminated"}' else '' end
        from unnest(kin, kin_root, kin_way) k(run_id, root, way)
        cross join lateral (select e.namespace, e.task_queue from "perdure".executions e where e.run_id = k.run_id offset 0) x
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
      insert into "perdure".inbox (run_id, namespace, task_queue, type, data)
        select g.run_id, x.namespace, x.task_queue, g.event_type, g.data from gone g
          cross join lateral (select e.namespace, e.task_queue from "perdure".executions e where e.run_id = g.run_id offset 0) x
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
  found_run uuid[]; found_status text[]; found_queue text[]; locked uuid[]; new_run uuid[]; new_id text[]; firsts int[];
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
  locked := array(select l.run_id from (
    select x.run_id from "perdure".executions x
    where x.run_id = any(array(select f.run_id from unnest(found_run, found_status) f(run_id, status) where f.status = 'RUNNING'))
      and x.status || '' = 'RUNNING'
    order by x.run_id for key share skip locked) l);
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
  insert into "perdure".inbox (run_id, namespace, task_queue, type, data)
    select f.run_id, f.namespace, f.queue, f.type, f.data
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
  outcomes text[]; item record; one record; target uuid; queue text; timeout text := current_setting('lock_timeout');
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
    select x.task_queue into queue from "perdure".executions x
      where x.run_id = target and x.status || '' = 'RUNNING' for key share skip locked;
    outcomes[item.n] := case when found then 'done' else 'busy' end;
    if found then
      insert into "perdure".inbox (run_id, namespace, task_queue, type, data) values (target, item.namespace, queue, item.type, item.data);
    end if;
  end loop;

  insert into "perdure".inbox (run_id, namespace, task_queue, type, data)
    select a.asking, x.namespace, x.task_queue, case outcomes[a.n] when 'done' then a.done_type else a.refused_type end,
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
  found_run uuid; found_status text; found_queue text; wanted uuid := run_id; wanted_id text := workflow_id; timeout text := current_setting('lock_timeout');
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
      select x.run_id, x.status, x.task_queue into found_run, found_status, found_queue from "perdure".executions x
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
      select x.run_id, x.status, x.task_queue into found_run, found_status, found_queue from "perdure".executions x
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
  insert into "perdure".inbox (run_id, namespace, task_queue, type, data)
    values (found_run, signal_workflow.namespace, found_queue, 'WorkflowExecutionSignaled',
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
  insert into "perdure".inbox (run_id, namespace, task_queue, type, data)
    select x.run_id, x.namespace, x.task_queue, 'WorkflowExecutionCancelRequested', '{"reason":"by parent close policy","identity":"perdure"}'
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
        insert into "perdure".inbox (run_id, namespace, task_queue, type, data)
          select s.run_id, s.namespace, s.task_queue, m.value ->> 'type', m.value ->> 'data' from json_array_elements(s.messages) with ordinality m(value, n) order by m.n;
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
	('01a202d5-f636-71e7-aa32-796480e523df', 1, 'default', 'retrying', 'retrying', 'default', 'retried', '1', 3, 2, NULL, false, false, 1795343906358, 1795343926373, NULL, NULL, 60000, NULL, '[]', '{"startToCloseMs":60000,"retry":{"initialMs":20000,"maximumMs":2000000}}', '{"kind":"application","message":"not yet","source":"perdure","stackTrace":"Error: not yet","type":"Error","nonRetryable":false}', NULL),
	('01a202d5-f64d-7371-8cc2-44ab53d08c0d', 1, 'default', 'heartbeats', 'heartbeats', 'default', 'beating', '1', 3, 1, 11, false, false, 1795343906381, 1795343906381, 1795343906383, 1795344026398, 120000, NULL, '[]', '{"heartbeatMs":120000,"startToCloseMs":3600000,"retry":{"maximumAttempts":5}}', NULL, '{"done":"half"}'),
	('01a202d5-f650-76ef-9fe0-ce8bbc4c3f61', 1, 'default', 'outside', 'outside', 'default', 'leftOutside', '1', 3, 1, 0, false, false, 1795343906384, 1795343906384, 1795343906406, 4948943906406, 3153600000000, NULL, '[]', '{"startToCloseMs":3153600000000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a202d5-f666-763b-b38e-979c1d449c5a', 2, 'default', 'queueing', 'queueing', 'limited', 'endless', '2', 3, 1, NULL, false, false, 1795343906406, 1795343906406, NULL, 4948943906406, 3600000, 4948943906406, '["second"]', '{"taskQueue":"limited","scheduleToCloseMs":3153600000000,"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a202d5-f666-763b-b38e-979c1d449c5a', 1, 'default', 'queueing', 'queueing', 'limited', 'endless', '1', 3, 1, 11, false, false, 1795343906406, 1795343906406, 1795343906425, 1795347506425, 3600000, 4948943906406, '["first"]', '{"taskQueue":"limited","scheduleToCloseMs":3153600000000,"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a202d5-ce00-729b-a27b-9f5278c3d533', 1, 'tenant', 'lost', 'heartbeats', 'default', 'beating', '1', 3, 1, 10, true, false, 1795343905908, 1795343905908, 1795343905934, 1795343907214, 120000, NULL, '[]', '{"heartbeatMs":120000,"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":5}}', NULL, '{"done":"half"}'),
	('01a202d5-f646-7550-9062-5fee88527a2d', 1, 'default', 'endlessly', 'endlessly', 'default', 'endless', '1', 3, 1, 11, false, false, 1795343906374, 1795343906374, 1795343906381, 1795347506381, 3600000, NULL, '["one"]', '{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}', NULL, NULL),
	('01a202d5-f679-736c-962d-63c70afe61da', 2, 'default', 'cancelling', 'cancellable', 'default', 'endless', '2', 3, 1, 11, false, true, 1795343906425, 1795343906425, 1795343906438, 1795347506438, 3600000, NULL, '["cancelled"]', '{"startToCloseMs":3600000,"cancellationType":"WAIT_CANCELLATION_COMPLETED","retry":{"maximumAttempts":3}}', NULL, NULL);

INSERT INTO perdure.executions VALUES
	('01a202d5-c7c3-7032-ac22-673e80bf77da', 'default', 'early', 'listening', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894483, 1795343894467, 1795343894483, 1795343894507, '01a202d5-c7c3-7032-ac22-673e80bf77da', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["before all"]', NULL, NULL, NULL, NULL),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 'default', 'ledger', 'ledger', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894529, 1795343894519, 1795343894529, 1795343894606, '01a202d5-c7f7-756f-9b2b-4f3a04e387be', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '6', NULL, NULL, NULL, NULL),
	('01a202d5-c8dd-7306-9c8c-f624ba89a74a', 'default', 'patching', 'patching', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894749, 1795343894749, 1795343894749, 1795343894834, '01a202d5-c8dd-7306-9c8c-f624ba89a74a', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '[true,true,true]', NULL, NULL, NULL, NULL),
	('01a202d5-c8bc-74d1-96a5-aa52a7bee533', 'default', 'family-other', 'listening', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894716, 1795343894716, 1795343894716, 1795343894780, '01a202d5-c8bc-74d1-96a5-aa52a7bee533', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["from another"]', NULL, NULL, NULL, NULL),
	('01a202d5-c8dd-72a8-bae6-797d887747a8', 'default', 'family-fails', 'member', 'default', 'FAILED', 3, 0, NULL, NULL, 1795343894751, 1795343894751, 1795343894751, 1795343894778, '01a202d5-c8dd-72a8-bae6-797d887747a8', '01a202d5-c8dd-7307-8442-7b018aee384c', 2, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["fails"]', NULL, '{"kind":"application","message":"as children do","source":"perdure","stackTrace":"ApplicationFailure: as children do","type":"Expected","nonRetryable":false}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c","namespace":"default"},"root":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c"}}'),
	('01a202d5-c8dd-7308-9564-85777b2912a6', 'default', 'bytes', 'bytes', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894749, 1795343894749, 1795343894749, 1795343894778, '01a202d5-c8dd-7308-9564-85777b2912a6', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCIiLCJcImxhc3RcIiJd"}', '[null,"last",["mark"]]', NULL, ':{"metadata":{"encoding":"fields/payloads"},"data":"eyJtYXJrIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkJ3PT1cIn0iLCJkb3VibGVkIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkFRTCsvd0VDL3Y4PVwifSJ9"}', NULL, '{"startedWith":{"memo":":{\"metadata\":{\"encoding\":\"fields/payloads\"},\"data\":\"eyJtYXJrIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkJ3PT1cIn0ifQ==\"}","searchAttributes":null}}'),
	('01a202d5-c8dd-74b2-93c3-c77029493699', 'default', 'family-ends', 'member', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894751, 1795343894751, 1795343894751, 1795343894778, '01a202d5-c8dd-74b2-93c3-c77029493699', '01a202d5-c8dd-7307-8442-7b018aee384c', 1, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["ends"]', '["family","family-ends","nothing"]', NULL, NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c","namespace":"default"},"root":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c"}}'),
	('01a202d5-c8dd-7348-b894-04c7bb5c9152', 'default', 'family-terminated', 'member', 'default', 'TERMINATED', 3, 0, NULL, NULL, 1795343894751, 1795343894751, 1795343894751, 1795343894783, '01a202d5-c8dd-7348-b894-04c7bb5c9152', '01a202d5-c8dd-7307-8442-7b018aee384c', 3, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"terminated","message":"as siblings do","source":"perdure","stackTrace":"TerminatedFailure: as siblings do"}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c","namespace":"default"},"root":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c"}}'),
	('01a202d5-c8dd-7304-83a1-2d71ec30176b', 'default', 'chain', 'chain', 'default', 'COMPLETED', 1, 0, NULL, NULL, 1795343894749, 1795343894749, 1795343894749, 1795343894847, '01a202d5-c8dd-7304-83a1-2d71ec30176b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[7,"ä \"quoted\" \n line"]', '{"label":"ä \"quoted\" \n line","first":14,"both":[28,6],"raced":8,"failed":"refused","settled":["fulfilled","rejected"],"memo":{"customer":"ann","lines":[1,2]},"searchAttributes":{"n":[1]},"seeded":["78812e22-6687-49a5-b710-5d5ea58c6ec7",0.8918713729362935],"at":"2026-11-22T10:38:14.847Z"}', NULL, '{"customer":"ann","lines":[1,2]}', '{"n":[1]}', NULL),
	('01a202d5-c8dd-7a9f-bf04-86f4e19e3ba6', 'default', 'family-overdue', 'member', 'default', 'TIMED_OUT', 3, 0, NULL, NULL, 1795343894751, 1795343894751, 1795343894751, 1795343895053, '01a202d5-c8dd-7a9f-bf04-86f4e19e3ba6', '01a202d5-c8dd-7307-8442-7b018aee384c', 4, 'TERMINATE', 1795343895051, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"timeout","message":"Workflow execution timed out","source":"perdure","stackTrace":"TimeoutFailure: Workflow execution timed out","timeoutType":"START_TO_CLOSE"}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c","namespace":"default"},"root":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c"},"runTimeoutMs":300}'),
	('01a202d5-c8dd-7b4f-90b3-d73c61f155b8', 'default', 'family-cancelled', 'member', 'default', 'CANCELLED', 3, 0, NULL, NULL, 1795343894751, 1795343894751, 1795343894751, 1795343895086, '01a202d5-c8dd-7b4f-90b3-d73c61f155b8', '01a202d5-c8dd-7307-8442-7b018aee384c', 5, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}', NULL, NULL, '{"parent":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c","namespace":"default"},"root":{"workflowId":"family","runId":"01a202d5-c8dd-7307-8442-7b018aee384c"}}'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 'default', 'family', 'family', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894749, 1795343894749, 1795343894749, 1795343895095, '01a202d5-c8dd-7307-8442-7b018aee384c', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["counting-kept","family-other"]', '[["family","family-ends","nothing"],"ChildWorkflowFailure: as children do","ChildWorkflowFailure: as siblings do","ChildWorkflowFailure: Workflow execution timed out","ChildWorkflowFailure: Workflow cancelled","WorkflowExecutionAlreadyStartedError: Workflow execution already started",null,null,"ApplicationFailure: Unable to signal external workflow because it was not found","ApplicationFailure: Unable to cancel external workflow because not found"]', NULL, NULL, NULL, NULL),
	('01a202d5-c772-717e-8b37-b76a983a46f0', 'default', 'counting', 'counting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343894386, 1795343894386, 1795343894386, NULL, '01a202d5-c772-717e-8b37-b76a983a46f0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[20]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c7b9-7437-8a79-e8981bf0cc62', 'default', 'counting-kept', 'counting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343894457, 1795343894457, 1795343894457, NULL, '01a202d5-c7b9-7437-8a79-e8981bf0cc62', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[100]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c855-7595-93a9-ceb863e3c652', 'default', 'ledger-open', 'ledger', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343894613, 1795343894613, 1795343894613, NULL, '01a202d5-c855-7595-93a9-ceb863e3c652', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c896-7703-b642-1ce31d03182c', 'default', 'unread', 'listening', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795343894678, 1795343894678, 1795343894678, NULL, '01a202d5-c896-7703-b642-1ce31d03182c', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c8b4-76ce-8c00-17b20e12e319', 'default', 'target', 'listening', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795343894708, 1795343894708, 1795343894708, NULL, '01a202d5-c8b4-76ce-8c00-17b20e12e319', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c877-74dd-afd9-5cfb5d0d1344', 'default', 'joined', 'listening', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343906254, 1795343894647, 1795343894647, 1795343906266, '01a202d5-c877-74dd-afd9-5cfb5d0d1344', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["one","three","put 2"]', NULL, NULL, NULL, NULL),
	('01a202d5-c8dd-7305-9e00-eca6ace9f8ee', 'default', 'changed', 'changed', 'default', 'RUNNING', 3, 0, NULL, 1795343909525, 1795343907513, 1795343894749, 1795343894749, NULL, '01a202d5-c8dd-7305-9e00-eca6ace9f8ee', NULL, NULL, NULL, NULL, 'nondeterminism', 'The workflow code does not fit its history at event 1
  expected  ActivityTaskCompleted for command 1: activity ''double''
  got       command 1 is activity ''refuse''
  at        unknown
  Put back the code that made this history, or keep the old path for executions that began on it; the execution goes on by itself then.', 'ae00c024a88cec37', 2, true, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c8f8-7069-ad92-c26973b8e071', 'default', 'throwing', 'throwing', 'away', 'RUNNING', 3, 0, NULL, 1795343895778, 1795343894776, 1795343894776, NULL, NULL, '01a202d5-c8f8-7069-ad92-c26973b8e071', NULL, NULL, NULL, NULL, 'task_failure', 'a mistake', 'b34d8fdf7a9d8cd9', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c90b-729d-815b-392494a85178', 'default', 'foreign', 'foreign', 'away', 'RUNNING', 3, 0, NULL, 1795343895797, 1795343894795, 1795343894795, NULL, NULL, '01a202d5-c90b-729d-815b-392494a85178', NULL, NULL, NULL, NULL, 'determinism_violation', 'In workflow ''foreign'' activity ''refuse'' was called after awaiting something that is not a workflow API (for example crypto.subtle, timers/promises or a stream). Workflow code may await only activities, timers, conditions, signals and promises made from them: move the foreign call into an activity.', 'b34d8fdf7a9d8cd9', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c90b-729c-9dfc-6f243e0fc735', 'default', 'bytes-alone', 'bytes', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894795, 1795343894795, 1795343894795, 1795343894805, '01a202d5-c90b-729c-9dfc-6f243e0fc735', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCIiLCJcImFsb25lXCIiXQ=="}', ':{"metadata":{"encoding":"binary/plain"},"data":"AQL+/w=="}', NULL, ':{"metadata":{"encoding":"fields/payloads"},"data":"eyJkb3VibGVkIjoiOntcIm1ldGFkYXRhXCI6e1wiZW5jb2RpbmdcIjpcImJpbmFyeS9wbGFpblwifSxcImRhdGFcIjpcIkFRTCsvd0VDL3Y4PVwifSJ9"}', NULL, '{"startedWith":{"memo":null,"searchAttributes":null}}'),
	('01a202d5-c900-733a-9c5f-855f37450db7', 'default', 'patching-open', 'patching', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343894784, 1795343894784, 1795343894784, NULL, '01a202d5-c900-733a-9c5f-855f37450db7', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c919-77e7-91c9-00e51373350b', 'coded', 'converted-failed', 'converted', 'default', 'FAILED', 3, 0, NULL, NULL, 1795343894809, 1795343894809, 1795343894809, 1795343894855, '01a202d5-c919-77e7-91c9-00e51373350b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"7/5WitqG6LHh3r2eGWq/S2wmjfpg1eCaKhZUbSKu4J0SsSWCsuUB/WsVmbf7NFHJmQ1dVYmc9nHudEkjVJERXOiEPKXwYF2g9STT8Aqbd1PhuvRF7TEe44Mk4EBY9seVlcExGAda+vWwI3DnImRwKGzW3cibEaJBig+zh6GomOoYMYj6"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"rkSZqO+wlyhWII98Et3wmhsLl18TJggp5TMYUz7poU/lYYyHoUbdAKI64OVUPzjxrt29vIJyB0dHCI+bPt6Z3uDTSKEnX0wD6tTm6VjRPhzAKy4RF2KmJV2QPQjv748VTpQCMhhK7JwKAgxhzoykw3jUdjWBri6vBrVx856ZYg96CXwjXKVgDrIXc2QS4TeeYu01/frncwSt/pJ5K1AI6RciVPB3D8CNoPc7mbSVtZTDTe9t6UIN5cxmnl8OR3RRB1++LYVX7A2rjHwv6b0juxAhV84iPgzxtek9f3YLIxJ7CAo3pQBIoC5UUl4v11K79ssF+PdKLDPk/mRb/YNFzJF6Il/IWszjZrpHRk2JsdYbMxH1Ifn89tczPMoh/4KBIJ20Fmi4faDnoMwnUkPbnEh7XHArwe5VCsLB4wqBofeADMsOoognplXTZ4QLPhA="}', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"PpfWa7YdyCkCdeb+4zoTRnOZB+dW1p9zZ8uC5605Vw00ckukPZnaaWNExo3sZ6P8EXz2A0TNp+s6JMD647g2JOLCDlBE//zf9gQ+hhu71/UDsuvbkqVs+6550qDv1DfSwI8gE9v8LeyQAbUqX6mEKLu8mJ15eSl2IXTbX7JoVnyzoc7a6+uPoRelKls4"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"6LZKEPaM57PiqUEbK12KmHiJA3tSFSQ+kh8wyunWPuq/EoFAzWC6dLsBxWtfpbzRfFNO6rpzcJq/MPWg5x0/TP06gGZNVG4Tu67VW1DeaQSxtATyx3KZxkt1R9UETu43hsEGJZEE6Rbmx7oGgE1y1mUH1QEPLC3vUibrfFBsFWAPiolX66a69OI9okcS4OphkqFqQP1lFOpNWR79UnN91/3zMXCXHpPICw0tJqx1pzsLXpoeTUCc26nLcjfM2XLp/9l1/PXcHxs="}'),
	('01a202d5-c930-7796-9dab-3f0e75f221c8', 'default', 'hopping', 'hopping', 'default', 'CONTINUED_AS_NEW', 3, 0, NULL, NULL, 1795343894832, 1795343894832, 1795343894832, 1795343894841, '01a202d5-c930-7796-9dab-3f0e75f221c8', NULL, NULL, NULL, 4948943894832, NULL, NULL, NULL, NULL, NULL, '[1,false]', '"01a202d5-c939-7e7f-8b96-40ae75ffd8ff"', NULL, '{"first":true,"left":1,"doubled":2}', '{"Left":[1]}', '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"executionTimeoutMs":3153600000000,"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"executionExpiresAt":4948943894832,"staticSummary":"hops","staticDetails":"some **hops**","startedWith":{"memo":"{\"first\":true}","searchAttributes":null}}'),
	('01a202d5-c939-7e7f-8b96-40ae75ffd8ff', 'default', 'hopping', 'hopping', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894841, 1795343894841, 1795343894841, 1795343894881, '01a202d5-c930-7796-9dab-3f0e75f221c8', NULL, NULL, NULL, 4948943894832, NULL, NULL, NULL, NULL, NULL, '[0,false]', '[{"first":true,"doubled":0},{"Left":[0]}]', NULL, '{"first":true,"doubled":0}', '{"Left":[0]}', '{"executionTimeoutMs":3153600000000,"executionExpiresAt":4948943894832,"staticSummary":"hops","staticDetails":"some **hops**","firstStartedAt":1795343894832,"continuedFrom":"01a202d5-c930-7796-9dab-3f0e75f221c8","retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"restartReason":"CONTINUE_AS_NEW","startedWith":{"memo":"{\"first\":true}","searchAttributes":"{\"Left\":[1]}"}}'),
	('01a202d5-c910-74c1-a40c-43e607bd91ca', 'default', 'refused', 'refused', 'away', 'RUNNING', 3, 0, NULL, 1795343895899, 1795343894800, 1795343894800, 1795343894800, NULL, '01a202d5-c910-74c1-a40c-43e607bd91ca', NULL, NULL, NULL, NULL, 'commit_rejected', 'PostgreSQL at live refused: refused by a trigger (SQLSTATE 23514)', 'b34d8fdf7a9d8cd9', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-c96d-74f2-8ac5-24e01e0c3187', 'default', 'chain', 'chain', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894893, 1795343894893, 1795343894893, 1795343894971, '01a202d5-c96d-74f2-8ac5-24e01e0c3187', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[8]', '{"first":16,"both":[32,6],"raced":8,"failed":"refused","settled":["fulfilled","rejected"],"memo":{},"searchAttributes":{},"seeded":["660c367f-d026-4334-8203-d86033ce38da",0.35277792788110673],"at":"2026-11-22T10:38:14.970Z"}', NULL, NULL, NULL, NULL),
	('01a202d5-c981-7eee-a3d8-b01a34443ad8', 'default', 'hopping-open', 'hopping', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343894913, 1795343894913, 1795343894913, NULL, '01a202d5-c979-7270-848c-5a2ee46c65ec', NULL, NULL, NULL, 4948943894905, NULL, NULL, NULL, NULL, NULL, '[0,true]', NULL, NULL, '{"left":0,"doubled":0}', '{"Left":[0]}', '{"executionTimeoutMs":3153600000000,"executionExpiresAt":4948943894905,"staticSummary":"hops","staticDetails":"some **hops**","firstStartedAt":1795343894905,"continuedFrom":"01a202d5-c979-7270-848c-5a2ee46c65ec","retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"restartReason":"CONTINUE_AS_NEW","startedWith":{"memo":null,"searchAttributes":"{\"Left\":[1]}"}}'),
	('01a202d5-ca4c-70cf-9dff-52fb58f25d7d', 'default', 'leaving-away-request_cancel', 'member', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795343895117, 1795343895117, 1795343895117, NULL, '01a202d5-ca4c-70cf-9dff-52fb58f25d7d', '01a202d5-ca4c-7279-825c-d3addb3f8c27', 2, 'REQUEST_CANCEL', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving-away","runId":"01a202d5-ca4c-7279-825c-d3addb3f8c27","namespace":"default"},"root":{"workflowId":"leaving-away","runId":"01a202d5-ca4c-7279-825c-d3addb3f8c27"}}'),
	('01a202d5-ca4c-720f-aa90-dfe4531bb83f', 'default', 'leaving-away-abandon', 'member', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795343895117, 1795343895117, 1795343895117, NULL, '01a202d5-ca4c-720f-aa90-dfe4531bb83f', '01a202d5-ca4c-7279-825c-d3addb3f8c27', 1, 'ABANDON', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving-away","runId":"01a202d5-ca4c-7279-825c-d3addb3f8c27","namespace":"default"},"root":{"workflowId":"leaving-away","runId":"01a202d5-ca4c-7279-825c-d3addb3f8c27"}}'),
	('01a202d5-ca4c-7758-b26a-bd02d27ad057', 'default', 'leaving-away-terminate', 'member', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795343895117, 1795343895117, 1795343895117, NULL, '01a202d5-ca4c-7758-b26a-bd02d27ad057', '01a202d5-ca4c-7279-825c-d3addb3f8c27', 3, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving-away","runId":"01a202d5-ca4c-7279-825c-d3addb3f8c27","namespace":"default"},"root":{"workflowId":"leaving-away","runId":"01a202d5-ca4c-7279-825c-d3addb3f8c27"}}'),
	('01a202d5-ca4c-7279-825c-d3addb3f8c27', 'default', 'leaving-away', 'leaving', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343906254, 1795343895116, 1795343895116, 1795343906270, '01a202d5-ca4c-7279-825c-d3addb3f8c27', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["away"]', '["leaving-away-abandon","leaving-away-request_cancel","leaving-away-terminate"]', NULL, NULL, NULL, NULL),
	('01a202d5-c979-7270-848c-5a2ee46c65ec', 'default', 'hopping-open', 'hopping', 'default', 'CONTINUED_AS_NEW', 3, 0, NULL, NULL, 1795343894905, 1795343894905, 1795343894905, 1795343894913, '01a202d5-c979-7270-848c-5a2ee46c65ec', NULL, NULL, NULL, 4948943894905, NULL, NULL, NULL, NULL, NULL, '[1,true]', '"01a202d5-c981-7eee-a3d8-b01a34443ad8"', NULL, '{"left":1,"doubled":2}', '{"Left":[1]}', '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":3,"nonRetryableErrorTypes":[]},"executionTimeoutMs":3153600000000,"runTimeoutMs":3153600000000,"taskTimeoutMs":10000,"executionExpiresAt":4948943894905,"staticSummary":"hops","staticDetails":"some **hops**","startedWith":{"memo":null,"searchAttributes":null}}'),
	('01a202d5-c9c4-7200-aa39-1d9365a32c82', 'default', 'flaky', 'flaky', 'default', 'FAILED', 3, 0, NULL, NULL, 1795343894980, 1795343894980, 1795343894980, 1795343894981, '01a202d5-c9c4-7200-aa39-1d9365a32c82', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '"01a202d5-c9c5-7557-812c-be792ad19fed"', '{"kind":"application","message":"not the first time","source":"perdure","stackTrace":"ApplicationFailure: not the first time","nonRetryable":false,"details":[{"attempt":1}]}', NULL, NULL, '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":0,"nonRetryableErrorTypes":[]}}'),
	('01a202d5-c9c5-7557-812c-be792ad19fed', 'default', 'flaky', 'flaky', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894990, 1795343894981, 1795343894990, 1795343894993, '01a202d5-c9c4-7200-aa39-1d9365a32c82', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '"attempt 2 after: not the first time"', NULL, NULL, NULL, '{"retry":{"initialMs":1,"coefficient":2,"maximumMs":100,"maximumAttempts":0,"nonRetryableErrorTypes":[]},"firstStartedAt":1795343894980,"continuedFrom":"01a202d5-c9c4-7200-aa39-1d9365a32c82","attempt":2,"lastFailure":"{\"kind\":\"application\",\"message\":\"not the first time\",\"source\":\"perdure\",\"stackTrace\":\"ApplicationFailure: not the first time\",\"nonRetryable\":false,\"details\":[{\"attempt\":1}]}","restartReason":"RETRY"}'),
	('01a202d5-ca0a-75af-981c-eeb6b6a00f86', 'default', 'failing', 'failing', 'default', 'FAILED', 3, 0, NULL, NULL, 1795343895050, 1795343895050, 1795343895050, 1795343895053, '01a202d5-ca0a-75af-981c-eeb6b6a00f86', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, '{"kind":"application","message":"as it should","source":"perdure","stackTrace":"ApplicationFailure: as it should","type":"Expected","nonRetryable":true,"details":[{"code":7}]}', NULL, NULL, NULL),
	('01a202d5-ca3a-738b-ba1e-a972b1dcc0dd', 'default', 'leaving-terminate', 'member', 'default', 'TERMINATED', 3, 0, NULL, NULL, 1795343895099, 1795343895099, 1795343895099, 1795343895146, '01a202d5-ca3a-738b-ba1e-a972b1dcc0dd', '01a202d5-ca3a-761e-832c-eca5f240708f', 3, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"message":"by parent close policy","source":"perdure","kind":"terminated"}', NULL, NULL, '{"parent":{"workflowId":"leaving","runId":"01a202d5-ca3a-761e-832c-eca5f240708f","namespace":"default"},"root":{"workflowId":"leaving","runId":"01a202d5-ca3a-761e-832c-eca5f240708f"}}'),
	('01a202d5-ca3a-761e-832c-eca5f240708f', 'default', 'leaving', 'leaving', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343895098, 1795343895098, 1795343895098, 1795343895146, '01a202d5-ca3a-761e-832c-eca5f240708f', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["default"]', '["leaving-abandon","leaving-request_cancel","leaving-terminate"]', NULL, NULL, NULL, NULL),
	('01a202d5-ca3a-7f0f-8aed-57c1c3bc5cf3', 'default', 'leaving-request_cancel', 'member', 'default', 'CANCELLED', 3, 0, NULL, NULL, 1795343895099, 1795343895099, 1795343895099, 1795343895158, '01a202d5-ca3a-7f0f-8aed-57c1c3bc5cf3', '01a202d5-ca3a-761e-832c-eca5f240708f', 2, 'REQUEST_CANCEL', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, '{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}', NULL, NULL, '{"parent":{"workflowId":"leaving","runId":"01a202d5-ca3a-761e-832c-eca5f240708f","namespace":"default"},"root":{"workflowId":"leaving","runId":"01a202d5-ca3a-761e-832c-eca5f240708f"}}'),
	('01a202d5-c9da-73dc-a642-1d958fd8344d', 'default', 'timed-out', 'listening', 'default', 'TIMED_OUT', 3, 0, NULL, NULL, 1795343895002, 1795343895002, 1795343895002, 1795343895306, '01a202d5-c9da-73dc-a642-1d958fd8344d', NULL, NULL, NULL, 1795343895302, NULL, NULL, NULL, NULL, NULL, '[]', NULL, '{"kind":"timeout","message":"Workflow execution timed out","source":"perdure","stackTrace":"TimeoutFailure: Workflow execution timed out","timeoutType":"START_TO_CLOSE"}', NULL, NULL, '{"runTimeoutMs":300}'),
	('01a202d5-ca11-765e-8781-3b09c8f424c2', 'default', 'endings', 'endings', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343895057, 1795343895057, 1795343895057, 1795343895366, '01a202d5-ca11-765e-8781-3b09c8f424c2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '["ActivityFailure: activity START_TO_CLOSE timeout","ActivityFailure: activity HEARTBEAT timeout","ActivityFailure: activity SCHEDULE_TO_START timeout","ActivityFailure: CANCELLED",4,"ApplicationFailure: refused"]', NULL, NULL, NULL, NULL),
	('01a202d5-cc80-735e-ab9d-516e761de67b', 'default', 'cancelled', 'cancellable', 'default', 'CANCELLED', 3, 0, NULL, NULL, 1795343895680, 1795343895680, 1795343895680, 1795343895687, '01a202d5-cc80-735e-ab9d-516e761de67b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[false]', NULL, '{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}', NULL, NULL, NULL),
	('01a202d5-cc89-7531-b07a-ee86478d1c10', 'default', 'terminated', 'sleeping', 'default', 'TERMINATED', 3, 0, NULL, NULL, 1795343895689, 1795343895689, 1795343895689, 1795343895698, '01a202d5-cc89-7531-b07a-ee86478d1c10', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, '{"kind":"terminated","message":"not needed","source":"perdure","stackTrace":"TerminatedFailure: not needed"}', NULL, NULL, NULL),
	('01a202d5-ca3a-7f7e-8583-6a6522098814', 'default', 'leaving-abandon', 'member', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343895099, 1795343895099, 1795343895099, NULL, '01a202d5-ca3a-7f7e-8583-6a6522098814', '01a202d5-ca3a-761e-832c-eca5f240708f', 1, 'ABANDON', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"leaving","runId":"01a202d5-ca3a-761e-832c-eca5f240708f","namespace":"default"},"root":{"workflowId":"leaving","runId":"01a202d5-ca3a-761e-832c-eca5f240708f"}}'),
	('01a202d5-c95b-7681-b9c7-de8692672de3', 'coded', 'converted', 'converted', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894875, 1795343894875, 1795343894875, 1795343894976, '01a202d5-c95b-7681-b9c7-de8692672de3', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"h9coVHiplWKxLrkX3JVXZ7a2wAO2rm6hkPYLxkc1HqLk8GPSWkyzHMwLf5nk2W/tEYIjajZxlez1Qxm2AUt3iKoe5Gc/OYEHHbh3QAEfIqOyBxKL4bBvT6Z9PTXZeuzdtZr6LoQmVBkiiOjn/bEVszn9na73jXEDyR/KSsXi/YVXO52j"}', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"xrCzzo4OkCpA81ph1wjFpC+Nin+q7bosEIXJEByiev4oqA6PpXq/1+Yr5aiEhIcQpMJUpejjbeCDpB/xjRI="}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"/PO02Fa/htXgTdAVD1djiT62EY9UMwPlkFLgSia2/UBa9fOYDQWUaAk52RtTlsNmnZs2S4I5DpfZOBcS1S33j5p3mnYTuPYup8hkG5tSZoZop4w9EkqBQuJtVo9pi8vnwZhdFt5KS10W0gk3Fab7NJhGM/mMarbDtcbV8NREKTmr4aOjDAtobwQyatsnIQzMP4vxHsEjLArtpKNv"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"ZF7eAH+5Eon1yJ6uJynVzuknKuStqYVHUgO9hK7HM9HIHpOVujnRbPzXkBLmo5PbbKqaXjr7kdBL9JlLycU4or8bLAaLxI777L8Z8QvopIeBuFCI1gUSzSA/tRJMCX/xNwYa+Ug/fMrFweCwXwyjFlaTkGZAbrSwCsvSLW+SZ9wP8l7jA7iO1ZcgCjuZx0nQKOnPGaTelQaxr3UdQ+J9NRbeBJqpuqktjXSTvKHXz1QxvmyXr0zkXG/Hm+gBiQp2ThdnRyQMl/8jfgsXRBm/kM50KO8hwg=="}'),
	('01a202d5-c9c2-72b6-b651-2287e61418de', 'tenant', 'chain', 'chain', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343894978, 1795343894978, 1795343894978, 1795343895029, '01a202d5-c9c2-72b6-b651-2287e61418de', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[9,"tenant"]', '{"label":"tenant","first":18,"both":[36,6],"raced":8,"failed":"refused","settled":["fulfilled","rejected"],"memo":{},"searchAttributes":{},"seeded":["5b218b19-29d9-42e8-952e-972dab80350b",0.330812074476853],"at":"2026-11-22T10:38:15.028Z"}', NULL, NULL, NULL, '{"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}'),
	('01a202d5-c9fe-75e7-92ec-e2240e7f5713', 'tenant', 'counting', 'counting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343895038, 1795343895038, 1795343895038, NULL, '01a202d5-c9fe-75e7-92ec-e2240e7f5713', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[20]', NULL, NULL, NULL, NULL, '{"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}'),
	('01a202d5-c986-71a4-9e3a-504449bec0d0', 'coded', 'converted-open', 'converted', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343894918, 1795343894918, 1795343894918, NULL, '01a202d5-c986-71a4-9e3a-504449bec0d0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"zoMKBSOQrFZL7xUSs5yd6VOqxP1+r3fOExEQAKOgt9YccLhHzKQP8wVgacJK1+PW3r6yJrXqsX7HpYOylEk+YVBuAmqxXBOlyU8cJAHfmFhgbOaqsbVYA9nHlAB4sjHXg6WApIYNgyryEaKHubIYR/bUr4Tpa7QQe9RietjxBSvdrqsr"}', NULL, NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"GCqHthEQ48p543aIb9pBD1GCdv7jNVo17du/Mt93gNheb8P2kioAlg61FnGbbXS8kuwEeiHkEHZCAs1mdNsyivl5dBy6xs2etLkkGFgL2X0wwc0UiwzPRtnK+uszGKp1vEw9PFlXrCDXe5TQYvEbPwZpP/QsDuwMYe8vKzIoufkt0TMcCvC7KKeZcFhFd4T2H/fmWXmK0h668FpP"}', NULL, ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"9xotJx3Bipx5MhU93EuKd3UDeemzNji0wymOMUZDKpOP/Mdsiq3VKWWU2nI/+Ic2JzYBxcVodsO37pxOGrSbKI6tnel2hCC4N+7wKpeGitdt6rPNmfOcAJSrJdmT0TAkETxZAmJ8qdc68YTKA09h+PM08HmLXUZB4KXzEwbDCZVjGUk4eUS0ieeHHqABMNDNWht+EdA4uNsRRQcjgSyIyML9H05eChE6sb+iJG+yRpoUBg6+yAuYqUbpG4U7xn0OYxUzanvwuFhKALRZ7TApvDGjq02K7A=="}'),
	('01a202d5-ca7b-7134-a52d-9898184b8faf', 'default', 'awaiting-child', 'member', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343895163, 1795343895163, 1795343895163, NULL, '01a202d5-ca7b-7134-a52d-9898184b8faf', '01a202d5-ca7b-71a4-a89a-f7a35eb12dae', 1, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"awaiting","runId":"01a202d5-ca7b-71a4-a89a-f7a35eb12dae","namespace":"default"},"root":{"workflowId":"awaiting","runId":"01a202d5-ca7b-71a4-a89a-f7a35eb12dae"}}'),
	('01a202d5-ca7b-71a4-a89a-f7a35eb12dae', 'default', 'awaiting', 'awaiting', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343895163, 1795343895163, 1795343895163, NULL, '01a202d5-ca7b-71a4-a89a-f7a35eb12dae', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["default"]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-ca82-764c-be0e-6f3ee97dc338', 'default', 'awaiting-away', 'awaiting', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795343895170, 1795343895170, 1795343895170, NULL, '01a202d5-ca82-764c-be0e-6f3ee97dc338', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["default"]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-cb49-773b-bd58-9008eb2c5a92', 'default', 'attending', 'attending', 'away', 'RUNNING', 3, 0, NULL, NULL, 1795343895369, 1795343895369, 1795343895369, NULL, '01a202d5-cb49-773b-bd58-9008eb2c5a92', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-cdeb-72d1-8982-b8b1250306d9', 'default', 'crashing', 'crashing', 'crashing', 'RUNNING', 3, 5, NULL, NULL, 1795343902906, 1795343896043, 1795343897467, NULL, '01a202d5-cdeb-72d1-8982-b8b1250306d9', NULL, NULL, NULL, NULL, 'crash_loop', 'The worker died 5 times in a row while it ran this execution (last build 5d1166fc46fd0b6d). It is not tried again by the same build: deploy a fixed one, or terminate the execution.', '5d1166fc46fd0b6d', 1, true, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-cdf4-755b-ac05-1e86f106f949', 'default', 'asking', 'asking', 'asking', 'RUNNING', 3, 1, NULL, 1795343905955, 1795343904274, 1795343896052, 1795343904274, NULL, '01a202d5-cdf4-755b-ac05-1e86f106f949', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["counting-kept","target"]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-ee12-74f2-b069-ddeb0bd3532e', 'default', 'asking-child', 'member', 'asking', 'RUNNING', 3, 1, NULL, 1795343905955, 1795343904315, 1795343904315, 1795343904315, NULL, '01a202d5-ee12-74f2-b069-ddeb0bd3532e', '01a202d5-cdf4-755b-ac05-1e86f106f949', 1, 'ABANDON', NULL, NULL, NULL, NULL, NULL, NULL, '["ends"]', NULL, NULL, NULL, NULL, '{"parent":{"workflowId":"asking","runId":"01a202d5-cdf4-755b-ac05-1e86f106f949","namespace":"default"},"root":{"workflowId":"asking","runId":"01a202d5-cdf4-755b-ac05-1e86f106f949"}}'),
	('01a202d5-f5c3-74c5-ae03-8101426148d5', 'default', 'sleeping', 'sleeping', 'default', 'RUNNING', 3, 0, 11, NULL, 1795343906243, 1795343906243, 1795343906243, NULL, '01a202d5-f5c3-74c5-ae03-8101426148d5', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-cd3e-7078-80be-3a69ba4af96d', 'default', 'newcomer', 'newcomer', 'default', 'RUNNING', 3, 0, NULL, NULL, 1795343906254, 1795343895870, NULL, NULL, '01a202d5-cd3e-7078-80be-3a69ba4af96d', NULL, NULL, NULL, NULL, 'unknown_workflow_type', 'No workflow ''newcomer'' is registered with worker recorder of task queue ''default''; it has asking, attending, awaiting, bytes, cancellable, chain, changed, converted, counting, crashing, endings, endlessly, failing, family, flaky, foreign, heartbeats, hopping, leaving, ledger, .... It goes on when a worker that has it starts.', 'ae00c024a88cec37', 1, false, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-f5d9-739c-98b9-c8b3419ea00e', 'default', 'delayed', 'retrying', 'default', 'RUNNING', 3, 0, NULL, 1795343926265, NULL, 1795343906265, NULL, NULL, '01a202d5-f5d9-739c-98b9-c8b3419ea00e', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-ca82-7c06-a4ee-088c2f123df6', 'default', 'awaiting-away-child', 'member', 'default', 'COMPLETED', 3, 0, NULL, NULL, 1795343906254, 1795343895171, 1795343895171, 1795343906265, '01a202d5-ca82-7c06-a4ee-088c2f123df6', '01a202d5-ca82-764c-be0e-6f3ee97dc338', 1, 'TERMINATE', NULL, NULL, NULL, NULL, NULL, NULL, '["waits"]', '["awaiting-away","awaiting-away-child","hello"]', NULL, NULL, NULL, '{"parent":{"workflowId":"awaiting-away","runId":"01a202d5-ca82-764c-be0e-6f3ee97dc338","namespace":"default"},"root":{"workflowId":"awaiting-away","runId":"01a202d5-ca82-764c-be0e-6f3ee97dc338"}}'),
	('01a202d5-f5f1-7605-929e-8ea334913c99', 'default', 'flaky-later', 'flaky', 'default', 'FAILED', 3, 0, NULL, NULL, 1795343906289, 1795343906289, 1795343906289, 1795343906294, '01a202d5-f5f1-7605-929e-8ea334913c99', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '"01a202d5-f5f6-7fa3-85c4-49aeea02969e"', '{"kind":"application","message":"not the first time","source":"perdure","stackTrace":"ApplicationFailure: not the first time","nonRetryable":false,"details":[{"attempt":1}]}', NULL, NULL, '{"retry":{"initialMs":20000,"coefficient":2,"maximumMs":2000000,"maximumAttempts":0,"nonRetryableErrorTypes":[]}}'),
	('01a202d5-f5f6-7fa3-85c4-49aeea02969e', 'default', 'flaky-later', 'flaky', 'default', 'RUNNING', 3, 0, NULL, 1795343926294, NULL, 1795343906294, NULL, NULL, '01a202d5-f5f1-7605-929e-8ea334913c99', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '{"retry":{"initialMs":20000,"coefficient":2,"maximumMs":2000000,"maximumAttempts":0,"nonRetryableErrorTypes":[]},"firstStartedAt":1795343906289,"continuedFrom":"01a202d5-f5f1-7605-929e-8ea334913c99","attempt":2,"lastFailure":"{\"kind\":\"application\",\"message\":\"not the first time\",\"source\":\"perdure\",\"stackTrace\":\"ApplicationFailure: not the first time\",\"nonRetryable\":false,\"details\":[{\"attempt\":1}]}","restartReason":"RETRY"}'),
	('01a202d5-f625-72d1-9b41-dbb1dce813ce', 'default', 'overdue', 'listening', 'default', 'RUNNING', 3, 0, 11, NULL, 1795343906341, 1795343906341, 1795343906341, NULL, '01a202d5-f625-72d1-9b41-dbb1dce813ce', NULL, NULL, NULL, 1795343936341, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '{"runTimeoutMs":30000}'),
	('01a202d5-f636-71e7-aa32-796480e523df', 'default', 'retrying', 'retrying', 'default', 'RUNNING', 3, 0, 11, NULL, 1795343906358, 1795343906358, 1795343906358, NULL, '01a202d5-f636-71e7-aa32-796480e523df', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-f646-7550-9062-5fee88527a2d', 'default', 'endlessly', 'endlessly', 'default', 'RUNNING', 3, 0, 11, NULL, 1795343906374, 1795343906374, 1795343906374, NULL, '01a202d5-f646-7550-9062-5fee88527a2d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-f64d-7371-8cc2-44ab53d08c0d', 'default', 'heartbeats', 'heartbeats', 'default', 'RUNNING', 3, 0, 11, NULL, 1795343906381, 1795343906381, 1795343906381, NULL, '01a202d5-f64d-7371-8cc2-44ab53d08c0d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-f650-76ef-9fe0-ce8bbc4c3f61', 'default', 'outside', 'outside', 'default', 'RUNNING', 3, 0, 11, NULL, 1795343906384, 1795343906384, 1795343906384, NULL, '01a202d5-f650-76ef-9fe0-ce8bbc4c3f61', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-f666-763b-b38e-979c1d449c5a', 'default', 'queueing', 'queueing', 'default', 'RUNNING', 3, 0, 11, NULL, 1795343906406, 1795343906406, 1795343906406, NULL, '01a202d5-f666-763b-b38e-979c1d449c5a', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-f679-736c-962d-63c70afe61da', 'default', 'cancelling', 'cancellable', 'default', 'RUNNING', 3, 0, 11, NULL, 1795343906425, 1795343906425, 1795343906425, NULL, '01a202d5-f679-736c-962d-63c70afe61da', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[true]', NULL, NULL, NULL, NULL, NULL),
	('01a202d5-ce00-729b-a27b-9f5278c3d533', 'tenant', 'lost', 'heartbeats', 'default', 'RUNNING', 3, 1, NULL, 1795343907214, 1795343905908, 1795343896064, 1795343905908, NULL, '01a202d5-ce00-729b-a27b-9f5278c3d533', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '{"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}');

INSERT INTO perdure.history VALUES
	('01a202d5-c772-717e-8b37-b76a983a46f0', 1, 1795343894415, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder"}
[1]'),
	('01a202d5-c772-717e-8b37-b76a983a46f0', 2, 1795343894441, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder"}
[2]'),
	('01a202d5-c772-717e-8b37-b76a983a46f0', 3, 1795343894444, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894415,"startedAt":1795343894428}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202d5-c772-717e-8b37-b76a983a46f0', 4, 1795343894450, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder"}
[3]'),
	('01a202d5-c772-717e-8b37-b76a983a46f0', 5, 1795343894450, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894441,"startedAt":1795343894449}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[2]
4'),
	('01a202d5-c772-717e-8b37-b76a983a46f0', 6, 1795343894453, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["early"]'),
	('01a202d5-c772-717e-8b37-b76a983a46f0', 7, 1795343894460, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["too"]'),
	('01a202d5-c772-717e-8b37-b76a983a46f0', 8, 1795343894460, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894450,"startedAt":1795343894459}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a202d5-c7b9-7437-8a79-e8981bf0cc62', 1, 1795343894468, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["first"]'),
	('01a202d5-c7c3-7032-ac22-673e80bf77da', 1, 1795343894505, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["before all"]'),
	('01a202d5-c7c3-7032-ac22-673e80bf77da', 2, 1795343894505, 'WorkflowTaskStarted', '{}'),
	('01a202d5-c7c3-7032-ac22-673e80bf77da', 3, 1795343894507, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 1, 1795343894533, 'WorkflowExecutionUpdateAccepted', '{"updateId":"comes first","updateName":"put","identity":"recorder"}
[1]'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 2, 1795343894533, 'WorkflowTaskStarted', '{}'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 3, 1795343894539, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894533,"startedAt":1795343894539}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 4, 1795343894539, 'WorkflowExecutionUpdateCompleted', '{"updateId":"comes first"}
2'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 5, 1795343894554, 'WorkflowExecutionUpdateAccepted', '{"updateId":"adds","updateName":"put","identity":"recorder"}
[2]'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 6, 1795343894561, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894554,"startedAt":1795343894561}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[2]
4'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 7, 1795343894561, 'WorkflowExecutionUpdateCompleted', '{"updateId":"adds"}
6'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 8, 1795343894576, 'WorkflowExecutionUpdateAccepted', '{"updateId":"fails","updateName":"put","identity":"recorder"}
[13]'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 9, 1795343894576, 'WorkflowExecutionUpdateCompleted', '{"updateId":"fails","failed":true}
{"kind":"application","message":"unlucky","source":"perdure","stackTrace":"ApplicationFailure: unlucky","type":"Unlucky","nonRetryable":false}'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 10, 1795343894605, 'WorkflowExecutionSignaled', '{"signalName":"finish","identity":"recorder"}
[]'),
	('01a202d5-c855-7595-93a9-ceb863e3c652', 1, 1795343894631, 'WorkflowExecutionUpdateAccepted', '{"updateId":"adds","updateName":"put","identity":"recorder"}
[1]'),
	('01a202d5-c855-7595-93a9-ceb863e3c652', 2, 1795343894634, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894631,"startedAt":1795343894634}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202d5-c855-7595-93a9-ceb863e3c652', 3, 1795343894634, 'WorkflowExecutionUpdateCompleted', '{"updateId":"adds"}
2'),
	('01a202d5-c855-7595-93a9-ceb863e3c652', 4, 1795343894644, 'WorkflowExecutionUpdateAccepted', '{"updateId":"waits","updateName":"put","identity":"recorder"}
[100]'),
	('01a202d5-c877-74dd-afd9-5cfb5d0d1344', 1, 1795343894653, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795343894647}'),
	('01a202d5-c896-7703-b642-1ce31d03182c', 1, 1795343894679, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795343894678}'),
	('01a202d5-c8b4-76ce-8c00-17b20e12e319', 1, 1795343894709, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795343894708}'),
	('01a202d5-c8bc-74d1-96a5-aa52a7bee533', 1, 1795343894718, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795343894716}'),
	('01a202d5-c8dd-7306-9c8c-f624ba89a74a', 1, 1795343894749, 'PatchMarked', '{"patchId":"at the start","deprecated":false,"atStart":true}'),
	('01a202d5-c8dd-7306-9c8c-f624ba89a74a', 2, 1795343894749, 'PatchMarked', '{"patchId":"long ago","deprecated":true,"atStart":true}'),
	('01a202d5-c8dd-7306-9c8c-f624ba89a74a', 3, 1795343894761, 'PatchMarked', '{"patchId":"afterwards","deprecated":false,"atStart":false}'),
	('01a202d5-c8dd-7306-9c8c-f624ba89a74a', 4, 1795343894761, 'PatchMarked', '{"patchId":"before","deprecated":true,"atStart":false}'),
	('01a202d5-c8dd-7306-9c8c-f624ba89a74a', 5, 1795343894761, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795343894749}'),
	('01a202d5-c8bc-74d1-96a5-aa52a7bee533', 2, 1795343894779, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"workflow family"}
["from another"]'),
	('01a202d5-c8bc-74d1-96a5-aa52a7bee533', 3, 1795343894779, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"workflow family","joined":true}'),
	('01a202d5-c8dd-7304-83a1-2d71ec30176b', 1, 1795343894778, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894749,"startedAt":1795343894770}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[7]
14'),
	('01a202d5-c8dd-7305-9e00-eca6ace9f8ee', 1, 1795343894778, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894749,"startedAt":1795343894770}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[10]
20'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 1, 1795343894780, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"family-ends","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795343894749,"runId":"01a202d5-c8dd-74b2-93c3-c77029493699"}
["ends"]'),
	('01a202d5-c8dd-7308-9564-85777b2912a6', 1, 1795343894778, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795343894749,"startedAt":1795343894770}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
:{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCJcImxhc3RcIiJd"}
:{"metadata":{"encoding":"binary/plain"},"data":"AQL+/w=="}'),
	('01a202d5-c8dd-7305-9e00-eca6ace9f8ee', 2, 1795343894780, 'TimerFired', '{"command":2,"durationMs":1,"startedAt":1795343894778}'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 2, 1795343894780, 'ChildWorkflowExecutionStarted', '{"command":2,"workflowId":"family-fails","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795343894749,"runId":"01a202d5-c8dd-72a8-bae6-797d887747a8"}
["fails"]'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 3, 1795343894781, 'ChildWorkflowExecutionStarted', '{"command":3,"workflowId":"family-terminated","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795343894749,"runId":"01a202d5-c8dd-7348-b894-04c7bb5c9152"}
["waits"]'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 4, 1795343894781, 'ChildWorkflowExecutionStarted', '{"command":4,"workflowId":"family-overdue","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795343894749,"runId":"01a202d5-c8dd-7a9f-bf04-86f4e19e3ba6"}
["waits"]'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 5, 1795343894781, 'ChildWorkflowExecutionStarted', '{"command":5,"workflowId":"family-cancelled","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795343894749,"runId":"01a202d5-c8dd-7b4f-90b3-d73c61f155b8"}
["waits"]'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 6, 1795343894781, 'StartChildWorkflowExecutionFailed', '{"command":6,"workflowId":"counting-kept","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795343894749,"cause":"WORKFLOW_ALREADY_EXISTS"}
["ends"]'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 7, 1795343894781, 'ExternalWorkflowExecutionSignaled', '{"command":7,"workflowId":"family-other","runId":null,"initiatedAt":1795343894749,"signalName":"go"}
["from another"]'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 8, 1795343894781, 'ExternalWorkflowExecutionCancelRequested', '{"command":8,"workflowId":"family-other","runId":null,"initiatedAt":1795343894749}'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 9, 1795343894781, 'SignalExternalWorkflowExecutionFailed', '{"command":9,"workflowId":"nobody","runId":null,"initiatedAt":1795343894749,"signalName":"go"}
[]'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 10, 1795343894781, 'RequestCancelExternalWorkflowExecutionFailed', '{"command":10,"workflowId":"nobody","runId":null,"initiatedAt":1795343894749}'),
	('01a202d5-c900-733a-9c5f-855f37450db7', 1, 1795343894784, 'PatchMarked', '{"patchId":"at the start","deprecated":false,"atStart":true}'),
	('01a202d5-c900-733a-9c5f-855f37450db7', 2, 1795343894784, 'PatchMarked', '{"patchId":"long ago","deprecated":true,"atStart":true}'),
	('01a202d5-c900-733a-9c5f-855f37450db7', 3, 1795343894785, 'PatchMarked', '{"patchId":"afterwards","deprecated":false,"atStart":false}'),
	('01a202d5-c900-733a-9c5f-855f37450db7', 4, 1795343894785, 'PatchMarked', '{"patchId":"before","deprecated":true,"atStart":false}'),
	('01a202d5-c900-733a-9c5f-855f37450db7', 5, 1795343894785, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795343894784}'),
	('01a202d5-c8dd-7304-83a1-2d71ec30176b', 2, 1795343894795, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894778,"startedAt":1795343894793}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[14]
28'),
	('01a202d5-c8dd-7304-83a1-2d71ec30176b', 3, 1795343894796, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894778,"startedAt":1795343894793}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 11, 1795343894796, 'ChildWorkflowExecutionClosed', '{"command":2,"workflowId":"family-fails","runId":"01a202d5-c8dd-72a8-bae6-797d887747a8","workflowType":"member","status":"FAILED"}

{"kind":"application","message":"as children do","source":"perdure","stackTrace":"ApplicationFailure: as children do","type":"Expected","nonRetryable":false}'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 12, 1795343894797, 'ChildWorkflowExecutionClosed', '{"command":1,"workflowId":"family-ends","runId":"01a202d5-c8dd-74b2-93c3-c77029493699","workflowType":"member","status":"COMPLETED"}
["family","family-ends","nothing"]
'),
	('01a202d5-c8dd-7304-83a1-2d71ec30176b', 4, 1795343894804, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894796,"startedAt":1795343894800}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[4]
8'),
	('01a202d5-c90b-729c-9dfc-6f243e0fc735', 1, 1795343894804, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795343894795,"startedAt":1795343894800}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
:{"metadata":{"encoding":"list/payloads"},"data":"WyI6e1wibWV0YWRhdGFcIjp7XCJlbmNvZGluZ1wiOlwiYmluYXJ5L3BsYWluXCJ9LFwiZGF0YVwiOlwiQVFMKy93PT1cIn0iLCJcImFsb25lXCIiXQ=="}
:{"metadata":{"encoding":"binary/plain"},"data":"AQL+/w=="}'),
	('01a202d5-c8dd-7304-83a1-2d71ec30176b', 5, 1795343894812, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795343894804,"startedAt":1795343894808,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202d5-c8dd-7304-83a1-2d71ec30176b', 6, 1795343894832, 'ActivityTaskCompleted', '{"command":7,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894812,"startedAt":1795343894822}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[5]
10'),
	('01a202d5-c8dd-7304-83a1-2d71ec30176b', 7, 1795343894834, 'ActivityTaskFailed', '{"command":8,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795343894812,"startedAt":1795343894822,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202d5-c8dd-7306-9c8c-f624ba89a74a', 6, 1795343894834, 'PatchMarked', '{"patchId":"at the end","deprecated":false,"atStart":false}'),
	('01a202d5-c8dd-7306-9c8c-f624ba89a74a', 7, 1795343894834, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 13, 1795343894834, 'ChildWorkflowExecutionClosed', '{"command":3,"workflowId":"family-terminated","runId":"01a202d5-c8dd-7348-b894-04c7bb5c9152","workflowType":"member","status":"TERMINATED"}

{"kind":"terminated","message":"as siblings do","source":"perdure","stackTrace":"TerminatedFailure: as siblings do"}'),
	('01a202d5-c919-77e7-91c9-00e51373350b', 1, 1795343894855, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795343894809,"startedAt":1795343894855}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"4/3zmOAyJWwibsidFWVa+I/nWSKABbbjrdKdI9EoVCqneC2z3va0Ey3KOi+aVkyGBAtXonvY8nKPCvgES/wjg9O0SJ1QyzMNyZQSYw6SurGsmGGkOwuM6Fv3qAFZ4PRexmi3aUcFYBcaCJ83BQ4rEOM5AggmtasGOceP6OTDTUpO5zWZeMQehLAUBGysNlqq2WRwPyL4kjOv9+Mq26XQbnVf1pL4GT68Xayd05f95SKOxzPGGlOy6CxAeirZ/iE/nzhYxkyzJBK0bgs="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"3lDGNBCNQtF9qVHYa6h2clmZroJPhOVd7BcE74zvn+JnoA3tn5aMqzPzZaCtM0xFX+6an4kOheMj5iCip2xIZxAiqJ8MpcVRjcOjr1659UFWEK5Qi9wNVHyNp3ZF7kfZCuZjgbBK3U9Tog5qMfdiHz7WO15UzsDOZ0GADiROEU96BSTef7MwuJUDNdstl14vQzJ4ig=="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"P5Sbk2WZAfA0i24NxEl3PNwGQ1FlYYLnSVWisV319WWQ+Z/6Wv003HSKBVAO2cLPS/g9Rj7UNoX86+azKQ=="}'),
	('01a202d5-c930-7796-9dab-3f0e75f221c8', 1, 1795343894839, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894832,"startedAt":1795343894838}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202d5-c8dd-7304-83a1-2d71ec30176b', 8, 1795343894847, 'TimerFired', '{"command":9,"durationMs":1,"startedAt":1795343894834}'),
	('01a202d5-c939-7e7f-8b96-40ae75ffd8ff', 1, 1795343894881, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894841,"startedAt":1795343894874}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[0]
0'),
	('01a202d5-c95b-7681-b9c7-de8692672de3', 1, 1795343894885, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795343894875,"startedAt":1795343894884}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"j/ugpWo9WrcnaoOxmksu/wH/7M77lPQi4DIn3L3HMs8iPyDTpn8uQdUSC0cBb0cawM3TVHMxpRx8Bwg4tCQdtIUwecdi6VnL39khryaYs8H+Wsum5QQyyco73Fz9t2qytBG2hKNIa+HhN8bsLhXwcEhnRYNeSUlbpZl0Yf4hkNn3Ia5FrcdJEt/0CbHnIYoKTkPR12ZoOBezvGo5p3ab0nzPJw6VWVA08VxtxYk+3nlorYtQgXNlvKYh+i65IlaAq0RiubP1Z/0cxKM="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"vkNwpDHzQHTFMh6pRYc63MD0kQjziqq9zsaoWNNJsCIzVSOgLz88ifsOcvSTsTApKcGdURUY8vgEbVKXXdEYzse1SC/z8KKPJXVScs6pKFHdXAhXt3zN+7cH0grUwNtVEjI8IbdgUg2CLQ2/KMf/Ug8EIWPntaE2YF3AE80GG30RCpS0bzVCx+pHT/lsuythe1n/ag=="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"du52X9OIhTppWq7H1U452c5guxKlVuRVy4DzBZcMf8VGsvHG4LsscyDWhh+tOxJSKi+U990gtQ2arP+3Zw=="}'),
	('01a202d5-c95b-7681-b9c7-de8692672de3', 2, 1795343894915, 'WorkflowExecutionUpdateAccepted', '{"updateId":"grows","updateName":"grow","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"wtsdPPKLiv+N/GlH0IRImAdA/hZZlDYNmanOUgsb9iZd9adUx9dn1UGUmMBwJW9CJG1ij6okvns45OJnB3WK1PleN6IVEaTNAt61a3ZtT34nNIDTiJaEcc2LPCvPVHhVXcrnxMbDy9fg0KOb5l4FXvSnZEZT5BTFjPoYP2pZ5764I1wpe/Ffqg==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"n4P/geBxV4MOaeZAcLA2Hvwtvm3NnZx9D7Wz8V0JH3GaRElIQS518N/X3PY/BEqM7W0nXyQHX6ehmhCVmv+wAuqxuJEociEYMG6DlpfOLe+hemQ37mLtn1VtcABM3FKpSmoZMgOxXDxnumzNJ1bQAvJGfYYaJxUUW+WB60w5aEDbRfv/"}'),
	('01a202d5-c95b-7681-b9c7-de8692672de3', 3, 1795343894915, 'WorkflowExecutionUpdateCompleted', '{"updateId":"grows"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"62iT8r8+wV1mA3whg8ntdRpFSnlYu2x/JnY9xKOyMbcieqvkj9uxp++YKnPPYbSiY/EjocZdD06S4kqDIOk="}'),
	('01a202d5-c986-71a4-9e3a-504449bec0d0', 1, 1795343894929, 'ActivityTaskCompleted', '{"command":1,"activityType":"echo","taskQueue":"default","attempt":1,"scheduledAt":1795343894918,"startedAt":1795343894925}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"bA/y/AW1eL59FeTGTHTa7hrzXAVk7KLZbJ3xrKew0L/n0pOo3QMsY/PPqHj2SN4WxdpnqN6yo5GEbOrecj4N1nHt48wqbMO0XEGf3rTlDM470BKEGppr2yuhpipj3pL+6eVoqj5ZgCKsOswagH7BY8XyEx05v+B/Vzh/S+2yDnKlknL8HOAEaftI4EJcblQ502V/DtPo6EP9iphDokyuovWnX2kqZKvKsc1fHj7OhvDSINoJc6BfnsUrCbdJr6ijNBwEC0XP4FH0gms="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"hA8dcDG+J2VfaWf7bbuzKZpsJWM3w1WYv5npPAAQJblPYOtLVhIGkggOXLACPeeiIhbG5XO3da8t+0ob6eJ2JO4B6gfWbDdB63xeVgUyhp8dbFAQNoayl4WhxHAZV7GZ56dEdjH6fLcWb0fmihOpM81qUtPB3tpu603PBSNC/08Aimvct8uZHGc8QlPLYm3W4Q4D7w=="}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"enpAk8PZ/xxzH+oYYySyYLcgN7z1Bd41frdwNkRI3kH1lk/PMqrGx8vVMStNg2uPu5gx9zq4Wi5RHp6CYA=="}'),
	('01a202d5-c986-71a4-9e3a-504449bec0d0', 2, 1795343894951, 'WorkflowExecutionUpdateAccepted', '{"updateId":"grows","updateName":"grow","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"ksZUo/Gj6sr3jPlXyfVu5DHDu5p+t5FkU2AD4qJQ4U7/GyVq5NELQKGmLgXxIPHBJ4EVJa8A5RecWXLN2iC42rwaJ8iUgyZZNpiD4WgCpbCVqGJCIASE79QdujzAEXdiTjw7Kca52BWbE9tsOTq+eKftbhY1YcGlm1pxoOJwnjU2ELqPTIxckw==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"gbf1bOlrdbJe91iUPewW/VP91yEtMfu7/S1B/peLhnDqshEUXMOFYLueUwgJJd4J5G5SqJFpN+apoqoQznM8Atq/tftQSkIKfn2fIbv/oatpu/lBtechpv8cCJCbRu83dBZHEaLlNTErhSUBl1ovx53Brj10gAGPx3cP45GUAPhK8JFn"}'),
	('01a202d5-c986-71a4-9e3a-504449bec0d0', 3, 1795343894951, 'WorkflowExecutionUpdateCompleted', '{"updateId":"grows"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"6yB5hF9DwNFTzOJg+c1pwKh0kIGZBCT0UiErQuS6lTWJXpRr/w/LsYooRBz08NIuQqRvXiANJv+7ZCcSi8c="}'),
	('01a202d5-c95b-7681-b9c7-de8692672de3', 4, 1795343894976, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"UMAcUuIuY3aa+c7I9XiAa77SDLJLtLUUgEwkR0pnHPMNQDjXbcm8H3Ge8c8fk/RF6SDi8d5QQupKP9iiKMA0KMiO4NloNt+oUnISFVr3KkquPsf9bmh86GqflnPxROd3lCdwaPNEPmDo45HrBIyq6Lvtzlego17f91gox8Dl/+2is0UkB+wRMg==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"JL6+KZUWUo8ykuNOi+De31vFr5uIOux1tx2BAGkYrAa74uWKzavm1VfexWkxgdwPA5tUvyhTiKS+VsUBAIXINNjs"}'),
	('01a202d5-c96d-74f2-8ac5-24e01e0c3187', 1, 1795343894905, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894893,"startedAt":1795343894905}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[8]
16'),
	('01a202d5-c96d-74f2-8ac5-24e01e0c3187', 2, 1795343894913, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894905,"startedAt":1795343894913}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[16]
32'),
	('01a202d5-c979-7270-848c-5a2ee46c65ec', 1, 1795343894913, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894905,"startedAt":1795343894913}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2'),
	('01a202d5-c96d-74f2-8ac5-24e01e0c3187', 3, 1795343894915, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894905,"startedAt":1795343894913}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a202d5-c981-7eee-a3d8-b01a34443ad8', 1, 1795343894931, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894913,"startedAt":1795343894926}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[0]
0'),
	('01a202d5-c96d-74f2-8ac5-24e01e0c3187', 4, 1795343894938, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894915,"startedAt":1795343894938}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[4]
8'),
	('01a202d5-c96d-74f2-8ac5-24e01e0c3187', 5, 1795343894952, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795343894938,"startedAt":1795343894951,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202d5-c96d-74f2-8ac5-24e01e0c3187', 6, 1795343894965, 'ActivityTaskCompleted', '{"command":7,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894952,"startedAt":1795343894965}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[5]
10'),
	('01a202d5-c96d-74f2-8ac5-24e01e0c3187', 7, 1795343894966, 'ActivityTaskFailed', '{"command":8,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795343894952,"startedAt":1795343894965,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202d5-c96d-74f2-8ac5-24e01e0c3187', 8, 1795343894970, 'TimerFired', '{"command":9,"durationMs":1,"startedAt":1795343894966}'),
	('01a202d5-c9c2-72b6-b651-2287e61418de', 1, 1795343895004, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343894978,"startedAt":1795343895004}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[9]
18'),
	('01a202d5-c9c2-72b6-b651-2287e61418de', 2, 1795343895009, 'ActivityTaskCompleted', '{"command":2,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343895004,"startedAt":1795343895009}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[18]
36'),
	('01a202d5-c9da-73dc-a642-1d958fd8344d', 1, 1795343895006, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795343895002}'),
	('01a202d5-c9c2-72b6-b651-2287e61418de', 3, 1795343895009, 'ActivityTaskCompleted', '{"command":3,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343895004,"startedAt":1795343895009}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[3]
6'),
	('01a202d5-c9c2-72b6-b651-2287e61418de', 4, 1795343895016, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343895009,"startedAt":1795343895016}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[4]
8'),
	('01a202d5-c9c2-72b6-b651-2287e61418de', 5, 1795343895024, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795343895016,"startedAt":1795343895024,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202d5-c9c2-72b6-b651-2287e61418de', 6, 1795343895027, 'ActivityTaskCompleted', '{"command":7,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343895024,"startedAt":1795343895026}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[5]
10'),
	('01a202d5-c9c2-72b6-b651-2287e61418de', 7, 1795343895027, 'ActivityTaskFailed', '{"command":8,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795343895024,"startedAt":1795343895027,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202d5-c9c2-72b6-b651-2287e61418de', 8, 1795343895028, 'TimerFired', '{"command":9,"durationMs":1,"startedAt":1795343895027}'),
	('01a202d5-c9fe-75e7-92ec-e2240e7f5713', 1, 1795343895049, 'WorkflowExecutionSignaled', '{"signalName":"add","identity":"recorder","headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}}}
[0]'),
	('01a202d5-ca0a-75af-981c-eeb6b6a00f86', 1, 1795343895053, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343895050,"startedAt":1795343895053}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[1]
2');
INSERT INTO perdure.history VALUES
	('01a202d5-c9fe-75e7-92ec-e2240e7f5713', 2, 1795343895059, 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343895049,"startedAt":1795343895058}
{"startToCloseMs":3600000,"headers":{"trace":{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InRyYWNlLTci"}},"retry":{"maximumAttempts":3}}
[0]
0'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 14, 1795343895060, 'ChildWorkflowExecutionClosed', '{"command":4,"workflowId":"family-overdue","runId":"01a202d5-c8dd-7a9f-bf04-86f4e19e3ba6","workflowType":"member","status":"TIMED_OUT"}

{"kind":"timeout","message":"Workflow execution timed out","source":"perdure","stackTrace":"TimeoutFailure: Workflow execution timed out","timeoutType":"START_TO_CLOSE"}'),
	('01a202d5-ca11-765e-8781-3b09c8f424c2', 1, 1795343895067, 'ActivityTaskCompleted', '{"command":5,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343895057,"startedAt":1795343895066}
{"startToCloseMs":60000,"local":true,"retry":{"maximumAttempts":1}}
[2]
4'),
	('01a202d5-ca11-765e-8781-3b09c8f424c2', 2, 1795343895067, 'ActivityTaskFailed', '{"command":6,"activityType":"refuse","taskQueue":"default","attempt":1,"scheduledAt":1795343895057,"startedAt":1795343895066,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":60000,"local":true,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 15, 1795343895077, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 16, 1795343895086, 'ExternalWorkflowExecutionCancelRequested', '{"command":11,"workflowId":"family-cancelled","runId":null,"initiatedAt":1795343895077}'),
	('01a202d5-c8dd-7b4f-90b3-d73c61f155b8', 1, 1795343895085, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"workflow family"}'),
	('01a202d5-c8dd-7307-8442-7b018aee384c', 17, 1795343895094, 'ChildWorkflowExecutionClosed', '{"command":5,"workflowId":"family-cancelled","runId":"01a202d5-c8dd-7b4f-90b3-d73c61f155b8","workflowType":"member","status":"CANCELLED"}

{"kind":"cancelled","message":"Workflow cancelled","source":"perdure","stackTrace":"CancelledFailure: Workflow cancelled","details":[]}'),
	('01a202d5-ca3a-761e-832c-eca5f240708f', 1, 1795343895111, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"leaving-abandon","workflowType":"member","taskQueue":"default","parentClosePolicy":"ABANDON","initiatedAt":1795343895098,"runId":"01a202d5-ca3a-7f7e-8583-6a6522098814"}
["waits"]'),
	('01a202d5-ca3a-761e-832c-eca5f240708f', 2, 1795343895112, 'ChildWorkflowExecutionStarted', '{"command":2,"workflowId":"leaving-request_cancel","workflowType":"member","taskQueue":"default","parentClosePolicy":"REQUEST_CANCEL","initiatedAt":1795343895098,"runId":"01a202d5-ca3a-7f0f-8aed-57c1c3bc5cf3"}
["waits"]'),
	('01a202d5-ca3a-761e-832c-eca5f240708f', 3, 1795343895112, 'ChildWorkflowExecutionStarted', '{"command":3,"workflowId":"leaving-terminate","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795343895098,"runId":"01a202d5-ca3a-738b-ba1e-a972b1dcc0dd"}
["waits"]'),
	('01a202d5-ca4c-7279-825c-d3addb3f8c27', 1, 1795343895133, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"leaving-away-abandon","workflowType":"member","taskQueue":"away","parentClosePolicy":"ABANDON","initiatedAt":1795343895116,"runId":"01a202d5-ca4c-720f-aa90-dfe4531bb83f"}
["waits"]'),
	('01a202d5-ca4c-7279-825c-d3addb3f8c27', 2, 1795343895134, 'ChildWorkflowExecutionStarted', '{"command":2,"workflowId":"leaving-away-request_cancel","workflowType":"member","taskQueue":"away","parentClosePolicy":"REQUEST_CANCEL","initiatedAt":1795343895116,"runId":"01a202d5-ca4c-70cf-9dff-52fb58f25d7d"}
["waits"]'),
	('01a202d5-ca4c-7279-825c-d3addb3f8c27', 3, 1795343895134, 'ChildWorkflowExecutionStarted', '{"command":3,"workflowId":"leaving-away-terminate","workflowType":"member","taskQueue":"away","parentClosePolicy":"TERMINATE","initiatedAt":1795343895116,"runId":"01a202d5-ca4c-7758-b26a-bd02d27ad057"}
["waits"]'),
	('01a202d5-ca3a-761e-832c-eca5f240708f', 4, 1795343895146, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a202d5-ca3a-7f0f-8aed-57c1c3bc5cf3', 1, 1795343895158, 'WorkflowExecutionCancelRequested', '{"reason":"by parent close policy","identity":"perdure"}'),
	('01a202d5-ca11-765e-8781-3b09c8f424c2', 3, 1795343895166, 'ActivityTaskTimedOut', '{"command":1,"activityType":"endless","taskQueue":"default","attempt":1,"scheduledAt":1795343895057,"startedAt":1795343895065,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"startToCloseMs":100,"retry":{"maximumAttempts":1}}
["too long"]
{"kind":"timeout","message":"activity START_TO_CLOSE timeout","source":"perdure","stackTrace":"TimeoutFailure: activity START_TO_CLOSE timeout","timeoutType":"START_TO_CLOSE"}'),
	('01a202d5-ca11-765e-8781-3b09c8f424c2', 4, 1795343895166, 'ActivityTaskTimedOut', '{"command":2,"activityType":"endless","taskQueue":"default","attempt":1,"scheduledAt":1795343895057,"startedAt":1795343895065,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"heartbeatMs":100,"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
["too silent"]
{"kind":"timeout","message":"activity HEARTBEAT timeout","source":"perdure","stackTrace":"TimeoutFailure: activity HEARTBEAT timeout","timeoutType":"HEARTBEAT"}'),
	('01a202d5-ca11-765e-8781-3b09c8f424c2', 5, 1795343895171, 'ActivityTaskTimedOut', '{"command":3,"activityType":"double","taskQueue":"nobody","attempt":1,"scheduledAt":1795343895057,"startedAt":null,"retryState":"TIMEOUT"}
{"taskQueue":"nobody","scheduleToStartMs":100,"startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
[1]
{"kind":"timeout","message":"activity SCHEDULE_TO_START timeout","source":"perdure","stackTrace":"TimeoutFailure: activity SCHEDULE_TO_START timeout","timeoutType":"SCHEDULE_TO_START"}'),
	('01a202d5-ca7b-71a4-a89a-f7a35eb12dae', 1, 1795343895171, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"awaiting-child","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795343895163,"runId":"01a202d5-ca7b-7134-a52d-9898184b8faf"}
["waits"]'),
	('01a202d5-ca82-764c-be0e-6f3ee97dc338', 1, 1795343895181, 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"awaiting-away-child","workflowType":"member","taskQueue":"default","parentClosePolicy":"TERMINATE","initiatedAt":1795343895170,"runId":"01a202d5-ca82-7c06-a4ee-088c2f123df6"}
["waits"]'),
	('01a202d5-ca11-765e-8781-3b09c8f424c2', 6, 1795343895361, 'TimerFired', '{"command":7,"durationMs":300,"startedAt":1795343895057}'),
	('01a202d5-ca11-765e-8781-3b09c8f424c2', 7, 1795343895366, 'ActivityTaskCanceled', '{"command":4,"activityType":"heeding","taskQueue":"default","attempt":1,"scheduledAt":1795343895057,"startedAt":1795343895065}
{"startToCloseMs":3600000,"cancellationType":"WAIT_CANCELLATION_COMPLETED","retry":{"maximumAttempts":1}}
[]
{"kind":"cancelled","message":"CANCELLED","source":"perdure","stackTrace":"CancelledFailure: CANCELLED","details":[]}'),
	('01a202d5-cb49-773b-bd58-9008eb2c5a92', 1, 1795343895670, 'TimerFired', '{"command":5,"durationMs":300,"startedAt":1795343895369}'),
	('01a202d5-cc80-735e-ab9d-516e761de67b', 1, 1795343895685, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a202d5-cc80-735e-ab9d-516e761de67b', 2, 1795343895687, 'ActivityTaskCompleted', '{"command":4,"activityType":"double","taskQueue":"default","attempt":1,"scheduledAt":1795343895685,"startedAt":1795343895687}
{"startToCloseMs":3600000,"retry":{"maximumAttempts":3}}
[21]
42'),
	('01a202d5-c877-74dd-afd9-5cfb5d0d1344', 2, 1795343906265, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["one"]'),
	('01a202d5-c877-74dd-afd9-5cfb5d0d1344', 3, 1795343906265, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder","joined":true}
["three"]'),
	('01a202d5-c877-74dd-afd9-5cfb5d0d1344', 4, 1795343906265, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder","joined":true}'),
	('01a202d5-c877-74dd-afd9-5cfb5d0d1344', 5, 1795343906265, 'WorkflowExecutionUpdateAccepted', '{"updateId":"is joined","updateName":"put","identity":"recorder","joined":true}
[2]'),
	('01a202d5-c877-74dd-afd9-5cfb5d0d1344', 6, 1795343906265, 'WorkflowExecutionUpdateCompleted', '{"updateId":"is joined"}
3'),
	('01a202d5-ca4c-7279-825c-d3addb3f8c27', 4, 1795343906270, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]'),
	('01a202d5-ca82-7c06-a4ee-088c2f123df6', 1, 1795343906265, 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["hello"]'),
	('01a202d5-f625-72d1-9b41-dbb1dce813ce', 1, 1795343906346, 'TimerFired', '{"command":1,"durationMs":1,"startedAt":1795343906341}'),
	('01a202d5-f679-736c-962d-63c70afe61da', 1, 1795343906471, 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}');

INSERT INTO perdure.inbox VALUES
	('01a202d5-c910-74c1-a40c-43e607bd91ca', 33, 'default', 'away', 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["refused by a trigger"]'),
	('01a202d5-cd3e-7078-80be-3a69ba4af96d', 55, 'default', 'default', 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["kept"]'),
	('01a202d5-c896-7703-b642-1ce31d03182c', 60, 'default', 'away', 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
["kept"]'),
	('01a202d5-c896-7703-b642-1ce31d03182c', 61, 'default', 'away', 'WorkflowExecutionSignaledWithStart', '{"signalName":"go","identity":"recorder"}
["too"]'),
	('01a202d5-c896-7703-b642-1ce31d03182c', 62, 'default', 'away', 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"recorder"}'),
	('01a202d5-c896-7703-b642-1ce31d03182c', 63, 'default', 'away', 'WorkflowExecutionUpdateRequested', '{"updateId":"is unread","updateName":"put","identity":"recorder"}
[3]'),
	('01a202d5-c986-71a4-9e3a-504449bec0d0', 66, 'coded', 'default', 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder","headers":":{\"metadata\":{\"encoding\":\"binary/encrypted\",\"encryption-key-id\":\"recorded\"},\"data\":\"a7szcgyyGBw4m479qhSR6S0zxLelFWdOlhgBijDK0F2bEUlY/0Uy16iQCZo+mM31LYxZ1H+vKbPFDRsAGF00IanrwKHJBs+KSnSIEq6aKOn7i1ezD6zlXpo+bmtVFDHzzeL7/4zD3F+B+qYz+m3Pyq7djNSZG0Df5B6vGLriFLFhYcmwi7SKpw==\"}"}
:{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"/CcQZh9JAJENUOeOBJXHvMTD4LIVBFZyi0F57qdEWY8NAXdyVe0kv0+jpcI6pejltaoJLSC1KRR2tRT77eCNVgPZ"}'),
	('01a202d5-cb49-773b-bd58-9008eb2c5a92', 67, 'default', 'away', 'ActivityTaskCanceled', '{"command":4,"activityType":"leftOutside","taskQueue":"away","attempt":1,"scheduledAt":1795343895369,"startedAt":1795343895373}
{"startToCloseMs":3153600000000,"cancellationType":"WAIT_CANCELLATION_COMPLETED","retry":{"maximumAttempts":1}}
[]
{"kind":"cancelled","message":"CANCELLED","source":"perdure","stackTrace":"CancelledFailure: CANCELLED","details":[]}'),
	('01a202d5-c8b4-76ce-8c00-17b20e12e319', 68, 'default', 'away', 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"workflow asking"}
["from another"]'),
	('01a202d5-c8b4-76ce-8c00-17b20e12e319', 69, 'default', 'away', 'WorkflowExecutionCancelRequested', '{"reason":"","identity":"workflow asking"}'),
	('01a202d5-cdf4-755b-ac05-1e86f106f949', 70, 'default', 'asking', 'ChildWorkflowExecutionStarted', '{"command":1,"workflowId":"asking-child","workflowType":"member","taskQueue":"asking","parentClosePolicy":"ABANDON","initiatedAt":1795343904274,"runId":"01a202d5-ee12-74f2-b069-ddeb0bd3532e"}
["ends"]'),
	('01a202d5-cdf4-755b-ac05-1e86f106f949', 71, 'default', 'asking', 'StartChildWorkflowExecutionFailed', '{"command":2,"workflowId":"counting-kept","workflowType":"member","taskQueue":"asking","parentClosePolicy":"TERMINATE","initiatedAt":1795343904274,"cause":"WORKFLOW_ALREADY_EXISTS"}
["ends"]'),
	('01a202d5-cdf4-755b-ac05-1e86f106f949', 72, 'default', 'asking', 'ExternalWorkflowExecutionSignaled', '{"command":3,"workflowId":"target","runId":null,"initiatedAt":1795343904274,"signalName":"go"}
["from another"]'),
	('01a202d5-cdf4-755b-ac05-1e86f106f949', 73, 'default', 'asking', 'ExternalWorkflowExecutionCancelRequested', '{"command":4,"workflowId":"target","runId":null,"initiatedAt":1795343904274}'),
	('01a202d5-cdf4-755b-ac05-1e86f106f949', 74, 'default', 'asking', 'SignalExternalWorkflowExecutionFailed', '{"command":5,"workflowId":"nobody","runId":null,"initiatedAt":1795343904274,"signalName":"go"}
[]'),
	('01a202d5-cdf4-755b-ac05-1e86f106f949', 75, 'default', 'asking', 'RequestCancelExternalWorkflowExecutionFailed', '{"command":6,"workflowId":"nobody","runId":null,"initiatedAt":1795343904274}'),
	('01a202d5-ca82-764c-be0e-6f3ee97dc338', 76, 'default', 'away', 'ChildWorkflowExecutionClosed', '{"command":1,"workflowId":"awaiting-away-child","runId":"01a202d5-ca82-7c06-a4ee-088c2f123df6","workflowType":"member","status":"COMPLETED"}
["awaiting-away","awaiting-away-child","hello"]
'),
	('01a202d5-cb49-773b-bd58-9008eb2c5a92', 77, 'default', 'away', 'ActivityTaskCompleted', '{"command":1,"activityType":"double","taskQueue":"later","attempt":1,"scheduledAt":1795343895369,"startedAt":1795343906298}
{"taskQueue":"later","startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
[1]
2'),
	('01a202d5-ca4c-70cf-9dff-52fb58f25d7d', 78, 'default', 'away', 'WorkflowExecutionCancelRequested', '{"reason":"by parent close policy","identity":"perdure"}'),
	('01a202d5-ca4c-7758-b26a-bd02d27ad057', 79, 'default', 'away', 'WorkflowExecutionTerminateRequested', '{"reason":"by parent close policy","identity":"perdure"}
{"message":"by parent close policy","source":"perdure","kind":"terminated"}'),
	('01a202d5-cb49-773b-bd58-9008eb2c5a92', 80, 'default', 'away', 'ActivityTaskFailed', '{"command":2,"activityType":"refuse","taskQueue":"later","attempt":1,"scheduledAt":1795343895369,"startedAt":1795343906314,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"taskQueue":"later","startToCloseMs":3600000,"retry":{"maximumAttempts":1}}
[]
{"kind":"application","message":"refused","source":"perdure","stackTrace":"Error: refused","type":"Error","nonRetryable":false}'),
	('01a202d5-cb49-773b-bd58-9008eb2c5a92', 81, 'default', 'away', 'ActivityTaskTimedOut', '{"command":3,"activityType":"endless","taskQueue":"later","attempt":1,"scheduledAt":1795343895369,"startedAt":1795343906298,"retryState":"MAXIMUM_ATTEMPTS_REACHED"}
{"taskQueue":"later","startToCloseMs":100,"retry":{"maximumAttempts":1}}
["too long"]
{"kind":"timeout","message":"activity START_TO_CLOSE timeout","source":"perdure","stackTrace":"TimeoutFailure: activity START_TO_CLOSE timeout","timeoutType":"START_TO_CLOSE"}'),
	('01a202d5-c8dd-7305-9e00-eca6ace9f8ee', 83, 'default', 'default', 'WorkflowExecutionSignaled', '{"signalName":"go","identity":"recorder"}
[]');

INSERT INTO perdure.namespaces VALUES
	('default', '', NULL, 1795343893738),
	('tenant', 'of the recording', 2592000000, 1795343893945),
	('coded', 'of the recording', 2592000000, 1795343893947);

INSERT INTO perdure.queries VALUES
	('82cb1571-f950-4735-b657-51b4079dbfc4', 'tenant', '01a202d5-ce00-729b-a27b-9f5278c3d533', 'default', '__perdure_waits', '[]', 1795343907874, NULL, NULL, NULL, NULL, NULL);

INSERT INTO perdure.queues VALUES
	('default', 'limited', 100, 1, 19, 1, 1795343906428);

INSERT INTO perdure.schema_migrations VALUES
	(1, 'tables', 1795343893889),
	(2, 'commit', 1795343893893),
	(3, 'work', 1795343893896),
	(4, 'queues', 1795343893898),
	(5, 'callers', 1795343893902),
	(6, 'between executions', 1795343893907);

INSERT INTO perdure.updates VALUES
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 'comes first', 'completed', '2', NULL),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 'adds', 'completed', '6', NULL),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 'fails', 'completed', NULL, '{"kind":"application","message":"unlucky","source":"perdure","stackTrace":"ApplicationFailure: unlucky","type":"Unlucky","nonRetryable":false}'),
	('01a202d5-c7f7-756f-9b2b-4f3a04e387be', 'is rejected', 'rejected', NULL, '{"kind":"application","message":"below nothing","source":"perdure","stackTrace":"Error: below nothing","type":"Error","nonRetryable":false}'),
	('01a202d5-c855-7595-93a9-ceb863e3c652', 'adds', 'completed', '2', NULL),
	('01a202d5-c855-7595-93a9-ceb863e3c652', 'waits', 'accepted', NULL, NULL),
	('01a202d5-c95b-7681-b9c7-de8692672de3', 'grows', 'completed', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"f1mmE48qVgk+7GDUvy1tOuWIBIWyNFo34XZmohgbZxlVcQl9XAMthb3U0saBR0Bvm41nf+EXpxB0lNy+YFI="}', NULL),
	('01a202d5-c986-71a4-9e3a-504449bec0d0', 'grows', 'completed', ':{"metadata":{"encoding":"binary/encrypted","encryption-key-id":"recorded"},"data":"gaGts3tcbP5JP0tTGY4e+suCWZif318A5pABZ+PI9rYaq/gfinKkHZFQcmKTqJ/vkEWTZXVXysgxh6lRqbY="}', NULL),
	('01a202d5-c896-7703-b642-1ce31d03182c', 'is unread', 'admitted', NULL, NULL),
	('01a202d5-c877-74dd-afd9-5cfb5d0d1344', 'is joined', 'completed', '3', NULL);

INSERT INTO perdure.workers OVERRIDING SYSTEM VALUE VALUES
	(1, 'default', 'recorder', 'b34d8fdf7a9d8cd9', '{default,away}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343894011, 1795343895695, 1795343895695, false, '00000001'),
	(2, 'tenant', 'recorder', 'b34d8fdf7a9d8cd9', '{default,away}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343894015, 1795343895683, 1795343895683, false, '00000001'),
	(5, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343898377, 1795343898738, 1795343898738, false, '00000001'),
	(3, 'coded', 'recorder', 'b34d8fdf7a9d8cd9', '{default,away}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343894016, 1795343895695, 1795343895695, false, '00000001'),
	(4, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343897219, 1795343897454, 1795343897454, false, '00000001'),
	(6, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343900162, 1795343900348, 1795343900348, false, '00000001'),
	(7, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343901341, 1795343901641, 1795343901641, false, '00000001'),
	(8, 'default', 'recorder', '5d1166fc46fd0b6d', '{crashing}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343902412, 1795343902898, 1795343902898, false, '00000001'),
	(9, 'default', 'recorder', 'a5c9a04ff61246ff', '{asking}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343904033, 1795343904324, 1795343904324, false, '00000001'),
	(10, 'tenant', 'recorder', 'a5c9a04ff61246ff', '{default}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,newcomer,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343905733, 1795343905939, 1795343905939, false, '00000001'),
	(11, 'default', 'recorder', 'ae00c024a88cec37', '{default,later,limited}', '{asking,attending,awaiting,bytes,cancellable,chain,changed,converted,counting,crashing,endings,endlessly,failing,family,flaky,foreign,heartbeats,hopping,leaving,ledger,listening,member,outside,patching,queueing,refused,retrying,sleeping,throwing}', '{beating,double,echo,endless,heeding,leftOutside,refuse,retried}', 5000, true, 1795343906030, 1795343907872, 1795343907872, true, '00000001');

SELECT pg_catalog.setval('perdure.inbox_ids', 83, true);

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

CREATE INDEX executions_troubled ON perdure.executions USING btree (namespace, task_queue) WHERE ((status = 'RUNNING'::text) AND (owner IS NULL) AND ((held_code IS NOT NULL) OR (takeovers >= 2)));

CREATE INDEX inbox_ends ON perdure.inbox USING btree (namespace, task_queue) WHERE (type = ANY (ARRAY['WorkflowExecutionCancelRequested'::text, 'WorkflowExecutionTerminateRequested'::text, 'WorkflowExecutionSignaledWithStart'::text]));

CREATE INDEX inbox_of_queue ON perdure.inbox USING btree (namespace, task_queue, run_id NULLS FIRST);

CREATE INDEX queries_expired ON perdure.queries USING btree (expires_at);

CREATE INDEX queries_waiting ON perdure.queries USING btree (expires_at) WHERE (reply_type IS NULL);

CREATE INDEX workers_alive ON perdure.workers USING btree (incarnation) WHERE alive;

CREATE INDEX workers_listed ON perdure.workers USING btree (namespace, incarnation);

ALTER TABLE ONLY perdure.inbox
    ADD CONSTRAINT inbox_run_id_fkey FOREIGN KEY (run_id) REFERENCES perdure.executions(run_id) ON DELETE CASCADE;

ALTER TABLE ONLY perdure.updates
    ADD CONSTRAINT updates_run_id_fkey FOREIGN KEY (run_id) REFERENCES perdure.executions(run_id) ON DELETE CASCADE;
