import { ofNobody, ofTarget, troubled, waitsFor, wakes } from '../waking.ts'

/**
 * Taking work, ending it, and taking over from the dead. Lock order as in the commit: workers, executions, activity_tasks,
 * inbox. What a function reads after it locked has a later snapshot than the lock. Look-ups by primary key hide their other
 * conditions from other indexes, as there.
 */
export const work = `
-- The troubled that a worker may try now, by ranges of executions_troubled: those that wait for another build or for one of its types,
-- and those whose wake time has come. Not read is what waits for anything else. Of each range and priority no more than can be taken, with
-- suspects and without, for few suspects are taken at a time.
create function perdure.due_troubled_v1(
  in_namespace text, queues text[], workflow_types text[], build text, at bigint, wanted int, suspects_wanted int
) returns table (run_id uuid, priority int, takeovers int, due_at bigint) language plpgsql as $$
begin
  perform 1 from unnest(queues) q(name) cross join lateral (
    select 1 from perdure.executions x where ${troubled} and x.namespace = in_namespace and x.task_queue = q.name limit 1) x limit 1;
  if not found then return; end if;
  return query
    with recursive builds(queue, waits_for) as (
      select q.name, (
        select min(${waitsFor}) from perdure.executions x
        where ${troubled} and x.namespace = in_namespace and x.task_queue = q.name and ${waitsFor} >= 'build:' and ${waitsFor} < 'type:')
      from unnest(queues) q(name)
      union all
      select b.queue, (
        select min(${waitsFor}) from perdure.executions x
        where ${troubled} and x.namespace = in_namespace and x.task_queue = b.queue and ${waitsFor} > b.waits_for and ${waitsFor} < 'type:')
      from builds b where b.waits_for is not null
    ), ladder(queue, waits_for, priority) as (
      select q.name, w.waits_for, (
        select min(x.priority) from perdure.executions x
        where ${troubled} and x.namespace = in_namespace and x.task_queue = q.name and ${waitsFor} = w.waits_for)
      from unnest(queues) q(name) cross join unnest(array['', 'time:' || build]) w(waits_for)
      union all
      select l.queue, l.waits_for, (
        select min(x.priority) from perdure.executions x
        where ${troubled} and x.namespace = in_namespace and x.task_queue = l.queue and ${waitsFor} = l.waits_for and x.priority > l.priority)
      from ladder l where l.priority is not null
    ), shares(least_takeovers, most_takeovers, most) as (values (0, 1, wanted), (2, 2147483647, suspects_wanted))
    select d.run_id, d.priority, d.takeovers, 0::bigint from (
        select b.queue, b.waits_for from builds b where b.waits_for not in ('build:' || build, 'time:' || build)
        union all
        select q.name, 'type:' || t.type from unnest(queues) q(name) cross join lateral (
            select 1 from perdure.executions x
            where ${troubled} and x.namespace = in_namespace and x.task_queue = q.name and ${waitsFor} >= 'type:' limit 1) x
          cross join unnest(workflow_types) t(type)) w
      cross join shares s cross join lateral (
        select x.run_id, x.priority, x.takeovers from perdure.executions x
        where ${troubled} and x.namespace = in_namespace and x.task_queue = w.queue and ${waitsFor} = w.waits_for
          and x.takeovers >= s.least_takeovers and x.takeovers <= s.most_takeovers
        order by x.priority limit s.most) d
    union all
    select d.run_id, l.priority, d.takeovers, d.wake_at from ladder l cross join shares s cross join lateral (
      select x.run_id, x.takeovers, x.wake_at from perdure.executions x
      where ${troubled} and x.namespace = in_namespace and x.task_queue = l.queue and ${waitsFor} = l.waits_for and x.priority = l.priority
        and x.wake_at <= $5 and x.takeovers >= s.least_takeovers and x.takeovers <= s.most_takeovers
      order by x.wake_at limit s.most) d;
end $$;

-- Of executions whose rows are locked by the caller. One run after the other, so that each is found by its key whatever is known of the
-- table: of many at once a plan made while it was empty read all of it.
create function perdure.mark_messages_v1(runs uuid[], are_waking boolean) returns void language plpgsql as $$
declare
  run uuid;
begin
  for run in select r.run_id from unnest(runs) r(run_id) order by r.run_id loop
    update perdure.inbox m set wakes = are_waking where m.run_id = run and coalesce(m.wakes, false) <> are_waking;
  end loop;
end $$;

-- What is due by its wake time is taken by ranges of executions_claimable, one priority after the other, so that neither
-- sleeping timers nor a long backlog are read or sorted. Executions with messages and troubled ones are looked up apart: the first
-- thousand with messages that wake, by inbox_waking, one queue after the other (nulls first: in the order of that index and of no other).
-- The messages of what is taken wake nobody else: read by its owner, or by whoever it is freed for.
create function perdure.claim_v1(
  me bigint, in_namespace text, queues text[], workflow_types text[], build text, at bigint, wanted int, suspects_wanted int
) returns table (execution json, history json, tasks json, inbox json) language plpgsql as $$
declare
  level int; rows_run uuid[] := '{}'; rows_at bigint[] := '{}'; rows_level int[] := '{}'; more_run uuid[]; more_at bigint[];
  due int := 0; picked uuid[];
begin
  perform 1 from perdure.workers w where w.incarnation = me and w.alive and perdure.is_server_line_v1(w.line) for key share;
  if not found then return; end if;

  with candidates as (
    select x.run_id, x.priority, x.takeovers, 0::bigint as at from (
      select w.* from unnest(queues) q(name) cross join lateral (
        select distinct on (m.run_id) c.* from perdure.inbox m
          cross join lateral (
            select x.run_id, x.priority, x.takeovers from perdure.executions x where x.run_id = m.run_id and ${ofNobody} offset 0) c
          where m.wakes and m.namespace = in_namespace and m.task_queue = q.name
          order by m.run_id nulls first limit greatest(1000, wanted)) w
      order by w.run_id limit greatest(1000, wanted)) x
    union all
    select d.run_id, d.priority, d.takeovers, d.due_at
      from perdure.due_troubled_v1(in_namespace, queues, workflow_types, build, $6, wanted, suspects_wanted) d
  ), ready as (
    select c.run_id, c.priority, min(c.at) as at, c.takeovers >= 2 as suspect from candidates c where c.at <= $6
    group by c.run_id, c.priority, c.takeovers
  ), ranked as (
    select r.*, row_number() over (partition by r.suspect order by r.priority, r.at) as n from ready r
  ), taken as (
    select x.run_id, r.priority, r.at from ranked r
      cross join lateral (
        select x.run_id from perdure.executions x where x.run_id = r.run_id and x.status || '' = 'RUNNING' and coalesce(x.owner, -1) = -1
        for update skip locked) x
      where not r.suspect or r.n <= suspects_wanted
      order by r.priority, r.at limit wanted)
  select array_agg(t.run_id), array_agg(t.at), array_agg(t.priority) into rows_run, rows_at, rows_level from taken t;

  loop
    select min(n.priority) into level from unnest(queues) q(name) cross join lateral (
      select x.priority from perdure.executions x
      where x.status = 'RUNNING' and x.owner is null and x.held_code is null and x.takeovers < 2 and x.namespace = in_namespace
        and x.task_queue = q.name and x.priority > coalesce(level, -2147483648)
      order by x.priority limit 1) n;
    exit when level is null or due >= wanted;
    select array_agg(d.run_id), array_agg(d.wake_at) into more_run, more_at from (
      select d.run_id, d.wake_at from unnest(queues) q(name) cross join lateral (
        select x.run_id, x.wake_at from perdure.executions x
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
        select json_agg(json_build_array(h.seq, h.type, h.at, h.data) order by h.seq) from perdure.history h where h.run_id = x.run_id) end,
      case when x.first_task_at is not null then (
        select json_agg(t order by t.command) from perdure.activity_tasks t where t.run_id = x.run_id) end,
      (select json_agg(m order by m.id) from (
        select m.id, m.run_id, m.type, m.data from perdure.inbox m where m.run_id = x.run_id) m)
    from unnest(picked) with ordinality p(run_id, n)
    cross join lateral (select x.* from perdure.executions x where x.run_id = p.run_id offset 0) x
    order by p.n;
  update perdure.executions x set owner = me, claimed_at = $6, first_task_at = coalesce(x.first_task_at, $6), wake_at = null,
    held_code = null, held_reason = null, held_build_id = null, held_count = null, held_spent = null where x.run_id = any(picked);
  perform perdure.mark_messages_v1(picked, false);
end $$;

-- Queues with limits (migrations/0004-queues.ts) give no more than their room. Where no queue has any, the look for them is
-- part of the fence, and nothing else is different.
create function perdure.claim_tasks_v1(me bigint, in_namespace text, queues text[], types text[], at bigint, wanted int)
returns table (task perdure.activity_tasks, retry_at bigint) language plpgsql as $$
declare
  level int; runs uuid[] := '{}'; commands int[] := '{}'; more_runs uuid[]; more_commands int[]; more_places int[]; taken int;
  limited text[]; had int[]; rooms int[];
begin
  select array(select l.name from perdure.queues l where l.namespace = in_namespace and l.name = any(queues)) into limited
    from perdure.workers w where w.incarnation = me and w.alive and perdure.is_server_line_v1(w.line) for key share;
  if not found then return; end if;
  if cardinality(limited) > 0 then
    had := perdure.lock_queues_v1(in_namespace, queues, limited);
    rooms := had;
  end if;
  loop
    select min(n.priority) into level from unnest(queues, rooms) q(name, room) cross join lateral (
      select t.priority from perdure.activity_tasks t
      where t.worker is null and t.namespace = in_namespace and t.task_queue = q.name and t.priority > coalesce(level, -2147483648)
      order by t.priority limit 1) n
      where q.room is null or q.room > 0;
    exit when level is null or cardinality(runs) >= wanted;
    select array_agg(d.run_id), array_agg(d.command), array_agg(d.place) into more_runs, more_commands, more_places from (
      select d.run_id, d.command, q.place from unnest(queues, rooms) with ordinality q(name, room, place) cross join lateral (
        select t.run_id, t.command, t.available_at from perdure.activity_tasks t
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
  update perdure.activity_tasks t set worker = me, started_at = $5, deadline_at = least($5 + t.run_ms, t.close_by)
    from unnest(runs, commands) r(run_id, command) where t.run_id = r.run_id and t.command = r.command;
  if had is not null then
    retry_at := $5 + perdure.count_taken_v1(in_namespace, queues, types, $5, had, rooms);
    if cardinality(runs) >= wanted then retry_at := null; end if;
  end if;
  return query select x.t, claim_tasks_v1.retry_at from unnest(runs, commands) with ordinality r(run_id, command, n)
    cross join lateral (select t from perdure.activity_tasks t where t.run_id = r.run_id and t.command = r.command offset 0) x
    order by r.n;
  if not found and retry_at is not null then return next; end if;
end $$;

-- Ends of distinct tasks, in the order of (run_id, command): 0 post, 1 retry, 2 leave, 3 post unless somebody runs it. Returns the
-- numbers of those that took effect.
create function perdure.end_tasks_v1(
  runs uuid[], commands int[], attempts int[], is_retry int[], available_ats bigint[], deadline_ats bigint[], failures text[],
  details text[], event_types text[], event_data text[]
) returns setof int language plpgsql as $$
declare
  open_runs uuid[];
begin
  select array_agg(l.run_id) into open_runs from (
    select x.run_id from perdure.executions x
    where x.run_id = any(array(select e.run_id from unnest(runs, is_retry) e(run_id, retry) where e.retry in (0, 3))) and x.status || '' = 'RUNNING'
    order by x.run_id for key share) l;
  -- Each kind is a statement of its own below: two callers with several kinds would lock rows in different orders.
  if (select count(distinct e.kind) from unnest(is_retry) e(kind)) > 1 then
    perform 1 from (select * from unnest(runs, commands) with ordinality e(run_id, command, n) order by e.n) e
      cross join lateral (
        select 1 from perdure.activity_tasks t where t.run_id = e.run_id and t.command = e.command limit 1 for update) t;
  end if;
  return query
    with ends as materialized (
      select * from unnest(runs, commands, attempts, is_retry, available_ats, deadline_ats, failures, details, event_types, event_data)
        with ordinality e(run_id, command, attempt, retry, available_at, deadline_at, failure, details, event_type, data, n)
    ), retried as (
      update perdure.activity_tasks t set attempt = t.attempt + 1, worker = null, started_at = null, lost = false,
          available_at = e.available_at, deadline_at = e.deadline_at, last_failure = e.failure,
          heartbeat_details = coalesce(e.details, t.heartbeat_details)
        from ends e where e.retry = 1 and t.run_id = e.run_id and t.command = e.command and t.attempt = e.attempt
        returning e.n
    ), left_outside as (
      update perdure.activity_tasks t set worker = 0, deadline_at = e.deadline_at, heartbeat_details = coalesce(e.details, t.heartbeat_details)
        from ends e where e.retry = 2 and t.run_id = e.run_id and t.command = e.command and t.attempt = e.attempt
          and coalesce(t.worker, -1) >= 0 and coalesce(t.lost, true) = false
        returning e.n
    ), gone as (
      delete from perdure.activity_tasks t
        using ends e where e.retry in (0, 3) and t.run_id = e.run_id and t.command = e.command and t.attempt = e.attempt
          and (e.retry = 0 or coalesce(t.worker, -1) = -1)
        returning e.n, e.run_id, e.event_type, e.data
    ), posted as (
      insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
        select g.run_id, x.namespace, x.task_queue, ${wakes('x', 'g.event_type')}, g.event_type, g.data from gone g
          cross join lateral (select ${ofTarget} from perdure.executions e where e.run_id = g.run_id offset 0) x
          where g.run_id = any(open_runs) order by g.n
    )
    select r.n::int from retried r union all select g.n::int from gone g union all select o.n::int from left_outside o;
end $$;

create function perdure.terminate_v1(
  in_namespace text, in_workflow_id text, in_run uuid, in_status text, in_result text, in_failure text, at bigint, next json,
  out outcome text, out run uuid, out run_status text
) language plpgsql as $$
begin
  for attempt in 1..3 loop
    if in_run is null then
      select x.run_id into run from perdure.executions x
        where x.namespace = in_namespace and x.workflow_id = in_workflow_id and x.status = 'RUNNING' for update;
    else
      select x.run_id into run from perdure.executions x
        where x.run_id = in_run and x.namespace || '' = in_namespace and x.workflow_id = in_workflow_id and x.status || '' = 'RUNNING' for update;
    end if;
    if found then
      if perdure.end_run_v1(run, in_status, in_failure, at, next is null, in_result) is null then outcome := 'busy'; return; end if;
      if next is not null then perform perdure.start_next_v1(next, array[run], '{}'); end if;
      outcome := 'terminated';
      return;
    end if;
    if in_run is null then
      select x.run_id, x.status into run, run_status from perdure.executions x
        where x.namespace = in_namespace and x.workflow_id = in_workflow_id and x.status <> 'RUNNING'
        order by x.started_at desc, x.run_id desc limit 1;
      -- Closed while we waited for it, and perhaps started again: look once more.
      continue when attempt < 3 and exists (
        select 1 from perdure.executions x where x.namespace = in_namespace and x.workflow_id = in_workflow_id and x.status = 'RUNNING');
    else
      select x.run_id, x.status into run, run_status from perdure.executions x
        where x.run_id = in_run and x.namespace || '' = in_namespace and x.workflow_id = in_workflow_id;
    end if;
    outcome := case when run is null then 'not_found' else 'closed' end;
    return;
  end loop;
end $$;

-- Frees what a worker held, and marks it dead (I4). With seen_at: only if its lease is still the one seen, and its process
-- lock is free or its lease has ended; executions that were being run count a takeover. Without: it leaves in good order.
-- After a restart of the server all locks are free and all leases old: whoever lives gets the time of a lease to renew his.
-- The lock of a worker that registered without one is free while it lives: only the end of its lease counts.
create function perdure.bury_v1(
  victim bigint, seen_at bigint, lease bigint, lock_class int, window_ms bigint, takeovers_max int
) returns boolean language plpgsql as $$
declare
  worker perdure.workers; at bigint := perdure.clock_ms(); woken uuid[];
  up_since bigint := floor(extract(epoch from pg_postmaster_start_time()) * 1000);
begin
  select * into worker from perdure.workers w where w.incarnation = victim for update;
  if not found or not worker.alive then return false; end if;
  if seen_at is not null then
    if worker.renewed_at <> seen_at then return false; end if;
    if greatest(worker.started_at, worker.renewed_at) < up_since and up_since + lease >= at then return false; end if;
    if worker.renewed_at + lease >= at then
      if not worker.process_lock then return false; end if;
      if not pg_try_advisory_xact_lock(lock_class, (victim % 2147483648)::int) then return false; end if;
    end if;
  end if;
  update perdure.workers w set alive = false where w.incarnation = victim;
  with freed as (update perdure.executions x set owner = null, takeovers = f.takeovers,
      wake_at = case when f.looping then null else at end,
      held_code = case when f.looping then 'crash_loop' end, held_count = case when f.looping then 1 end, held_spent = case when f.looping then true end,
      held_build_id = case when f.looping then worker.build_id end,
      held_reason = case when f.looping then format('The worker died %s times in a row while it ran this execution (last build %s). '
        'It is not tried again by the same build: deploy a fixed one, or terminate the execution.', f.takeovers, worker.build_id) end
    from (
      select c.run_id, c.takeovers + c.counted as takeovers, c.counted = 1 and c.takeovers + 1 >= takeovers_max as looping from (
        select o.run_id, o.takeovers, case when seen_at is not null and greatest(o.claimed_at, o.started_at, (
            select h.at from perdure.history h where h.run_id = o.run_id order by h.seq desc limit 1)
          ) >= worker.ticked_at - window_ms then 1 else 0 end as counted
        from perdure.executions o where o.owner = victim order by o.run_id for no key update) c) f
    where x.run_id = f.run_id
    returning x.run_id, f.looping)
  select array_agg(f.run_id) into woken from freed f where not f.looping;
  update perdure.activity_tasks t set lost = true, deadline_at = at
    from (select a.run_id, a.command from perdure.activity_tasks a where a.worker = victim order by a.run_id, a.command for update) r
    where t.run_id = r.run_id and t.command = r.command;
  perform perdure.mark_messages_v1(woken, true);
  return true;
end $$;
`
