/** Bounds on files, functions and lines: what outgrows them is split by reason while it is still small. */
import { isCode, isTest, type RepositoryFile } from './repository-file.ts'
import type { Rule } from './rule.ts'
import { isNode, lineAt, nameOf, type SyntaxNode, syntaxRule } from './syntax.ts'

export const fileLinesMax = 400
export const functionLinesMax = 70
export const columnsMax = 140
export const architectureLinesMax = 300

export const fileSizeRule: Rule = {
  name: `a file has at most ${fileLinesMax} lines`,
  check: (files) => files.filter(isMeasured).flatMap((file) => {
    const count = file.text.trimEnd().split('\n').length
    const max = file.path === 'ARCHITECTURE.md' ? architectureLinesMax : fileLinesMax
    if (count <= max) return []
    const remedy = 'Find the second reason to change in it and give that a file of its own; calculation goes into pure leaves.'
    return [{ path: file.path, problem: `${count} lines, over ${max}`, remedy }]
  }),
}

export const lineLengthRule: Rule = {
  name: `a line has at most ${columnsMax} columns`,
  check: (files) => files.filter((file) => isMeasured(file) && !file.path.endsWith('.md')).flatMap((file) => {
    const remedy = 'Break the line where the thought breaks.'
    return file.text.split('\n').flatMap((text, index) => {
      if (text.length <= columnsMax) return []
      return [{ path: file.path, line: index + 1, problem: `${text.length} columns, over ${columnsMax}`, remedy }]
    })
  }),
}

export const functionSizeRule = syntaxRule({
  name: `a function has at most ${functionLinesMax} lines`,
  remedy: 'Keep the branching here and move calculations into named functions below it.',
  judge: (node, ancestors, file) => {
    if (!isFunction(node) || !isNode(node['body']) || (isTest(file.path) && holdsTests(node['body']))) return undefined
    const count = lineAt(file.text, node.end) - lineAt(file.text, node.start) + 1
    if (count <= functionLinesMax) return undefined
    return `${functionName(node, ancestors.at(-1)) ?? 'a function'} has ${count} lines, over ${functionLinesMax}`
  },
})

/** Code, statements and the one document with a bound; migrations and generated files are as long as they are. */
function isMeasured(file: RepositoryFile): boolean {
  if (/(^|\/)migrations?\//.test(file.path) || /(^|\/)schema\.sql$/.test(file.path) || /\.generated\./.test(file.path)) return false
  return isCode(file) || /\.(sql|mjs|cjs|js)$/.test(file.path) || file.path === 'ARCHITECTURE.md' || file.path === '.ci/run'
}

function isFunction(node: SyntaxNode): boolean {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
}

/** A suite is a list of tests; each test is measured, the list is not. */
function holdsTests(body: SyntaxNode): boolean {
  const statements = body['body']
  return Array.isArray(statements) && statements.some((statement) => {
    if (!isNode(statement) || statement.type !== 'ExpressionStatement' || !isNode(statement['expression'])) return false
    const call = statement['expression']
    const callee = call.type === 'CallExpression' ? nameOf(call['callee']) : undefined
    return callee !== undefined && ['test', 'it', 'describe', 'suite'].includes(callee)
  })
}

function functionName(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  return nameOf(node['id']) ?? nameOf(parent?.['id']) ?? nameOf(parent?.['key'])
}
