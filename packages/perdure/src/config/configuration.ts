/**
 * The configuration of a process: `perdure.yaml` with the environment over it. Flags and overrides go over both, by whoever
 * has them; what is in none of them is left to the defaults of Engine.open.
 */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Configuration } from './configuration-reader.ts'
import { ConfigurationError } from './configuration-error.ts'
import { maySet } from './environment-variables.ts'

export type { Configuration } from './configuration-reader.ts'

export interface ConfigurationPlace {
  /** Default: PERDURE_CONFIG, then perdure.yaml or perdure.yml in the folder, then none. */
  readonly path?: string | undefined
  readonly env?: NodeJS.ProcessEnv
  readonly folder?: string
}

const fileNames = ['perdure.yaml', 'perdure.yml'] as const

/** @throws ConfigurationError */
export async function loadConfiguration(
  { path, env = process.env, folder = process.cwd() }: ConfigurationPlace = {},
): Promise<Configuration> {
  const file = fileOf({ path, env, folder })
  // Most commands on a laptop: 70 ms for the libraries would be a third of their time.
  if (file === undefined && !Object.keys(env).some(maySet)) return { settings: {}, file, sourceOf: () => undefined }
  const { readConfiguration } = await import('./configuration-reader.ts')
  return readConfiguration({ file, env, folder })
}

function fileOf(
  { path, env, folder }: { readonly path: string | undefined; readonly env: NodeJS.ProcessEnv; readonly folder: string },
): string | undefined {
  const named = path ?? env['PERDURE_CONFIG']
  if (path === '') throw new ConfigurationError('CONFIG_NOT_FOUND', 'The path of the configuration is empty; give a file, or leave it out')
  if (named === undefined || named === '') return fileNames.find((name) => isThere(resolve(folder, name)))
  if (isThere(resolve(folder, named))) return named
  const from = path === undefined ? ' (from $PERDURE_CONFIG)' : ''
  const message = `There is no configuration ${resolve(folder, named)}${from}; correct the path`
  throw new ConfigurationError('CONFIG_NOT_FOUND', message, { file: named })
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
