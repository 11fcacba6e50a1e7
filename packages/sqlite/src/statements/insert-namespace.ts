import type { Change } from '../statement.ts'

/** Changes 0: there is one of that name. Plan: primary key. */
export const insertNamespace: Change<[name: string, description: string, retentionMs: number | null, now: number]> = {
  sql: 'insert into namespaces (name, description, retention_ms, created_at) values (?, ?, ?, ?) on conflict do nothing',
}
