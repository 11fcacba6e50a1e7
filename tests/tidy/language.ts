/** Parts of the language that are not used here, and marks that must not stay in tests. */
import { isCode } from './repository-file.ts'
import type { Rule } from './rule.ts'
import { isNode, literalText, nameOf, parse, type SyntaxNode, syntaxRule } from './syntax.ts'

export const parsesRule: Rule = {
  name: 'every file parses',
  check: (files) => files.filter(isCode).flatMap((file) => parse(file).errors.map((error) => ({
    path: file.path, problem: error.message, remedy: 'Mend the syntax; the other rules cannot see into this file.',
  }))),
}

export const defaultExportRule = syntaxRule({
  name: 'exports have names',
  remedy: 'Export it by name: export function startWorker(...).',
  judge: (node) => {
    const isDefault = node.type === 'ExportSpecifier' && nameOf(node['exported']) === 'default'
    return isDefault || node.type === 'ExportDefaultDeclaration' ? 'default export' : undefined
  },
})

export const exportStarRule = syntaxRule({
  name: 'what a module exports is listed',
  remedy: 'List what is exported: export { a, b } from ...',
  judge: (node) => (node.type === 'ExportAllDeclaration' ? 'export *' : undefined),
})

export const anyRule = syntaxRule({
  name: 'no type is any',
  remedy: 'unknown, decoded at the boundary; or never[] for the parameters of a function that is only passed on.',
  judge: (node) => (node.type === 'TSAnyKeyword' ? 'any' : undefined),
})

const testFunctions = new Set(['test', 'it', 'describe', 'suite', 't', 'context'])

export const onlyRule = syntaxRule({
  name: 'no test runs alone',
  remedy: 'Take it out; to run one test: npm test -- part-of-the-path --test-name-pattern="..."',
  judge: (node) => (testMark(node) === 'only' || optionOf(node, 'only') !== undefined ? '.only' : undefined),
})

export const skipRule = syntaxRule({
  name: 'a skipped test says why',
  remedy: "Give the reason as text: test('...', { skip: 'PostgreSQL 14 has no MERGE' }, ...), or t.skip('why').",
  judge: (node) => {
    const option = optionOf(node, 'skip') ?? optionOf(node, 'todo')
    if (option !== undefined && !mayBeReason(option)) return 'skipped without a reason'
    const mark = testMark(node)
    if (mark !== 'skip' && mark !== 'todo') return undefined
    const [first, ...others] = node['arguments'] as readonly unknown[]
    return first === undefined || others.length > 0 || !mayBeReason(first) ? `.${mark} without a reason` : undefined
  },
})

/** What is decided while the test runs cannot be judged here; but neither plain `true` nor an empty text is a reason. */
function mayBeReason(value: unknown): boolean {
  return literalText(value)?.trim() !== '' && !(isNode(value) && value.type === 'Literal' && value['value'] === true)
}

/** `skip` of `test.skip(...)`. */
function testMark(node: SyntaxNode): string | undefined {
  const callee = node.type === 'CallExpression' ? node['callee'] : undefined
  if (!isNode(callee) || callee.type !== 'MemberExpression' || !testFunctions.has(nameOf(callee['object']) ?? '')) return undefined
  return nameOf(callee['property'])
}

/** The value of an option given to `test` and its kin; undefined where it is absent or false. */
function optionOf(node: SyntaxNode, name: string): unknown {
  const isTestCall = testFunctions.has(nameOf(node['callee']) ?? '') || testMark(node) !== undefined
  if (node.type !== 'CallExpression' || !isTestCall) return undefined
  const options = (node['arguments'] as readonly SyntaxNode[]).filter((each) => each.type === 'ObjectExpression')
  const properties = options.flatMap((each) => each['properties'] as readonly SyntaxNode[])
  const value = properties.find((each) => nameOf(each['key']) === name)?.['value']
  return isNode(value) && value['value'] === false ? undefined : value
}
