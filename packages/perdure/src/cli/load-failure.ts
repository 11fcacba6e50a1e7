/** Why a file of the user cannot be loaded, and where in it. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromHere, userFrames } from './stack-frames.ts'

/** Nothing is left that could end the loading. */
export class NeverLoadedError extends Error {
  constructor() {
    super('it never ends: a top-level await in it, or in what it imports, waits for what does not come')
  }
}

/** @param extensions of files that can be loaded: for what an import without one may mean */
export function reasonOf(error: unknown, file: string, extensions: readonly string[]): string {
  if (error instanceof NeverLoadedError) return error.message
  if (!(error instanceof Error)) return `it threw ${String(error)}`
  const { code } = error as NodeJS.ErrnoException
  const said = error.message.trim()
  if (code === 'ERR_MODULE_NOT_FOUND') return missingImport(error, said, extensions)
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return `${said}${placeOf(error)}\nNode.js runs TypeScript by leaving types out: no enums, namespaces or parameter properties`
  }
  if (error instanceof SyntaxError) return `${said}${placeOf(error) || placeByCheck(file)}${typeHint(said, file)}`
  return `it threw ${error.constructor.name}: ${said}${placeOf(error)}`
}

/** What the compiler leaves out by itself, where it is not told otherwise. */
function typeHint(said: string, file: string): string {
  const [, name] = /does not provide an export named '(\w+)'/.exec(said) ?? []
  if (name === undefined || !/\.[cm]?ts$/.test(file)) return ''
  const others = 'verbatimModuleSyntax in tsconfig.json finds the others'
  return `\nIf it is a type: import type { ${name} }. Node.js leaves out only what is marked so; ${others}`
}

function missingImport(error: Error, said: string, extensions: readonly string[]): string {
  const { url } = error as { url?: string }
  const path = url?.startsWith('file:') === true ? fileURLToPath(url) : undefined
  const withExtension = extensions.map((extension) => (path ?? '').replace(/\.[cm]?js$/, '') + extension).find((each) => existsSync(each))
  const text = said.replaceAll(`${process.cwd()}/`, '')
  if (path === undefined || withExtension === undefined) return text
  return `${text}\nRelative imports name the file with its extension: '${basename(withExtension)}'`
}

function placeOf(error: Error): string {
  const lines = (error.stack ?? '').split('\n')
  const arrow = arrowOf(lines)
  if (arrow !== '') return arrow
  const [frame] = userFrames(error.stack)
  return frame === undefined ? '' : `\nat ${fromHere(frame.path)}:${frame.line}`
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
