/** What Engine.fromConfig opens: the configuration with overrides over it. */
import { PerdureError } from '@perdure/engine'
import { didYouMean } from '@perdure/workflow/host'
import type { EngineOptions, FromConfigOptions } from '../engine-options.ts'
import { levelDefault } from '../logging/log-settings.ts'
import { createLogger } from '../logging/pino-logger.ts'
import { type Configuration, type ConfigurationPlace, loadConfiguration } from './configuration.ts'
import { disabledError } from './configuration-error.ts'
import { engineOptionsOf, present, workerOptionsOf } from './settings-mapping.ts'

export interface ConfiguredOptions {
  readonly options: EngineOptions
  /** Of an engine that is switched off: what its calls fail with. */
  readonly disabled: (() => PerdureError) | undefined
}

/** @throws ConfigurationError, PerdureError ENGINE_OPTIONS_INVALID */
export async function configuredOptions(
  given: string | FromConfigOptions, place: Pick<ConfigurationPlace, 'env' | 'folder'> = {},
): Promise<ConfiguredOptions> {
  const { path, overrides: overriding = {} } = typeof given === 'string' ? { path: given } : checked(given)
  const overrides: EngineOptions = present(overriding) // in JavaScript an option that is undefined is one left out
  const configuration = await loadConfiguration({ ...place, path })
  const { level = levelDefault, format } = configuration.settings.logging ?? {}
  const logger = overrides.logger ?? await createLogger({ level, format })
  const options = { ...overridden(configuration, overrides), logger }
  return { options, disabled: configuration.settings.enabled === false ? () => disabledError(configuration) : undefined }
}

function checked(given: FromConfigOptions): FromConfigOptions {
  const known: readonly (keyof FromConfigOptions)[] = ['path', 'overrides']
  const isGiven = (value: unknown, type: 'string' | 'object') => value === undefined || (typeof value === type && value !== null)
  if (!isGiven(given, 'object') || !isGiven(given.path, 'string') || !isGiven(given.overrides, 'object')) {
    const remedy = "give a path, or { path: 'perdure.yaml', overrides: { ... } }, or nothing"
    throw new PerdureError('ENGINE_OPTIONS_INVALID', `The options of Engine.fromConfig() are of a wrong type; ${remedy}`)
  }
  for (const key of Object.keys(given)) {
    if (known.some((each) => each === key)) continue
    const hint = didYouMean(key, known) || '; give options of Engine.open() as overrides: { ... }'
    throw new PerdureError('ENGINE_OPTIONS_INVALID', `Unknown option '${key}' of Engine.fromConfig()${hint}`)
  }
  return given
}

/** Overrides win, a worker's one by one; its options also bring back a worker that the configuration does not want. */
function overridden(configuration: Configuration, overrides: EngineOptions): EngineOptions {
  const { database, ...configured } = engineOptionsOf(configuration.settings)
  const { worker } = overrides
  return {
    ...configured,
    // A store takes the place of the database.
    ...(overrides.store === undefined && database !== undefined ? { database } : {}),
    ...overrides,
    ...(typeof worker === 'object' ? { worker: { ...workerOptionsOf(configuration.settings), ...present(worker) } } : {}),
  }
}
