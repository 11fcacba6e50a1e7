/** What a module exports, types included, from its declarations or sources: names, kinds and counts of type parameters. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseSync, type Statement } from 'oxc-parser'

export interface ExportedName {
  readonly name: string
  /** Whether it is there at run time. An enum and a class are also types. */
  readonly kind: 'function' | 'class' | 'value' | 'type'
  /** Of a type or class. */
  readonly typeParameters: number
}

interface Declared {
  readonly kind: ExportedName['kind']
  readonly typeParameters: number
}

/** All that a file exports, by name; follows what it re-exports. */
export function exportsOf(file: string): Map<string, ExportedName> {
  return collected(file, new Map())
}

/** The declarations of an installed package's main module. */
export function declarationsOf(packageName: string): string {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve(`${packageName}/package.json`)
  const { types, main = 'index.js' } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly types?: string; readonly main?: string }
  return join(dirname(manifest), types ?? main.replace(/\.js$/, '.d.ts'))
}

type Seen = Map<string, Map<string, ExportedName>>

function collected(file: string, seen: Seen): Map<string, ExportedName> {
  if (file === '') return new Map()
  const known = seen.get(file)
  if (known !== undefined) return known
  const found = new Map<string, ExportedName>()
  seen.set(file, found)
  const { program } = parseSync(file, readFileSync(file, 'utf8'), { lang: file.endsWith('.d.ts') ? 'dts' : 'ts' })
  const local = new Map<string, Declared>()
  for (const [name, declared] of program.body.flatMap(declaredIn)) local.set(name, merged(local.get(name), declared))
  const add = (name: string, declared: Declared | undefined): void => {
    if (declared !== undefined && name !== 'default') found.set(name, { ...declared, name })
  }
  for (const statement of program.body) {
    if (statement.type === 'ExportAllDeclaration') {
      if (statement.exported !== null) add(nameOf(statement.exported), { kind: 'value', typeParameters: 0 })
      else for (const each of collected(resolved(file, statement.source.value), seen).values()) add(each.name, each)
    }
    if (statement.type !== 'ExportNamedDeclaration') continue
    for (const [name, declared] of declaredIn(statement)) add(name, merged(local.get(name), declared))
    const from = statement.source === null ? undefined : resolved(file, statement.source.value)
    for (const { local: inner, exported } of statement.specifiers) {
      const source = from === undefined ? importedIn(program.body, nameOf(inner), file) : { file: from, name: nameOf(inner) }
      const declared = source === undefined ? local.get(nameOf(inner)) : outside(source, seen)
      add(nameOf(exported), declared)
    }
  }
  return found
}

/** A name of another module; of one that is not installed, whatever it is: a value. */
function outside({ file, name }: { readonly file: string; readonly name: string }, seen: Seen): Declared {
  return collected(file, seen).get(name) ?? { kind: 'value', typeParameters: 0 }
}

function importedIn(body: readonly Statement[], name: string, file: string): { readonly file: string; readonly name: string } | undefined {
  for (const statement of body) {
    if (statement.type !== 'ImportDeclaration') continue
    for (const specifier of statement.specifiers) {
      if (specifier.local.name !== name || specifier.type !== 'ImportSpecifier') continue
      return { file: resolved(file, statement.source.value), name: nameOf(specifier.imported) }
    }
  }
  return undefined
}

function declaredIn(statement: Statement): [string, Declared][] {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
  if (declaration === null) return []
  switch (declaration.type) {
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
      return declaration.id === null ? [] : [[declaration.id.name, { kind: 'function', typeParameters: 0 }]]
    case 'ClassDeclaration':
      return declaration.id === null ? [] : [[declaration.id.name, { kind: 'class', typeParameters: required(declaration) }]]
    case 'VariableDeclaration':
      return declaration.declarations.flatMap(({ id }) => id.type === 'Identifier' ? [[id.name, { kind: 'value', typeParameters: 0 }]] : [])
    case 'TSEnumDeclaration':
      return [[declaration.id.name, { kind: 'value', typeParameters: 0 }]]
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return [[declaration.id.name, { kind: 'type', typeParameters: required(declaration) }]]
    default:
      return []
  }
}

/** A constant and a type of one name are a value. */
function merged(one: Declared | undefined, other: Declared): Declared {
  return one !== undefined && one.kind !== 'type' ? one : other
}

interface Generic {
  readonly typeParameters?: { readonly params: readonly { readonly default: unknown }[] } | null
}

/** Type parameters without a default. */
function required({ typeParameters }: Generic): number {
  return (typeParameters?.params ?? []).filter((parameter) => parameter.default === null).length
}

function nameOf(node: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
  return node.name ?? String(node.value)
}

/** The file behind an import; '' for what is not followed. */
function resolved(from: string, specifier: string): string {
  if (specifier.startsWith('.')) {
    const path = join(dirname(from), specifier)
    return [path, `${path}.d.ts`, join(path, 'index.d.ts')].find((each) => existsSync(each) && each.endsWith('.ts')) ?? ''
  }
  if (specifier.startsWith('@temporalio/')) {
    const [scope, name, ...rest] = specifier.split('/')
    const main = declarationsOf(`${scope}/${name}`)
    return rest.length === 0 ? main : resolved(main, `./${rest.join('/').replace(/^lib\//, '')}`)
  }
  if (specifier === '@perdure/workflow') return join(import.meta.dirname, '../../../packages/workflow/src/index.ts')
  if (specifier === '@perdure/workflow/activity') return join(import.meta.dirname, '../../../packages/workflow/src/activity.ts')
  if (specifier === '@perdure/engine') return join(import.meta.dirname, '../../../packages/engine/src/index.ts')
  return ''
}
