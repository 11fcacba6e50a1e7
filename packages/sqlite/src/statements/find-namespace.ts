import type { NamespaceRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { decodeNamespace, namespaceColumns, type NamespaceRow } from './namespace-row.ts'

/** Plan: primary key. */
export const findNamespace: Query<[name: string], NamespaceRow, NamespaceRecord> = {
  sql: `select ${namespaceColumns} from namespaces where name = ?`,
  decode: decodeNamespace,
}
