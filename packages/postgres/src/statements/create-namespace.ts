/** A new namespace; no row comes back when there is one of that name. Plan: one insert. */
import { checkNamespace } from '@perdure/engine'
import type { NewNamespace } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const createNamespaceStatement: Statement = {
  name: 'create_namespace_v1',
  writes: true,
  text: 'insert into perdure.namespaces (name, description, retention_ms) values ($1, $2, $3) on conflict do nothing returning 1',
}

export async function createNamespace(database: Database, namespace: NewNamespace): Promise<'created' | 'exists'> {
  checkNamespace(namespace)
  const { name, description, retentionMs } = namespace
  const rows = await database.run(createNamespaceStatement, [name, description, retentionMs])
  return rows.length === 1 ? 'created' : 'exists'
}
