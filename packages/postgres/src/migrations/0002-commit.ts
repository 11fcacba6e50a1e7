import { ends } from '../waking.ts'

const insertOfStarts = `      insert into perdure.executions (run_id, namespace, workflow_id, workflow_type, task_queue, priority, input, memo, search_attributes,
          first_run_id, started_at, owner, wake_at, claimed_at, first_task_at)
        select s.run_id, s.namespace, s.workflow_id, s.type, s.queue, s.priority, s.input, s.memo, s.attributes, s.run_id, s.started_at,
          case s.owned when 1 then me end, case s.owned when 0 then least(s.started_at, clock) + s.wake_at - s.started_at end, case s.owned when 1 then s.started_at end,
          case s.owned when 1 then s.started_at end
        from unnest(s_run, s_namespace, s_workflow_id, s_type, s_queue, s_priority, s_input, s_memo, s_attributes, s_started_at, s_wake_at,
          s_owned, s_apart) s(run_id, namespace, workflow_id, type, queue, priority, input, memo, attributes, started_at, wake_at, owned, apart)
        where s.apart is null`

/**
 * The commit: one function call, so one round trip and one transaction. Under READ COMMITTED each statement in it has a
 * snapshot of its own: what one statement locked, the next ones see as it is now.
 *
 * Order: fence, lock, look, close, start, append, updates, consume, tasks, outgoing, release. Locks are taken in the order workers,
 * executions, activity_tasks, updates, inbox. Rows of executions that exist are locked without waiting (SKIP LOCKED): what another
 * holds is refused alone. Only the unique index of open workflow ids can make it wait, at most lock_timeout (55P03); the
 * caller then calls again with that start set apart, where it waits in a subtransaction of its own.
 *
 * Parameters: a_ plain transitions, r_ releases, c_ closes, l_ those of them that start in this very batch, e_ events,
 * k_ consumed messages, x_ tasks to cancel, z_ takeovers to reset, s_ starts. Lists of one letter are
 * parallel; null is the empty list. The first r_early releases and c_early closes are of executions that exist.
 * Plans are kept for hours, and tables grow meanwhile: a look-up by primary key writes its other conditions so that no
 * other index fits them (coalesce(owner, 0), status || ''). Owned by me, three thousand rows, took 6 ms where the key took
 * 0.4. It must not be owner + 0: that is null where owner is, so it proves the condition of executions_owned, and plans made
 * while few were owned read that index from end to end for as long as they were kept.
 * rare: what few batches have, null in all others: links of starts, parents that close, next runs, requests to others, updates,
 * new values of columns (0006-between-executions.ts). Whether a row that closes has a parent is seen where it is locked.
 * s_apart: null in one statement with the others; 0 by itself; more: by itself, waiting so many milliseconds.
 */
export const commit = `
create type perdure.start_v1 as (
  run_id uuid, namespace text, workflow_id text, workflow_type text, task_queue text, priority int, input text, memo text,
  search_attributes text, started_at bigint, wake_at bigint, reuse text, conflict text, owner bigint, ended_failure text,
  first_run uuid, parent_run uuid, parent_command int, parent_policy text, expires_at bigint, details text, messages json
);

create function perdure.start_one_v1(s perdure.start_v1, out outcome text, out run uuid, out run_status text, out ended uuid[])
language plpgsql as $$
declare
  existing uuid;
begin
  outcome := 'exists';
  for attempt in 1..3 loop
    select x.run_id, x.status into run, run_status from perdure.executions x where x.run_id = s.run_id;
    if found then return; end if;
    if s.conflict = 'TERMINATE_EXISTING' then
      select x.run_id into existing from perdure.executions x
        where x.namespace = s.namespace and x.workflow_id = s.workflow_id and x.status = 'RUNNING' for update;
      if found then
        ended := perdure.end_run_v1(existing, 'TERMINATED', s.ended_failure, s.started_at, true);
        if ended is null then outcome := 'busy'; return; end if;
      end if;
    end if;
    insert into perdure.executions (run_id, namespace, workflow_id, workflow_type, task_queue, priority, input, memo, search_attributes,
        first_run_id, parent_run_id, parent_command, parent_close_policy, expires_at, details, started_at, owner, wake_at, claimed_at,
        first_task_at)
      values (s.run_id, s.namespace, s.workflow_id, s.workflow_type, s.task_queue, s.priority, s.input, s.memo, s.search_attributes,
        coalesce(s.first_run, s.run_id), s.parent_run, s.parent_command, s.parent_policy, s.expires_at, s.details, s.started_at, s.owner,
        case when s.owner is null then least(s.started_at, perdure.clock_ms()) + s.wake_at - s.started_at end,
        case when s.owner is not null then s.started_at end,
        case when s.owner is not null then s.started_at end)
      on conflict do nothing;
    if found then
      -- Only now that the id is ours is it certain which closed runs there are.
      if ended is null and s.reuse <> 'ALLOW_DUPLICATE' then
        select x.run_id, x.status into run, run_status from perdure.executions x
          where x.namespace = s.namespace and x.workflow_id = s.workflow_id and x.status <> 'RUNNING'
          order by x.started_at desc, x.run_id desc limit 1;
        if found and (s.reuse = 'REJECT_DUPLICATE' or run_status in ('COMPLETED', 'CONTINUED_AS_NEW')) then
          delete from perdure.executions x where x.run_id = s.run_id;
          return;
        end if;
      end if;
      if s.messages is not null then
        insert into perdure.updates (run_id, update_id)
          select distinct s.run_id, m.update_id from json_to_recordset(s.messages) m(update_id text) where m.update_id is not null;
        insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
          select s.run_id, s.namespace, s.task_queue, s.owner is null and ${ends("m.value ->> 'type'")}, m.value ->> 'type', m.value ->> 'data'
            from json_array_elements(s.messages) with ordinality m(value, n) order by m.n;
      end if;
      outcome := 'started';
      return;
    end if;
    select x.run_id, x.status into run, run_status from perdure.executions x
      where x.namespace = s.namespace and x.workflow_id = s.workflow_id and x.status = 'RUNNING';
    if found and s.conflict <> 'TERMINATE_EXISTING' then return; end if;
  end loop;
  outcome := 'busy'; -- the id changed hands at every try
end $$;

create function perdure.start_apart_v1(s perdure.start_v1, wait_ms int, out outcome text, out run uuid, out run_status text, out ended uuid[])
language plpgsql as $$
begin
  perform set_config('lock_timeout', wait_ms::text, true);
  select one.outcome, one.run, one.run_status, one.ended into outcome, run, run_status, ended from perdure.start_one_v1(s) one;
exception when lock_not_available or deadlock_detected then
  outcome := 'busy';
end $$;

create function perdure.commit_v1(
  me bigint, a_run uuid[],
  r_run uuid[], r_early int, r_wake_at bigint[], r_code text[], r_reason text[], r_build text[], r_count int[], r_marks int[],
  c_run uuid[], c_early int, c_status text[], c_result text[], c_failure text[], c_at bigint[],
  l_run uuid[], e_run uuid[], e_seq int[], e_type text[], e_at bigint[], e_data text[],
  k_run uuid[], k_id bigint[], tasks json, x_run uuid[], x_command int[], z_run uuid[],
  s_run uuid[], s_namespace text[], s_workflow_id text[], s_type text[], s_queue text[], s_priority int[], s_input text[], s_memo text[],
  s_attributes text[], s_started_at bigint[], s_wake_at bigint[], s_reuse text[], s_conflict text[], s_owned int[], s_apart int[],
  s_failure text, rare json,
  out fenced boolean, out known uuid[], out lost uuid[], out locked uuid[], out unread uuid[], out kept uuid[], out refused_starts json,
  out sent json
) language plpgsql as $$
declare
  clock bigint := perdure.clock_ms(); refused uuid[] := '{}'; got uuid[]; missing uuid[]; looked uuid[]; ended uuid[]; inserted uuid[];
  total int; item record; one record; timeout text; refusals json[]; child uuid[]; parents uuid[]; following uuid[]; begun perdure.start_v1;
begin
  fenced := false;
  if me is not null then
    perform 1 from perdure.workers w where w.incarnation = me and w.alive and perdure.is_server_line_v1(w.line) for key share;
    if not found then fenced := true; return; end if;
  end if;
  if l_run is not null then
    select array_agg(x.run_id) into known from perdure.executions x where x.run_id = any(l_run);
    if known is not null then return; end if; -- they exist: the caller sends them again as such
  end if;

  -- Lock. FOR NO KEY UPDATE lets senders pass; closing and releasing lock them out.
  if a_run is not null then
    select count(*) into total from (
      select 1 from perdure.executions x where x.run_id = any(a_run) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
      order by x.run_id for no key update skip locked) l;
    if total < cardinality(a_run) then
      select array_agg(l.run_id) into got from (
        select x.run_id from perdure.executions x where x.run_id = any(a_run) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
        order by x.run_id for no key update skip locked) l;
      select array_agg(a.run_id) into missing from unnest(a_run) a(run_id) where a.run_id <> all(coalesce(got, '{}'));
    end if;
  end if;
  if r_early > 0 then
    select array_agg(l.run_id) into looked from (
      select x.run_id from perdure.executions x where x.run_id = any(r_run[1:r_early]) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
      order by x.run_id for update skip locked) l;
    if cardinality(looked) is distinct from r_early then
      select array_agg(r.run_id) into kept from unnest(r_run[1:r_early]) r(run_id) where r.run_id <> all(coalesce(looked, '{}'));
      select array_agg(l.run_id) into got from (
        select x.run_id from perdure.executions x where x.run_id = any(kept) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
        order by x.run_id for no key update skip locked) l;
      missing := missing || (select array_agg(k.run_id) from unnest(kept) k(run_id) where k.run_id <> all(coalesce(got, '{}')));
      kept := got;
    end if;
  end if;
  if c_early > 0 then
    select array_agg(l.run_id), array_agg(l.run_id) filter (where l.parent_run_id is not null) into got, child from (
      select x.run_id, x.parent_run_id from perdure.executions x where x.run_id = any(c_run[1:c_early]) and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING'
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
        select e.run_id from perdure.executions e where e.run_id = m.run_id and coalesce(e.owner, 0) = me and e.status || '' = 'RUNNING') x on true;
  end if;

  -- Look: a later statement than the locks. A consumed id counts only for the run that consumes it.
  if looked is not null then
    select array_agg(distinct m.run_id) into got from perdure.inbox m
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
    select k.stuck, k.ended into got, ended from perdure.close_kin_v1(
      c_run[1:c_early], refused, child, parents, following, c_status, c_result, c_failure, c_at) k;
    locked := locked || got;
    refused := refused || got;
  end if;

  if c_early > 0 then
    update perdure.executions x set status = c.status, result = c.result, failure = c.failure, closed_at = c.at, owner = null
      from unnest(c_run, c_status, c_result, c_failure, c_at) with ordinality c(run_id, status, result, failure, at, n)
      where x.run_id = c.run_id and c.n <= c_early and c.run_id <> all(refused);
    if ended is null then
      delete from perdure.activity_tasks t using unnest(c_run[1:c_early]) c(run_id) where t.run_id = c.run_id and c.run_id <> all(refused);
    else
      perform perdure.delete_tasks_v1(array(select c.run_id from unnest(c_run[1:c_early] || ended) c(run_id) where c.run_id <> all(refused)));
    end if;
    if following <> '{}' then
      perform perdure.start_next_v1(rare -> 'next', c_run[1:c_early], refused,
        ended || array(select p.run_id from unnest(parents) p(run_id) where p.run_id = any(c_run[1:c_early]) and p.run_id <> all(refused)));
    end if;
  end if;

  if s_run is not null then
    -- A start is due by this clock: that of its client may be ahead.
    -- Most ids are new. ON CONFLICT looks for each row in both unique indexes first, and writes it to the log in two parts: 18 us
    -- for a start against 12.
    begin
${insertOfStarts};
      select array_agg(s.run_id) into inserted from unnest(s_run, s_apart) s(run_id, apart) where s.apart is null;
    exception when unique_violation then
      with news as (
${insertOfStarts}
        on conflict do nothing
        returning run_id)
      select array_agg(n.run_id) into inserted from news n;
    end;
    if cardinality(inserted) is distinct from cardinality(s_run) then
      timeout := current_setting('lock_timeout');
      for item in
        select s.n, s.apart, row(s.run_id, s.namespace, s.workflow_id, s.type, s.queue, s.priority, s.input, s.memo, s.attributes,
            s.started_at, s.wake_at, s.reuse, s.conflict, case s.owned when 1 then me end, s_failure,
            null, null, null, null, null, null, null)::perdure.start_v1 as start
          from unnest(s_run, s_namespace, s_workflow_id, s_type, s_queue, s_priority, s_input, s_memo, s_attributes, s_started_at,
            s_wake_at, s_reuse, s_conflict, s_owned, s_apart) with ordinality s(run_id, namespace, workflow_id, type, queue, priority,
            input, memo, attributes, started_at, wake_at, reuse, conflict, owned, apart, n)
          where s.apart is not null or s.run_id <> all(coalesce(inserted, '{}'))
          order by s.n
      loop
        begun := item.start;
        if rare is not null then begun := json_populate_record(begun, coalesce(rare -> 'links' -> item.n::text, '{}')); end if;
        if item.apart > 0 then
          select o.outcome, o.run, o.run_status, o.ended into one from perdure.start_apart_v1(begun, item.apart) o;
        else
          select o.outcome, o.run, o.run_status, o.ended into one from perdure.start_one_v1(begun) o;
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
      select 1 from perdure.executions x where x.run_id = l.run_id and coalesce(x.owner, 0) = me and x.status || '' = 'RUNNING');
    lost := lost || got;
    refused := refused || got;
    if rare is not null then
      -- They may have messages, and a parent, from their start.
      select array_agg(distinct m.run_id) into got from perdure.inbox m
        where m.run_id = any(c_run[c_early + 1:]) and m.run_id <> all(refused);
      unread := unread || got;
      refused := refused || got;
      child := array(select x.run_id from perdure.executions x where x.run_id = any(c_run[c_early + 1:]) and x.parent_run_id is not null);
      select k.stuck, k.ended into got, looked from perdure.close_kin_v1(
        c_run[c_early + 1:], refused, child, parents, following, c_status[c_early + 1:], c_result[c_early + 1:], c_failure[c_early + 1:],
        c_at[c_early + 1:]) k;
      locked := locked || got;
      refused := refused || got;
      ended := ended || looked;
      perform perdure.delete_tasks_v1(looked);
    end if;
    update perdure.executions x set status = c.status, result = c.result, failure = c.failure, closed_at = c.at, owner = null
      from unnest(c_run, c_status, c_result, c_failure, c_at) with ordinality c(run_id, status, result, failure, at, n)
      where x.run_id = c.run_id and c.n > c_early and c.run_id <> all(refused);
    if following <> '{}' then perform perdure.start_next_v1(rare -> 'next', c_run[c_early + 1:], refused); end if;
  end if;
  if ended is not null then
    select array_agg(e.run_id) into got from unnest(ended) e(run_id)
      where e.run_id = any(a_run || r_run || l_run) and e.run_id <> all(coalesce(c_run, '{}'));
    lost := lost || got;
    refused := refused || got;
  end if;

  if e_run is not null then
    insert into perdure.history (run_id, seq, type, at, data)
      select e.run_id, e.seq, e.type, e.at, e.data from unnest(e_run, e_seq, e_type, e_at, e_data) e(run_id, seq, type, at, data)
      where e.run_id <> all(refused);
  end if;
  if rare is not null then perform perdure.write_rare_v1(rare, refused); end if;
  if ended is not null then perform perdure.delete_messages_v1(ended); end if;
  if k_run is not null then
    delete from perdure.inbox m using unnest(k_run, k_id) k(run_id, id)
      where m.run_id = k.run_id and m.id = k.id and k.run_id <> all(refused);
  end if;
  if tasks is not null then
    insert into perdure.activity_tasks (run_id, command, namespace, workflow_id, workflow_type, task_queue, activity_type, activity_id,
        priority, attempt, worker, lost, cancel_requested, scheduled_at, available_at, started_at, deadline_at, run_ms, close_by, input,
        options, last_failure, heartbeat_details)
      select n.run_id, n.command, n.namespace, n.workflow_id, n.workflow_type, n.task_queue, n.activity_type, n.activity_id,
        n.priority, n.attempt, n.worker, n.lost, n.cancel_requested, n.scheduled_at, n.available_at, n.started_at, n.deadline_at, n.run_ms,
        n.close_by, n.input, n.options, n.last_failure, n.heartbeat_details
      from json_populate_recordset(null::perdure.activity_tasks, tasks) n
      where n.run_id <> all(refused) and n.run_id <> all(coalesce(c_run, '{}'))
      on conflict (run_id, command) do nothing;
  end if;
  if x_run is not null then
    update perdure.activity_tasks t set cancel_requested = true from unnest(x_run, x_command) c(run_id, command)
      where t.run_id = c.run_id and t.command = c.command and c.run_id <> all(refused);
  end if;
  if z_run is not null then
    update perdure.executions x set takeovers = 0 where x.run_id = any(z_run) and x.run_id <> all(refused) and x.takeovers > 0;
  end if;
  if rare -> 'answers' is not null then sent := perdure.send_v1(rare, refused); end if;
  if r_run is not null then
    if rare is not null or child is not null or ended is not null then
      -- This commit itself may have posted to them.
      select array_agg(distinct m.run_id) into got from perdure.inbox m where m.run_id = any(r_run)
        and m.run_id <> all(refused || coalesce(kept, '{}')) and r_code[array_position(r_run, m.run_id)] is null;
      kept := kept || got;
    end if;
    update perdure.executions x set owner = null, wake_at = r.wake_at, held_code = r.code, held_reason = r.reason,
        held_build_id = r.build, held_count = r.count, held_spent = r.marks & 1 = 1,
        first_task_at = case when r.marks & 2 = 2 then null else x.first_task_at end
      from unnest(r_run, r_wake_at, r_code, r_reason, r_build, r_count, r_marks) r(run_id, wake_at, code, reason, build, count, marks)
      where x.run_id = r.run_id and r.run_id <> all(refused) and r.run_id <> all(coalesce(kept, '{}'));
  end if;
end $$;
`
