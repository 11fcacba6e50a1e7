/** Which database a command works on, and opening it as a client: one that never runs or recovers work. */
import { existsSync, readdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Store } from '@perdure/engine'
import { disabledError } from '../config/configuration-error.ts'
import { engineOptionsOf } from '../config/settings-mapping.ts'
import type { Engine, EngineOptions } from '../engine.ts'
import { isPostgres, strangeScheme } from '../engine-options.ts'
import { CliError } from './cli-error.ts'
import { optionsInCode } from './engine-options-file.ts'
import { configuredLogger } from './log.ts'
import { note } from './output.ts'
import type { GlobalOptions } from './options.ts'

export interface Database {
  readonly name: string
  /** For messages: how it was chosen. */
  readonly from: string
  readonly isFile: boolean
}

/** Flag, then environment, then file, then perdure.db in the current folder. */
export function databaseOf({ database: flag, configuration }: GlobalOptions): Database {
  if (flag !== undefined) return database(flag, 'given with --database')
  const { url } = configuration.settings
  return url === undefined ? database('perdure.db', 'the default') : database(url, `from ${configuration.sourceOf('url') ?? ''}`)
}

function database(name: string, from: string): Database {
  if (name === '') throw new CliError('USAGE_INVALID', 'The name of the database is empty: give a file or a postgres:// URL')
  return { name, from, isFile: name !== memory && !isPostgres(name) && strangeScheme(name) === undefined }
}
const memory = ':memory:'

/** Opened for one command, and closed after it. A database that Perdure has not made is refused, and left as it is. */
export async function withClient<T>(options: GlobalOptions, use: (engine: Engine) => Promise<T>): Promise<T> {
  refuseDisabled(options)
  refuseMissing(databaseOf(options))
  return used(await opened(options, { worker: false }, false), use)
}

/** As withClient, but for commands that replay: which errors fail a workflow is an option of workers. It is never started. */
export async function withReplayer<T>(options: GlobalOptions, use: (engine: Engine) => Promise<T>): Promise<T> {
  refuseDisabled(options)
  refuseMissing(databaseOf(options))
  return used(await opened(options, { worker: {} }, false), use)
}

/** As withClient, but for commands that have something to write: a file that does not exist is made. */
export async function withNewClient<T>(options: GlobalOptions, use: (engine: Engine) => Promise<T>): Promise<T> {
  refuseDisabled(options)
  const chosen = databaseOf(options)
  if (chosen.name === memory) throw inMemory()
  const isNew = chosen.isFile && !existsSync(resolve(chosen.name))
  return withEngine(options, { worker: false }, async (engine) => {
    if (isNew) note(options.output, `Created the database ${resolve(chosen.name)}`)
    return use(engine)
  })
}

export async function withEngine<T>(options: GlobalOptions, more: EngineOptions, use: (engine: Engine) => Promise<T>): Promise<T> {
  refuseDisabled(options)
  return used(await opened(options, more, true), use)
}

async function opened(options: GlobalOptions, more: EngineOptions, migrate: boolean): Promise<Engine> {
  // Help and mistyped commands answer without loading the engine.
  const { Engine } = await import('../engine.ts')
  const settled = await settledOptions(options, more)
  if (migrate) return Engine.open(settled)
  const { database: _database, ...others } = settled
  const { store, notifier } = await homeOf(settled, false)
  return Engine.open({ ...others, store, ...(notifier === undefined ? {} : { notifier }) })
}

async function settledOptions(options: GlobalOptions, more: EngineOptions): Promise<EngineOptions> {
  const { namespace, configuration: { settings } } = options
  const logger = more.logger ?? await configuredLogger(options, 'warn')
  const { workflowFailureErrorTypes, ...inCode } = await optionsInCode(options)
  const settled = { ...engineOptionsOf(settings), ...inCode, database: databaseOf(options).name, namespace, ...more, logger }
  const { worker } = settled
  if (workflowFailureErrorTypes === undefined || worker === false) return settled
  return { ...settled, worker: { ...worker, workflowFailureErrorTypes } }
}

async function homeOf(settled: EngineOptions, migrate: boolean) {
  const [home, { resolveOptions }] = await Promise.all([import('../database.ts'), import('../engine-options.ts')])
  return home.databaseOf(resolveOptions(settled), migrate)
}

/** To be opened and closed by who asks for it. */
export async function closedStore(options: GlobalOptions, migrate: boolean): Promise<Store> {
  const { store } = await homeOf(await settledOptions(options, { worker: false, hints: false }), migrate)
  return store
}

async function used<T>(engine: Engine, use: (engine: Engine) => Promise<T>): Promise<T> {
  try {
    return await use(engine)
  } finally {
    await engine.stop()
  }
}

export function refuseDisabled({ configuration }: GlobalOptions): void {
  if (configuration.settings.enabled === false) throw disabledError(configuration)
}

function refuseMissing({ name, from, isFile }: Database): void {
  if (name === memory) throw inMemory()
  if (!isFile || existsSync(resolve(name))) return
  const path = resolve(name)
  const others = databasesBeside(path)
  const remedy = others.length === 0
    ? '`perdure dev` makes one; or name another with --database'
    : `there is ${others.join(', ')}: name it with --database`
  throw new CliError('DATABASE_NOT_FOUND', `There is no database ${path} (${from}); ${remedy}`)
}

function inMemory(): CliError {
  return new CliError('DATABASE_NOT_FOUND', 'A database in memory is seen by its own process only: name a file or a postgres:// URL')
}

function databasesBeside(path: string): string[] {
  const folder = dirname(path)
  try {
    return readdirSync(folder).filter((name) => /\.(db|sqlite3?)$/.test(name)).slice(0, 3)
  } catch {
    // It is not there, no folder, or nobody's to read.
    return []
  }
}
