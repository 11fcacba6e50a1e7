/** A namespace keeps the ids, queues, lists and messages of one tenant apart from those of others. */
import { PerdureError } from '../error.ts'
import { namespaceCharactersMax, namespaceDescriptionCharactersMax } from '../limits.ts'
import type { Millis } from './ids.ts'

export interface NewNamespace {
  readonly name: string
  /** For people; may be empty. */
  readonly description: string
  /** How long closed executions are to be kept. Null: for ever. Stored for later: nothing deletes by it yet. */
  readonly retentionMs: number | null
}

export interface NamespaceRecord extends NewNamespace {
  readonly createdAt: Millis
}

const namePattern = new RegExp(`^[A-Za-z0-9._-]{1,${namespaceCharactersMax}}$`)

/**
 * The name, if a namespace may have it: 1 to 255 letters, digits, dots, underscores and hyphens, of ASCII.
 *
 * @throws PerdureError NAMESPACE_INVALID
 */
export function checkedNamespaceName(name: unknown): string {
  if (typeof name === 'string' && namePattern.test(name)) return name
  const shown = typeof name === 'string' ? `'${name.slice(0, 100)}${name.length > 100 ? '...' : ''}'` : `of type ${typeof name}`
  throw new PerdureError('NAMESPACE_INVALID',
    `A namespace cannot be named ${shown}: use 1 to ${namespaceCharactersMax} of the characters A-Z, a-z, 0-9, '.', '_' and '-'`)
}

/** @throws PerdureError NAMESPACE_INVALID */
export function checkNamespace({ name, description, retentionMs }: NewNamespace): void {
  checkedNamespaceName(name)
  if (typeof description !== 'string' || description.length > namespaceDescriptionCharactersMax || description.includes('\0')) {
    const remedy = `give a text of at most ${namespaceDescriptionCharactersMax} characters`
    const problem = `The description of namespace '${name}' is no text, too long, or has a NUL in it`
    throw new PerdureError('NAMESPACE_INVALID', `${problem}: ${remedy}`)
  }
  if (retentionMs !== null && !(Number.isSafeInteger(retentionMs) && retentionMs > 0)) {
    throw new PerdureError('NAMESPACE_INVALID',
      `The retention of namespace '${name}' is ${String(retentionMs)}: give whole milliseconds above 0, or null to keep everything`)
  }
}
