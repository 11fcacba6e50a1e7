/** The syntax tree of a file, and how the rules walk through it. */
import { parseSync, type ParseResult } from 'oxc-parser'
import { isCode, type RepositoryFile } from './repository-file.ts'
import type { Rule, Violation } from './rule.ts'

/** A node of the ESTree; what is not asked of here stays unknown. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** Counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

export function lineOf(file: RepositoryFile, node: SyntaxNode): number {
  return lineAt(file.text, node.start)
}

const parsed = new WeakMap<RepositoryFile, ParseResult>()

export function parse(file: RepositoryFile): ParseResult {
  let result = parsed.get(file)
  if (result === undefined) parsed.set(file, result = parseSync(file.path, file.text))
  return result
}

export function syntaxOf(file: RepositoryFile): SyntaxNode {
  return parse(file).program as unknown as SyntaxNode
}

/** Visits every node, parents first, with its ancestors, nearest last. */
export function visit(node: SyntaxNode, see: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void): void {
  const ancestors: SyntaxNode[] = []
  const enter = (entered: SyntaxNode) => {
    see(entered, ancestors)
    ancestors.push(entered)
    for (const key in entered) {
      const value = entered[key]
      if (Array.isArray(value)) for (const item of value) { if (isNode(item)) enter(item) }
      else if (isNode(value)) enter(value)
    }
    ancestors.pop()
  }
  enter(node)
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

/** The text of a string literal or of a template without holes. */
export function literalText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined
  if (node.type !== 'TemplateLiteral') return undefined
  const [quasi, ...others] = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[]
  return others.length === 0 ? quasi?.value.cooked : undefined
}

/** The name of an identifier. */
export function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? String(node['name']) : undefined
}

interface SyntaxRule {
  readonly name: string
  readonly remedy: string
  /** All code where absent. */
  readonly applies?: (file: RepositoryFile) => boolean
  /** The problem with this node, or undefined. */
  judge(node: SyntaxNode, ancestors: readonly SyntaxNode[], file: RepositoryFile): string | undefined
}

/** A rule that looks at one node at a time. */
export function syntaxRule({ name, remedy, applies = () => true, judge }: SyntaxRule): Rule {
  const check = (files: readonly RepositoryFile[]) => files.filter((file) => isCode(file) && applies(file)).flatMap((file) => {
    const found: Violation[] = []
    visit(syntaxOf(file), (node, ancestors) => {
      const problem = judge(node, ancestors, file)
      if (problem !== undefined) found.push({ path: file.path, line: lineOf(file, node), problem, remedy })
    })
    return found
  })
  return { name, check }
}
