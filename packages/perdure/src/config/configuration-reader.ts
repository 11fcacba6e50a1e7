/** Reads a file and the environment into checked settings. Loaded only where there is something to read. */
import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { isPostgres } from '../engine-options.ts'
import { ConfigurationError, errorOf, type Problem } from './configuration-error.ts'
import { withEnvironment } from './environment-settings.ts'
import { fileSettings, type FileSettings } from './file-settings.ts'
import type { Settings } from './settings-schema.ts'
import { readYaml } from './yaml-tree.ts'

export interface Configuration {
  readonly settings: Settings
  /** As it was given or found; undefined: there is none. */
  readonly file: string | undefined
  /** Where a setting comes from, for messages: `perdure.yaml:3:6` or `$DATABASE_URL`; undefined: it is not set. */
  sourceOf(key: string): string | undefined
}

export interface ConfigurationSource {
  /** As it is shown in messages; undefined: there is none. */
  readonly file: string | undefined
  readonly env: NodeJS.ProcessEnv
  /** Where relative paths begin. */
  readonly folder: string
}

/** @throws ConfigurationError */
export function readConfiguration(source: ConfigurationSource): Configuration {
  const { file, env, folder } = source
  const { settings, problems: inFile, positions } = file === undefined ? nothing : readSettings(file, source)
  const { settings: merged, problems: inEnvironment, variables } = withEnvironment(settings, env)
  // Nothing is opened then: where the engine is turned off, its database need not be known.
  const matters = ({ type }: Problem): boolean => merged.enabled !== false || type !== 'unset variable'
  const [first, ...others] = [...inFile, ...inEnvironment].filter(matters)
  if (first !== undefined) throw errorOf([first, ...others], file)
  const sourceOf = (key: string): string | undefined => {
    const [variable, at] = [variables.get(key), positions.get(key)]
    if (variable !== undefined) return `$${variable}`
    return file === undefined || at === undefined ? undefined : `${file}:${at.line}:${at.column}`
  }
  const isFromFile = (key: string): boolean => file !== undefined && !variables.has(key)
  return { settings: file === undefined ? merged : besideFile(merged, resolve(folder, file), isFromFile), file, sourceOf }
}

/** A file keeps its meaning wherever the process was started. */
function besideFile(settings: Settings, file: string, isFromFile: (key: string) => boolean): Settings {
  const { url, cli: { engine_options: module } = {} } = settings
  return {
    ...settings,
    ...(url !== undefined && isFromFile('url') ? { url: databaseBeside(file, url) } : {}),
    ...(module !== undefined && isFromFile('cli.engine_options') ? { cli: { engine_options: resolve(dirname(file), module) } } : {}),
  }
}

const nothing: FileSettings = { settings: {}, problems: [], positions: new Map() }

function readSettings(file: string, { env, folder }: ConfigurationSource): FileSettings {
  const yaml = readYaml(textOf(file, folder))
  if (yaml.type === 'tree') return fileSettings(yaml.tree, env)
  const { at, reason } = yaml
  throw new ConfigurationError('CONFIG_UNREADABLE', `${file}:${at.line}:${at.column}: this is not YAML: ${reason}`, { file, at })
}

function textOf(file: string, folder: string): string {
  try {
    return readFileSync(resolve(folder, file), 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError('CONFIG_UNREADABLE', `The configuration ${file} cannot be read: ${reason}`, { file, cause: error })
  }
}

function databaseBeside(file: string, url: string): string {
  return isPostgres(url) || url === ':memory:' || url.startsWith('file:') || isAbsolute(url) ? url : resolve(dirname(file), url)
}
