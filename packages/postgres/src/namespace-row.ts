import type { Millis, NamespaceRecord } from '@perdure/engine'

export interface NamespaceRow {
  readonly name: string
  readonly description: string
  readonly retention_ms: number | null
  readonly created_at: Millis
}

/** For `select ... from perdure.namespaces n`. */
export const namespaceColumns = 'n.name, n.description, n.retention_ms, n.created_at'

export function namespaceRecord(row: NamespaceRow): NamespaceRecord {
  return { name: row.name, description: row.description, retentionMs: row.retention_ms, createdAt: row.created_at }
}
