import { checkNamespace } from '@perdure/engine'
import type { NamespaceRecord, NewNamespace } from '@perdure/engine'
import type { MemoryData } from './memory-data.ts'

export function createNamespace(data: MemoryData, namespace: NewNamespace): 'created' | 'exists' {
  checkNamespace(namespace)
  const { name, description, retentionMs } = namespace
  if (data.namespaces.has(name)) return 'exists'
  data.set(data.namespaces, name, { name, description, retentionMs, createdAt: data.now() })
  return 'created'
}

export function listNamespaces(data: MemoryData): NamespaceRecord[] {
  return [...data.namespaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(namespace => ({ ...namespace }))
}
