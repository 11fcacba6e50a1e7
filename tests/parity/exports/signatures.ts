/**
 * Whether our exports can stand where Temporal's stand, asked of the compiler: one line for each name and direction, and
 * the lines that do not compile are those that differ.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportedName } from './export-list.ts'

export interface Pair {
  readonly name: string
  readonly real: { readonly module: string; readonly exported: ExportedName }
  readonly ours: { readonly module: string; readonly exported: ExportedName }
}

/**
 * same: ours can stand for Temporal's; of a type, also the other way round. takes: what Temporal's code passes is accepted;
 * gives: what comes from ours is what Temporal's code expects.
 */
export type Agreement = 'same' | 'takes' | 'gives' | 'differs'

const root = join(import.meta.dirname, '../../..')
const folder = join(root, 'node_modules/.cache/parity')
const file = 'signatures.ts'

interface Line {
  readonly pair: Pair
  readonly direction: 'takes' | 'gives'
  readonly text: string
}

/** @throws when the compiler has not worked */
export function agreements(pairs: readonly Pair[]): Map<Pair, { readonly agreement: Agreement; readonly problems: readonly string[] }> {
  const modules = [...new Set(pairs.flatMap(({ real, ours }) => [real.module, ours.module]))]
  const lines = pairs.flatMap((pair, index) => linesOf(pair, index))
  const imports = modules.map((module) => `import type * as ${alias(module)} from '${module}'`)
  const problems = compile([...imports, ...lines.map(({ text }) => text)].join('\n'))
  const failing = new Map<Line, string>()
  for (const [at, problem] of problems) {
    const line = lines[at - 1 - imports.length]
    if (line === undefined) throw new Error(`the signatures could not be compiled: ${problem}`)
    failing.set(line, problem)
  }
  return new Map(pairs.map((pair) => {
    const own = lines.filter((line) => line.pair === pair)
    const fails = (direction: Line['direction']) => own.some((line) => line.direction === direction && failing.has(line))
    const [takes, gives] = [!fails('takes'), !fails('gives')]
    const agreement = takes && gives ? 'same' : takes ? 'takes' : gives ? 'gives' : 'differs'
    return [pair, { agreement, problems: own.flatMap((line) => failing.get(line) ?? []) }]
  }))
}

function linesOf(pair: Pair, index: number): Line[] {
  const { name, real, ours } = pair
  const theirs = `${alias(real.module)}.${name}`
  const own = `${alias(ours.module)}.${name}`
  if (real.exported.kind !== 'type' && ours.exported.kind !== 'type') {
    return [{ pair, direction: 'gives', text: `export const v${index} = (ours: typeof ${own}): typeof ${theirs} => ours` }]
  }
  const [one, other] = [theirs + anys(real.exported), own + anys(ours.exported)]
  return [
    { pair, direction: 'takes', text: `export const t${index} = (real: ${one}): ${other} => real` },
    { pair, direction: 'gives', text: `export const g${index} = (ours: ${other}): ${one} => ours` },
  ]
}

function anys({ typeParameters }: ExportedName): string {
  return typeParameters === 0 ? '' : `<${Array.from({ length: typeParameters }, () => 'any').join(', ')}>`
}

function alias(module: string): string {
  return module.replace(/\W+/g, '_').replace(/^_/, '')
}

/** The lines that do not compile, from 1, with what the compiler says. */
function compile(text: string): Map<number, string> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), `${text}\n`)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.json'), include: [file], exclude: [] }))
  const given = [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--pretty', 'false', '-p', folder]
  const { stdout, stderr, status } = spawnSync(process.execPath, given, { encoding: 'utf8' })
  const problems = new Map<number, string>()
  let last = 0
  for (const line of stdout.split('\n')) {
    const [, at, message] = /^.*signatures\.ts\((\d+),\d+\): error (.*)$/.exec(line) ?? []
    if (at !== undefined) problems.set(last = Number(at), message ?? '')
    else if (line.startsWith('  ') && last !== 0) problems.set(last, `${problems.get(last) ?? ''}\n${line}`)
    else if (/error TS/.test(line)) throw new Error(`the signatures could not be compiled: ${line}`)
  }
  if (status !== 0 && problems.size === 0) throw new Error(`tsc ended with ${status}: ${stdout}${stderr}`)
  return problems
}
