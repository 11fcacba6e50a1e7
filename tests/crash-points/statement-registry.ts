/** The statements of the two stores, from the files that hold them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inSchema } from '../../packages/postgres/src/statement.ts'
import { lineAt, type SyntaxNode, syntaxOf, visit } from '../tidy/syntax.ts'

export interface RegisteredStatement {
  readonly file: string
  readonly name: string
  /** As it is sent to the driver. */
  readonly text: string
}

export type StoreKind = 'sqlite' | 'postgres'

const packages = join(import.meta.dirname, '../../packages')

/** Every file of the folder, with its statements; a file may have none (its text is made at the call, or it is a part of others). */
export function statementFiles(store: StoreKind): Promise<ReadonlyMap<string, readonly RegisteredStatement[]>> {
  return (readFiles[store] ??= readStatementFiles(store))
}

/** Sources do not change while they are read: each store's once in a process. */
const readFiles: Partial<Record<StoreKind, ReturnType<typeof readStatementFiles>>> = {}
const readTexts: Partial<Record<StoreKind, readonly ScatteredText[]>> = {}

async function readStatementFiles(store: StoreKind): Promise<ReadonlyMap<string, readonly RegisteredStatement[]>> {
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

/** SQL beside those files: transactions, locks, settings, migrating, listening. */
export interface ScatteredText {
  readonly place: string
  /** What is written out of it: it may go on with what is known at the call only. */
  readonly beginning: string
}

const sql = /^\s*(select|insert into|update|delete from|begin|commit|rollback|listen|unlisten|set|pragma|create|alter|drop|with)\b/

export function scatteredTexts(store: StoreKind): readonly ScatteredText[] {
  return (readTexts[store] ??= readScatteredTexts(store))
}

function readScatteredTexts(store: StoreKind): readonly ScatteredText[] {
  const folder = join(packages, store, 'src')
  const found: ScatteredText[] = []
  for (const name of readdirSync(folder).filter(each => each.endsWith('.ts') && !each.endsWith('.test.ts')).sort()) {
    const file = { path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }
    visit(syntaxOf(file), node => {
      const beginning = writtenText(node)
      if (sql.test(beginning)) found.push({ place: `${store}/${name}:${lineAt(file.text, node.start)}`, beginning })
    })
  }
  return found
}

/** Of a template what comes before its first expression. */
function writtenText(node: SyntaxNode): string {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : ''
  if (node.type !== 'TemplateLiteral') return ''
  return (node['quasis'] as readonly { readonly value: { readonly cooked: string } }[])[0]?.value.cooked ?? ''
}

function statementOf(store: StoreKind, file: string, name: string, value: unknown): readonly RegisteredStatement[] {
  if (typeof value !== 'object' || value === null) return []
  if (store === 'sqlite') return 'sql' in value ? [{ file, name, text: String(value.sql) }] : []
  if (!('text' in value && 'name' in value)) return []
  return [{ file, name: String(value.name), text: inSchema(String(value.text), 'perdure') }]
}
