/**
 * A schema as text, read from the catalogues: tables with columns, constraints, settings and indexes, sequences, types and
 * functions. Unlike pg_dump it needs no program of the server's version and says the same on every version.
 */
import type { Client } from 'pg'

export async function schemaListing(client: Client, schema: string): Promise<string> {
  const parts = [
    await lines(client, tablesText, schema), await lines(client, sequencesText, schema), await lines(client, typesText, schema),
    await lines(client, functionsText, schema),
  ]
  const head = `-- Schema of the PostgreSQL store. Made by tests/postgres/schema.test.ts; to make it anew: UPDATE_SCHEMA=1.\n`
  return `${head}\n${parts.filter(part => part !== '').join('\n\n')}\n`
}

async function lines(client: Client, text: string, schema: string): Promise<string> {
  const { rows } = await client.query<{ line: string }>(text, [schema])
  return rows.map(row => row.line).join('\n\n')
}

const tablesText = `
with columns as (
  select a.attrelid, string_agg(format('  %I %s%s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attcollation <> t.typcollation then ' collate "' || c.collname || '"' else '' end,
      case when a.attidentity = 'a' then ' generated always as identity' else '' end,
      case when a.attnotnull then ' not null' else '' end,
      coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), E',\\n' order by a.attnum) as text
  from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join pg_collation c on c.oid = a.attcollation
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped group by a.attrelid
), constraints as (
  select r.conrelid, string_agg(format('  constraint %I %s', r.conname, pg_get_constraintdef(r.oid)), E',\\n' order by r.conname) as text
  from pg_constraint r where r.contype <> 'n' group by r.conrelid
), indexes as (
  select i.indrelid, string_agg(pg_get_indexdef(i.indexrelid) || ';', E'\\n' order by i.indexrelid::regclass::text collate "C") as text
  from pg_index i
  where not exists (select 1 from pg_constraint r where r.conindid = i.indexrelid and r.contype in ('p', 'u')) group by i.indrelid
)
select format(E'create table %s (\\n%s%s\\n)%s;%s', k.oid::regclass, c.text, coalesce(E',\\n' || r.text, ''),
    coalesce(' with (' || array_to_string(k.reloptions, ', ') || ')', ''), coalesce(E'\\n' || i.text, '')) as line
from pg_class k join columns c on c.attrelid = k.oid left join constraints r on r.conrelid = k.oid left join indexes i on i.indrelid = k.oid
where k.relnamespace = $1::regnamespace and k.relkind = 'r' order by k.relname collate "C"`

const sequencesText = `
select format('create sequence %s;', k.oid::regclass) as line from pg_class k
where k.relnamespace = $1::regnamespace and k.relkind = 'S'
  and not exists (select 1 from pg_depend d where d.objid = k.oid and d.deptype = 'i' and d.refclassid = 'pg_class'::regclass)
order by k.relname collate "C"`

const typesText = `
select format(E'create type %s as (\\n%s\\n);', k.oid::regclass, (
    select string_agg(format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod)), E',\\n' order by a.attnum)
    from pg_attribute a where a.attrelid = k.oid and a.attnum > 0)) as line
from pg_class k where k.relnamespace = $1::regnamespace and k.relkind = 'c' order by k.relname collate "C"`

const functionsText = `
select pg_get_functiondef(p.oid) || ';' as line from pg_proc p where p.pronamespace = $1::regnamespace order by p.proname collate "C"`
