/** Workflow and activity files given by path: every way in which that fails says which file, where and what to do. */
import { spawnSync } from 'node:child_process'
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { didYouMean } from '@perdure/workflow/host'
import type { Engine } from '../engine.ts'
import { CliError } from './cli-error.ts'
import type { ModuleOptions } from './options.ts'

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

const extensions = ['.ts', '.mts', '.js', '.mjs']
const nothing: LoadedModules = { functions: {}, files: [] }

/** What the options name; where they name nothing, `workflows` and `activities` of the current folder, or of `src` there. */
export async function loadModules(options: ModuleOptions): Promise<Loaded> {
  // Before any file of the user keeps a clock or a timer for itself.
  await import('../deterministic-globals.ts')
  resolvePerdureEverywhere()
  const workflowPaths = options.workflows ?? conventional('workflow')
  const activityPaths = options.activities ?? conventional('activity')
  if (workflowPaths.length === 0 && activityPaths.length === 0) throw nothingToRun()
  return {
    workflows: await load('workflow', workflowPaths),
    activities: await load('activity', activityPaths),
  }
}

export function registerModules(engine: Engine, { workflows, activities }: Loaded): void {
  if (workflows.files.length > 0) engine.workflows.register(workflows.functions)
  if (activities.files.length > 0) engine.activities.register(activities.functions)
}

/** What the options name, and nothing else. */
export async function loadNamedModules(options: ModuleOptions): Promise<Loaded | undefined> {
  if (options.workflows === undefined && options.activities === undefined) return undefined
  return loadModules({ workflows: options.workflows ?? [], activities: options.activities ?? [] })
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
  const files = [...new Set(paths.flatMap((path) => filesAt(kind, path)))]
  const functions: Record<string, UserFunction> = {}
  const origin = new Map<string, string>()
  for (const file of files) {
    for (const [name, fn] of functionsOf(await imported(kind, file))) {
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

function filesAt(kind: Kind, path: string): string[] {
  const absolute = resolve(path)
  const stats = statSync(absolute, { throwIfNoEntry: false })
  if (stats === undefined) throw notFound(kind, path, absolute)
  if (!stats.isDirectory()) {
    if (extensions.includes(extname(absolute))) return [absolute]
    throw new CliError('MODULE_INVALID', `${path} is no TypeScript or JavaScript file (${extensions.join(', ')})`)
  }
  const files = filesBelow(absolute)
  if (files.length > 0) return files
  throw new CliError('MODULE_NOT_FOUND', `The folder ${path} holds no TypeScript or JavaScript file (${extensions.join(', ')})`)
}

function notFound(kind: Kind, path: string, absolute: string): CliError {
  const folder = dirname(absolute)
  if (!existsSync(folder)) return new CliError('MODULE_NOT_FOUND', `There is no ${path}: the folder ${fromHere(folder)} does not exist`)
  const entries = readdirSync(folder, { withFileTypes: true })
  const names = entries.filter((each) => each.isDirectory() || isSource(each.name)).map((each) => each.name)
  const near = didYouMean(basename(absolute), names)
  const others = names.filter((name) => isSource(name)).slice(0, 5)
  const hint = near || (others.length === 0 ? '' : `; the folder holds ${others.join(', ')}`)
  return new CliError('MODULE_NOT_FOUND', `There is no ${kind} file ${path} in ${process.cwd()}${hint}`)
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
  return extensions.includes(extname(name)) && !/^\.|\.d\.m?ts$|\.(test|spec)\.m?[jt]s$/.test(name)
}

/** `x.js` beside `x.ts` is what was built from it. */
function isBuiltBeside(name: string, names: ReadonlySet<string>): boolean {
  return /\.m?js$/.test(name) && names.has(name.replace(/js$/, 'ts'))
}

async function imported(kind: Kind, file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(file).href) as Readonly<Record<string, unknown>>
  } catch (error) {
    const message = `The ${kind} file ${fromHere(file)} cannot be loaded: ${reason(error, file)}`
    throw new CliError('MODULE_INVALID', message, { cause: error })
  }
}

/** Functions by their export names; classes are not among them. A default export counts under its own name. */
function functionsOf(module: Readonly<Record<string, unknown>>): [string, UserFunction][] {
  return Object.entries(module).flatMap(([name, value]): [string, UserFunction][] => {
    if (typeof value !== 'function' || /^class\b/.test(Function.prototype.toString.call(value))) return []
    const known = name === 'default' ? value.name : name
    return known === '' || known === 'default' ? [] : [[known, value as UserFunction]]
  })
}

function reason(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`
  const { code } = error as NodeJS.ErrnoException
  const said = error.message.trim()
  if (code === 'ERR_MODULE_NOT_FOUND') return missingImport(error, said)
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return `${said}${placeOf(error)}\nNode.js runs TypeScript by leaving types out: no enums, namespaces or parameter properties`
  }
  if (error instanceof SyntaxError) return `${said}${placeOf(error) || placeByCheck(file)}`
  return `it threw ${error.constructor.name}: ${said}${placeOf(error)}`
}

function missingImport(error: Error, said: string): string {
  const { url } = error as { url?: string }
  const path = url?.startsWith('file:') === true ? fileURLToPath(url) : undefined
  const withExtension = extensions.map((extension) => (path ?? '').replace(/\.m?js$/, '') + extension).find((each) => existsSync(each))
  const text = said.replaceAll(`${process.cwd()}/`, '')
  if (path === undefined || withExtension === undefined) return text
  return `${text}\nRelative imports name the file with its extension: '${basename(withExtension)}'`
}

function placeOf(error: Error): string {
  const lines = (error.stack ?? '').split('\n')
  const arrow = arrowOf(lines)
  if (arrow !== '') return arrow
  const frame = lines.find((line) => /^\s+at .*file:\/\//.test(line) && !line.includes('/src/cli/'))
  const found = frame === undefined ? undefined : /(file:\/\/[^)]+?):(\d+):\d+\)?$/.exec(frame)
  return found?.[1] === undefined ? '' : `\nat ${fromHere(fileURLToPath(found[1]))}:${found[2] ?? ''}`
}

/** Where a syntax error lies opens a stack: `file:line`, the line itself, and a mark below the place. */
function arrowOf(lines: readonly string[]): string {
  const [, place = '', line = ''] = /^(file:\/\/.*|\/.*|[A-Z]:\\.*):(\d+)$/.exec(lines[0] ?? '') ?? []
  if (place === '') return ''
  const end = lines.findIndex((text, index) => index > 0 && text.trim() === '')
  const file = fromHere(place.startsWith('file:') ? fileURLToPath(place) : place)
  return ['', `${file}:${line}`, ...lines.slice(1, end === -1 ? 3 : end)].join('\n')
}

/** V8 tells the place of a syntax error to nobody but the end of a process. */
function placeByCheck(file: string): string {
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' })
  return arrowOf(stderr.split('\n'))
}

function fromHere(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') ? path : short
}

/** A file outside of any project, run with a perdure installed elsewhere, still finds `perdure/workflow`: this one. */
function resolvePerdureEverywhere(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      try {
        return next(specifier, context)
      } catch (error) {
        if (!/^perdure(\/|$)/.test(specifier) || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
        return next(specifier, { ...context, parentURL: import.meta.url })
      }
    },
  })
}
