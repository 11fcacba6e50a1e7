/**
 * Stops a statement in its middle, holding its locks: a trigger waits for a lock of ours. It notes where messages are inserted, so
 * that a test can tell whether each such place was stopped at.
 */
import type { RunId } from '@perdure/engine'
import type { Client } from 'pg'
import type { Stage } from './stage.ts'

export type StoppingPlace = 'inbox' | 'executions'

/** Whoever holds this lock stops what the triggers stop. */
const gate = 4_711

const triggers = `
  create table stops (run_id uuid, place text);
  create table stacks (stack text);
  create function stop_here() returns trigger language plpgsql as $$
  declare
    stack text;
  begin
    if exists (select 1 from public.stops s where s.run_id = new.run_id and s.place = tg_table_name) then
      get diagnostics stack = pg_context;
      if tg_table_name = 'inbox' then insert into public.stacks values (stack); end if;
      perform set_config('lock_timeout', '0', true);
      perform pg_advisory_xact_lock_shared(${gate});
    end if;
    return new;
  end $$;
  create trigger stop_here before insert on perdure.inbox for each row execute function stop_here();
  create trigger stop_here before update on perdure.executions for each row execute function stop_here();`

export class HeldStatements {
  readonly #admin: Client
  readonly #gatekeeper: Client

  private constructor(admin: Client, gatekeeper: Client) {
    this.#admin = admin
    this.#gatekeeper = gatekeeper
  }

  static async on(stage: Stage): Promise<HeldStatements> {
    await stage.admin.query(triggers)
    return new HeldStatements(stage.admin, await stage.connect('gatekeeper'))
  }

  /** Begins the work, and comes back when it is stopped at the row of this run, its locks held. */
  async stoppedAt<T>(place: StoppingPlace, runId: RunId, work: () => Promise<T>): Promise<{ readonly outcome: Promise<T> }> {
    await this.#admin.query('insert into stops values ($1, $2)', [runId, place])
    await this.#gatekeeper.query('select pg_advisory_lock($1)', [gate])
    const outcome = work()
    await this.untilStopped(1, outcome)
    await this.#admin.query('delete from stops')
    return { outcome }
  }

  async goOn(): Promise<void> {
    await this.#gatekeeper.query('select pg_advisory_unlock($1)', [gate])
  }

  /** So many connections wait for a lock; or the last of them has waited for too long already. */
  async untilStopped(count: number, last: Promise<unknown>): Promise<void> {
    const text = `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    const over = last.then(() => true, () => true)
    const looked = async () => (await this.#admin.query<{ waiting: number }>(text)).rows[0]?.waiting === count
    while (!await Promise.race([looked(), over]));
  }

  async reset(): Promise<void> {
    await this.#gatekeeper.query('select pg_advisory_unlock_all()')
    await this.#admin.query('delete from stops')
  }

  /** At how many statements that insert messages it was stopped, by the names of their functions. */
  async insertsMet(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await this.#admin.query<{ stack: string }>('select distinct stack from stacks')
    const places = new Map(rows.map(({ stack }) => [placeOf(stack).join(' '), placeOf(stack)]))
    const counts: Record<string, number> = {}
    for (const [name] of places.values()) counts[name] = (counts[name] ?? 0) + 1
    return counts
  }
}

/** The function that inserts, and the line; the stack begins with that of the trigger. */
function placeOf(stack: string): readonly [name: string, line: string] {
  const [, ...callers] = stack.split('\n')
  const [, name = 'no function', line = ''] = /^PL\/pgSQL function (?:\w+\.)?(\w+)\(.*\) line (\d+) at/m.exec(callers.join('\n')) ?? []
  return [name, line]
}
