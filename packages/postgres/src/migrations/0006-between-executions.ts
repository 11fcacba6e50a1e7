import { isFree, ofTarget, wakes } from '../waking.ts'

/**
 * What executions do to one another in the commit of one of them (docs/decisions/0005-between-executions.md). Rows of executions
 * are locked without waiting (SKIP LOCKED), as in the commit; what is posted is posted while KEY SHARE is held or more.
 */
export const betweenExecutions = `
-- Before closes are written: locks the parents that are to be told and the children that are to be ended, tells and ends them.
-- closing but not refused are about to close: those of child tell their parent unless a next run follows, those of parents end
-- their children. Stuck: somebody holds a row that is needed, or a child has closed since it was found and may go on in a next run
-- that was not; and nothing of it was done. Ended: the children that are closed; the caller deletes their tasks and messages, so that
-- the order of locks is kept.
-- A child that closes in the same batch ends its own children; is it stuck, so is its parent.
create function perdure.close_kin_v1(
  closing uuid[], refused uuid[], child uuid[], parents uuid[], following uuid[], c_status text[], c_result text[], c_failure text[],
  c_at bigint[], out stuck uuid[], out ended uuid[]
) language plpgsql as $$
declare
  done uuid[]; told uuid[]; parent uuid[]; open_parents uuid[]; level uuid[]; roots uuid[]; more uuid[]; free uuid[]; shared uuid[];
  gone uuid[]; kin uuid[] := '{}'; kin_root uuid[] := '{}'; kin_way text[] := '{}'; found_run uuid[]; found_root uuid[]; found_policy text[];
begin
  stuck := '{}';
  done := array(select c.run_id from unnest(closing) c(run_id) where c.run_id <> all(refused));
  told := array(select t.run_id from unnest(child) t(run_id) where t.run_id = any(done) and t.run_id <> all(coalesce(following, '{}')));
  if told <> '{}' then
    parent := array(select x.parent_run_id from perdure.executions x where x.run_id = any(told));
    open_parents := array(select l.run_id from (
      select x.run_id from perdure.executions x where x.run_id = any(parent) and x.status || '' = 'RUNNING'
      order by x.run_id for key share skip locked) l);
    stuck := array(select x.run_id from perdure.executions x
      cross join lateral (select 1 from perdure.executions p where p.run_id = x.parent_run_id and p.status || '' = 'RUNNING' limit 1) p
      where x.run_id = any(told) and x.parent_run_id <> all(open_parents));
  end if;

  level := array(select p.run_id from unnest(parents) p(run_id) where p.run_id = any(done));
  roots := level;
  while level <> '{}' loop
    select array_agg(c.run_id), array_agg(l.root), array_agg(c.parent_close_policy) into found_run, found_root, found_policy
      from unnest(level, roots) l(run_id, root) cross join lateral (
        select x.run_id, x.parent_close_policy from perdure.executions x
        where x.parent_run_id = l.run_id and x.status = 'RUNNING' and x.parent_close_policy <> 'ABANDON' offset 0) c
      where c.run_id <> all(kin);
    exit when found_run is null;
    more := array(select f.run_id from unnest(found_run, found_policy) f(run_id, policy) where f.policy = 'TERMINATE' and f.run_id <> all(done));
    free := array(select l.run_id from (
      select x.run_id from perdure.executions x where x.run_id = any(more) and x.status || '' = 'RUNNING'
      order by x.run_id for update skip locked) l);
    more := array(select f.run_id from unnest(found_run) f(run_id) where f.run_id <> all(free || done));
    shared := array(select l.run_id from (
      select x.run_id from perdure.executions x where x.run_id = any(more) and x.status || '' = 'RUNNING'
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
    insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
      select x.parent_run_id, p.namespace, p.task_queue, ${wakes('p', `'ChildWorkflowExecutionClosed'`)}, 'ChildWorkflowExecutionClosed', '{"command":' || x.parent_command || ',"workflowId":' || to_json(x.workflow_id)
          || ',"runId":"' || x.run_id || '","workflowType":' || to_json(x.workflow_type) || ',"status":"' || c.status || '"}' || chr(10)
          || coalesce(c.result, '') || chr(10) || coalesce(c.failure, '')
        from unnest(closing) with ordinality o(run_id, n)
        cross join lateral (select c_status[o.n] as status, c_result[o.n] as result, c_failure[o.n] as failure) c
        cross join lateral (
          select e.run_id, e.workflow_id, e.workflow_type, e.parent_run_id, e.parent_command from perdure.executions e
          where e.run_id = o.run_id offset 0) x
        cross join lateral (select ${ofTarget} from perdure.executions e where e.run_id = x.parent_run_id offset 0) p
        where x.run_id = any(told) and x.run_id = any(gone) and x.parent_run_id = any(open_parents) and x.parent_run_id <> all(gone)
        order by x.run_id;
  end if;
  if kin <> '{}' then
    select array_agg(k.run_id), array_agg(c_at[array_position(closing, k.root)]) into ended, c_at
      from unnest(kin, kin_root, kin_way) k(run_id, root, way) where k.way = 'end' and k.root <> all(stuck);
    update perdure.executions x set status = 'TERMINATED', closed_at = e.at, owner = null, wake_at = null,
        failure = '{"message":"by parent close policy","source":"perdure","kind":"terminated"}',
        held_code = null, held_reason = null, held_build_id = null, held_count = null, held_spent = null
      from unnest(ended, c_at) e(run_id, at) where x.run_id = e.run_id;
    insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
      select k.run_id, x.namespace, x.task_queue, ${isFree('x')}, case k.way when 'TERMINATE' then 'WorkflowExecutionTerminateRequested' else 'WorkflowExecutionCancelRequested' end,
          '{"reason":"by parent close policy","identity":"perdure"}' || case k.way when 'TERMINATE' then chr(10)
            || '{"message":"by parent close policy","source":"perdure","kind":"terminated"}' else '' end
        from unnest(kin, kin_root, kin_way) k(run_id, root, way)
        cross join lateral (select ${ofTarget} from perdure.executions e where e.run_id = k.run_id offset 0) x
        where k.way in ('TERMINATE', 'REQUEST_CANCEL') and k.root <> all(stuck) order by k.run_id;
  end if;
end $$;

-- One run after the other, so that rows are locked in the order of their keys, and each by its index whatever the statistics say.
create function perdure.delete_tasks_v1(runs uuid[]) returns void language plpgsql as $$
declare
  run uuid;
begin
  for run in select r.run_id from unnest(runs) r(run_id) order by r.run_id loop delete from perdure.activity_tasks t where t.run_id = run; end loop;
end $$;

create function perdure.delete_messages_v1(runs uuid[]) returns void language plpgsql as $$
declare
  run uuid;
begin
  for run in select r.run_id from unnest(runs) r(run_id) order by r.run_id loop delete from perdure.inbox m where m.run_id = run; end loop;
end $$;

-- A row that is locked FOR UPDATE, closed from outside: its parent is told unless a next run follows, and its children are ended.
-- Returns it and those of them that are closed; null: somebody holds a row that is needed, and nothing was done.
create function perdure.end_run_v1(ending uuid, in_status text, in_failure text, at bigint, is_last boolean, in_result text default null)
returns uuid[]
language plpgsql as $$
declare
  child uuid[]; stuck uuid[]; ended uuid[];
begin
  child := array(select x.run_id from perdure.executions x where x.run_id = ending and x.parent_run_id is not null and is_last);
  select k.stuck, k.ended into stuck, ended from perdure.close_kin_v1(array[ending], '{}', child, array[ending], '{}', array[in_status],
    array[in_result], array[in_failure], array[at]) k;
  if stuck <> '{}' then return null; end if;
  update perdure.executions x set status = in_status, result = in_result, failure = in_failure, closed_at = at, owner = null, wake_at = null,
    held_code = null, held_reason = null, held_build_id = null, held_count = null, held_spent = null where x.run_id = ending;
  ended := array_append(ended, ending);
  perform perdure.delete_tasks_v1(ended);
  perform perdure.delete_messages_v1(ended);
  return ended;
end $$;

-- Once the run before is closed, its id is ours: nothing can be in the way. Families: what has closed here with its children; a next
-- run whose parent is one of these is ended as they were.
create function perdure.start_next_v1(nexts json, closing uuid[], refused uuid[], families uuid[] default '{}') returns void
language plpgsql as $$
declare
  item record; one record; orphans uuid[] := '{}';
begin
  for item in select n.next from json_array_elements(nexts) n(next)
    where (n.next ->> 'closed')::uuid = any(closing) and (n.next ->> 'closed')::uuid <> all(refused)
  loop
    select o.outcome into one from perdure.start_one_v1(json_populate_record(null::perdure.start_v1, item.next)) o;
    if one.outcome <> 'started' then
      raise exception using errcode = '23505', message = format('Run %s, the next of %s, cannot be inserted: the run or an open one is there',
        item.next ->> 'run_id', item.next ->> 'workflow_id');
    end if;
    if (item.next ->> 'parent_run')::uuid = any(families) then orphans := array_append(orphans, (item.next ->> 'run_id')::uuid); end if;
  end loop;
  if orphans = '{}' then return; end if;
  update perdure.executions x set status = 'TERMINATED', closed_at = p.closed_at, owner = null, wake_at = null,
      failure = '{"message":"by parent close policy","source":"perdure","kind":"terminated"}'
    from unnest(orphans) o(run_id) cross join lateral (
      select e.closed_at from perdure.executions n join perdure.executions e on e.run_id = n.parent_run_id
      where n.run_id = o.run_id and n.parent_close_policy = 'TERMINATE' limit 1) p
    where x.run_id = o.run_id;
  insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
    select x.run_id, x.namespace, x.task_queue, x.owner is null, 'WorkflowExecutionCancelRequested', '{"reason":"by parent close policy","identity":"perdure"}'
      from perdure.executions x where x.run_id = any(orphans) and x.parent_close_policy = 'REQUEST_CANCEL' order by x.run_id;
end $$;

create function perdure.write_rare_v1(rare json, refused uuid[]) returns void language plpgsql as $$
begin
  if rare -> 'updates' is not null then
    insert into perdure.updates (run_id, update_id, stage, result, failure)
      select u.run_id, u.update_id, u.stage, u.result, u.failure
        from json_to_recordset(rare -> 'updates') u(run_id uuid, update_id text, stage text, result text, failure text)
        where u.run_id <> all(refused) order by u.run_id, u.update_id collate "C"
      on conflict (run_id, update_id) do update set stage = excluded.stage, result = excluded.result, failure = excluded.failure;
  end if;
  if rare -> 'upserts' is not null then
    update perdure.executions x set memo = coalesce(u.memo, x.memo),
      search_attributes = coalesce(u.search_attributes, x.search_attributes), details = coalesce(u.details, x.details)
      from json_to_recordset(rare -> 'upserts') u(run_id uuid, memo text, search_attributes text, details text)
      where x.run_id = u.run_id and u.run_id <> all(refused);
  end if;
end $$;

-- What executions ask of others, numbered by n from 1; starts before messages, in the order of their workflow ids. The answers go
-- to the inboxes of those who ask. Returns the outcomes in the order of the numbers; null where the asking transition was refused.
create function perdure.send_v1(rare json, refused uuid[]) returns json language plpgsql as $$
declare
  outcomes text[]; item record; one record; target uuid; queue text; is_waking boolean; timeout text := current_setting('lock_timeout');
begin
  outcomes := array_fill(null::text, array[json_array_length(rare -> 'answers')]);
  for item in
    select (s.value ->> 'n')::int as n, (s.value ->> 'apart')::int as apart,
        json_populate_record(null::perdure.start_v1, s.value -> 'start') as start
      from json_array_elements(rare -> 'starts') with ordinality s(value, place)
      where (s.value ->> 'asking')::uuid <> all(refused) order by s.place
  loop
    if item.apart is null then
      select o.outcome, o.run into one from perdure.start_one_v1(item.start) o;
    else
      select o.outcome, o.run into one from perdure.start_apart_v1(item.start, item.apart) o;
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
      select x.run_id into target from perdure.executions x
        where x.namespace = item.namespace and x.workflow_id = item.workflow_id and x.status = 'RUNNING'
          and x.first_run_id = coalesce(item.first, x.first_run_id);
    else
      select x.run_id into target from perdure.executions x
        where x.run_id = item.run_id and x.namespace || '' = item.namespace and x.workflow_id || '' = item.workflow_id
          and x.status || '' = 'RUNNING' and x.first_run_id = coalesce(item.first, x.first_run_id);
    end if;
    if target is null then
      outcomes[item.n] := 'refused';
      continue when item.closed_is_done is distinct from true;
      if item.run_id is null and item.first is null then
        perform 1 from perdure.executions x
          where x.namespace = item.namespace and x.workflow_id = item.workflow_id and x.status <> 'RUNNING' limit 1;
      else
        perform 1 from perdure.executions x
          where x.run_id = coalesce(item.run_id, item.first) and x.namespace || '' = item.namespace and x.workflow_id || '' = item.workflow_id
            and x.status || '' <> 'RUNNING' and x.first_run_id = coalesce(item.first, x.first_run_id);
      end if;
      if found then outcomes[item.n] := 'done'; end if;
      continue;
    end if;
    select x.task_queue, ${wakes('x', 'item.type')} into queue, is_waking from perdure.executions x
      where x.run_id = target and x.status || '' = 'RUNNING' for key share skip locked;
    outcomes[item.n] := case when found then 'done' else 'busy' end;
    if found then
      insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
        values (target, item.namespace, queue, is_waking, item.type, item.data);
    end if;
  end loop;

  insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
    select a.asking, x.namespace, x.task_queue, false, case outcomes[a.n] when 'done' then a.done_type else a.refused_type end,
        case outcomes[a.n] when 'done' then a.done_data else a.refused_data end
      from json_to_recordset(rare -> 'answers') a(n int, asking uuid, done_type text, done_data text, refused_type text, refused_data text)
      cross join lateral (select e.namespace, e.task_queue from perdure.executions e where e.run_id = a.asking offset 0) x
      where outcomes[a.n] in ('done', 'refused') order by a.n;
  return array_to_json(outcomes);
end $$;

-- Rows and messages together. As messages are posted: what another holds is busy, and nobody waits for it; but two who ask for one
-- update at the same moment wait for each other, in the order of the keys.
create function perdure.request_updates_v1(namespaces text[], workflow_ids text[], named text[], ids text[], types text[], texts text[])
returns table (n int, outcome text, run uuid, stage text, result text, failure text, is_open boolean) language plpgsql as $$
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
      select x.run_id, x.status, x.task_queue from perdure.executions x
      where x.run_id = a.run_id and x.namespace || '' = a.namespace and x.workflow_id || '' = a.workflow_id limit 1) r on true
    left join lateral (
      select x.run_id, x.status, x.task_queue from perdure.executions x
      where a.run_id is null and x.namespace = a.namespace and x.workflow_id = a.workflow_id and x.status = 'RUNNING' limit 1) o on true
    left join lateral (
      select x.run_id, x.status, x.task_queue from perdure.executions x
      where a.run_id is null and o.run_id is null and x.namespace = a.namespace and x.workflow_id = a.workflow_id and x.status <> 'RUNNING'
      order by x.started_at desc, x.run_id desc limit 1) c on true;
  select coalesce(array_agg(l.run_id), '{}'), coalesce(array_agg(l.run_id) filter (where l.wakes), '{}') into locked, woken from (
    select x.run_id, ${wakes('x', `'WorkflowExecutionUpdateRequested'`)} as wakes from perdure.executions x
    where x.run_id = any(array(select f.run_id from unnest(found_run, found_status) f(run_id, status) where f.status = 'RUNNING'))
      and x.status || '' = 'RUNNING'
    order by x.run_id for key share skip locked) l;
  with requested as (
    insert into perdure.updates as u (run_id, update_id)
      select distinct f.run_id, f.update_id collate "C" as update_id from unnest(found_run, ids) f(run_id, update_id)
        where f.run_id = any(locked) order by f.run_id, 2
      on conflict (run_id, update_id) do update set stage = 'admitted', result = null, failure = null where u.stage = 'rejected'
      returning u.run_id, u.update_id)
  select array_agg(r.run_id), array_agg(r.update_id) into new_run, new_id from requested r;
  -- A hashed subplan: a join would be a loop.
  firsts := array(select min(g.n)::int from (
    select f.*, (f.run_id, f.update_id) in (select r.run_id, r.update_id from unnest(new_run, new_id) r(run_id, update_id)) as is_new
    from unnest(found_run, ids) with ordinality f(run_id, update_id, n) offset 0) g where g.is_new group by g.run_id, g.update_id);
  insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
    select f.run_id, f.namespace, f.queue, f.run_id = any(woken), f.type, f.data
      from unnest(found_run, namespaces, found_queue, types, texts) with ordinality f(run_id, namespace, queue, type, data, n)
      where f.n = any(firsts) order by f.n;
  return query
    select f.n::int, case when f.run_id is null then 'not_found' when f.n = any(firsts) then 'requested'
        when u.stage is not null and not (u.stage = 'rejected' and u.is_open) then 'known'
        when f.status = 'RUNNING' then 'busy' else 'closed' end, f.run_id, u.stage, u.result, u.failure, u.is_open
      from unnest(found_run, found_status, ids) with ordinality f(run_id, status, update_id, n)
      left join lateral (
        select e.stage, e.result, e.failure, x.status = 'RUNNING' as is_open from perdure.updates e
        cross join lateral (select s.status from perdure.executions s where s.run_id = e.run_id limit 1) x
        where e.run_id = f.run_id and e.update_id = f.update_id limit 1) u on true
      order by f.n;
end $$;
`
