/** The package.json that is published, made from that of the workspace, which names TypeScript sources. */

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly type: string
  readonly engines: { readonly node: string }
  readonly sideEffects: boolean | readonly string[]
  /** What is published beside `dist`, README.md, LICENSE and package.json. */
  readonly files?: readonly string[]
  readonly bin?: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

export interface PublishedManifest extends Omit<Manifest, 'exports'> {
  readonly files: readonly string[]
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
}

const required = ['name', 'version', 'description', 'license', 'type', 'engines', 'sideEffects', 'exports'] as const
const optional = ['bin', 'dependencies'] as const

/**
 * @param siblings versions of the packages of the workspace, by name
 * @throws if something is missing, or if a sibling is wanted in another version than it has
 */
export function publishedManifest(manifest: Manifest, siblings: ReadonlyMap<string, string>): PublishedManifest {
  const { name, files = [], exports, sideEffects, dependencies = {} } = manifest
  const missing = required.filter((key) => manifest[key] === undefined)
  if (missing.length > 0) throw new Error(`The package.json of ${name} lacks ${missing.join(', ')}: add it`)
  for (const [dependency, wanted] of Object.entries(dependencies)) {
    const version = siblings.get(dependency)
    if (version === undefined || wanted === version) continue
    throw new Error(`${name} wants ${dependency} ${wanted}, which is ${version}: packages of one release name each other exactly`)
  }
  const published = Object.fromEntries(Object.entries(exports).map(([subpath, target]) => [subpath, publishedTarget(target)]))
  const present = [...required, ...optional].filter((key) => manifest[key] !== undefined)
  const kept = Object.fromEntries(present.map((key) => [key, manifest[key]]))
  return {
    ...kept as unknown as Manifest,
    sideEffects: typeof sideEffects === 'boolean' ? sideEffects : sideEffects.map(builtPath),
    files: ['dist', ...files],
    exports: { ...published, ...ownManifest },
  }
}

/** Programs look there for the version of what is installed. */
const ownManifest = { './package.json': './package.json' }

function publishedTarget(target: string): PublishedManifest['exports'][string] {
  const built = builtPath(target)
  return built === target ? target : { types: built.replace(/\.js$/, '.d.ts'), default: built }
}

function builtPath(path: string): string {
  return path.replace(/^\.\/src\/(.*)\.ts$/, './dist/$1.js')
}
