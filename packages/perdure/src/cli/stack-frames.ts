/** Stacks as users want them: the frames of their own files, by the shortest paths. */
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Frame {
  /** Empty for a module's own code. */
  readonly name: string
  readonly path: string
  readonly line: string
  readonly column: string
}

/** Frames that lie in files, without those of Node.js and of Perdure: what threw there was called with what is wrong. */
export function userFrames(stack: string | undefined): Frame[] {
  return (stack ?? '').split('\n').flatMap((line) => {
    const frame = frameOf(line)
    return frame === undefined || isOfPerdure(frame.path) ? [] : [frame]
  })
}

/** `at charge (activities.ts:7:9)` */
export function frameText({ name, path, line, column }: Frame): string {
  const place = `${fromHere(path)}:${line}:${column}`
  return name === '' ? `at ${place}` : `at ${name} (${place})`
}

/** Relative to the current folder where the file lies below it. */
export function fromHere(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') ? path : short
}

/** Frames of modules name files by their URLs, those of CommonJS by their paths. */
function frameOf(text: string): Frame | undefined {
  const [, name = '', place = '', line = '', column = ''] = framePattern.exec(text) ?? []
  if (place === '') return undefined
  return { name: name.trim(), path: place.startsWith('file:') ? fileURLToPath(place) : place, line, column }
}
const framePattern = /^\s+at (?:([^(]*)\()?(?:async )?(file:\/\/.+?|\/.+?|[A-Z]:\\.+?):(\d+):(\d+)\)?$/

function isOfPerdure(path: string): boolean {
  return /[\\/]node_modules[\\/]@?perdure[\\/]/.test(path) || ownFolders().some((folder) => path.startsWith(folder))
}

/** Also where packages are links, as in their own repository. */
function ownFolders(): string[] {
  const others = ['@perdure/workflow', '@perdure/engine'].map((name) => dirname(fileURLToPath(import.meta.resolve(name))))
  return [join(import.meta.dirname, '..'), ...others].map((folder) => folder + sep)
}
