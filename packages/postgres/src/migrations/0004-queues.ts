/**
 * Limits of task queues over all workers: a token bucket in the queue's row, and the number of its tasks that run. Whoever
 * claims tasks of such a queue holds the lock of its row, which nobody waits for; claims of queues without limits lock none.
 * The same calculation as the engine's protocol/queue-limits.ts: 0.2 is its queueBurstShare, 0.1 its queueRefillShare, 5000
 * its queueRateWindowMs, 10 its queueBusyMs.
 */
export const queues = `
-- Time never counts backwards: a clock that was put back adds nothing.
create function perdure.queue_tokens_v1(q perdure.queues, at bigint) returns double precision language sql immutable
as $$
  select case when q.activities_per_second is not null then
    least(greatest(1, ceil(q.activities_per_second * 0.2)), q.tokens + greatest(0, at - q.counted_at) * q.activities_per_second / 1000) end
$$;

-- What is as good as nothing is 0: numbers too small are errors.
create function perdure.queue_used_v1(q perdure.queues, at bigint) returns double precision language sql immutable
as $$
  select case when q.used < 1e-9 or at - q.counted_at > 100000 then 0::double precision
    else q.used * exp(-greatest(0, at - q.counted_at)::double precision / 5000) end
$$;

-- How much may be taken, and without room in how many milliseconds to look again; null: when a running task has ended.
create function perdure.queue_room_v1(q perdure.queues, at bigint, out room int, out wait_ms bigint) language plpgsql stable as $$
declare
  rate double precision := q.activities_per_second; tokens double precision := perdure.queue_tokens_v1(q, at);
begin
  if q.max_concurrent_activities is not null then
    select q.max_concurrent_activities - count(*) into room from (
      select 1 from perdure.activity_tasks t
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

-- Of a limit that is not given the queue keeps what it has, also what another sets at the same moment.
create function perdure.set_queue_limits_v1(
  in_namespace text, in_name text, gives_rate boolean, rate double precision, gives_most boolean, most int
) returns void language plpgsql as $$
declare
  had perdure.queues; at bigint; burst double precision;
begin
  select q.* into had from perdure.queues q where q.namespace = in_namespace and q.name = in_name for update;
  at := perdure.clock_ms();
  if not gives_rate then rate := had.activities_per_second; end if;
  if not gives_most then most := had.max_concurrent_activities; end if;
  if rate is null and most is null then
    delete from perdure.queues q where q.namespace = in_namespace and q.name = in_name;
    return;
  end if;
  burst := case when rate is not null then greatest(1, ceil(rate * 0.2)) end;
  insert into perdure.queues as q (namespace, name, activities_per_second, max_concurrent_activities, tokens, counted_at)
    values (in_namespace, in_name, rate, most, burst, at)
    on conflict (namespace, name) do update set counted_at = excluded.counted_at, used = perdure.queue_used_v1(q, at),
      activities_per_second = case when gives_rate then excluded.activities_per_second else q.activities_per_second end,
      max_concurrent_activities = case when gives_most then excluded.max_concurrent_activities else q.max_concurrent_activities end,
      tokens = case when not gives_rate then perdure.queue_tokens_v1(q, at)
        when excluded.tokens is not null then least(excluded.tokens, perdure.queue_tokens_v1(q, at)) end;
end $$;

-- Rooms of the queues, side by side with them: null where there are no limits, -1 where another claims at this moment. What
-- runs is counted after the lock was had.
create function perdure.lock_queues_v1(in_namespace text, queues text[], limited text[]) returns int[] language plpgsql as $$
declare
  rooms int[] := array_fill(null::int, array[cardinality(queues)]); queue perdure.queues;
begin
  for place in 1..cardinality(queues) loop
    continue when queues[place] <> all(limited);
    select q.* into queue from perdure.queues q where q.namespace = in_namespace and q.name = queues[place]
      for no key update skip locked;
    rooms[place] := case when found then (perdure.queue_room_v1(queue, perdure.clock_ms())).room else -1 end;
  end loop;
  return rooms;
end $$;

-- Whether a task waits that is due, looked up one priority after the other: delayed ones are not read.
create function perdure.task_waits_v1(in_namespace text, queue text, types text[], at bigint) returns boolean language plpgsql stable as $$
declare
  level int;
begin
  loop
    select min(t.priority) into level from perdure.activity_tasks t
      where t.worker is null and t.namespace = in_namespace and t.task_queue = queue and t.priority > coalesce(level, -2147483648);
    if level is null then return false; end if;
    if exists (
      select 1 from perdure.activity_tasks t
      where t.worker is null and t.namespace = in_namespace and t.task_queue = queue and t.priority = level and t.available_at <= at
        and t.activity_type = any(types)) then return true; end if;
  end loop;
end $$;

-- After a claim: had are the rooms before it, left those after it. Returns in how many milliseconds to look again for tasks
-- that limits left waiting; null: there are none, or only the end of a running task lets them begin.
create function perdure.count_taken_v1(
  in_namespace text, queues text[], types text[], due_at bigint, had int[], leftover int[]
) returns bigint language plpgsql as $$
declare
  queue perdure.queues; taken int; at bigint := perdure.clock_ms(); wait bigint; soonest bigint;
begin
  for place in 1..cardinality(queues) loop
    continue when had[place] is null;
    taken := had[place] - leftover[place];
    if had[place] >= 0 then
      update perdure.queues q set counted_at = at, used = perdure.queue_used_v1(q, at) + taken,
          tokens = case when q.tokens is not null then greatest(0, perdure.queue_tokens_v1(q, at) - taken) end
        where q.namespace = in_namespace and q.name = queues[place] and (taken > 0 or q.counted_at > at);
    end if;
    continue when leftover[place] > 0 or not perdure.task_waits_v1(in_namespace, queues[place], types, due_at);
    wait := 10;
    if had[place] >= 0 then
      select q.* into queue from perdure.queues q where q.namespace = in_namespace and q.name = queues[place];
      wait := (perdure.queue_room_v1(queue, at)).wait_ms;
    end if;
    soonest := least(soonest, wait);
  end loop;
  return soonest;
end $$;
`
