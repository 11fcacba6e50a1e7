/** What only some places may do: read a clock, draw random numbers, speak SQL. */
import { isPure } from './imports.ts'
import { isTest, type RepositoryFile } from './repository-file.ts'
import { nameOf, type SyntaxNode, syntaxRule } from './syntax.ts'

const impureGlobals = new Set([
  'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'fetch', 'crypto', 'performance', 'process',
  'console', 'globalThis',
])
const impureMembers = new Set(['Date.now', 'Math.random'])

export const clockAndRandomRule = syntaxRule({
  name: 'protocol and execution use no clock, no randomness and no timers (I2)',
  applies: (file) => isPure(file.path),
  remedy: 'This code is pure: time and random seed come in as parameters (the event being applied carries its time).',
  judge: (node, ancestors) => {
    const what = impureUse(node, ancestors.at(-1))
    return what === undefined ? undefined : `uses ${what} (I2)`
  },
})

function impureUse(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  if (node.type === 'NewExpression' && nameOf(node['callee']) === 'Date' && isEmpty(node['arguments'])) return 'new Date()'
  if (node.type === 'CallExpression' && nameOf(node['callee']) === 'Date') return 'Date()'
  if (node.type === 'MemberExpression') {
    const name = `${nameOf(node['object'])}.${nameOf(node['property'])}`
    return impureMembers.has(name) ? name : undefined
  }
  const name = nameOf(node)
  return name !== undefined && impureGlobals.has(name) && isReference(node, parent) ? name : undefined
}

/** Not a property's name, a key, or a type's member. */
function isReference(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined || parent['computed'] === true) return true
  if (parent.type.startsWith('TS')) return false
  return parent['property'] !== node && (parent['key'] !== node || parent['shorthand'] === true)
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

const sql = new RegExp([
  String.raw`^\s*(with\s+\w+\s+as\s*\(|select\s[\s\S]*\sfrom\s|insert\s+into\s|update\s+\S+\s+(\w+\s+)?set\s|delete\s+from\s`,
  String.raw`(create|alter|drop)\s+(unique\s+)?(table|index|schema|function|view|trigger)\s|begin\s+immediate|pragma\s+\w+)`,
].join('|'), 'i')
const sqlPackages = ['packages/sqlite/', 'packages/postgres/']

export const sqlRule = syntaxRule({
  name: 'SQL lives only in packages/sqlite and packages/postgres',
  applies: (file) => isProduct(file) && !sqlPackages.some((folder) => file.path.startsWith(folder)),
  remedy: 'Add a method to the store port (packages/engine/src/ports/store.ts), and the statement to both stores, one file each.',
  judge: (node) => (sql.test(stringText(node)) ? 'looks like an SQL statement' : undefined),
})

function isProduct(file: RepositoryFile): boolean {
  return !isTest(file.path) && (file.path.startsWith('packages/') || file.path.startsWith('examples/'))
}

function stringText(node: SyntaxNode): string {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : ''
  if (node.type !== 'TemplateLiteral') return ''
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[]
  return quasis.map((quasi) => quasi.value.cooked).join('?')
}
