import { wakes } from '../waking.ts'

/**
 * Functions for programs in any language, which start and signal workflows inside transactions of their own (docs/sql.md).
 *
 * They run with the rights of whoever made the schema, so a caller needs no right on a table; nobody may call them before it is
 * granted. What the client checks is checked here too, by the same limits (tests/postgres/callers.test.ts holds them together).
 *
 * A caller may keep its transaction open for long. What it holds meanwhile stalls nobody but the executions that it names: a
 * start holds its workflow id, a signal KEY SHARE on its execution, which workers skip (migrations/0002-commit.ts). That is why a
 * start cannot terminate an open run from here: its row would be locked against those who end its activities, in batches with others.
 * Nothing is hinted unless asked for: NOTIFY takes a lock of the whole database from the end of the transaction on.
 */
export const callers = `
create function perdure.refuse_v1(code text, problem text, remedy text, more text default '') returns void language plpgsql as $$
begin
  raise exception using message = problem, hint = remedy, detail = code || more, errcode = case code
    when 'OPTIONS_INVALID' then 'PD001' when 'ID_INVALID' then 'PD002' when 'MESSAGE_NAME_RESERVED' then 'PD003'
    when 'PAYLOAD_TOO_LARGE' then 'PD004' when 'NAMESPACE_NOT_FOUND' then 'PD005' when 'WORKFLOW_ALREADY_STARTED' then 'PD006'
    when 'WORKFLOW_NOT_FOUND' then 'PD007' when 'DURATION_INVALID' then 'PD008'
    when 'SEARCH_ATTRIBUTES_INVALID' then 'PD009' else '55P03' end;
end $$;

-- As JavaScript counts: what is beyond U+FFFF are two.
create function perdure.check_id_v1(given text, what text) returns void language plpgsql as $$
declare
  characters int := length(given);
begin
  if characters between 1 and 1000 and octet_length(given) > characters then
    characters := characters + length(regexp_replace(given, '[\\u0001-\\uFFFF]', '', 'g'));
  end if;
  if characters between 1 and 1000 and octet_length(given) <= 2000 then return; end if;
  perform perdure.refuse_v1('ID_INVALID', case when given is null then format('The %s is null', what)
    when characters = 0 then format('The %s is empty', what)
    when characters > 1000 then format('The %s ''%s...'' has %s characters', what, left(given, 100), characters)
    else format('The %s ''%s...'' has %s bytes', what, left(given, 100), octet_length(given)) end,
    'Give a text of 1 to 1,000 characters, at most 2,000 bytes as UTF-8.');
end $$;

create function perdure.check_payload_v1(given jsonb, kind text, what text) returns void language plpgsql as $$
declare
  bytes int := octet_length(given::text);
begin
  if given is null or jsonb_typeof(given) <> kind then
    perform perdure.refuse_v1('OPTIONS_INVALID',
      format('The %s is %s', what, case when given is null then 'null' else 'a JSON ' || jsonb_typeof(given) end),
      case kind when 'array' then 'Pass a JSON array of arguments, such as ''[{"order": 7}]'' or jsonb_build_array(...).'
        else 'Pass a JSON object, such as ''{"customer": 7}''.' end);
  elsif bytes > 2097152 then
    perform perdure.refuse_v1('PAYLOAD_TOO_LARGE',
      format('The %s: %s bytes as JSON, more than the limit of 2097152 bytes (2 MiB)', what, bytes),
      'Keep large data in a table or an object store and pass a reference to it.');
  end if;
end $$;

-- Lists of plain values by name, as the client takes them; an empty list says nothing.
create function perdure.check_search_attributes_v1(given jsonb, what text) returns jsonb language plpgsql as $$
declare
  wrong text;
begin
  if given is null then return null; end if;
  if jsonb_typeof(given) <> 'object' then
    perform perdure.refuse_v1('SEARCH_ATTRIBUTES_INVALID', format('The search_attributes of %s are a JSON %s', what, jsonb_typeof(given)),
      'Pass lists by name, such as ''{"Region": ["eu"]}''.');
  end if;
  select e.key into wrong from jsonb_each(given) e where jsonb_typeof(e.value) <> 'array'
    or exists (select 1 from jsonb_array_elements(case when jsonb_typeof(e.value) = 'array' then e.value else '[]' end) v
      where jsonb_typeof(v) not in ('string', 'number', 'boolean')) order by e.key limit 1;
  if wrong is not null then
    perform perdure.refuse_v1('SEARCH_ATTRIBUTES_INVALID',
      format('The value of ''%s'' in the search_attributes of %s is no list of texts, numbers or booleans', wrong, what),
      format('Give a list, also for one value, as in {"%s": ["eu"]}.', wrong));
  end if;
  perform perdure.check_payload_v1(given, 'object', 'search_attributes of ' || what);
  return coalesce((select jsonb_object_agg(e.key, e.value) from jsonb_each(given) e where e.value <> '[]'), '{}');
end $$;

create function perdure.check_namespace_v1(given text) returns void language plpgsql as $$
begin
  if exists (select 1 from perdure.namespaces n where n.name = given) then return; end if;
  perform perdure.refuse_v1('NAMESPACE_NOT_FOUND', format('There is no namespace ''%s'' in this database; there are: %s', given,
    (select string_agg(n.name, ', ' order by n.name) from (select n.name from perdure.namespaces n order by n.name limit 20) n)),
    'Correct the name, or create it: perdure namespace create.');
end $$;

-- Its lock is held from the end of the transaction until it is durable: by itself in a transaction, for an instant.
create function perdure.notify_workers() returns void language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select pg_notify(s.nspname, 'queue') from perdure.namespaces n
    join pg_class c on c.oid = n.tableoid join pg_namespace s on s.oid = c.relnamespace limit 1
$$;

-- Other transactions may hold what is wanted for as long as they like; whoever did not say how long to wait waits for five seconds.
create function perdure.wait_briefly_v1() returns void language plpgsql as $$
begin
  if current_setting('lock_timeout') = '0' then perform set_config('lock_timeout', '5s', true); end if;
end $$;

create function perdure.start_workflow(
  workflow_type text, input jsonb default '[]', inout workflow_id text default null, task_queue text default 'default',
  namespace text default 'default', id_reuse_policy text default 'ALLOW_DUPLICATE', id_conflict_policy text default 'FAIL',
  memo jsonb default null, search_attributes jsonb default null, priority int default 3, start_delay interval default null,
  notify boolean default false, out run_id uuid, out started boolean
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  what text; at bigint := perdure.clock_ms(); delay_ms numeric := 0; random text := gen_random_uuid()::text; one record;
  timeout text := current_setting('lock_timeout');
begin
  perform perdure.check_id_v1(workflow_type, 'workflow_type');
  what := format('workflow ''%s''', workflow_type);
  if workflow_id is not null then perform perdure.check_id_v1(workflow_id, 'workflow_id'); end if;
  perform perdure.check_id_v1(task_queue, 'task_queue');
  perform perdure.check_namespace_v1(namespace);
  perform perdure.check_payload_v1(input, 'array', 'input of ' || what);
  if memo is not null then perform perdure.check_payload_v1(memo, 'object', 'memo of ' || what); end if;
  search_attributes := perdure.check_search_attributes_v1(search_attributes, what);
  if id_reuse_policy is null or id_reuse_policy not in ('ALLOW_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY', 'REJECT_DUPLICATE') then
    perform perdure.refuse_v1('OPTIONS_INVALID', format('The id_reuse_policy is %L', id_reuse_policy),
      'It is one of ALLOW_DUPLICATE, ALLOW_DUPLICATE_FAILED_ONLY, REJECT_DUPLICATE.');
  elsif id_conflict_policy = 'TERMINATE_EXISTING' then
    perform perdure.refuse_v1('OPTIONS_INVALID', 'The id_conflict_policy TERMINATE_EXISTING cannot be used from SQL',
      'It would lock the open run until the end of this transaction. Terminate it with a client first; here it is FAIL or USE_EXISTING.');
  elsif id_conflict_policy is null or id_conflict_policy not in ('FAIL', 'USE_EXISTING') then
    perform perdure.refuse_v1('OPTIONS_INVALID', format('The id_conflict_policy is %L', id_conflict_policy), 'It is FAIL or USE_EXISTING.');
  elsif priority is null or priority not between 1 and 5 then
    perform perdure.refuse_v1('OPTIONS_INVALID', format('The priority of %s is %s', what, coalesce(priority::text, 'null')),
      'Give a whole number from 1 (first) to 5 (last).');
  end if;
  if start_delay is not null then
    delay_ms := floor(extract(epoch from start_delay) * 1000);
    if not delay_ms between 0 and 3155760000000000 then
      perform perdure.refuse_v1('DURATION_INVALID', format('The start_delay of %s is %s', what, start_delay),
        'Give an interval from nothing to 100,000 years, such as ''24 hours''.');
    end if;
  end if;

  -- UUID version 7, as clients make them: the time, then what is random.
  run_id := (lpad(to_hex(at), 12, '0') || '7' || substr(random, 16, 3) || substr(random, 20))::uuid;
  workflow_id := coalesce(workflow_id, run_id::text);
  -- Due for a worker whose clock is late too: told of it, it would look, see nothing, and come back a second later.
  if start_delay is null then delay_ms := -100; end if;
  perform perdure.wait_briefly_v1();
  select o.outcome, o.run, o.run_status into one from perdure.start_one_v1(row(run_id, namespace, workflow_id, workflow_type, task_queue,
    priority, input::text, memo::text, search_attributes::text, at, at + delay_ms::bigint, id_reuse_policy, id_conflict_policy, null, null,
    null, null, null, null, null, null, null)) o;
  perform set_config('lock_timeout', timeout, true);
  started := one.outcome = 'started';
  if started then
    if notify then perform perdure.notify_workers(); end if;
    return;
  end if;
  if one.outcome = 'exists' and one.run_status = 'RUNNING' and id_conflict_policy = 'USE_EXISTING' then
    run_id := one.run;
    return;
  end if;
  if one.outcome <> 'exists' then
    perform perdure.refuse_v1('STORE_BUSY', format('The workflow id ''%s'' changed hands at every try', workflow_id), 'Try again.');
  elsif one.run_status = 'RUNNING' then
    perform perdure.refuse_v1('WORKFLOW_ALREADY_STARTED',
      format('Workflow execution already started: ''%s'' is running (run %s)', workflow_id, one.run),
      'Choose another workflow_id, or id_conflict_policy => ''USE_EXISTING''.', ' run ' || one.run);
  else
    perform perdure.refuse_v1('WORKFLOW_ALREADY_STARTED',
      format('Workflow execution already started: ''%s'' was used by run %s (%s), and the id_reuse_policy %s keeps its id', workflow_id,
        one.run, one.run_status, id_reuse_policy), 'Choose another workflow_id, or ALLOW_DUPLICATE.', ' run ' || one.run);
  end if;
end $$;

create function perdure.signal_workflow(
  workflow_id text, signal_name text, input jsonb default '[]', inout run_id uuid default null, namespace text default 'default',
  identity text default null, notify boolean default false
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_run uuid; found_status text; found_queue text; is_waking boolean; wanted uuid := run_id; wanted_id text := workflow_id; timeout text := current_setting('lock_timeout');
begin
  perform perdure.check_id_v1(workflow_id, 'workflow_id');
  perform perdure.check_id_v1(signal_name, 'signal_name');
  if starts_with(signal_name, '__perdure_') or starts_with(signal_name, '__temporal_') then
    perform perdure.refuse_v1('MESSAGE_NAME_RESERVED', format('The signal name ''%s'' is reserved for the engine', signal_name),
      'Choose another.');
  end if;
  identity := coalesce(identity, 'sql ' || session_user);
  perform perdure.check_id_v1(identity, 'identity');
  perform perdure.check_namespace_v1(namespace);
  perform perdure.check_payload_v1(input, 'array', format('input of signal ''%s''', signal_name));

  perform perdure.wait_briefly_v1();
  for look in 1..3 loop
    found_run := null;
    if wanted is null then
      select x.run_id, x.status, x.task_queue, ${wakes('x', `'WorkflowExecutionSignaled'`)} into found_run, found_status, found_queue, is_waking
        from perdure.executions x
        where x.namespace = signal_workflow.namespace and x.workflow_id = wanted_id and x.status = 'RUNNING' for key share;
      exit when found_run is not null;
      select x.run_id, x.status into found_run, found_status from perdure.executions x
        where x.namespace = signal_workflow.namespace and x.workflow_id = wanted_id and x.status <> 'RUNNING'
        order by x.started_at desc, x.run_id desc limit 1;
      -- Its run id in place of its workflow id.
      if found_run is null and wanted_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        select x.run_id, x.workflow_id into wanted, wanted_id from perdure.executions x
          where x.run_id = wanted_id::uuid and x.namespace || '' = signal_workflow.namespace;
        exit when wanted is null;
        continue;
      end if;
      -- Closed while it was waited for, and perhaps started again: look once more.
      exit when not exists (select 1 from perdure.executions x
        where x.namespace = signal_workflow.namespace and x.workflow_id = wanted_id and x.status = 'RUNNING');
    else
      select x.run_id, x.status, x.task_queue, ${wakes('x', `'WorkflowExecutionSignaled'`)} into found_run, found_status, found_queue, is_waking
        from perdure.executions x
        where x.run_id = wanted and x.namespace || '' = signal_workflow.namespace and x.workflow_id || '' = wanted_id for key share;
      exit;
    end if;
  end loop;
  perform set_config('lock_timeout', timeout, true);
  if found_run is null then
    perform perdure.refuse_v1('WORKFLOW_NOT_FOUND', format('Workflow execution not found: there is no ''%s''%s in namespace ''%s''', workflow_id,
      coalesce(' with run ' || run_id, ''), namespace), 'Look at the id and the namespace; a start of another transaction is seen once it is committed.');
  elsif found_status <> 'RUNNING' then
    perform perdure.refuse_v1('WORKFLOW_NOT_FOUND',
      format('Workflow execution already completed: ''%s'' (run %s) is closed (%s) and cannot get the signal ''%s''', workflow_id, found_run,
        found_status, signal_name), 'Start it again, or signal another.', ' run ' || found_run);
  end if;
  insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
    values (found_run, signal_workflow.namespace, found_queue, is_waking, 'WorkflowExecutionSignaled',
      jsonb_build_object('signalName', signal_name, 'identity', identity)::text || chr(10) || input::text);
  run_id := found_run;
  if notify then perform perdure.notify_workers(); end if;
end $$;

revoke execute on function perdure.start_workflow, perdure.signal_workflow, perdure.notify_workers from public;
`
