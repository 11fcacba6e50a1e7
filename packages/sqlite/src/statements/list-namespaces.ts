import type { NamespaceRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { decodeNamespace, namespaceColumns, type NamespaceRow } from './namespace-row.ts'

/** Reads the whole table, in the order of its primary key: tenants are few. */
export const listNamespaces: Query<[], NamespaceRow, NamespaceRecord> = {
  sql: `select ${namespaceColumns} from namespaces order by name`,
  decode: decodeNamespace,
}
