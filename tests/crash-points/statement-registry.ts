/** The statements of the two stores, from the files that hold them. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { inSchema } from '../../packages/postgres/src/statement.ts'

export interface RegisteredStatement {
  readonly file: string
  readonly name: string
  /** As it is sent to the driver. */
  readonly text: string
}

export type StoreKind = 'sqlite' | 'postgres'

const packages = join(import.meta.dirname, '../../packages')

/** Every file of the folder, with its statements; a file may have none (its text is made at the call, or it is a part of others). */
export async function statementFiles(store: StoreKind): Promise<ReadonlyMap<string, readonly RegisteredStatement[]>> {
  const folder = join(packages, store, 'src/statements')
  const found = new Map<string, readonly RegisteredStatement[]>()
  for (const file of readdirSync(folder).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort()) {
    const exported = await import(join(folder, file)) as Readonly<Record<string, unknown>>
    found.set(file, Object.entries(exported).flatMap(([name, value]) => statementOf(store, file, name, value)))
  }
  return found
}

export async function registeredStatements(store: StoreKind): Promise<readonly RegisteredStatement[]> {
  return [...(await statementFiles(store)).values()].flat()
}

function statementOf(store: StoreKind, file: string, name: string, value: unknown): readonly RegisteredStatement[] {
  if (typeof value !== 'object' || value === null) return []
  if (store === 'sqlite') return 'sql' in value ? [{ file, name, text: String(value.sql) }] : []
  if (!('text' in value && 'name' in value)) return []
  return [{ file, name: String(value.name), text: inSchema(String(value.text), 'perdure') }]
}
