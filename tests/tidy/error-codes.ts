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
  /** Empty: it is not written where the error is made, so that no list can be held against it. */
  readonly codes: readonly string[]
}

export const errorCodeRule: Rule = {
  name: 'every error code is in docs/errors.md, and docs/errors.md lists no others',
  check: (files) => {
    const sources = files.filter((file) => !isTest(file.path) && file.path.startsWith('packages/'))
    const uses = [...usesIn(sources.filter(isCode)), ...sources.filter(isSource).flatMap(shownIn)]
    const list = files.find((file) => file.path === listPath)
    return [...uses.filter((use) => use.codes.length === 0).map(unwritten), ...(list === undefined ? [] : differences(uses, list))]
  },
}

function unwritten({ file, node }: Use): Violation {
  const remedy = 'Write it as a literal: new PerdureError(\'STORE_BUSY\', ...), or give the error a class of its own.'
  return { path: file.path, line: lineOf(file, node), problem: 'the code of this error cannot be read here', remedy }
}

function differences(uses: readonly Use[], list: RepositoryFile): Violation[] {
  const listed = new Map(listedIn(list.text))
  const missing = uses.flatMap(({ file, node, codes }) => codes.filter((code) => !listed.has(code)).map((code): Violation => ({
    path: file.path,
    line: lineOf(file, node),
    problem: `error code ${code} is not in ${listPath}`,
    remedy: 'Add it to the table there: what happened, and what the reader should do.',
  })))
  const used = new Set(uses.flatMap((use) => use.codes))
  const extra = [...listed].filter(([code]) => !used.has(code)).map(([code, line]): Violation => ({
    path: listPath, line, problem: `error code ${code} is thrown nowhere`, remedy: 'Take it out, or correct its spelling.',
  }))
  return [...missing, ...extra]
}

/** Where errors are made: `new X('CODE', ...)`, and `super('CODE', ...)` in a class that has one code for all. */
function usesIn(files: readonly RepositoryFile[]): Use[] {
  const classes = errorClasses(files)
  return files.flatMap((file) => {
    const uses: Use[] = []
    visit(syntaxOf(file), (node, ancestors) => {
      if (node.type === 'NewExpression' && classes.get(nameOf(node['callee']) ?? '')?.takesCode === true) {
        uses.push({ file, node, codes: codesIn(firstArgument(node)) })
      }
      const owner = isSuperCall(node) ? ancestors.findLast((each) => each.type === 'ClassDeclaration') : undefined
      const codes = classes.has(nameOf(owner?.['id']) ?? '') ? codesIn(firstArgument(node)) : []
      if (codes.length > 0) uses.push({ file, node, codes })
    })
    return uses
  })
}

/** TypeScript, and what must run before it can be loaded. */
function isSource(file: RepositoryFile): boolean {
  return isCode(file) || /\.[cm]?js$/.test(file.path)
}

/** Where codes are shown without such an error: as `error CODE: ...`, or in place of the `code` that another error lacks. */
function shownIn(file: RepositoryFile): Use[] {
  const uses: Use[] = []
  visit(syntaxOf(file), (node) => {
    const codes = [...codesWritten(node), ...codesInPlace(node)]
    if (codes.length > 0) uses.push({ file, node, codes })
  })
  return uses
}

function codesWritten(node: SyntaxNode): string[] {
  const raw = node.type === 'TemplateElement' ? (node['value'] as { readonly cooked: unknown }).cooked : node['value']
  if ((node.type !== 'TemplateElement' && node.type !== 'Literal') || typeof raw !== 'string') return []
  return [/^error ([A-Z][A-Z0-9_]*): /.exec(raw)?.[1] ?? []].flat()
}

function codesInPlace(node: SyntaxNode): string[] {
  const choices = node.type === 'ConditionalExpression' ? [node['consequent'], node['alternate']]
    : node.type === 'LogicalExpression' ? [node['left'], node['right']] : []
  const isCodeOf = (choice: unknown) => isNode(choice) && choice.type === 'MemberExpression' && nameOf(choice['property']) === 'code'
  return choices.some(isCodeOf) ? choices.flatMap(codesIn) : []
}

interface ErrorClass {
  readonly parent: string
  /** Its constructor is given the code; otherwise it gives its parent a literal one. */
  readonly takesCode: boolean
}

/** PerdureError and all that is below it. A failure may have the same name as an error of ours, as it has on Temporal. */
function errorClasses(files: readonly RepositoryFile[]): Map<string, ErrorClass> {
  const all = new Map<string, ErrorClass[]>([[root, [{ parent: 'Error', takesCode: true }]]])
  for (const file of files) {
    visit(syntaxOf(file), (node) => {
      const [name, parent] = [nameOf(node['id']), nameOf(node['superClass'])]
      if (node.type !== 'ClassDeclaration' || name === undefined || parent === undefined) return
      let takesCode = true
      visit(node, (inner) => {
        if (isSuperCall(inner) && codesIn(firstArgument(inner)).length > 0) takesCode = false
      })
      all.set(name, [...(all.get(name) ?? []), { parent, takesCode }])
    })
  }
  const isBelowRoot = (name: string): boolean => name === root || (all.get(name) ?? []).some(({ parent }) => isBelowRoot(parent))
  return new Map([...all].flatMap(([name, candidates]) => {
    const found = candidates.find(({ parent }) => name === root || isBelowRoot(parent))
    return found === undefined ? [] : [[name, found]]
  }))
}

function isSuperCall(node: SyntaxNode): boolean {
  return node.type === 'CallExpression' && isNode(node['callee']) && node['callee'].type === 'Super'
}

function firstArgument(node: SyntaxNode): unknown {
  return (node['arguments'] as readonly unknown[])[0]
}

/** Of a literal, or of a choice between literals. */
function codesIn(node: unknown): string[] {
  if (isNode(node) && node.type === 'ConditionalExpression') return [...codesIn(node['consequent']), ...codesIn(node['alternate'])]
  const text = literalText(node)
  return text !== undefined && codePattern.test(text) ? [text] : []
}

/** Codes in backticks that open a row of a table or stand in a heading, with their lines. */
function listedIn(text: string): [string, number][] {
  return text.split('\n').flatMap((line, index) => {
    const opening = /^\|([^|]*)\|/.exec(line)?.[1] ?? /^#+ (.*)$/.exec(line)?.[1] ?? ''
    const codes = [...opening.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? '').filter((code) => codePattern.test(code))
    return codes.map((code): [string, number] => [code, index + 1])
  })
}
