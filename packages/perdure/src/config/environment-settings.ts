/** Settings from the environment, over those of a file. */
import type { Problem } from './configuration-error.ts'
import { variablesOf } from './environment-variables.ts'
import { kindOf, leavesOf } from './setting-keys.ts'
import { type Settings, settingsSchema } from './settings-schema.ts'
import { converted, shown } from './setting-text.ts'

export interface EnvironmentSettings {
  /** The file's settings with those of the environment over them. */
  readonly settings: Settings
  readonly problems: readonly Problem[]
  /** The variable that a setting came from, by its path joined with dots. */
  readonly variables: ReadonlyMap<string, string>
}

export function withEnvironment(file: Settings, env: NodeJS.ProcessEnv): EnvironmentSettings {
  const merged = structuredClone(file) as Record<string, unknown>
  const problems: Problem[] = []
  const variables = new Map<string, string>()
  for (const leaf of leavesOf(Object.keys(file.queues ?? {}))) {
    const key = leaf.path.join('.')
    const variable = variablesOf(leaf.path).find((name) => (env[name] ?? '') !== '')
    if (variable === undefined) continue
    const value = converted(env[variable] ?? '', kindOf(leaf.schema))
    const { error } = leaf.schema.safeParse(value)
    if (error === undefined) {
      place(merged, leaf.path, value)
      variables.set(key, variable)
    } else {
      const expected = error.issues[0]?.message ?? ''
      const message = `the environment variable ${variable} is ${shown(value, key)}; give ${expected}, or unset it`
      problems.push({ type: 'invalid value', key, message, at: undefined })
    }
  }
  return { settings: settingsSchema.parse(merged), problems, variables }
}

function place(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = root
  for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>
  at[path.at(-1) ?? ''] = value
}
