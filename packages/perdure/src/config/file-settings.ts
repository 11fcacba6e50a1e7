/** From the tree of a file to checked settings: variables expanded, every problem with its line and column. */
import type { z } from 'zod'
import type { Problem } from './configuration-error.ts'
import { isMapping, kindOf, type Path, schemaAt, suggestion } from './setting-keys.ts'
import { sectionNames, type Settings, settingsSchema } from './settings-schema.ts'
import { converted, shown } from './setting-text.ts'
import { expandVariables } from './variables.ts'
import type { Entry, Position, Scalar, Tree } from './yaml-tree.ts'

export interface FileSettings {
  readonly settings: Settings
  readonly problems: readonly Problem[]
  /** Of a setting's value, by its path joined with dots. */
  readonly positions: ReadonlyMap<string, Position>
}

export function fileSettings(root: Tree, env: NodeJS.ProcessEnv): FileSettings {
  const { tree, problems: misplaced } = sectionOf(root)
  const reading: Reading = { env, problems: [...misplaced], positions: new Map(), texts: new Map() }
  const value = valueOf(tree, [], reading)
  const { data = {}, error } = settingsSchema.safeParse(value)
  const invalid = (error?.issues ?? []).flatMap((issue) => problemsOf(issue, value, reading))
  const problems = [...reading.problems, ...invalid]
  problems.sort((left, right) => offset(left) - offset(right))
  return { settings: data, problems, positions: reading.positions }
}

function offset({ at }: Problem): number {
  return (at?.line ?? 0) * 1e6 + (at?.column ?? 0)
}

interface Reading {
  readonly env: NodeJS.ProcessEnv
  readonly problems: Problem[]
  readonly positions: Map<string, Position>
  /** Texts with variables, as the file has them. */
  readonly texts: Map<string, string>
}

/** All settings may stand under one key. What else the file then holds belongs to others, unless it is a setting of ours. */
function sectionOf(root: Tree): { readonly tree: Tree; readonly problems: readonly Problem[] } {
  const entries: ReadonlyMap<string, Entry> = root.type === 'mapping' ? root.entries : new Map()
  const name = sectionNames.find((each) => entries.has(each))
  const section = name === undefined ? undefined : entries.get(name)
  if (name === undefined || section === undefined) return { tree: root, problems: [] }
  const problems = [...entries].flatMap(([key, entry]): Problem[] => {
    if (schemaAt([key]) === undefined) return []
    const message = `'${key}' stands beside '${name}', which holds the settings; move it under '${name}', or take '${name}' away`
    return [{ type: 'unknown key', key, message, at: entry.key }]
  })
  return { tree: section.value, problems }
}

/** Plain data for the schema. What cannot become data is left out, with a problem in its place. */
function valueOf(tree: Tree, path: Path, reading: Reading): unknown {
  const key = path.join('.')
  reading.positions.set(key, tree.at)
  switch (tree.type) {
    case 'unsupported': {
      const message = `${key === '' ? 'the file' : key} holds ${tree.what}, which has no meaning here; write the value out`
      reading.problems.push({ type: 'invalid value', key, message, at: tree.at })
      return undefined
    }
    case 'list':
      return tree.items.map((item, index) => valueOf(item, [...path, index], reading))
    case 'mapping':
      if (!isMapping(schemaAt(path))) return {}
      return Object.fromEntries([...tree.entries].flatMap(([name, entry]) => {
        const isKnown = schemaAt([...path, name]) !== undefined
        if (!isKnown) unknownKey(name, path, entry.key, reading)
        return isKnown ? [[name, valueOf(entry.value, [...path, name], reading)]] : []
      }))
    case 'scalar':
      return scalarOf(tree, path, reading)
  }
}

function unknownKey(name: string, path: Path, at: Position, { problems }: Reading): void {
  const where = path.length === 0 ? '' : ` in ${path.join('.')}`
  problems.push({
    type: 'unknown key', key: [...path, name].join('.'), at, message: `unknown key '${name}'${where}${suggestion(name, path)}`,
  })
}

function scalarOf(scalar: Scalar, path: Path, reading: Reading): unknown {
  const { value } = scalar
  const schema = schemaAt(path)
  // `worker:` with all its lines commented out.
  if (value === null && isMapping(schema)) return {}
  if (typeof value !== 'string') return value
  const key = path.join('.')
  const expansion = expandVariables(value, (variable) => reading.env[variable])
  switch (expansion.type) {
    case 'expanded': {
      if (!expansion.hasVariables) return expansion.text
      reading.texts.set(key, value)
      return schema === undefined ? expansion.text : converted(expansion.text, kindOf(schema))
    }
    case 'unset': {
      const { variable } = expansion
      const message = `the environment variable ${variable} of ${key} is not set; set it, or give a default: \${${variable}:-default}`
      reading.problems.push({ type: 'unset variable', key, message, at: scalar.positionOf(`\${${variable}`) })
      return undefined
    }
    case 'malformed': {
      const message = `${key} has a '\${' that begins no variable; write \${NAME} or \${NAME:-default}, or $$ for a dollar sign`
      const at = scalar.positionOf(value.slice(expansion.index).split('\n')[0] ?? '')
      reading.problems.push({ type: 'invalid value', key, message, at })
      return undefined
    }
  }
}

function problemsOf(issue: z.core.$ZodIssue, root: unknown, { positions, texts, problems }: Reading): Problem[] {
  const key = issue.path.join('.')
  const value = issue.path.reduce<unknown>((outer, each) => (outer as Record<PropertyKey, unknown> | undefined)?.[each], root)
  // It was left out of the data, with a problem of its own.
  if (problems.some((problem) => problem.key === key)) return []
  const text = texts.get(key)
  const origin = text === undefined ? '' : ` (from ${text})`
  const isName = issue.code === 'invalid_key'
  const what = key === '' ? 'the configuration' : isName ? `a name in ${issue.path.slice(0, -1).join('.')}` : key
  const message = `${what} is ${shown(isName ? issue.path.at(-1) : value, key)}${origin}; give ${issue.message}`
  return [{ type: 'invalid value', key, message, at: positions.get(key) }]
}
