/** A YAML text as a tree in which every key and value knows its line and column. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type ParsedNode } from 'yaml'

/** Counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface Entry {
  readonly key: Position
  readonly value: Tree
}

export type Tree =
  | { readonly type: 'mapping'; readonly at: Position; readonly entries: ReadonlyMap<string, Entry> }
  | { readonly type: 'list'; readonly at: Position; readonly items: readonly Tree[] }
  | Scalar
  /** What YAML has and a configuration does not need. */
  | { readonly type: 'unsupported'; readonly at: Position; readonly what: string }

export interface Scalar {
  readonly type: 'scalar'
  readonly at: Position
  readonly value: unknown
  /** Where a part of the text stands in the file, as far as it can be found. */
  positionOf(part: string): Position
}

export type YamlText =
  | { readonly type: 'tree'; readonly tree: Tree }
  | { readonly type: 'broken'; readonly at: Position; readonly reason: string }

export function readYaml(text: string): YamlText {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line, column: Math.max(1, col) }
  }
  const [broken] = [...document.errors, ...document.warnings]
  if (broken !== undefined) return { type: 'broken', at: at(broken.pos[0]), reason: reasonOf(broken) }
  return { type: 'tree', tree: treeOf(document.contents, { text, at }) }
}

/** In the words of a reader of the file, not of a caller of the library. */
function reasonOf({ code, message }: { readonly code: string; readonly message: string }): string {
  if (code === 'DUPLICATE_KEY') return 'this key is there twice'
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; a configuration is one document'
  return message.replaceAll(/\s+/g, ' ')
}

interface Source {
  readonly text: string
  at(offset: number): Position
}

function treeOf(node: ParsedNode | null, source: Source): Tree {
  const at = source.at(node?.range[0] ?? 0)
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    const entries = new Map<string, Entry>()
    for (const { key, value } of node.items) {
      const position = source.at(key.range[0])
      if (!isScalar(key)) return { type: 'unsupported', at: position, what: 'a key that is no text' }
      entries.set(String(key.value), { key: position, value: value === null ? empty(position) : treeOf(value, source) })
    }
    return { type: 'mapping', at, entries }
  }
  if (isSeq<ParsedNode>(node)) return { type: 'list', at, items: node.items.map((item) => treeOf(item, source)) }
  if (isAlias(node)) return { type: 'unsupported', at, what: 'an alias (*)' }
  if (node === null || !isScalar(node)) return empty(at)
  const [start, end] = node.range
  return {
    type: 'scalar',
    at,
    value: node.value,
    positionOf: (part) => source.at(start + Math.max(0, source.text.slice(start, end).indexOf(part))),
  }
}

function empty(at: Position): Scalar {
  return { type: 'scalar', at, value: null, positionOf: () => at }
}
