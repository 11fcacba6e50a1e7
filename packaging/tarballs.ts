/**
 * Every package as a tarball that npm installs. In the workspace packages name their TypeScript sources, which Node does
 * not run below node_modules; so they are compiled and put together in a temporary folder, and packed from there.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compileTo } from './compilation.ts'
import { type Manifest, publishedManifest } from './published-manifest.ts'

export interface Tarball {
  readonly name: string
  readonly version: string
  readonly path: string
  readonly bytes: number
  readonly unpackedBytes: number
  readonly files: number
}

interface Package {
  readonly folder: string
  readonly manifest: Manifest
}

const root = join(import.meta.dirname, '..')

/** Packs into `folder`, in place of the tarballs of earlier runs. */
export function packAll(folder: string): Tarball[] {
  const packages = readPackages()
  const staging = mkdtempSync(join(tmpdir(), 'perdure-packages-'))
  try {
    compileTo(join(staging, 'compiled'))
    const staged = packages.map((each) => stage(each, packages, staging))
    return pack(packages, staged, resolve(folder))
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
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

function pack(packages: readonly Package[], staged: readonly string[], folder: string): Tarball[] {
  mkdirSync(folder, { recursive: true })
  for (const name of globSync('perdure-*.tgz', { cwd: folder })) rmSync(join(folder, name))
  const args = ['pack', '--silent', '--pack-destination', folder, ...staged]
  const { status, error, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm pack failed: ${error?.message ?? stderr}`)
  return packages.map(({ manifest: { name, version } }, index) => {
    const path = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
    const sizes = filesBelow(staged[index] ?? '').map((file) => statSync(file).size)
    const unpackedBytes = sizes.reduce((sum, size) => sum + size, 0)
    return { name, version, path, bytes: statSync(path).size, unpackedBytes, files: sizes.length }
  })
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
