/** Codes of errors are part of the interface: docs/errors.md lists each one, and no other. */
import { isCode, isTest, type RepositoryFile } from './repository-file.ts'
import type { Rule, Violation } from './rule.ts'
import { isNode, lineOf, literalText, nameOf, type SyntaxNode, syntaxOf, visit } from './syntax.ts'

const listPath = 'docs/errors.md'
const root = 'PerdureError'
const codePattern = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/

interface Use {
  readonly file: RepositoryFile
  readonly node: SyntaxNode
  readonly code: string
}

export const errorCodeRule: Rule = {
  name: 'every error code is in docs/errors.md, and docs/errors.md lists no others',
  check: (files) => {
    const code = files.filter((file) => isCode(file) && !isTest(file.path) && file.path.startsWith('packages/'))
    const uses = usesIn(code)
    const list = files.find((file) => file.path === listPath)
    if (list === undefined) return []
    const listed = new Map(listedIn(list.text))
    const missing = uses.filter((use) => !listed.has(use.code)).map((use): Violation => ({
      path: use.file.path, line: lineOf(use.file, use.node), problem: `error code ${use.code} is not in ${listPath}`,
      remedy: 'Add it to the table there: what happened, and what the reader should do.',
    }))
    const used = new Set(uses.map((use) => use.code))
    const extra = [...listed].filter(([listedCode]) => !used.has(listedCode)).map(([listedCode, line]): Violation => ({
      path: listPath, line, problem: `error code ${listedCode} is thrown nowhere`, remedy: 'Take it out, or correct its spelling.',
    }))
    return [...missing, ...extra]
  },
}

/** Codes given to the constructor of PerdureError or of a class below it: `new X('CODE', ...)`, `super('CODE', ...)`. */
function usesIn(files: readonly RepositoryFile[]): Use[] {
  const classes = errorClasses(files)
  return files.flatMap((file) => {
    const uses: Use[] = []
    visit(syntaxOf(file), (node, ancestors) => {
      const code = codeGiven(node, ancestors, classes)
      for (const each of code) uses.push({ file, node, code: each })
    })
    return uses
  })
}

function codeGiven(node: SyntaxNode, ancestors: readonly SyntaxNode[], classes: ReadonlySet<string>): string[] {
  if (node.type === 'NewExpression' && classes.has(nameOf(node['callee']) ?? '')) return codesIn(firstArgument(node))
  if (node.type === 'CallExpression' && isNode(node['callee']) && node['callee'].type === 'Super') {
    const owner = ancestors.findLast((each) => each.type === 'ClassDeclaration' || each.type === 'ClassExpression')
    return classes.has(nameOf(owner?.['superClass']) ?? '') ? codesIn(firstArgument(node)) : []
  }
  return []
}

function firstArgument(node: SyntaxNode): unknown {
  return (node['arguments'] as readonly unknown[])[0]
}

/** A literal, or a choice between literals. */
function codesIn(node: unknown): string[] {
  if (isNode(node) && node.type === 'ConditionalExpression') return [...codesIn(node['consequent']), ...codesIn(node['alternate'])]
  const text = literalText(node)
  return text !== undefined && codePattern.test(text) ? [text] : []
}

function errorClasses(files: readonly RepositoryFile[]): Set<string> {
  const parents = new Map<string, string>()
  for (const file of files) {
    visit(syntaxOf(file), (node) => {
      const [name, parent] = [nameOf(node['id']), nameOf(node['superClass'])]
      if (node.type === 'ClassDeclaration' && name !== undefined && parent !== undefined) parents.set(name, parent)
    })
  }
  const classes = new Set([root])
  for (let before = 0; before !== classes.size;) {
    before = classes.size
    for (const [name, parent] of parents) if (classes.has(parent)) classes.add(name)
  }
  return classes
}

/** Codes in backticks that open a row of a table or stand in a heading, with their lines. */
function listedIn(text: string): [string, number][] {
  return text.split('\n').flatMap((line, index) => {
    const opening = /^\|([^|]*)\|/.exec(line)?.[1] ?? /^#+ (.*)$/.exec(line)?.[1] ?? ''
    const codes = [...opening.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? '').filter((code) => codePattern.test(code))
    return codes.map((code): [string, number] => [code, index + 1])
  })
}
