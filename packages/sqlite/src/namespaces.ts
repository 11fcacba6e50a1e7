import { checkNamespace } from '@perdure/engine'
import type { NewNamespace } from '@perdure/engine'
import type { Database } from './database.ts'
import { insertNamespace } from './statements/insert-namespace.ts'

export function createNamespace({ connection, now }: Database, namespace: NewNamespace): 'created' | 'exists' {
  checkNamespace(namespace)
  const { name, description, retentionMs } = namespace
  return connection.run(insertNamespace, name, description, retentionMs, now()) === 1 ? 'created' : 'exists'
}
