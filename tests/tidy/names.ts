/** Names say what is inside. */
import { isCode, type RepositoryFile } from './repository-file.ts'
import type { Rule } from './rule.ts'
import { nameOf, syntaxRule } from './syntax.ts'

const banned = new Set([
  'util', 'utils', 'utility', 'utilities', 'helper', 'helpers', 'common', 'shared', 'misc', 'lib', 'libs', 'base', 'manager', 'impl',
  'types', 'core',
])
const placed = 'Name it after what is inside (a noun of the glossary in ARCHITECTURE.md), or put each part beside its only user.'
const kebabCase = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/

export const bannedNameRule: Rule = {
  name: 'no file or folder is called utils, helpers, common or the like',
  check: (files) => named(files).flatMap((file) => {
    const word = file.path.toLowerCase().split(/[/.-]/).find((part) => banned.has(part))
    if (word === undefined) return []
    return [{ path: file.path, problem: `"${word}" says nothing`, remedy: placed }]
  }),
}

export const kebabCaseRule: Rule = {
  name: 'files and folders have kebab-case names',
  check: (files) => named(files).filter((file) => isCode(file) || file.path.endsWith('.sql')).flatMap((file) => {
    const part = file.path.split('/').find((each) => !kebabCase.test(each))
    if (part === undefined) return []
    return [{ path: file.path, problem: `"${part}" is not kebab-case`, remedy: 'Lower case, words joined by dashes: activity-task.ts.' }]
  }),
}

export const interfacePrefixRule = syntaxRule({
  name: 'no interface or type has an I prefix',
  remedy: 'Call it by its name alone (Store), and its implementations after what they are made of (PostgresStore).',
  judge: (node) => {
    const name = node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration' ? nameOf(node['id']) : undefined
    return name !== undefined && /^I[A-Z][a-z]/.test(name) ? `"${name}" has an I prefix` : undefined
  },
})

/** A client in another language follows that language's layout. */
function named(files: readonly RepositoryFile[]): RepositoryFile[] {
  return files.filter((file) => !file.path.startsWith('clients/'))
}
