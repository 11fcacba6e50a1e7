/** Namespaces, as people make them and look at them. */
import type { Duration } from '@perdure/workflow'
import { didYouMean, durationToMs } from '@perdure/workflow/host'
import { PerdureError } from '../error.ts'
import type { Store } from '../ports/store.ts'
import { checkedNamespaceName, checkNamespace, type NamespaceRecord, type NewNamespace } from '../protocol/namespace.ts'
import { optionsInvalid, refuseUnknownKeys } from './given-options.ts'

export interface NamespaceOptions {
  /** For people. */
  readonly description?: string
  /** How long closed executions are to be kept. Default: for ever. Stored for later: nothing deletes by it yet. */
  readonly retention?: Duration
}

export interface NamespaceDescription {
  readonly name: string
  readonly description: string
  readonly retentionMs: number | undefined
  readonly createTime: Date
}

/** Ids, task queues, lists and messages of one namespace are apart from those of every other in the same database. */
export interface NamespaceClient {
  /**
   * @throws PerdureError NAMESPACE_INVALID, NAMESPACE_EXISTS, OPTIONS_INVALID
   * @example await engine.namespaces.create('market', { description: 'Orders of the market place' })
   */
  create(name: string, options?: NamespaceOptions): Promise<NamespaceDescription>
  /** In the order of their names. */
  list(): Promise<NamespaceDescription[]>
  /** @param name the engine's own if left out. @throws PerdureError NAMESPACE_NOT_FOUND */
  describe(name?: string): Promise<NamespaceDescription>
}

export const defaultNamespace = 'default'

export function createNamespaceClient(store: Store, own: string): NamespaceClient {
  return {
    async create(name, options = {}) {
      const created = newNamespace(name, options)
      if (await store.createNamespace(created) === 'exists') {
        throw new PerdureError('NAMESPACE_EXISTS', `The namespace '${name}' exists: use it, or choose another name`)
      }
      return this.describe(name)
    },
    async list() {
      return (await store.listNamespaces()).map(describedNamespace)
    },
    async describe(name = own) {
      return describedNamespace(await requireNamespace(store, checkedNamespaceName(name)))
    },
  }
}

/** @throws PerdureError NAMESPACE_NOT_FOUND */
export async function requireNamespace(store: Store, name: string): Promise<NamespaceRecord> {
  const found = await store.getNamespace(name)
  if (found !== undefined) return found
  const known = (await store.listNamespaces()).map((namespace) => namespace.name)
  const hint = didYouMean(name, known) || `; there ${known.length === 1 ? 'is' : 'are'} ${known.slice(0, 10).join(', ')}.`
  throw new PerdureError('NAMESPACE_NOT_FOUND',
    `${store.location} has no namespace '${name}'${hint} Create it with engine.namespaces.create('${name}') on an engine of another ` +
      `namespace, or with: npx perdure namespace create ${name}`)
}

function newNamespace(name: string, options: NamespaceOptions): NewNamespace {
  checkedNamespaceName(name)
  refuseUnknownKeys(options, ['description', 'retention'], 'namespaces.create()')
  const { description = '', retention } = options
  if (typeof description !== 'string') throw optionsInvalid('The description of namespaces.create() is no text')
  const retentionMs = retention === undefined ? null : durationToMs(retention, 'retention of namespaces.create()')
  const created = { name, description, retentionMs }
  checkNamespace(created)
  return created
}

function describedNamespace({ name, description, retentionMs, createdAt }: NamespaceRecord): NamespaceDescription {
  return { name, description, retentionMs: retentionMs ?? undefined, createTime: new Date(createdAt) }
}
