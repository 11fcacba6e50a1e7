/** Every package as it is published, in a folder: compiled, with the package.json that npm gets. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileTo } from './compilation.ts'
import { type Manifest, publishedManifest } from './published-manifest.ts'

export interface StagedPackage {
  readonly name: string
  readonly version: string
  /** Holds what is published. */
  readonly folder: string
}

interface Package {
  readonly folder: string
  readonly manifest: Manifest
}

const root = join(import.meta.dirname, '..')

/** @throws with what tsc says */
export function stageAll(folder: string): StagedPackage[] {
  const packages = readPackages()
  compileTo(join(folder, 'compiled'))
  return packages.map((each) => ({ name: each.manifest.name, version: each.manifest.version, folder: stage(each, packages, folder) }))
}

function readPackages(): Package[] {
  const folders = readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
  return folders.map((folder) => {
    const text = readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')
    return { folder, manifest: JSON.parse(text) as Manifest }
  })
}

/** @returns the folder that holds what is published */
function stage({ folder, manifest }: Package, packages: readonly Package[], staging: string): string {
  const from = join(root, 'packages', folder)
  const to = join(staging, folder)
  const published = publishedManifest(manifest, new Map(packages.map(({ manifest }) => [manifest.name, manifest.version])))
  cpSync(join(staging, 'compiled', folder, 'src'), join(to, 'dist'), { recursive: true })
  for (const name of manifest.files ?? []) cpSync(join(from, name), join(to, name), { recursive: true })
  cpSync(join(from, 'README.md'), join(to, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(to, 'LICENSE'))
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
  return to
}
