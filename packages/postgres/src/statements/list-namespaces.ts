/** All namespaces. Plan: namespaces_pkey from end to end; tenants are few. */
import type { NamespaceRecord } from '@perdure/engine'
import { namespaceColumns, namespaceRecord, type NamespaceRow } from '../namespace-row.ts'
import type { Database, Statement } from '../statement.ts'

export const listNamespacesStatement: Statement = {
  name: 'list_namespaces_v1',
  writes: false,
  text: `select ${namespaceColumns} from perdure.namespaces n order by n.name`,
}

export async function listNamespaces(database: Database): Promise<readonly NamespaceRecord[]> {
  return (await database.run<NamespaceRow>(listNamespacesStatement, [])).map(namespaceRecord)
}
