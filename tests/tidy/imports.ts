/** The import table: which package may import which, and what the pure parts may touch. */
import { cyclesOf, fileGraph, importsOf, packageOf, targetOf, type Import } from './import-graph.ts'
import { isCode, isTest, type RepositoryFile } from './repository-file.ts'
import type { Rule, Violation } from './rule.ts'

/** Packages of the workspace that each package may import. Tests may import any; benchmarks may also use what is in `besideBenchmarks`. */
const importTable: Readonly<Record<string, readonly string[]>> = {
  workflow: [],
  flow: ['workflow'],
  engine: ['workflow'],
  sqlite: ['engine'],
  postgres: ['engine'],
  temporal: ['workflow', 'flow'],
  testing: ['engine', 'sqlite'],
  automata: ['workflow', 'flow'],
  server: ['engine', 'flow'],
  ui: ['server'],
  perdure: ['workflow', 'flow', 'engine', 'sqlite', 'postgres', 'temporal', 'testing', 'automata', 'server', 'ui'],
  examples: ['perdure'],
  benchmarks: ['perdure', 'workflow', 'engine', 'sqlite', 'postgres', 'testing'],
}

/** Servers to measure on; packages as they are published. */
const besideBenchmarks = /^(tests\/support|packaging)\//

/** Packages that run wherever JavaScript does (I2): no node:*, no dependency. */
const platformFree = ['workflow', 'flow']
const withoutDependencies = ['workflow', 'flow', 'engine']

/** Folders of the engine without I/O, clock and randomness (I2), and what they may import besides each other. */
const pureFolders = ['packages/engine/src/protocol/', 'packages/engine/src/execution/']
const pureFiles = ['packages/engine/src/error.ts', 'packages/engine/src/limits.ts']

/** Folders of the worker, each of which stands on those in front of it; what lies beside them puts them together. */
const workerFolders = ['log', 'attempts', 'commits', 'turns', 'context', 'activities', 'executions', 'queries']
const workerFolder = /^packages\/engine\/src\/worker\/(?:([^/]+)\/)?[^/]+$/

const remedies = {
  newPackage: 'Add it to tests/tidy/imports.ts and to ARCHITECTURE.md: what it is, and whom it may import.',
  port: 'Take what you need as a parameter (a port), or move the code to the package that may.',
  byName: 'Import another package by its name, and only what its index.ts exports.',
  host: 'It runs on any platform: go through the port in packages/workflow/src/host.ts, which the engine fills.',
  noDependency: 'Write the small part that is needed, or let a package above do it and pass the result in.',
  declare: 'Add it to the dependencies in that package.json; see CONTRIBUTING.md, "Adding a dependency".',
  pure: 'This code is pure: let the caller in worker/ do it and pass the value in.',
  layer: 'Move what both need into the lower folder, or pass it in; the order of the folders is in tests/tidy/imports.ts.',
  typesOnly: 'Import its types only (import type), or take it as a parameter.',
}

export const importTableRule: Rule = {
  name: 'packages import only what the import table allows',
  check: (files) => productCode(files).flatMap((file) => importsOf(file).flatMap((each) => offTable(each))),
}

function offTable(each: Import): Violation[] {
  const from = packageOf(each.from.path)
  if (from === undefined) return []
  const allowed = importTable[from]
  if (allowed === undefined) return [violation(each, `package "${from}" is not in the import table`, remedies.newPackage)]
  const target = targetOf(each)
  switch (target.type) {
    case 'workspace':
      if (target.package === from || allowed.includes(target.package)) return []
      return [violation(each, `${from} must not import ${each.specifier}, only: ${allowed.join(', ') || 'nothing'}`, remedies.port)]
    case 'file':
      if (packageOf(target.path) === from || (from === 'benchmarks' && besideBenchmarks.test(target.path))) return []
      return [violation(each, `"${each.specifier}" leads out of the package ${from}`, remedies.byName)]
    case 'node':
      if (!platformFree.includes(from)) return []
      return [violation(each, `${from} must not import ${each.specifier} (I2)`, remedies.host)]
    case 'external':
      if (!withoutDependencies.includes(from)) return []
      return [violation(each, `${from} has no dependencies, and imports "${each.specifier}"`, remedies.noDependency)]
  }
}

export const dependencyRule: Rule = {
  name: 'a package declares the packages that it imports',
  check: (files) => {
    const declared = declaredDependencies(files)
    return productCode(files).flatMap((file) => importsOf(file).flatMap((each) => {
      const from = packageOf(file.path)
      const target = targetOf(each)
      if (from === undefined || target.type === 'file' || target.type === 'node') return []
      const name = target.type === 'external' || target.package === 'perdure' ? target.package : `@perdure/${target.package}`
      if (name === from || name === `@perdure/${from}` || declared.get(from)?.has(name) === true) return []
      return [violation(each, `"${name}" is not among the dependencies of ${from}`, remedies.declare)]
    }))
  },
}

function declaredDependencies(files: readonly RepositoryFile[]): Map<string, ReadonlySet<string>> {
  const declared = new Map<string, ReadonlySet<string>>()
  for (const file of files) {
    const folder = file.path.endsWith('/package.json') ? packageOf(file.path) : undefined
    if (folder === undefined) continue
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(file.text) as Record<string, Record<string, string>>
    declared.set(folder, new Set([...declared.get(folder) ?? [], ...Object.keys(dependencies), ...Object.keys(peerDependencies)]))
  }
  return declared
}

export const purePartsRule: Rule = {
  name: 'protocol and execution import nothing that does I/O (I2)',
  check: (files) => productCode(files).filter((file) => isPure(file.path)).flatMap((file) => importsOf(file).flatMap((each) => {
    const target = targetOf(each)
    if (target.type === 'node' || target.type === 'external') return [violation(each, `imports ${each.specifier} (I2)`, remedies.pure)]
    if (target.type !== 'file' || each.typeOnly || isPure(target.path) || pureFiles.includes(target.path)) return []
    return [violation(each, `imports the value ${each.specifier}, which is not pure (I2)`, remedies.typesOnly)]
  })),
}

export function isPure(path: string): boolean {
  return pureFolders.some((folder) => path.startsWith(folder)) && !isTest(path)
}

export const workerLayersRule: Rule = {
  name: 'folders of the worker import only those they stand on',
  check: (files) => productCode(files).flatMap((file) => {
    const layer = layerOf(file.path)
    if (layer === undefined) return []
    if (layer === -1) return [{ path: file.path, problem: 'its folder is not among those of the worker', remedy: remedies.layer }]
    return importsOf(file).flatMap((each) => {
      const target = targetOf(each)
      const below = target.type === 'file' ? layerOf(target.path) : undefined
      return below === undefined || below <= layer ? [] : [violation(each, `imports ${each.specifier}, which stands on it`, remedies.layer)]
    })
  }),
}

/** Undefined: it is none of the worker's; -1: in an unknown folder. */
function layerOf(path: string): number | undefined {
  const found = workerFolder.exec(path)
  if (found === null) return undefined
  return found[1] === undefined ? workerFolders.length : workerFolders.indexOf(found[1])
}

export const fileCycleRule: Rule = {
  name: 'files do not import each other in a circle, types included',
  check: (files) => cyclesOf(fileGraph(files)).map((cycle) => ({
    path: cycle[0] ?? '',
    problem: `import cycle ${cycle.join(' -> ')}`,
    remedy: 'Move what both need into a file of its own, or pass one to the other as a parameter.',
  })),
}

export const packageCycleRule: Rule = {
  name: 'packages do not depend on each other in a circle',
  check: (files) => {
    const graph = new Map<string, string[]>()
    const add = (from: string, to: string) => {
      if (from !== to) graph.set(from, [...(graph.get(from) ?? []), to])
    }
    for (const file of productCode(files)) {
      for (const each of importsOf(file)) {
        const from = packageOf(file.path)
        const target = targetOf(each)
        if (from !== undefined && target.type === 'workspace') add(from, target.package)
      }
    }
    return cyclesOf(graph).map((cycle) => ({
      path: `packages/${cycle[0] ?? ''}`,
      problem: `package cycle ${cycle.join(' -> ')}`,
      remedy: 'The lower package declares a port; the upper one fills it; packages/perdure puts them together.',
    }))
  },
}

function productCode(files: readonly RepositoryFile[]): RepositoryFile[] {
  return files.filter((file) => isCode(file) && !isTest(file.path))
}

function violation(each: Import, problem: string, remedy: string): Violation {
  return { path: each.from.path, line: each.line, problem, remedy }
}
