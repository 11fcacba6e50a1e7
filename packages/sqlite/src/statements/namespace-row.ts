import type { NamespaceRecord } from '@perdure/engine'

/** The columns of a NamespaceRecord. */
export const namespaceColumns = 'name, description, retention_ms, created_at'

export interface NamespaceRow {
  readonly name: string
  readonly description: string
  readonly retention_ms: number | null
  readonly created_at: number
}

export function decodeNamespace(row: NamespaceRow): NamespaceRecord {
  return { name: row.name, description: row.description, retentionMs: row.retention_ms, createdAt: row.created_at }
}
