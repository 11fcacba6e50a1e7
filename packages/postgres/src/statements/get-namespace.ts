/** One namespace. Plan: namespaces_pkey. */
import type { NamespaceRecord } from '@perdure/engine'
import { namespaceColumns, namespaceRecord, type NamespaceRow } from '../namespace-row.ts'
import type { Database, Statement } from '../statement.ts'

export const getNamespaceStatement: Statement = {
  name: 'get_namespace_v1',
  writes: false,
  text: `select ${namespaceColumns} from perdure.namespaces n where n.name = $1`,
}

export async function getNamespace(database: Database, name: string): Promise<NamespaceRecord | undefined> {
  const [row] = await database.run<NamespaceRow>(getNamespaceStatement, [name])
  return row === undefined ? undefined : namespaceRecord(row)
}
