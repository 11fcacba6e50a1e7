/** Workflow and activity files given by path: every way in which that fails says which file, where and what to do. */
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { didYouMean } from '@perdure/workflow/host'
import type { Engine } from '../engine.ts'
import { CliError } from './cli-error.ts'
import { NeverLoadedError, reasonOf } from './load-failure.ts'
import type { ModuleOptions } from './options.ts'
import { writeErr } from './output.ts'
import { fromHere } from './stack-frames.ts'

export type UserFunction = (...args: never[]) => unknown

export interface LoadedModules {
  readonly functions: Readonly<Record<string, UserFunction>>
  /** Relative to the current folder, in the order in which they were loaded. */
  readonly files: readonly string[]
}

export interface Loaded {
  readonly workflows: LoadedModules
  readonly activities: LoadedModules
}

type Kind = 'workflow' | 'activity'
const folderNames = { workflow: 'workflows', activity: 'activities' } as const

const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']
const nothing: LoadedModules = { functions: {}, files: [] }

/** What the options name; where they name nothing, `workflows` and `activities` of the current folder, or of `src` there. */
export async function loadModules(options: ModuleOptions): Promise<Loaded> {
  await prepared()
  const workflowPaths = options.workflows ?? conventional('workflow')
  const activityPaths = options.activities ?? conventional('activity')
  if (workflowPaths.length === 0 && activityPaths.length === 0) throw nothingToRun()
  return {
    workflows: await load('workflow', workflowPaths),
    activities: await load('activity', activityPaths),
  }
}

/** A file of the user's that holds neither workflows nor activities. @param what as in "file of engine options" */
export async function loadOther(what: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  await prepared()
  const stats = statSync(resolve(path), { throwIfNoEntry: false })
  if (stats?.isDirectory() === true) throw new CliError('MODULE_INVALID', `The ${what} ${path} is a folder: name the file`)
  const [file = path] = filesAt(what, path)
  return exportsOf(await imported(what, file))
}

/** Before any file of the user keeps a clock or a timer for itself. */
async function prepared(): Promise<void> {
  await import('../deterministic-globals.ts')
  resolvePerdureEverywhere()
}

export function registerModules(engine: Engine, { workflows, activities }: Loaded): void {
  if (workflows.files.length > 0) engine.workflows.register(workflows.functions)
  if (activities.files.length > 0) engine.activities.register(activities.functions)
}

/** Where the options name modules, as `loadModules`. */
export async function loadNamedModules(options: ModuleOptions): Promise<Loaded | undefined> {
  return options.workflows === undefined && options.activities === undefined ? undefined : loadModules(options)
}

function conventional(kind: Kind): string[] {
  const name = folderNames[kind]
  const places = ['.', 'src'].flatMap((folder) => [...extensions.map((extension) => join(folder, name + extension)), join(folder, name)])
  const found = places.find((place) => existsSync(place))
  return found === undefined ? [] : [found]
}

function nothingToRun(): CliError {
  return new CliError('MODULE_NOT_FOUND', [
    `No workflows.ts and no activities.ts in ${process.cwd()} (nor folders of these names, nor in src): make one, for example`,
    '',
    '  // workflows.ts',
    '  export async function greet(name: string) {',
    '    return `Hello, ${name}!`',
    '  }',
    '',
    'or say where they are: --workflows <path...> --activities <path...>',
  ].join('\n'))
}

async function load(kind: Kind, paths: readonly string[]): Promise<LoadedModules> {
  if (paths.length === 0) return nothing
  const files = [...new Set(paths.flatMap((path) => filesAt(`${kind} file`, path)))]
  const functions: Record<string, UserFunction> = {}
  const origin = new Map<string, string>()
  for (const file of files) {
    for (const [name, fn] of functionsOf(await imported(`${kind} file`, file))) {
      const first = origin.get(name)
      if (first !== undefined && functions[name] !== fn) throw twice(kind, name, first, file)
      functions[name] = fn
      origin.set(name, first ?? file)
    }
  }
  const shownFiles = files.map(fromHere)
  if (origin.size === 0) throw noFunctions(kind, shownFiles)
  return { functions, files: shownFiles }
}

function twice(kind: Kind, name: string, first: string, second: string): CliError {
  const message = `Both ${fromHere(first)} and ${fromHere(second)} export ${article(kind)} named '${name}': rename one`
  return new CliError('MODULE_INVALID', message)
}

function noFunctions(kind: Kind, files: readonly string[]): CliError {
  const example = kind === 'workflow' ? 'greet(name: string)' : 'sendMail(to: string)'
  const remedy = `${article(kind)} is an exported function, as in: export async function ${example} { ... }`
  return new CliError('MODULE_INVALID', `${files.join(', ')} exports no function: ${remedy}`)
}

function article(kind: Kind): string {
  return kind === 'workflow' ? 'a workflow' : 'an activity'
}

function filesAt(what: string, path: string): string[] {
  const absolute = resolve(path)
  const stats = statSync(absolute, { throwIfNoEntry: false })
  if (stats === undefined) throw notFound(what, path, absolute)
  if (!stats.isDirectory()) {
    if (extensions.includes(extname(absolute))) return [absolute]
    throw new CliError('MODULE_INVALID', `${path} is no TypeScript or JavaScript file (${extensions.join(', ')})`)
  }
  const files = filesBelow(absolute)
  if (files.length > 0) return files
  throw new CliError('MODULE_NOT_FOUND', `The folder ${path} holds no TypeScript or JavaScript file (${extensions.join(', ')})`)
}

function notFound(what: string, path: string, absolute: string): CliError {
  const folder = dirname(absolute)
  if (!existsSync(folder)) return new CliError('MODULE_NOT_FOUND', `There is no ${path}: the folder ${fromHere(folder)} does not exist`)
  const entries = readdirSync(folder, { withFileTypes: true })
  const names = entries.filter((each) => each.isDirectory() || isSource(each.name)).map((each) => each.name)
  const near = didYouMean(basename(absolute), names)
  const others = names.filter((name) => isSource(name)).slice(0, 5)
  const hint = near || (others.length === 0 ? '' : `; the folder holds ${others.join(', ')}`)
  return new CliError('MODULE_NOT_FOUND', `There is no ${what} ${path} in ${process.cwd()}${hint}`)
}

/** Sources of a folder and those below it; tests, type declarations, hidden files and dependencies are not among them. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1))
  const names = new Set(entries.map((entry) => entry.name))
  return entries.flatMap((entry: Dirent) => {
    if (entry.isDirectory()) return /^\.|^node_modules$/.test(entry.name) ? [] : filesBelow(join(folder, entry.name))
    return isSource(entry.name) && !isBuiltBeside(entry.name, names) ? [join(folder, entry.name)] : []
  })
}

function isSource(name: string): boolean {
  return extensions.includes(extname(name)) && !/^\.|\.d\.[cm]?ts$|\.(test|spec)\.[cm]?[jt]s$/.test(name)
}

/** `x.js` beside `x.ts` is what was built from it. */
function isBuiltBeside(name: string, names: ReadonlySet<string>): boolean {
  return /\.[cm]?js$/.test(name) && names.has(name.replace(/js$/, 'ts'))
}

async function imported(what: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  const shown = `${what} ${fromHere(file)}`
  try {
    return await settled(import(pathToFileURL(file).href) as Promise<Readonly<Record<string, unknown>>>, shown)
  } catch (error) {
    throw new CliError('MODULE_INVALID', `The ${shown} cannot be loaded: ${reasonOf(error, file, extensions)}`, { cause: error })
  }
}

/** Node.js would end the process and name no file. */
async function settled<T>(loading: Promise<T>, shown: string): Promise<T> {
  const emptied = Promise.withResolvers<never>()
  const nothingLeft = () => emptied.reject(new NeverLoadedError())
  process.once('beforeExit', nothingLeft)
  const stillLoading = `Still loading the ${shown}: a top-level await in it, or in what it imports, takes its time\n`
  const told = setTimeout(() => writeErr(stillLoading), toldAfterMs)
  told.unref()
  try {
    return await Promise.race([loading, emptied.promise])
  } finally {
    clearTimeout(told)
    process.off('beforeExit', nothingLeft)
  }
}
const toldAfterMs = 3_000

/** Functions by their export names; classes are not among them. A default export counts under its own name. */
function functionsOf(module: Readonly<Record<string, unknown>>): [string, UserFunction][] {
  return Object.entries(exportsOf(module)).flatMap(([name, value]): [string, UserFunction][] => {
    if (typeof value !== 'function' || /^class\b/.test(Function.prototype.toString.call(value))) return []
    const known = name === 'default' ? value.name : name
    return known === '' || known === 'default' ? [] : [[known, value as UserFunction]]
  })
}

/** Of a CommonJS file Node.js finds the names that it can; `module.exports` has them all, and may be one function. */
function exportsOf(module: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!Object.hasOwn(module, 'module.exports')) return module
  const exported = module['module.exports']
  return typeof exported === 'object' && exported !== null ? exported as Readonly<Record<string, unknown>> : { default: exported }
}

/** A file outside of any project, run with a perdure installed elsewhere, still finds `perdure/workflow`: this one. */
function resolvePerdureEverywhere(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      try {
        return next(specifier, context)
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException
        if (!/^perdure(\/|$)/.test(specifier) || !['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code)) throw error
        return { url: import.meta.resolve(specifier), shortCircuit: true }
      }
    },
  })
}
