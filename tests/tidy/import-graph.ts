/** Who imports whom, types included: between files, and between packages. */
import { isCode, type RepositoryFile } from './repository-file.ts'
import { isNode, lineOf, literalText, type SyntaxNode, syntaxOf, visit } from './syntax.ts'

export interface Import {
  readonly from: RepositoryFile
  readonly line: number
  /** As written. */
  readonly specifier: string
  /** Everything that it brings is a type. */
  readonly typeOnly: boolean
}

/** `./x.ts`, `node:fs`, `@perdure/engine/ports`: what kind of thing an import names. */
export type Target =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'node'; readonly module: string }
  | { readonly type: 'workspace'; readonly package: string; readonly subpath: string }
  | { readonly type: 'external'; readonly package: string }

export function importsOf(file: RepositoryFile): Import[] {
  const found: Import[] = []
  visit(syntaxOf(file), (node) => {
    const specifier = sourceOf(node)
    if (specifier !== undefined) found.push({ from: file, line: lineOf(file, node), specifier, typeOnly: bringsTypesOnly(node) })
  })
  return found
}

function sourceOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literalText(node['source'])
    case 'TSExternalModuleReference':
      return literalText(node['expression'])
    default:
      return undefined
  }
}

function bringsTypesOnly(node: SyntaxNode): boolean {
  if (node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  const specifiers = node['specifiers']
  if (!Array.isArray(specifiers) || specifiers.length === 0) return false
  return specifiers.every((specifier) => isNode(specifier) && (specifier['importKind'] === 'type' || specifier['exportKind'] === 'type'))
}

export function targetOf({ from, specifier }: Import): Target {
  if (specifier.startsWith('.')) return { type: 'file', path: resolveFrom(from.path, specifier) }
  if (specifier.startsWith('node:')) return { type: 'node', module: specifier }
  const parts = specifier.split('/')
  const name = parts.splice(0, specifier.startsWith('@') ? 2 : 1)
  if (name[0] === '@perdure' || name[0] === 'perdure') return { type: 'workspace', package: name.at(-1) ?? '', subpath: parts.join('/') }
  return { type: 'external', package: name.join('/') }
}

function resolveFrom(path: string, specifier: string): string {
  const parts = path.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** `packages/engine/src/x.ts` is of the package engine; examples and benchmarks are packages too. */
export function packageOf(path: string): string | undefined {
  const [first, second] = path.split('/')
  if (first === 'packages') return second
  return first === 'examples' || first === 'benchmarks' ? first : undefined
}

/** Edges between the files at hand; an import of a package leads to the file that its `exports` names. */
export function fileGraph(files: readonly RepositoryFile[]): ReadonlyMap<string, readonly string[]> {
  const entries = packageEntries(files)
  const known = new Set(files.map((file) => file.path))
  const edges = files.filter(isCode).map((file) => {
    const targets = importsOf(file).map((each) => {
      const target = targetOf(each)
      if (target.type === 'file') return target.path
      return target.type === 'workspace' ? entries.get(`${target.package}/${target.subpath}`) : undefined
    })
    return [file.path, targets.filter((path) => path !== undefined && known.has(path))] as const
  })
  return new Map(edges as [string, string[]][])
}

function packageEntries(files: readonly RepositoryFile[]): Map<string, string> {
  const entries = new Map<string, string>()
  for (const file of files) {
    const [, folder] = /^packages\/([^/]+)\/package\.json$/.exec(file.path) ?? []
    if (folder === undefined) continue
    const { exports = {} } = JSON.parse(file.text) as { exports?: Record<string, unknown> }
    for (const [subpath, target] of Object.entries(exports)) {
      if (typeof target !== 'string') continue
      entries.set(`${folder}/${subpath.replace(/^\.\/?/, '')}`, `packages/${folder}/${target.replace(/^\.\//, '')}`)
    }
  }
  return entries
}

/** Each group of nodes that reach one another, as one closed path through some of them. */
export function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  const done = new Set<string>()
  const trail: string[] = []
  const reported = new Set<string>()
  const enter = (node: string) => {
    const at = trail.indexOf(node)
    if (at !== -1) {
      const cycle = trail.slice(at)
      if (!cycle.some((each) => reported.has(each))) cycles.push([...cycle, node])
      for (const each of cycle) reported.add(each)
      return
    }
    if (done.has(node)) return
    trail.push(node)
    for (const next of graph.get(node) ?? []) enter(next)
    trail.pop()
    done.add(node)
  }
  for (const node of graph.keys()) enter(node)
  return cycles
}
